"""Reads a returned planner, the plain way: whatever program saved it, and whatever was moved in it."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xlsales.cells.values import Address
from xlsales.errors import InputError
from xlsales.memory import uncollected
from xlsales.schema import AS_OF, TERRITORIES
from xlsales.texts import N_, _
from xlsales.workbook import damaged, defined_names, opening, properties, sheet_values
from xlsales.workbook import parts as parts_of
from xlsales.workbook.archive import Parts
from xlsales.workbook.defined_names import Outline
from xlsales.workbook.given import Given
from xlsales.workbook.given_cells import GivenCells
from xlsales.workbook.planner_tables import EXCEL_TABLES
from xlsales.workbook.returned import identity as identities
from xlsales.workbook.returned.identity import Identity
from xlsales.workbook.returned.tables import ReturnedTable, tables
from xlsales.workbook.worksheets import Worksheets

INPUT = "in_"  # what the names of single inputs begin with
_OWN_TABLES = frozenset(EXCEL_TABLES.values())
_NEEDED = ("sharedStrings", "styles", "worksheet", "table")

_NO_PLANNER = N_(
    "{name} is no planner: it has none of the names that a planner's inputs have (in_…). Give files that xlsales made."
)
_NAMES_GONE = N_(
    "{name} has the tables of a planner, and none of the names that its inputs had (in_…): nothing is certain in it. "
    "Ask for the planner as it was before a program took its names away."
)
_TWO_NAMES = N_("a part has two names: {one} and {other}")
_LOST_MEMBERS = N_("its archive tells of {wanted} parts, and has {found}")
_END, _MANY = b"PK\x05\x06", 0xFFFF  # where an archive says how many members it has; in another place, if they are many
_UTF8 = 0x800  # the flag of a name that is written so
_GONE = N_("a part that it names is missing: {part}")


class NoPlannerError(InputError):
    """A workbook that is no planner, and never was one."""


@dataclass(frozen=True)
class Returned:
    """A planner as it came back."""

    name: str
    parts: Parts
    outline: Outline
    worksheets: Worksheets
    cells: GivenCells
    identity: Identity
    inputs: Mapping[str, Given]  # single inputs by name, without in_
    tables: Mapping[str, ReturnedTable]
    names: Mapping[str, Address]  # every name that is one cell, in lower case
    missing: tuple[str, ...] = ()  # inputs whose name has no cell any more
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def from_1904(self) -> bool:
        """Whether it counts its days from 1904."""
        return self.cells.from_1904

    def named(self, name: str) -> Given | None:
        """Return what stands in a cell by its defined name, such as `out_magic_number`; None where there is none."""
        place = self.names.get(name.lower())
        return None if place is None else self.cells.at(place)


def read(path: Path, called: object = None) -> Returned:
    """Read a planner's file; what is none, or cannot be read, raises InputError with the reason."""
    return parse(opening.bytes_of(path, called), str(called or path.name))


def parse(package: bytes, name: str) -> Returned:
    """Read a planner's bytes; what is no planner, or damaged, raises InputError with the reason."""
    with damaged.in_one_line(name), uncollected():
        parts = opening.opened(package, name, is_any=True, keeps=True)
        _refuse_other_names(package)
        outline = defined_names.outline(parts, name)
        if not is_planner(outline):
            was_one = "planner" in properties.of_parts(parts) or not _OWN_TABLES.isdisjoint(defined_names.tables(parts))
            if was_one:
                raise InputError(_(_NAMES_GONE).format(name=name))
            raise NoPlannerError(_(_NO_PLANNER).format(name=name))
        _refuse_lost_parts(parts)
        return _read(parts, outline, name)


def is_planner(outline: Outline) -> bool:
    """Whether a workbook has the names of a planner's inputs; what else it has been called does not count."""
    wanted = {f"{INPUT}{column.name}" for column in (*TERRITORIES, AS_OF)}
    return not wanted.isdisjoint(one.name.lower() for one in outline.names)


def _read(parts: Parts, outline: Outline, name: str) -> Returned:
    worksheets = Worksheets(parts, name, sheet_values.read)
    cells = GivenCells(worksheets)
    names = {one: place for one, place in outline.cells().items() if place[0] in worksheets.sheets}
    inputs = {one.removeprefix(INPUT): cells.at(place) for one, place in names.items() if one.startswith(INPUT)}
    defined = list(dict.fromkeys(one.name.lower() for one in outline.names))
    missing = tuple(one.removeprefix(INPUT) for one in defined if one.startswith(INPUT) and one not in names)
    told = properties.of_parts(parts)
    found = tables(cells, names, defined, worksheets.tables)
    identity = identities.identity(inputs, told)
    return Returned(name, parts, outline, worksheets, cells, identity, inputs, found, names, missing, told)


def _refuse_other_names(package: bytes) -> None:
    """Raise ValueError where the archive tells two names of a part: the one that others refer to may be lost."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        _refuse_lost_members(package, len(archive.infolist()))
        for info in archive.infolist():
            (length,) = struct.unpack_from("<H", package, info.header_offset + 26)
            start = info.header_offset + 30
            name = package[start : start + length].decode("utf-8" if info.flag_bits & _UTF8 else "cp437")
            if name != info.orig_filename:
                raise ValueError(_(_TWO_NAMES).format(one=info.orig_filename, other=name))


def _refuse_lost_members(package: bytes, found: int) -> None:
    """Raise ValueError where the archive has other members than it says: some are hidden in what is passed over."""
    (wanted,) = struct.unpack_from("<H", package, package.rfind(_END) + 10)
    if wanted not in (found, _MANY):
        raise ValueError(_(_LOST_MEMBERS).format(wanted=wanted, found=found))


def _refuse_lost_parts(parts: Parts) -> None:
    """Raise ValueError where a part that holds cells, texts or a table is gone: without it, values would be lost."""
    workbook = parts_of.workbook_part(parts)
    links = parts_of.targets(parts, workbook)
    sheets = [target for kind, target in links.values() if kind.endswith("/worksheet")]
    for source in (workbook, *(sheet for sheet in sheets if sheet in parts)):
        for kind, target in parts_of.targets(parts, source).values():
            if kind.rpartition("/")[2] in _NEEDED and target not in parts:
                raise ValueError(_(_GONE).format(part=target))
    for sheet in parts_of.parse(parts[workbook]).iter("{*}sheet"):
        identifier = next((value for name, value in sheet.items() if name.endswith("}id")), "")
        if identifier not in links:
            raise ValueError(_(_GONE).format(part=sheet.get("name")))
