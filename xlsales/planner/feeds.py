"""Which inputs each figure is made of, followed through the formulas that the planner is built from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from xlsales.planner.areas import Computed, Layout
from xlsales.planner.blocks import Figures, Grid, Sheet
from xlsales.planner.build import SHEETS
from xlsales.planner.figures import accounts, activity, pipeline, sales
from xlsales.planner.layouts import layouts
from xlsales.planner.sheets.functions import HEADLINES
from xlsales.planner.sizes import Sizes
from xlsales.schema import TABLES, TERRITORIES

_TABLE_COLUMN = re.compile(r"\{(\w+)\.(\w+)\}")
_COUNTED = (sales, pipeline, accounts, activity)  # the figures that people read; others serve a sheet's formulas
_PART = r"\{(\w+)(?:\.(?:head|all|down|above))?\}"
_OWN_COLUMN = re.compile(_PART)
_OWN_COLUMNS = re.compile(f"{_PART}:{_PART}")
_NAME = re.compile(r"\b(?:fig|out|calc|in|cal)_\w+|\bseason_weights\b")
_SEASON = "season_weights"
_YEAR = ("territories.fiscal_year", "territories.year_start")
_MONTHS = tuple(column.name for column in TERRITORIES if column.name.startswith("season_"))
_DAYS_OF_YEAR = ("calc_year_start", "calc_year_end", "calc_first_week", "calc_year_monday")
AS_OF = "--as-of"  # the option, or else the latest day that the tables know of
_DAY = "yyyy-mm-dd"
_BETWEEN = "__"  # a block of columns, named by its first and its last


@dataclass(frozen=True)
class Feed:
    """A figure with the inputs that it rests on, as `table.column`."""

    name: str
    label: str
    inputs: tuple[str, ...]


class Feeds:
    """The formulas of a planner's sheets by what they fill, as a graph down to the inputs."""

    def __init__(self, sheets: tuple[Sheet, ...]) -> None:
        blocks = [block for sheet in sheets for lane in sheet.lanes for block in lane.blocks]
        self._figures = {f"{b.prefix}{one.name}": one for b in blocks if isinstance(b, Figures) for one in b.figures}
        self._layouts = {layout.excel_table: layout for layout in (one.layout for s in sheets for one in s.tables)}
        self._grids = {
            name: (b.name, column) for b in blocks if isinstance(b, Grid) for column, name in b.names.items()
        }
        self._columns = {
            name: {column.name: column for column in layout.columns} for name, layout in self._layouts.items()
        }

    @cached_property
    def _order(self) -> Mapping[str, int]:
        order = [f"{table.name}.{column.name}" for table in TABLES.values() for column in table]
        return {name: place for place, name in enumerate((*order, AS_OF))}

    def of(self, name: str) -> tuple[str, ...]:
        """Return the columns of the input tables that a named figure is made of, in the tables' order."""
        found: set[str] = set()
        waiting, seen = [name], {name}
        while waiting:
            for next_ in self._read_by(waiting.pop()):
                if next_ in self._order:
                    found.add(next_)
                elif next_ not in seen:
                    seen.add(next_)
                    waiting.append(next_)
        return tuple(sorted(found, key=self._order.__getitem__))

    def label(self, name: str) -> str:
        """Return what a figure is called in the planner."""
        headline = next((one for one in HEADLINES if f"out_{one.name}" == name), None)
        return headline.label if headline else self._figures[name].label

    def figures(self) -> Iterator[Feed]:
        """Yield the headline figures and those counted from the tables, with their inputs."""
        counted = [f"fig_{figure.name}" for module in _COUNTED for figure in module.FIGURES]
        for name in (*(f"out_{one.name}" for one in HEADLINES), *counted):
            if inputs := self.of(name):
                yield Feed(name, self.label(name), inputs)

    def _read_by(self, node: str) -> Iterator[str]:
        """Yield the inputs, names and columns that a figure or a column reads."""
        if node in self._figures:
            figure = self._figures[node]
            if figure.number_format == _DAY and node.startswith("calc_"):  # a day that the plan looks from, or to
                yield from (*_YEAR, *(() if node in _DAYS_OF_YEAR else (AS_OF,)))
            elif isinstance(figure.formula, str):
                yield from self._in_text(figure.formula)
        elif node.startswith("out_"):
            for headline in (one for one in HEADLINES if f"out_{one.name}" == node):
                for text in (*headline.formulas, headline.when):
                    yield from self._in_text(text)
                yield from (self._column(*source.split(".")) for source in headline.ranges.values())
        elif "." in node:
            table, _dot, column = node.partition(".")
            own = self._columns.get(table, {}).get(column)
            if isinstance(own, Computed):
                yield from self._in_text(own.formula, table)

    def _in_text(self, text: str, table: str = "") -> Iterator[str]:
        for other, column in _TABLE_COLUMN.findall(text):
            if other in self._columns:
                yield from (self._column(other, one) for one in self._block(other, column))
        if table:
            own = self._columns[table]
            yield from (self._column(table, one) for one in _OWN_COLUMN.findall(text) if one in own)
            for first, last in _OWN_COLUMNS.findall(text):
                if first != last and first in own and last in own:
                    block = f"{first}{_BETWEEN}{last}"
                    yield from (self._column(table, one) for one in self._block(table, block))
        for name in _NAME.findall(text):
            if name == _SEASON:
                yield from (f"territories.{name}" for name in _MONTHS)
            elif name.startswith("in_"):
                yield f"territories.{name.removeprefix('in_')}"
            elif name in self._grids:
                yield ".".join(self._grids[name])
            else:
                yield name

    def _block(self, table: str, column: str) -> list[str]:
        """Return a column, or all from one to another."""
        names = list(self._columns[table])
        if column in names or _BETWEEN not in column:
            return [column]
        first, _between, last = column.partition(_BETWEEN)
        return names[names.index(first) : names.index(last) + 1]

    def _column(self, table: str, column: str) -> str:
        """Return a column as the input tables name it, where it is one of theirs, else as the planner does."""
        layout: Layout = self._layouts[table]
        given = isinstance(self._columns[table].get(column), Computed)
        return f"{table}.{column}" if given or layout.name not in TABLES else f"{layout.name}.{column}"


def of_planner() -> Feeds:
    """Return the feeds of the planner that is shipped."""
    tables = {layout.excel_table: layout for layout in layouts(Sizes())}
    return Feeds(tuple(sheet(tables) for sheet in SHEETS))
