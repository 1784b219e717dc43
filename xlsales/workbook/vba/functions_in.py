"""The functions that a workbook's own VBA offers to its cells, but for the wrappers that call the sales functions."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping

from xlsales.workbook import parts
from xlsales.workbook.vba.compound_reader import NotCompoundError, streams
from xlsales.workbook.vba.compression import NotCompressedError, uncompressed

_VERSION = 0x09  # records of the stream `dir`, [MS-OVBA] 2.3.4.2
_STREAM_NAME, _OFFSET, _STANDARD, _END_OF_MODULE = 0x32, 0x31, 0x21, 0x2B
_CONTINUED = re.compile(r"[ \t]_[ \t]*\r?\n")
_FUNCTION = re.compile(
    r"^[ \t]*(?:(?:public|private|global|friend|static)[ \t]+)*(?P<declare>declare[ \t]+(?:ptrsafe[ \t]+)?)?"
    r"function[ \t]+\[?(?P<name>\w+)",
    re.IGNORECASE | re.MULTILINE,
)
_END_FUNCTION = re.compile(r"^[ \t]*end[ \t]+function\b", re.IGNORECASE | re.MULTILINE)
# What our wrappers do, and what xlwings writes for our functions when it imports them.
_CALLS_OURS = re.compile(
    r"""\bAnswer\(\s*"(?P<ours>\w+)"|\bCallUDF\(\s*"(?:sales_udfs|xlsales[\w.]*)"\s*,""", re.IGNORECASE
)


def own_functions(contents: Mapping[str, bytes]) -> set[str]:
    """Return the functions of a workbook's own VBA, in lower case; none of a project that cannot be read."""
    project = parts.target_of_kind(contents, parts.workbook_part(contents), "vbaProject")
    if project is None:
        return set()
    try:
        found = list(standard_modules(contents[project]))
    except (NotCompoundError, NotCompressedError, struct.error, KeyError, UnicodeDecodeError):
        return set()  # Excel opens such a workbook without its macros
    return {name for source in found for name in _offered(source)}


def standard_modules(project: bytes) -> Iterator[str]:
    """Yield the sources of a project's standard modules: what cells call stands there alone."""
    return (source for is_standard, source in modules(project) if is_standard)


def modules(project: bytes) -> Iterator[tuple[bool, str]]:
    """Yield the sources of a project's modules, each with whether it is a standard one, and no sheet's or class."""
    all_streams = {name.casefold(): content for name, content in streams(project).items()}
    name, offset, is_standard = "", 0, False
    for kind, content in _records(uncompressed(all_streams["vba/dir"])):
        if kind == _STREAM_NAME:
            name = content.decode("utf-16-le")
        elif kind == _OFFSET:
            (offset,) = struct.unpack("<I", content)
        elif kind == _STANDARD:
            is_standard = True
        elif kind == _END_OF_MODULE:
            source = uncompressed(all_streams[f"vba/{name}".casefold()][offset:])
            yield is_standard, source.decode("latin-1")  # the names that matter are ASCII
            is_standard = False


def _records(directory: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 6 <= len(directory):
        kind, size = struct.unpack_from("<HI", directory, place)
        size += 2 if kind == _VERSION else 0  # it says 4, and is 6 ([MS-OVBA] 2.3.4.2.1.11)
        yield kind, directory[place + 6 : place + 6 + size]
        place += 6 + size


def _offered(source: str) -> Iterator[str]:
    code = _CONTINUED.sub(" ", source)
    for found in _FUNCTION.finditer(code):
        name = found["name"].lower()
        end = _END_FUNCTION.search(code, found.end())
        body = code[found.end() : end.start() if end else len(code)]
        ours = None if found["declare"] else _CALLS_OURS.search(body)
        if ours is None or (ours["ours"] or name).lower() != name:
            yield name
