"""ISFORMULA answered from the workbook itself: which cells hold formulas is known before anything is calculated."""

from __future__ import annotations

import re
from collections.abc import Container

from openpyxl.utils.cell import range_boundaries

from xlsales.cells.columns import get_column_letter
from xlsales.cells.values import Address

_CELLS = (
    r"(?:(?P<{0}sheet>'(?:[^']|'')+'|[A-Za-z_][\w.]*)!)?(?P<{0}cells>\$?[A-Z]{{1,3}}\$?\d+(?::\$?[A-Z]{{1,3}}\$?\d+)?)"
)
_CALL = r"(?:_xlfn\.)?ISFORMULA\({}\)"
_COUNT = re.compile(
    rf"SUMPRODUCT\(1(?P<sign>[-*]){_CALL.format(_CELLS.format('all_'))}\)|{_CALL.format(_CELLS.format('one_'))}",
    re.IGNORECASE,
)
_NAMED = "ISFORMULA("


def answered(text: str, sheet: str, formulas: Container[Address]) -> str:
    """Return a formula with `SUMPRODUCT(1*ISFORMULA(range))`, `SUMPRODUCT(1-ISFORMULA(range))` and
    `ISFORMULA(cell)` replaced by what they give."""
    if _NAMED not in text.upper():
        return text
    return _COUNT.sub(lambda found: _answer(found, sheet, formulas), text)


def _answer(found: re.Match[str], sheet: str, formulas: Container[Address]) -> str:
    kind = "all_" if found["all_cells"] else "one_"
    on = (found[f"{kind}sheet"] or sheet).strip("'").replace("''", "'")
    left, top, right, bottom = range_boundaries(found[f"{kind}cells"].replace("$", "").upper())
    count = sum(
        (on, f"{get_column_letter(column)}{row}") in formulas
        for column in range(left, right + 1)
        for row in range(top, bottom + 1)
    )
    if kind == "all_":
        cells = (right - left + 1) * (bottom - top + 1)
        return str(count if found["sign"] == "*" else cells - count)
    return found[0] if (left, top) != (right, bottom) else ("TRUE", "FALSE")[not count]
