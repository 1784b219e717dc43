"""Planners of one shape against their template: what they hold is looked up, calculated and compared as arrays.

What is the same at a glance raises no finding; the rest is looked at one cell after another, as `comparing` does, in
the same order and with the same words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, compress, repeat
from typing import Any

import numpy as np

from xlsales.calculation.compiled import Compiled, Room
from xlsales.cells.arrays import BLANK, BOOL, ERROR, ERROR_CODES, NUMBER, TEXT, Array, CellArrays
from xlsales.cells.formula_texts import meaning
from xlsales.cells.values import Address, CellValue
from xlsales.collection import beyond, comparing, surroundings
from xlsales.collection.beyond import INPUT, Beyond
from xlsales.collection.finding import PlannerFinding
from xlsales.collection.places import Places
from xlsales.collection.reading import ALWAYS_THERE
from xlsales.collection.reference import Reference
from xlsales.collection.takes import Takes
from xlsales.collection.typed import Typed, Value, typed
from xlsales.functions.errors import CellError
from xlsales.schema import Column, Table
from xlsales.workbook.given import Given, Kind
from xlsales.workbook.known_texts import alike
from xlsales.workbook.returned import Returned, ReturnedTable
from xlsales.workbook.returned.cell_values import NOT_CALCULATED, CellValues
from xlsales.workbook.returned.shape import Glanced, Shape

_MOST_TYPED = 200_000  # values whose meaning is remembered
_ROOM = Room()  # nothing that is calculated in it is kept


def comparable(planner: Returned, reference: Reference) -> bool:
    """Whether a planner is as its template but for values: other copies of it then are, too."""
    places = Places(reference.planner, planner)
    template = reference.planner
    return (
        planner.inputs.keys() == template.inputs.keys()  # of what is gone, the planner's own properties tell
        and planner.tables.keys() == template.tables.keys()
        and places.is_identity
        and not places.lost_sheets
        and not places.own_sheets
        and not any(True for _finding in surroundings.findings(planner, reference, "", ""))
    )


class TextIds:
    """Texts by numbers of their own. Those that planners begin with alike are looked up once."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        """Take these numbers."""
        self._ids = ids
        self._before: tuple[Sequence[str], Array] = [], np.zeros(0, dtype=np.int64)

    def of(self, texts: Sequence[str]) -> Array:
        """Return the numbers of a planner's texts, -1 for what is none of ours."""
        before, found = self._before
        same = alike(before, texts)
        rest = np.fromiter(map(self._ids.get, texts[same:], repeat(-1)), np.int64, len(texts) - same)
        ids = np.concatenate([found[:same], rest])
        if 2 * same < len(texts):
            self._before = texts, ids
        return ids


@dataclass(frozen=True)
class _Constants:
    """The cells that are no inputs, and what the template has in them."""

    cells: Array
    kinds: Array
    numbers: Array  # of texts, their places in `texts`
    texts: TextIds
    given: Sequence[tuple[Address, Given]]


@dataclass(frozen=True)
class Held(Sequence[CellValue]):
    """What a planner's formulas give, by their places in the template's order."""

    kinds: Array
    numbers: Array
    texts: Sequence[str]
    ids: TextIds

    def __len__(self) -> int:
        return int(self.kinds.size)

    def __getitem__(self, place: Any) -> Any:
        return self.value(place)

    def value(self, place: int) -> CellValue:
        """Return what a formula gives."""
        number = float(self.numbers[place])
        match int(self.kinds[place]):
            case 2:
                return number
            case 4:
                return self.texts[int(number)]
            case 8:
                return bool(number)
            case 16:
                return CellError(ERROR_CODES[int(number)])
        return None


@dataclass(frozen=True)
class TableCells:
    """The cells of a table."""

    table: ReturnedTable
    columns: Mapping[str, int]  # their places, by name
    cells: Array  # (rows, columns)
    typed: Sequence[int]  # the columns that somebody fills in

    @staticmethod
    def of(table: ReturnedTable, shape: Shape) -> TableCells:
        """Find the cells of a table."""
        but = {*table.computed, *ALWAYS_THERE.get(table.name, beyond.ALWAYS_THERE)}
        numbers = range(table.head + 1, table.last + 1)
        cells = [[shape.cell((table.sheet, f"{letter}{n}")) for letter in table.letters.values()] for n in numbers]
        places = {column: place for place, column in enumerate(table.letters)}
        all_of = np.array(cells, dtype=np.intp).reshape(len(numbers), len(places))
        return TableCells(table, places, all_of, [place for name, place in places.items() if name not in but])


