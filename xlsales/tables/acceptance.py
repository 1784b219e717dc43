"""Territories whose rows are surely clean, accepted column by column; all others go to the validator.

Each different cell of a column is parsed once, by the same parsers, and each rule is asked once for the values that
it is about, whatever the number of rows. Nothing is explained here: with any doubt about one of its rows, a territory
is left to the validator with all of its rows. No rule looks beyond a territory, so the others lose nothing by it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from xlsales.schema import ELEMENTS, NUMERIC, TERRITORIES, Column, Kind
from xlsales.tables.cells import MOST_LINE_FEEDS, Value, line_feeds, parse_column
from xlsales.tables.coded import Coded, Codes, numbered, of_table
from xlsales.tables.held import Frames, HeldRows, Values
from xlsales.tables.raw import Flags, RawTable, RawTables
from xlsales.tables.rules import ROW_RULES, RowRule, future_rules
from xlsales.tables.validated import Accounting, Validated


@dataclass
class Accepted:
    """The accepted rows of every table, with their positions in the source, and what is left to the validator."""

    tables: Mapping[str, HeldRows]
    positions: Mapping[str, Codes]
    own: Mapping[str, Mapping[str, str]]  # by territory: what its row holds in columns of the company's own
    raw: RawTables
    _taken: Mapping[str, Flags]

    @property
    def are_all(self) -> bool:
        """Whether nothing is left to the validator."""
        return all(rows.all() for rows in self._taken.values())

    @property
    def rest(self) -> RawTables:
        """What is left to the validator."""
        return replace(self.raw, tables={name: t.some(~self._taken[name]) for name, t in self.raw.tables.items()})

    def put_into(self, validated: Validated) -> None:
        """Add the rows to what the validator has accepted of the others."""
        for name, own in self.tables.items():
            if len(own):
                validated.frames[name] = self._joined(name, validated.frames)
            validated.accounting[name] += Accounting(len(own), len(own))
        validated.own = {**validated.own, **self.own}

    def _joined(self, name: str, frames: Frames) -> pd.DataFrame | HeldRows:
        """Return the rows of a table together with those that the validator has accepted, in the source's order."""
        if not frames.count(name):
            return self.tables[name]
        own, others = self.tables[name].frame, frames[name]
        order = np.argsort(np.append(self.positions[name], self.raw.tables[name].index.get_indexer(others.index)))
        index = own.index.append(others.index)[order]
        both = ((name, np.append(own[name].to_numpy(), others[name].to_numpy())[order]) for name in own)
        return pd.DataFrame({name: pd.Series(array, index, array.dtype) for name, array in both}, index, copy=False)


def accepted(raw: RawTables, as_of: dt.date | None) -> Accepted | None:
    """Return the rows of territories that are surely clean; None where there are none."""
    if not all(table.usable and "territory_id" in table.columns for table in raw.tables.values()):
        return None
    known: dict[Value, int] = {}  # territories
    tables = {name: _Columns(table, as_of, known) for name, table in raw.tables.items()}  # territories come first
    clean = _clean(tables, len(known))
    if not clean[:-1].any():
        return None
    taken = {name: clean[columns.territories] for name, columns in tables.items()}
    return Accepted(
        {name: columns.held(taken[name]) for name, columns in tables.items()},
        {name: np.flatnonzero(rows) for name, rows in taken.items()},
        tables[TERRITORIES.name].own(taken[TERRITORIES.name]),
        raw,
        taken,
    )


def _clean(tables: Mapping[str, _Columns], count: int) -> Flags:
    """Return which territories are surely clean; at the end stands one that never is, for rows without any."""
    clean = np.ones(count + 1, bool)
    clean[-1] = False
    for columns in tables.values():
        clean[columns.territories[~columns.good]] = False
    if "org_health" in tables:
        scores = np.bincount(tables["org_health"].territories, minlength=count + 1)[: count + 1]
        clean &= np.isin(scores, (0, len(ELEMENTS)))
    if "deals" in tables and "accounts" in tables and tables["accounts"].raw.filled:
        clean[tables["deals"].territories[_of_unknown_accounts(tables["deals"], tables["accounts"])]] = False
    clean[-1] = False
    return clean


