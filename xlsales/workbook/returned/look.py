"""A first look at a returned planner: its parts, and which of its kind it is by all parts that hold no values.

Most planners that come back are copies of one, saved by one program: what is compressed in the same way is the same,
and known already. A look tells nothing about a file that is odd in any way: that one is read the plain way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

from xlsales.errors import InputError
from xlsales.workbook import archive, limits, parts, quick_archive
from xlsales.workbook.archive import Member

WORKBOOK: Final = "xl/workbook.xml"
SHARED_STRINGS: Final = "xl/sharedStrings.xml"
STYLES: Final = "xl/styles.xml"
PROPERTIES: Final = "docProps/custom.xml"
SHEETS: Final = "xl/worksheets/sheet"
_OWN = (SHARED_STRINGS, PROPERTIES)  # looked at for each planner
# Parts of which nothing is read.
_UNREAD = ("xl/charts/", "xl/drawings/", "xl/theme/", "xl/printerSettings/", "xl/media/", "docProps/", "xl/calcChain")
_MOST = 32 << 20  # bytes of parts that are remembered
_MOST_KINDS = 20_000
_VALUES = -1  # what parts say that hold values
# What programs write anew each time.
_IDENTIFIER = re.compile(rb""" xr\d?:uid="\{[0-9A-Fa-f-]{36}\}\"""")
# What is not read within parts that are: LibreOffice numbers charts anew in each file, and the looks of conditions.
_BESIDE = {
    "[Content_Types].xml": re.compile(
        rb"""<Override PartName="/(?:%b)[^"<>]*" ContentType="[^"<>]*"/>""" % b"|".join(map(str.encode, _UNREAD))
    ),
    STYLES: re.compile(rb"<dxfs\b[^>]*>.*?</dxfs>", re.DOTALL),
}
_OUTLINE = re.compile(
    rb"<workbook\b[^>]*>|<workbookPr\b[^>]*>|<sheets>.*?</sheets>|<externalReferences>.*?</externalReferences>"
    rb"|<definedNames>.*?</definedNames>",
    re.DOTALL,
)
Key: TypeAlias = "tuple[tuple[str, int], ...]"


class Look(NamedTuple):
    """What a first look at a planner tells."""

    contents: Mapping[str, bytes]
    sheets: Mapping[str, bytes | bytearray]  # the parts that are worksheets, of which nobody knows whether they do harm
    key: Key  # the same where all parts without values say the same


class _Known(NamedTuple):
    """A part that was seen."""

    data: bytes
    content: bytes
    said: int  # the same for parts that say the same


class _Parts:
    """The parts that were seen."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, int], _Known] = {}
        self._said: dict[bytes, int] = {}
        self._size = self._number = 0

    def of(self, name: str, member: Member) -> _Known | None:
        """Return a part, unpacked; None where it is damaged, or may do harm."""
        key = name, member.crc, member.size
        found = self._known.get(key)
        if found is not None and found.data == member.data:
            return found
        try:
            content = archive.content(member)
        except InputError:
            return None
        if limits.harm_in(content):
            return None
        found = _Known(member.data, content, self._meant(name, content))
        if name not in _OWN:
            self._keep(key, found)
        return found

    def _keep(self, key: tuple[str, int, int], found: _Known) -> None:
        self._size += len(found.data) + len(found.content)
        if self._size > _MOST:
            self._known.clear()
            self._size = len(found.data) + len(found.content)
        self._known[key] = found

    def _meant(self, name: str, content: bytes) -> int:
        """Return the number of what a part says, as far as anything in it is read."""
        if name in _OWN or name.startswith(_UNREAD):
            return _VALUES
        if len(self._said) > _MOST_KINDS:
            self._said.clear()  # what is known by these numbers is not found again, and learned anew
            self._known.clear()
        text = _outline(content) if name == WORKBOOK else _IDENTIFIER.sub(b"", content)
        if name in _BESIDE and b"<!" not in content:
            text = _BESIDE[name].sub(b"", text)
        if text != content and not _is_sound(content):
            text = content
        return self._said.setdefault(text, self._next())

    def _next(self) -> int:
        self._number += 1
        return self._number


_PARTS = _Parts()


def look(package: bytes) -> Look | None:
    """Look at a planner's bytes; None where anything about the archive or one of its parts is odd."""
    members = quick_archive.members(package)
    if members is None or not {WORKBOOK, STYLES, PROPERTIES} <= members.keys():
        return None
    contents, sheets, key = {}, {}, []
    for name, member in members.items():
        if _is_sheet(name):
            sheet = _sheet(member)
            if sheet is None:
                return None
            sheets[name] = sheet
            key.append((name, _VALUES))
            continue
        found = _PARTS.of(name, member)
        if found is None:
            return None
        contents[name] = found.content
        if not name.startswith(_UNREAD):
            key.append((name, found.said))
    return Look(contents, sheets, tuple(key))


def _sheet(member: Member) -> bytes | bytearray | None:
    try:
        return archive.content_once(member)
    except InputError:
        return None


def _is_sheet(name: str) -> bool:
    return name.startswith(SHEETS) and name.endswith(".xml")


def _outline(content: bytes) -> bytes:
    """Return what is read of a workbook part, where that can be told from the rest; else all of it."""
    found = _OUTLINE.findall(content)
    names = [piece[1:].split(b" ", 1)[0].split(b">", 1)[0] for piece in found]
    if len(set(names)) != len(names) or not {b"workbook", b"sheets", b"definedNames"} <= set(names):
        return content
    if b"<!" in content or content.count(b"<?") > 1:
        return content
    return b"\n".join([content[: content.find(b"<workbook")], *found])


def _is_sound(content: bytes) -> bool:
    """Whether a part is XML, prefixes of names included."""
    try:
        parts.parse(content)
    except (ValueError, SyntaxError):
        return False
    return True
