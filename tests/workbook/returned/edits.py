"""The filled example planner, edited as files are edited: one cell, one part, one name at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.package_edit import WORKBOOK, PackageEdit
from xlsales.cells.values import Address
from xlsales.workbook import defined_names

EXAMPLE = Path(__file__).resolve().parents[3] / "workbook" / "Sales Planner example.xlsx"


@cache
def _cells() -> Mapping[str, Address]:
    return defined_names.read(EXAMPLE.read_bytes(), EXAMPLE.name).cells()


def at(name: str) -> Address:
    """Where a defined name of the example stands."""
    return _cells()[name]


class PlannerEdit(PackageEdit):
    """A planner whose cells are rewritten as XML."""

    def __init__(self, content: bytes | None = None) -> None:
        super().__init__(EXAMPLE.read_bytes() if content is None else content)

    def cell(self, sheet: str, reference: str, inside: str, kind: str = "") -> None:
        """Put `inside` into a cell that is there, with the attribute `t`, its style kept."""
        part = self.sheet(sheet)
        found = re.search(rf'<c r="{reference}"([^>]*?)(?:/>|>.*?</c>)', self.text(part))
        assert found, f"{sheet}!{reference}"
        style = re.search(r' s="\d+"', found[1])
        attributes = (style[0] if style else "") + (f' t="{kind}"' if kind else "")
        new = f'<c r="{reference}"{attributes}>{inside}</c>' if inside else f'<c r="{reference}"{attributes}/>'
        self.parts[part] = self.text(part).replace(found[0], new, 1).encode()

    def names(self, moved: Mapping[str, str]) -> None:
        """Let defined names stand for other cells."""
        for name, formula in moved.items():
            text = self.text(WORKBOOK)
            changed, count = re.subn(rf'(<definedName name="{name}">)[^<]*', rf"\g<1>{formula}", text)
            assert count == 1, name
            self.parts[WORKBOOK] = changed.encode()
