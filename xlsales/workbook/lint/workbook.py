"""Rules of the workbook part: sheets, views, defined names, the calculation chain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from xlsales.texts import N_
from xlsales.workbook.lint.book import Book, Element, child, elements, local, on, whole
from xlsales.workbook.lint.places import LAST_ROW, area, at, cell, column_number
from xlsales.workbook.lint.rules import Fault, Group
from xlsales.workbook.lint.sheet import Grid

rule = Group("workbook")
NO_SHEETS = rule(
    "no-sheets",
    N_("Excel refuses a workbook without a sheet."),
    N_("Write at least one sheet."),
    "ECMA-376-1 part 1, 18.2.20; both validators refuse it",
)
SHEET_NAME = rule(
    "sheet-name",
    N_("Excel offers to repair a sheet whose name it would not take, and calls it Recovered_Sheet1."),
    N_("Use 1 to 31 characters, none of : \\ / ? * [ ], no apostrophe at the ends, and not History."),
    "Microsoft Support, Rename a worksheet; Excel specifications and limits",
)
SHEET_NAME_TWICE = rule(
    "sheet-name-twice",
    N_("Excel compares sheet names without letter case and calls a workbook with two alike corrupt."),
    N_("Give each sheet a name of its own."),
    "ECMA-376-1 part 1, 18.2.19; Open XML SDK refuses it",
)
SHEET_ID = rule(
    "sheet-id",
    N_("Excel calls a workbook corrupt in which two sheets share an id or a part, or an id is not from 1 to 65,534."),
    N_("Number the sheets, and let each lead to a part of its own."),
    "ECMA-376-1 part 1, 18.2.19 (ST_SheetId); Open XML SDK refuses it",
)
SHEET_STATE = rule(
    "sheet-state",
    N_("Excel knows visible, hidden and veryHidden sheets and offers to repair another state."),
    N_("Write one of the three, or leave state out."),
    "ECMA-376-1 part 1, 18.18.68",
)
ALL_HIDDEN = rule(
    "all-sheets-hidden",
    N_("Excel refuses a workbook in which no sheet is visible."),
    N_("Show one sheet."),
    "Microsoft: a workbook must contain at least one visible worksheet",
)
ACTIVE_TAB = rule(
    "active-tab",
    N_("Excel offers to repair a workbook whose active or first tab does not exist."),
    N_("Write activeTab and firstSheet below the number of sheets."),
    "ECMA-376-1 part 1, 18.2.30",
)
ACTIVE_HIDDEN = rule(
    "active-tab-hidden",
    N_("Excel never saves a hidden sheet as the active one; some versions then show no sheet, or crash."),
    N_("Let activeTab name a visible sheet."),
    "jmcnamara/XlsxWriter hide(): a hidden sheet cannot be the active one",
)
NAME = rule(
    "defined-name",
    N_("Excel offers to repair a defined name that it would not take, and drops it."),
    N_("Begin with a letter, _ or \\, go on with letters, digits, . and _, at most 255, not R or C."),
    "Microsoft Support, Names in formulas; PSExcel#54",
)
NAME_IS_CELL = rule(
    "defined-name-is-cell",
    N_("Excel offers to repair a defined name that reads as a cell, such as Q1 or R1C1, and drops it."),
    N_("Add a letter or an underscore to the name."),
    "Microsoft Support, Names in formulas",
)
NAME_TWICE = rule(
    "defined-name-twice",
    N_("Excel offers to repair a workbook with two names alike in one scope, whatever their letter case."),
    N_("Keep one of the two."),
    "ECMA-376-1 part 1, 18.2.5; OfficeCLI#243",
)
NAME_SCOPE = rule(
    "defined-name-scope",
    N_("Excel calls a workbook corrupt whose name belongs to a sheet that does not exist."),
    N_("Write localSheetId below the number of sheets."),
    "ECMA-376-1 part 1, 18.2.5; OfficeCLI#243",
)
NAME_COMMENT = rule(
    "defined-name-comment",
    N_("Excel calls a workbook corrupt whose name has a comment of more than 255 characters."),
    N_("Shorten the comment."),
    "ECMA-376-1 part 1, 18.2.5",
)
BUILT_IN = rule(
    "built-in-name",
    N_("Excel finds the name of a print area beside its own built-in one and offers to repair the names."),
    N_("Keep _xlnm.Print_Area alone, and write it with its sheet."),
    "EPPlusSoftware/EPPlus#869",
)
PRINT_AREA = rule(
    "print-area",
    N_("Excel drops a print area or print titles that lie on another sheet."),
    N_("Write areas of the name's own sheet, whole rows and columns for titles."),
    "ECMA-376-1 part 1, 18.2.5 (_xlnm.Print_Area, _xlnm.Print_Titles)",
)
FILTER_NAME = rule(
    "filter-name",
    N_("Excel expects _xlnm._FilterDatabase to name the AutoFilter's area; else the filter is repaired away."),
    N_("Write the same area into both, or leave the name out."),
    "ECMA-376-1 part 1, 18.2.5; seen so in every file that Excel saved",
)
CHAIN = rule(
    "calculation-chain",
    N_("Excel offers to repair a workbook whose calculation chain names a cell without a formula."),
    N_("Remove xl/calcChain.xml with its relationship and content type; Excel makes a new one."),
    "Microsoft Learn, CalculationChainPart; dotnet/Open-XML-SDK#1457, #1491",
)
NOT_CALCULATED = rule(
    "not-calculated",
    N_("Excel shows the formula empty until it is calculated; previews, phones and readers show nothing or 0."),
    N_('Store the value, or ask for fullCalcOnLoad="1" in calcPr.'),
    "ECMA-376-1 part 1, 18.2.2",
)
CALC = rule(
    "calculation-settings",
    N_("Excel offers to repair calculation settings that are none."),
    N_("Write calcMode auto, manual or autoNoTable, refMode A1 or R1C1."),
    "ECMA-376-1 part 1, 18.2.2",
)

_MOST_FILLED = 1_000_000  # cells of arrays that the calculation chain is held against
LONGEST_SHEET, LONGEST_NAME = 31, 255
_REFUSED = re.compile(r"[:\\/?*\[\]\x00-\x1f]")
_NAME = re.compile(r"[^\W\d][\w.\\?]*|\\[\w.\\?]*|_xlnm\.\w+")
_R1C1 = re.compile(r"(?:[rR](?:\d*|\[-?\d+\]))?(?:[cC](?:\d*|\[-?\d+\]))?")
_PRINT_ALIASES = {"print_area": "_xlnm.print_area", "print_titles": "_xlnm.print_titles"}
_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ON_SHEET = re.compile(r"(?:'((?:[^']|'')+)'|([^'!,:\s()]+))!")


def sheets(book: Book) -> Iterator[Fault]:
    """Names, ids, states and parts of the sheets."""
    part = book.workbook
    if book.book is None:
        return
    if not book.sheets:
        yield NO_SHEETS.at(part)
        return
    names: set[str] = set()
    ids: set[str] = set()
    parts: set[str] = set()
    for sheet in book.sheets:
        name = sheet.name
        wrong = not 0 < len(name.encode("utf-16-le", "replace")) // 2 <= LONGEST_SHEET or _REFUSED.search(name)
        if wrong or name[0] == "'" or name[-1] == "'" or name.casefold() == "history" or not name.strip():
            yield SHEET_NAME.at(part, name)
        if name.casefold() in names:
            yield SHEET_NAME_TWICE.at(part, name)
        number = whole(sheet.sheet_id) or 0
        if sheet.sheet_id in ids or not 1 <= number <= 65_534 or (sheet.part and sheet.part in parts):
            yield SHEET_ID.at(part, f"{name}: {sheet.sheet_id}")
        if sheet.state not in ("visible", "hidden", "veryHidden"):
            yield SHEET_STATE.at(part, f"{name}: {sheet.state}")
        names.add(name.casefold())
        ids.add(sheet.sheet_id)
        parts.add(sheet.part or "")
    if all(sheet.state != "visible" for sheet in book.sheets):
        yield ALL_HIDDEN.at(part)
    yield from _views(book)


def _views(book: Book) -> Iterator[Fault]:
    for view in child(book.book, "bookViews"):
        for attribute in ("activeTab", "firstSheet"):
            number = whole(view.get(attribute, "0"))
            if number is None or not 0 <= number < len(book.sheets):
                yield ACTIVE_TAB.at(book.workbook, f"{attribute} {view.get(attribute)}")
            elif attribute == "activeTab" and book.sheets[number].state != "visible":
                yield ACTIVE_HIDDEN.at(book.workbook, book.sheets[number].name)
    for one in elements(book.book):
        if local(one) == "calcPr" and (
            one.get("calcMode", "auto") not in ("auto", "manual", "autoNoTable")
            or one.get("refMode", "A1") not in ("A1", "R1C1")
        ):
            yield CALC.at(book.workbook, dict(one.attrib))


def looks_like_cell(name: str) -> bool:
    """Whether Excel reads a name as a cell in one of its two ways to write them."""
    found = _CELL.fullmatch(name)
    if found and column_number(found[1].upper()) and 0 < int(found[2]) <= LAST_ROW:
        return True
    return bool(name) and _R1C1.fullmatch(name) is not None


def is_name(name: str) -> bool:
    """Whether Excel takes a name, but for one that reads as a cell."""
    return bool(_NAME.fullmatch(name)) and len(name) <= LONGEST_NAME


def names(book: Book) -> Iterator[Fault]:
    """The defined names."""
    part = book.workbook
    seen: set[tuple[str, str | None]] = set()
    for one in book.names:
        name, scope = one.get("name", ""), one.get("localSheetId")
        if looks_like_cell(name):
            yield NAME_IS_CELL.at(part, name)
        elif not is_name(name) and not on(one.get("function")):
            yield NAME.at(part, name)
        key = (_PRINT_ALIASES.get(name.casefold(), name.casefold()), scope)
        if key in seen:
            broken = BUILT_IN if key[0].startswith("_xlnm.print") else NAME_TWICE
            yield broken.at(part, name)
        seen.add(key)
        number = whole(scope)
        if scope is not None and (number is None or not 0 <= number < len(book.sheets)):
            yield NAME_SCOPE.at(part, f"{name}: {scope}")
        elif name in ("_xlnm.Print_Area", "_xlnm.Print_Titles"):
            yield from _print_area(book, one, number)
        if len(one.get("comment", "")) > 255:
            yield NAME_COMMENT.at(part, name)


def _print_area(book: Book, name: Element, scope: int | None) -> Iterator[Fault]:
    text = name.text or ""
    if scope is None:
        return
    own = book.sheets[scope].name.casefold()
    for found in _ON_SHEET.finditer(text):
        name = (found[1] or found[2]).replace("''", "'")
        if "[" not in name and name.casefold() != own:
            yield PRINT_AREA.at(book.workbook, text, book.sheets[scope].name)
            return


def filters(book: Book) -> Iterator[Fault]:
    """The hidden name of an AutoFilter means the filter's area."""
    for one in book.names:
        number = whole(one.get("localSheetId"))
        if one.get("name", "").casefold() != "_xlnm._filterdatabase" or number is None:
            continue
        if not 0 <= number < len(book.sheets) or not book.sheets[number].part:
            continue
        root = book.root(book.sheets[number].part or "")
        areas = {found.get("ref", "") for found in elements(root) if local(found) == "autoFilter"}
        named = (one.text or "").rpartition("!")[2].replace("$", "")
        if areas and named not in areas:
            yield FILTER_NAME.at(book.workbook, f"{named}, {' '.join(areas)}", book.sheets[number].name)