def _of_unknown_accounts(deals: _Columns, accounts: _Columns) -> Flags:
    if "account_id" not in deals.coded:
        return np.zeros(len(deals.good), bool)
    known: dict[Value, int] = {}
    had = numbered(accounts.values["account_id"], known, add=True)[accounts.coded["account_id"].codes]
    names = deals.values["account_id"]
    named = numbered(names, known, add=False)[deals.coded["account_id"].codes]
    blank = np.array([name is None for name in names], bool)[deals.coded["account_id"].codes]
    pairs = accounts.territories * (len(known) + 1) + had
    there = pd.Index(pairs).unique().get_indexer(deals.territories * (len(known) + 1) + named) >= 0
    unknown: Flags = ~blank & ((named < 0) | ~there)
    return unknown


class _Columns:
    """The columns of a table: their different cells with the values, and which rows nothing speaks against."""

    def __init__(self, raw: RawTable, as_of: dt.date | None, known: dict[Value, int]) -> None:
        self.raw = raw
        rules = [rule for rule in ROW_RULES if rule.table == raw.table.name]
        rules += future_rules(raw.table, as_of) if as_of is not None else ()
        self.coded: dict[str, Coded] = {}
        self.values: dict[str, list[Value]] = {}
        self.good = np.ones(len(raw.index), bool)
        if raw.damaged:
            self.good &= ~raw.index.isin(list(raw.damaged))
        self._own = _own_columns(raw)
        for column in (*raw.table, *self._own):
            self._take(column, [rule for rule in rules if rule.columns == (column.name,)])
        for rule in rules:
            if len(rule.columns) > 1:
                self._ask(rule)
        self.territories = self._numbered_territories(known)
        self._refuse_repeated()

    def _take(self, column: Column, rules: Sequence[RowRule]) -> None:
        """Parse a column, and ask the rules that are about it alone."""
        if column.name not in self.raw.columns:
            self.values[column.name] = [None]
            if not _allowed(column, None) or any(rule.broken(None) for rule in rules):
                self.good[:] = False
            return
        cells = self.coded[column.name] = of_table(self.raw, column.name)
        values, problems = parse_column(column, cells.cells)
        self.values[column.name] = values
        good = _good(column, cells.cells, values, rules)
        good[list(problems)] = False
        if not good.all():
            self.good &= good[cells.codes]

    def _ask(self, rule: RowRule) -> None:
        """Ask a rule about several columns once for each of their combinations."""
        names = [name for name in rule.columns if name in self.coded]
        if not names or not len(self.good):
            return  # of blank cells alone no rule is broken
        combined, first = self._combined([self.coded[name].codes for name in names])
        cells = [self._values_at(name, first) for name in rule.columns]
        broken = np.array([rule.broken(*values) for values in zip(*cells, strict=True)], bool)
        if broken.any():
            self.good &= ~broken[combined]

    def _values_at(self, name: str, rows: Codes) -> list[Value]:
        if name not in self.coded:
            return [None] * len(rows)
        values = self.values[name]
        return [values[code] for code in self.coded[name].codes[rows].tolist()]

    @staticmethod
    def _combined(codes: Sequence[Codes]) -> tuple[Codes, Codes]:
        """Return a number for each combination in the rows, and the first row of each."""

        def paired(one: Codes, other: Codes) -> Codes:
            return np.asarray(pd.factorize(one * (int(other.max(initial=0)) + 1) + other)[0])

        numbers = reduce(paired, codes)
        if len(codes) == 1:
            numbers = np.asarray(pd.factorize(numbers)[0])
        first = np.empty(int(numbers.max(initial=-1)) + 1, np.intp)
        first[numbers[::-1]] = np.arange(len(numbers), dtype=np.intp)[::-1]
        return numbers, first

    def _numbered_territories(self, known: dict[Value, int]) -> Codes:
        """Return the territory of each row by its number; the last number for rows that name none."""
        cells = self.coded[TERRITORIES.key[0]]
        names = self.values[TERRITORIES.key[0]]
        if self.raw.table is TERRITORIES:
            for name in names:
                if name is not None:
                    known.setdefault(name, len(known))
        numbers = np.array([len(known) if name is None else known.get(name, len(known)) for name in names], np.intp)
        return numbers[cells.codes]

    def _refuse_repeated(self) -> None:
        """Have no doubt only about rows whose key is theirs alone."""
        others = [name for name in self.raw.table.key[1:] if name in self.coded]
        keys = [self._of_values(name) for name in others]
        combined, first = self._combined([self.territories, *keys])
        if len(first) < len(combined):
            self.good &= np.bincount(combined)[combined] == 1

    def _of_values(self, name: str) -> Codes:
        """Return a number for the value of each row, the same for equal ones; cells that differ may hold equal ones."""
        cells, values = self.coded[name], self.values[name]
        return cells.codes if len(set(values)) == len(values) else numbered(values, {}, add=True)[cells.codes]

    def own(self, rows: Flags) -> dict[str, dict[str, str]]:
        """Return what some rows of territories hold in columns of the company's own, as texts."""
        of_rows = np.flatnonzero(rows)
        texts = {column.name: self._values_at(column.name, of_rows) for column in self._own}
        return {
            str(key): {name: "" if cells[at] is None else str(cells[at]).strip() for name, cells in texts.items()}
            for at, key in enumerate(self._values_at(TERRITORIES.key[0], of_rows))
        }

    def held(self, rows: Flags) -> HeldRows:
        """Return the values of some rows."""
        columns = {column.name: self._values(column.name, rows) for column in self.raw.table}
        return HeldRows(self.raw.table, self.raw.index[rows], columns)

    def _values(self, name: str, rows: Flags) -> Values:
        if name in self.coded:
            return Values(self.coded[name].codes, self.values[name]).some(rows)
        blank = Values(np.zeros(len(rows), np.intp), [None] if len(rows) else [])
        return blank.some(rows)


