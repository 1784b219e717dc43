"""Texts of workbooks that XlsxWriter writes, through the same gate as all others.

XlsxWriter stores most texts as Excel does. It misses escapes that follow one another, stops at half characters, and
takes a text between `<r>` and `</r>` for markup.
"""

from __future__ import annotations

import re

from xlsales.excel import package
from xlsales.excel.escapes import cut, escaped
from xlsales.excel.shared_strings import SHARED_STRINGS
from xlsales.excel.stored import content

_MARK = "\ue0fa"  # a character that nobody has: it may be anything
_PLACEHOLDER = re.compile(f"<t>{_MARK}([0-9]+){_MARK}</t>")


class Texts:
    """The texts that one workbook is given: those that XlsxWriter cannot store are put in once it is written."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}  # text → what stands in its place

    def storable(self, text: str) -> str:
        """Return what to write for a text, of which there is no more than a cell holds."""
        text = cut(text)
        if escaped(text) == text and _MARK not in text and not text.startswith("<r>"):
            return text
        return self._kept.setdefault(text, f"{_MARK}{len(self._kept)}{_MARK}")

    def put_into(self, written: bytes) -> bytes:
        """Return the workbook with the texts that were kept."""
        if not self._kept:
            return written
        texts = list(self._kept)
        parts = package.read(written)
        strings = parts[SHARED_STRINGS.name].decode()
        new = _PLACEHOLDER.sub(lambda found: f"<t{content(texts[int(found[1])])}</t>", strings)
        return package.write({**parts, SHARED_STRINGS.name: new.encode()})
