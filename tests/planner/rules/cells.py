"""Rules 1, 4, 5 and 8: what a cell may hold, and who may change it."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.utils.cell import range_boundaries

from tests.planner.rules.formulas import at
from tests.planner.rules.opened import Cell, Element, ExcelTable, Opened, Place, Sheet

TAB_COLOURS = {"D9A400": "input", "1B3A57": "output", "7B8794": "control"}
INPUT_FILL, CALCULATED_FILL = "FFF9E6", "F4F6F8"
LIST_SHEETS = ("Accounts", "Pipeline", "Activity", "Growth", "Team", "Plan", "Check-ins")
INPUT_NAMES = ("in_", "th_", "w_")


def tab_colours(planner: Opened) -> list[str]:
    """Every tab is gold, navy or grey, and gold exactly where there is something to fill."""
    told = []
    for sheet in planner.sheets:
        tab = sheet.find("tabColor")
        colour = "none" if tab is None else (tab.get("rgb") or "other")[-6:]
        to_fill = any(not planner.locked(cell) for cell in sheet.cells.values())
        if colour not in TAB_COLOURS:
            told.append(f"{sheet.name}: its tab colour is {colour}")
        elif (TAB_COLOURS[colour] == "input") != to_fill:
            told.append(f"{sheet.name}: an {TAB_COLOURS[colour]} tab, but {'inputs' if to_fill else 'nothing to fill'}")
    return told


def styles_of_cells(planner: Opened) -> list[str]:
    """On a sheet to fill, cream cells are those to fill; a table's calculated cells are grey."""
    told = []
    for sheet in planner.sheets:
        cells = list(sheet.cells.values())
        computed = {place for table in sheet.tables for _heading, places in table.columns() for place in places} & {
            place for place, cell in sheet.cells.items() if cell.formula is not None
        }
        if all(planner.locked(cell) for cell in cells):
            continue
        for place, cell in sheet.cells.items():
            fill = planner.styles.fills[cell.style]
            if (fill == INPUT_FILL) == planner.locked(cell):
                told.append(
                    f"{sheet.name}!{cell.address}: {'locked' if planner.locked(cell) else 'to fill'}, but {fill}"
                )
            if place in computed and fill != CALCULATED_FILL:
                told.append(f"{sheet.name}!{cell.address}: calculated, but {fill}")
    return told


def words_beside_colours(planner: Opened) -> list[str]:
    """Above a table's columns to fill stands YOU FILL, above the others CALCULATED; Start explains the colours."""
    told = []
    for sheet in planner.sheets:
        for table in sheet.tables:
            _left, top, _right, _bottom = table.bounds
            before = None
            for heading, places in table.columns():
                computed = sheet.cells[places[0]].formula is not None if places[0] in sheet.cells else False
                above = sheet.cells.get((top - 1, places[0][1]))
                word = "CALCULATED" if computed else "YOU FILL"
                if computed != before and (above is None or above.stored != word):
                    told.append(f"{sheet.name}!{at((top - 1, places[0][1]))} ({table.name}, {heading}): no word {word}")
                before = computed
    start = " ".join(cell.stored or "" for cell in planner.sheets[0].cells.values())
    words = ("gold", "navy", "grey", "Cream", "You fill", "Calculated", "Headline")
    return [*told, *(f"{planner.sheets[0].name}: no word {word}" for word in words if word not in start)]


def every_input_is_validated(planner: Opened) -> list[str]:
    """Every cell to fill has a rule, a prompt when it is selected, and a stop message that says what to type."""
    told = []
    for sheet in planner.sheets:
        covered = {place for rule in sheet.iter("dataValidation") for place in _covered(rule)}
        told += [
            f"{sheet.name}!{cell.address}: no data validation"
            for place, cell in sheet.cells.items()
            if not planner.locked(cell) and place not in covered
        ]
        for rule in sheet.iter("dataValidation"):
            told += [f"{sheet.name}!{rule.get('sqref')}: {problem}" for problem in _problems(planner, rule)]
    return told


def _problems(planner: Opened, rule: Element) -> Iterator[str]:
    if rule.get("type", "none") == "none":
        yield "validation without a rule"
    if rule.get("showInputMessage") != "1" or not rule.get("prompt"):
        yield "no prompt"
    if rule.get("showErrorMessage") != "1" or not rule.get("error"):
        yield "no message after a mistake"
    if rule.get("errorStyle", "stop") != "stop":
        yield f"a mistake gives a {rule.get('errorStyle')}, not a stop"
    if not (rule.get("error") or "").startswith(("Type ", "Choose ")):
        yield f"the message does not say what to type: {rule.get('error')}"
    source = rule.findtext("{*}formula1") if rule.get("type") == "list" else None
    if source and (source, None) not in planner.names:
        yield f"no list is named {source}"


