"""Texts as the parts of a workbook hold them: the one gate that every text goes through, and the way back.

What XML cannot hold, and a carriage return, which its readers turn into a line feed, stands there as `_xHHHH_`; an
underscore that would be taken for the beginning of such an escape stands there as `_x005F_` (ECMA-376 22.9.2.19,
[MS-OI29500] 2.1.1747).
"""

from __future__ import annotations

import re

LONGEST_TEXT = 32_767  # UTF-16 units of a text in a cell
# Half a character beyond U+FFFF counts: Python knows both halves as one character, a half alone is no text.
_FORBIDDEN = "\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff"
_SUSPICIOUS = re.compile(f"[{_FORBIDDEN}]")
_TO_ESCAPE = re.compile(f"[{_FORBIDDEN}]|_(?=x[0-9A-Fa-f]{{4}}[_{_FORBIDDEN}])")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HALF_AT_THE_END = re.compile("[\ud800-\udbff]\\Z")
CUT = "…"
_BLANK = (" ", "\t", "\n")


def escaped(text: str) -> str:
    """Return a text, whatever is in it, as a part holds it; markup is another matter."""
    if "_x" not in text and (text.isprintable() or _SUSPICIOUS.search(text) is None):
        return text
    return _TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", _whole(text))


def unescaped(text: str) -> str:
    """Return the text that a part holds in this form."""
    if "_x" not in text:
        return text
    return _whole(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text))


def formula(stored: str) -> str:
    """Return the formula that a part holds in this form, if Excel escaped it: other programs write it as it is."""
    text = unescaped(stored)
    return text if escaped(text).casefold() == stored.casefold() else stored


def _whole(text: str) -> str:
    """Return a text whose characters are in one piece."""
    return _HALVES.sub(lambda pair: pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), text)


def units(text: str) -> int:
    """Return the length of a text as Excel counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fits(text: str) -> bool:
    """Whether a cell can hold a text."""
    return len(text) <= LONGEST_TEXT // 2 or units(text) <= LONGEST_TEXT


def cut(text: str) -> str:
    """Return as much of a text as a cell holds, with a mark at its end where something is missing."""
    if fits(text):
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (LONGEST_TEXT - 1)].decode("utf-16-le", "surrogatepass")
    return _HALF_AT_THE_END.sub("", kept) + CUT


def has_edge_space(text: str) -> bool:
    """Whether an element with this text must say that its spaces count."""
    return text.startswith(_BLANK) or text.endswith(_BLANK)
