"""Rules 9 to 11: what the file says of itself, and that its bytes and values can be relied on."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import zipfile
from collections.abc import Mapping

from lxml import etree

from tests.planner.rules.opened import Opened

VERSIONS = ("schema_version", "template_version")
PROVENANCE = ("run_id", "input_hash", "as_of", "territory_id")


def versions(planner: Opened) -> list[str]:
    """The file knows its schema and template versions, and Start shows them."""
    properties = custom_properties(planner)
    told = [f"custom property {name}: missing" for name in VERSIONS if not properties.get(name)]
    start = " ".join(cell.stored or "" for cell in planner.sheets[0].cells.values())
    if f"Sales Planner {properties.get('template_version')}, layout {properties.get('schema_version')}" not in start:
        told.append(f"{planner.sheets[0].name}: the versions are not shown")
    return told


def provenance(planner: Opened) -> list[str]:
    """A generated planner knows the run and the input that it was made from."""
    properties = custom_properties(planner)
    return [f"custom property {name}: missing" for name in PROVENANCE if not properties.get(name)]


def custom_properties(planner: Opened) -> dict[str, str]:
    """The custom document properties."""
    content = planner.parts.get("docProps/custom.xml")
    root = etree.fromstring(content) if content else ()
    return {item.get("name"): "".join(item.itertext()) for item in root}


def same_bytes(first: bytes, second: bytes) -> list[str]:
    """Two files are the same byte for byte; else the parts that differ."""
    if first == second:
        return []
    parts = [_parts(content) for content in (first, second)]
    names = sorted(parts[0].keys() | parts[1].keys())
    return [name for name in names if parts[0].get(name) != parts[1].get(name)] or ["the zip around the parts"]


def fixed_times(content: bytes) -> list[str]:
    """No time of making stands in the file."""
    told = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        told += [
            f"{m.filename}: made {m.date_time}" for m in archive.infolist() if m.date_time != (1980, 1, 1, 0, 0, 0)
        ]
    core = _parts(content).get("docProps/core.xml", b"").decode()
    return [*told, *(f"docProps/core.xml: {day}" for day in re.findall(r">(\d{4}-[^<]+)<", core) if _recent(day))]


def _recent(day: str) -> bool:
    return dt.date.fromisoformat(day[:10]) > dt.date(2020, 1, 1)


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def stored_values(planner: Opened, fresh: Mapping[tuple[str, str], object]) -> list[str]:
    """Every formula carries a value, no error, and the one that a fresh calculation gives."""
    told = []
    for sheet in planner.sheets:
        for cell in sheet.cells.values():
            place = f"{sheet.name}!{cell.address}"
            if cell.formula is None:
                continue
            if cell.stored is None:
                told.append(f"{place}: no value is stored")
            elif cell.kind == "e":
                told.append(f"{place}: shows {cell.stored}")
            elif not _equal(cell.stored, cell.kind, fresh[sheet.name, cell.address]):
                told.append(f"{place}: stored {cell.stored!r}, calculated {fresh[sheet.name, cell.address]!r}")
    return told


def _equal(stored: str, kind: str, fresh: object) -> bool:
    if isinstance(fresh, float) and kind == "n":
        return math.isclose(float(stored), fresh, rel_tol=1e-9, abs_tol=1e-12)
    return kind == "str" and stored == fresh
