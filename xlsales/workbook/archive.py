"""The zip archive of a workbook, part by part, so that an unchanged part is copied as it is: still compressed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeAlias

import deflate

from xlsales.errors import InputError
from xlsales.texts import _
from xlsales.workbook import deflated

_LOCAL, _CENTRAL, _END = 0x04034B50, 0x02014B50, 0x06054B50
_HEADER = 30  # bytes of a local header before the name
_VERSION = 20  # 2.0: deflate
_TIME, _DATE = 0, (1 << 5) | 1  # 1980-01-01 00:00, the earliest that a zip can hold
FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the same
# How much time compressing may take: of what is made for each planner, of what is made once, of templates.
FAST, ONCE, SMALL = deflated.FAST, 7, deflated.SMALL
_ENCRYPTED, _UTF8 = 0x1, 0x800
_STORED, _DEFLATED = 0, 8
_BIGGEST = 0xFFFFFFFF
_BLOCK = 2**20  # bytes that are read at once
_MOST_FROM_A_BYTE = 1032  # as much as deflate can make of one
Buffer: TypeAlias = bytes | bytearray | memoryview


class Member(NamedTuple):
    """A part as an archive holds it."""

    name: bytes
    method: int
    crc: int
    size: int
    data: bytes  # compressed by `method`


class Joined(NamedTuple):
    """A part in pieces that follow one another, compressed."""

    name: bytes
    crc: int
    size: int
    pieces: Sequence[bytes]

    def member(self) -> Member:
        """Return it in one piece."""
        return Member(self.name, _DEFLATED, self.crc, self.size, b"".join(self.pieces))


def read(package: bytes, name: str) -> list[Member]:
    """Return the archive's members in its order, still compressed; `name` is for errors."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except zipfile.BadZipFile as error:
        message = _("{name}: this is not an Excel workbook ({error}).")
        raise InputError(message.format(name=name, error=error)) from error
    if any(info.flag_bits & _ENCRYPTED or info.compress_type not in (_STORED, _DEFLATED) for info in infos):
        message = _("{name}: a part is encrypted or packed unusually. Open the workbook in Excel and save it again.")
        raise InputError(message.format(name=name))
    if not all(0 <= info.header_offset <= len(package) - _HEADER for info in infos):
        message = _("{name}: this is not an Excel workbook ({error}).")
        raise InputError(message.format(name=name, error=_("its zip archive is cut off or damaged")))
    return [_member(package, info) for info in infos]


def _member(package: bytes, info: zipfile.ZipInfo) -> Member:
    name_length, extra_length = struct.unpack_from("<HH", package, info.header_offset + 26)
    start = info.header_offset + 30 + name_length + extra_length
    data = package[start : start + info.compress_size]
    return Member(info.filename.encode(), info.compress_type, info.CRC, info.file_size, data)


def member(name: str, content: bytes, level: int | None = FAST) -> Member:
    """Return a part, compressed at a level or not at all; the same content gives the same bytes on every computer."""
    if level is None:
        return Member(name.encode(), _STORED, checksum(content), len(content), content)
    return Member(name.encode(), _DEFLATED, checksum(content), len(content), deflated.last_piece(content, level))


def joined(name: str, contents: Iterable[tuple[Buffer, Iterable[bytes]]]) -> Joined:
    """Return a part of contents that follow one another, each with its compressed pieces; the last of these ends it."""
    crc = size = 0
    compressed: list[bytes] = []
    for content, pieces in contents:
        crc = checksum(content, crc)
        size += len(content)
        compressed += pieces
    return Joined(name.encode(), crc, size, compressed)


class Parts(Mapping[str, bytes]):
    """The parts of a package by name, in its order, each unpacked when it is asked for, and kept if that is wanted."""

    def __init__(self, members: Iterable[Member], name: str, *, keeps: bool = False) -> None:
        """Take the members as they are; `name` is for errors."""
        self.members = {member.name.decode(): member for member in members}
        self._name = name
        self._keeps = keeps
        self._kept: dict[str, bytes] = {}

    def __getitem__(self, part: str) -> bytes:
        found = self._kept.get(part)
        if found is None:
            found = content(self.members[part], f"{self._name}, {part}")
            if self._keeps:
                self._kept[part] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.members)

    def __len__(self) -> int:
        return len(self.members)

    def with_contents(self, contents: Mapping[str, bytes], level: int | None = FAST) -> list[Member]:
        """Return the members of a package with these parts; those that are as they were stay compressed as they are."""
        return [
            self.members[part] if part in self.members and self[part] == content else member(part, content, level)
            for part, content in contents.items()
        ]


