"""The zip around the parts, read byte by byte within limits: its members, and what Excel would not have written."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from xlsales.texts import N_, _
from xlsales.workbook.file_kinds import is_rights_managed
from xlsales.workbook.limits import LARGEST_PACKAGE, LARGEST_PART, MOST_MEMBERS, is_suspicious
from xlsales.workbook.lint.rules import Fault, Group
from xlsales.workbook.unread import Unread

_LOCAL, _ENTRY, _END, _END_64 = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06"
_ENCRYPTED, _DESCRIPTOR = 0x1, 0x8
_STORED, _DEFLATED = 0, 8
_ZIP64 = 1
_COMPOUND_FILE = bytes.fromhex("D0CF11E0A1B11AE1")

rule = Group("package")
DUPLICATE_MEMBER = rule(
    "duplicate-member",
    N_("Excel calls a workbook with two parts of one name corrupt."),
    N_("Write each part once."),
    "ECMA-376-2, part names are unique; Open XML SDK refuses it",
)
CASE_TWIN = rule(
    "case-twin-member",
    N_("Excel compares part names without letter case, finds the name twice, and calls the workbook corrupt."),
    N_("Give the parts different names, or drop one of them."),
    "ECMA-376-2, equivalent part names",
)
STRANGE_NAME = rule(
    "member-name",
    N_("Excel does not find a part whose name is not a relative path with forward slashes, and offers to repair."),
    N_("Name members such as xl/workbook.xml: no backslash, no leading slash, no dots as a folder."),
    "ECMA-376-2, part names and their mapping to ZIP items",
)
BYTES_BEFORE = rule(
    "bytes-before-zip",
    N_("Excel expects the zip at the very first byte and calls anything else corrupt."),
    N_("Remove what stands before the zip."),
    "ECMA-376-2, ZIP requirements; Open XML SDK refuses it",
)
BYTES_AFTER = rule(
    "bytes-after-zip",
    N_("Excel offers to repair a workbook with bytes after the end of the zip, or refuses it."),
    N_("Cut the file at the end of the zip; a download or an e-mail gateway may have added the rest."),
    "APPNOTE.TXT 4.3.16; ECMA-376-2, ZIP requirements",
)
ZIP64 = rule(
    "zip64",
    N_("Excel offers to repair a workbook that says small sizes in zip64's fields."),
    N_("Write the zip without zip64 (in Python: allowZip64=False, and force_zip64 never)."),
    "zlib-ng/minizip-ng#894, jmcnamara/XlsxWriter#656, Apache Commons Compress Zip64Mode.AlwaysWithCompatibility",
)
DESCRIPTOR = rule(
    "data-descriptor",
    N_("Excel cannot tell where a part ends that is stored uncompressed with its size behind it."),
    N_("Write the sizes into the local header, or deflate the part."),
    "APPNOTE.TXT 4.4.4 bit 3 (for deflated members only, in practice)",
)
METHOD = rule(
    "compression-method",
    N_("Excel reads stored and deflated parts only and calls the workbook corrupt."),
    N_("Write the zip with deflate."),
    "ECMA-376-2, ZIP requirements (deflate alone)",
)
ENCRYPTED = rule(
    "encrypted-member",
    N_("Excel does not read parts with a zip password and calls the workbook corrupt."),
    N_("Write the zip without a password; protect the workbook in Excel instead."),
    "ECMA-376-2, ZIP requirements (no encryption)",
)
CRC = rule(
    "bad-crc",
    N_("Excel finds that a part's checksum does not fit its bytes and offers to repair, usually in vain."),
    N_("Fetch the file again: it was damaged on its way, or written by a broken program."),
    "APPNOTE.TXT 4.4.7",
)
HEADERS = rule(
    "local-header",
    N_("Excel reads another name, size or method before the part than in the list at the end, and offers to repair."),
    N_("Write the zip again with the same facts in both places."),
    "APPNOTE.TXT 4.3.7, 4.3.12",
)
LINK = rule(
    "link-member",
    N_("Excel takes the text of a symbolic link for the part itself and finds it malformed."),
    N_("Store the file that the link leads to."),
    "ECMA-376-2, mapping to ZIP items",
)

_ABSOLUTE = re.compile(r"\A(?:/|[A-Za-z]:)|\\|//")


class Unreadable(Exception):  # noqa: N818 - told as the state of a file, "unreadable: reason"
    """The bytes cannot be looked at as a workbook; the reason is one sentence."""


class Member(NamedTuple):
    """A member of the zip: its name and its content."""

    name: str
    content: bytes


def read(package: bytes) -> tuple[list[Member], list[Fault]]:
    """Return the members within the limits, and the faults of the zip itself."""
    infos = _infos(package)
    faults = [*_around(package, infos), *_names(infos)]
    members = []
    spent = 0
    large: dict[str, int] = {}
    for info in infos:
        if info.is_dir():
            continue
        faults += _headers(package, info)
        if info.flag_bits & _ENCRYPTED:
            faults.append(ENCRYPTED.at(info.filename))
        elif info.compress_type not in (_STORED, _DEFLATED):
            faults.append(METHOD.at(info.filename, info.compress_type))
        else:
            packed = _packed(package, info)
            content = _content(packed, info)
            spent += len(content)
            if spent > LARGEST_PACKAGE:
                raise Unreadable(_("Its parts take more than {most:,} bytes.").format(most=LARGEST_PACKAGE))
            if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
                faults.append(CRC.at(info.filename))
            if is_suspicious(len(content), len(packed)):
                large[info.filename] = len(content) // max(len(packed), 1)
            members.append(Member(info.filename, content))
    _refuse_large(members, large)
    return members, faults


def _refuse_large(members: list[Member], large: Mapping[str, int]) -> None:
    """Raise Unreadable where a part is many times larger than its packed bytes, unless nobody reads it."""
    unread = Unread({member.name: member.content for member in members}, large) if large else ()
    for part, times in large.items():
        if part not in unread:
            message = _("{part} is {times:,} times larger than its packed bytes, as in files made to harm.")
            raise Unreadable(message.format(part=part, times=times))


def _infos(package: bytes) -> list[zipfile.ZipInfo]:
    if not package:
        raise Unreadable(_("It is empty."))
    if package.startswith(_COMPOUND_FILE):
        if is_rights_managed(package):
            raise Unreadable(_("It is encrypted by rights management: nobody reads it but those who may."))
        encrypted = "EncryptedPackage".encode("utf-16-le") in package
        raise Unreadable(
            _("It is protected with a password.") if encrypted else _("It is a workbook of Excel 97–2003 (.xls).")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, OverflowError, EOFError) as error:
        raise Unreadable(_("It is not a zip archive, or not all of one ({error}).").format(error=error)) from error
    if len(infos) > MOST_MEMBERS:
        raise Unreadable(_("It has more than {most:,} parts.").format(most=MOST_MEMBERS))
    return infos


def _around(package: bytes, infos: list[zipfile.ZipInfo]) -> Iterator[Fault]:
    if not package.startswith(_LOCAL):
        yield BYTES_BEFORE.at("", package[:16].hex(" "))
    end = package.rfind(_END)
    comment = int.from_bytes(package[end + 20 : end + 22], "little")
    after = len(package) - end - 22 - comment
    if after:
        yield BYTES_AFTER.at("", after)
    if package[max(end - 20 - 56, 0) : end].find(_END_64) >= 0 and len(infos) < 0xFFFF and len(package) < 0xFFFFFFFF:
        yield ZIP64.at("", "PK\\x06\\x06")


def _names(infos: list[zipfile.ZipInfo]) -> Iterator[Fault]:
    seen: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.orig_filename
        if _ABSOLUTE.search(name) or {".", ".."} & set(name.split("/")) or "\0" in name or not name:
            yield STRANGE_NAME.at(info.filename, name)
        other = seen.setdefault(info.filename.casefold(), info)
        if other is not info:
            yield (DUPLICATE_MEMBER if other.filename == info.filename else CASE_TWIN).at(info.filename, other.filename)
        if info.external_attr >> 28 == 0xA:
            yield LINK.at(info.filename)


def _headers(package: bytes, info: zipfile.ZipInfo) -> Iterator[Fault]:
    """The header before the part says the same as the list at the end."""
    start = info.header_offset
    header = package[start : start + 30]
    if len(header) < 30 or header[:4] != _LOCAL:
        yield HEADERS.at(info.filename, start)
        return
    flags, method = struct.unpack_from("<HH", header, 6)
    crc, packed, size, name_length, extra_length = struct.unpack_from("<IIIHH", header, 14)
    name = package[start + 30 : start + 30 + name_length]
    extra = package[start + 30 + name_length : start + 30 + name_length + extra_length]
    if name.decode("utf-8" if flags & 0x800 else "cp437", "replace") != info.orig_filename or method != (
        info.compress_type
    ):
        yield HEADERS.at(info.filename, name.decode("utf-8", "replace"))
    elif not flags & _DESCRIPTOR and size != 0xFFFFFFFF and (crc, packed, size) != (
        info.CRC, info.compress_size, info.file_size,
    ):  # fmt: skip
        yield HEADERS.at(info.filename, size)
    small = info.file_size < 0xFFFFFFFF and info.compress_size < 0xFFFFFFFF
    if small and (size == 0xFFFFFFFF or packed == 0xFFFFFFFF or _has_zip64(info.extra) or _has_zip64(extra)):
        yield ZIP64.at(info.filename)
    if flags & _DESCRIPTOR and info.compress_type == _STORED and info.file_size:
        yield DESCRIPTOR.at(info.filename)


def _has_zip64(extra: bytes) -> bool:
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        if kind == _ZIP64:
            return True
        place += 4 + length
    return False


def _packed(package: bytes, info: zipfile.ZipInfo) -> memoryview:
    """Return a member as it lies in the archive; nothing where it does not."""
    header = package[info.header_offset : info.header_offset + 30]
    if len(header) < 30 or header[:4] != _LOCAL:
        return memoryview(b"")
    name_length, extra_length = struct.unpack_from("<HH", header, 26)
    start = info.header_offset + 30 + name_length + extra_length
    return memoryview(package)[start : start + info.compress_size]


def _content(data: memoryview, info: zipfile.ZipInfo) -> bytes:
    """Return what a member holds, unpacked no further than the limits; what cannot be unpacked ends early."""
    if info.compress_type == _STORED:
        content = bytes(data)
    else:
        unpacking = zlib.decompressobj(-15)
        try:
            content = unpacking.decompress(data, LARGEST_PART + 1)
        except zlib.error:
            return b""
    if len(content) > LARGEST_PART:
        raise Unreadable(_("{part} takes more than {most:,} bytes.").format(part=info.filename, most=LARGEST_PART))
    return content


def resolved(folder: str, target: str) -> str:
    """Return the part that a relationship's target names, seen from the folder of its source."""
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
