"""Rules of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from xlsales.texts import N_
from xlsales.workbook.lint.book import Book, Element, Table, child, elements, local, whole
from xlsales.workbook.lint.characters import unescaped
from xlsales.workbook.lint.layout import filter_faults
from xlsales.workbook.lint.places import area, at, overlap
from xlsales.workbook.lint.rules import Fault, Group
from xlsales.workbook.lint.sheet import Grid
from xlsales.workbook.lint.workbook import is_name, looks_like_cell

rule = Group("tables")
AREA = rule(
    "table-area",
    N_("Excel offers to repair a table whose area is none and turns it into plain cells."),
    N_("Write the cells from the headings to the last row into ref."),
    "ECMA-376-1 part 1, 18.5.1.2",
)
HEADER = rule(
    "table-header",
    N_("Excel offers to repair a table whose column is called otherwise than its heading's cell says."),
    N_("Write the same text into tableColumn@name and into the cell."),
    "jmcnamara/XlsxWriter#739, #1126; exceljs/exceljs#106",
)
HEADER_TYPE = rule(
    "table-header-type",
    N_("Excel offers to repair a table with a heading that is a number or a formula, not a text."),
    N_("Store the heading as a text."),
    "jmcnamara/XlsxWriter#739; Microsoft Support, Create a table (headings are text)",
)
COLUMN_TWICE = rule(
    "table-column-twice",
    N_("Excel offers to repair a table with two columns alike, whatever their letter case and spaces at the end."),
    N_("Give each column a name of its own."),
    "jmcnamara/XlsxWriter#1126; ECMA-376-1 part 1, 18.5.1.3",
)
COLUMN_NAME = rule(
    "table-column-name",
    N_("Excel offers to repair a table with a column without a name, or with one of more than 255 characters."),
    N_("Name the column."),
    "ECMA-376-1 part 1, 18.5.1.3; Microsoft, Excel specifications and limits",
)
COLUMN_COUNT = rule(
    "table-column-count",
    N_("Excel offers to repair a table with more or fewer columns than its area is wide."),
    N_("Write one tableColumn for each column of ref."),
    "ECMA-376-1 part 1, 18.5.1.4",
)
COLUMN_ID = rule(
    "table-column-id",
    N_("Excel offers to repair a table in which two columns have one id."),
    N_("Number the columns from 1."),
    "ECMA-376-1 part 1, 18.5.1.3",
)
ID = rule(
    "table-id",
    N_("Excel calls a workbook corrupt in which two tables have one id, or a table has id 0."),
    N_("Number the tables of the whole workbook from 1."),
    "ECMA-376-1 part 1, 18.5.1.2",
)
NAME = rule(
    "table-name",
    N_("Excel offers to repair a table whose name it would not take and calls it otherwise."),
    N_("Begin with a letter or _, go on with letters, digits, . and _; no spaces, nothing that reads as a cell."),
    "Microsoft Support, Rename an Excel table; ECMA-376-1 part 1, 18.5.1.2",
)
NAME_TWICE = rule(
    "table-name-twice",
    N_("Excel calls a workbook corrupt in which two tables are called alike, whatever their letter case."),
    N_("Give each table a name of its own."),
    "ECMA-376-1 part 1, 18.5.1.2",
)
NAME_TAKEN = rule(
    "table-name-is-defined-name",
    N_("Excel calls a workbook corrupt in which a table is called as a defined name is."),
    N_("Rename one of the two."),
    "ECMA-376-1 part 1, 18.5.1.2 (displayName is unique among defined names)",
)
NO_ROWS = rule(
    "table-without-rows",
    N_("Excel offers to repair a table that has a heading and no row below it."),
    N_("Let ref cover at least one row below the heading."),
    "jmcnamara/XlsxWriter add_table(): a table must have at least one data row",
)
TABLES_MEET = rule(
    "tables-overlap",
    N_("Excel offers to repair a sheet with two tables in the same cells and drops one of them."),
    N_("Move one of the tables."),
    "jmcnamara/XlsxWriter (OverlappingRange)",
)
FILTER = rule(
    "table-filter",
    N_("Excel offers to repair a table whose AutoFilter covers other cells than the table without its totals."),
    N_("Write the area from the headings to the last row above the totals."),
    "ECMA-376-1 part 1, 18.5.1.2; exceljs/exceljs#1615",
)
FILTER_NO_HEADER = rule(
    "table-filter-without-header",
    N_("Excel offers to repair a table that has an AutoFilter and no row of headings."),
    N_("Remove the autoFilter, or show the headings."),
    "exceljs/exceljs#1615",
)
SHEET_FILTER = rule(
    "filter-in-table",
    N_("Excel offers to repair a sheet whose own AutoFilter covers cells of a table."),
    N_("Keep one of the two filters."),
    "Microsoft Support, Filter data in a range or table; in no file that Excel saved",
)
PARTS = rule(
    "table-parts",
    N_("Excel offers to repair a sheet whose tableParts and relationships to tables do not fit."),
    N_("Name each table's relationship once in tableParts, and each table part on one sheet."),
    "ECMA-376-1 part 1, 18.3.1.94",
)
TOTALS = rule(
    "table-totals",
    N_("Excel offers to repair a table whose totals say another label than their cell."),
    N_("Write the same text into totalsRowLabel and into the cell."),
    "ECMA-376-1 part 1, 18.5.1.3",
)


def names(book: Book) -> Iterator[Fault]:
    """Names and ids, unique in the workbook."""
    defined = {name.get("name", "").casefold() for name in book.names}
    seen: set[str] = set()
    ids: set[str] = set()
    parts: set[str] = set()
    for table in book.tables:
        name = table.name
        if not is_name(name) or looks_like_cell(name) or "\\" in name[1:]:
            yield NAME.at(table.part, name)
        for one in {name.casefold(), table.root.get("name", name).casefold()}:
            if one in seen:
                yield NAME_TWICE.at(table.part, name)
                break
            if one in defined:
                yield NAME_TAKEN.at(table.part, name)
        seen |= {name.casefold(), table.root.get("name", name).casefold()}
        identifier = table.root.get("id", "")
        if identifier in ids or (whole(identifier) or 0) < 1:
            yield ID.at(table.part, f"{name}: {identifier}")
        ids.add(identifier)
        if table.part in parts:
            yield PARTS.at(table.sheet_part, table.part, table.sheet)
        parts.add(table.part)


def rows_wanted(tables: list[Table]) -> frozenset[int]:
    """The rows whose cells the tables' rules need: headings and totals."""
    rows = set()
    for table in tables:
        if table.area:
            rows |= {table.area.top} if table.headers else set()
            rows |= {table.area.bottom} if table.totals else set()
    return frozenset(rows)