class TypedBefore(dict[Any, "tuple[Value, Typed | None]"]):
    """What was typed before into a column: what it means, and what is to be said of it."""

    def __init__(self) -> None:
        """Know nothing."""
        super().__init__()
        self.plain: dict[Any, Value] = {}  # of which nothing is to be said

    def remember(self, held: Any, value: Value, said: Typed | None) -> None:
        """Remember what something means."""
        if len(self) > _MOST_TYPED:
            self.clear()
            self.plain.clear()
        self[held] = value, said
        if said is None and value is not None:
            self.plain[held] = value


class Glance:
    """A shape, and the template that its planners are compared with."""

    def __init__(self, shape: Shape, reference: Reference, different: Collection[Address] = ()) -> None:
        self.different = frozenset(map(shape.cell, different))  # whose formulas are not the template's
        self.shape = shape
        self.reference = reference
        self._formulas = np.array([shape.cell(address) for address in reference.addresses], dtype=np.intp)
        self._is_soft = np.array([address in reference.soft for address in reference.addresses])
        self._headlines = comparing.headlines(reference)
        inputs = reference.cells_of_inputs(shape.names, shape.tables)
        self._input_addresses = list(inputs)
        self._inputs = np.array([_place(shape, cell) for cell in inputs.values()], dtype=np.intp)
        usual = reference.usual
        self._usual = [(shape.cell(place), value) for place, value in usual.items()]
        self._constants = _constants(shape, reference)
        self._others = np.array(_others(shape, reference), dtype=np.intp)
        self._places: dict[int, Array] = {}
        # As `Beyond` tells them, once for all.
        self.tables_beyond: Sequence[Table] | None = None
        self.columns_beyond: dict[str, Sequence[Column]] = {}
        self.takes: dict[str, Takes] = {}  # by table
        self.typed_inputs: dict[Any, Typed] = {}
        self._singles: tuple[list[tuple[str, Column]], Array] | None = None
        self.typed: defaultdict[tuple[str, str], TypedBefore] = defaultdict(TypedBefore)  # by table and column

    @staticmethod
    def of(shape: Shape, reference: Reference, different: Mapping[Address, bool]) -> Glance | None:
        """Return the glance of a shape; None where formulas stand where values belong, or the other way round.

        Some cells may be `different`: they have other formulas than in the template, or none.
        """
        if any((place in shape.formulas) != has_formula for place, has_formula in different.items()):
            return None
        found = Glance(shape, reference, different)
        cells = np.concatenate([found._inputs, found._constants.cells, found._others])
        is_formula = np.append(shape.is_formula, False)
        is_formula[list(found.different)] = True
        is_usual = found._formulas.max(initial=-1) < shape.is_formula.size and is_formula[found._formulas].all()
        return found if is_usual and not is_formula[cells].any() else None

    @cached_property
    def tables(self) -> Mapping[str, TableCells]:
        """The cells of the tables."""
        return {name: TableCells.of(table, self.shape) for name, table in self.shape.tables.items()}

    @cached_property
    def _typed_cells(self) -> tuple[list[str], Array, list[int]]:
        """The tables, the cells that somebody fills in, and where among them those of each table begin."""
        cells = {name: own.cells[:, own.typed].ravel() for name, own in self.tables.items()}
        cells = {name: some for name, some in cells.items() if some.size}
        starts = list(accumulate((some.size for some in cells.values()), initial=0))[:-1]
        return list(cells), np.concatenate([self._inputs[:0], *cells.values()]), starts

    def filled(self, values: CellValues) -> set[str]:
        """Return the tables in which somebody has filled in something."""
        names, cells, starts = self._typed_cells
        if not names:
            return set()
        return set(compress(names, np.logical_or.reduceat(values.kinds[cells] != BLANK, starts).tolist()))

    def typed_before(self, given: Given, column: Column, words: dict[str, str]) -> Typed:
        """Return what an input means in its column, as somebody typed it before, or anew."""
        key = column.name, given.kind, given.value, given.formula, given.number_format
        found = self.typed_inputs.get(key)
        if found is None:
            if len(self.typed_inputs) > _MOST_TYPED:
                self.typed_inputs.clear()
            found = self.typed_inputs[key] = typed(given, column, words)
        return found

    def singles(self, told: Beyond, planner: Glanced) -> tuple[list[tuple[str, Column]], Array]:
        """Return the single inputs that are no columns of territories, by name, and their cells."""
        if self._singles is None:
            columns = [(column.name.removeprefix(INPUT), column) for column, _given in told.singles(planner)]
            cells = [self.shape.cell(self.shape.inputs[name]) for name, _column in columns]
            self._singles = columns, np.array(cells, dtype=np.intp)
        return self._singles

    def is_plain(self, planner: Glanced) -> bool:
        """Whether inputs are given to the calculation as they are, and nothing stands where the planner has none."""
        values = planner.values
        nothing = (values.kinds[self._others] == BLANK).all()
        kinds = values.kinds[self._inputs]
        are_given = not ((kinds == ERROR) | (kinds == NOT_CALCULATED)).any()
        return bool(nothing) and are_given and (not planner.odd or self._are_few(planner))

    def is_mended(self, planner: Glanced) -> bool:
        """Whether a planner has the template's formulas where the one that the shape was learned from has others."""
        return planner.odd.keys() == self.different and all(
            planner.odd[cell].formula == self.reference.formulas[self.reference.addresses[self._formula_places[cell]]]
            for cell in self.different
        )

    def _are_few(self, planner: Glanced) -> bool:
        """Whether other formulas are no reason to take another template, or stand where words belong."""
        magic = self.shape.names.get("out_magic_number")
        cells = planner.odd.keys()
        return (
            not comparing.are_foreign(len(cells | self.different), self.reference)
            and (magic is None or self.shape.cell(magic) not in cells)
            and not any(planner.odd[cell].formula for cell in cells & self._words)
        )

    @cached_property
    def _words(self) -> frozenset[int]:
        return frozenset([*self._constants.cells.tolist(), *self._others.tolist()])

    @cached_property
    def _formula_places(self) -> Mapping[int, int]:
        """Where formulas stand among those of the template, by their cells."""
        return {cell: place for place, cell in enumerate(self._formulas.tolist())}

    @cached_property
    def _sheets(self) -> Mapping[str, int]:
        """The sheets in the order of their first formulas."""
        sheets = dict.fromkeys(sheet for sheet, _cell in self.reference.addresses)
        return {sheet: number for number, sheet in enumerate(sheets)}

    def other_formulas(self, planner: Glanced, finding: comparing.Finding) -> dict[int, PlannerFinding]:
        """Return what is to be said of cells whose formulas are not the template's, by the places of these."""
        places = [
            self._formula_places[cell] for cell in planner.odd.keys() | self.different if cell in self._formula_places
        ]
        addresses, found = self.reference.addresses, {}
        for place in sorted(places, key=lambda one: (self._sheets[addresses[one][0]], one)):
            address = addresses[place]
            expected, formula = self.reference.formulas[address], planner.at(address).formula
            if not formula:
                found[place] = comparing.of_overwritten(address, expected, planner.at(address), finding)
            elif formula != expected and meaning(formula) != meaning(expected):
                found[place] = comparing.of_other_formula(address, expected, formula, finding)
        return found

    def is_usual(self, values: CellValues) -> bool:
        """Whether the thresholds are the template's."""
        return all(_cell_value(values, cell) == value for cell, value in self._usual)

    def calculated(self, many: Sequence[CellValues], *, is_usual: bool) -> list[Held]:
        """Return what the formulas give for the inputs of some planners, all with the usual thresholds or none."""
        compiled = self.reference.compiled(is_usual=is_usual)
        given = [CellArrays(one.kinds[self._inputs], one.numbers[self._inputs], one.texts) for one in many]
        found = compiled.given_arrays(self._places_in(compiled), given, _ROOM)
        kinds, numbers = found.held(self.reference.addresses)
        ids = TextIds(found.text_ids)
        return [Held(*row, found.texts, ids) for row in zip(kinds, numbers, strict=True)]

    def _places_in(self, compiled: Compiled) -> Array:
        key = id(compiled)
        if key not in self._places:
            self._places[key] = compiled.placed(self._input_addresses)
        return self._places[key]

    @cached_property
    def errors(self) -> TextIds:
        """The numbers of errors in a calculation, by their codes."""
        return TextIds({code: number for number, code in enumerate(ERROR_CODES)})

    def compared(self, planner: Glanced, held: Held, but: Collection[int] = ()) -> comparing.Told:
        """Return what differs in the values of formulas, `but` for some of them."""
        values = planner.values
        kinds, numbers = values.kinds[self._formulas], values.numbers[self._formulas]
        same = kinds == held.kinds
        with np.errstate(invalid="ignore", over="ignore"):
            near = np.abs(numbers - held.numbers) <= comparing.ABSOLUTE + comparing.TOLERANCE * np.abs(held.numbers)
        is_number, is_text, is_error = (same & (kinds == kind) for kind in (NUMBER, TEXT, ERROR))
        alike = (is_number & near) | (same & (kinds == BOOL) & (numbers == held.numbers))
        if is_text.any():
            ids = held.ids.of(values.texts)
            alike |= is_text & (ids[np.where(is_text, numbers, 0).astype(np.intp)] == held.numbers)
        if is_error.any():
            ids = self.errors.of(values.texts)
            alike |= is_error & (ids[np.where(is_error, numbers, 0).astype(np.intp)] == held.numbers)
        counts = held.kinds != BLANK
        counts[list(but)] = False
        is_missing = (kinds == NOT_CALCULATED) & counts
        doubtful = np.flatnonzero(counts & ~is_missing & ~alike & ~self._is_soft)
        headlines: list[comparing.Difference] = []
        others: defaultdict[str, list[comparing.Difference]] = defaultdict(list)
        for place in doubtful.tolist():
            address = self.reference.addresses[place]
            kind, stored = values.value(int(self._formulas[place]))
            value = held.value(place)
            if not comparing.alike(kind, stored, value):
                different = comparing.Difference(address, value, planner.at(address))
                (headlines if address in self._headlines else others[address[0]]).append(different)
        return comparing.Told(headlines, others, int(is_missing.sum()))

    def changed(self, planner: Glanced) -> list[tuple[Address, Given, Given]]:
        """Return the cells that are no inputs and hold something else than in the template: what was, and what is."""
        own, values = self._constants, planner.values
        kinds, numbers = values.kinds[own.cells], values.numbers[own.cells]
        ids = own.texts.of(values.texts)
        is_text = (kinds == TEXT) & (own.kinds == TEXT)
        same = is_text & (ids[np.where(is_text, numbers, 0).astype(np.intp)] == own.numbers)
        near = np.abs(numbers - own.numbers) <= comparing.ABSOLUTE + comparing.TOLERANCE * np.abs(own.numbers)
        same |= (kinds == NUMBER) & (own.kinds == NUMBER) & near
        found = []
        for place in np.flatnonzero(~same).tolist():
            address, before = own.given[place]
            now = planner.at(address)
            if not comparing.same(before, now):
                found.append((address, before, now))
        return found


