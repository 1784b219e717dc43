"""Puts values into a workbook's parts and touches nothing else."""

from __future__ import annotations

import re
from typing import NamedTuple

from xlsales.cells.formulas import Formula, cells_of
from xlsales.cells.stored import Stored, stored
from xlsales.cells.values import CellValue
from xlsales.errors import InputError
from xlsales.recalc.book import Book
from xlsales.recalc.calculated import Calculated
from xlsales.texts import _
from xlsales.workbook import archive, parts, sheet_part
from xlsales.workbook.sheet_part import Cell, SheetPart

_REF = re.compile(rb"""(\sref\s*=\s*)("[^"]*"|'[^']*')""")


class Written(NamedTuple):
    """A workbook's bytes, and how many formulas show something else than before."""

    package: bytes
    changed: int


def written(book: Book, calculated: Calculated) -> Written:
    """Return the workbook with these values; where nothing changes, the very bytes that were read."""
    changed_parts: dict[str, bytes] = {}
    changed = 0
    for sheet, part in book.sheets.items():
        new, count = _sheet(book, sheet, part, calculated)
        changed += count
        if new != part.content:
            changed_parts[book.places[sheet]] = new
    if calculated.left.keys() - calculated.kept:
        old = book.parts[book.workbook]
        asking = parts.asking_for_full_calculation(old)
        if asking != old:
            changed_parts[book.workbook] = asking
    if not changed_parts:
        return Written(book.package, 0)
    members = dict(book.parts.members)
    for name, new in changed_parts.items():
        _refuse_malformed(new, f"{book.name}, {name}")
        members[name] = archive.member(name, new)
    return Written(archive.write(members.values()), changed)


def _refuse_malformed(part: bytes, place: str) -> None:
    """Raise InputError for a part that no program could read: better no new values than a broken workbook."""
    fault = parts.fault_in(part)
    if fault:
        message = _("{place} would be no good XML with its new values ({fault}). The workbook was left as it is.")
        raise InputError(message.format(place=place, fault=fault))


def _sheet(book: Book, sheet: str, part: SheetPart, calculated: Calculated) -> tuple[bytes, int]:
    """Return a worksheet part with its values, and the number of formulas that changed."""
    wanted: dict[str, CellValue] = {}
    elements: dict[str, bytes] = {}
    for (own, cell), formula in book.formulas.cells.items():
        if own != sheet or (sheet, cell) in calculated.kept:
            continue
        filled = calculated.areas.get((sheet, cell))
        if (sheet, cell) in calculated.left and formula.is_array:
            if formula.is_data_table and (part.cells[cell].has_value or not book.is_calculated):
                wanted |= dict.fromkeys((place for _own, place in cells_of((sheet, cell), formula.area)), None)
            elif not _shows_array(part, cell, formula):
                wanted[cell] = None
            continue
        for _own, place in [*cells_of((sheet, cell), formula.area), *cells_of((sheet, cell), filled)]:
            if place == cell or (sheet, place) not in book.formulas.cells:
                wanted[place] = calculated.values.get((sheet, place))
        if filled is not None and filled != formula.area:
            elements[cell] = _REF.sub(rb'\g<1>"%b"' % str(filled).encode(), part.cells[cell].formula, count=1)
    missing = {place for place, value in wanted.items() if value is not None and place not in part.cells}
    part = sheet_part.with_room_for(part, missing, f"{book.name}, {sheet}")
    rewritten = {
        place: there._replace(formula=elements.get(place, there.formula)).with_value(stored(value), part.prefix)
        for place, value in wanted.items()
        if (there := part.cells.get(place)) and (place in elements or not _holds(there, stored(value)))
    }
    return part.with_cells(rewritten), sum(1 for place in rewritten if part.cells[place].formula)


def _shows_array(part: SheetPart, cell: str, formula: Formula) -> bool:
    """Whether an array stands in several cells: nothing of it is emptied, for nobody else knows it."""
    places = [place for _sheet, place in cells_of(("", cell), formula.area) if place != cell and place in part.cells]
    return any(part.cells[place].shown not in (None, "", "0") for place in places)


def _holds(cell: Cell, value: Stored | None) -> bool:
    """Whether a cell has this value already, however it is written."""
    if value is None:
        return not cell.has_value
    if cell.shown is None:
        return False
    match value.kind:
        case "":
            return cell.kind in ("", "n") and _number(cell.shown) == float(value.text)
        case "str":
            return cell.kind == "str" and cell.shown == value.text
        case _:
            return cell.kind == value.kind and cell.shown == value.text


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
