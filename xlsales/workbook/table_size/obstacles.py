"""What keeps a table from changing its size: things that new rows would overwrite, and typed values in rows that go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from xlsales.cells.references import LAST_ROW, Area, area
from xlsales.texts import _
from xlsales.workbook import defined_names
from xlsales.workbook import parts as parts_of
from xlsales.workbook.parts import MAIN
from xlsales.workbook.table_size.areas import EXTENSION, beside
from xlsales.workbook.table_size.place import TablePlace, companions, tables
from xlsales.workbook.table_size.resize import Resize
from xlsales.workbook.table_size.sheet_rows import Grid


def of(parts: Mapping[str, bytes], place: TablePlace) -> str | None:
    """Return what keeps a table from growing, in a sentence that says what to do; None when nothing does."""
    if place.totals:
        message = _(
            "The table {table} on {sheet} has a totals row, at {cells}. "
            "Switch it off (Table Design > Total Row) to let the table grow."
        )
        cells = place.area._replace(top=place.last + 1)
        return message.format(table=place.name, sheet=place.sheet, cells=cells)
    if place.source != "worksheet":
        return _("The table {table} on {sheet} is filled by a connection, which sets its size.").format(
            table=place.name, sheet=place.sheet
        )
    grid = Grid(parts_of.parse(parts[place.sheet_part]))
    columns = place.columns | companions(parts, place, grid) | _merged_beside(grid.root, place)
    found = next(_in_the_way(parts, place, grid, columns), None)
    if found is None:
        return None
    message = _("The table {table} on {sheet} cannot grow: {what}. Move or remove it in Excel, then try again.")
    return message.format(table=place.name, sheet=place.sheet, what=found)


def of_shrinking(grid: Grid, resize: Resize) -> str | None:
    """Return what would be lost with a table's last rows; None when nothing would."""
    gone = Area(1, resize.new_last + 1, 1, resize.place.last)
    lost = [str(cell) for cell, formula in grid.contents(gone.top, gone.bottom, resize.columns) if not formula]
    lost += [
        link.get("ref")
        for link in grid.root.iter(f"{{{MAIN}}}hyperlink")
        if (cells := area(link.get("ref", ""))) and cells.meets(resize.columns) and gone.top <= cells.top <= gone.bottom
    ]
    if not lost:
        return None
    message = _(
        "The table {table} on {sheet} cannot shrink to row {last}: {cell} holds something. "
        "Clear it in Excel, or leave the table as long as it is."
    )
    return message.format(table=resize.place.name, sheet=resize.place.sheet, last=resize.new_last, cell=lost[0])


def _merged_beside(root: etree._Element, place: TablePlace) -> frozenset[int]:
    """Return the columns of labels that are merged down beside the table, and grow with it."""
    resize = Resize(place, frozenset(), place.last)
    found = (area(merged.get("ref", "")) for merged in root.iter(f"{{{MAIN}}}mergeCell"))
    return frozenset(
        column for cells in found if cells and beside(cells, resize) for column in range(cells.left, cells.right + 1)
    )


def _in_the_way(parts: Mapping[str, bytes], place: TablePlace, grid: Grid, columns: frozenset[int]) -> Iterator[str]:
    """Yield what stands below the table, and arrays that reach over its rows."""
    for cell, _formula in grid.contents(place.last + 1, LAST_ROW, columns):
        yield _("{cell} stands below it").format(cell=cell)
    others = ((_("the table {name}").format(name=other.name), other) for other in tables(parts).values())
    claims = [(what, other.area) for what, other in others if other.sheet == place.sheet]
    claims += [(_("a pivot table"), cells) for cells in _pivots(parts, place)]
    claims += _claims(grid.root)
    claims += _notes(parts, place)
    claims += _names(parts, place)
    for what, cells in claims:
        if cells.top > place.last and cells.meets(columns):
            yield _("{what} stands below it, at {cells}").format(what=what, cells=cells)
    for formula in grid.formulas.values():
        array = area(formula.get("ref", "")) if formula.get("t") in ("array", "dataTable") else None
        if array and array.top < array.bottom and array.top <= place.last <= array.bottom and array.meets(columns):
            yield _("one formula fills {cells}").format(cells=array)


def _pivots(parts: Mapping[str, bytes], place: TablePlace) -> Iterator[Area]:
    for kind, part in parts_of.targets(parts, place.sheet_part).values():
        if kind.endswith("/pivotTable") and part in parts:
            location = parts_of.parse(parts[part]).find("{*}location")
            cells = area(location.get("ref", "")) if location is not None else None
            if cells:
                yield cells


def _notes(parts: Mapping[str, bytes], place: TablePlace) -> Iterator[tuple[str, Area]]:
    for kind, part in parts_of.targets(parts, place.sheet_part).values():
        if kind.endswith("/comments") and part in parts:
            for note in parts_of.parse(parts[part]).iter("{*}comment"):
                if cells := area(note.get("ref", "")):
                    yield _("a note"), cells


def _names(parts: Mapping[str, bytes], place: TablePlace) -> Iterator[tuple[str, Area]]:
    """Yield the cells of the table's sheet that have a name: an input, though it may be blank."""
    for defined in defined_names.of(parts):
        if defined.name.startswith(defined_names.BUILT_IN):
            continue
        sheet, _mark, cells = defined.formula.removeprefix("=").rpartition("!")
        own = sheet.removeprefix("'").removesuffix("'").replace("''", "'") or defined.sheet
        if own.casefold() == place.sheet.casefold() and (found := area(cells)):
            yield _("the name {name}").format(name=defined.name), found


def _claims(root: etree._Element) -> list[tuple[str, Area]]:
    """Return what claims cells of a sheet without being in them: merged cells, validations, sparklines."""
    texts = [(_("a merged cell"), merged.get("ref", "")) for merged in root.iter(f"{{{MAIN}}}mergeCell")]
    texts += [(_("a data validation"), rule.get("sqref", "")) for rule in root.iter(f"{{{MAIN}}}dataValidation")]
    texts += [(_("a link"), link.get("ref", "")) for link in root.iter(f"{{{MAIN}}}hyperlink")]
    for sqref in root.iter(f"{{{EXTENSION}}}sqref"):
        if sqref.getparent().tag.endswith("}sparkline"):
            texts.append((_("a sparkline"), sqref.text or ""))
        elif sqref.getparent().tag.endswith("}dataValidation"):
            texts.append((_("a data validation"), sqref.text or ""))
    return [(what, cells) for what, text in texts for one in text.split() if (cells := area(one))]
