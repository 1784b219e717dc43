"""Constructors of the columns that formulas fill, one for each kind of value."""

from __future__ import annotations

from dataclasses import replace

from xlsales.planner.areas import Computed, Layout
from xlsales.schema import ORDINAL, Column, Kind

WHOLE = "#,##0"
SHARE = "0.0%"
DAY = "yyyy-mm-dd"
# How the columns that only formulas read begin, in tables that stand one below another.
HELPERS = ("seller", "coach_", "rows_read_", "columns_read_")


def numbers(rows: int) -> dict[str, list[object]]:
    """What the column `ordinal` of a list of fixed rows holds at first."""
    return {ORDINAL.name: [*range(1, rows + 1)]}


def of_number(shown: str) -> str:
    """Return the formula of a fixed row's label: `shown` for its number, and a word where a number stands twice."""
    return f'IF({{ordinal}}="","",IF(COUNTIF({{ordinal.all}},{{ordinal}})>1,word_duplicate_id,{shown}))'


def word(name: str, header: str, formula: str) -> Computed:
    """A code word, centred."""
    return Computed(name, header, formula, kind=Kind.CHOICE)


def text(name: str, header: str, formula: str) -> Computed:
    """A text."""
    return Computed(name, header, formula)


def count(name: str, header: str, formula: str) -> Computed:
    """A whole number."""
    return Computed(name, header, formula, "0", Kind.COUNT)


def points(name: str, header: str, formula: str) -> Computed:
    """Points with one decimal."""
    return Computed(name, header, formula, "#,##0.0", Kind.COUNT)


def money(name: str, header: str, formula: str) -> Computed:
    """An amount."""
    return Computed(name, header, formula, WHOLE, Kind.MONEY)


def share(name: str, header: str, formula: str, number_format: str = SHARE) -> Computed:
    """A fraction, as a percentage."""
    return Computed(name, header, formula, number_format, Kind.RATE)


def level(name: str, header: str, formula: str, number_format: str = SHARE) -> Computed:
    """A number in the middle of a wide column."""
    return Computed(name, header, formula, number_format, Kind.CHOICE)


def day(name: str, header: str, formula: str) -> Computed:
    """A date."""
    return Computed(name, header, formula, DAY, Kind.DATE)


def helpers_ahead(layout: Layout) -> Layout:
    """Return the table with the columns that only formulas read before all others."""
    helpers = [column for column in layout.columns if _helps(column)]
    others = [column for column in layout.columns if not _helps(column)]
    return replace(layout, columns=(*helpers, *others), ahead=len(helpers))


def _helps(column: Column | Computed) -> bool:
    return isinstance(column, Computed) and column.name.startswith(HELPERS)
