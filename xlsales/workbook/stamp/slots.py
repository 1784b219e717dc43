"""A template's worksheet parts, cut at the cells that can differ: inputs and formulas.

The pieces of all the parts follow one another: for each sheet its beginning, then a piece for each slot, to which
the bytes up to the next slot belong. A piece has three sections: what stands before a value, the value, the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from xlsales.cells.arrays import BLANK, BOOL, ERROR, NUMBER, TEXT, Array
from xlsales.cells.stored import Stored
from xlsales.cells.values import Address
from xlsales.workbook import parts as parts_of
from xlsales.workbook import sheet_part
from xlsales.workbook.template import Template

# What a slot can hold, as it is written.
AS_NUMBER, AS_TEXT, AS_TRUTH, AS_ERROR, AS_EMPTY_TEXT, AS_NOTHING = range(6)
WRITTEN_AS: Final = np.zeros(ERROR + 1, dtype=np.intp)
WRITTEN_AS[[NUMBER, TEXT, BOOL, ERROR, BLANK]] = AS_NUMBER, AS_TEXT, AS_TRUTH, AS_ERROR, AS_NOTHING


class Span(NamedTuple):
    """A worksheet part, and its pieces among those of all."""

    part: str
    start: int
    stop: int


@dataclass(frozen=True)
class Slots:
    """The slots of a template, sheet by sheet in the order of their parts' bytes."""

    addresses: Sequence[Address]
    is_input: Array  # (slots,)
    places: Array  # (slots,): their pieces
    heads: Array  # (ways of writing, slots): what stands before a value
    tails: Array  # (ways of writing, slots): what stands behind it, up to the next slot
    pieces: Array  # (pieces, sections): the template's own
    spans: Sequence[Span]


def cut(template: Template, parts: Mapping[str, bytes]) -> Slots:
    """Cut the worksheet parts of a template at its slots; a cell of a slot that a part lacks is put there."""
    inputs: dict[str, set[str]] = {}
    for sheet, reference in template.inputs():
        if (sheet, reference) not in template.formulas:
            inputs.setdefault(sheet, set()).add(reference)
    formulas: dict[str, set[str]] = {}
    for sheet, reference in template.formulas:
        formulas.setdefault(sheet, set()).add(reference)
    where = parts_of.sheet_parts(parts)
    cutter = _Cutter()
    for name in formulas | inputs:
        part = sheet_part.with_room_for(sheet_part.read(parts[where[name]], name), inputs.get(name, set()), name)
        cutter.cut(name, where[name], part, inputs.get(name, set()), formulas.get(name, set()))
    return cutter.slots()


class _Cutter:
    """Takes the parts one by one."""

    def __init__(self) -> None:
        self._addresses: list[Address] = []
        self._is_input: list[bool] = []
        self._places: list[int] = []
        self._heads: list[Sequence[bytes]] = []
        self._tails: list[Sequence[bytes]] = []
        self._pieces: list[bytes] = []
        self._spans: list[Span] = []

    def cut(self, sheet: str, name: str, part: sheet_part.SheetPart, inputs: set[str], formulas: set[str]) -> None:
        """Cut a part at its slots."""
        content = part.content
        cells = [cell for cell in part.cells.values() if cell.reference in inputs or cell.reference in formulas]
        cells.sort(key=lambda cell: cell.start)
        ends = [*(cell.start for cell in cells[1:]), len(content)]
        start = len(self._pieces)
        self._pieces.append(content[: cells[0].start])
        for cell, end in zip(cells, ends, strict=True):
            is_input = cell.reference in inputs
            self._addresses.append((sheet, cell.reference))
            self._is_input.append(is_input)
            self._places.append(len(self._pieces))
            between = content[cell.end : end]
            self._heads.append(_heads(cell, part.prefix, between, is_input=is_input))
            self._tails.append(_tails(cell, part.prefix, between))
            self._pieces.append(content[cell.start : end])
        self._spans.append(Span(name, start, len(self._pieces)))

    def slots(self) -> Slots:
        """Return what was cut."""
        pieces = np.full((len(self._pieces), 3), b"", dtype=object)
        pieces[:, 0] = self._pieces
        return Slots(
            self._addresses,
            np.array(self._is_input, dtype=np.bool_),
            np.array(self._places, dtype=np.intp),
            _by_way(self._heads),
            _by_way(self._tails),
            pieces,
            self._spans,
        )


def _heads(cell: sheet_part.Cell, prefix: bytes, between: bytes, *, is_input: bool) -> list[bytes]:
    """Return what stands before a value, for each way of writing one."""
    value = b">%b<%bv>" % (cell.formula, prefix)
    text = value if is_input else value[:-1]  # a formula's text brings its own end of the tag
    whole = (cell.with_value(stored, prefix) + between for stored in (Stored("str", ""), None))
    before = ((b"", value), (b' t="s"' if is_input else b' t="str"', text), (b' t="b"', value), (b' t="e"', value))
    return [*(cell.head + kind + start for kind, start in before), *whole]


def _tails(cell: sheet_part.Cell, prefix: bytes, between: bytes) -> list[bytes]:
    tail = b"</%bv>%b</%bc>%b" % (prefix, cell.after, prefix, between)
    return [tail, tail, tail, tail, b"", b""]


def _by_way(rows: Sequence[Sequence[bytes]]) -> Array:
    """Return the sections of all slots, a row for each way of writing."""
    found = np.empty((AS_NOTHING + 1, len(rows)), dtype=object)
    for way, sections in enumerate(zip(*rows, strict=True)):
        found[way] = sections
    return found


def object_row(items: Sequence[bytes]) -> Array:
    """Return bytes as an array of Python's own objects."""
    found = np.empty(len(items), dtype=object)
    found[:] = items
    return found
