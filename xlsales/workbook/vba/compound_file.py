"""Compound files: storages and streams in one file, as [MS-CFB] version 3 has them."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from xlsales.errors import XlsalesError
from xlsales.texts import _

_SECTOR, _MINI_SECTOR, _MINI_STREAM_LIMIT = 512, 64, 4096
_FREE, _END, _FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD  # [MS-CFB] 2.1
_NONE = 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1
_MOST_FAT_SECTORS = 109  # as many as the header lists; more would need DIFAT sectors ([MS-CFB] 2.5)
_NAME = re.compile(r"[ -~]{1,31}")
_NOT_IN_NAMES = re.compile(r"[\\:!]")


@dataclass
class _Entry:
    """A directory entry ([MS-CFB] 2.6.1)."""

    name: str
    kind: int
    content: bytes = b""
    colour: int = _BLACK
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE
    start: int = 0

    def packed(self) -> bytes:
        name = f"{self.name}\0".encode("utf-16-le") if self.name else b""
        links = (self.left, self.right, self.child)
        head = struct.pack("<64sHBB3I", name, len(name), self.kind, self.colour, *links)
        # No class, no state, no times: the same streams give the same bytes.
        return head + bytes(36) + struct.pack("<IQ", self.start, len(self.content))


class _Space:
    """Sectors of one size, and the table that chains them."""

    def __init__(self, sector: int) -> None:
        self.sector = sector
        self.content = bytearray()
        self.table: list[int] = []

    def add(self, content: bytes) -> int:
        """Store the content in new sectors and return the first one's number."""
        if not content:
            return _END
        first = len(self.table)
        count = -(-len(content) // self.sector)
        self.table += [*range(first + 1, first + count), _END]
        self.content += content.ljust(count * self.sector, b"\0")
        return first


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """Return a file of these streams; the path `VBA/dir` is the stream `dir` in the storage `VBA`."""
    entries = [_Entry("Root Entry", _ROOT)]
    _add_members(entries, 0, streams)
    sectors, mini_sectors = _Space(_SECTOR), _Space(_MINI_SECTOR)
    for entry in entries:
        if entry.kind == _STREAM:
            small = len(entry.content) < _MINI_STREAM_LIMIT
            entry.start = (mini_sectors if small else sectors).add(entry.content)
    entries[0].content = bytes(mini_sectors.content)
    entries[0].start = sectors.add(entries[0].content)
    mini_fat = _packed_table(mini_sectors.table)
    mini_fat_start = sectors.add(mini_fat)
    directory_start = sectors.add(_directory(entries))
    fat_start, fat = _fat(sectors.table)
    header = _header(directory_start, mini_fat_start, len(mini_fat) // _SECTOR, fat_start, len(fat) // _SECTOR)
    return header + sectors.content + fat


def _add_members(entries: list[_Entry], storage: int, streams: Mapping[str, bytes]) -> None:
    """Append the entries inside a storage, and inside its storages."""
    inner: dict[str, dict[str, bytes]] = {}
    members: list[_Entry] = []
    for path, content in streams.items():
        name, slash, rest = path.partition("/")
        if slash and name not in inner:
            members.append(_Entry(name, _STORAGE))
        elif not slash:
            members.append(_Entry(name, _STREAM, content))
        if slash:
            inner.setdefault(name, {})[rest] = content
    _check_names(members)
    first = len(entries)
    entries += sorted(members, key=_order)
    entries[storage].child = _tree(entries, first, len(entries), len(members).bit_length() - 1)
    for number in range(first, len(entries)):
        if entries[number].kind == _STORAGE:
            _add_members(entries, number, inner[entries[number].name])


def _order(entry: _Entry) -> tuple[int, str]:
    """Short names stand before long ones, and capital letters count like small ones ([MS-CFB] 2.6.4)."""
    return len(entry.name), entry.name.upper()


def _check_names(members: list[_Entry]) -> None:
    taken: set[str] = set()
    for name in (member.name for member in members):
        if not _NAME.fullmatch(name) or _NOT_IN_NAMES.search(name):
            text = _("“{name}” cannot name a stream: use 1 to 31 ASCII characters without / \\ : and !.")
            raise XlsalesError(text.format(name=name))
        if name.upper() in taken:
            text = _("“{name}” names two streams or storages: capital letters make no difference. Rename one.")
            raise XlsalesError(text.format(name=name))
        taken.add(name.upper())


def _tree(entries: list[_Entry], low: int, high: int, levels: int, top: bool = True) -> int:
    """Link sorted entries into a balanced red-black tree and return its top ([MS-CFB] 2.6.4).

    The lowest level is red and all others are black, so every way down passes as many black entries.
    """
    if low == high:
        return _NONE
    middle = (low + high) // 2
    entry = entries[middle]
    entry.colour = _RED if levels == 0 and not top else _BLACK
    entry.left = _tree(entries, low, middle, levels - 1, False)
    entry.right = _tree(entries, middle + 1, high, levels - 1, False)
    return middle


def _directory(entries: list[_Entry]) -> bytes:
    unused = _Entry("", 0, colour=0)
    entries_in_sector = _SECTOR // 128
    return b"".join(entry.packed() for entry in [*entries, *[unused] * (-len(entries) % entries_in_sector)])


def _packed_table(table: list[int]) -> bytes:
    packed = struct.pack(f"<{len(table)}I", *table)
    return packed + b"\xff" * (-len(packed) % _SECTOR)  # free sectors


def _fat(table: list[int]) -> tuple[int, bytes]:
    """Return where the table of sectors begins, behind everything else, and the table; it chains itself too."""
    per_sector = _SECTOR // 4
    count = -(-len(table) // (per_sector - 1))
    if count > _MOST_FAT_SECTORS:
        most = _MOST_FAT_SECTORS * (per_sector - 1) * _SECTOR
        text = _("The VBA project has more than {most:,} bytes, too many for one compound file: shorten its modules.")
        raise XlsalesError(text.format(most=most))
    return len(table), _packed_table(table + [_FAT_SECTOR] * count)


def _header(directory: int, mini_fat: int, mini_fat_sectors: int, fat: int, fat_sectors: int) -> bytes:
    """Return the first 512 bytes ([MS-CFB] 2.2)."""
    signature = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16)
    # Version 3.62, little-endian, sectors of 2^9 and mini sectors of 2^6 bytes, six bytes reserved.
    kind = struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    # Version 3 counts no directory sectors; no transactions; no DIFAT sectors.
    places = (0, fat_sectors, directory, 0, _MINI_STREAM_LIMIT, mini_fat, mini_fat_sectors, _END, 0)
    listed = [*range(fat, fat + fat_sectors), *[_FREE] * (_MOST_FAT_SECTORS - fat_sectors)]
    return signature + kind + struct.pack("<9I109I", *places, *listed)