def _own_columns(raw: RawTable) -> list[Column]:
    """Return the columns of the territories that are a company's own."""
    known = {column.name for column in raw.table}
    names = [name for name in raw.columns if name not in known] if raw.table is TERRITORIES else []
    return [Column(name, name, Kind.TEXT, "") for name in names]


def _good(column: Column, cells: Sequence[object], values: Sequence[Value], rules: Sequence[RowRule]) -> Flags:
    """Return of which values nothing is to be said; most columns let any value pass, and have no blank cells."""
    if column.kind in NUMERIC and not rules:
        return _good_numbers(column, values)
    if rules or column.choices or column.pattern or column.minimum is not None or column.maximum is not None:
        found = (_allowed(column, value) and not any(rule.broken(value) for rule in rules) for value in values)
        good = np.fromiter(found, bool, len(values))
    elif column.required and None in values:
        good = np.array([value is not None for value in values], bool)
    else:
        good = np.ones(len(values), bool)
    if _is_to_stand(column, cells, values):
        good &= [_as_it_stands(column, cell, value) for cell, value in zip(cells, values, strict=True)]
    return good


def _good_numbers(column: Column, values: Sequence[Value]) -> Flags:
    numbers = np.array(values, np.float64)  # None becomes NaN
    good = np.full(len(values), True) if not column.required else ~np.isnan(numbers)
    if column.minimum is not None:
        good &= ~(numbers < column.minimum)
    if column.maximum is not None:
        good &= ~(numbers > column.maximum)
    return good


def _is_to_stand(column: Column, cells: Sequence[object], values: Sequence[Value]) -> bool:
    """Whether each cell that was read needs a look, as one of them may have been changed by that."""
    if column.kind is Kind.KEY:
        return list(cells) != values
    texts: Iterator[Any] = filter(None, values) if column.kind is Kind.TEXT else iter(())
    together = "".join(texts)
    return "\n" in together or "\r" in together


def _allowed(column: Column, value: Value) -> bool:
    """Whether a value keeps the rules of its column."""
    if value is None:
        return not column.required
    if isinstance(value, (int, float)):
        low, high = column.minimum, column.maximum
        return (low is None or low <= value) and (high is None or value <= high)
    if column.choices and value not in column.choices:
        return False
    return not column.pattern or (isinstance(value, str) and re.fullmatch(column.pattern, value) is not None)


def _as_it_stands(column: Column, cell: object, value: Value) -> bool:
    """Whether nothing is to be said of a cell that was read."""
    if column.kind is Kind.KEY:
        return not isinstance(cell, str) or value is None or cell == value
    return column.kind is not Kind.TEXT or not isinstance(value, str) or line_feeds(value) <= MOST_LINE_FEEDS
