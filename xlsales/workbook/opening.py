"""A workbook's bytes are opened here, whoever reads them afterwards: within limits, and called what they are if none.

Nothing is parsed before its size, its place in the archive and its characters are known to be harmless. The linter
alone opens files itself (`lint/archive.py`), for it tells each defect of the archive instead of refusing it; its
limits are the same.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree

from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.texts import N_, _
from xlsales.workbook import archive, file_kinds, limits, parts
from xlsales.workbook.archive import Parts
from xlsales.workbook.limits import Sizes
from xlsales.workbook.unread import Unread

_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_LINK = 0xA  # in the highest bits of a member's attributes, where a Unix program wrote it
_PLACE = re.compile(r"\A(?:/|[A-Za-z]:)|\\|//|\0|\A\Z")

_HARM = N_(
    "{name} is not opened, for no workbook that Excel saved is like this: {what}. Open it in Excel and save it again."
)
_MANY = N_("it has more than {most:,} parts")
_TWICE = N_("it has two parts of the name {part}")
_ESCAPES = N_("the name of the part {part} leads out of the workbook")
_SYMBOLIC = N_("the part {part} is a link to another file")
_OVERLAP = N_("its parts lie over one another")
_LARGE_PART = N_("{part} unpacks to more than {most:,} MB")
_LARGE = N_("it unpacks to more than {most:,} MB")
_RATIO = N_("{part} is {times:,} times larger than its packed bytes")
_IN_PART = N_("in {part}, {what}")
_LARGE_FILE = N_("{name} has {size:,} MB, more than is read of a workbook ({most:,} MB). Split it into several.")


def read(path: Path, called: object = None, sizes: Sizes | None = None) -> bytes:
    """Return a file's bytes; what is too large to be looked at, or no file, raises InputError, one held OSError."""
    if obstacles.is_endless(path):
        raise InputError(obstacles.no_ordinary_file(called or path.name))
    refuse_large(path.stat().st_size, called or path.name, sizes)
    return path.read_bytes()


def refuse_large(size: int, called: object, sizes: Sizes | None = None) -> None:
    """Raise InputError where a file is too large to be looked at."""
    most = (sizes or limits.USUAL).package
    if size > most:
        raise InputError(_(_LARGE_FILE).format(name=called, size=size >> 20, most=most >> 20))


def bytes_of(path: Path, called: object = None) -> bytes:
    """Return a file's bytes; one that cannot be read raises InputError in words."""
    try:
        return read(path, called)
    except OSError as error:
        raise InputError(obstacles.in_reading(path, error, called)) from error


def opened(
    package: bytes, name: str, *, sizes: Sizes | None = None, is_any: bool = False, keeps: bool = False
) -> Parts:
    """Return the parts of an .xlsx or .xlsm workbook; anything else, and what may do harm, raises InputError.

    Where it may be of `any` kind, templates, add-ins and "Strict Open XML" are taken too. Where it `keeps` parts, each
    is unpacked once.
    """
    file_kinds.refuse_others(package, name, is_any=is_any)
    found = archive.opened(package, name, keeps=keeps)
    _refuse_harm(package, name, found, sizes or limits.USUAL)
    if not is_any and _is_strict(found):
        raise file_kinds.strict(name)
    return found


def _refuse_harm(package: bytes, name: str, found: Parts, sizes: Sizes) -> None:
    for what, values in _harm_of_archive(package, sizes):
        raise _refused(name, _(what).format(**values))
    large = [part for part, one in found.members.items() if limits.is_suspicious(one.size, len(one.data))]
    unread = Unread(found, large)
    for part in large:
        if part not in unread:
            member = found.members[part]
            raise _refused(name, _(_RATIO).format(part=part, times=member.size // max(len(member.data), 1)))
    for part in [part for part in found if part not in large]:
        what = limits.harm_in(found[part])
        if what and not unread.may_hold(part, what):
            raise _refused(name, _(_IN_PART).format(part=part, what=_(what)))


def _refused(name: str, what: str) -> InputError:
    return InputError(_(_HARM).format(name=name, what=what))


def _harm_of_archive(package: bytes, sizes: Sizes) -> Iterator[tuple[str, dict[str, Any]]]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened_archive:
        infos = opened_archive.infolist()
    if len(infos) > limits.MOST_MEMBERS:
        yield _MANY, {"most": limits.MOST_MEMBERS}
    seen: set[str] = set()
    for info in infos:
        part = info.filename
        if _PLACE.search(info.orig_filename) or {".", ".."} & set(part.split("/")):
            yield _ESCAPES, {"part": part}
        if part.casefold() in seen:
            yield _TWICE, {"part": part}
        if info.external_attr >> 28 == _LINK:
            yield _SYMBOLIC, {"part": part}
        seen.add(part.casefold())
        if info.file_size > sizes.part:
            yield _LARGE_PART, {"part": part, "most": sizes.part >> 20}
    if sum(info.file_size for info in infos) > sizes.package:
        yield _LARGE, {"most": sizes.package >> 20}
    if _lie_over_one_another(infos):
        yield _OVERLAP, {}


def _lie_over_one_another(infos: Sequence[zipfile.ZipInfo]) -> bool:
    inside = sorted((info.header_offset, info.compress_size) for info in infos if info.compress_size)
    return any(start + size > following for (start, size), (following, _size) in pairwise(inside))


def _is_strict(found: Parts) -> bool:
    """Whether a workbook is written as "Strict Open XML", whose names most readers do not know."""
    with suppress(KeyError, ValueError, SyntaxError, AttributeError, TypeError):  # the reader says it in its words
        return bool(etree.QName(parts.parse(found[parts.workbook_part(found)])).namespace == _STRICT)
    return False
