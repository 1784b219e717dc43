"""Lists that a person sorts, filters, lengthens and shortens in Excel: what keeps them right while that happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree
from openpyxl.utils.cell import column_index_from_string, range_boundaries

from tests.planner.rules.cells import LIST_SHEETS
from tests.planner.rules.formulas import at
from tests.planner.rules.opened import MAIN, Cell, ExcelTable, Opened, Place, Sheet

_TEXT = re.compile(r'"[^"]*"')
_REFERENCE = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[A-Za-z_]\w*)!)?(?<![\w.$])\$?(?P<left>[A-Z]{1,3})(?P<fixed>\$?)(?P<top>\d+)"
    r"(?::\$?(?P<right>[A-Z]{1,3})(?P<end_fixed>\$?)(?P<bottom>\d+))?(?![\w(.!])"
)
_ROW_NUMBER = re.compile(r"(?<![\w.])ROWS?\(")
_OF_CHART = re.compile(rb"<c:f>([^<]*)</c:f>")


class Reference(NamedTuple):
    """A reference of a formula: on which sheet, from where to where, and whether its rows are fixed."""

    text: str
    sheet: str
    first: Place
    last: Place
    fixed: tuple[bool, bool]


def references(formula: str, sheet: str) -> Iterator[Reference]:
    """Each reference of a formula of a sheet."""
    for found in _REFERENCE.finditer(_TEXT.sub('""', formula)):
        name = (found["sheet"] or sheet).strip("'").replace("''", "'")
        first = int(found["top"]), column_index_from_string(found["left"])
        last = (int(found["bottom"]), column_index_from_string(found["right"])) if found["bottom"] else first
        fixed = bool(found["fixed"]), bool(found["end_fixed"] if found["bottom"] else found["fixed"])
        yield Reference(found[0], name, first, last, fixed)


def _lists(planner: Opened) -> Iterator[tuple[Sheet, ExcelTable]]:
    """Every table of a sheet that is not protected."""
    for sheet in planner.sheets:
        if sheet.name in LIST_SHEETS:
            yield from ((sheet, table) for table in sheet.tables)


def _computed(sheet: Sheet, table: ExcelTable) -> Iterator[tuple[str, Cell]]:
    """The first formula of each calculated column of a table, with its heading."""
    for heading, places in table.columns():
        cell = sheet.cells.get(places[0])
        if cell is not None and cell.formula is not None:
            yield heading, cell


def row_formulas_know_their_row_alone(planner: Opened) -> list[str]:
    """A list's formulas read their own row, whole columns and names: sorted, or without a row, they say the same."""
    told = []
    for sheet, table in _lists(planner):
        for heading, cell in _computed(sheet, table):
            where = f"{sheet.name}!{cell.address} ({table.name}, {heading})"
            formula = cell.formula or ""
            for reference in references(formula, sheet.name):
                if reference.sheet == sheet.name and not _own(reference, cell.row) and not _head(reference, table):
                    problem = _another_row(reference, table)
                    told += [f"{where}: {reference.text} is {problem} in {formula}"] if problem else []
            if _ROW_NUMBER.search(_TEXT.sub('""', formula)):
                told.append(f"{where}: counts rows in {formula}")
    return told


def _own(reference: Reference, row: int) -> bool:
    return reference.first[0] == reference.last[0] == row and not any(reference.fixed)


def _head(reference: Reference, table: ExcelTable) -> bool:
    top = table.bounds[1]
    return reference.first[0] == reference.last[0] == top and all(reference.fixed)


def _another_row(reference: Reference, table: ExcelTable) -> str:
    """What a reference to another row than the formula's own is, if it may not be."""
    _left, top, _right, bottom = table.bounds
    if not all(reference.fixed):
        return "a row that moves with the formula"
    if reference.last[0] <= top or reference.first[0] > bottom:
        return ""  # another block of the sheet
    return "" if (reference.first[0], reference.last[0]) == (top + 1, bottom) else "a part of a column"


