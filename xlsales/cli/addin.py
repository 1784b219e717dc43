"""`xlsales addin`: the sales functions in Excel's cells, for this user of Windows."""

from __future__ import annotations

import json
import sys
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Annotated

import typer

from xlsales.cli.addin_build import build
from xlsales.cli.addin_lite import lite
from xlsales.cli.streams import print_json
from xlsales.errors import XlsalesError
from xlsales.texts import _

if TYPE_CHECKING:
    from xlsales.addin.checks import Check
    from xlsales.addin.windows import Windows


def register(app: typer.Typer) -> None:
    """Add the command group to the application."""
    group = typer.Typer(no_args_is_help=True, help="Bring the functions into Excel's cells.")
    group.command("install")(install)
    group.command("remove")(remove)
    group.command("doctor")(doctor)
    group.command("build")(build)
    group.command("lite")(lite)
    group.callback()(_group)
    app.add_typer(group, name="addin")


def _group() -> None:
    """Bring the functions into Excel's cells."""


def install(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")] = False,
    python: Annotated[
        Path | None, typer.Option("--python", help="The python.exe that Excel uses; this one if left out.")
    ] = None,
    start_folder: Annotated[
        Path | None, typer.Option("--start-folder", help="Another start-up folder of Excel.")
    ] = None,
) -> None:
    """Install the add-in for this user; no administrator is needed. May be run again at any time."""
    from xlsales.addin.install import install

    windows = this_windows()
    for sentence in install(windows, _shipped(), _absolute(python), _absolute(start_folder), dry_run):
        typer.echo(sentence)


def remove(
    everything: Annotated[bool, typer.Option("--all", help="Delete the log too.")] = False,
) -> None:
    """Remove what install put there: the add-in and its settings."""
    from xlsales.addin.remove import remove

    for sentence in remove(this_windows(), everything):
        typer.echo(sentence)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For programs: a list of checks.")] = False,
) -> None:
    """Check everything between a cell and Python; each line says what was found and what to do."""
    from xlsales.addin.checks import Result
    from xlsales.addin.doctor import examine

    checks = list(examine(this_windows(), _shipped()))
    print_json(_json(checks)) if as_json else typer.echo("\n".join(map(_line, checks)))
    if any(check.result is Result.FAILS for check in checks):
        raise typer.Exit(1)


def this_windows() -> Windows:
    """Return the Windows that this command runs in; elsewhere raise what to use instead."""
    if sys.platform == "win32":
        from xlsales.addin.this_computer import ThisComputer

        return ThisComputer()
    text = _(
        "The functions work in the cells of Excel for Windows only. On this computer use them in Python (import "
        "xlsales) or with xlsales calc; xlsales batch and the formulas of Sales Planner.xlsx work everywhere."
    )
    raise XlsalesError(text)


def _shipped() -> bytes:
    from xlsales.addin.shipped import shipped

    return shipped().read_bytes()


def _absolute(path: Path | None) -> PureWindowsPath | None:
    if path is None:
        return None
    return PureWindowsPath(path if PureWindowsPath(path).is_absolute() else path.absolute())


def _line(check: Check) -> str:
    remedy = _(" To do: {remedy}").format(remedy=check.remedy) if check.remedy else ""
    return f"{check.result.value:7}{check.name:18}{check.found}{remedy}"


def _json(checks: list[Check]) -> str:
    rows = [
        {"check": check.name, "result": check.result.value, "found": check.found, "remedy": check.remedy}
        for check in checks
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)
