"""How a cell's value is stored: its type and its text."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from xml.sax.saxutils import escape

from xlsales.excel.values import CellValue, escaped
from xlsales.functions.errors import CellError

_CARRIAGE_RETURN = {"\r": "&#13;"}  # XML would read a bare one as a line feed


class Stored(NamedTuple):
    """A value as the file has it: the attribute `t`, and the text of `<v>`."""

    kind: str
    text: str


def stored(value: CellValue) -> Stored | None:
    """Return a formula's value as it is stored; None without one."""
    match value:
        case None:
            return None
        case bool():
            return Stored("b", "1" if value else "0")
        case CellError():
            return Stored("e", value.code)
        case str():
            return Stored("str", escaped(value))
        case _:
            return Stored("", number(value))


@lru_cache(maxsize=50_000)  # quantities, dates and prices come again
def number(value: float) -> str:
    """Return the shortest text that reads back as the same number; whole numbers without a point."""
    shortest = repr(float(value)) if value else "0"  # Excel knows no negative zero
    return shortest[:-2] if shortest.endswith(".0") else shortest


def as_xml(text: str) -> str:
    """Return a stored text as XML."""
    return escape(text, _CARRIAGE_RETURN)


@lru_cache(maxsize=10_000)
def text(value: str) -> str:
    """Return a text as XML, as Excel stores it."""
    return as_xml(escaped(value))
