"""A template's worksheet parts, cut at the cells that can differ: inputs and formulas.

The pieces of all the parts follow one another: for each sheet its beginning, then a piece for each slot, to which
the bytes up to the next slot belong. A piece has four sections: room for what is put before it where pieces are
joined, what stands before a value, the value, the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from xlsales.cells.arrays import BLANK, BOOL, ERROR, NUMBER, TEXT, Array
from xlsales.cells.values import Address
from xlsales.workbook import parts as parts_of
from xlsales.workbook import sheet_part
from xlsales.workbook.template import Template

# What a slot can hold, as it is written.
AS_NUMBER, AS_TEXT, AS_TRUTH, AS_ERROR, AS_EMPTY_TEXT, AS_NOTHING = range(6)
WRITTEN_AS: Final = np.zeros(ERROR + 1, dtype=np.intp)
WRITTEN_AS[[NUMBER, TEXT, BOOL, ERROR, BLANK]] = AS_NUMBER, AS_TEXT, AS_TRUTH, AS_ERROR, AS_NOTHING
BEFORE, HEAD, SHOWN, TAIL = range(4)  # the sections of a piece
SECTIONS = TAIL + 1


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
        part = sheet_part.with_room_for(template.sheets[name], inputs.get(name, set()), name)
        cutter.cut(name, where[name], part, inputs.get(name, set()), formulas.get(name, set()))
    return cutter.slots()


class _Cutter:
    """Takes the parts one by one."""

    def __init__(self) -> None:
        self._addresses: list[Address] = []
        self._is_input: list[bool] = []
        self._places: list[int] = []
        self._sections: list[tuple[bytes, bytes, bytes, bytes, bytes]] = []
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
            self._sections.append((cell.head, cell.formula, cell.after, part.prefix, content[cell.end : end]))
            self._pieces.append(content[cell.start : end])
        self._spans.append(Span(name, start, len(self._pieces)))

    def slots(self) -> Slots:
        """Return what was cut."""
        pieces = np.full((len(self._pieces), SECTIONS), b"", dtype=object)
        pieces[:, HEAD] = self._pieces
        is_input = np.array(self._is_input, dtype=np.bool_)
        sections = zip(*self._sections, strict=True) if self._sections else [()] * 5
        heads, tails = _ways_of_writing([object_row(column) for column in sections], is_input)
        places = np.array(self._places, dtype=np.intp)
        return Slots(self._addresses, is_input, places, heads, tails, pieces, self._spans)


def _ways_of_writing(sections: Sequence[Array], is_input: Array) -> tuple[Array, Array]:
    """Return what stands before and behind the values of all slots, a row for each way of writing one.

    The `sections` of cells are their heads, formulas, what follows their values, prefixes, and what follows them.
    """
    head, formula, after, prefix, between = sections
    value = b">" + formula + b"<" + prefix + b"v"
    end = b"</" + prefix + b"c>" + between
    heads = np.full((AS_NOTHING + 1, len(head)), b"", dtype=object)
    tails = np.full((AS_NOTHING + 1, len(head)), b"", dtype=object)
    heads[AS_NUMBER] = head + value + b">"
    kind, open_tag = object_row([b' t="str"', b' t="s"']), object_row([b"", b">"])  # a formula's text ends the tag
    which = is_input.astype(np.intp)
    heads[AS_TEXT] = head + kind[which] + value + open_tag[which]
    heads[AS_TRUTH] = head + b' t="b"' + value + b">"
    heads[AS_ERROR] = head + b' t="e"' + value + b">"
    heads[AS_EMPTY_TEXT] = head + b' t="str"' + value + b"/>" + after + end
    is_empty = (formula == b"") & (after == b"")
    heads[AS_NOTHING] = np.where(is_empty, head + b"/>" + between, head + b">" + formula + after + end)
    tails[:AS_EMPTY_TEXT] = b"</" + prefix + b"v>" + after + end
    return heads, tails


def object_row(items: Sequence[bytes]) -> Array:
    """Return bytes as an array of Python's own objects."""
    return np.fromiter(items, dtype=object, count=len(items))
