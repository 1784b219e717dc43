"""Rules of a sheet around its cells: columns, merged cells, the used range, views."""

from __future__ import annotations

from collections.abc import Iterator

from xlsales.texts import N_
from xlsales.workbook.lint.book import Book, Element, Table, child, elements, local, whole
from xlsales.workbook.lint.places import LAST_COLUMN, Area, area, areas, cell, column_letters, overlap
from xlsales.workbook.lint.rules import Fault
from xlsales.workbook.lint.sheet import OUTLINE, STYLE, Grid, rule

DIMENSION = rule(
    "stale-dimension",
    N_("Excel never writes a used range that leaves cells out; readers that believe it (openpyxl) drop them."),
    N_("Write the area of all cells into <dimension>, or leave it out."),
    "ECMA-376-1 part 1, 18.3.1.35; pandas-dev/pandas#39001",
)
COLUMNS = rule(
    "column-order",
    N_("Excel expects <col> from left to right and offers to repair the column information."),
    N_("Sort the columns by min."),
    "exceljs/exceljs#1366 (Repaired Records: Column information)",
)
COLUMNS_MEET = rule(
    "columns-overlap",
    N_("Excel offers to repair the column information where two <col> speak of one column."),
    N_("Give each column one <col>."),
    "exceljs/exceljs#1366 (Repaired Records: Column information)",
)
COLUMN_RANGE = rule(
    "column-range",
    N_("Excel has columns 1 to 16,384 and offers to repair the column information."),
    N_("Write min and max from 1 to 16384, min no greater than max."),
    "ECMA-376-1 part 1, 18.3.1.13",
)
WIDTH = rule(
    "column-width",
    N_("Excel has columns up to 255 characters wide and offers to repair the column information."),
    N_("Write a width from 0 to 255."),
    "Microsoft, Excel specifications and limits",
)
MERGES_MEET = rule(
    "merges-overlap",
    N_("Excel offers to repair a sheet whose merged areas overlap, and unmerges them."),
    N_("Merge each cell into one area."),
    "jmcnamara/XlsxWriter (OverlappingRange); seen in no file that Excel saved",
)
MERGE_OF_ONE = rule(
    "merge-of-one-cell",
    N_("Excel never merges one cell with nothing and offers to repair the sheet."),
    N_("Remove the <mergeCell>."),
    "jmcnamara/XlsxWriter merge_range(); seen in no file that Excel saved",
)
MERGE_AREA = rule(
    "merge-area",
    N_("Excel offers to repair a sheet whose merged area is none."),
    N_("Write an area such as B2:C4."),
    "ECMA-376-1 part 1, 18.3.1.54",
)
MERGE_IN_TABLE = rule(
    "merge-in-table",
    N_("Excel allows no merged cells in a table and offers to repair the workbook."),
    N_("Remove the merge, or take the cells out of the table."),
    "Microsoft Support, Merge and unmerge cells",
)
VIEW = rule(
    "view-of-no-window",
    N_("Excel cannot show a view of a window that the workbook does not have, and offers to repair."),
    N_("Write workbookViewId below the count of bookViews."),
    "ECMA-376-1 part 1, 18.3.1.87",
)
SELECTION = rule(
    "selection",
    N_("Excel offers to repair a view whose selection, active cell or pane is none."),
    N_("Write addresses of the sheet, and selections of the panes that there are."),
    "ECMA-376-1 part 1, 18.3.1.78",
)
FILTER = rule(
    "filter-area",
    N_("Excel drops an AutoFilter whose area is none, or whose columns lie outside it."),
    N_("Write an area of the sheet, and colId from 0 below its width."),
    "ECMA-376-1 part 1, 18.3.1.2, 18.3.2.7",
)
EMPTY = rule(
    "empty-list",
    N_("Excel offers to repair a list that must have an entry and has none."),
    N_("Leave the empty element out."),
    "ECMA-376-1 part 1, annex A (minOccurs=1); both validators refuse it",
)
_NOT_EMPTY = (
    "mergeCells", "dataValidations", "hyperlinks", "cols", "conditionalFormatting", "ignoredErrors", "tableParts",
    "protectedRanges", "customProperties", "cellWatches",
)  # fmt: skip
_MOST_PAIRS = 10_000_000  # of tables and merged areas: a sheet of Excel's has far fewer
_WIDEST = 255.99  # Excel adds the cells' padding to its 255


