"""Numbers that a formula writes into a text: Excel writes up to 15 digits, the calculation engine up to 17."""

from __future__ import annotations

import re
from collections.abc import Collection

from xlsales.calculation.engine.ranges import Node, children, function_name
from xlsales.functions import CATALOGUE

# Functions that hand on a text as it is; the sales functions write their numbers themselves.
_HAND_ON = {"IF", "IFERROR", "IFNA", "IFS", "SWITCH", "CHOOSE", "INDEX", "MATCH", "VLOOKUP", "HLOOKUP", *CATALOGUE}
_NUMBER = re.compile(r"\d[\d.]*")
_SIGNED_ZERO = re.compile(r"(?<![\w.)-])-0(?![\d.,-])")
_DIGITS, _DECIMALS = 15, 9  # smaller numbers get an exponent in Excel
LONGEST_SOUND = _DECIMALS + 1  # so short a text has no number with too many digits


def may_write_numbers(node: Node) -> bool:
    """Whether a part of a formula may make a text of a number."""
    name = function_name(node)
    if node.get("operator") == "&" or (name and name not in _HAND_ON):
        return True
    return any(map(may_write_numbers, children(node)))


def may_be_unlike(text: str) -> bool:
    """Whether a text may have a number in it that Excel writes in another way."""
    return len(text) > LONGEST_SOUND or "-0" in text


def is_too_exact(text: str, known: Collection[str]) -> bool:
    """Whether a text has a number with more digits than Excel writes, which is in none of the `known` texts."""
    return len(text) > LONGEST_SOUND and any(
        _has_too_many_digits(number) and not any(number in one for one in known) for number in _NUMBER.findall(text)
    )


def has_signed_zero(text: str, known: Collection[str]) -> bool:
    """Whether a text has a 0 with a minus, which Excel does not write, and that is in none of the `known` texts."""
    return _SIGNED_ZERO.search(text) is not None and not any(map(_SIGNED_ZERO.search, known))


def _has_too_many_digits(number: str) -> bool:
    whole, _point, decimals = number.partition(".")
    return len((whole + decimals).lstrip("0").rstrip(".")) > _DIGITS or len(decimals) > _DECIMALS
