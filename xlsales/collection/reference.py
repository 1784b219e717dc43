"""The template that planners are compared with: its formulas compiled, and what its other cells hold."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict, defaultdict, deque
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

from xlsales.calculation.compiled import Compiled, remembered
from xlsales.cells.columns import column_index_from_string
from xlsales.cells.references import area, row_and_column
from xlsales.cells.values import Address, CellValue
from xlsales.collection.beyond import Beyond
from xlsales.errors import XlsalesError
from xlsales.files import kept
from xlsales.rollup.gathered import FIGURES
from xlsales.schema import TABLES, WORDED, word_name
from xlsales.workbook import kept_template, returned, table_size, typing_room
from xlsales.workbook import template as templates
from xlsales.workbook.given import Given
from xlsales.workbook.returned import EXCEL_TABLES, Returned, ReturnedTable
from xlsales.workbook.template import Template

_ASSUMPTION = re.compile(r"(?:th|w)_\w+")
_PROGRESS = re.compile(r"=IF\((\$?[A-Z]+\$?\d+)=0,word_empty,IF\(\1<(\$?[A-Z]+\$?\d+),word_started,word_filled\)\)")
_ROW_OF = re.compile(r"(?<![\w.-])ROW\(")
_MOST_LARGER = 4
_MOST_SIGNATURES = 8
_FUNCTIONS = "Functions"  # the sheet where functions stand in cells
_CELLS = re.compile(r"(?<![\w.!$])\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?(?![\w.(])")
Signature: TypeAlias = "list[tuple[str, bytes]]"  # the formulas of a sheet, as a file has them
HEADLINE = "out_"  # what the names of headline figures begin with


class Reference:
    """A template, read once, that any number of planners are compared with."""

    def __init__(self, package: bytes, name: str, soft: frozenset[Address] = frozenset()) -> None:
        """Read a template; the values of `soft` formulas differ from one computer to another."""
        self.soft = soft
        self.planner: Returned = returned.parse(package, name)
        self._columns: dict[str, Mapping[str, Sequence[Address]]] = {}
        self.assumptions = self._assumptions()
        self.template: Template = kept_template.parsed(package, name)
        self._compiled = remembered.compiled(self.template)
        self.addresses = self._compiled.addresses
        self.formulas: Mapping[Address, str] = {a: text.removeprefix("=") for a, text in self.template.formulas.items()}

    def calculated(self, many: Sequence[Mapping[Address, CellValue]]) -> list[list[CellValue]]:
        """Return what the formulas give for the inputs of some planners, those with the usual thresholds at once."""
        usual = [self._is_usual(inputs) for inputs in many]
        found: list[list[CellValue]] = [[] for _inputs in many]
        for is_usual in set(usual):
            places = [place for place, one in enumerate(usual) if one is is_usual]
            compiled = self.compiled(is_usual=is_usual)
            given: Any = [many[place] for place in places]
            for place, values in zip(places, compiled.calculated(given), strict=True):
                found[place] = values
        return found

    def compiled(self, *, is_usual: bool) -> Compiled:
        """Return the formulas compiled: for the usual thresholds, or for any."""
        return self._compiled if is_usual else self._compiled_for_others

    def _is_usual(self, inputs: Mapping[Address, CellValue]) -> bool:
        return all(inputs.get(place) == value for place, value in self.usual.items())

    @cached_property
    def usual(self) -> Mapping[Address, CellValue]:
        """The thresholds, weights and chances as the template has them."""
        return {place: self.planner.cells.at(place).cell_value for place in self.assumptions.values()}

    @cached_property
    def _compiled_for_others(self) -> Compiled:
        """The formulas compiled for any thresholds, which takes longer: a few are left to the engine."""
        places = tuple(self.assumptions.values())
        defaults = {
            **self.template.defaults,
            **{place: self.template.constants[name] for name, place in self.assumptions.items()},
        }
        return remembered.compiled(self.template.with_inputs(places, defaults))

    def _assumptions(self) -> dict[str, Address]:
        """Return the thresholds, weights and chances that a person may change, by name."""
        open_styles = typing_room.open_styles(self.planner.parts)
        return {
            name: place
            for name, place in self.planner.names.items()
            if _ASSUMPTION.fullmatch(name)
            and typing_room.style_of(self.planner.worksheets.sheets[place[0]], place[1]) in open_styles
        }

    @cached_property
    def formulas_by_sheet(self) -> Mapping[str, Mapping[Address, str]]:
        """The formulas, without their equals signs, sheet by sheet."""
        found: defaultdict[str, dict[Address, str]] = defaultdict(dict)
        for address, text in self.formulas.items():
            found[address[0]][address] = text
        return found

    @cached_property
    def signatures(self) -> Mapping[str, deque[Signature]]:
        """The formulas of each sheet as the template's file has them, and as programs write them that save planners."""
        cells = self.planner.cells
        return {sheet: deque([cells.signature(sheet)], maxlen=_MOST_SIGNATURES) for sheet in cells.sheets}

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The codes of the tables by the words that the planner shows for them, case-folded."""
        found = {}
        for table in TABLES.values():
            for column in table:
                for code in column.choices if column.kind in WORDED else ():
                    given = self.planner.named(word_name(code))
                    found[str(given.value if given else code).casefold()] = code
        return found

    @cached_property
    def constants(self) -> Mapping[Address, Given]:
        """What the cells hold that are neither inputs nor formulas: labels, headings, words, lists."""
        inputs = {*self.template.inputs(), *self.assumptions.values()}
        found = {}
        for sheet, part in self.planner.worksheets.sheets.items():
            inside = [table for table in self.planner.tables.values() if table.sheet == sheet]
            for reference, cell in part.cells.items():
                address = sheet, reference
                if not cell.has_value or cell.formula or address in inputs or _is_inside(address, inside):
                    continue
                found[address] = self.planner.cells.at(address)
        return found

    @cached_property
    def tell_places(self) -> frozenset[Address]:
        """The formulas that say in which row or column something stands: others, where that was moved."""
        return frozenset(
            place
            for place, text in self.formulas.items()
            if "COLUMN(" in text or ("ROW()" not in text and _ROW_OF.search(text))
        )

    @cached_property
    def known_cells(self) -> Mapping[str, frozenset[str]]:
        """The cells of each sheet in which something stands, or may be typed."""
        open_styles = typing_room.open_styles(self.planner.parts)
        return {
            sheet: frozenset(
                reference
                for reference, cell in part.cells.items()
                if cell.has_value or cell.formula or typing_room.style_of(part, reference) in open_styles
            )
            for sheet, part in self.planner.worksheets.sheets.items()
        }

    @cached_property
    def progress(self) -> list[tuple[Address, Address]]:
        """The cells that say how much of a step is done, and of how much."""
        found = []
        for (sheet, _cell), text in self.template.formulas.items():
            step = _PROGRESS.fullmatch(text)
            if step:
                found.append(((sheet, step[1].replace("$", "")), (sheet, step[2].replace("$", ""))))
        return found

    @cached_property
    def figures(self) -> Mapping[str, Address]:
        """The headline figures, and others that the roll-up adds up, by name."""
        return {
            name: place
            for name, place in self.planner.names.items()
            if (name.startswith(HEADLINE) or name in FIGURES) and place in self.template.formulas
        }

    @cached_property
    def place_of(self) -> Mapping[Address, int]:
        """Where each formula stands in `addresses`."""
        return {address: index for index, address in enumerate(self.addresses)}

    def inputs(self, planner: Returned) -> dict[Address, CellValue]:
        """Return what a planner's inputs hold, by the template's cells."""
        found: dict[Address, CellValue] = {}
        for name, place in self.planner.names.items():
            if name.startswith("in_") or name in self.assumptions:
                given = planner.named(name)
                if given is not None and place not in self.template.formulas:
                    found[place] = given.cell_value
        for name, own in self.planner.tables.items():
            table = planner.tables.get(name)
            if table is not None:
                found |= self._rows(own, table)
        return found

    def cells_of_inputs(
        self, names: Mapping[str, Address], tables: Mapping[str, ReturnedTable]
    ) -> dict[Address, Address | None]:
        """Return the cells of a planner in which inputs stand, by the template's cells; None where there is none."""
        found: dict[Address, Address | None] = {}
        for name, place in self.planner.names.items():
            is_input = name.startswith("in_") or name in self.assumptions
            if is_input and name in names and place not in self.template.formulas:
                found[place] = names[name]
        for name, own in self.planner.tables.items():
            table = tables.get(name)
            for column, places in self._places_of(own).items() if table is not None else ():
                assert table is not None
                letter = table.letters.get(column)
                for number, place in enumerate(places, table.head + 1):
                    is_there = letter is not None and number <= table.last
                    found[place] = (table.sheet, f"{letter}{number}") if is_there else None
        return found

    def _rows(self, own: ReturnedTable, table: ReturnedTable) -> dict[Address, CellValue]:
        found: dict[Address, CellValue] = {}
        for column, places in self._places_of(own).items():
            values = [row.value(column) for row in table.rows[: len(places)]]
            found.update(zip(places, [*values, *[None] * (len(places) - len(values))], strict=True))
        return found

    def _places_of(self, own: ReturnedTable) -> Mapping[str, Sequence[Address]]:
        """Return the cells of a table's columns that are no formulas."""
        if own.name not in self._columns:
            numbers = range(own.head + 1, own.head + 1 + len(own.rows))
            columns = {column: letter for column, letter in own.letters.items() if column not in own.computed}
            self._columns[own.name] = {
                column: [(own.sheet, f"{letter}{number}") for number in numbers] for column, letter in columns.items()
            }
        return self._columns[own.name]


