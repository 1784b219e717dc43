"""`xlsales template`: builds and exports the planner templates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xlsales.errors import InputError
from xlsales.texts import _

_FOLDER = Path()


def register(app: typer.Typer) -> None:
    """Add the command group to the application."""
    group = typer.Typer(no_args_is_help=True, help="Build the planner templates.")
    group.command("build")(build)
    group.callback()(_group)
    app.add_typer(group, name="template")


def _group() -> None:
    """Build the planner templates."""


def build(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the templates.")] = _FOLDER,
    accounts: Annotated[int, typer.Option("--accounts", min=1, max=100_000, help="Rows for accounts.")] = 100,
    deals: Annotated[int, typer.Option("--deals", min=1, max=100_000, help="Rows for deals.")] = 400,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace templates already there.")] = False,
) -> None:
    """Build `Sales Planner.xlsm` and its portable twin `Sales Planner.xlsx`, the same bytes every time."""
    from xlsales import atomic
    from xlsales.calculate import blank_values
    from xlsales.planner.build import FORMATS, build
    from xlsales.planner.sizes import Sizes

    paths = {file_format: out / f"Sales Planner.{file_format}" for file_format in FORMATS}
    existing = [path for path in paths.values() if path.exists()]
    if existing and not overwrite:
        message = _(
            "{path} already exists. Choose another folder with --out, or replace it with --overwrite."
        )
        raise InputError(message.format(path=existing[0]))
    out.mkdir(parents=True, exist_ok=True)
    for file_format, path in paths.items():
        content = build(file_format, blank_values, Sizes(accounts, deals))
        atomic.write(path, content)
        typer.echo(_("{path}  {size:,} KB").format(path=path, size=len(content) // 1024))
