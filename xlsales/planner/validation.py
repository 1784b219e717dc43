"""Excel's data validation for every kind of input: a prompt before, a plain message after a mistake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from xlsales.schema import COUNT_LIMIT, MONEY_LIMIT, YEAR_MAY_BEGIN_BEFORE, Column, Kind
from xlsales.texts import N_, _

TITLE_LIMIT = 32
TEXT_LIMIT = 255
FIRST_DATE = dt.date(1990, 1, 1)
LAST_DATE = dt.date(2199, 12, 31)


# Rules of named cells that tables of a batch have too: `xlsales.tables.rules` says the same of their rows.
_NAMED = {
    "year_start": (
        'AND(ISNUMBER(in_year_start),OR(in_fiscal_year="",AND(YEAR(in_year_start)<=in_fiscal_year,'
        f"YEAR(in_year_start)>=in_fiscal_year-{YEAR_MAY_BEGIN_BEFORE})))",
        N_("Type a day of the fiscal year's own calendar year or of the one before, for example 2027-07-01."),
    ),
    "currency": (
        "AND(LEN(in_currency)=3,"
        + ",".join(f"CODE(MID(in_currency,{n},1))>64,CODE(MID(in_currency,{n},1))<91" for n in (1, 2, 3))
        + ")",
        N_("Type three capital letters, for example EUR."),
    ),
}


def list_name(choices: tuple[str, ...]) -> str:
    """Return the defined name of a drop-down list, made from its first word."""
    word = "".join(letter if letter.isalnum() else "_" for letter in choices[0].lower())
    return f"list_{word}"


def validation(column: Column) -> dict[str, Any]:
    """Return XlsxWriter's validation for a column."""
    rule, wanted = _rule(column)
    title = _(column.header)[:TITLE_LIMIT]
    return {
        **rule,
        "input_title": title,
        "input_message": _(column.help)[:TEXT_LIMIT],
        "error_title": title,
        "error_message": wanted[:TEXT_LIMIT],
    }


def guard() -> dict[str, Any]:
    """Return XlsxWriter's validation for cells that calculate, where the sheet is not protected: none can be typed."""
    return {
        "validate": "custom",
        "value": "=FALSE",
        "input_title": _("Calculated"),
        "input_message": _(
            "A formula fills this cell: type into the cream ones. If it is lost, copy that of another row."
        ),
        "error_title": _("Calculated"),
        "error_message": _("Type into the cream cells: this one calculates. Press Esc to keep its formula."),
    }


def _rule(column: Column) -> tuple[dict[str, Any], str]:
    if column.name in _NAMED:
        formula, message = _NAMED[column.name]
        return {"validate": "custom", "value": f"={formula}"}, _(message)
    match column.kind:
        case Kind.CHOICE | Kind.FLAG:
            rule = {"validate": "list", "source": f"={list_name(column.choices)}"}
            return rule, _("Choose one of: {choices}.").format(choices=", ".join(column.choices))
        case Kind.DATE:
            rule = _between("date", FIRST_DATE, LAST_DATE)
            return rule, _("Type a date, for example 2027-01-31.")
        case Kind.RATE:
            low, high = column.minimum or 0, 1 if column.maximum is None else column.maximum
            message = _("Type a percentage from {low} to {high}: {percent} or {fraction}.")
            meant = -0.05 if high < 0 else 0.05
            shares = {"low": f"{low:.0%}", "high": f"{high:.0%}", "percent": f"{meant:.0%}", "fraction": meant}
            return _between("decimal", low, high), message.format(**shares)
        case Kind.COUNT:
            low, high = column.minimum or 0, COUNT_LIMIT if column.maximum is None else column.maximum
            message = _("Type a whole number from {low} to {high}.")
            return _between("integer", low, high), message.format(low=f"{low:,.0f}", high=f"{high:,.0f}")
        case Kind.MONEY | Kind.NUMBER:
            low, high = column.minimum or 0, MONEY_LIMIT if column.maximum is None else column.maximum
            if low <= -MONEY_LIMIT:
                return _between("decimal", low, high), _("Type a number without a currency sign; below 0 is a credit.")
            message = _("Type a number of {low} or more, without a currency sign.")
            return _between("decimal", low, high), message.format(low=f"{low:,.0f}")
        case _:
            length: dict[str, Any] = {"validate": "length", "criteria": "<=", "value": 1000}
            return length, _("Type a text of up to 1,000 characters.")


def _between(what: str, low: object, high: object) -> dict[str, Any]:
    return {"validate": what, "criteria": "between", "minimum": low, "maximum": high}


def rectangles(cells: Iterable[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Return cells, each a row and a column, as ranges: first row, first column, last row, last column."""
    runs: list[tuple[int, int, int]] = []  # of one column: column, first row, last row
    for row, column in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        if runs and runs[-1][0] == column and runs[-1][2] == row - 1:
            runs[-1] = (column, runs[-1][1], row)
        else:
            runs.append((column, row, row))
    found: list[tuple[int, int, int, int]] = []
    for column, first, last in sorted(runs, key=lambda run: (run[1], run[2], run[0])):
        if found and (found[-1][0], found[-1][2], found[-1][3]) == (first, last, column - 1):
            found[-1] = (first, found[-1][1], last, column)
        else:
            found.append((first, column, last, column))
    return found
