"""What somebody has typed into an input, read where its meaning is certain; else nothing, and a finding keeps it.

A comma or a point with exactly three digits after it may part thousands or decimals: such a text is not read, unless
the other sign is there too. A day is read from 2027-03-31, 31.03.2027, 31 March 2027, and from 3/31/2027 only where
one of the numbers can be no month.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple, TypeAlias

from xlsales.cells.stored import number as stored_number
from xlsales.schema import MONTHS, NUMERIC, Column, Kind
from xlsales.texts import _
from xlsales.workbook.given import Given
from xlsales.workbook.given import Kind as Holds

Value: TypeAlias = "float | str | dt.date | None"

_SIGN = re.compile(
    r"(?:[€$£¥₤₽₴₹]|zł|Kč|(?<![A-Za-z])(?:EUR|USD|GBP|CHF|PLN|CZK|HUF|BGN|RON|SEK|NOK|DKK|TRY|JPY|CNY|INR|CAD|AUD)(?![A-Za-z]))"
)
_TRUTHS = {"YES": ("true", "y"), "NO": ("false", "n")}
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009']", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?P<group>[.,])\d{3})(?:(?P=group)\d{3})*(?P<decimal>[.,])\d+", re.ASCII)
_GROUPS = re.compile(r"[+-]?\d{1,3}([.,])\d{3}(?:\1\d{3})+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d+[.,](\d+)", re.ASCII)
_SPACED = re.compile(r"[+-]?\d{1,3}(?:[\s\u00a0\u202f\u2009']\d{3})+(?:[.,]\d+)?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", re.ASCII)
_EITHER = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII)
_NAMED = re.compile(r"(?:(\d{1,2})\.?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})|([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4}))")
_LONGEST = 64  # of a text that is looked at as a number or a day


class Typed(NamedTuple):
    """What is read, and the code of what is to be said about it."""

    value: Value
    code: str = ""
    expected: str = ""
    got: str = ""


def typed(given: Given, column: Column, words: dict[str, str] | None = None) -> Typed:
    """Return what an input means in its column; `words` are the planner's words, case-folded, with their codes."""
    match given.kind:
        case Holds.BLANK:
            return Typed(None)
        case Holds.EMPTY_TEXT:
            return Typed(None, "INPUT_EMPTY_TEXT")
        case Holds.ERROR:
            return Typed(None, "INPUT_PICTURE" if given.is_rich else "INPUT_ERROR", got=str(given.value))
        case Holds.NOT_CALCULATED:
            return Typed(None, "INPUT_NOT_CALCULATED", got=f"={given.formula}")
    if given.kind is Holds.TEXT and not str(given.value).strip():  # blanks, with which somebody cleared the cell
        return Typed(None, "INPUT_EMPTY_TEXT")
    if column.kind in NUMERIC:
        found = _as_number(given, column)
    elif column.kind is Kind.DATE:
        found = _as_day(given)
    elif column.kind in (Kind.CHOICE, Kind.FLAG):
        found = _as_code(given, column, words or {})
    else:
        found = _as_text(given, column)
    if given.formula and not found.code:
        return found._replace(code="INPUT_FORMULA", got=f"={given.formula}")
    if given.is_rich and not found.code:
        return found._replace(code="INPUT_DATA_TYPE", got=str(given.value))
    return found


def as_text(given: Given) -> str | None:
    """Return an input as a text: a number as short as it is, a truth as Excel shows it."""
    if given.kind is Holds.NUMBER:
        return stored_number(float(given.value or 0))
    if given.kind is Holds.BOOLEAN:
        return "TRUE" if given.value else "FALSE"
    return None if given.value is None else str(given.value)


def _as_text(given: Given, column: Column) -> Typed:
    text = as_text(given)
    if not column.pattern or text is None or re.fullmatch(column.pattern, text):
        return Typed(text)
    plain = text.strip().upper()
    if re.fullmatch(column.pattern, plain):
        return Typed(plain)
    return Typed(text, "INPUT_OUT_OF_RANGE", _(column.help), text)


def _as_number(given: Given, column: Column) -> Typed:
    wanted = _("a number")
    if given.kind is Holds.NUMBER:
        if given.shows_date:  # what a program took for a day, as 1.5 for the first of May
            return Typed(None, "INPUT_UNCLEAR", wanted, str(given.day or as_text(given)))
        return _within(float(given.value or 0), column)
    number = number_in(str(given.value)) if given.kind is Holds.TEXT else None
    if number is None:
        return Typed(None, "INPUT_UNCLEAR", wanted, as_text(given) or "")
    within = _within(number, column)
    return within if within.code else Typed(number, "INPUT_TEXT_READ", wanted, str(given.value))


