"""Where a template has the inputs that an update moves: single ones by name, tables by the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from xlsales.batch.update.inputs import Inputs, Value, placed_rows
from xlsales.cells.values import Address
from xlsales.schema import AS_OF, TABLES, TERRITORIES, WORDED
from xlsales.workbook import package as packages
from xlsales.workbook.planner_tables import PLANNER_TABLES
from xlsales.workbook.template import INPUT_NAMES, Template, TemplateTable

_FILLED = frozenset(f"in_{column.name}" for column in (*TERRITORIES, AS_OF))


@dataclass(frozen=True)
class Placed:
    """A table of a template: its columns that people fill."""

    excel_table: str
    target: TemplateTable
    letters: Mapping[str, str]  # by column

    def cell(self, column: str, index: int) -> Address:
        """Return the cell of a column in the table's row `index`, from 0."""
        return self.target.sheet, f"{self.letters[column]}{self.target.first_row + index}"


@dataclass(frozen=True)
class Layout:
    """The inputs of a template."""

    template: Template
    tables: Mapping[str, Placed] = field(default_factory=dict)

    @cached_property
    def template_parts(self) -> Mapping[str, bytes]:
        """The parts of the template."""
        return packages.read(self.template.package)

    @cached_property
    def single(self) -> Mapping[str, Address]:
        """The single inputs by name; of several names of one cell, it is the one that a table fills."""
        names = [name for name in self.template.names if name.startswith(INPUT_NAMES)]
        by_place: dict[Address, str] = {}
        for name in sorted(names, key=lambda one: (one not in _FILLED, one)):
            place = self.template.names[name]
            if place not in self.template.formulas:
                by_place.setdefault(place, name)
        return {name: place for place, name in by_place.items()}

    @cached_property
    def by_address(self) -> Mapping[Address, str | tuple[str, str, int]]:
        """What each input cell is: a name, or a table, a column and the index of a row."""
        found: dict[Address, str | tuple[str, str, int]] = {place: name for name, place in self.single.items()}
        for name, placed in self.tables.items():
            for column in placed.letters:
                found |= {placed.cell(column, index): (name, column, index) for index in range(placed.target.rows)}
        return found

    @cached_property
    def codes(self) -> Mapping[tuple[str, str], Mapping[str, str]]:
        """The codes of the words that this template shows otherwise than the tables, by table and column."""
        found = {}
        for table in TABLES.values():
            for column in table:
                words = {self.template.word(code): code for code in column.choices} if column.kind in WORDED else {}
                if any(word != code for word, code in words.items()):
                    found[("" if table is TERRITORIES else table.name, column.name)] = words
        return found

    def needed(self, inputs: Inputs) -> dict[str, int]:
        """Return the rows of each Excel table that holds fewer than these inputs have."""
        counts = {
            placed.excel_table: len(placed_rows(name, inputs.tables.get(name, ())))
            for name, placed in self.tables.items()
        }
        return {name: count for name, count in counts.items() if count > self.template.tables[name].rows}

    def cells(self, inputs: Inputs) -> dict[Address, Value]:
        """Return what stands in each input cell; None where the template's own value is to go."""
        found: dict[Address, Value] = {}
        defaults = self.template.defaults
        for name, place in self.single.items():
            if name in inputs.single:
                found[place] = self._word("", name.removeprefix("in_"), inputs.single[name])
        for name, placed in self.tables.items():
            if name in inputs.tables:
                rows = placed_rows(name, inputs.tables[name])
                for column in placed.letters:
                    for index in range(placed.target.rows):
                        value = rows[index].get(column) if index < len(rows) else None
                        place = placed.cell(column, index)
                        if value is not None or place in defaults:
                            found[place] = self._word(name, column, value)
        return {place: value for place, value in found.items() if value is not None or place in defaults}

    def _word(self, table: str, column: str, value: Value) -> Value:
        words = self.codes.get((table, column))
        return next((word for word, code in words.items() if code == value), value) if words else value


def layout(template: Template) -> Layout:
    """Read where a template has its inputs."""
    return Layout(template, dict(_tables(template)))


def _tables(template: Template) -> Iterator[tuple[str, Placed]]:
    for table in TABLES.values():
        target = template.table(table)
        if target is not None:
            letters = dict(_named_columns(template, table.name, target))
            for column in table.inputs:
                heading = template.heading(table.name, target, column)
                if heading is not None and heading not in target.computed:
                    letters.setdefault(column.name, target.letters[heading])
            yield table.name, Placed(_name_of(template, target), target, letters)
    for name, excel_table in PLANNER_TABLES.items():
        target = template.tables.get(excel_table)
        if target is not None:
            yield name, Placed(excel_table, target, dict(_named_columns(template, name, target)))


def _named_columns(template: Template, table: str, target: TemplateTable) -> Iterator[tuple[str, str]]:
    wanted = re.compile(rf"col_{table}_(\w+)")
    for name, place in template.names.items():
        found = wanted.fullmatch(name)
        heading = target.heading_at(place) if found else None
        if found and heading is not None and heading not in target.computed:
            yield found[1], target.letters[heading]


def _name_of(template: Template, target: TemplateTable) -> str:
    return next(name for name, table in template.tables.items() if table is target)
