"""What the tables say of a planner, as it is written into it: the base of its next update.

It is what a run that knows nothing of the manager puts into the cells, with the template's own values in the cells
that the tables leave empty. An updated planner carries what the tables said, and not what came of the merge: so a
value that a manager has changed is one that differs from its base, month after month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from xlsales.batch.update.inputs import KEYS, NUMBERED, Inputs, Row, Value, numbered, without_blank_ends
from xlsales.batch.update.layout import Layout
from xlsales.cells.values import Address, InputValue, serial
from xlsales.cells.words import Words
from xlsales.functions.errors import CellError
from xlsales.schema import Kind
from xlsales.workbook import carried
from xlsales.workbook.filling import Block, Filling

NAME = "inputs"  # of the custom properties
_MOST_DAYS = 65_536


class _Days(dict[Any, Any]):
    """Days as their serial numbers, anything else as it is; the planners of a run share their days."""

    def __missing__(self, value: Any) -> Any:
        if not isinstance(value, dt.date):
            return value
        if len(self) >= _MOST_DAYS:
            self.clear()
        self[value] = serial(value)
        return self[value]


_day_of = _Days().__getitem__


class Recorder:
    """Tells what a filling says, given where the template has its inputs."""

    def __init__(self, layout: Layout, template: str) -> None:
        """Take where a template has its inputs, and the fingerprint of the template before it was enlarged."""
        self._layout, self._template = layout, template
        self._by_address = layout.by_address

    def record(self, filling: Filling) -> dict[str, Any]:
        """Return what a filling says, as a workbook can carry it."""
        found: dict[str, Any] = {**self._defaults, "blocks": [self._block(block) for block in filling.blocks]}
        single, cells = self._placed(filling.single, lambda _table, _column, value: _day_of(value))
        return found | {"single": single, "cells": cells}

    def _block(self, block: Block) -> tuple[str, list[int], dict[str, Any]]:
        columns: dict[str, list[Any]] = {}
        for column, _letter in block.columns:
            code = self._code_of.get((block.name, column.name))
            if code is not None:
                values = block.mapped(column, code)
            else:
                values = block.serials(column) if column.kind is Kind.DATE else block.values(column)
            if values.count(None) < len(values):
                columns[column.name] = values
        return block.name, list(block.indexes), columns

    def _coded(self, table: str, column: str, value: object) -> object:
        words = self._layout.codes.get((table, column))
        return words.get(value, value) if words and isinstance(value, str) else value

    def _placed(
        self, values: Mapping[Address, InputValue], stored: Callable[[str, str, Any], Any]
    ) -> tuple[dict[str, Any], dict[str, dict[str, tuple[list[int], list[Any]]]]]:
        """Values by the names of single cells, and those of lists by table and column, each with its row."""
        single: dict[str, Any] = {}
        cells: dict[str, dict[str, tuple[list[int], list[Any]]]] = {}
        for place, value in values.items():
            where = self._by_address.get(place)
            if isinstance(where, str):
                single[where] = self._coded("", where.removeprefix("in_"), value)
            elif where is not None:
                table, column, index = where
                indexes, found = cells.setdefault(table, {}).setdefault(column, ([], []))
                indexes.append(index)
                found.append(stored(table, column, value))
        return single, cells

    @cached_property
    def _code_of(self) -> Mapping[tuple[str, str], Words]:
        """What turns the words of columns into codes."""
        return {place: Words(words) for place, words in self._layout.codes.items()}

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        """What the template's cells hold by themselves, and which columns there are."""
        found, cells = self._placed(dict(sorted(self._layout.template.defaults.items())), self._coded)
        single: dict[str, Any] = dict.fromkeys(sorted(self._layout.single)) | found
        cells = {table: dict(sorted(cells[table].items())) for table in sorted(cells)}
        columns = {name: sorted(placed.letters) for name, placed in self._layout.tables.items()}
        return {"template": self._template, "own": single, "own_cells": cells, "columns": columns}

    def inputs(self, filling: Filling) -> Inputs:
        """Return what a filling says."""
        return inputs(self.record(filling))


def had(properties: Mapping[str, str]) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return the single inputs and the tables that a planner was made with; None where it does not carry them."""
    try:
        record = carried.read(NAME, properties)
    except carried.DamagedError:
        return None
    if record is None:
        return None
    tables = (name for name, columns in record["columns"].items() if columns)
    return frozenset(name.removeprefix("in_") for name in record["own"]), frozenset(tables)


def inputs(record: Mapping[str, Any]) -> Inputs:
    """Return what a record says."""
    found = Inputs({name: _value(value) for name, value in (record["own"] | record["single"]).items()})
    rows: dict[str, dict[int, dict[str, Value]]] = {name: {} for name in record["columns"]}
    for cells in (record["own_cells"], record["cells"]):
        for table, columns in cells.items():
            for column, (indexes, values) in columns.items():
                _put(rows.setdefault(table, {}), column, indexes, values)
    for table, indexes, columns in record["blocks"]:
        for index in indexes:
            rows.setdefault(table, {}).setdefault(index, {})
        for column, values in columns.items():
            _put(rows[table], column, indexes, values)
    found.columns = {
        name: frozenset(columns) | NUMBERED.get(name, frozenset()) for name, columns in record["columns"].items()
    }
    found.tables = {name: _listed(name, own) for name, own in rows.items()}
    return found


def _put(rows: dict[int, dict[str, Value]], column: str, indexes: list[int], values: list[Any]) -> None:
    for index, value in zip(indexes, values, strict=True):
        row = rows.setdefault(index, {})
        stored = _value(value)
        if stored is None:
            row.pop(column, None)
        else:
            row[column] = stored


def _listed(table: str, rows: Mapping[int, dict[str, Value]]) -> list[Row]:
    """Return rows in their order; blank ones count where nothing else names a row."""
    if table in NUMBERED:
        return numbered(table, [rows.get(index, {}) for index in range(max(rows, default=-1) + 1)])
    if table in KEYS:
        return [rows[index] for index in sorted(rows) if rows[index]]
    return without_blank_ends([rows.get(index, {}) for index in range(max(rows, default=-1) + 1)])


def _value(value: Any) -> Value:
    if isinstance(value, dict):
        return CellError(str(value["error"]))
    if isinstance(value, dt.date):
        return float(serial(value))
    if isinstance(value, (bool, str)) or value is None:
        return None if value == "" else value
    return float(value)
