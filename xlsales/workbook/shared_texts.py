"""The shared texts of a workbook. Of planners, most are the same in all: each is read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from xlsales.cells import escapes
from xlsales.workbook import parts, sheet_scan
from xlsales.workbook.known_texts import KnownTexts, alike

_MOST_PARTS = 8  # that are remembered: many workbooks of one template have the same
_ITEM, _END = b"<si>", b"</t></si>"
_OPENINGS = (b"<si><t>", b'<si><t xml:space="preserve">')
_OF_AN_OPENING = 2  # tags
_NO_ITEMS = re.compile(rb"""(?:<\?xml [^>?]*\bencoding=["'](?:utf|UTF)-8["'][^>?]*\?>)?\s*<sst\b[^>]*>\s*</sst>\s*""")


def _plain_items(items: Sequence[bytes]) -> Iterable[str] | None:
    """Return the texts of items, written without their ends; None where one is not written plainly."""
    if not all(item.startswith(_OPENINGS) and item.count(b"<") == _OF_AN_OPENING for item in items):
        return None
    if not sheet_scan.is_well_formed(b"<sst>%b%b</sst>" % (_END.join(items), _END)):
        return None
    return map(_plain, items)


def _plain(item: bytes) -> str:
    text = item[item.index(b">", len(_ITEM)) + 1 :].decode()
    return escapes.unescaped(sheet_scan.plain(text) if "&" in text or "\r" in text else text)


_KNOWN = KnownTexts(_plain_items)


class _Before(NamedTuple):
    """Shared texts that were read before: other workbooks of their template begin with the same ones."""

    items: bytes = b""  # as they are written, but for the end of the last one
    texts: tuple[str, ...] = ()

    def texts_of(self, items: bytes) -> tuple[str, ...] | None:
        """Return the texts of items; None where one is not written plainly."""
        start = self.items.rfind(_END, 0, alike(self.items, items)) + len(_END)
        count = self.items.count(_END, 0, start) if start >= len(_END) else 0
        found = _KNOWN.of(items[start if count else 0 :].split(_END))
        return None if found is None else (*self.texts[:count], *found)


_before = _Before()


@lru_cache(maxsize=_MOST_PARTS)
def texts_of(part: bytes) -> tuple[str, ...]:
    """Return the shared texts as Excel shows them; phonetic readings are no part of them."""
    return _plain_texts(part) or tuple(map(_text, parts.parse(part).iterfind("{*}si")))


def _plain_texts(part: bytes) -> tuple[str, ...] | None:
    """Return the shared texts where all of them are written plainly, without runs of their own looks."""
    start, end = part.find(_ITEM), part.rfind(_END)
    outside = part[:start] + part[end + len(_END) :]
    if not 0 <= start < end or not _NO_ITEMS.fullmatch(outside):
        return None
    try:
        parts.parse(outside)  # which knows whether prefixes of names are declared
    except etree.XMLSyntaxError:
        return None
    return _texts_of_items(part[start:end])


def _texts_of_items(items: bytes) -> tuple[str, ...] | None:
    global _before
    before = _before
    found = before.texts_of(items)
    if found is not None and found[: len(found) // 2] != before.texts[: len(found) // 2]:
        _before = _Before(items, found)
    return found


def _text(item: etree._Element) -> str:
    pieces = (text for text in item.iter("{*}t") if etree.QName(text.getparent()).localname != "rPh")
    return escapes.unescaped("".join(piece.text or "" for piece in pieces))
