"""Workbooks whose Excel tables hold more or fewer rows, with everything that belongs to the tables.

Nothing is inserted or shifted: a table grows into the blank rows below it, and shrinks by the rows at its end.
The formulas of new rows have no stored values, and those of old ones may be stale: the workbook asks Excel to
calculate all of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlsales.cells.references import LAST_ROW
from xlsales.errors import InputError
from xlsales.memory import uncollected
from xlsales.texts import _
from xlsales.workbook import package as packages
from xlsales.workbook import parts as parts_of
from xlsales.workbook.table_size import calculation, obstacles, onlookers, sheet_rows, sheets, workbook
from xlsales.workbook.table_size.place import companions, tables
from xlsales.workbook.table_size.resize import Resize

__all__ = ["resized", "why_not"]


def resized(package: bytes, rows: Mapping[str, int], *, values_follow: bool = False) -> bytes:
    """Return the workbook with this many data rows in each of these tables; InputError says why one cannot.

    Where `values_follow`, the caller stores every formula's value, and Excel is not asked to calculate.
    """
    with uncollected():
        return _resized(package, rows, values_follow=values_follow)


def _resized(package: bytes, rows: Mapping[str, int], *, values_follow: bool) -> bytes:
    parts = packages.read(package)
    changed = [name for name, count in sorted(rows.items()) if _resize(parts, name, count)]
    if not changed:
        return package
    calculation.drop_chain(parts)
    if not values_follow:
        calculation.ask_for_all(parts)
    return packages.write(parts)


def why_not(package: bytes, table: str) -> str | None:
    """Return what keeps a table from growing, or None when nothing does."""
    parts = packages.read(package)
    place = tables(parts).get(table)
    return _no_such(table, parts) if place is None else obstacles.of(parts, place)


def _resize(parts: dict[str, bytes], name: str, rows: int) -> bool:
    place = tables(parts).get(name)
    if place is None:
        raise InputError(_no_such(name, parts))
    new_last = place.first + rows - 1
    if rows < 1 or new_last > LAST_ROW:
        message = _("The table {table} cannot have {rows} rows: give it 1 to {most}.")
        raise InputError(message.format(table=name, rows=rows, most=LAST_ROW - place.first + 1))
    if new_last == place.last:
        return False
    reason = obstacles.of(parts, place)
    if reason is not None:
        raise InputError(reason)
    grid = sheet_rows.Grid(parts_of.parse(parts[place.sheet_part]))
    resize = Resize(place, companions(parts, place, grid), new_last)
    loss = None if resize.grows else obstacles.of_shrinking(grid, resize)
    if loss is not None:
        raise InputError(loss)
    sheets.follow(parts, resize, grid)
    onlookers.follow(parts, resize)
    workbook.follow(parts, resize)
    return True


def _no_such(table: str, parts: Mapping[str, bytes]) -> str:
    message = _("The template has no table {table}. Its tables are: {tables}.")
    return message.format(table=table, tables=", ".join(sorted(tables(parts))) or _("none"))
