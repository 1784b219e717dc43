"""`xlsales collect`: planners that came back, in one set of tables, with what is wrong in each."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlsales.cli.cluster_options import Scheduler
from xlsales.cli.file_options import AsJson, Megabytes, Overwrite, Quiet, Seconds, progress
from xlsales.cli.streams import print_json
from xlsales.errors import InputError, Stopped
from xlsales.texts import _, _n

if TYPE_CHECKING:
    from xlsales.collection import Collected
    from xlsales.collection.finding import PlannerFinding

_SHOWN = {"error": 50}  # findings of a kind, by how severe it is
_USUALLY_SHOWN = 5


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("collect")(collect)


def collect(
    files: Annotated[list[str], typer.Argument(help="Planners, folders of them, or s3://…", show_default=False)],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="One workbook (.xlsx), or a file for each table (.csv, .parquet)."),
    ] = None,
    prefer: Annotated[
        str,
        typer.Option(
            "--prefer", metavar="newest|FILE", help="Of two plans of a territory, take this one.", show_default=False
        ),
    ] = "",
    expected: Annotated[
        Path | None,
        typer.Option("--expected", metavar="RUN.json", help="The batch's run.json: say which planners are missing."),
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", help="The template that the planners were made from, if not ours.")
    ] = None,
    history: Annotated[
        list[Path] | None,
        typer.Option("--history", metavar="FILE", help="An earlier result, to compare with; may be given again."),
    ] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes; else one per processor.")] = None,
    scheduler: Scheduler = None,
    seconds: Seconds = 180,
    megabytes: Megabytes = 2048,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Read planners that came back, check them, and put them into one set of tables.

    Planners are found by what stands in them, not by their file names, wherever rows, columns and sheets were moved
    to. Each is recalculated from its inputs and compared with the template. Files are only read.

    Two different plans of one territory and year are reported, and neither is counted, unless --prefer chooses.

    Exit code 0: all read (warnings allowed). 1: something is unreadable, missing, or there twice. 2: wrong use, or
    nothing could be read. 3: the disk is full. 130: stopped by Ctrl-C.
    """
    from xlsales.bounded import Bounds
    from xlsales.collection import collect as read  # heavy: openpyxl, the calculation engine
    from xlsales.collection import files as places
    from xlsales.collection import writing
    from xlsales.rollup import earlier

    if history and (out is None or out.suffix.casefold() != ".xlsx"):
        raise InputError(_("--history compares in the workbook of the roll-up: give --out a name that ends in .xlsx."))
    if out is not None:
        writing.refuse_existing(out, overwrite=overwrite)
    before = [earlier.read(path) for path in history or ()]
    paths = places.found([Path(name) for name in files])
    try:
        with progress(_("Planners"), len(paths), shown=not (quiet or as_json)) as advance:
            collected = read(
                paths,
                prefer=prefer,
                expected=expected,
                template=template,
                number_of_workers=workers,
                bounds=Bounds(seconds, megabytes),
                advance=advance,
                scheduler=scheduler,
            )
    except KeyboardInterrupt:
        raise Stopped(_("Stopped before anything was written.")) from None
    written = [] if out is None else writing.write(collected, out, before)
    if as_json:
        print_json(json.dumps(_as_json(collected, written), indent=2, ensure_ascii=False, default=str))
    else:
        _tell(collected, written, quiet=quiet)
    readable = [planner for planner in collected.files if not planner.is_unreadable]
    raise typer.Exit(2 if not readable else 1 if collected.failed else 0)


def _tell(collected: Collected, written: list[Path], *, quiet: bool) -> None:
    for _kind, several in groupby(collected.findings, key=lambda one: (one.severity, one.code)):
        findings: list[PlannerFinding] = list(several)
        most = _SHOWN.get(findings[0].severity, _USUALLY_SHOWN)
        for finding in findings[:most]:
            _say(f"  {finding.severity:8}{finding}", finding, quiet=quiet)
        if len(findings) > most:
            more = _("  … and {count} more of {code}.").format(count=len(findings) - most, code=findings[0].code)
            _say(more, findings[0], quiet=quiet)
    if quiet:
        return
    message = _n("{count} planner of {files} files.", "{count} planners of {files} files.", len(collected.planners))
    typer.echo(message.format(count=len(collected.planners), files=len(collected.files)))
    for path in written:
        typer.echo(_("Written: {path}").format(path=path))


def _say(line: str, finding: PlannerFinding, *, quiet: bool) -> None:
    if finding.severity == "error":
        typer.echo(line, err=True)
    elif not quiet:
        typer.echo(line)


def _as_json(collected: Collected, written: list[Path]) -> dict[str, Any]:
    from xlsales.collection.collected import FILES

    columns = collected.columns(FILES)
    return {
        "planners": len(collected.planners),
        "files": [dict(zip(columns, row, strict=True)) for row in collected.rows(FILES)],
        "findings": [{**vars(one), "severity": one.severity, "message": one.message} for one in collected.findings],
        "written": [str(path) for path in written],
    }