def _within(number: float, column: Column) -> Typed:
    low, high = column.minimum, column.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        limits = " – ".join("" if limit is None else stored_number(limit) for limit in (low, high))
        return Typed(number, "INPUT_OUT_OF_RANGE", limits, stored_number(number))
    if column.kind is Kind.COUNT and number != int(number):
        return Typed(number, "INPUT_OUT_OF_RANGE", _("a whole number"), stored_number(number))
    return Typed(number)


def number_in(text: str) -> float | None:
    """Return the number that a text certainly is; None where it may be another one, or none."""
    text = text.strip().replace("\u2212", "-")
    if len(text) > _LONGEST:
        return None
    share = 1.0
    if text.endswith("%"):
        text, share = text[:-1].strip(), 100.0
    if len(_SIGN.findall(text)) == 1:
        before, after = _SIGN.split(text)
        text = (before + after).strip() if not before.strip(" -+") or not after.strip() else text
    number = _plain_number(text)
    return None if number is None else number / share


def _plain_number(text: str) -> float | None:
    if not text.isascii() and not _SPACED.fullmatch(text):
        return None
    if _SPACED.fullmatch(text):
        return float(_BLANKS.sub("", text).replace(",", "."))
    grouped = _GROUPED.fullmatch(text)
    if grouped and grouped["group"] != grouped["decimal"]:
        return float(text.replace(grouped["group"], "").replace(grouped["decimal"], "."))
    groups = _GROUPS.fullmatch(text)
    if groups:
        return float(text.replace(groups[1], ""))
    decimal = _DECIMAL.fullmatch(text)
    if decimal:
        whole = text.lstrip("+-").replace(",", ".").partition(".")[0]
        is_clear = len(decimal[1]) != 3 or whole == "0" or len(whole) > 3
        return float(text.replace(",", ".")) if is_clear else None
    return _finite(text) if _NUMBER.fullmatch(text) else None


def _finite(text: str) -> float | None:
    number = float(text)
    return number if abs(number) < 1e300 else None


def _as_day(given: Given) -> Typed:
    wanted = _("a day")
    if given.kind is Holds.NUMBER:
        day = given.day
        return Typed(day) if day else Typed(None, "INPUT_UNCLEAR", wanted, as_text(given) or "")
    day = day_in(str(given.value)) if given.kind is Holds.TEXT else None
    if day is None:
        return Typed(None, "INPUT_UNCLEAR", wanted, as_text(given) or "")
    return Typed(day, "INPUT_TEXT_READ", wanted, str(given.value))


def day_in(text: str) -> dt.date | None:
    """Return the day that a text certainly means."""
    text = text.strip()
    if len(text) > _LONGEST or not text.isascii():
        return None
    if found := _ISO.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        return _day(found[1], found[2], found[3])
    if found := _DAY_FIRST.fullmatch(text):
        return _day(found[3], found[2], found[1])
    if found := _EITHER.fullmatch(text):
        one, other = int(found[1]), int(found[2])
        if one > 12 or one == other:
            return _day(found[3], found[2], found[1])
        return _day(found[3], found[1], found[2]) if other > 12 else None
    if found := _NAMED.fullmatch(text):
        day, month, year = found.group(1, 2, 3) if found[1] else found.group(5, 4, 6)
        months = [n for n, name in enumerate(MONTHS, 1) if name.casefold().startswith(month.casefold())]
        return _day(year, months[0], day) if len(months) == 1 else None
    return None


def _day(year: str, month: str | int, day: str) -> dt.date | None:
    try:
        found = dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year >= 1900 else None


def _as_code(given: Given, column: Column, words: dict[str, str]) -> Typed:
    text = as_text(given) or ""
    key = " ".join(text.split()).casefold()
    codes = {code.casefold(): code for code in column.choices}
    code = words.get(key) if words.get(key) in column.choices else codes.get(key)
    if code is not None:
        return Typed(code)
    wanted = _("one of {choices}").format(choices=", ".join(column.choices))
    for truth, spelled in _TRUTHS.items():
        if column.kind is Kind.FLAG and truth in column.choices and key in spelled:  # of a box that is ticked, or Y
            return Typed(truth, "INPUT_TEXT_READ", wanted, text)
    return Typed(None, "INPUT_UNCLEAR", wanted, text)
