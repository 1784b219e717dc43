"""Formulas compared by what they mean: programs write the same one in several ways.

LibreOffice writes FALSE() for FALSE, quotes sheet names or does not, and may put blanks; some leave out the prefixes of
newer functions; numbers are written with more or fewer digits.
"""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(
    r"""
    (?P<text>"(?:[^"]|"")*")
    | (?P<sheet>'(?:[^']|'')*'(?=!))
    | (?P<number>(?<![\w.$])(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.(!:]))
    | (?P<truth>\b(?:TRUE|FALSE)\b(?:\s*\(\s*\))?)
    | (?P<prefix>_xlfn\.(?:_xlws\.)?|_xlws\.|_xludf\.)
    | (?P<blank>\s+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN_SHEET = re.compile(r"[A-Za-z_][\w.]*")


@lru_cache(maxsize=60_000)
def meaning(formula: str) -> str:
    """Return a formula in the one way in which it is compared."""
    pieces: list[str] = []
    position = 0
    for token in _TOKEN.finditer(formula):
        pieces.append(formula[position : token.start()].casefold())
        position = token.end()
        pieces.append(_as_written(token))
    pieces.append(formula[position:].casefold())
    return "".join(pieces).removeprefix("=").removeprefix("+")


def _as_written(token: re.Match[str]) -> str:
    match token.lastgroup:
        case "text":
            return token[0]
        case "sheet":
            name = token[0][1:-1]
            return name.casefold() if _PLAIN_SHEET.fullmatch(name) else f"'{name.casefold()}'"
        case "number":
            return f"{float(token[0]):.15g}"
        case "truth":
            return token[0][:5].strip(" (").casefold()
    return ""
