"""The defined names of a workbook, as workbook.xml has them: of any kind that Excel allows.

A name may stand for a cell, for anything that a formula can be, or for nothing that is left; it may be hidden, be of
one sheet alone, and be written in any letter case.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from lxml import etree

from xlsales.cells import escapes
from xlsales.cells.references import LAST_COLUMN, LAST_ROW, area
from xlsales.cells.values import Address
from xlsales.errors import InputError
from xlsales.texts import _
from xlsales.workbook import opening
from xlsales.workbook import parts as parts_of

_OWN_CELL = re.compile(r"=?\s*(?:(?:'((?:[^']|'')+)'|([^'!\[\]:(),\s]+))!)?(\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?::\S+)?)\s*")
_TABLE_NAME = re.compile(rb"""<(?:[\w.-]+:)?table\b[^>]*?\sdisplayName\s*=\s*["']([^"']*)["']""")
_MOST_PARTS = 8  # workbook parts that are remembered
BUILT_IN = "_xlnm."  # print areas, filters


class DefinedName(NamedTuple):
    """A name and what it stands for."""

    name: str
    sheet: str  # whose alone it is; "" for a name of the workbook
    formula: str


@dataclass(frozen=True)
class Outline:
    """What workbook.xml says."""

    sheets: tuple[str, ...]  # in their order
    names: tuple[DefinedName, ...]

    def cells(self) -> dict[str, Address]:
        """Return the names that are one cell of this workbook, in lower case.

        A name of the workbook goes before those of single sheets, which a copied sheet brings along.
        """
        return dict(self._cells)

    def chosen(self) -> dict[str, DefinedName]:
        """Return one definition of each name, by the name in lower case; none where only several sheets have it."""
        return dict(self._chosen)

    @cached_property
    def _cells(self) -> Mapping[str, Address]:
        found: dict[str, Address] = {}
        for defined in self._chosen.values():
            cell = self._cell(defined)
            if cell is not None:
                found[defined.name.lower()] = cell
        return found

    @cached_property
    def _chosen(self) -> Mapping[str, DefinedName]:
        found = {}
        for name, definitions in self._by_name().items():
            of_workbook = [defined for defined in definitions if not defined.sheet]
            if of_workbook or len(definitions) == 1:
                found[name] = (of_workbook or definitions)[0]
        return found

    def _by_name(self) -> Mapping[str, list[DefinedName]]:
        found: dict[str, list[DefinedName]] = {}
        for defined in self.names:
            if not defined.name.startswith(BUILT_IN):
                found.setdefault(defined.name.lower(), []).append(defined)
        return found

    def _cell(self, defined: DefinedName) -> Address | None:
        found = _OWN_CELL.fullmatch(defined.formula)
        if found is None:
            return None
        quoted, plain, cells = found.groups()
        sheet = quoted.replace("''", "'") if quoted else plain or defined.sheet
        own = next((title for title in self.sheets if title.casefold() == sheet.casefold()), None)
        place = area(cells)
        if own is None or place is None or (place.left, place.top) != (place.right, place.bottom):
            return None
        if not (1 <= place.left <= LAST_COLUMN and 1 <= place.top <= LAST_ROW):
            return None
        return own, str(place)


def read(package: bytes, name: str) -> Outline:
    """Read the workbook part alone; what is no workbook raises InputError that calls it what it is."""
    return outline(opening.opened(package, name), name)


def outline(parts: Mapping[str, bytes], name: str) -> Outline:
    """Read the workbook part of a package that is opened already."""
    try:
        return _said(parts[parts_of.workbook_part(parts)])
    except (KeyError, ValueError, SyntaxError) as error:
        message = _("{name}: this is not an Excel workbook ({error}).")
        raise InputError(message.format(name=name, error=error)) from error


@lru_cache(maxsize=_MOST_PARTS)
def _said(part: bytes) -> Outline:
    """Return what a workbook part says; copies of one template say the same."""
    root = parts_of.parse(part)
    sheets = tuple(sheet.get("name", "") for sheet in root.iter("{*}sheet"))
    return Outline(sheets, tuple(_defined(root, sheets)))


def of(parts: Mapping[str, bytes]) -> list[DefinedName]:
    """Return the defined names of a workbook whose parts are at hand."""
    root = parts_of.parse(parts[parts_of.workbook_part(parts)])
    return list(_defined(root, tuple(sheet.get("name", "") for sheet in root.iter("{*}sheet"))))


def tables(parts: Mapping[str, bytes]) -> frozenset[str]:
    """Return the names of the Excel tables, read from their parts alone."""
    inside = (parts[part] for part in parts if posixpath.dirname(part).endswith("tables"))
    return frozenset(found[1].decode() for content in inside if (found := _TABLE_NAME.search(content)))


def _defined(root: etree._Element, sheets: tuple[str, ...]) -> Iterator[DefinedName]:
    for defined in root.iter("{*}definedName"):
        local = defined.get("localSheetId")
        if local is not None and not (local.isdecimal() and int(local) < len(sheets)):
            continue  # of a sheet that is gone
        yield DefinedName(
            defined.get("name", ""), sheets[int(local)] if local else "", escapes.formula((defined.text or "").strip())
        )
