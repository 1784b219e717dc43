"""Which formulas depend on others, directly or not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import formualizer

from xlsales.engine.ranges import references_in
from xlsales.excel.formulas import Names
from xlsales.excel.references import LAST_COLUMN, LAST_ROW, Area, Reference
from xlsales.excel.values import Address

_ANYWHERE = re.compile(r"\b(INDIRECT|OFFSET)\s*\(", re.IGNORECASE)
_MADE_RANGE = re.compile(r"\)\s*:|:\s*\w+\s*\(")  # A1:INDEX(…)
_DEPTH = 20  # of names that stand for names


class Dependents:
    """The formulas of a workbook by what they refer to."""

    def __init__(self, formulas: Mapping[Address, str], names: Names, filled: Mapping[Address, Area]) -> None:
        """Read formulas; `filled` are the cells of those that fill several."""
        self._names = names
        self._filled = filled
        self._anywhere: list[Address] = []
        self._areas: defaultdict[str, defaultdict[Area, list[Address]]] = defaultdict(lambda: defaultdict(list))
        for address, formula in formulas.items():
            if _ANYWHERE.search(formula) or _MADE_RANGE.search(formula):
                self._anywhere.append(address)
            for sheet, area in self._referred(formula, address[0], 0):
                self._areas[sheet][area].append(address)

    def of(self, roots: Mapping[Address, Area]) -> dict[Address, Address]:
        """Return every formula that depends on these and their cells, each with the one through which it does.

        What says only when calculated where it looks, such as INDIRECT, counts as dependent.
        """
        found: dict[Address, Address] = {}
        waiting = list(roots)
        if waiting:
            found = {address: waiting[0] for address in self._anywhere if address not in roots}
            waiting += found
        areas = {sheet: dict(areas) for sheet, areas in self._areas.items()}
        while waiting:
            cell = waiting.pop()
            wanted = roots.get(cell) or self._filled.get(cell) or area_of(cell[1])
            own = areas.get(cell[0].casefold(), {})
            for area in [area for area in own if _meet(area, wanted)]:
                for address in own.pop(area):
                    if address not in found and address not in roots:
                        found[address] = cell
                        waiting.append(address)
        return found

    def _referred(self, formula: str, sheet: str, depth: int) -> Iterator[tuple[str, Area]]:
        for reference in references_in(formula):
            yield sheet_referred(reference, sheet).casefold(), area_referred(reference)
        if depth < _DEPTH:
            for name in _names_in(formula):
                meaning = self._names.get((sheet, name)) or self._names.get(("", name))
                if meaning:
                    yield from self._referred(meaning, sheet, depth + 1)


def _names_in(formula: str) -> Iterable[str]:
    try:
        found = list(formualizer.parse(f"={formula}").walk_refs())
    except (formualizer.ParserError, formualizer.TokenizerError, ValueError):
        return []
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
