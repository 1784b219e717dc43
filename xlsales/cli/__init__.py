"""The command line: `xlsales batch`, `collect`, `tables`, `template`, `addin`, `recalc`, `check`, `calc` and others."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from xlsales import memory, stopping
from xlsales.cli import addin, batch, check, collect, functions, recalc, streams, tables, template
from xlsales.errors import DiskFull, InputError, Stopped, XlsalesError
from xlsales.files import obstacles
from xlsales.texts import N_, _
from xlsales.version import __version__

_DISK_FULL = 3  # never the code of wrong use
_WRONG_USE: type[Exception] = typer.BadParameter.__bases__[0]  # UsageError, which typer does not export
# Options that name a file or a folder; and commands whose arguments do, of which none can be nothing.
_PLACES = {"--out", "-o", "--map", "--template", "--findings", "--starter", "--suggest-map", "--convert", "--history"}
_OF_TABLES = {"batch", "tables", "collect", "recalc", "check"}
_SETTLING = {"batch"}  # commands that settle the memory themselves, once they have imported what they need
_WHEREVER = N_("Stopped. Every file already written is whole; run the same command again.")


@contextmanager
def _in_a_line() -> Iterator[None]:
    """Tell of wrong words on the command line as of any other wrong use."""
    try:
        yield
    except _WRONG_USE as error:
        context: Any = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "xlsales"
        told = getattr(error, "format_message", None)
        reason = str(told() if told is not None else error)
        reason = reason.replace("Value error, ", "").rstrip(".")
        message = _("{reason}. The command {command} --help lists what there is.")
        raise InputError(message.format(reason=reason, command=command)) from None


def _refuse_nothing(args: Sequence[str]) -> None:
    """Refuse a place that is named by nothing, as by an unset variable of a script: it would be the current folder."""
    command = args[0] if args else ""
    for before, word in zip(["", *args], args, strict=False):
        option, equals, value = word.partition("=")
        if word == "" and before in _PLACES:
            raise InputError(_("{option}: nothing stands behind it: name the file or folder.").format(option=before))
        if option in _PLACES and equals and value == "":
            raise InputError(_("{option}: nothing stands behind it: name the file or folder.").format(option=option))
        if word == "" and not before.startswith("-") and command in _OF_TABLES:
            raise InputError(
                _("{command}: an empty word stands where something is to be named.").format(command=command)
            )


class _Commands(TyperGroup):
    """The commands; each of them may be stopped by Ctrl-C."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Answer --version alone at once: converting options, even this one, takes as long as all the rest."""
        if args == ["--version"]:
            typer.echo(f"xlsales {__version__}")
            ctx.exit()
        _refuse_nothing(args)
        with _in_a_line():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            if ctx.invoked_subcommand not in _SETTLING:
                memory.settle()
            with _in_a_line():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Stopped(_(_WHEREVER)) from None


app = typer.Typer(
    name="xlsales",
    cls=_Commands,
    help="Sales planning inside Excel, and headless.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help starts three times as fast
)
batch.register(app)
collect.register(app)
tables.register(app)
template.register(app)
addin.register(app)
recalc.register(app)
check.register(app)
functions.register(app)


@app.callback(invoke_without_command=True)
def _root(
    version: bool = typer.Option(False, "--version", help="Show the version and stop.", is_eager=True),
) -> None:
    if version:
        typer.echo(f"xlsales {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; every expected failure is one line and an exit code, never a traceback."""
    with streams.prepared(), stopping.answered():
        code = _run()
        try:
            streams.flush()
        except OSError as error:
            code = _stopped(error.strerror or str(error), _DISK_FULL if obstacles.is_full(error) else 2)
    sys.exit(code)


def _run() -> int:
    try:
        app()
    except SystemExit as end:
        code = int(end.code or 0)
        return code if code != stopping.INTERRUPTED else _stopped(_(_WHEREVER), code)  # before a command has begun
    except KeyboardInterrupt:
        return _stopped(_(_WHEREVER), stopping.INTERRUPTED)
    except InputError as error:
        return _stopped(str(error), 2)
    except Stopped as error:
        return _stopped(str(error), stopping.exit_code())
    except DiskFull as error:
        return _stopped(str(error), _DISK_FULL)
    except XlsalesError as error:
        return _stopped(str(error), 1)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        code = _DISK_FULL if obstacles.is_full(error) else 2
        return _stopped(f"{place}{error.strerror or error}", code)
    except (MemoryError, RuntimeError) as error:
        if not obstacles.is_short(error):
            raise
        message = _("The computer has no room for more work ({reason}). Close other programs and run again.")
        return _stopped(message.format(reason=str(error) or _("not enough memory")), 1)
    return 0


def _stopped(message: str, code: int) -> int:
    typer.echo(f"xlsales: {message}", err=True)
    return code
