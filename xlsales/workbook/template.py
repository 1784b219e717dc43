"""Reads a template once: its named inputs, its tables, its formulas and its defaults."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlsales.cells.columns import get_column_letter
from xlsales.cells.formulas import Formulas, asks_the_clock
from xlsales.cells.formulas import Table as TableRange
from xlsales.cells.values import Address, InputValue
from xlsales.errors import InputError
from xlsales.files.file_names import refuse_unusable
from xlsales.memory import uncollected
from xlsales.schema import TABLES, TERRITORIES, Column, Table, heading_name, word_name
from xlsales.texts import _
from xlsales.workbook import archive, damaged, defined_names, large_arrays, opening
from xlsales.workbook import package as packages
from xlsales.workbook.kept_formulas import KeptFormulas
from xlsales.workbook.parts import CONTENT_TYPES, fault_in
from xlsales.workbook.typed_columns import TypedColumns

if TYPE_CHECKING:
    from xlsales.workbook.sheet_part import SheetPart
    from xlsales.workbook.worksheets import Worksheets

_PACKAGE = Path(__file__).resolve().parents[1]
_READ_AGAIN = ("_worksheets", "source", "typed")  # in another process
_OF_THE_PACKAGE = ("_worksheets", "source", "sha256", "file_format", "asks_the_clock")
INPUT_NAMES = ("in_", "th_", "w_")  # how the names of single input cells begin: inputs, thresholds, weights


@dataclass(frozen=True)
class TemplateTable:
    """An Excel table of the template: where its rows are, and the column letter of each heading."""

    sheet: str
    first_row: int
    rows: int
    letters: dict[str, str]  # heading → column letter
    computed: frozenset[str]  # the headings that formulas fill

    def heading_at(self, place: Address) -> str | None:
        """Return the heading that stands in a cell, if it is one of the table's."""
        return self.headings.get(place)

    @cached_property
    def headings(self) -> Mapping[Address, str]:
        """The headings by their cells."""
        return {(self.sheet, f"{letter}{self.first_row - 1}"): name for name, letter in self.letters.items()}

    def cell(self, heading: str, index: int) -> Address:
        """Return the address of a heading's cell in the table's row `index`, from 0."""
        return self.sheet, f"{self.letters[heading]}{self.first_row + index}"


@dataclass(frozen=True)
class Template:
    """A planner to be filled, read once."""

    package: bytes
    name: str
    names: dict[str, Address]  # every defined name that is one cell, in lower case
    tables: dict[str, TemplateTable]
    formulas: Mapping[Address, str]
    defaults: dict[Address, InputValue]  # what the input cells hold in the template
    constants: dict[str, InputValue]  # the values of named cells without a formula
    assumptions: tuple[Address, ...] = ()  # cells that count as inputs too, beside those that a batch fills

    @cached_property
    def source(self) -> Formulas:
        """The formulas with all that they refer to, as they were read; another process reads them again."""
        return self._worksheets.formulas(defined_names.read(self.package, self.name).names)

    @property
    def sheets(self) -> Mapping[str, SheetPart]:
        """The worksheets' parts by name, as they were read; another process reads them again when it needs them."""
        return self._worksheets.sheets

    @cached_property
    def _worksheets(self) -> Worksheets:
        from xlsales.workbook.worksheets import Worksheets  # imports openpyxl

        with uncollected():
            return Worksheets(packages.read(self.package), self.name)

    def forget_sheets(self) -> None:
        """Give back the memory of the sheets as they were read; who asks for them reads them again."""
        for name in _READ_AGAIN:
            vars(self).pop(name, None)

    def forget_formulas(self) -> None:
        """Give back the memory of the formulas where they are kept; who asks for them reads them again."""
        if isinstance(self.formulas, KeptFormulas):
            self.formulas.forget()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in _READ_AGAIN}

    def with_inputs(self, assumptions: tuple[Address, ...], defaults: dict[Address, InputValue]) -> Template:
        """Return the same with more cells that count as inputs, and what they hold."""
        new = replace(self, assumptions=assumptions, defaults=defaults)
        vars(new).update({name: value for name, value in vars(self).items() if name in _OF_THE_PACKAGE})
        return new

    @cached_property
    def sha256(self) -> str:
        """The template's fingerprint."""
        return hashlib.sha256(self.package).hexdigest()

    @cached_property
    def file_format(self) -> str:
        """The kind of workbook that it is, xlsm or xlsx, whatever its name says."""
        return "xlsm" if packages.MAIN_XLSM in archive.opened(self.package, self.name)[CONTENT_TYPES] else "xlsx"

    @cached_property
    def asks_the_clock(self) -> bool:
        """Whether any formula or name may ask for the day or the time."""
        return asks_the_clock("\n".join((*self.formulas.values(), *self.source.names.values())))

    def table(self, table: Table) -> TemplateTable | None:
        """Return the Excel table of an input table: by its name, or the one that holds a heading named `col_…`."""
        if table.excel_table in self.tables:
            return self.tables[table.excel_table]
        named = (self.names.get(heading_name(table.name, column.name)) for column in table.inputs)
        return next((self._tables_by_heading[place] for place in named if place in self._tables_by_heading), None)

    @cached_property
    def _tables_by_heading(self) -> Mapping[Address | None, TemplateTable]:
        return {place: table for table in reversed(self.tables.values()) for place in table.headings}

    def heading(self, table: str, target: TemplateTable, column: Column) -> str | None:
        """Return the heading of a column: the one with the name `col_<table>_<column>`, or else the usual text."""
        place = self.names.get(heading_name(table, column.name))
        found = target.heading_at(place) if place else None
        if found is not None:
            return found
        return column.header if column.header in target.letters else None

    def word(self, code: str) -> str:
        """Return what this planner shows for a code of the tables: the word on its Lists."""
        word = self.constants.get(word_name(code))
        return word if isinstance(word, str) and word else code

    @cached_property
    def typed(self) -> TypedColumns:
        """What its tables take of the input tables, found out once."""
        return TypedColumns(self)

    def inputs(self) -> Iterator[Address]:
        """Yield every cell that a planner's inputs go into, thresholds and weights too."""
        yield from self.table_inputs()
        for name, address in self.names.items():
            if name.startswith(INPUT_NAMES[1:]) and address not in self.formulas:
                yield address

    def table_inputs(self) -> Iterator[Address]:
        """Yield every cell that the input tables or people's own tables go into."""
        for name, address in self.names.items():
            if name.startswith(INPUT_NAMES[0]):
                yield address
        for table in self.tables.values():
            for heading in table.letters:
                if heading in table.computed:
                    continue
                for index in range(table.rows):
                    yield table.cell(heading, index)
        yield from self.assumptions


