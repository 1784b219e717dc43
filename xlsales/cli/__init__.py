"""The command line: `xlsales batch`, `collect`, `tables`, `template`, `addin`, `recalc`, `check`, `calc` and others."""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from xlsales import stopping
from xlsales.cli import addin, batch, check, collect, functions, recalc, streams, tables, template
from xlsales.errors import DiskFull, InputError, Stopped, XlsalesError
from xlsales.files import obstacles
from xlsales.texts import N_, _
from xlsales.version import __version__

_DISK_FULL = 3  # never the code of wrong use
_WHEREVER = N_("Stopped. Every file already written is whole; run the same command again.")


class _Commands(TyperGroup):
    """The commands; each of them may be stopped by Ctrl-C."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Answer --version alone at once: converting options, even this one, takes as long as all the rest."""
        if args == ["--version"]:
            typer.echo(f"xlsales {__version__}")
            ctx.exit()
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
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
