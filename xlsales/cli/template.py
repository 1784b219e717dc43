"""`xlsales template`: builds and exports the planner templates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from xlsales.errors import XlsalesError
from xlsales.texts import _

_FOLDER = Path()
FORMATS = ("xlsm", "xlsx")


def register(app: typer.Typer) -> None:
    """Add the command group to the application."""
    group = typer.Typer(no_args_is_help=True, help="Build or export the planner templates.")
    group.command("build")(build)
    group.command("export")(export)
    group.callback()(_group)
    app.add_typer(group, name="template")


def _group() -> None:
    """Build or export the planner templates."""


def export(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the templates.")] = _FOLDER,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace templates already there.")] = False,
) -> None:
    """Copy the shipped templates to where you want to change them."""
    from xlsales.template import shipped

    _write(out, {path.name: path.read_bytes for path in map(shipped, FORMATS)}, overwrite)


def build(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the templates.")] = _FOLDER,
    accounts: Annotated[int, typer.Option("--accounts", min=1, max=100_000, help="Rows for accounts.")] = 100,
    deals: Annotated[int, typer.Option("--deals", min=1, max=100_000, help="Rows for deals.")] = 400,
    team: Annotated[int, typer.Option("--team", min=1, max=1000, help="Rows for people on Team.")] = 12,
    example: Annotated[
        bool, typer.Option("--example", help="Build “Sales Planner example.xlsx” too: an invented half year.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace templates already there.")] = False,
) -> None:
    """Build `Sales Planner.xlsm` and its portable twin `Sales Planner.xlsx`, the same bytes every time."""
    from xlsales.calculate import blank_values
    from xlsales.planner.build import build
    from xlsales.planner.sizes import Sizes

    sizes = Sizes(accounts, deals, team)
    contents: dict[str, Callable[[], bytes]] = {
        _name(kind): partial(build, kind, blank_values, sizes) for kind in FORMATS
    }
    if example:
        from xlsales import example as filled
        from xlsales.template import parse

        contents[filled.NAME] = lambda: filled.workbook(parse(build("xlsx", blank_values, sizes), _name("xlsx")))
    _write(out, contents, overwrite)


def _name(file_format: str) -> str:
    return f"Sales Planner.{file_format}"


def _write(out: Path, contents: Mapping[str, Callable[[], bytes]], overwrite: bool) -> None:
    from xlsales import targets

    left = list(written(targets.write(out, contents, overwrite=overwrite)))
    if left:
        raise XlsalesError("\n".join(left))


def written(outcomes: Iterable[Path | str]) -> Iterator[str]:
    """Say which files were written, and yield why others were not."""
    for outcome in outcomes:
        if isinstance(outcome, str):
            yield outcome
        else:
            typer.echo(_("{path}  {size:,} KB").format(path=outcome, size=outcome.stat().st_size // 1024))