def _covered(rule: Element) -> Iterator[Place]:
    for cells in rule.get("sqref").split():
        left, top, right, bottom = range_boundaries(cells)
        yield from ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def protection(planner: Opened) -> list[str]:
    """Sheets are protected without a password, but for those with lists, where Excel could neither sort nor delete."""
    told = []
    for sheet in planner.sheets:
        if sheet.name in LIST_SHEETS:
            if sheet.find("sheetProtection") is not None:
                told.append(f"{sheet.name}: protected, so that nobody can sort its lists or delete rows")
            continue
        lock = sheet.find("sheetProtection")
        if lock is None or lock.get("sheet") not in ("1", "true"):
            told.append(f"{sheet.name}: not protected")
            continue
        if {"password", "hashValue", "saltValue", "algorithmName"} & set(lock.attrib):
            told.append(f"{sheet.name}: protected with a password")
    if list(planner.book.iter("{*}workbookProtection")):
        told.append("workbook: its structure is protected")
    return told


def inputs_are_unlocked(planner: Opened) -> list[str]:
    """What a person fills is unlocked: table columns without formulas, named inputs, standards, weights."""
    inputs = {(sheet.name, place) for _name, sheet, place in planner.named_cells(*INPUT_NAMES)}
    for sheet in planner.sheets:
        for table in sheet.tables:
            for _heading, places in table.columns():
                if all(place in sheet.cells and sheet.cells[place].formula is None for place in places):
                    inputs |= {(sheet.name, place) for place in places}
    told = []
    for sheet in planner.sheets:
        for place, cell in sheet.cells.items():
            if planner.locked(cell) == ((sheet.name, place) in inputs):
                told.append(f"{sheet.name}!{cell.address}: {'a locked input' if planner.locked(cell) else 'unlocked'}")
    return told


def nothing_hidden(planner: Opened) -> list[str]:
    """No sheet, row, column, name or formula is hidden; columns that only formulas read fold away behind a +."""
    told = [f"{sheet.name}: {sheet.state}" for sheet in planner.sheets if sheet.state != "visible"]
    for sheet in planner.sheets:
        told += [f"{sheet.name}: row {row.get('r')} is hidden" for row in sheet.iter("row") if _hidden(row)]
        hidden = [col for col in sheet.iter("col") if _hidden(col)]
        told += [f"{sheet.name}: column {col.get('min')} is hidden" for col in hidden if not _folded(sheet, col)]
        told += [
            f"{sheet.name}!{cell.address}: its formula is hidden"
            for cell in sheet.cells.values()
            if planner.styles.hidden[cell.style]
        ]
    names = planner.book.iter("{*}definedName")
    return [*told, *(f"the name {name.get('name')} is hidden" for name in names if name.get("hidden") == "1")]


def _folded(sheet: Sheet, columns: Element) -> bool:
    """Whether hidden columns are a closed group, with its + above the column after them, on a sheet that opens it."""
    by_first = {int(col.get("min", 0)): col for col in sheet.iter("col")}
    after = columns
    while after is not None and _hidden(after):
        after = by_first.get(int(after.get("max", 0)) + 1)
    sign = after is not None and after.get("collapsed") == "1"
    return columns.get("outlineLevel") == "1" and sign and sheet.find("sheetProtection") is None


def _hidden(element: Element) -> bool:
    return (
        element.get("hidden", "0") in ("1", "true")
        or element.get("ht") == "0"
        or element.get("width") == "0"
        or element.get("zeroHeight") == "1"
    )


def whole_tables(planner: Opened) -> list[str]:
    """Tables have no blank rows or columns inside; what Excel itself refuses in them, the linter tells."""
    told = []
    for sheet in planner.sheets:
        for table in sheet.tables:
            told += [f"{sheet.name}!{table.ref} ({table.name}): {problem}" for problem in _holes(planner, sheet, table)]
    return told


def _holes(planner: Opened, sheet: Sheet, table: ExcelTable) -> Iterator[str]:
    left, top, right, bottom = table.bounds
    for row in range(top + 1, bottom + 1):
        cells = [sheet.cells.get((row, column)) for column in range(left, right + 1)]
        if not any(_of_use(planner, cell) for cell in cells):
            yield f"row {row} is blank"
        elif not all(_of_use(planner, cell) for cell in cells):
            yield f"row {row} has cells that are neither to fill nor calculated"


def _of_use(planner: Opened, cell: Cell | None) -> bool:
    return cell is not None and (cell.formula is not None or not planner.locked(cell))
