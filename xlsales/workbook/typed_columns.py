"""What a template's tables take of the input tables: which columns, under which letters, in which words.

It is the same for all planners of a run, so it is found out once for each template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from xlsales.cells.values import Address
from xlsales.cells.words import Words
from xlsales.schema import WORDED, Column, Table

if TYPE_CHECKING:
    from xlsales.workbook.template import Template, TemplateTable


class TypedColumns:
    """The columns of a template that are typed in, and its words."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self.word = lru_cache(1000)(template.word)  # codes, and whatever a table holds in their place
        self._columns: dict[str, Sequence[tuple[Column, str]]] = {}
        self._cells: dict[tuple[str, int, str], Sequence[Address]] = {}
        self._words: dict[str, Mapping[str, Words]] = {}

    def columns(self, table: Table) -> Sequence[tuple[Column, str]]:
        """Return the columns of an input table that are typed into its Excel table, each with its letter."""
        if table.name not in self._columns:
            self._columns[table.name] = [*self._found(table)]
        return self._columns[table.name]

    def _found(self, table: Table) -> Sequence[tuple[Column, str]]:
        target = self._template.table(table)
        if target is None:
            return []
        headings = [(column, self._template.heading(table.name, target, column)) for column in table.inputs]
        return [(column, target.letters[name]) for column, name in headings if name and name not in target.computed]

    def cells(self, target: TemplateTable, heading: str) -> Sequence[Address]:
        """Return the cells of a heading's column, from the first row on."""
        key = target.sheet, target.first_row, heading
        if key not in self._cells:
            self._cells[key] = [target.cell(heading, row) for row in range(target.rows)]
        return self._cells[key]

    def words(self, table: Table) -> Mapping[str, Words]:
        """Return, by column, what turns the codes of a table into this template's words, where they differ."""
        if table.name not in self._words:
            columns = (column for column in table.inputs if column.kind in WORDED)
            words = {column.name: {code: self.word(code) for code in column.choices} for column in columns}
            differ = {name: own for name, own in words.items() if any(code != word for code, word in own.items())}
            self._words[table.name] = {name: Words(own) for name, own in differ.items()}
        return self._words[table.name]
