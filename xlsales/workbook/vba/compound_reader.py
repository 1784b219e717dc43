"""Reads the streams of a compound file, strictly and within its own bytes ([MS-CFB])."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
_LAST = 0xFFFFFFFA  # what is above ends a chain, or means no sector
_NONE = 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_ENTRY, _IN_HEADER, _MINI_SECTOR = 128, 109, 64


class NotCompoundError(ValueError):
    """The bytes are not a compound file, or not all of one."""


def streams(content: bytes) -> dict[str, bytes]:
    """Return every stream by its path, such as `VBA/dir`; raises NotCompoundError where anything is missing."""
    reader = _Reader(content)
    found: dict[str, bytes] = {}
    waiting = [(reader.entry(0)[3], "")]
    seen = {0}
    while waiting:
        number, folder = waiting.pop()
        if number == _NONE:
            continue
        if number in seen:
            raise NotCompoundError("a directory that goes round")
        seen.add(number)
        name, kind, sides, below, start, size = reader.entry(number)
        waiting += [(side, folder) for side in sides]
        if kind == _STORAGE:
            waiting.append((below, f"{folder}{name}/"))
        elif kind == _STREAM:
            found[f"{folder}{name}"] = reader.stream(start, size)
    return found


class _Reader:
    """The sectors of one compound file, and its directory."""

    def __init__(self, content: bytes) -> None:
        if len(content) < 512 or not content.startswith(_SIGNATURE):
            raise NotCompoundError("not a compound file")
        version, shift = struct.unpack_from("<H2xH", content, 26)
        if (version, shift) not in ((3, 9), (4, 12)):
            raise NotCompoundError(f"version {version}, sectors of 2^{shift} bytes")
        self._content, self._size, self._version = content, 1 << shift, version
        directory, self._limit, mini, difat = (
            struct.unpack_from("<I", content, place)[0] for place in (48, 56, 60, 68)
        )
        self._fat = self._table(self._fat_sectors(difat))
        self._directory = self._chain(directory)
        _name, kind, _sides, _below, start, size = self.entry(0)
        if kind != _ROOT:
            raise NotCompoundError("no root in its directory")
        self._mini_fat = self._numbers(self._chain(mini)) if mini < _LAST else ()
        self._mini = self._chain(start) if start < _LAST else b""
        if len(self._mini) < size:
            raise NotCompoundError("its small streams end early")

    def entry(self, number: int) -> tuple[str, int, tuple[int, int], int, int, int]:
        """Return a directory entry: name, kind, the two beside it, the one below, first sector, size."""
        entry = self._directory[number * _ENTRY : (number + 1) * _ENTRY]
        if len(entry) < _ENTRY:
            raise NotCompoundError("its directory ends early")
        length, kind, left, right, below = struct.unpack_from("<HBxIII", entry, 64)
        start, size = struct.unpack_from("<IQ", entry, 116)
        name = entry[: max(length - 2, 0)].decode("utf-16-le", "replace")
        return name, kind, (left, right), below, start, size if self._version == 4 else size & 0xFFFFFFFF

    def stream(self, start: int, size: int) -> bytes:
        """Return a stream's bytes, all of them."""
        if size == 0:
            return b""
        if size >= self._limit:
            content = self._chain(start)
        else:
            content = b"".join(
                self._mini[place * _MINI_SECTOR : (place + 1) * _MINI_SECTOR]
                for place in _followed(start, self._mini_fat)
            )
        if len(content) < size:
            raise NotCompoundError("a stream ends early")
        return content[:size]

    def _fat_sectors(self, difat: int) -> list[int]:
        found = list(struct.unpack_from(f"<{_IN_HEADER}I", self._content, 76))
        seen = set()
        while difat < _LAST:
            if difat in seen:
                raise NotCompoundError("a list of sectors that goes round")
            seen.add(difat)
            *more, difat = self._numbers(self._sector(difat))
            found += more
        return [sector for sector in found if sector < _LAST]

    def _table(self, sectors: Sequence[int]) -> tuple[int, ...]:
        return self._numbers(b"".join(self._sector(sector) for sector in sectors))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        content = self._content[start : start + self._size]
        if not content:
            raise NotCompoundError("a sector is missing")
        return content.ljust(self._size, b"\0") if start + self._size > len(self._content) else content

    def _chain(self, start: int) -> bytes:
        content = []
        for number in _followed(start, self._fat):
            place = (number + 1) * self._size
            if place + 1 > len(self._content):
                raise NotCompoundError("a sector is missing")
            content.append(self._content[place : place + self._size])
        return b"".join(content)

    @staticmethod
    def _numbers(content: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])


def _followed(start: int, table: Sequence[int]) -> list[int]:
    """The sectors of a chain, which ends and does not go round."""
    found: list[int] = []
    while start < _LAST:
        if start >= len(table) or len(found) > len(table):
            raise NotCompoundError("a chain of sectors that leads nowhere")
        found.append(start)
        start = table[start]
    return found
