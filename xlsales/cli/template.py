"""`xlsales template`: builds and exports the planner templates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from xlsales.errors import InputError, XlsalesError
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
    from xlsales.workbook.template import shipped

    _write(out, {path.name: path.read_bytes for path in map(shipped, FORMATS)}, overwrite)


def build(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the templates.")] = _FOLDER,
    accounts: Annotated[int, typer.Option("--accounts", min=1, max=100_000, help="Rows for accounts.")] = 100,
    deals: Annotated[int, typer.Option("--deals", min=1, max=100_000, help="Rows for deals.")] = 400,
    team: Annotated[int, typer.Option("--team", min=1, max=1000, help="Rows for people on Team.")] = 12,
    example: Annotated[
        bool, typer.Option("--example", help="Build “Sales Planner example.xlsx” too: an invented half year.")
    ] = False,
    year_start: Annotated[
        str | None,
        typer.Option("--year-start", help="First day of the fiscal year, as 2028-01-01: Activity lists its weeks."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace templates already there.")] = False,
) -> None:
    """Build `Sales Planner.xlsm` and its portable twin `Sales Planner.xlsx`, the same bytes every time."""
    from xlsales.calculation.session import blank_values
    from xlsales.planner.build import build
    from xlsales.planner.sizes import Sizes

    sizes, start = Sizes(accounts, deals, team), _date(year_start)
    blank = {_name(kind): partial(build, kind, blank_values, sizes) for kind in FORMATS}
    contents: dict[str, Callable[[], bytes]] = {**blank}
    if start:
        contents = {name: partial(_opened, name, made, start) for name, made in blank.items()}
    if example:
        from xlsales.batch import example as filled
        from xlsales.workbook.template import parse

        contents[filled.NAME] = lambda: filled.workbook(parse(build("xlsx", blank_values, sizes), _name("xlsx")))
    _write(out, contents, overwrite)


def _date(text: str | None) -> dt.date | None:
    if text is None:
        return None
    message = _("--year-start {text}: type the first day of the fiscal year, such as 2028-01-01.")
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(message.format(text=text)) from None
    if not 1901 <= date.year <= 9998:
        raise InputError(message.format(text=text))
    return date


def _opened(name: str, blank: Callable[[], bytes], year_start: dt.date) -> bytes:
    from xlsales.batch import opened
    from xlsales.workbook.template import parse

    return opened.workbook(parse(blank(), name), year_start)


def _name(file_format: str) -> str:
    return f"Sales Planner.{file_format}"


def _write(out: Path, contents: Mapping[str, Callable[[], bytes]], overwrite: bool) -> None:
    from xlsales.files import targets

    left = list(written(targets.write(out, contents, overwrite=overwrite)))
    if left:
        raise XlsalesError("\n".join(left))


def written(outcomes: Iterable[Path | str]) -> Iterator[str]:
    """Say which files were written, and yield why others were not."""
    for outcome in outcomes:
        if isinstance(outcome, str):
            yield outcome
        else:
            typer.echo(_("{path}  {size:,} KB").format(path=outcome, size=-(-outcome.stat().st_size // 1024)))