def _is_inside(address: Address, tables: list[ReturnedTable]) -> bool:
    row, column = row_and_column(address[1])
    return any(
        table.head < row <= table.last and column in map(column_index_from_string, table.letters.values())
        for table in tables
    )


class References:
    """The templates at hand: the shipped ones, or another one, each with larger tables where planners have them."""

    def __init__(self, package: bytes | None = None, name: str = "") -> None:
        """Take another template than the shipped ones."""
        self._package = package
        self._name = name
        self.shapes: Any = None  # of planners that were read, kept by who reads them
        self._known: OrderedDict[tuple[str, tuple[tuple[str, int], ...]], Reference | None] = OrderedDict()

    def of(self, planner: Returned) -> Reference | None:
        """Return the reference for a planner; None where a table cannot be as large as it is there."""
        kind = "" if self._package is not None else self._kind(planner)
        base = self._reference(kind, ())
        assert base is not None
        sizes = tuple(
            (EXCEL_TABLES[name], len(table.rows))
            for name, table in sorted(planner.tables.items())
            if name in base.planner.tables and len(table.rows) > len(base.planner.tables[name].rows)
        )
        return self._reference(kind, sizes) if sizes else base

    def any(self) -> Reference:
        """Return a reference for what is the same in all of them."""
        found = self._reference("" if self._package is not None else "xlsx", ())
        assert found is not None
        return found

    @cached_property
    def beyond(self) -> Beyond:
        """What planners hold beyond the input tables."""
        return Beyond(self.any().planner)

    @staticmethod
    def _kind(planner: Returned) -> str:
        """Return which of the shipped templates a planner was made from: in one of them, functions stand in cells."""
        magic = planner.named("out_magic_number")
        return "xlsm" if magic is not None and magic.formula.upper().startswith("IF(") else "xlsx"

    def _reference(self, kind: str, sizes: tuple[tuple[str, int], ...]) -> Reference | None:
        key = kind, sizes
        if key not in self._known:
            self._known[key] = self._made(kind, sizes)
            if len(self._known) > _MOST_LARGER + 3:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]

    def _made(self, kind: str, sizes: tuple[tuple[str, int], ...]) -> Reference | None:
        package, name = self._package, self._name
        if package is None:
            path = templates.shipped(kind)
            package, name = path.read_bytes(), path.name
        if sizes:
            larger = _resized(package, sizes)
            if larger is None:
                return None
            package = larger
        return Reference(package, name, _soft(package, name))


