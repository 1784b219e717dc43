"""The custom document properties of a workbook: texts by name, in `docProps/custom.xml`."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import IO

from lxml import etree

from xlsales.cells.escapes import escaped, unescaped
from xlsales.cells.markup import escape, quoteattr
from xlsales.workbook import parts as parts_of

_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the one format id of custom properties
_HERE = "here"
_LARGEST = 2**22
CUSTOM_PROPERTIES = parts_of.NewPart(
    "docProps/custom.xml",
    "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    f'<Properties xmlns="{_CUSTOM}" xmlns:vt="{_TYPES}"></Properties>'.encode(),
)


def of_file(file: Path | IO[bytes]) -> dict[str, str]:
    """Return the properties of a file, of which nothing else is read; none where it has none, or cannot have any.

    Raises OSError where the file itself cannot be read.
    """
    try:
        with zipfile.ZipFile(file) as opened:
            if opened.getinfo(CUSTOM_PROPERTIES.name).file_size > _LARGEST:
                return {}
            root = parts_of.parse(opened.read(CUSTOM_PROPERTIES.name))
    except (KeyError, ValueError, SyntaxError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error):
        return {}
    return _texts(root)


def of_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the properties of a workbook, of any type, by name."""
    place = parts_of.target_of_kind(parts, "", "custom-properties")
    return {} if place is None else _texts(parts_of.parse(parts[place]))


def of_part(part: bytes, only: Collection[str] | None = None) -> dict[str, str]:
    """Return the properties that their part has; of many, those of some names alone."""
    return _texts(parts_of.parse(part), only)


def _texts(root: etree._Element, only: Collection[str] | None = None) -> dict[str, str]:
    named = ((child.get("name", ""), child) for child in root)
    return {name: unescaped("".join(child.itertext()).strip()) for name, child in named if only is None or name in only}


def with_texts(part: bytes, texts: Mapping[str, str]) -> bytes:
    """Return the part with these properties; those of the same name are replaced."""
    before, after, number = _without(part, frozenset(texts))
    new = "".join(
        f"{_opening(name, number + place)}{escape(escaped(text))}</vt:lpwstr></property>"
        for place, (name, text) in enumerate(texts.items(), start=1)
    )
    return before + new.encode() + after


@lru_cache(maxsize=4096)  # what they carry has some forty names
def _opening(name: str, number: int) -> str:
    return f'<property fmtid="{_FORMAT}" pid="{number}" name={quoteattr(name)}><vt:lpwstr>'


@lru_cache(maxsize=256)  # the planners of a run have one part, and properties of a few sets of names
def _without(part: bytes, names: frozenset[str]) -> tuple[bytes, bytes, int]:
    """Return what stands before and behind new properties, and the highest number among those that stay."""
    old = parts_of.parse(part)
    root = etree.Element(f"{{{_CUSTOM}}}Properties", nsmap={None: _CUSTOM, "vt": _TYPES})
    root.extend([child for child in old if child.get("name") not in names])
    number = max((int(child.get("pid")) for child in root), default=1)  # 0 and 1 are reserved
    etree.SubElement(root, f"{{{_CUSTOM}}}{_HERE}")
    before, _mark, after = parts_of.serialised(root).partition(f"<{_HERE}/>".encode())
    return before, after, number