def shipped(file_format: str) -> Path:
    """Return the template that comes with xlsales: in the installed package, or beside it in a checkout."""
    name = f"Sales Planner.{file_format}"
    installed = _PACKAGE / "templates" / name
    return installed if installed.exists() else _PACKAGE.parent / "workbook" / name


def read(path: Path) -> Template:
    """Read a template; a file that is no workbook, or no planner, raises InputError at once."""
    return parse(planner_bytes(path), path.name)


def planner_bytes(path: Path) -> bytes:
    """Return the bytes of a workbook that has a place for inputs; another file raises InputError."""
    refuse_unusable(path)
    package = opening.bytes_of(path, _("{path}, the template,").format(path=path))
    with damaged.in_one_line(path.name):
        refuse_others(package, path.name)
    return package


def refuse_others(package: bytes, name: str) -> None:
    """Raise InputError for a workbook without a place for inputs; only its names and tables are read."""
    parts = opening.opened(package, name)
    outline = defined_names.outline(parts, name)
    wanted = {f"in_{column.name}" for column in TERRITORIES}
    there = {defined.name.lower() for defined in outline.names}
    if there.isdisjoint(wanted) and defined_names.tables(parts).isdisjoint(t.excel_table for t in TABLES.values()):
        message = _(
            "{name}: This is no planner: it has no input cell (in_…) and no input table. "
            "Start from a copy of ours: xlsales template export."
        )
        raise InputError(message.format(name=name))


def parse(package: bytes, name: str) -> Template:
    """Read a template's bytes; one that cannot be read, or counts its dates from 1904, raises InputError."""
    with damaged.in_one_line(name), uncollected():
        return _parsed(package, name)


def _parsed(package: bytes, name: str) -> Template:
    from xlsales.workbook.worksheets import Worksheets  # imports openpyxl

    contents = dict(opening.opened(package, name))
    _refuse_malformed(contents, name)
    outline = defined_names.outline(contents, name)
    try:
        worksheets = Worksheets(contents, name)
        source = worksheets.formulas(outline.names)
    except (SyntaxError, KeyError, ValueError) as error:  # lxml's errors are SyntaxErrors
        message = _("{name} is not a workbook that can be read ({error}). Open it in Excel and save it again.")
        raise InputError(message.format(name=name, error=error)) from error
    large_arrays.refuse(source, name)
    if source.counts_from_1904:
        message = _(
            "{name} counts its dates from 1904, and a planner counts them from 1900. Untick “Use 1904 date system” "
            "(File > Options > Advanced), check the dates in the workbook, and save it again."
        )
        raise InputError(message.format(name=name))
    names = {name: address for name, address in outline.cells().items() if address[0] in worksheets.sheets}
    tables = {named.name: _table(named.table, source.cells) for named in worksheets.tables}
    formulas = {address: f"={formula.text}" for address, formula in source.cells.items()}
    constants = {defined: worksheets.value(place) for defined, place in names.items() if place not in formulas}
    template = Template(package, name, names, tables, formulas, {}, constants)
    vars(template).update(_worksheets=worksheets, source=source)
    for address in template.inputs():
        value = worksheets.value(address) if address not in formulas else formulas[address]
        if value is not None:
            template.defaults[address] = value
    return template


def _refuse_malformed(contents: Mapping[str, bytes], name: str) -> None:
    """Raise InputError where Excel would not read a part: planners would have it from the template as it is."""
    for part, content in contents.items():
        fault = fault_in(content) if part.endswith((".xml", ".rels")) else ""
        if fault:
            message = _(
                "{name} is damaged: its part {part} is no well-formed XML ({fault}). Open it in Excel, save it, and "
                "run again."
            )
            raise InputError(message.format(name=name, part=part, fault=fault))


def _table(table: TableRange, formulas: Container[Address]) -> TemplateTable:
    left, top, _right, bottom = table.area
    letters = {name: get_column_letter(left + index) for index, name in enumerate(table.columns)}
    computed = {name for name, letter in letters.items() if (table.sheet, f"{letter}{top + 1}") in formulas}
    return TemplateTable(table.sheet, top + 1, bottom - top, letters, frozenset(computed))
