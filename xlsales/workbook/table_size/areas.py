"""What a sheet says about a table's cells: rules for ranges, filters, merged cells, sparklines, its dimension."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from xlsales.cells.references import Area, Reference, area, replaced
from xlsales.workbook.parts import MAIN
from xlsales.workbook.table_size.resize import Resize
from xlsales.workbook.table_size.sheet_rows import Grid

# The namespace of `f` and `sqref` in what Excel 2010 added: sparklines, newer rules ([MS-XLSX] 2.3.1).
EXTENSION = "http://schemas.microsoft.com/office/excel/2006/main"
_SQREF = f"{{{EXTENSION}}}sqref"
_RULES = tuple(
    f"{{{MAIN}}}{name}" for name in ("conditionalFormatting", "dataValidation", "ignoredError", "protectedRange")
)
_FILTERS = tuple(f"{{{MAIN}}}{name}" for name in ("autoFilter", "sortState", "sortCondition"))
_MERGED = f"{{{MAIN}}}mergeCell"


def follow(grid: Grid, resize: Resize) -> None:
    """Let everything that stands for the table's cells follow its new size."""
    root = grid.root
    for rule in list(root.iter(_RULES)):
        _stretch(rule, rule, rule.get("sqref", ""), resize)
    for sqref in list(root.iter(_SQREF)):
        if not _is_sparkline(sqref.getparent()):
            _stretch(sqref.getparent(), sqref, sqref.text or "", resize)
    for filtered in root.iter(_FILTERS):
        cells = area(filtered.get("ref", ""))
        if cells and cells.bottom == resize.place.last and {cells.left, cells.right} <= resize.columns:
            filtered.set("ref", str(cells._replace(bottom=resize.new_last)))
    for sqref in list(root.iter(_SQREF)):
        if _is_sparkline(sqref.getparent()):
            _repeat(sqref.getparent(), resize)
    _follow_merged(root, resize)
    _follow_dimension(grid, resize)


def _stretch(rule: etree._Element, holder: etree._Element, sqref: str, resize: Resize) -> None:
    """Let the cells of a rule follow; a rule for none but rows that go, goes too."""
    new = []
    for text in sqref.split():
        cells = area(text)
        left = cells and resize.stretched(cells)
        if cells is None or left is not None:
            new.append(text if left == cells else str(left))
    if not new:
        _remove(rule)
    elif new != sqref.split() and holder is rule:
        rule.set("sqref", " ".join(new))
    elif new != sqref.split():
        holder.text = " ".join(new)


def _remove(element: etree._Element) -> None:
    """Remove an element, and the lists around it that have nothing left."""
    parent = element.getparent()
    parent.remove(element)
    if len(parent) == 0 and parent.getparent() is not None:
        _remove(parent)
    elif parent.get("count"):
        parent.set("count", str(len(parent)))


def _is_sparkline(element: etree._Element) -> bool:
    return str(element.tag).endswith("}sparkline")


def _repeat(sparkline: etree._Element, resize: Resize) -> None:
    """Give each new row the sparkline of the last one; take those of rows that go."""
    sqref, formula = sparkline.find(_SQREF), sparkline.find(f"{{{EXTENSION}}}f")
    cells = area(sqref.text or "")
    if cells is None or (cells.left not in resize.columns and not _one_in_each_row(sparkline, cells)):
        return
    if resize.new_last < cells.top <= resize.place.last:
        _remove(sparkline)
    if cells.top != resize.place.last:
        return
    before = sparkline
    for row in range(resize.place.last + 1, resize.new_last + 1):
        new = deepcopy(sparkline)
        new.find(_SQREF).text = str(cells._replace(top=row, bottom=row))
        if formula is not None and formula.text:
            new.find(formula.tag).text = _in_row(formula.text, cells.top, row)
        before.addnext(new)
        before = new


def _one_in_each_row(sparkline: etree._Element, cells: Area) -> bool:
    """Whether the row above has a sparkline of this group in the same column."""
    above = str(cells._replace(top=cells.top - 1, bottom=cells.top - 1))
    return any(sqref.text == above for sqref in sparkline.getparent().iter(_SQREF))


def _in_row(formula: str, old: int, new: int) -> str:
    """Return a sparkline's cells, all of one row, in another row."""

    def change(reference: Reference) -> Reference:
        if reference.start.row != old or (reference.end or reference.start).row != old:
            return reference
        end = reference.end and reference.end._replace(row=new)
        return reference._replace(start=reference.start._replace(row=new), end=end)

    return replaced(formula, change)


def _follow_merged(root: etree._Element, resize: Resize) -> None:
    """Let a label follow that is merged down beside the table to its last row."""
    for merged in list(root.iter(_MERGED)):
        cells = area(merged.get("ref"))
        if cells is None or not beside(cells, resize):
            continue
        new = cells._replace(bottom=resize.new_last)
        if new.top > new.bottom or (new.left, new.top) == (new.right, new.bottom):
            _remove(merged)
        else:
            merged.set("ref", str(new))


def beside(cells: Area, resize: Resize) -> bool:
    """Whether merged cells stand beside the table and end where it ends."""
    return cells.top < cells.bottom == resize.place.last and cells.top >= resize.place.area.top


def _follow_dimension(grid: Grid, resize: Resize) -> None:
    dimension = grid.root.find(f"{{{MAIN}}}dimension")
    cells = area(dimension.get("ref", "")) if dimension is not None else None
    if cells is None:
        return
    last = max(cells.bottom, resize.new_last) if resize.grows else min(cells.bottom, grid.used_last())
    dimension.set("ref", str(cells._replace(bottom=max(last, cells.top))))
