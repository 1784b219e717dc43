"""What stands in cells whose value a plain cell cannot hold: a data type such as Stocks, a picture in the cell.

For programs that do not know them, Excel stores `#VALUE!` in such a cell, and what it shows in parts of its own: the
attribute `vm` → `xl/metadata.xml` → `xl/richData/rdrichvalue.xml`, whose structures say what each value is ([MS-XLSX],
2.3.6). Errors that are younger than the format, such as `#SPILL!`, are stored in the same way; they stay errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from xlsales.cells import escapes
from xlsales.workbook import parts as parts_of

_METADATA, _KIND = "sheetMetadata", "XLRICHVALUE"
_VALUES, _STRUCTURES = "rdRichValue", "rdRichValueStructure"
_SHOWN, _ERROR = "_DisplayString", "_error"
_CELL = re.compile(rb"""<(?:[\w.-]+:)?c\s(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]+[0-9]+)["']""")
_NUMBER = re.compile(rb"""\svm\s*=\s*["']([0-9]+)["']""")


def cells(sheet: bytes, parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the cells of a sheet with such values: what each shows as a text, "" where that is none."""
    shown = _shown(parts) if b"vm" in sheet else {}
    if not shown:
        return {}
    found = {}
    for tag in _CELL.findall(sheet):
        number, reference = _NUMBER.search(tag), _REFERENCE.search(tag)
        if number and reference and int(number[1]) in shown:
            found[reference[1].decode()] = shown[int(number[1])]
    return found


def _shown(parts: Mapping[str, bytes]) -> dict[int, str]:
    """Return what values show, by the numbers that cells name them with; errors are left out."""
    root = _root(parts, _METADATA)
    if root is None:
        return {}
    kinds = [kind.get("name") for kind in root.iterfind("{*}metadataTypes/{*}metadataType")]
    places = [place.get("i") for place in root.iterfind(f"{{*}}futureMetadata[@name='{_KIND}']/{{*}}bk//{{*}}rvb")]
    values, found = _values(parts), {}
    for number, block in enumerate(root.iterfind("{*}valueMetadata/{*}bk"), 1):
        for record in block.iterfind("{*}rc"):
            place = _at(places, record.get("v")) if _at(kinds, record.get("t"), first=1) == _KIND else None
            shown = _at(values, place)
            if shown is not None:
                found[number] = shown
    return found


def _values(parts: Mapping[str, bytes]) -> list[str | None]:
    """Return what each rich value shows as a text: "" where that is none, None for errors."""
    values, kinds = _root(parts, _VALUES), _root(parts, _STRUCTURES)
    if values is None or kinds is None:
        return []
    structures = [(one.get("t"), [key.get("n") for key in one.iterfind("{*}k")]) for one in kinds.iterfind("{*}s")]
    found: list[str | None] = []
    for value in values.iterfind("{*}rv"):
        kind, keys = _at(structures, value.get("s")) or ("", [])
        held = dict(zip(keys, value.iterfind("{*}v"), strict=False))
        own = held.get(_SHOWN)
        found.append(None if kind == _ERROR else "" if own is None else escapes.unescaped(own.text or ""))
    return found


def _root(parts: Mapping[str, bytes], kind: str) -> etree._Element | None:
    part = parts_of.target_of_kind(parts, parts_of.workbook_part(parts), kind)
    return None if part is None else parts_of.parse(parts[part])


def _at(some: Sequence[Any], place: str | None, first: int = 0) -> Any:
    """Return what stands at a place that a file names; None where there is nothing."""
    index = int(place) - first if place is not None and place.isdecimal() else -1
    return some[index] if 0 <= index < len(some) else None