def chain(book: Book, grids: Mapping[str, Grid]) -> Iterator[Fault]:
    """The calculation chain names cells with formulas."""
    part = book.target(book.workbook, "calcChain")
    root = book.root(part) if part else None
    if part is None or root is None:
        return
    by_id = {sheet.sheet_id: sheet for sheet in book.sheets}
    filled: dict[str, frozenset[tuple[int, int]]] = {}
    current = ""
    for one in elements(root):
        current = one.get("i", current)
        place, sheet = cell(one.get("r", "")), by_id.get(current)
        if sheet is None or place is None:
            yield CHAIN.at(part, one.get("r"), f"sheet {current}")
            continue
        grid = grids.get(sheet.name)
        if grid is None or book.root(grid.entry.part or "") is None:
            continue
        if current not in filled:
            filled[current] = grid.formula_places
            filled[current] |= _arrays(grid)
        if place not in filled[current]:
            yield CHAIN.at(part, "", grid.where(one.get("r", "")))


def _arrays(grid: Grid) -> frozenset[tuple[int, int]]:
    """The cells that array formulas and data tables fill, within reason."""
    found: set[tuple[int, int]] = set()
    for formula in grid.formulas:
        filled = area(formula.ref or "") if formula.kind in ("array", "dataTable") else None
        size = 0 if filled is None else (filled.right - filled.left + 1) * (filled.bottom - filled.top + 1)
        if filled is not None and len(found) + size <= _MOST_FILLED:
            rows = range(filled.top, filled.bottom + 1)
            found |= {(row, column) for row in rows for column in range(filled.left, filled.right + 1)}
    return frozenset(found)


def calculated(book: Book, grids: Mapping[str, Grid]) -> Iterator[Fault]:
    """Formulas have values, or the workbook asks for them."""
    if book.calculates_on_load:
        return
    for grid in grids.values():
        without = [formula for formula in grid.formulas if not formula.has_value]
        if without:
            first = at(without[0].row, without[0].column)
            yield NOT_CALCULATED.at(grid.entry.part or "", len(without), grid.where(first))
