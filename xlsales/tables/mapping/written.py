"""Cells as an export writes them, written again as the input tables have them: `1.234,50 €` as `1234.50`.

What cannot be read with certainty stays as it is, and the validation says what is wrong with it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from xlsales.epoch import MIDNIGHT
from xlsales.schema import NUMERIC, Column, Kind
from xlsales.tables.mapping.shape import EPOCHS, How
from xlsales.tables.raw import BadCell, Problem
from xlsales.texts import N_, _

_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')  # what keeps Excel from turning an id into a number
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]")
_DATE = re.compile(r"(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})(?P<rest>[T ,].*)?", re.ASCII)
_TIME = re.compile(
    r"[T ,]\s*\d{1,2}[:.]\d{2}([:.]\d{2}([.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?(\d{2})?)?", re.ASCII
)
_WHOLE = re.compile(r"-?\d+(\.0+)?", re.ASCII)
_SHORT_YEARS = 100
_UNITS = {"epoch_s": 1.0, "epoch_ms": 1e-3, "excel": 86400.0}  # seconds
# Days that sales of our time may have: a number outside is no date of that kind.
_FIRST, _LAST = dt.date(1980, 1, 1), dt.date(2100, 1, 1)
_GROUP = re.compile(r"[.,]\d{3}\D*\Z")
# What the map leaves open, with the line to add.
_IN_BRACKETS = N_('“{value}” stands in brackets: add parentheses = "negative" to [read].')
_CURRENCY = N_("“{value}” has a sign that the map does not name: add currency = [{sign}] to [read].")
_MARKS = N_("“{value}” has marks that the map does not name: add {lines} to [read].")
_NO_NUMBER = N_("“{value}” is no number as [read] says that numbers are written: correct it, or the map.")
_NO_DIGIT = N_("“{value}” is no number: correct it or, if it stands for nothing, add blank = [{quoted}] to [read].")
_NO_DAY = N_("“{value}” is no date: correct it or, if it stands for nothing, add blank = [{quoted}] to [read].")
_ORDER = N_('{value} may have the day or the month first: add dates = ["dmy"] or dates = ["mdy"] to [read].')
_HAS_TIME = N_('{value} has a time of day: add times = "drop" to [read], or write the day alone.')
_COUNTED_FROM = N_(
    '{value} is no date that the map names: add dates = ["excel"] (days), ["epoch_s"] or ["epoch_ms"] to [read], or '
    "write 2027-01-31."
)


def reader(column: Column, how: How) -> Callable[[object], object]:
    """Return what writes the cells of a column again."""
    if column.kind in NUMERIC:
        return lambda cell: _number_or_open(cell, how)
    if column.kind is Kind.DATE:
        return lambda cell: _date(cell, how)
    if column.kind is Kind.KEY:
        return unquoted
    return lambda cell: cell


def is_nothing(cell: object, how: How) -> bool:
    """Whether the export means a blank."""
    return isinstance(cell, str) and cell.strip().casefold() in how.blank


def unquoted(cell: object) -> object:
    """Return an id without what keeps Excel from turning it into a number."""
    if isinstance(cell, str) and (match := _AS_TEXT.fullmatch(cell.strip())):
        return match[1].replace('""', '"')
    return cell


def _number(cell: object, how: How) -> object:
    if not isinstance(cell, str):
        return cell
    text = str(unquoted(cell)).strip()
    negative = how.parentheses and text.startswith("(") and text.endswith(")")
    text = text[1:-1].strip() if negative else text
    text, sign = _without_sign(text)
    text = _without_currency(text, how)
    if not sign:
        text, sign = _without_sign(text)
    percent = text.endswith("%")
    plain = _plain(text.removesuffix("%").strip(), how)
    if plain is None or (negative and sign):
        return cell
    minus = negative or sign == "-"
    return f"{'-' if minus else ''}{plain}{'%' if percent else ''}"


def _number_or_open(cell: object, how: How) -> object:
    written = _number(cell, how)
    if written is not cell or not isinstance(cell, str) or not cell.strip():
        return written
    text = str(unquoted(cell)).strip()
    if not text:
        return text
    line = _number_line(text, how) if any(map(str.isdigit, text)) else _with_text(_(_NO_DIGIT), text)
    return BadCell(cell, Problem("NUMBER", line))


def _with_text(message: str, text: str) -> str:
    return message.format(value=text, quoted=json.dumps(text, ensure_ascii=False))


def _number_line(text: str, how: How) -> str:
    """Return what a number has that the map does not tell, with the line to add."""
    if text.startswith("(") and text.endswith(")") and not how.parentheses:
        return _(_IN_BRACKETS).format(value=text)
    sign = "".join(re.findall(r"[^\W\d_]+|[^\w\s.,'’+\-()%\u2212]", text)[:1])
    if sign and sign not in how.currency:
        return _(_CURRENCY).format(value=text, sign=json.dumps(sign, ensure_ascii=False))
    marks = re.findall(r"[.,'’]|(?<=\d)[\s\u00a0\u202f\u2009](?=\d)", text)
    last = re.search(r"([.,])\d*\D*\Z", text)
    is_decimal = last is not None and marks.count(last[1]) == 1 and (len(set(marks)) > 1 or not _GROUP.search(text))
    decimal = last[1] if last is not None and is_decimal else how.decimal
    thousands = list(dict.fromkeys(" " if mark.isspace() else mark for mark in marks if mark != decimal))
    is_told = how.decimal != "." or bool(how.thousands)
    if is_told if decimal != how.decimal else not set(thousands) - set(how.thousands):
        return _(_NO_NUMBER).format(value=text)
    lines = [f"decimal = {json.dumps(decimal)}"] if decimal != how.decimal else []
    lines += [f"thousands = {json.dumps(thousands, ensure_ascii=False)}"] if thousands else []
    return _(_MARKS).format(value=text, lines=", ".join(lines))


def number_of(cell: object, how: How) -> Decimal | None:
    """Return what a cell says as a number, exactly; None for none."""
    written = _number(cell, how)
    try:
        if isinstance(written, str) and written.endswith("%"):
            return Decimal(written[:-1]) / 100
        return None if isinstance(written, bool) or written is None else Decimal(str(written))
    except InvalidOperation:
        return None


def _without_sign(text: str) -> tuple[str, str]:
    """Take a sign off the front, or a minus off the end, as accounts write it."""
    text = text.replace("\u2212", "-")
    if text[:1] in ("+", "-"):
        return text[1:].strip(), text[0]
    if text.endswith("-"):
        return text[:-1].strip(), "-"
    return text, ""


def _without_currency(text: str, how: How) -> str:
    for sign in how.currency:
        if text.casefold().startswith(sign.casefold()):
            return text[len(sign) :].strip()
        if text.casefold().endswith(sign.casefold()):
            return text[: -len(sign)].strip()
    return text


def _plain(text: str, how: How) -> str | None:
    """Return digits with a decimal point; None where groups of thousands are not groups of three."""
    whole, mark, part = _SPACES.sub(" ", text).partition(how.decimal)
    for thousands in how.thousands:
        if thousands in whole:
            if not re.fullmatch(rf"\d{{1,3}}({re.escape(thousands)}\d{{3}})+", whole, re.ASCII):
                return None
            whole = whole.replace(thousands, "")
    if not re.fullmatch(r"\d*", whole, re.ASCII) or not re.fullmatch(r"\d*([eE][+-]?\d+)?", part, re.ASCII):
        return None
    if not whole and not part[:1].isdigit():
        return None
    return f"{whole or '0'}.{part}" if mark and part else whole


def _date(cell: object, how: How) -> object:
    if isinstance(cell, dt.datetime):
        return cell.date() if how.times else cell
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return cell
    text = str(cell).strip()
    if _WHOLE.fullmatch(text):
        found = (day for epoch in how.dates if epoch in EPOCHS and (day := _counted(float(text), epoch)))
        return next(found, None) or _open(text, _(_COUNTED_FROM))
    match = _DATE.fullmatch(text)
    if match is None:
        return cell if not text or any(map(str.isdigit, text)) else _open(text, _(_NO_DAY))
    rest = match["rest"]
    if rest and not (how.times and _TIME.fullmatch(rest)):
        return cell if how.times or not _TIME.fullmatch(rest) else _open(text, _(_HAS_TIME))
    first, middle, last = match[1], match[3], match[4]
    if len(first) == len("2027"):  # the year first is the year first everywhere
        parts: tuple[str, str, str] | None = (first, middle, last)
    elif "dmy" in how.dates:
        parts = (last, middle, first)
    elif "mdy" in how.dates:
        parts = (last, first, middle)
    else:
        parts = None
    if parts is None and _may_be_day(first, middle):
        return _open(text, _(_ORDER))
    if parts is None or any(len(part) > len("31") for part in parts[1:]):
        return cell
    return _day(*parts) or cell


def _may_be_day(first: str, second: str) -> bool:
    """Whether two numbers are a day and a month, or a month and a day."""
    month, day = sorted((int(first), int(second)))
    return 1 <= month <= 12 and day <= 31


def _open(text: str, message: str) -> BadCell:
    """Return a cell that the map leaves open, with the line to add."""
    return BadCell(text, Problem("DATE", _with_text(message, text)))


def _counted(number: float, epoch: str) -> dt.date | None:
    """Return the day that a number of seconds, milliseconds or days means; a time of day of midnight is none."""
    start = MIDNIGHT if epoch == "excel" else dt.datetime(1970, 1, 1)
    try:
        moment = start + dt.timedelta(seconds=number * _UNITS[epoch])
    except OverflowError:
        return None
    return moment.date() if _FIRST <= moment.date() < _LAST else None


def _day(year: str, month: str, day: str) -> dt.date | None:
    number = int(year)
    if len(year) == len("27"):
        number += 2000 if number < _SHORT_YEARS // 2 else 1900
    elif len(year) != len("2027"):
        return None
    try:
        return dt.date(number, int(month), int(day))
    except ValueError:
        return None
