"""`xlsales addin build`: the add-in as a file, on any system, for those who sign it or hand it out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xlsales.cli.template import written
from xlsales.errors import XlsalesError

_FOLDER = Path()


def build(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the add-in.")] = _FOLDER,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an add-in already there.")] = False,
) -> None:
    """Build `xlsales.xlam`, on any system, the same bytes every time: to sign it or to hand it out."""
    from xlsales.addin.places import ADDIN
    from xlsales.addin.workbook import build
    from xlsales.files import targets

    left = list(written(targets.write(out, {ADDIN: build}, overwrite=overwrite)))
    if left:
        raise XlsalesError("\n".join(left))
