"""Whose planner a workbook is, as it was made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

from xlsales.errors import InputError
from xlsales.workbook import defined_names, opening, properties, returned


def owner_of(file: Path | IO[bytes], content: Callable[[], bytes], name: str) -> str | None:
    """Return whose planner a workbook is; None for other workbooks, InputError for what is none.

    The property that it was made with is read alone where it is there; else its cell. Raises OSError where the file
    cannot be read.
    """
    texts = properties.of_file(file)
    if "input_hash" in texts and texts.get("territory_id"):
        return texts["territory_id"]
    package = content()
    try:
        return returned.parse(package, name).identity.territory_id or None
    except InputError:
        if _is_workbook(package, name):
            return None
        raise


def _is_workbook(package: bytes, name: str) -> bool:
    """Whether a file is a sound workbook of something else."""
    try:
        opened = opening.opened(package, name, is_any=True)
        from xlsales.workbook.returned import reading

        return not reading.is_planner(defined_names.outline(opened, name))
    except InputError:
        return False