def opened(package: bytes, name: str, *, keeps: bool = False) -> Parts:
    """Return the archive's parts, each unpacked once if it `keeps` them; `name` is for errors."""
    return Parts(read(package, name), name, keeps=keeps)


def content(part: Member, place: str = "") -> bytes:
    """Return a part's content, never more than the archive says it has; damage raises InputError."""
    return bytes(content_once(part, place))


def content_once(part: Member, place: str = "") -> bytes | bytearray:
    """Return a part's content as `content` does, without a copy of it, for those who look at it and let it go."""
    quick = _quick_content(part)
    if quick is not None:
        return quick
    unpacked: bytes | None = part.data
    if part.method == _DEFLATED:
        try:
            unpacked = zlib.decompressobj(-zlib.MAX_WBITS).decompress(part.data, part.size + 1)
        except zlib.error:
            unpacked = None
    if unpacked is None or len(unpacked) != part.size or checksum(unpacked) != part.crc:
        message = _("{place} is damaged. Open the workbook in Excel and save it again.")
        raise InputError(message.format(place=place or part.name.decode()))
    return unpacked


def _quick_content(part: Member) -> bytearray | None:
    """Return a part's content by libdeflate, three times as fast as zlib; None where anything is odd about it."""
    if part.method != _DEFLATED or part.size > _MOST_FROM_A_BYTE * (len(part.data) + 1):
        return None
    try:
        unpacked: bytearray = deflate.deflate_decompress(part.data, part.size)
    except (deflate.DeflateError, ValueError, MemoryError):
        return None
    return unpacked if len(unpacked) == part.size and checksum(unpacked) == part.crc else None


def checksum(content: Buffer, before: int = 0) -> int:
    """Return the CRC-32 of a content that follows on another, whose own is `before`."""
    return int(deflate.crc32(content, before))


def write(members: Iterable[Member]) -> bytes:
    """Return an archive of these members, with fixed times."""
    return _joined([_packed(part) for part in members])


def rewrite(
    path: Path, file: BinaryIO, change: Callable[[str, Iterator[bytes]], Iterator[bytes]], growth: int = 0
) -> None:
    """Write an archive of a file's parts, each as `change` gives it in blocks, in little memory, with fixed times.

    A part grows by no more than `growth` bytes: for a small one there must be no zip64, which Excel would repair.
    """
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            info.file_size = source.getinfo(name).file_size + growth
            with source.open(name) as given, target.open(info, "w") as part:
                for block in change(name, iter(partial(given.read, _BLOCK), b"")):
                    part.write(block)


class Prepared:
    """An archive of which every copy replaces a few members."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members
        self._members = {part.name: _packed(part) for part in members}

    def write(self, replaced: Iterable[Member | Joined]) -> bytes:
        """Return a copy with these members in the places of those of the same names."""
        return _joined([*(self._members | {part.name: _packed(part) for part in replaced}).values()])


class _Packed(NamedTuple):
    """A member as bytes."""

    local: bytes
    data: Sequence[bytes]  # in pieces
    size: int  # of all
    entry: bytes  # in the directory, up to the offset
    name: bytes


def _packed(part: Member | Joined) -> _Packed:
    method, pieces = (_DEFLATED, part.pieces) if isinstance(part, Joined) else (part.method, (part.data,))
    flags, packed = 0 if part.name.isascii() else _UTF8, sum(map(len, pieces))
    common = struct.pack("<HHHHIIIH", flags, method, _TIME, _DATE, part.crc, packed, part.size, len(part.name))
    # The local header ends with the length of the extra field.
    local = struct.pack("<IH", _LOCAL, _VERSION) + common + struct.pack("<H", 0) + part.name
    entry = struct.pack("<IHH", _CENTRAL, _VERSION, _VERSION) + common + struct.pack("<HHHHI", 0, 0, 0, 0, 0)
    return _Packed(local, pieces, packed, entry, part.name)


def _joined(members: Sequence[_Packed]) -> bytes:
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for local, data, packed, entry, name in members:
        if offset > _BIGGEST:
            break
        pieces += (local, *data)
        directory += (entry, offset.to_bytes(4, "little"), name)
        offset += len(local) + packed
    size = sum(map(len, directory))
    if offset + size > _BIGGEST or len(members) > 0xFFFF:
        raise InputError(_("The workbook is larger than 4 GB, which Excel does not open."))
    end = struct.pack("<IHHHHIIH", _END, 0, 0, len(members), len(members), size, offset, 0)
    return b"".join([*pieces, *directory, end])