def _others(shape: Shape, reference: Reference) -> list[int]:
    """Return the cells that the template has no use for."""
    known = reference.known_cells
    in_tables = {int(cell) for table in shape.tables.values() for cell in TableCells.of(table, shape).cells.ravel()}
    return [
        place
        for (sheet, cell), place in shape.place_of.items()
        if cell not in known.get(sheet, ()) and place not in in_tables
    ]


def _place(shape: Shape, cell: Address | None) -> int:
    return len(shape.is_formula) if cell is None else shape.cell(cell)


def _cell_value(values: CellValues, cell: int) -> CellValue:
    kind, value = values.value(cell)
    return CellError(str(value)) if kind is Kind.ERROR else value


def _constants(shape: Shape, reference: Reference) -> _Constants:
    texts: dict[str, int] = {}
    kinds: list[int] = []
    numbers: list[float] = []
    for given in reference.constants.values():
        match given.kind:
            case Kind.TEXT:
                kinds.append(TEXT)
                numbers.append(texts.setdefault(str(given.value), len(texts)))
            case Kind.NUMBER:
                kinds.append(NUMBER)
                numbers.append(float(given.value or 0))
            case _:
                kinds.append(0)
                numbers.append(0.0)
    cells: Any = [shape.cell(address) for address in reference.constants]
    return _Constants(
        np.array(cells, dtype=np.intp),
        np.array(kinds, dtype=np.int8),
        np.array(numbers, dtype=np.float64),
        TextIds(texts),
        list(reference.constants.items()),
    )
