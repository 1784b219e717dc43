"""What of a workbook its soundness depends on: two that differ in plain values only are alike.

No rule of the linter tells one plain number or text from another, or from none, but for the headings and totals of
tables. tests/test_likeness.py holds this against every broken workbook that the linter's tests make.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from xlsales.workbook.lint import archive

_NUMBER = re.compile(r"-?[0-9]{1,17}(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?")
# Neither `<` nor `_`, which may begin an escape; no space at the ends.
_LETTER = r"(?:[!-%'-;=-^`-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|&(?:amp|lt|gt|quot|apos);)"
_PLAIN = rf"{_LETTER}(?:(?:{_LETTER}| ){{0,250}}{_LETTER})?"
_TEXT = re.compile(_PLAIN)
_CELL = re.compile(
    r'(<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]+")?)(?: t="(b|inlineStr|n|s|str)")?'
    r"(?:/>|>(<f[^>]*>[^<]*</f>|<f[^>]*/>)?(?:<v>([^<]*)</v>|<v/>|<is><t>([^<]*)</t></is>)?</c>)"
)
# A cell without a value may be of no kind, or of the usual one; a formula's may be an empty text.
_EMPTY = ((None, True), (None, False), ("n", True), ("str", False))
_ITEM = re.compile(r"<si>(.*?)</si>", re.DOTALL)
_PLAIN_ITEM = re.compile(rf"<t>({_PLAIN})</t>")
_IN_TABLES = re.compile(r'(?:name|totalsRowLabel)="([^"]*)"')
_PROPERTY = re.compile(
    r'<property fmtid="[^"]*" pid="([0-9]+)" name="([^"]*)"><vt:lpwstr>([^<]*)</vt:lpwstr></property>'
)
_NUMBERED, _NAMED = re.compile(r'<property [^>]*\bpid="([^"]*)"'), re.compile(r'<property [^>]*\bname="([^"]*)"')
_VALUE = re.compile(r"[0-9A-Za-z+/=.: -]*")
_COUNTS = re.compile(r' (uniqueCount|count)="([0-9]{1,9})"')
_STRINGS, _SHEETS, _TABLES, _CUSTOM = "xl/sharedStrings.xml", "xl/worksheets", "xl/tables/", "docProps/custom.xml"


def likeness(content: bytes, suffix: str) -> str | None:
    """A name that workbooks share which are alike; None where the archive itself, or its letters, have faults."""
    members, faults = archive.read(content)
    parts = {member.name: member.content for member in members}
    if faults or len(parts) < len(members):
        return None
    try:
        kept = _Kept(parts)
        matters = [(name.encode(), kept.of(name)) for name in parts]
    except UnicodeError:
        return None
    found = hashlib.blake2b(suffix.casefold().encode(), digest_size=24)
    for name, part in matters:
        found.update(b"\n%s\n%d\n%s" % (name, len(part), part))
    return found.hexdigest()


class _Kept:
    """What matters of the parts of one workbook."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._parts = parts
        tables = [part.decode() for name, part in parts.items() if name.startswith(_TABLES)]
        self._names = {name for part in tables for name in _IN_TABLES.findall(part)}
        self._items: list[str] = _ITEM.findall(parts.get(_STRINGS, b"").decode())
        plain = (_PLAIN_ITEM.fullmatch(item) for item in self._items)
        self._plain = [found is not None and found[1] not in self._names for found in plain]

    def of(self, name: str) -> bytes:
        """What matters of a part."""
        part, place = self._parts[name], PurePosixPath(name)
        if str(place.parent) == _SHEETS and place.suffix == ".xml":
            return _CELL.sub(self._cell, part.decode()).encode()
        if name == _STRINGS:
            return self._strings(part.decode()).encode()
        return _properties(part.decode()).encode() if name == _CUSTOM else part

    def _strings(self, part: str) -> str:
        around = _ITEM.sub("", part)
        counts = {name: int(count) for name, count in _COUNTS.findall(around)}
        if counts.get("uniqueCount", len(self._items)) == len(self._items) <= counts.get("count", 10**9):
            around = _COUNTS.sub("", around)
        others = {item for item, plain in zip(self._items, self._plain, strict=True) if not plain}
        return around + "".join(sorted(others))

    def _cell(self, found: re.Match[str]) -> str:
        cell, kind, formula, value, inline = found.groups()
        stands = inline if kind == "inlineStr" else value
        stranger = inline if kind != "inlineStr" else formula or value
        if stranger is not None or (not stands and (kind, formula is None) not in _EMPTY):
            return found[0]
        if kind == "s":
            place = int(stands) if len(stands) < 8 and stands.isdecimal() else len(self._items)
            if formula is not None or place >= len(self._items):
                return found[0]
            return cell if self._plain[place] else f"{cell}>{self._items[place]}</c>"
        if stands and not self._is_plain(kind, stands, formula):
            return found[0]
        if formula is None:
            return cell
        return f"{cell}>{formula}{'v' if stands or kind == 'str' else ''}</c>"

    def _is_plain(self, kind: str | None, stands: str, formula: str | None) -> bool:
        if kind in ("str", "inlineStr"):
            return _TEXT.fullmatch(stands) is not None and (formula is not None or stands not in self._names)
        return stands in ("0", "1") if kind == "b" else _NUMBER.fullmatch(stands) is not None


def _properties(part: str) -> str:
    """The document's own properties, but for texts: those that are numbered in order may be few or many."""
    found = list(_PROPERTY.finditer(part))
    numbers, names = _NUMBERED.findall(part), _NAMED.findall(part)
    if numbers != [str(number) for number in range(2, len(numbers) + 2)]:
        return part
    if not len({name.casefold() for name in names}) == len(names) == len(numbers):
        return part
    if not all(_VALUE.fullmatch(one[3]) for one in found):
        return part
    return _PROPERTY.sub("", part) + str(bool(found))
