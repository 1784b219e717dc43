"""Which formulas depend on others, directly or not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

import formualizer
import numpy as np

from xlsales.calculation.engine.ranges import references_in
from xlsales.cells.formulas import Names
from xlsales.cells.references import LAST_COLUMN, LAST_ROW, Area, Reference
from xlsales.cells.values import Address

_LOOKS = re.compile(r"\b(INDIRECT|OFFSET|CELL|GETPIVOTDATA)\s*\(", re.IGNORECASE)
_MADE_RANGE = re.compile(r"\)\s*:|:\s*\w+\s*\(")  # A1:INDEX(…)
_DEPTH = 20  # of names that stand for names
ANYWHERE = ("", Area(0, 0, 0, 0))  # what a formula refers to, where only calculating it tells


class Dependents:
    """The formulas of a workbook by what they refer to."""

    def __init__(self, formulas: Mapping[Address, str], names: Names, filled: Mapping[Address, Area]) -> None:
        """Read formulas; `filled` are the cells of those that fill several."""
        self._filled = filled
        self._anywhere: list[Address] = []
        self._cells: defaultdict[str, defaultdict[Area, list[Address]]] = defaultdict(lambda: defaultdict(list))
        self._areas: defaultdict[str, defaultdict[Area, list[Address]]] = defaultdict(lambda: defaultdict(list))
        for address, formula in formulas.items():
            areas = list(referred(formula, address[0], names)) if formula else [ANYWHERE]
            if ANYWHERE in areas:
                self._anywhere.append(address)
            for sheet, area in areas:
                kind = self._cells if area[:2] == area[2:] else self._areas
                kind[sheet][area].append(address)

    def of(
        self, roots: Mapping[Address, Area], passes: Callable[[Address], bool] | None = None
    ) -> dict[Address, Address]:
        """Return every formula that depends on these and their cells, each with the one through which it does.

        What says only when calculated where it looks, such as INDIRECT, counts as dependent. With `passes`, what
        depends only on formulas that do not pass anything on is left out.
        """
        found: dict[Address, Address] = {}
        waiting = list(roots)
        if waiting:
            found = {address: waiting[0] for address in self._anywhere if address not in roots}
            waiting += [address for address in found if passes is None or passes(address)]
        cells = {sheet: dict(areas) for sheet, areas in self._cells.items()}
        areas = {sheet: _Areas(areas) for sheet, areas in self._areas.items()}
        while waiting:
            cell = waiting.pop()
            wanted = roots.get(cell) or self._filled.get(cell) or area_of(cell[1])
            sheet = cell[0].casefold()
            single = cells.get(sheet, {})
            known = list(single.pop(wanted, ()) if wanted[:2] == wanted[2:] else _reading(single, wanted))
            if sheet in areas:
                known += areas[sheet].reading(wanted)
            for address in known:
                if address not in found and address not in roots:
                    found[address] = cell
                    if passes is None or passes(address):
                        waiting.append(address)
        return found


class _Areas:
    """The areas of a sheet that formulas read: those that were asked for are taken out."""

    def __init__(self, readers: Mapping[Area, list[Address]]) -> None:
        self._readers = list(readers.values())
        self._left, self._top, self._right, self._bottom = np.array(list(readers), dtype=np.int32).reshape(-1, 4).T
        self._there = np.ones(len(readers), dtype=np.bool_)

    def reading(self, wanted: Area) -> Iterator[Address]:
        """Take out what reads any of these cells."""
        across = (self._left <= wanted.right) & (self._right >= wanted.left)
        met = np.flatnonzero(across & (self._top <= wanted.bottom) & (self._bottom >= wanted.top) & self._there)
        self._there[met] = False
        for place in met.tolist():
            yield from self._readers[place]


def referred(formula: str, sheet: str, names: Names, depth: int = 0) -> Iterator[tuple[str, Area]]:
    """Yield the sheets, in lower case, and cells that a formula refers to; ANYWHERE where only calculating tells."""
    if _LOOKS.search(formula) or _MADE_RANGE.search(formula):
        yield ANYWHERE
    for reference in references_in(formula):
        named = sheet_referred(reference, sheet)
        if ":" in named or reference.end_prefix:  # several sheets
            yield ANYWHERE
        yield named.casefold(), area_referred(reference)
    found = _names_in(formula) if depth < _DEPTH else None
    if found is None:
        yield ANYWHERE
    for name in found or ():
        meaning = names.get((sheet, name)) or names.get(("", name))
        if meaning:
            yield from referred(meaning, sheet, names, depth + 1)


def _reading(areas: dict[Area, list[Address]], wanted: Area) -> Iterator[Address]:
    """Take out what reads any of these cells."""
    for area in [area for area in areas if _meet(area, wanted)]:
        yield from areas.pop(area)


def _names_in(formula: str) -> Iterable[str] | None:
    """Return the names in a formula; None where it cannot be read."""
    try:
        found = list(formualizer.parse(f"={formula}").walk_refs())
    except (formualizer.ParserError, formualizer.TokenizerError, ValueError):
        return None
    texts = (str(reference.name) for reference in found if isinstance(reference, formualizer.NamedRangeRef))
    return dict.fromkeys(text.rpartition("!")[2].lower() for text in texts)


def sheet_referred(reference: Reference, own: str) -> str:
    """Return the sheet of a reference in a formula on the sheet `own`."""
    text = reference.prefix[:-1]
    return (text[1:-1].replace("''", "'") if text.startswith("'") else text) or own


def area_referred(reference: Reference) -> Area:
    """Return the cells of a reference, whole rows and columns to the end of the sheet."""
    start, end = reference.start, reference.end or reference.start
    columns = sorted((start.column or 1, end.column or LAST_COLUMN))
    rows = sorted((start.row or 1, end.row or LAST_ROW))
    return Area(columns[0], rows[0], columns[1], rows[1])


def area_of(cell: str) -> Area:
    """Return a cell as an area."""
    return area_referred(references_in(cell)[0])


def _meet(one: Area, other: Area) -> bool:
    return one.left <= other.right and other.left <= one.right and one.top <= other.bottom and other.top <= one.bottom
