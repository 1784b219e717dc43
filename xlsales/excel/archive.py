"""The zip archive of a workbook, part by part, so that an unchanged part is copied as it is: still compressed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import deflate

from xlsales.errors import InputError
from xlsales.texts import _

_LOCAL, _CENTRAL, _END = 0x04034B50, 0x02014B50, 0x06054B50
_VERSION = 20  # 2.0: deflate
_TIME, _DATE = 0, (1 << 5) | 1  # 1980-01-01 00:00, the earliest that a zip can hold
_ENCRYPTED, _UTF8 = 0x1, 0x800
_STORED, _DEFLATED = 0, 8
_LEVEL = 1  # libdeflate's fastest is smaller than zlib's fastest, and the same bytes on every processor
_BIGGEST = 0xFFFFFFFF


class Member(NamedTuple):
    """A part as an archive holds it."""

    name: bytes
    method: int
    crc: int
    size: int
    data: bytes  # compressed by `method`


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
    return [_member(package, info) for info in infos]


def _member(package: bytes, info: zipfile.ZipInfo) -> Member:
    name_length, extra_length = struct.unpack_from("<HH", package, info.header_offset + 26)
    start = info.header_offset + 30 + name_length + extra_length
    data = package[start : start + info.compress_size]
    return Member(info.filename.encode(), info.compress_type, info.CRC, info.file_size, data)


def member(name: str, content: bytes) -> Member:
    """Return a part compressed; the same content gives the same bytes on every computer."""
    compressed = bytes(deflate.deflate_compress(content, _LEVEL))
    return Member(name.encode(), _DEFLATED, deflate.crc32(content), len(content), compressed)


def content(part: Member) -> bytes:
    """Return a part's content."""
    return part.data if part.method == _STORED else zlib.decompress(part.data, -zlib.MAX_WBITS)


def write(members: Iterable[Member]) -> bytes:
    """Return an archive of these members, with fixed times."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for part in members:
        common = _common(part)
        directory.append(
            struct.pack("<IHH", _CENTRAL, _VERSION, _VERSION)
            + common
            + struct.pack("<HHHHII", 0, 0, 0, 0, 0, offset)
            + part.name
        )
        local = struct.pack("<IH", _LOCAL, _VERSION) + common + struct.pack("<H", 0) + part.name
        # the local header ends with the length of the extra field
        pieces += [local, part.data]
        offset += len(local) + len(part.data)
    return b"".join([*pieces, *directory, _end(directory, offset)])


def _common(part: Member) -> bytes:
    flags = 0 if part.name.isascii() else _UTF8
    return struct.pack(
        "<HHHHIIIH", flags, part.method, _TIME, _DATE, part.crc, len(part.data), part.size, len(part.name)
    )


def _end(directory: Sequence[bytes], offset: int) -> bytes:
    size = sum(map(len, directory))
    if offset + size > _BIGGEST or len(directory) > 0xFFFF:
        raise InputError(_("The workbook is larger than 4 GB, which Excel does not open."))
    return struct.pack("<IHHHHIIH", _END, 0, 0, len(directory), len(directory), size, offset, 0)
