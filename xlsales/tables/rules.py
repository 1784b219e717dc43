"""The rules of one table: each cell by itself (pandera), and the cells of a row together."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from xlsales import memory
from xlsales.findings import shown
from xlsales.schema import MONTHS, TABLES, Column, Kind, Table, table_of, year_fits
from xlsales.tables.held import python_values
from xlsales.tables.raw import Problem, near_match
from xlsales.texts import N_, _

if TYPE_CHECKING:
    from pandera.pandas import DataFrameSchema

SEASON = tuple(f"season_{month:02}" for month in range(1, len(MONTHS) + 1))


@cache
def frame_schema(name: str) -> DataFrameSchema:
    """The pandera schema of a table, from its declaration."""
    with memory.spared():
        import pandera.pandas as pandera  # half a second, so only where it is used

    def checks(column: Column) -> Iterator[Any]:
        if column.minimum is not None or column.maximum is not None:
            low, high = _bounds(column)
            yield pandera.Check.in_range(low, high, error="RANGE")
        if column.choices:
            yield pandera.Check.isin(column.choices, error="CHOICE")
        if column.pattern:
            yield pandera.Check.str_matches(f"^(?:{column.pattern})$", error="PATTERN")

    columns = {
        column.name: pandera.Column(None, list(checks(column)), nullable=not column.required)
        for column in table_of(name)
    }
    return pandera.DataFrameSchema(columns, name=name)


def cell_failures(name: str, frame: pd.DataFrame) -> Iterator[tuple[int, Column, str, object]]:
    """Every cell that breaks its column's rule: row, column, the rule and the value."""
    with memory.spared():
        from pandera.config import ValidationDepth, config_context
        from pandera.errors import SchemaErrors

    try:
        # Whatever PANDERA_… variables the computer has, the rules hold.
        held = config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA)
        with memory.spared(), held, warnings.catch_warnings():  # pandera imports what it finds here, too
            # pandera joins what it found, empty columns too: pandas 2 warns that pandas 3 types that otherwise.
            warnings.filterwarnings("ignore", "The behavior of DataFrame concatenation", FutureWarning)
            frame_schema(name).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        places = zip(cases["index"], cases["column"], cases["check"], cases["failure_case"], strict=True)
        for row, column, check, value in places:
            yield int(row), table_of(name)[column], str(check), value


def explain(column: Column, check: str, value: object, raw: str) -> Problem:
    """A cell's broken rule as code and sentence; `raw` is the cell as the source shows it."""
    if check == "not_nullable":
        return Problem("MISSING", _("The cell is blank, and {column} is needed.").format(column=column.name))
    if check == "PATTERN":
        message = _("“{value}” is not three capital letters, as EUR: correct it.")
        return Problem("CURRENCY", message.format(value=raw))
    if check == "CHOICE":
        return _explain_choice(column, raw)
    if column.kind is Kind.RATE and isinstance(value, float):
        return _explain_rate(column, value, raw)
    return Problem("RANGE", _range_message(column, raw))


def _explain_choice(column: Column, raw: str) -> Problem:
    code = "FLAG" if column.kind is Kind.FLAG else "CHOICE"
    near = near_match(raw, column.choices)
    choices = ", ".join(column.choices)
    if near is None:
        return Problem(code, _("“{value}” is not one of {choices}.").format(value=raw, choices=choices))
    message = _("“{value}” is not one of {choices}: did you mean {near}?")
    return Problem(code, message.format(value=raw, choices=choices, near=near))


def _explain_rate(column: Column, value: float, raw: str) -> Problem:
    low, high = _bounds(column)
    if value > high and low <= value / 100 <= high and not raw.rstrip().endswith("%"):
        message = _("{value} is not a fraction: enter {value}% or {fraction}.")
        return Problem("RATE", message.format(value=raw, fraction=fraction(value)))
    return Problem("RANGE", _range_message(column, raw))


