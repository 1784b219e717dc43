"""COUNTIF, SUMIFS and their like, cell by cell: which values meet a criterion such as `">5"` or `"?*"`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from xlsales.cells.digits import CLOSE, alike, seen
from xlsales.cells.wildcards import has_wildcard, pattern
from xlsales.functions.errors import ERROR_NUMBERS, CellError

Meets: TypeAlias = Callable[[Any], bool]

_OPERATOR = re.compile(r"<=|>=|<>|=|<|>")
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
# Names of months, short and long, where they are letters of Latin; in Excel those of the computer's language count.
_MONTHS = """
jan(uary|uar|vier|v|uari)? ene(ro)? gen(naio)? janeiro sty(cze[nń]|cznia)?
feb(ruary|ruar|rero|braio|ruari)? f[eé]v(rier|r|ereiro)? lut(y|ego)?
mar(ch|s|zo|ço|zec|ca|t)? m[aä]r(z)? maart mrt apr(il|ile)? abr(il)? avr(il)? kwi(ecie[nń]|etnia)?
may mai ma[gj](gio|o|a)? mayo maio mei jun(e|i|io|ho)? juin giu(gno)? cze(rwiec|rwca)?
jul(y|i|io|ho)? juil(let)? lug(lio)? lip(iec|ca)? aug(ust|ustus)? ago(sto)? ao[uû]t sie(rpie[nń]|rpnia)?
sep(t|tember|tembre|tiembre)? set(tembre|embro)? wrz(esie[nń]|e[sś]nia)? o[ck]t(ober|obre|ubre)? out(ubro)? ott(obre)?
pa[zź](dziernik|dziernika)? nov(ember|embre|iembre|embro)? lis(topad|topada)?
de[cz](ember|embre|embro)? d[eé]c(embre)? dic(embre|iembre)? gru(dzie[nń]|dnia)?
"""
_MONTH = "|".join(_MONTHS.replace("(", "(?:").split())
_BETWEEN = r"[\s,./-]*(?:de\s+)?"
OF_A_REGION = re.compile(
    r"[+-]?[$€£¥]?\s*\d[\d\s]*([.,:/-]\s*\d+)+\s*%?"
    r"|.*\d\s*(%|[ap]m|[$€£¥])"
    r"|[+-]?\s*\((?=[^)]*\d)[$€£¥\d.,\s%]+\)"  # one below 0
    r"|[+-]\s+[\d.,]+"
    rf"|(?=.*\d)(?:\d{{1,4}}(?:st|nd|rd|th|\.)?{_BETWEEN})?(?:{_MONTH})\.?(?:{_BETWEEN}\d{{1,4}}(?:[\s,.]+\d{{2,4}})?)?",
    re.IGNORECASE,
)
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class DoubtError(Exception):
    """What Excel makes of this is not known for certain."""


def criterion(wanted: Any) -> Meets:
    """Return what tells whether a cell's value meets a criterion; raises DoubtError."""
    match wanted:
        case None:
            return _number("=", 0.0)
        case bool():
            return lambda value: value is wanted
        case int() | float():
            return _number("=", float(wanted))
        case CellError():
            return lambda value: value == wanted
    found = _OPERATOR.match(wanted)
    sign = found[0] if found else ""
    return _of_text(sign, wanted[len(sign) :])


def _of_text(sign: str, rest: str) -> Meets:
    if not rest:
        return _blank(sign)
    if NUMBER.fullmatch(rest.strip()):
        return _number(sign or "=", seen(float(rest)))  # Excel has written it with 15 digits
    if OF_A_REGION.fullmatch(rest.strip()):
        raise DoubtError
    upper = rest.strip().upper()
    constant: Any = None
    if upper in ("TRUE", "FALSE"):
        constant = upper == "TRUE"
    elif upper in ERROR_NUMBERS:
        constant = CellError(upper)
    if constant is None:
        return _text(sign or "=", rest)
    if sign in _ORDER:
        raise DoubtError
    if isinstance(constant, bool):
        return _negated(sign, lambda value: value is constant)
    return _negated(sign, lambda value: value == constant)


def _blank(sign: str) -> Meets:
    match sign:
        case "":
            return lambda value: value is None or value == ""
        case "=":
            return lambda value: value is None
        case "<>":
            return lambda value: value is not None
    raise DoubtError


def _negated(sign: str, meets: Meets) -> Meets:
    return (lambda value: not meets(value)) if sign == "<>" else meets


def _number(sign: str, wanted: float) -> Meets:
    """Compare numbers; one that differs from the criterion after the 15th digit only is in doubt."""
    near = 2 * CLOSE * abs(wanted)  # what is further away differs in 15 digits

    def equal(value: Any) -> bool:
        if type(value) is str:
            value = _number_of(value)
        if value is None or isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if abs(value - wanted) > near:
            return False
        _sure(value, wanted)
        return bool(value == wanted)

    if sign in ("=", "<>"):
        return _negated(sign, equal)
    compare = _ORDER[sign]

    def ordered(value: Any) -> bool:
        if value is None or isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if abs(value - wanted) <= near:
            _sure(value, wanted)
        return compare(value, wanted)

    return ordered


@lru_cache(maxsize=4096)
def _number_of(text: str) -> float | None:
    """Return the number that a text says, None where it says none; what it is may depend on the country."""
    if NUMBER.fullmatch(text.strip()):
        return float(text)
    if OF_A_REGION.fullmatch(text.strip()):
        raise DoubtError
    return None


def _sure(value: float, wanted: float) -> None:
    if value != wanted and alike(value, wanted):
        raise DoubtError


def _text(sign: str, wanted: str) -> Meets:
    if sign in _ORDER:
        if not _plain(wanted):
            raise DoubtError
        low, compare = wanted.casefold(), _ORDER[sign]

        def ordered(value: Any) -> bool:
            if not isinstance(value, str):
                return False
            if value and not _plain(value):
                raise DoubtError
            return compare(value.casefold(), low)

        return ordered
    if has_wildcard(wanted):
        fits = pattern(wanted).fullmatch
        return _negated(sign, lambda value: isinstance(value, str) and fits(value) is not None)
    low = wanted.lower()
    return _negated(sign, lambda value: isinstance(value, str) and value.lower() == low)


def _plain(text: str) -> bool:
    """Whether every language sorts a text alike: letters of English, digits and blanks."""
    return text.isascii() and text.replace(" ", "").isalnum()


def met(pairs: Sequence[tuple[Sequence[Any], int, Any]]) -> tuple[list[int], int]:
    """Return which cells of ranges meet all criteria, and how many do that stand behind the last one with a value.

    Each range comes with its cells, the number of cells that it has with blank ones at its end, and its criterion.
    """
    size = max(len(cells) for cells, _total, _criterion in pairs)
    found = list(range(size))
    behind = max(max(total for _cells, total, _criterion in pairs) - size, 0)
    for cells, _total, wanted in pairs:
        if not found and not behind:
            break
        meets = criterion(wanted)
        found = [place for place in found if meets(cells[place] if place < len(cells) else None)]
        if behind and not meets(None):
            behind = 0
    return found, behind
