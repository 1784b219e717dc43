"""Cells of a source made into values: text, number, whole number, date, YES or NO.

A blank cell is None. A cell that holds something else than its column's kind is a problem, never a guess.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from xlsales.cells.escapes import LONGEST_TEXT, fits, units
from xlsales.findings import shown
from xlsales.schema import Column, Kind, Table
from xlsales.tables.plain_cells import FIRST_DATE, plain_values
from xlsales.tables.raw import BadCell, Problem, is_blank
from xlsales.texts import _

Value = str | float | int | date | None

MOST_LINE_FEEDS = 253  # that Excel shows in a cell
_EXACT_DIGITS = 10**15

_PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})([T ].*)?", re.ASCII)
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?", re.ASCII)
_TIME_ZONE = re.compile(r"(Z|[+-]\d{2}(:?\d{2})?)$", re.ASCII)
# What no XML file, and so no workbook, can hold; tab and line breaks are allowed in text.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_IN_KEY = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
FLAGS = {
    "yes": "YES",
    "y": "YES",
    "true": "YES",
    "1": "YES",
    "no": "NO",
    "n": "NO",
    "false": "NO",
    "0": "NO",
}


class CellError(ValueError):
    """A cell that does not hold what its column asks for."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.problem = Problem(code, message)


def parse_column(column: Column, cells: Sequence[object]) -> tuple[list[Value], dict[int, Problem]]:
    """The values of a column's cells, and the problems by position; the value of a problem is None."""
    plain = plain_values(column.kind, cells)
    return (plain, {}) if plain is not None else parse_each(column, cells)


def parse_each(column: Column, cells: Sequence[object]) -> tuple[list[Value], dict[int, Problem]]:
    """The same, found by a look at each cell that differs."""
    parse = _parser(column)
    values: list[Value] = []
    problems: dict[int, Problem] = {}
    known: dict[str, Value] = {}
    for position, cell in enumerate(cells):
        if isinstance(cell, str) and cell in known:
            values.append(known[cell])
            continue
        try:
            value = None if is_blank(cell) else parse(cell)
        except CellError as error:
            problems[position] = error.problem
            value = None
        else:
            if isinstance(cell, str):
                known[cell] = value
        values.append(value)
    return values, problems


def territory_keys(table: Table, cells: Sequence[object]) -> list[str | None]:
    """The territories that a table's cells name; None where that cannot be read."""
    keys, _problems = parse_column(table["territory_id"], cells)
    return [key if isinstance(key, str) else None for key in keys]


def _parser(column: Column) -> Callable[[object], Value]:
    parsers: dict[Kind, Callable[[object], Value]] = {
        Kind.KEY: key,
        Kind.TEXT: text,
        Kind.CHOICE: lambda cell: choice(cell, column.choices),
        Kind.MONEY: number,
        Kind.RATE: rate,
        Kind.COUNT: count,
        Kind.NUMBER: number,
        Kind.DATE: day,
        Kind.FLAG: flag,
    }
    parse = parsers[column.kind]

    def parse_cell(cell: object) -> Value:
        if isinstance(cell, BadCell):
            raise CellError(cell.problem.code, cell.problem.message)
        return parse(cell)

    return parse_cell


def key(cell: object) -> str:
    """An identifier, exactly as it stands but for spaces around it."""
    if isinstance(cell, date):
        message = _("The identifier was turned into the date {value}: format the column as text, type it again.")
        raise CellError("KEY", message.format(value=_day_text(cell)))
    if isinstance(cell, float) and abs(cell) >= _EXACT_DIGITS:
        message = _("The identifier is stored as a number, digits lost: format the column as text, type it again.")
        raise CellError("KEY", message)
    name = _as_text(cell).strip()
    if _IN_KEY.search(name):
        message = _("The identifier “{value}” holds control characters or a broken character: remove them.")
        raise CellError("KEY", message.format(value=shown(name)))
    _check_length(name)
    return name


def text(cell: object) -> str:
    """Text, with its spaces and line breaks; a number or a date in a text column becomes text."""
    words = _as_text(cell)
    bad = _UNSTORABLE.search(words)
    if bad:
        message = _("The text holds {character}, which no workbook can store: remove it.")
        raise CellError("TEXT", message.format(character=_code_point(bad.group())))
    _check_length(words)
    return words


def line_feeds(words: str) -> int:
    """Count the line breaks of a text; CR and LF together are one."""
    return words.count("\n") + words.count("\r") - words.count("\r\n")


