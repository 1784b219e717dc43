"""Reads the directory of a zip archive as the usual programs write it: whatever is odd is left to `archive`.

Of a planner's seventy parts, Python's own reader makes objects for half a millisecond each time that one is opened.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from functools import lru_cache

from xlsales.workbook import limits
from xlsales.workbook.archive import Member

_END = struct.Struct("<IHHHHIIH")
_ENTRY = struct.Struct("<IHHHHHHIIIHHHHHII")
_LOCAL = struct.Struct("<IHHHHHIIIHH")
_END_SIGN, _ENTRY_SIGN, _LOCAL_SIGN = 0x06054B50, 0x02014B50, 0x04034B50
_USUAL_FLAGS = 0x0002 | 0x0004 | 0x0008 | 0x0800  # how hard it was compressed, sizes that follow, names in UTF-8
_METHODS = (0, 8)
_LINK = 0xA
_PLAIN_NAME = re.compile(rb"[A-Za-z0-9_\[][A-Za-z0-9_.\[\]() -]*(?:/[A-Za-z0-9_][A-Za-z0-9_.() -]*)*")
_RELATIONSHIPS = re.compile(rb"(?:[A-Za-z0-9_][A-Za-z0-9_.() -]*/)*_rels/[A-Za-z0-9_.() -]*\.rels")


def members(package: bytes) -> Mapping[str, Member] | None:
    """Return the members by name, still compressed; None where the archive is not plainly what it should be."""
    end = len(package) - _END.size
    if end < 0:
        return None
    sign, disk, first_disk, here, count, size, start, comment = _END.unpack_from(package, end)
    if (sign, disk, first_disk, comment) != (_END_SIGN, 0, 0, 0) or here != count or start + size != end:
        return None
    if not 0 < count <= limits.MOST_MEMBERS:
        return None
    found: dict[str, Member] = {}
    position = inside = total = 0
    place = start
    for _entry in range(count):
        if place + _ENTRY.size > end:
            return None
        (sign, _by, _version, flags, method, _time, _date, crc, packed, unpacked, name_length, extra, comment, disk,
         _internal, external, offset) = _ENTRY.unpack_from(package, place)  # fmt: skip
        name = package[place + _ENTRY.size : place + _ENTRY.size + name_length]
        place += _ENTRY.size + name_length + extra + comment
        if sign != _ENTRY_SIGN or flags & ~_USUAL_FLAGS or method not in _METHODS or disk or offset < inside:
            return None
        if external >> 28 == _LINK or not _is_plain(name) or limits.is_suspicious(unpacked, packed):
            return None
        data = _data(package, offset, name, method, packed, start)
        key = name.decode("ascii")
        if data is None or key in found:
            return None
        found[key] = Member(name, method, crc, unpacked, data)
        inside = offset + packed
        total += unpacked
        position = max(position, unpacked)
    if place != end or position > limits.LARGEST_PART or total > limits.LARGEST_PACKAGE:
        return None
    return found if len({key.casefold() for key in found}) == count else None


@lru_cache(maxsize=4096)
def _is_plain(name: bytes) -> bool:
    return bool(_PLAIN_NAME.fullmatch(name) or _RELATIONSHIPS.fullmatch(name)) and b".." not in name


def _data(package: bytes, offset: int, name: bytes, method: int, packed: int, start: int) -> bytes | None:
    """Return the bytes of a member; None where its own head says something else than the directory."""
    if offset + _LOCAL.size > start:
        return None
    sign, _version, flags, own_method, *_rest, name_length, extra = _LOCAL.unpack_from(package, offset)
    begin = offset + _LOCAL.size
    own_name = package[begin : begin + name_length]
    if sign != _LOCAL_SIGN or own_method != method or own_name != name or flags & ~_USUAL_FLAGS:
        return None
    begin += name_length + extra
    return package[begin : begin + packed] if begin + packed <= start else None