def of_sheet(book: Book, grid: Grid, root: Element, tables: list[Table]) -> Iterator[Fault]:
    """The tables of one sheet."""
    linked = {link.id for link in book.links(grid.entry.part or "") if link.kind == "table"}
    named = [identifier for one in child(root, "tableParts") for identifier in one.attrib.values()]
    if sorted(linked) != sorted(named):
        yield PARTS.at(grid.entry.part or "", f"{sorted(linked)}, {sorted(named)}", grid.entry.name)
    filters = [area(one.get("ref", "")) for one in elements(root) if local(one) == "autoFilter"]
    placed = []
    for table in tables:
        if table.area is None:
            yield AREA.at(table.part, table.root.get("ref"), table.sheet)
            continue
        placed.append(table.area)
        yield from _columns(table)
        if book.reads("sharedStrings"):
            yield from _rows(grid, table)
        yield from _filter(table)
        if any(one and one.meets(table.area) for one in filters):
            yield SHEET_FILTER.at(grid.entry.part or "", table.name, grid.where(str(table.area)))
    both = overlap(placed)
    if both:
        yield TABLES_MEET.at(grid.entry.part or "", f"{both[0]}, {both[1]}", grid.where(str(both[1])))


def _columns(table: Table) -> Iterator[Fault]:
    assert table.area
    place = f"{table.sheet}!{table.area}"
    if len(table.columns) != table.area.right - table.area.left + 1:
        yield COLUMN_COUNT.at(table.part, len(table.columns), place)
    ids = [one.get("id") for one in child(table.root, "tableColumns")]
    if len(set(ids)) < len(ids):
        yield COLUMN_ID.at(table.part, "", place)
    seen = set()
    for name in table.columns:
        if not name or len(unescaped(name)) > 255:
            yield COLUMN_NAME.at(table.part, name, place)
        key = unescaped(name).casefold().rstrip(" ")
        if key in seen:
            yield COLUMN_TWICE.at(table.part, name, place)
        seen.add(key)


def _rows(grid: Grid, table: Table) -> Iterator[Fault]:
    assert table.area
    top, bottom, left = table.area.top, table.area.bottom, table.area.left
    if bottom - top + 1 - table.headers - table.totals < 1:
        yield NO_ROWS.at(table.part, table.name, f"{table.sheet}!{table.area}")
    for column, name in enumerate(table.columns if table.headers else (), left):
        place = grid.where(at(top, column))
        kind, text = grid.shown.get((top, column), ("", None))
        if text is None or text == "":
            yield HEADER.at(table.part, name, place)
        elif kind not in ("s", "inlineStr") or (top, column) in grid.formula_places:
            yield HEADER_TYPE.at(table.part, text, place)
        elif _as_cell(name) != _as_cell(text):
            yield HEADER.at(table.part, f"{name}, {text}", place)
    labels = [one.get("totalsRowLabel") for one in child(table.root, "tableColumns")]
    for column, label in enumerate(labels if table.totals else (), left):
        text = grid.shown.get((bottom, column), ("", None))[1]
        if label and _as_cell(label) != _as_cell(text or ""):
            yield TOTALS.at(table.part, f"{label}, {text}", grid.where(at(bottom, column)))


def _as_cell(text: str) -> str:
    return re.sub(r"\r\n?", "\n", unescaped(text))


def _filter(table: Table) -> Iterator[Fault]:
    assert table.area
    for one in elements(table.root):
        if local(one) != "autoFilter":
            continue
        yield from filter_faults(table.part, one, table.sheet)
        found = area(one.get("ref", ""))
        whole_area = table.area._replace(bottom=table.area.bottom - table.totals)
        if not table.headers:
            yield FILTER_NO_HEADER.at(table.part, table.name, table.sheet)
        elif found is not None and found != whole_area:
            yield FILTER.at(table.part, f"{found}, {whole_area}", f"{table.sheet}!{table.area}")


def by_sheet(book: Book) -> Mapping[str, list[Table]]:
    """The tables by the part of their sheet."""
    found: dict[str, list[Table]] = {}
    for table in book.tables:
        found.setdefault(table.sheet_part, []).append(table)
    return found
