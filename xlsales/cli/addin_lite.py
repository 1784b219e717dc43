"""`xlsales addin lite`: the functions for xlwings Lite, which runs Python inside Excel on Windows, Mac and the web."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xlsales.cli.template import written
from xlsales.errors import XlsalesError
from xlsales.texts import _


def lite(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the two files.", show_default=False)],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files already there.")] = False,
) -> None:
    """Write the module and the requirements for xlwings Lite: Excel 2021 and later, on Windows, Mac and the web."""
    from xlsales.addin import lite
    from xlsales.files import targets

    contents = {lite.MODULE: lite.module, lite.REQUIREMENTS: lite.requirements}
    left = list(written(targets.write(out, contents, overwrite=overwrite)))
    for number, step in enumerate(lite.STEPS, 1):
        typer.echo(f"{number}. {_(step)}")
    if left:
        raise XlsalesError("\n".join(left))
