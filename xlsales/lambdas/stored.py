"""Formulas as files store them: prefixes for variables and for functions younger than the file format.

Excel itself saves `LET(x,1,x)` as `_xlfn.LET(_xlpm.x,1,_xlpm.x)`, an optional parameter `[y]` of a LAMBDA as `_xlop.y`
where it is declared and as `_xlpm.y` where it is used. A new function without its prefix shows #NAME? for ever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

_TOKEN = re.compile(
    r'"(?:[^"]|"")*"'  # a text
    r"|#[A-Z/0]+[!?A]?"  # an error
    r"|\d+(?:\.\d+)?(?:E[+-]?\d+)?"
    r"|\[\w+\]"  # an optional parameter
    r"|(?P<called>[A-Za-z_][\w.]*)(?=\()"
    r"|(?P<word>[A-Za-z_][\w.]*)"
    r"|."
)
_CONSTANTS: Final = frozenset({"TRUE", "FALSE"})
PLAIN: Final = frozenset(
    re.findall(
        r"\w+",
        """
        ABS AND AVERAGE CHOOSE CLEAN COLUMNS DATE DAY EDATE FIND IF IFERROR INDEX INT ISERROR ISLOGICAL ISNUMBER LEFT
        LEN LOWER MATCH MAX MEDIAN MID MIN MONTH N NOT OR RIGHT ROUND ROWS SUBSTITUTE SUM SUMPRODUCT TRIM TYPE UPPER
        VALUE YEAR
        """,
    )
)
_NEW = "DROP HSTACK ISOMITTED LAMBDA LET MAKEARRAY MAP NUMBERVALUE REDUCE SEQUENCE SORTBY TOCOL UNICHAR VSTACK"
FUTURE: Final = {**dict.fromkeys(re.findall(r"\w+", _NEW), "_xlfn."), "FILTER": "_xlfn._xlws."}
VARIABLE: Final = "_xlpm."
OPTIONAL: Final = "_xlop."


@cache
def stored(formula: str) -> str:
    """A formula with the prefixes that a file has; a function that is not known here counts as a variable."""
    return "".join(map(_prefixed, _TOKEN.finditer(formula)))


def variables(formula: str) -> set[str]:
    """The names that a formula gives to its parameters and intermediate results."""
    found = (match for match in _TOKEN.finditer(formula))
    return {match[0].strip("[]") for match in found if _prefixed(match).startswith((VARIABLE, OPTIONAL))}


def _prefixed(token: re.Match[str]) -> str:
    text = token[0]
    if text.startswith("["):
        return OPTIONAL + text[1:-1]
    if token["called"]:
        return text if text in PLAIN else FUTURE.get(text, VARIABLE) + text
    if token["word"] and text not in _CONSTANTS:
        return VARIABLE + text
    return text


def renamed(formula: str, names: Mapping[str, str]) -> str:
    """A formula with other names for some of its variables."""
    return "".join(names.get(match[0], match[0]) if match["word"] else match[0] for match in _TOKEN.finditer(formula))
