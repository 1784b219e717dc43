"""A template's worksheet parts, cut at the cells that can differ: inputs and formulas.

The pieces of all the parts follow one another: for each sheet its beginning, then a piece for each slot, to which
the bytes up to the next slot belong, unless they are very many: those are a piece of their own, which no copy changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np

from xlsales.cells.arrays import BLANK, BOOL, ERROR, NUMBER, TEXT, Array
from xlsales.cells.references import row_and_column
from xlsales.cells.values import Address
from xlsales.workbook import parts as parts_of
from xlsales.workbook import sheet_part
from xlsales.workbook.template import Template

# What a slot can hold, as it is written.
AS_NUMBER, AS_TEXT, AS_TRUTH, AS_ERROR, AS_EMPTY_TEXT, AS_NOTHING = range(6)
WAYS: Final = AS_NOTHING + 1
WRITTEN_AS: Final = np.zeros(ERROR + 1, dtype=np.intp)
WRITTEN_AS[[NUMBER, TEXT, BOOL, ERROR, BLANK]] = AS_NUMBER, AS_TEXT, AS_TRUTH, AS_ERROR, AS_NOTHING
LARGE = 2_500  # bytes between two slots, or behind the last, that are a piece of their own
_OF_CELL = 4  # sections of a cell beside its value and the prefix


class Span(NamedTuple):
    """A worksheet part, and its pieces among those of all."""

    part: str
    start: int
    stop: int


@dataclass(frozen=True)
class Sections:
    """What cells consist of beside their values: the head, the formula, what follows the value, and the next cell."""

    content: bytes  # of all cells in a row
    bounds: Array  # where the four of each cell begin in it, and the end of the last
    prefixes: Sequence[bytes]  # of the parts' namespaces
    which: Array  # (slots,): the prefix of each

    def of(self, some: Array) -> list[Array]:
        """Return for some slots the head, the formula, what follows the value, the prefix, what follows the cell."""
        bounds = self.bounds[(_OF_CELL * some)[:, None] + np.arange(_OF_CELL + 1)].T.tolist()
        content = self.content
        head, formula, after, between = (
            object_row([content[start:stop] for start, stop in zip(starts, stops, strict=True)])
            for starts, stops in pairwise(bounds)
        )
        prefix = object_row(self.prefixes)[self.which[some]]
        return [head, formula, after, prefix, between]


@dataclass(frozen=True)
class Slots:
    """The slots of a template, sheet by sheet in the order of their parts' bytes."""

    sheets: Sequence[tuple[str, str]]  # with the cells of each, as one text with blanks between them
    positions: Array  # (slots, 2): their rows and columns
    is_input: Array  # (slots,)
    places: Array  # (slots,): their pieces
    sections: Sections

    @cached_property
    def addresses(self) -> Sequence[Address]:
        """Their cells."""
        return [(sheet, cell) for sheet, cells in self.sheets for cell in cells.split()]

    def by_sheet(self) -> Iterator[tuple[str, Array, Array]]:
        """Yield the rows and columns of each sheet's slots."""
        start = 0
        for sheet, cells in self.sheets:
            stop = start + 1 + cells.count(" ")
            rows, columns = self.positions[start:stop].T
            yield sheet, rows, columns
            start = stop

    def around(self, ways: Array, some: Array) -> tuple[Array, Array]:
        """Return what stands before and behind the values of some slots, each written in its way."""
        heads, tails = (np.full(len(some), b"", dtype=object) for _side in range(2))
        for way in np.unique(ways).tolist():
            here = ways == way
            heads[here], tails[here] = _written(way, self.sections.of(some[here]), self.is_input[some[here]])
        return heads, tails


def cut(template: Template, parts: Mapping[str, bytes]) -> tuple[Slots, Array, Sequence[Span]]:
    """Cut the worksheet parts of a template at its slots; a cell of a slot that a part lacks is put there.

    With the slots come the pieces as the template has them, and where each part's stand.
    """
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
    return cutter.slots(), cutter.pieces(), cutter.spans


class _Cutter:
    """Takes the parts one by one."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self._sheets: list[tuple[str, list[str]]] = []
        self._is_input: list[bool] = []
        self._places: list[int] = []
        self._sections: list[bytes] = []
        self._prefixes: list[bytes] = []
        self._pieces: list[bytes] = []

    def cut(self, sheet: str, name: str, part: sheet_part.SheetPart, inputs: set[str], formulas: set[str]) -> None:
        """Cut a part at its slots."""
        content = part.content
        cells = [cell for cell in part.cells.values() if cell.reference in inputs or cell.reference in formulas]
        cells.sort(key=lambda cell: cell.start)
        ends = [*(cell.start for cell in cells[1:]), len(content)]
        start = len(self._pieces)
        self._pieces.append(content[: cells[0].start])
        self._sheets.append((sheet, [cell.reference for cell in cells]))
        self._prefixes.append(part.prefix)
        for cell, end in zip(cells, ends, strict=True):
            behind = cell.end if end - cell.end >= LARGE else end
            self._is_input.append(cell.reference in inputs)
            self._places.append(len(self._pieces))
            self._sections += (cell.head, cell.formula, cell.after, content[cell.end : behind])
            self._pieces.append(content[cell.start : behind])
            if behind < end:
                self._pieces.append(content[behind:end])
        self.spans.append(Span(name, start, len(self._pieces)))

    def pieces(self) -> Array:
        """Return the pieces as the template has them."""
        return object_row(self._pieces)

    def slots(self) -> Slots:
        """Return what was cut."""
        bounds = np.cumsum([0, *map(len, self._sections)])
        which = np.repeat(np.arange(len(self._sheets)), [len(cells) for _sheet, cells in self._sheets])
        sections = Sections(b"".join(self._sections), bounds, self._prefixes, which)
        is_input = np.array(self._is_input, dtype=np.bool_)
        located = [row_and_column(cell) for _sheet, cells in self._sheets for cell in cells]
        positions = np.array(located, dtype=np.int64).reshape(-1, 2)
        sheets = [(sheet, " ".join(cells)) for sheet, cells in self._sheets]
        return Slots(sheets, positions, is_input, np.array(self._places, dtype=np.intp), sections)


def _written(way: int, sections: Sequence[Array], is_input: Array) -> tuple[Any, Any]:
    """Return what stands before and behind the values of slots that are written in one way."""
    head, formula, after, prefix, between = sections
    value = b">" + formula + b"<" + prefix + b"v"
    end = b"</" + prefix + b"c>" + between
    if way == AS_EMPTY_TEXT:
        return head + b' t="str"' + value + b"/>" + after + end, b""
    if way == AS_NOTHING:
        is_empty = (formula == b"") & (after == b"")
        return np.where(is_empty, head + b"/>" + between, head + b">" + formula + after + end), b""
    kind, open_tag = object_row(_KINDS[way]), object_row([b"", b">"])  # a formula's text ends the tag
    which = is_input.astype(np.intp)
    is_open = np.ones_like(which) if way != AS_TEXT else which
    return head + kind[which] + value + open_tag[is_open], b"</" + prefix + b"v>" + after + end


# The attributes of formulas and of inputs.
_KINDS: Final = {
    AS_NUMBER: (b"", b""),
    AS_TEXT: (b' t="str"', b' t="s"'),
    AS_TRUTH: (b' t="b"', b' t="b"'),
    AS_ERROR: (b' t="e"', b' t="e"'),
}


def object_row(items: Sequence[bytes]) -> Array:
    """Return bytes as an array of Python's own objects."""
    return np.fromiter(items, dtype=object, count=len(items))
