"""What Excel has to calculate after formulas have changed."""

from __future__ import annotations

import posixpath

from xlsales.workbook import parts as parts_of


def drop_chain(parts: dict[str, bytes]) -> None:
    """Drop the list of formulas in the order of their calculation: Excel makes it anew, and a wrong one is an error."""
    part = parts_of.workbook_part(parts)
    chain = parts_of.target_of_kind(parts, part, "calcChain")
    if chain is not None:
        _drop(parts, part, chain)


def ask_for_all(parts: dict[str, bytes]) -> None:
    """Let Excel calculate everything on opening."""
    part = parts_of.workbook_part(parts)
    parts[part] = parts_of.asking_for_full_calculation(parts[part])


def _drop(parts: dict[str, bytes], source: str, part: str) -> None:
    del parts[part]
    folder = posixpath.dirname(source)
    for holder, attribute in ((parts_of.relationships_of(source), "Target"), (parts_of.CONTENT_TYPES, "PartName")):
        root = parts_of.parse(parts[holder])
        for entry in list(root):
            target = posixpath.normpath(posixpath.join("/", folder, entry.get(attribute, "")))
            if target == f"/{part}":
                root.remove(entry)
        parts[holder] = parts_of.serialised(root)
