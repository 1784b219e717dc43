"""Formulas of the worksheets after a table's change of size: in cells, validations and conditional formats."""

from __future__ import annotations

from lxml import etree

from xlsales.cells.references import Area, area
from xlsales.texts import _
from xlsales.workbook import parts as parts_of
from xlsales.workbook.parts import MAIN
from xlsales.workbook.table_size import areas
from xlsales.workbook.table_size.areas import EXTENSION
from xlsales.workbook.table_size.resize import Resize, always, never
from xlsales.workbook.table_size.sheet_rows import Cell, Grid

_FORMULAS = (*(f"{{{MAIN}}}{name}" for name in ("formula", "formula1", "formula2")), f"{{{EXTENSION}}}f")
_THRESHOLD = f"{{{MAIN}}}cfvo"  # a step of a colour scale, data bar or icon set: an attribute holds its formula


def follow(parts: dict[str, bytes], resize: Resize, own: Grid) -> None:
    """Rewrite the worksheet parts that have to do with the table; `own` is the sheet it stands on."""
    for sheet, part in parts_of.sheet_parts(parts).items():
        if part == resize.place.sheet_part:
            _formulas(own, sheet, resize)
            change = own.grow if resize.grows else own.shrink
            change(resize.columns, resize.place.last, resize.new_last)
            areas.follow(own, resize)
            parts[part] = parts_of.serialised(own.root)
        elif _concerns(parts[part], resize):
            grid = Grid(parts_of.parse(parts[part]))
            if _formulas(grid, sheet, resize):
                parts[part] = parts_of.serialised(grid.root)


def _concerns(part: bytes, resize: Resize) -> bool:
    """Whether a sheet may read the table's last row, or rows that go; a shared formula shows one of its texts."""
    return not resize.grows or str(resize.place.last).encode() in part or b"shared" in part


def _formulas(grid: Grid, sheet: str, resize: Resize) -> bool:
    new = {}
    for place in grid.formulas:
        text = grid.text(place)
        if text is not None:
            followed = _of_cell(grid, place, text, sheet, resize)
            if followed != text:
                new[place] = followed
    grid.rewrite(new)
    changed = bool(new)
    for element in grid.root.iter(_FORMULAS):
        changed |= _of_rule(element, sheet, resize)
    for element in grid.root.iter(_THRESHOLD):
        if element.get("type") == "formula":
            changed |= _of_threshold(element, sheet, resize)
    return changed


def _of_cell(grid: Grid, place: Cell, text: str, sheet: str, resize: Resize) -> str:
    table = resize.place
    beside = sheet == table.sheet and place.column in resize.columns
    if beside and resize.new_last < place.row <= table.last:
        return text  # it goes with its row
    inside = beside and table.first <= place.row <= table.last
    return resize.followed(text, sheet, f"{sheet}!{place}", lambda: grid.runs(place), inside=inside)


def _of_rule(element: etree._Element, sheet: str, resize: Resize) -> bool:
    """Let a formula of a validation, a conditional format or a sparkline follow."""
    followed = _followed(element, element.text or "", sheet, resize)
    changed = bool(followed != (element.text or ""))
    if changed:
        element.text = followed
    return changed


def _of_threshold(element: etree._Element, sheet: str, resize: Resize) -> bool:
    followed = _followed(element, element.get("val", ""), sheet, resize)
    changed = bool(followed != element.get("val", ""))
    if changed:
        element.set("val", followed)
    return changed


def _followed(element: etree._Element, formula: str, sheet: str, resize: Resize) -> str:
    text, cells = _cells_of(element)
    where = _("the rule or sparkline in {sheet}!{cells}").format(sheet=sheet, cells=text)
    alone = element.getparent().tag.endswith("}sparkline") or (len(cells) == 1 and cells[0].top == cells[0].bottom)
    table = resize.place
    inside = sheet == table.sheet and any(table.first <= one.top <= table.last for one in cells)
    return resize.followed(formula, sheet, where, never if alone else always, inside=inside)


def _cells_of(element: etree._Element) -> tuple[str, list[Area]]:
    """Return the cells that a rule or a sparkline is for, as the file tells them and as areas."""
    for holder in element.iterancestors():
        inner = holder.find(f"{{{EXTENSION}}}sqref")
        text = holder.get("sqref") or (inner.text if inner is not None else None)
        if text:
            return text, [cells for one in text.split() if (cells := area(one))]
    return "", []
