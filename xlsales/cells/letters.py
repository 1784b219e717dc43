"""What Excel makes of letters: their case, their order, and how many it counts.

Where that depends on the language of the computer, or is not known for certain, the functions say so with None.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

_Place: TypeAlias = tuple[int, str]

_NO_BREAK, _FOR_IT = "\xa0", "\ue000"
_USUAL = re.compile("[ -~\xa0«»–—À-ÖØ-Þà-öø-þЁА-яё]*")  # letters that are like no others in another case
_SPACE = " "  # the only one that TRIM takes away
_KEPT = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0")  # which Excel's help says it leaves, or what is no blank to it
_LIGHT = str.maketrans("", "", "-'")  # which count last when texts are put in order, or are signs like others
_LAST_KNOWN = "\u052f"  # of Latin, Greek and Cyrillic: their case is one letter for one
_PAIRS = "\uffff"  # letters behind it take two places in a cell
# Letters whose case differs from language to language, or that have two small forms.
_UNSURE = frozenset("İıΣσςµſǄǅǆǇǈǉǊǋǌǱǲǳ")


def folded(text: str) -> str:
    """Return a text without its letter case: É is é, but ß stays ß, as in Excel."""
    return text.upper() if text.isascii() else "".join(map(capital, text))


def lowered(text: str) -> str:
    """Return a text in small letters, each letter for itself."""
    return text.lower() if text.isascii() else "".join(map(small, text))


def capital(letter: str) -> str:
    """Return a letter's capital, where that is one letter."""
    other = letter.upper()
    return other if len(other) == 1 else letter


def small(letter: str) -> str:
    """Return a capital's letter, where that is one letter."""
    other = letter.lower()
    return other if len(other) == 1 else letter


def units(text: str) -> int:
    """Return the length of a text as Excel's LEN counts it: letters beyond the 65,536th of Unicode count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def has_pairs(text: str) -> bool:
    """Whether a text has letters that count twice, in all but the newest workbooks."""
    return not text.isascii() and max(text) > _PAIRS


def upper(text: str) -> str | None:
    """Return what UPPER gives."""
    return _changed(text, str.upper, capital)


def lower(text: str) -> str | None:
    """Return what LOWER gives."""
    return _changed(text, str.lower, small)


def _changed(text: str, whole: Callable[[str], str], each: Callable[[str], str]) -> str | None:
    if text.isascii():
        return whole(text)
    return "".join(map(each, text)) if all(map(_is_known, text)) else None


def _is_known(letter: str) -> bool:
    """Whether a letter has no case, or one that every language agrees about."""
    up, down = letter.upper(), letter.lower()
    if up == down == letter:
        return True
    return letter <= _LAST_KNOWN and letter not in _UNSURE and letter in (up, down) and up.lower() == down


def proper(text: str) -> str | None:
    """Return what PROPER gives: a capital for each letter behind what is none, a digit for instance."""
    found, follows = [], False
    for letter in text:
        if letter.isalpha() and not (letter.isascii() or (letter.upper() != letter.lower() and _is_known(letter))):
            return None
        if unicodedata.combining(letter):
            return None
        found.append((small if follows else capital)(letter))
        follows = letter.isalpha()
    return "".join(found)


def trimmed(text: str) -> str | None:
    """Return what TRIM gives: blanks at the ends go, and all but one of those between words."""
    if any(letter.isspace() and letter != _SPACE and letter not in _KEPT for letter in text):
        return None
    return _SPACE.join(filter(None, text.split(_SPACE)))


def same(one: str, other: str) -> bool | None:
    """Whether texts are equal in Excel: in any letter case, and one way of writing an accent may be like another."""
    if one == other or folded(one) == folded(other):
        return True
    if one.isascii() and other.isascii():
        return False
    return None if likened_to(one) == likened_to(other) else False


def is_usual(text: str) -> bool:
    """Whether a text has no letters that are like others, but for their case."""
    return text.isascii() or _USUAL.fullmatch(text) is not None


def likened_to(text: str) -> str:
    """Return what is the same for all texts that may be taken for each other; a no-break space is like no other."""
    if is_usual(text):
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text.replace(_NO_BREAK, _FOR_IT)).casefold()
    plain = unicodedata.normalize("NFKC", plain)
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cf").replace(_FOR_IT, _NO_BREAK)


def order(one: str, other: str) -> int | None:
    """Return -1 where a text comes before another, 1 behind it, 0 where they are equal."""
    equal = same(one, other)
    if equal is not False:
        return 0 if equal else None
    if not (one.isascii() and other.isascii()):
        return None
    compared = _by_sign(one.lower(), other.lower())
    light = _by_sign(one.lower().translate(_LIGHT), other.lower().translate(_LIGHT))
    return compared if compared == light else None


def has_order(text: str) -> bool:
    """Whether every language puts a text in the same place among others of its kind: English, digits and blanks."""
    return text.isascii() and text.replace(_SPACE, "").isalnum()


def _by_sign(one: str, other: str) -> int | None:
    """Compare sign by sign: digits come before letters, and before both all others, whose order is not known."""
    for a, b in zip(one, other, strict=False):
        if a != b:
            place, behind = _place(a), _place(b)
            return None if place == behind == (0, "") else -1 if place < behind else 1
    return (len(one) > len(other)) - (len(one) < len(other))


def _place(letter: str) -> _Place:
    """Return where a sign comes in the order of all."""
    if letter == _SPACE:
        return -1, ""
    return (2, letter) if letter.isalpha() else (1, letter) if letter.isdigit() else (0, "")


def sorting(text: str) -> tuple[Sequence[_Place], Sequence[_Place], str]:
    """Return what puts texts in order: as `order` where it knows, and in a likely order where it does not."""
    plain = [letter for letter in unicodedata.normalize("NFD", text).lower() if not unicodedata.combining(letter)]
    return [_place(letter) for letter in plain if letter not in "-'"], list(map(_place, plain)), text.lower()


CHANGED: Mapping[str, Callable[[str], str | None]] = {"LOWER": lower, "PROPER": proper, "TRIM": trimmed, "UPPER": upper}
