"""Cells of a column that are plain, all made into values at once: texts with no doubt about any of them.

A few looks at all of them together settle it, where a look at each takes ten times as long. With any doubt, nothing is
said here, and whoever asks looks at each.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from xlsales.cells.escapes import LONGEST_TEXT
from xlsales.epoch import EPOCH, FIRST_OF_MARCH
from xlsales.schema import Kind

FIRST_DATE = EPOCH + timedelta(FIRST_OF_MARCH)

_TEXTS, _NONE = {str}, type(None)
_OF_NUMBERS = re.compile("[0-9.eE+-]*")
_DAYS = re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}\n)*")


def plain_values(kind: Kind, cells: Sequence[object]) -> list[Any] | None:
    """Return the values of texts and blank cells, None for blank; None at all where one of them needs a look."""
    read = _READERS.get(kind)
    if read is None or set(map(type, cells)) - {str, _NONE}:
        return None
    filled: list[Any] = list(filter(None, cells))
    values = read(filled) if filled else []
    if values is None or len(filled) == len(cells):
        return values
    following = iter(values)
    return [next(following) if cell else None for cell in cells]


def _keys(cells: list[str]) -> list[str] | None:
    return cells if list(map(str.strip, cells)) == cells and _are_storable(cells) else None


def _texts(cells: list[str]) -> list[str | None] | None:
    if not _are_storable(cells):
        return None
    return [*cells] if all(map(str.strip, cells)) else [cell if cell.strip() else None for cell in cells]


def _are_storable(cells: Sequence[str]) -> bool:
    """Whether a workbook can surely hold texts: what may be printed has no control character and no half of one."""
    return "".join(cells).isprintable() and len(max(cells, key=len)) <= LONGEST_TEXT // 2


def _numbers(cells: list[str]) -> list[float] | None:
    """Return plain numbers: of these characters, Python reads the same ones as a number."""
    if not _OF_NUMBERS.fullmatch("".join(cells)):
        return None
    try:
        values = [float(cell) + 0.0 for cell in cells]  # never −0
    except ValueError:
        return None
    return values if all(map(math.isfinite, values)) else None


def _counts(cells: list[str]) -> list[int] | None:
    values = _numbers(cells)
    return list(map(int, values)) if values is not None and all(map(float.is_integer, values)) else None


def _days(cells: list[str]) -> list[date] | None:
    if not _DAYS.fullmatch("\n".join([*cells, ""])):
        return None
    try:
        days = list(map(date.fromisoformat, cells))
    except ValueError:
        return None
    return days if min(days) >= FIRST_DATE else None


# All but choices and flags, of which a column has few that differ.
_READERS: Mapping[Kind, Callable[[list[Any]], list[Any] | None]] = {
    Kind.KEY: _keys,
    Kind.TEXT: _texts,
    Kind.MONEY: _numbers,
    Kind.RATE: _numbers,
    Kind.COUNT: _counts,
    Kind.NUMBER: _numbers,
    Kind.DATE: _days,
}
