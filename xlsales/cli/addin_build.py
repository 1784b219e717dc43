"""`xlsales addin build`: the add-in as a file, on any system, for those who sign it or hand it out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xlsales.errors import InputError
from xlsales.texts import _

_FOLDER = Path()


def build(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the add-in.")] = _FOLDER,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an add-in already there.")] = False,
) -> None:
    """Build `xlsales.xlam`, on any system, the same bytes every time: to sign it or to hand it out."""
    from xlsales import atomic
    from xlsales.addin.places import ADDIN
    from xlsales.addin.workbook import build

    path = out / ADDIN
    if path.exists() and not overwrite:
        message = _("{path} already exists. Choose another folder with --out, or replace it with --overwrite.")
        raise InputError(message.format(path=path))
    content = build()
    out.mkdir(parents=True, exist_ok=True)
    atomic.write(path, content)
    typer.echo(_("{path}  {size:,} KB").format(path=path, size=len(content) // 1024))