def fraction(percent: float) -> str:
    """A percentage as the fraction to type: `0.20` for 20, `0.125` for 12.5."""
    digits = f"{percent / 100:.10f}".rstrip("0")
    return f"{percent / 100:.2f}" if len(digits) <= len("0.00") else digits


def _range_message(column: Column, raw: str) -> str:
    low, high = _bounds(column)
    message = _("{value} is outside {low} to {high}: correct it.")
    return message.format(value=raw, low=f"{low:.15g}", high=f"{high:.15g}")


def _bounds(column: Column) -> tuple[float, float]:
    low = -math.inf if column.minimum is None else column.minimum
    high = math.inf if column.maximum is None else column.maximum
    return low, high


@dataclass(frozen=True)
class RowRule:
    """A rule for several cells of one row; the finding names the first column."""

    table: str
    code: str
    columns: tuple[str, ...]
    broken: Callable[..., bool]  # takes the columns' values
    message: str  # placeholders are the columns' names

    def failures(self, frame: pd.DataFrame) -> Iterator[tuple[int, str]]:
        """Every row that breaks the rule, with what to say."""
        table = TABLES[self.table]
        cells = [python_values(frame[name].to_numpy(), table[name]) for name in self.columns]
        for row, values in zip(frame.index, zip(*cells, strict=True), strict=True):
            if self.broken(*values):
                texts = {name: shown(value) for name, value in zip(self.columns, values, strict=True)}
                yield int(row), _(self.message).format(**texts)


def _closed_too_early(close: date | None, first: date | None) -> bool:
    return close is not None and first is not None and close < first


def _season_off(*shares: float | None) -> bool:
    given = [share for share in shares if share is not None]
    return bool(given) and abs(math.fsum(given) - 1) > 1e-6


def _not_monday(day: date | None) -> bool:
    return day is not None and day.weekday() != 0


def _year_off(start: date | None, fiscal_year: int | None) -> bool:
    return start is not None and fiscal_year is not None and not year_fits(start, fiscal_year)


ROW_RULES = (
    RowRule(
        "territories",
        "FISCAL_YEAR",
        ("year_start", "fiscal_year"),
        _year_off,
        N_("The fiscal year {fiscal_year} cannot start on {year_start}: correct one of them."),
    ),
    RowRule(
        "territories",
        "SEASON_SUM",
        SEASON,
        _season_off,
        N_("The twelve season weights do not add up to 1: correct them, or leave all of them blank."),
    ),
    RowRule(
        "deals",
        "DATE_ORDER",
        ("close_date", "first_appointment"),
        _closed_too_early,
        N_(
            "The deal closed on {close_date}, before its first appointment on {first_appointment}: correct one of them."
        ),
    ),
    RowRule(
        "deals",
        "WON_INCOMPLETE",
        ("close_date", "outcome"),
        lambda close, outcome: outcome == "WON" and close is None,
        N_("The deal is won but has no close date: enter it."),
    ),
    RowRule(
        "deals",
        "WON_INCOMPLETE",
        ("amount", "outcome"),
        lambda amount, outcome: outcome == "WON" and amount is None,
        N_("The deal is won but has no amount: enter it."),
    ),
    RowRule(
        "activity",
        "NOT_MONDAY",
        ("week_start",),
        _not_monday,
        N_("{week_start} is not a Monday: enter the Monday that the week begins with."),
    ),
)


def future_rules(table: Table, as_of: date) -> Iterator[RowRule]:
    """One rule for each date of a table that cannot lie after the as-of date."""
    for column in table:
        if column.past:
            message = _("{value} is after the as-of date {as_of}: correct it, or move the as-of date.")
            # The rule fills in the cell's own date.
            message = message.format(value=f"{{{column.name}}}", as_of=as_of.isoformat())
            yield RowRule(
                table.name,
                "DATE_FUTURE",
                (column.name,),
                lambda day: day is not None and day > as_of,
                message,
            )
