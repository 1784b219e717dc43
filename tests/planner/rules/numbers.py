"""How numbers are shown: a figure alike wherever it stands, and a difference of nothing without a sign."""

from __future__ import annotations

import re

from openpyxl.utils.cell import get_column_letter, range_boundaries

from tests.planner.rules.opened import Opened

_NAME = r"((?:fig|out|calc|in|th)_\w+)"
# The formulas that show a figure as it is, or a dash, a word or nothing where there is none.
_SHOWS = [
    re.compile(pattern)
    for pattern in (
        _NAME,
        rf"IF\(ISNUMBER\({_NAME}\),\1,[^()]*\)",
        rf'IF\(COUNT\({_NAME}\)=0,"",\1\)',
        rf"IF\(AND\(ISNUMBER\({_NAME}\),[^()]*\),\1,IF\(ISNUMBER\(\w+\),\w+,[^()]*\)\)",
    )
]


def one_look_of_a_figure(planner: Opened) -> list[str]:
    """A figure has the same number format wherever it is shown alone."""
    looks: dict[str, dict[str, str]] = {}
    for name, sheet, place in planner.named_cells("fig_", "out_", "calc_", "in_", "th_"):
        cell = sheet.cells[place]
        looks.setdefault(name, {})[f"{sheet.name}!{cell.address}"] = planner.styles.formats[cell.style]
    for sheet in planner.sheets:
        for cell in sheet.cells.values():
            found = next((found for shows in _SHOWS if (found := shows.fullmatch(cell.formula or ""))), None)
            if found and found[1] in looks:
                looks[found[1]][f"{sheet.name}!{cell.address}"] = planner.styles.formats[cell.style]
    return [
        f"{place}: {name} is shown as {look}, elsewhere as {', '.join(sorted({*places.values()} - {look}))}"
        for name, places in looks.items()
        for place, look in places.items()
        if "@" not in places.values() and len({*places.values()}) > 1
    ]


def differences_of_nothing_have_no_sign(planner: Opened) -> list[str]:
    """A difference that is rounded to 0 as it is shown has a conditional format without a sign."""
    told = []
    for sheet in planner.sheets:
        plain: dict[str, str] = {}
        for area in sheet.iter("conditionalFormatting"):
            for rule in area.iter("{*}cfRule"):
                number_format = planner.styles.conditional_formats[int(rule.get("dxfId", 0))]
                rounded = re.fullmatch(r"ROUND\(\w+,(\d)\)=0", rule.findtext("{*}formula") or "")
                if number_format and rounded:
                    digits = len(number_format.partition(";")[0].partition(".")[2].rstrip("%"))
                    assert int(rounded[1]) == digits + 2 * number_format.endswith("%"), (sheet.name, number_format)
                    plain |= dict.fromkeys(_cells(area.get("sqref")), number_format)
        for cell in sheet.cells.values():
            look = planner.styles.formats[cell.style]
            if look.startswith("+") and plain.get(cell.address) != ";".join([look.rpartition(";")[2]] * 3):
                told.append(f"{sheet.name}!{cell.address}: {look} of what is rounded to 0")
    return told


def _cells(areas: str) -> list[str]:
    """The addresses of areas."""
    return [
        f"{get_column_letter(column)}{row}"
        for area in areas.split()
        for left, top, right, bottom in [range_boundaries(area)]
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    ]
