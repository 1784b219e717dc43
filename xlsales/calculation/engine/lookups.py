"""Lookups in ranges where Excel and the engine do not find the same.

An approximate one goes through cells in order; what Excel happens to find in others, the engine does not. An exact one
sees every digit in Excel, and 15 or fewer in the engine.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import formualizer

from xlsales.calculation.engine.dependents import area_referred, sheet_referred
from xlsales.calculation.engine.ranges import Node, children, function_name, references_in
from xlsales.calculation.engine.readable import Readable, Shape
from xlsales.calculation.engine.rewritten import lookup_kind
from xlsales.calculation.engine.traits import EXACT, LOOKUPS
from xlsales.cells import letters
from xlsales.cells.columns import coordinate_to_tuple
from xlsales.cells.digits import alike
from xlsales.cells.formulas import Formulas
from xlsales.cells.references import Area, Reference
from xlsales.cells.values import Address

_LOOKUPS = re.compile(r"\b(?:[VHX]?LOOKUP|X?MATCH|RANK(?:\.EQ)?|UNIQUE)\s*\(", re.IGNORECASE)


class Searched(NamedTuple):
    """The cells that a lookup goes through."""

    sheet: str
    area: Area
    falls: bool  # they should be ordered from the largest to the smallest
    has_gaps: bool = True  # blank cells among them are passed over
    is_exact: bool = False  # they are looked through for what is equal
    is_of_itself: bool = False  # to each other


class Lookups:
    """The lookups in a workbook's formulas."""

    def __init__(self, formulas: Formulas, texts: Readable) -> None:
        self._names = formulas.names
        self._sizes = formulas.sizes
        self._sheets = {name.casefold(): name for name in formulas.sizes}
        self._formulas: dict[Searched, list[Address]] = {}
        has_any: dict[Shape, bool] = {}
        for address, shape in texts.shapes.items():
            if has_any.get(shape, True):
                found = list(self._in(texts.of(address), address[0]))
                has_any.setdefault(shape, bool(found))
                for searched in found:
                    self._formulas.setdefault(searched, []).append(address)

    def forget(self, addresses: Container[Address]) -> None:
        """Leave out some formulas."""
        for searched, known in list(self._formulas.items()):
            self._formulas[searched] = [address for address in known if address not in addresses]
            if not self._formulas[searched]:
                del self._formulas[searched]

    def going_through(self, cells: Iterable[Address]) -> set[Address]:
        """Return the formulas whose approximate lookups go through any of these cells."""
        places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for sheet, cell in cells:
            places[sheet].append(coordinate_to_tuple(cell))
        found: set[Address] = set()
        for searched, addresses in self._formulas.items():
            left, top, right, bottom = searched.area
            if not searched.is_exact and any(
                top <= row <= bottom and left <= column <= right for row, column in places[searched.sheet]
            ):
                found.update(addresses)
        return found

    def out_of_order(self, values: Callable[[str, Area], Sequence[Any]]) -> set[Address]:
        """Return the formulas that look something up approximately in cells whose values are not in order."""
        wrong: set[Address] = set()
        for searched, addresses in self._formulas.items():
            if searched.is_exact:
                continue
            cells = values(searched.sheet, searched.area)
            if not _rises(cells, searched.falls) or not (searched.has_gaps or _is_filled(cells)):
                wrong.update(addresses)
        return wrong

    def among_alike(
        self, values: Callable[[str, Area], Sequence[Any]], sought: Mapping[Address, Sequence[float | str]]
    ) -> set[Address]:
        """Return the formulas that look for what is equal where numbers differ behind the 15th digit only.

        Or where texts differ in what some languages take for the same. `sought` is what formulas look for.
        """
        found: set[Address] = set()
        for searched, addresses in self._formulas.items():
            if searched.is_exact:
                cells = values(searched.sheet, searched.area)
                numbers = sorted({float(cell) for cell in cells if type(cell) in (int, float)})
                if any(alike(*pair) for pair in pairwise(numbers)):
                    found.update(addresses)
                    continue
                texts = _Texts(cells)
                if searched.is_of_itself and any(texts.has_alike(cell) for cell in cells if isinstance(cell, str)):
                    found.update(addresses)
                for address in addresses:
                    wanted = sought.get(address, ())
                    if any(texts.has_alike(one) if isinstance(one, str) else _is_close(numbers, one) for one in wanted):
                        found.add(address)
        return found

    def _in(self, formula: str, sheet: str) -> Iterator[Searched]:
        if _LOOKUPS.search(formula):
            yield from self._searched(formualizer.parse(f"={formula}").to_dict(), sheet)

    def _searched(self, node: Node, sheet: str) -> Iterator[Searched]:
        for child in children(node):
            yield from self._searched(child, sheet)
        name = function_name(node)
        if name == "UNIQUE" and node["args"] and node["args"][0]["node_type"] == "Reference":
            for reference in self._references(node["args"][0]["reference"], sheet):
                place = self._sheets.get(sheet_referred(reference, sheet).casefold())
                if place is not None:
                    cells = area_referred(reference)
                    last_row, last_column = self._sizes[place]
                    cells = cells._replace(right=min(cells.right, last_column), bottom=min(cells.bottom, last_row))
                    yield Searched(place, cells, falls=False, is_exact=True, is_of_itself=True)
        if (name not in LOOKUPS and name not in EXACT) or len(node["args"]) < 2:
            return
        kind = lookup_kind(node) if name in LOOKUPS else 0
        if node["args"][1]["node_type"] == "Reference":
            for reference in self._references(node["args"][1]["reference"], sheet):
                place = self._sheets.get(sheet_referred(reference, sheet).casefold())
                if place is not None:
                    line = self._line(place, area_referred(reference), name)
                    yield Searched(place, line, kind < 0, name != "LOOKUP", not kind)

    def _references(self, text: str, sheet: str) -> Sequence[Reference]:
        name = text.rpartition("!")[2].lower()
        meaning = self._names.get((sheet, name)) or self._names.get(("", name), "")
        return references_in(text) or references_in(meaning)

    def _line(self, sheet: str, area: Area, name: str) -> Area:
        """Return the column or row of a range that a lookup goes through, as far as the sheet has cells."""
        last_row, last_column = self._sizes[sheet]
        across = name == "HLOOKUP" or (name != "VLOOKUP" and area.right - area.left > area.bottom - area.top)
        if across:
            return area._replace(bottom=area.top, right=max(area.left, min(area.right, last_column)))
        return area._replace(right=area.left, bottom=max(area.top, min(area.bottom, last_row)))


