"""Texts of workbooks that XlsxWriter writes, through the same gate as all others.

XlsxWriter stores most texts as Excel does. It misses escapes that follow one another, stops at half characters, and
takes a text between `<r>` and `</r>` for markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from xlsales.cells.escapes import cut, escaped
from xlsales.cells.stored import content
from xlsales.workbook import package
from xlsales.workbook.shared_strings import SHARED_STRINGS

_MARK = "\ue0fa"  # a character that nobody has: it may be anything
_PLACEHOLDER = re.compile(f"<t>{_MARK}([0-9]+){_MARK}</t>".encode())
_LONGEST = 64  # bytes of a placeholder, and more


class Texts:
    """The texts that one workbook is given: those that XlsxWriter cannot store are put in once it is written."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}  # text → what stands in its place
        self.growth = 0  # bytes that a part may be longer in the end, all the texts in it

    def storable(self, text: str) -> str:
        """Return what to write for a text, of which there is no more than a cell holds."""
        text = cut(text)
        if escaped(text) == text and _MARK not in text and not text.startswith("<r>"):
            return text
        self.growth += len(content(text).encode())
        return self._kept.setdefault(text, f"{_MARK}{len(self._kept)}{_MARK}")

    def put_into(self, written: bytes) -> bytes:
        """Return the workbook with the texts that were kept."""
        if not self._kept:
            return written
        parts = package.read(written)
        strings = b"".join(self.put_into_part([parts[SHARED_STRINGS.name]]))
        return package.write({**parts, SHARED_STRINGS.name: strings})

    def put_into_part(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield a part that comes in blocks, with the texts that were kept."""
        texts = list(self._kept)

        def text(found: re.Match[bytes]) -> bytes:
            return f"<t{content(texts[int(found[1])])}</t>".encode()

        held = b""
        for block in blocks:
            block = held + block
            begun = block.find(b"<t>", max(0, len(block) - _LONGEST))
            end = max(0, len(block) - len("<t")) if begun == -1 else begun
            yield _PLACEHOLDER.sub(text, block[:end])
            held = block[end:]
        yield _PLACEHOLDER.sub(text, held)
