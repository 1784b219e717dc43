"""The cells and rows of a worksheet part, with their places in its bytes."""

from __future__ import annotations

import re
from typing import NamedTuple

from xlsales.cells.stored import Stored

_OF_VALUE = re.compile(rb"""\s+(?:t|vm)\s*=\s*("[^"]*"|'[^']*')""")  # type and metadata go with the value


class Cell(NamedTuple):
    """A cell as the part has it: its bytes are `part[start:end]`."""

    reference: str
    kind: str  # the attribute `t`
    start: int
    end: int
    head: bytes  # the opening tag without its end and what belongs to the value: b'<c r="C4" s="12"'
    formula: bytes  # the element <f> as it stands, or nothing
    after: bytes  # what follows the value, such as an extension list
    shown: str | None  # the text of its value; None without one

    @property
    def has_value(self) -> bool:
        """Whether it has a value, be it the empty text; openpyxl writes an empty element <v> for none."""
        return self.shown is not None and (self.shown != "" or self.kind in ("str", "inlineStr"))

    def with_value(self, stored: Stored | None, prefix: bytes = b"") -> bytes:
        """Return the cell holding this value, in an element <v>, or no value."""
        kind = b' t="%b"' % stored.kind.encode() if stored and stored.kind else b""
        value = stored.element(prefix) if stored else b""
        inside = self.formula + value + self.after
        return b"%b%b>%b</%bc>" % (self.head, kind, inside, prefix) if inside else b"%b%b/>" % (self.head, kind)


class Row(NamedTuple):
    """A row of the part: its bytes are `part[start:end]`."""

    number: int
    start: int
    end: int
    inside: int  # where its first cell stands, or would stand


def without_value(opening: bytes) -> bytes:
    """Return the opening of a cell's tag, or its attributes, without those that go with the value."""
    return _OF_VALUE.sub(b"", opening)