def number(cell: object) -> float:
    """A plain number: 1234.5."""
    if isinstance(cell, str):
        plain = cell.strip()
        if not _PLAIN_NUMBER.fullmatch(plain):
            raise CellError("NUMBER", _number_message(plain))
        value = float(plain)
    elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        value = _as_float(cell)
    else:
        raise CellError("NUMBER", _number_message(_day_text(cell)))
    if not math.isfinite(value):
        message = _("“{value}” is not a number that can be calculated with: correct it or leave the cell blank.")
        raise CellError("NUMBER", message.format(value=shown(cell)))
    return value + 0.0  # never −0


def rate(cell: object) -> float:
    """A fraction: 0.65, or the text `65%`."""
    if isinstance(cell, str) and cell.strip().endswith("%"):
        percent = cell.strip()[:-1].strip()
        if _PLAIN_NUMBER.fullmatch(percent):
            # Decimal, so that 17% is 0.17 to the last bit.
            return number(Decimal(percent) / 100)
    return number(cell)


def count(cell: object) -> int:
    """A whole number."""
    value = number(cell)
    if not value.is_integer():
        message = _("{value} is not a whole number: correct it.")
        raise CellError("COUNT", message.format(value=shown(cell)))
    return int(value)


def day(cell: object) -> date:
    """A day: the text `2027-01-31`, or a real date of a workbook, Parquet file or database."""
    if isinstance(cell, str):
        value = _iso_day(cell.strip())
    elif isinstance(cell, datetime):
        if cell.tzinfo is not None:
            raise _date_error(_("{value} has a time zone: write the day alone, as 2027-01-31."), cell)
        if cell.time() != time():
            raise _date_error(_("{value} has a time of day: write the day alone, as 2027-01-31."), cell)
        value = date(cell.year, cell.month, cell.day)
    elif isinstance(cell, date):
        value = cell
    else:
        raise _date_error(_("“{value}” is not a date: format the cell as a date, or write 2027-01-31."), cell)
    if value < FIRST_DATE:
        raise _date_error(_("{value} is before 1 March 1900, where Excel's dates begin: correct it."), value)
    return value


def choice(cell: object, choices: Sequence[str]) -> str:
    """One of the choices in the schema's spelling, or the text as it is, for the rules to refuse."""
    words = " ".join(_as_text(cell).split())
    return next((name for name in choices if name.casefold() == words.casefold()), words)


def flag(cell: object) -> str:
    """YES or NO, or the text as it is, for the rules to refuse."""
    words = _as_text(cell).strip()
    return FLAGS.get(words.casefold(), words)


def _as_text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, int | date | time):
        return _day_text(cell)
    if isinstance(cell, UUID):
        return str(cell)
    message = _("A cell of this kind ({kind}) cannot be used: give text, a number or a date.")
    raise CellError("TEXT", message.format(kind=type(cell).__name__))


def _as_float(cell: float | Decimal) -> float:
    try:
        return float(cell)
    except OverflowError:
        return math.inf


def _day_text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
    return str(cell)


def _iso_day(words: str) -> date:
    match = _ISO_DATE.fullmatch(words)
    if not match:
        raise _date_error(_("“{value}” is not an ISO date: write it as 2027-01-31."), words)
    rest = match.group(2)
    if rest and _TIME_ZONE.search(rest):
        raise _date_error(_("{value} has a time zone: write the day alone, as 2027-01-31."), words)
    if rest and not _MIDNIGHT.fullmatch(rest):
        raise _date_error(_("{value} has a time of day: write the day alone, as 2027-01-31."), words)
    try:
        return date.fromisoformat(match.group(1))
    except ValueError:
        raise _date_error(_("{value} is not a day of the calendar: correct it."), words) from None


def _date_error(message: str, cell: object) -> CellError:
    return CellError("DATE", message.format(value=shown(_day_text(cell))))


def _number_message(words: str) -> str:
    if any(unicodedata.category(char) == "Sc" for char in words):
        message = _("“{value}” has a currency sign: write the number alone, as 1234.5.")
    elif words.endswith("%"):
        message = _("“{value}” is a percentage, but this column holds a plain number, as 1234.5.")
    elif re.fullmatch(r"[+-]?[0-9][0-9.,'’\s]*", words):
        message = _("“{value}”: write it as 1234.5, with a decimal point and no thousands separator.")
    else:
        message = _("“{value}” is not a number: write it as 1234.5, or leave the cell blank.")
    return message.format(value=shown(words))


def _code_point(char: str) -> str:
    return f"U+{ord(char):04X}"


def _check_length(words: str) -> None:
    if not fits(words):
        message = _("The text has {count} characters, and a cell of Excel holds {limit}: shorten it.")
        raise CellError("TEXT", message.format(count=units(words), limit=LONGEST_TEXT))