class _Texts:
    """The texts of cells, to find those that may be the same to Excel as another."""

    def __init__(self, cells: Sequence[Any]) -> None:
        self._cells = cells

    @cached_property
    def _likened(self) -> Mapping[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for text in {cell for cell in self._cells if isinstance(cell, str)}:
            found[letters.likened_to(text)].add(letters.folded(text))
        return found

    def has_alike(self, text: str) -> bool:
        """Whether there is one that may be the same, and is none to us."""
        return bool(self._likened.get(letters.likened_to(text), set()) - {letters.folded(text)})


def _is_close(numbers: Sequence[float], sought: float) -> bool:
    """Whether one of some numbers in order is like another one in 15 digits, and not the same."""
    place = bisect_left(numbers, sought)
    return any(alike(number, sought) and number != sought for number in numbers[max(place - 1, 0) : place + 2])


def _rises(values: Sequence[Any], falls: bool) -> bool:
    """Whether values are in Excel's order: numbers, then texts whatever their case, then FALSE and TRUE."""
    keys = [_key(value) for value in values if value is not None]
    return all(_follows(right, left) if falls else _follows(left, right) for left, right in pairwise(keys))


def _follows(one: tuple[int, Any], other: tuple[int, Any]) -> bool:
    """Whether a value is known to come behind another, or with it: in which order texts are may not be."""
    if one[0] == other[0] and isinstance(one[1], str) and one[1] != other[1]:
        return letters.order(one[1], other[1]) in (-1, 0)
    return one <= other


def _is_filled(values: Sequence[Any]) -> bool:
    """Whether no blank cell stands before one with a value: where Excel's LOOKUP looks then is its own affair."""
    blank = [place for place, value in enumerate(values) if value is None]
    return not blank or all(value is None for value in values[blank[0] :])


def _key(value: Any) -> tuple[int, Any]:
    match value:
        case bool():
            return 2, value
        case str():
            return 1, value.casefold()
        case dict():
            return 3, str(value)
        case _:
            return 0, value