def _resized(package: bytes, sizes: tuple[tuple[str, int], ...]) -> bytes | None:
    name = kept.name("size", hashlib.sha256(package).hexdigest(), *(f"{table} {rows}" for table, rows in sizes))
    found = kept.load(name)
    if found is None:
        try:
            found = table_size.resized(package, dict(sizes), values_follow=True)
        except XlsalesError:
            return None
        kept.keep(name, found)
    return found


def _soft(package: bytes, name: str) -> frozenset[Address]:
    """Return the cells where functions stand, and those that say whether they answer: with Python there, or not."""
    template = kept_template.parsed(package, name)
    if template.file_format != "xlsm":
        return frozenset()
    headlines = {place for one, place in template.names.items() if one.startswith("out_")}
    plain = kept_template.read(templates.shipped("xlsx")).formulas
    own = {place: text for place, text in template.formulas.items() if place not in headlines}
    found = {place for place, text in own.items() if place[0] == _FUNCTIONS and plain.get(place) != text}
    while True:  # and what reads them
        at = {row_and_column(cell) for _sheet, cell in found}
        more = {p for p, text in own.items() if p not in found and p[0] == _FUNCTIONS and _reads(text, at)}
        if not more:
            return frozenset(found)
        found |= more


def _reads(formula: str, cells: set[tuple[int, int]]) -> bool:
    """Whether a formula reads one of some cells of its own sheet."""
    for token in _CELLS.finditer(formula):
        around = area(token[0])
        if around is not None and any(
            around.top <= row <= around.bottom and around.left <= column <= around.right for row, column in cells
        ):
            return True
    return False
