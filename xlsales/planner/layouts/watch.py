"""Columns that watch whether a list's formulas still read the cells of their own row.

Cells that are cut and pasted take with them what refers to them: the formulas of the row that they left go on reading
them where they lie now, and what they show looks right; in Excel a column's range ends elsewhere too, when its first
or last cell was cut. So each row says in which rows and columns the cells stand that were its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from xlsales.planner.areas import Layout
from xlsales.planner.layouts.columns import count
from xlsales.schema import Column
from xlsales.texts import N_

_MOST = 9  # references that a short formula has room for
_ROWS = (N_("For checks: rows"), N_("For checks: rows, 2"), N_("For checks: rows, 3"))
_COLUMNS = (N_("For checks: columns"), N_("For checks: columns, 2"), N_("For checks: columns, 3"))


def watched(layout: Layout) -> Layout:
    """Return the list with the columns that watch it."""
    read = [column.name for column in layout.columns if isinstance(column, Column)]
    parts = [read[start : start + _MOST] for start in range(0, len(read), _MOST)]
    rows = [count(f"rows_read_{n}", _ROWS[n], _rows(part)) for n, part in enumerate(parts)]
    columns = [count(f"columns_read_{n}", _COLUMNS[n], _columns(part)) for n, part in enumerate(parts)]
    return replace(layout, columns=(*layout.columns, *rows, *columns))


def _rows(names: Sequence[str]) -> str:
    return f'IF(AVERAGE({_each("ROW", names)})=ROW(),"",1)'


def _columns(names: Sequence[str]) -> str:
    return f"SUM({_each('COLUMN', names)})"


def _each(function: str, names: Sequence[str]) -> str:
    return ",".join(f"{function}({{{name}}})" for name in names)


def moved(layout: Layout) -> str:
    """Return the formula that counts a list's rows whose formulas read cells elsewhere."""
    return "+".join(_terms(layout))


def _terms(layout: Layout) -> Iterator[str]:
    names = [column.name for column in layout.columns]
    rows, columns = ([name for name in names if name.startswith(start)] for start in ("rows_read", "columns_read"))
    yield f"SUM({{{layout.excel_table}.{rows[0]}__{rows[-1]}}})"
    for name in columns:
        cells = f"{{{layout.excel_table}.{name}}}"
        yield f"(MAX({cells})<>MIN({cells}))"
