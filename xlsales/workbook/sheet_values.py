"""Reads what the cells of a worksheet part hold, many planners of one kind after another: what stands between values
is much the same in all of them, and read once.

A part is cut at its values. Each piece between two of them – a formula, blank cells, the end of a row – is looked up by
its bytes; one that is new is read by `sheet_scan`. Where the cells stand in the part is not told. What is written
otherwise is not read here: `sheet_part` gives the same, one cell after another.
"""

from __future__ import annotations

from typing import NamedTuple

from xlsales.workbook import sheet_part, sheet_scan
from xlsales.workbook.sheet_cells import Cell
from xlsales.workbook.sheet_part import SheetPart

_NOWHERE = -1
_AFTER_VALUE = b"/v></c>"  # what a piece begins with, its first sign taken away
_VALUE = b"<v>0</v></c>"
_ROW = b'<row r="1">'
_MOST = 48 << 20  # bytes of pieces that are remembered


class _Piece(NamedTuple):
    """What stands before a value, or after the last one."""

    blank: dict[str, Cell]  # cells that are complete in it
    opened: Cell | None  # the cell that has the value


class _Pieces:
    """The pieces that were read, by their bytes."""

    def __init__(self) -> None:
        self._known: dict[bytes, _Piece] = {}
        self._size = 0

    def of(self, written: list[bytes]) -> list[_Piece] | None:
        """Return pieces between values; None where one of them is written in an unusual way."""
        found = list(map(self._known.get, written))
        read: list[_Piece] = []
        for known, text in zip(found, written, strict=True):
            piece = known or self._read(text)
            if piece is None:
                return None
            read.append(piece)
        return read

    def _read(self, written: bytes) -> _Piece | None:
        if not written.startswith(_AFTER_VALUE):
            return None
        piece = _read(_ROW + written[len(_AFTER_VALUE) :] + _VALUE + b"</row>", is_open=True)
        if piece is not None:
            if self._size > _MOST:
                self._known.clear()
                self._size = 0
            self._known[written] = piece
            self._size += len(written)
        return piece


_PIECES = _Pieces()


def read(content: bytes, name: str) -> SheetPart:
    """Read a worksheet part as `sheet_part` does, but for where its cells and rows stand; `name` is for errors."""
    found = _part(content)
    return sheet_part.read(content, name) if found is None else found


def _part(content: bytes) -> SheetPart | None:
    place = sheet_scan.data(content)
    if place is None:
        return None
    start, end = place
    if not sheet_scan.is_well_formed(content[:start] + content[end:]):
        return None
    first, *others = content[start:end].split(b"<v>")
    if not others:
        alone = _read(first, is_open=False)
        return None if alone is None else SheetPart(content, cells=alone.blank, data=place)
    cut = [other.partition(b"<") for other in others]
    values = _texts([value for value, _sign, _rest in cut])
    begin = _read(first + _VALUE + b"</row>", is_open=True)
    last = cut[-1][2]
    finish = _read(_ROW + last[len(_AFTER_VALUE) :], is_open=False) if last.startswith(_AFTER_VALUE) else None
    between = _PIECES.of([rest for _value, _sign, rest in cut[:-1]])
    if values is None or begin is None or finish is None or between is None:
        return None
    return SheetPart(content, cells=_joined([begin, *between], values, finish), data=place)


def _texts(values: list[bytes]) -> list[str] | None:
    """Return values as XML means them; None where they are no XML."""
    if not sheet_scan.is_well_formed(b"<v>%b</v>" % b" ".join(values)):
        return None
    written = b"<".join(values).decode()
    texts = written.split("<")
    if "&" in written or "\r" in written:
        return [sheet_scan.plain(text) if "&" in text or "\r" in text else text for text in texts]
    return texts


def _read(rows: bytes, *, is_open: bool) -> _Piece | None:
    """Read some whole rows; where they are `open`, the last cell's value is none of theirs."""
    if not sheet_scan.is_well_formed(b"<x>%b</x>" % rows):
        return None
    cells = sheet_scan.cells_of(rows)
    if cells is None:
        return None
    found = [cell._replace(start=_NOWHERE, end=_NOWHERE) for cell in cells]
    opened = found.pop() if is_open else None
    return _Piece({cell.reference: cell for cell in found}, opened)


def _joined(pieces: list[_Piece], values: list[str], last: _Piece) -> dict[str, Cell]:
    """Return the cells by their references, each value in the cell before it."""
    cells: dict[str, Cell] = {}
    for (blank, opened), shown in zip(pieces, values, strict=True):
        if blank:
            cells.update(blank)
        assert opened is not None
        reference, kind, start, end, head, formula, after, _shown = opened
        cells[reference] = Cell(reference, kind, start, end, head, formula, after, shown)
    cells.update(last.blank)
    return cells
