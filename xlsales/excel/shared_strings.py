"""The shared strings of a workbook: a template's, and those that one filled copy adds."""

from __future__ import annotations

import re

from xlsales.excel import parts as parts_of
from xlsales.excel.stored import text as stored_text

_COUNTS = re.compile(rb"""\s+(?:uniqueC|c)ount\s*=\s*("[^"]*"|'[^']*')""")
_EMPTY = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="{parts_of.MAIN}"></sst>'.encode()
SHARED_STRINGS = parts_of.NewPart(
    "xl/sharedStrings.xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml",
    _EMPTY,
)


class Template:
    """A template's shared strings, ready for additions."""

    def __init__(self, part: bytes = _EMPTY) -> None:
        root = parts_of.parse(part)
        self.count = sum(1 for _item in root.iter("{*}si"))
        if self.count == 0:
            part = _EMPTY
        tag = re.search(rb"<(\w+:)?sst[^>]*>", part)
        assert tag is not None
        opening = _COUNTS.sub(b"", tag[0])  # optional, and different in every copy
        self._prefix = (tag[1] or b"").decode()
        end = part.rindex(b"</")
        self._head = part[: tag.start()] + opening + part[tag.end() : end]
        self._tail = part[end:]

    def with_added(self, added: list[str]) -> bytes:
        """Return the part with these texts after the template's own."""
        p = self._prefix
        items = [f'<{p}si><{p}t xml:space="preserve">{stored_text(text)}</{p}t></{p}si>' for text in added]
        return self._head + "".join(items).encode() + self._tail


class Added:
    """The texts that one copy adds, each once."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._indexes: dict[str, int] = {}

    def index(self, text: str) -> int:
        """Return a text's index among the workbook's shared strings."""
        return self._indexes.setdefault(text, self._first + len(self._indexes))

    @property
    def texts(self) -> list[str]:
        """The texts in the order of their indexes."""
        return list(self._indexes)
