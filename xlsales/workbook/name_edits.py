"""Puts defined names into a workbook part, and takes them out, while every other byte of it stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from xlsales.cells import escapes
from xlsales.cells.markup import escape, quoteattr
from xlsales.workbook import parts

# What stands before the names in a workbook part, in this order (CT_Workbook).
_BEFORE = frozenset({"sheets", "functionGroups", "externalReferences"})
_NAMES, _NAME = "definedNames", "definedName"
_TAG = re.compile(rb"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")


class NewName(NamedTuple):
    """A name to be put in: the formula is as a file stores it, without the equals sign."""

    name: str
    formula: str
    comment: str = ""


@dataclass
class FoundName:
    """A name of a workbook part, and where it stands in its bytes."""

    name: str
    start: int
    of_sheet: bool
    comment: str
    formula: str = ""
    end: int = 0


@dataclass
class _Places:
    """Where things stand in the bytes of a workbook part."""

    prefix: str = ""
    names: list[FoundName] = field(default_factory=list)
    insert: int = 0  # after what stands before the names
    block: tuple[int, int] | None = None  # of the element of all names
    inside: int = 0  # its first byte after the start tag
    hollow: bool = False  # whether it is written as one empty tag


def found(part: bytes) -> list[FoundName]:
    """The names of a workbook part, those of single sheets too."""
    return _places(_as_utf8(part)).names


def inserted(part: bytes, new: Iterable[NewName]) -> bytes:
    """The part with these names, each before the first that follows it in the alphabet."""
    part = _as_utf8(part)
    ordered = sorted(new, key=lambda name: name.name.lower())
    if not ordered:
        return part
    places = _places(part)
    if places.block is None or places.hollow:
        tag = f"{places.prefix}{_NAMES}"
        content = "".join(_written(name, places.prefix) for name in ordered)
        start, end = places.block or (places.insert, places.insert)
        return part[:start] + f"<{tag}>{content}</{tag}>".encode() + part[end:]
    pieces, last = [], 0
    for name in ordered:
        after = (there.start for there in places.names if there.name.lower() > name.name.lower())
        end_of_last = places.names[-1].end if places.names else places.inside
        place = max(last, next(after, end_of_last))
        pieces += [part[last:place], _written(name, places.prefix).encode()]
        last = place
    return b"".join([*pieces, part[last:]])


def removed(part: bytes, unwanted: Callable[[FoundName], bool]) -> bytes:
    """The part without these names; without their element too, where no other name is left."""
    part = _as_utf8(part)
    places = _places(part)
    gone = [name for name in places.names if unwanted(name)]
    if gone and len(gone) == len(places.names) and places.block:
        start, end = places.block
        return part[:start] + part[end:]
    for name in reversed(gone):
        part = part[: name.start] + part[name.end :]
    return part


def _written(name: NewName, prefix: str) -> str:
    comment = f" comment={quoteattr(escapes.escaped(name.comment))}" if name.comment else ""
    tag = f"{prefix}{_NAME}"
    return f"<{tag} name={quoteattr(name.name)}{comment}>{escape(escapes.escaped(name.formula))}</{tag}>"


def _as_utf8(part: bytes) -> bytes:
    """The part in the encoding of nearly all; only there are expat's places those of its bytes."""
    head = part[:200].lower()
    plain = b"encoding=" not in head or b"utf-8" in head
    return part if plain and not part.startswith((b"\xff\xfe", b"\xfe\xff")) else parts.serialised(parts.parse(part))


def _places(part: bytes) -> _Places:
    return _Reader(part).places


class _Reader:
    """Reads a workbook part once."""

    def __init__(self, part: bytes) -> None:
        self._part = part
        self.places = _Places()
        self._path: list[str] = []
        self._inside: list[int] = []  # the first bytes after the start tags
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.Parse(part, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        prefix, _colon, name = tag.rpartition(":")
        place = self._parser.CurrentByteIndex
        inside = self._tag_end(place)
        self._path.append(name)
        self._inside.append(inside)
        if len(self._path) == 1:
            self.places.prefix = f"{prefix}:" if prefix else ""
        elif self._path[1:] == [_NAMES]:
            self.places.inside = inside
            self.places.hollow = self._part.endswith(b"/>", 0, inside)
            self.places.block = (place, place)
        elif self._path[1:] == [_NAMES, _NAME]:
            self.places.names.append(
                FoundName(
                    attributes.get("name", ""),
                    place,
                    "localSheetId" in attributes,
                    escapes.unescaped(attributes.get("comment", "")),
                )
            )

    def _text(self, text: str) -> None:
        if self._path[1:] == [_NAMES, _NAME]:
            self.places.names[-1].formula += text

    def _end(self, _tag: str) -> None:
        path = self._path[1:]
        inside = self._inside.pop()
        hollow = self._part.endswith(b"/>", 0, inside)
        end = inside if hollow else self._tag_end(self._parser.CurrentByteIndex)
        if path == [_NAMES, _NAME]:
            self.places.names[-1].end = end
            self.places.names[-1].formula = escapes.formula(self.places.names[-1].formula.strip())
        elif path == [_NAMES] and self.places.block:
            self.places.block = (self.places.block[0], end)
        elif len(path) == 1 and path[0] in _BEFORE:
            self.places.insert = end
        self._path.pop()

    def _tag_end(self, start: int) -> int:
        tag = _TAG.match(self._part, start)
        return tag.end() if tag else len(self._part)
