"""The shared strings of a workbook: a template's, and those that a filled copy adds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Self

from xlsales.cells.stored import contents as stored_contents
from xlsales.workbook import archive, deflated
from xlsales.workbook import parts as parts_of

_COUNTS = re.compile(rb"""\s+(?:uniqueC|c)ount\s*=\s*("[^"]*"|'[^']*')""")
_EMPTY = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="{parts_of.MAIN}"></sst>'.encode()
SHARED_STRINGS = parts_of.NewPart(
    "xl/sharedStrings.xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml",
    _EMPTY,
)


class Template:
    """A template's shared strings, ready for additions."""

    def __init__(self, count: int, prefix: str, own: tuple[bytes, bytes], tail: bytes) -> None:
        """Take how many there are, the namespace's prefix, the part up to its end, compressed too, and its end."""
        self.count = count
        self.prefix = prefix
        self.own = own
        self.tail = tail

    @classmethod
    def of(cls, part: bytes) -> Self:
        """Read a part of shared strings."""
        root = parts_of.parse(part)
        count = sum(1 for _item in root.iter("{*}si"))
        if count == 0:
            part = _EMPTY
        tag = re.search(rb"<(\w+:)?sst[^>]*>", part)
        assert tag is not None
        opening = _COUNTS.sub(b"", tag[0])  # optional, and different in every copy
        end = part.rindex(b"</")
        own = part[: tag.start()] + opening + part[tag.end() : end]
        return cls(count, (tag[1] or b"").decode(), (own, deflated.piece(own)), part[end:])

    def with_added(self, part: str, added: Sequence[str]) -> archive.Joined:
        """Return the part of this name with these texts after the template's own."""
        p = self.prefix
        opening, closing = f"<{p}si><{p}t", f"</{p}t></{p}si>"
        items = f"{closing}{opening}".join(stored_contents(added))
        content = f"{opening}{items}{closing}".encode() + self.tail if added else self.tail
        own, compressed = self.own
        return archive.joined(part, [(own, [compressed]), (content, [deflated.last_piece(content)])])