def lists_are_read_whole(planner: Opened) -> list[str]:
    """Formulas elsewhere, names and charts read whole columns of a list, or one heading: rows have no fixed place."""
    tables = {name: [table for sheet, table in _lists(planner) if sheet.name == name] for name in LIST_SHEETS}
    told = []
    for where, formula, reference in _readers(planner):
        for table in tables.get(reference.sheet, ()):
            left, top, right, bottom = table.bounds
            beside = reference.last[1] < left or reference.first[1] > right
            outside = reference.last[0] <= top or reference.first[0] > bottom
            whole = (reference.first[0], reference.last[0]) == (top + 1, bottom)
            all_beneath = reference.first[0] == top and reference.last[0] > bottom  # to find what nothing counts
            if not (beside or outside or whole or all_beneath):
                told.append(f"{where}: {reference.text} is a part of {table.name} in {formula}")
    return told


def _readers(planner: Opened) -> Iterator[tuple[str, str, Reference]]:
    """Every reference that does not stand in a list itself."""
    inside = {
        (sheet.name, place) for sheet, table in _lists(planner) for _name, rows in table.columns() for place in rows
    }
    for sheet in planner.sheets:
        for cell in sheet.cells.values():
            if cell.formula is not None and (sheet.name, (cell.row, cell.column)) not in inside:
                where = f"{sheet.name}!{cell.address}"
                yield from ((where, cell.formula, one) for one in references(cell.formula, sheet.name))
    for (name, _local), text in planner.names.items():
        if not name.startswith("_xlnm."):  # what is printed and repeated
            yield from ((f"the name {name}", text, one) for one in references(text, ""))
    for part, content in planner.parts.items():
        if part.startswith("xl/charts/chart"):
            for found in _OF_CHART.findall(content):
                text = found.decode().replace("&apos;", "'")
                yield from ((part, text, one) for one in references(text, ""))


def new_rows_calculate(planner: Opened) -> list[str]:
    """A list says the formula of each calculated column, that of its first row: Excel fills it into new rows."""
    told = []
    for sheet, table in _lists(planner):
        formulas = dict(_computed(sheet, table))
        for heading, declared in _declared(planner, sheet, table):
            cell = formulas.get(heading)
            expected = None if cell is None else cell.formula
            if declared != expected:
                told.append(
                    f"{sheet.name} ({table.name}, {heading}): new rows get {declared}, the first has {expected}"
                )
    return told


def _declared(planner: Opened, sheet: Sheet, table: ExcelTable) -> Iterator[tuple[str, str | None]]:
    root = _part(planner, sheet, table)
    for column in root.iter(f"{MAIN}tableColumn"):
        yield column.get("name"), column.findtext(f"{MAIN}calculatedColumnFormula")


def _part(planner: Opened, sheet: Sheet, table: ExcelTable) -> etree._Element:
    parts = (etree.fromstring(planner.parts[target]) for kind, target in planner.links(sheet.part) if kind == "table")
    return next(root for root in parts if root.get("displayName") == table.name)


def lists_have_filters(planner: Opened) -> list[str]:
    """Every heading of a list has the button that sorts and filters."""
    told = []
    for sheet, table in _lists(planner):
        found = _part(planner, sheet, table).find(f"{MAIN}autoFilter")
        if found is None or found.get("ref") != table.ref:
            told.append(f"{sheet.name} ({table.name}): no buttons to sort and filter")
    return told


def calculated_cells_refuse_typing(planner: Opened) -> list[str]:
    """On a sheet with lists, which is not protected, no cell with a formula takes what is typed."""
    told = []
    for sheet in planner.sheets:
        if sheet.name not in LIST_SHEETS:
            continue
        guarded = set(_guarded(sheet))
        formulas = {place for place, cell in sheet.cells.items() if cell.formula is not None}
        told += [f"{sheet.name}!{at(place)}: a formula that anybody overwrites" for place in sorted(formulas - guarded)]
        told += [f"{sheet.name}!{at(place)}: nothing can be typed" for place in sorted(guarded - formulas)]
    return told


def _guarded(sheet: Sheet) -> Iterator[Place]:
    for rule in sheet.iter("dataValidation"):
        if rule.get("type") == "custom" and rule.findtext(f"{MAIN}formula1") == "FALSE":
            for cells in rule.get("sqref").split():
                left, top, right, bottom = range_boundaries(cells)
                yield from ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
