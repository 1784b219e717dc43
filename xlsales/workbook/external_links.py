"""The other workbooks that a workbook's formulas name by number: [1]Sheet!A1, [1]!NAME(…)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

from xlsales.workbook import parts


def linked_files(contents: Mapping[str, bytes]) -> list[str]:
    """Return the names of the linked files in their order; "" for one whose place cannot be told."""
    workbook = parts.workbook_part(contents)
    links = parts.targets(contents, workbook)
    found = []
    for reference in parts.parse(contents[workbook]).iter("{*}externalReference"):
        identifier = next((value for name, value in reference.items() if name.endswith("}id")), "")
        found.append(_file(contents, links.get(identifier, ("", ""))[1]))
    return found


def _file(contents: Mapping[str, bytes], part: str) -> str:
    relationships = contents.get(parts.relationships_of(part)) if part else None
    if relationships is None:
        return ""
    targets = [link.get("Target", "") for link in parts.parse(relationships) if link.get("TargetMode") == "External"]
    return unquote(targets[0]).replace("\\", "/").rpartition("/")[2] if targets else ""