def layout(book: Book, grid: Grid, root: Element, tables: list[Table]) -> Iterator[Fault]:
    """All of it, for one sheet."""
    part = grid.entry.part or ""
    for one in elements(root):
        if local(one) in _NOT_EMPTY and next(elements(one), None) is None and local(one) != "tableParts":
            yield EMPTY.at(part, local(one))
    yield from _dimension(grid, part, root)
    yield from _columns(grid, part, root, book.style_count)
    yield from _merges(grid, part, root, tables)
    yield from _views(book, grid, part, root)
    for one in elements(root):
        if local(one) == "autoFilter":
            yield from filter_faults(part, one, grid.entry.name)


def _dimension(grid: Grid, part: str, root: Element) -> Iterator[Fault]:
    for one in elements(root):
        if local(one) != "dimension":
            continue
        said = area(one.get("ref", ""))
        if said is None or (grid.used and not grid.used.within(said)):
            yield DIMENSION.at(part, one.get("ref"), grid.where(str(grid.used or "")))


def _columns(grid: Grid, part: str, root: Element, styles: int) -> Iterator[Fault]:
    last = Area(0, 0, 0, 0)
    for one in child(root, "cols"):
        left, right = whole(one.get("min")) or 0, whole(one.get("max")) or 0
        place = grid.where(f"{column_letters(left)}:{column_letters(right)}")
        if not 1 <= left <= right <= LAST_COLUMN:
            yield COLUMN_RANGE.at(part, f"{one.get('min')}-{one.get('max')}", grid.entry.name)
            continue
        if left < last.left:
            yield COLUMNS.at(part, f"{left} after {last.left}", place)
        if left <= last.right and right >= last.left:
            yield COLUMNS_MEET.at(part, f"{left}-{right}, {last.left}-{last.right}", place)
        last = Area(left, 0, max(right, last.right), 0)
        if not 0 <= _float(one.get("width", "8")) <= _WIDEST:
            yield WIDTH.at(part, one.get("width"), place)
        style = whole(one.get("style", "0"))
        if style is None or not 0 <= style < max(styles, 1):
            yield STYLE.at(part, one.get("style"), place)
        if (whole(one.get("outlineLevel")) or 0) > 7:
            yield OUTLINE.at(part, one.get("outlineLevel"), place)


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.0


def _merges(grid: Grid, part: str, root: Element, tables: list[Table]) -> Iterator[Fault]:
    merged = []
    for one in child(root, "mergeCells"):
        found = area(one.get("ref", ""))
        if found is None:
            yield MERGE_AREA.at(part, one.get("ref"), grid.entry.name)
        elif found.left == found.right and found.top == found.bottom:
            yield MERGE_OF_ONE.at(part, "", grid.where(str(found)))
        else:
            merged.append(found)
    both = overlap(merged)
    if both:
        yield MERGES_MEET.at(part, f"{both[0]}, {both[1]}", grid.where(str(both[1])))
    for table in tables[: _MOST_PAIRS // max(len(merged), 1)]:
        for found in merged:
            if table.area and table.area.meets(found):
                yield MERGE_IN_TABLE.at(part, table.name, grid.where(str(found)))


def _views(book: Book, grid: Grid, part: str, root: Element) -> Iterator[Fault]:
    windows = sum(1 for _view in child(book.book, "bookViews"))
    for view in child(root, "sheetViews"):
        if local(view) != "sheetView":
            continue
        number = whole(view.get("workbookViewId"))
        if number is not None and number >= max(windows, 1):
            yield VIEW.at(part, number, grid.entry.name)
        panes = [one for one in elements(view) if local(one) == "pane"]
        for one in elements(view):
            if local(one) == "selection":
                wrong = cell(one.get("activeCell", "A1")) is None or areas(one.get("sqref", "A1")) is None
                if wrong or (one.get("pane", "topLeft") != "topLeft" and not panes):
                    yield SELECTION.at(part, dict(one.attrib), grid.entry.name)
        for one in (view, *panes):
            if one.get("topLeftCell") is not None and cell(one.get("topLeftCell")) is None:
                yield SELECTION.at(part, one.get("topLeftCell"), grid.entry.name)


def filter_faults(part: str, element: Element, sheet: str) -> Iterator[Fault]:
    """An AutoFilter's area and columns, on a sheet or in a table."""
    found = area(element.get("ref", ""))
    if found is None:
        if element.get("ref") is not None:
            yield FILTER.at(part, element.get("ref"), sheet)
        return
    for column in elements(element):
        number = whole(column.get("colId")) if local(column) == "filterColumn" else 0
        if number is None or not 0 <= number <= found.right - found.left:
            yield FILTER.at(part, f"colId {column.get('colId')}", f"{sheet}!{found}")
