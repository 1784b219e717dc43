"""`xlsales functions embed` and `gallery`: the functions as LAMBDA names, in a workbook of one's own or in ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlsales.cli.streams import print_json
from xlsales.cli.template import written
from xlsales.cli.told import signature_lost
from xlsales.errors import XlsalesError
from xlsales.texts import _, _n

if TYPE_CHECKING:
    from xlsales.lambdas.embed import Embedded

_FOLDER = Path()


def embed(
    file: Annotated[Path, typer.Argument(help="A workbook: .xlsx.", show_default=False)],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write another file; else in place.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the names out again.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file named with --out.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Put the functions into a workbook as names that Excel 365 calculates, without macros and Python.

    They work on Windows, on a Mac, in the browser and on phones. A name that the workbook has already stays what it
    is, and nothing else in the file changes.

    Exit code 0: done. 1: the workbook has names or tables called like functions; the others were put in.
    """
    from xlsales.lambdas.embed import Done
    from xlsales.lambdas.files import embed

    result = embed(file, out, remove=remove, dry_run=dry_run, overwrite=overwrite)
    if as_json:
        print_json(json.dumps(_as_json(file, result), indent=2, ensure_ascii=False))
    else:
        _tell(file, result, removing=remove)
        if result.breaks_signature:
            typer.echo(signature_lost())
        if dry_run:
            typer.echo(_("Dry run: nothing was written."))
    if result.names(Done.TAKEN):
        raise typer.Exit(1)


def gallery(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the workbook.")] = _FOLDER,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a workbook already there.")] = False,
) -> None:
    """Build `Sales Functions.xlsx`: every function as a LAMBDA, with examples to type in; the same bytes every time."""
    from xlsales.files import targets
    from xlsales.lambdas.gallery import NAME, build

    left = list(written(targets.write(out, {NAME: build}, overwrite=overwrite)))
    if left:
        raise XlsalesError("\n".join(left))


def _tell(file: Path, result: Embedded, *, removing: bool) -> None:
    from xlsales.lambdas.embed import Done
    from xlsales.lambdas.library import without

    counts = {done: len(result.names(done)) for done in Done}
    if removing:
        count = counts[Done.REMOVED]
        text = _n("{file}: {count} function removed.", "{file}: {count} functions removed.", count)
        typer.echo(text.format(file=file, count=count))
        return
    message = _("{file}: {added} functions added, {replaced} brought up to date, {there} already there.")
    typer.echo(
        message.format(file=file, added=counts[Done.ADDED], replaced=counts[Done.REPLACED], there=counts[Done.THERE])
    )
    for name in result.names(Done.TAKEN):
        taken = _("  {name} was left out: the workbook has a name or a table called so. Rename it and run again.")
        typer.echo(taken.format(name=name))
    for name, why in without().items():
        typer.echo(_("  {name} cannot be a LAMBDA. {why}").format(name=name, why=why))


def _as_json(file: Path, result: Embedded) -> dict[str, object]:
    from xlsales.lambdas.embed import Done

    signed = {"breaks_signature": True} if result.breaks_signature else {}
    return {"file": str(file), **{done.value: result.names(done) for done in Done}, **signed}
