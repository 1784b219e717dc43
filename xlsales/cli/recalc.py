"""`xlsales recalc`: recalculates workbooks that use the functions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from xlsales.bounded import Bounds
from xlsales.cli.file_options import AsJson, Megabytes, Overwrite, Quiet, Seconds, progress
from xlsales.cli.streams import print_json
from xlsales.cli.told import signature_lost
from xlsales.errors import DiskFull, InputError, Stopped, XlsalesError
from xlsales.files.named import named
from xlsales.texts import _

if TYPE_CHECKING:
    from xlsales.recalc import Recalculated

Outcome: TypeAlias = "tuple[Path, Recalculated | XlsalesError]"
_SHOWN = 5  # formulas of a file that are left for Excel


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("recalc")(recalc)


def recalc(
    files: Annotated[list[str], typer.Argument(help="Workbooks: .xlsx or .xlsm.", show_default=False)],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the results; else in place.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="What TODAY() and NOW() say; else the clock.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Calculate also what Excel has calculated and nothing has changed.")
    ] = False,
    overwrite: Overwrite = False,
    seconds: Seconds = 60,
    megabytes: Megabytes = 2048,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Calculate and write nothing.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Recalculate workbooks that use the functions, and store the values.

    Nothing else in them changes. What Excel calculated keeps its value, unless it depends on something new. A
    formula that cannot be calculated here as Excel would, and what depends on it, is left for Excel to calculate
    on opening, and is listed.

    A file that takes more time or memory than it may, or cannot be read, is left as it is, and the others are done.

    Exit code 0: every file done. 1: some were refused. 2: wrong use, or all were refused. 3: the disk is full.
    """
    from xlsales.recalc.files import Options  # heavy: the calculation engine, openpyxl, lxml

    paths = [path for name in files for path in named(name)]
    options = Options(out, _date(as_of), dry_run, overwrite, everything, Bounds(seconds, megabytes))
    refused = 0
    told: list[dict[str, Any]] = []
    stopped, full = False, ""
    try:
        with progress(_("Workbooks"), len(paths), shown=len(paths) > 1 and not (quiet or as_json)) as advance:
            for path, outcome in _recalculated(paths, options):
                if isinstance(outcome, XlsalesError):
                    refused += 1
                    typer.echo(f"xlsales: {outcome}", err=True)
                elif not (quiet or as_json):
                    _tell(path, outcome)
                told.append(_as_json(path, outcome))
                advance(1)
    except KeyboardInterrupt:
        stopped = True
    except DiskFull as error:
        full = str(error)
    if as_json:
        print_json(json.dumps(told, indent=2, ensure_ascii=False))
    elif dry_run and not quiet and not (stopped or full):
        typer.echo(_("Dry run: nothing was written."))
    if stopped:
        message = _(
            "Stopped after {done} of {count} workbooks; the others are as they were. "
            "Run the command again with those that are left."
        )
        raise Stopped(message.format(done=len(told), count=len(paths)))
    if full:
        message = _(
            "{full} Done are {done} of {count} workbooks, and the others are as they were. Make room, then run the "
            "command again with those that are left."
        )
        raise DiskFull(message.format(full=full, done=len(told) - refused, count=len(paths)))
    raise typer.Exit(0 if not refused else 2 if refused == len(paths) else 1)


def _recalculated(paths: Iterable[Path], options: Any) -> Iterator[Outcome]:
    from xlsales.files import obstacles
    from xlsales.files.file_names import comparable
    from xlsales.recalc.files import full, recalculate
    from xlsales.recalc.worker import Recalculator

    taken: dict[str, Path] = {}  # results in a folder by name
    with Recalculator(options.bounds) as recalculator:
        for path in paths:
            try:
                if options.out and (other := taken.setdefault(comparable(path.name), path)) != path:
                    message = _("{path} was left out: in {out} its result would replace that of {other}.")
                    raise InputError(message.format(path=path, out=options.out, other=other))
                yield path, recalculate(path, options, recalculator)
            except DiskFull:
                raise
            except XlsalesError as error:
                yield path, error
            except OSError as error:
                if obstacles.is_full(error):
                    raise full(path, error) from error
                yield path, InputError(f"{path}: {error.strerror or error}")


def _date(text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(_("--as-of {text}: type a date such as 2027-01-31.").format(text=text)) from None


def _tell(path: Path, result: Recalculated) -> None:
    if not result.formulas:
        typer.echo(_("{path}: no formulas.").format(path=path))
        return
    message = _(
        "{path}: {formulas} formulas, {recalculated} recalculated, {changed} changed, {kept} kept, "
        "{left} left for Excel."
    )
    counts = {"recalculated": result.recalculated, "kept": len(result.kept), "changed": result.changed}
    counts["left"] = len(result.left)
    typer.echo(message.format(path=path, formulas=result.formulas, **counts))
    if result.breaks_signature:
        typer.echo(f"  {signature_lost()}")
    # What merely depends on others tells less than the others do.
    for (sheet, cell), why in islice(sorted(result.left.items(), key=lambda one: one[0] in result.dependent), _SHOWN):
        typer.echo(f"  {sheet}!{cell}: {why}")
    if len(result.left) > _SHOWN:
        typer.echo(_("  … and {count} more; --json lists them all.").format(count=len(result.left) - _SHOWN))


def _as_json(path: Path, outcome: Recalculated | XlsalesError) -> dict[str, Any]:
    if isinstance(outcome, XlsalesError):
        return {"file": str(path), "error": str(outcome)}
    left = [{"sheet": sheet, "cell": cell, "reason": why} for (sheet, cell), why in outcome.left.items()]
    counts = {"formulas": outcome.formulas, "recalculated": outcome.recalculated, "kept": len(outcome.kept)}
    counts["changed"] = outcome.changed
    if outcome.breaks_signature:
        counts["breaks_signature"] = True
    return {"file": str(path), **counts, "left_for_excel": left}
