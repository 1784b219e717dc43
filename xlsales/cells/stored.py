"""How a cell's value is stored: its type and its text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from xlsales.cells.escapes import escaped, fits, has_edge_space
from xlsales.cells.markup import escape
from xlsales.cells.values import CellValue
from xlsales.functions.errors import VALUE, CellError

PRESERVE = ' xml:space="preserve"'
# What printable texts that stand between bars do not have where all of them are stored as they are.
_BAR = "|"
_FEW = 8
_NOT_PLAIN = ("&", "<", ">", "_x", f"{_BAR} ", f" {_BAR}")


class Stored(NamedTuple):
    """A value as the file has it: the attribute `t`, and the text of `<v>`."""

    kind: str
    text: str

    def element(self, prefix: bytes = b"") -> bytes:
        """Return the element <v>."""
        inside = tag_end(self.text).encode()
        return b"<%bv%b</%bv>" % (prefix, inside, prefix) if self.text else b"<%bv/>" % prefix


def stored(value: CellValue) -> Stored | None:
    """Return a formula's value as it is stored; None without one. A text that no cell can hold is an error."""
    match value:
        case None:
            return None
        case bool():
            return Stored("b", "1" if value else "0")
        case CellError():
            return Stored("e", value.code)
        case str():
            return Stored("str", escaped(value)) if fits(value) else Stored("e", VALUE)
        case _:
            return Stored("", number(value))


@lru_cache(maxsize=50_000)  # quantities, dates and prices come again
def number(value: float) -> str:
    """Return the shortest text that reads back as the same number; whole numbers without a point."""
    shortest = repr(float(value)) if value else "0"  # Excel knows no negative zero
    return shortest[:-2] if shortest.endswith(".0") else shortest


def tag_end(text: str) -> str:
    """Return what follows the name of an element with this escaped text, up to its end tag: `>text`."""
    return f"{PRESERVE if has_edge_space(text) else ''}>{escape(text)}"


@lru_cache(maxsize=10_000)
def content(text: str) -> str:
    """Return what follows the name of an element with this text, up to its end tag, as Excel stores it: `>text`."""
    return tag_end(escaped(text))


def contents(texts: Sequence[str]) -> list[str]:
    """Return the `content` of each text; where none has anything to escape, they are looked at together."""
    together = f"{_BAR}{_BAR.join(texts)}{_BAR}"
    if together.isprintable() and not any(mark in together for mark in _NOT_PLAIN):
        return [f">{text}" for text in texts]
    if len(texts) <= _FEW:
        return list(map(content, texts))
    middle = len(texts) // 2
    return contents(texts[:middle]) + contents(texts[middle:])
