"""Rules 2 and 3: what a formula may be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from lxml import etree
from openpyxl.utils import FORMULAE, get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from tests.planner.rules.opened import MAIN, Cell, Element, Opened, Place, relative, unquoted
from xlsales.functions import CATALOGUE

LONGEST = 160
NESTED = 2  # IFs inside one another beneath the outermost
NUMBERS = {0.0, 1.0, 2.0, 7.0, 12.0, 24.0, 52.0, 100.0}
VOLATILE = {"TODAY", "NOW", "OFFSET", "INDIRECT", "RAND", "RANDBETWEEN", "CELL", "INFO"}

_AS_STORED = {"_xlfn.ISFORMULA"}  # of Excel 2013, which files mark as newer than 2007

_NUMBER = re.compile(r"(?<![\w.$!:])\d+\.?\d*(?:E[+-]?\d+)?(?![\w.(!:])", re.IGNORECASE)
_CRITERION = re.compile(r'"(?:<=|>=|<>|<|>|=)?(\d+(?:\.\d+)?)"')
_TEXT = re.compile(r'"[^"]*"')
_FUNCTION = re.compile(r"([A-Za-z_][\w.]*)\(")
_REFERENCE = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[A-Za-z_]\w*)!)?(?<![\w.])(?P<cells>\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)(?![\w(.])"
)
_NEVER_SHARED = {
    r"!": "it leads to another sheet",
    r"\[": "it reads a table or another workbook",
    r"#": "it holds an error",
    r"\{": "it holds an array",
    r"(?:^|[^\w.])\([^()]*,": "it unites references",
    r"[\w)]\s+[\w$(]": "it takes the common cells of references",
    r"\):|:(?:[A-Za-z.]+)?\(|:[\w$]+:": "it makes a range of references",
}
_IDENTIFIER = re.compile(r"(?<![\w.])[A-Za-z_]\w*(?![\w.])")
_NAME = re.compile(r"(?<![\w.!'])([A-Za-z_][A-Za-z_]*_\w+|weights)(?![\w(!])")


def one_formula_in_a_column(planner: Opened) -> list[str]:
    """A table's column has the same formula in all its rows, or in none."""
    told = []
    for sheet in planner.sheets:
        for table in sheet.tables:
            for heading, places in table.columns():
                formulas = [(sheet.cells[p].formula if p in sheet.cells else None, p) for p in places]
                if all(formula is None for formula, _place in formulas):
                    continue
                expected = relative(formulas[0][0] or "", places[0][0])
                told += [
                    f"{sheet.name}!{at(place)} ({table.name}, {heading}): another formula than the column's first"
                    for formula, place in formulas
                    if relative(formula or "", place[0]) != expected
                ]
    return told


def no_buried_constants(planner: Opened) -> list[str]:
    """Formulas use no numbers of their own but 0, 1, -1, 2, 7, 12, 24, 52 and 100."""
    told = []
    for where, cell in _formulas(planner):
        found = [*_NUMBER.findall(unquoted(cell.formula or "")), *_CRITERION.findall(cell.formula or "")]
        strange = sorted({number for number in found if float(number) not in NUMBERS})
        if strange:
            told.append(f"{where}: the number {', '.join(strange)} in {cell.formula}")
    return told


def short_formulas(planner: Opened) -> list[str]:
    """A formula has at most 160 characters."""
    return [
        f"{where}: {len(cell.formula or '')} characters: {cell.formula}"
        for where, cell in _formulas(planner)
        if len(cell.formula or "") > LONGEST
    ]


def few_nested_ifs(planner: Opened) -> list[str]:
    """At most two IFs stand nested in an IF."""
    return [
        f"{where}: {_depth(cell.formula or '') - 1} nested IFs: {cell.formula}"
        for where, cell in _formulas(planner)
        if _depth(cell.formula or "") - 1 > NESTED
    ]


def known_functions(planner: Opened) -> list[str]:
    """No function is volatile, newer than Excel 2016, or unknown; Python's stand in one column alone."""
    told = []
    for where, cell in _formulas(planner):
        for name in _FUNCTION.findall(unquoted(cell.formula or "")):
            if name in VOLATILE:
                told.append(f"{where}: {name} is volatile")
            elif name not in FORMULAE | _AS_STORED and not (name in CATALOGUE and where.startswith("Functions!F")):
                told.append(f"{where}: {name} is not a function of every spreadsheet program")
    return told


def plain_references(planner: Opened) -> list[str]:
    """Formulas use A1 references and defined names that exist: no array formulas, table references, other files."""
    names = {name for name, _local in planner.names}
    told = []
    for sheet in planner.sheets:
        told += [f"{sheet.name}!{cell.address}: an array formula" for cell in sheet.cells.values() if cell.array]
    for where, cell in _formulas(planner):
        bare = unquoted(cell.formula or "")
        if "[" in _TEXT.sub("", cell.formula or ""):
            told.append(f"{where}: a table reference or a link to another file in {cell.formula}")
        if "#REF!" in bare:
            told.append(f"{where}: a reference to nowhere in {cell.formula}")
        if "{" in bare or "@" in bare:
            told.append(f"{where}: an array in {cell.formula}")
        told += [f"{where}: no cell is named {name}" for name in _NAME.findall(bare) if name not in names]
    told += [
        f"the name {name}: {text}" for (name, _local), text in planner.names.items() if re.search(r"\[|#REF", text)
    ]
    return told


def shared_formulas_as_excel_writes_them(planner: Opened) -> list[str]:
    """A shared formula stays on its sheet, joins no references, holds no array or error, and covers its cells."""
    told = []
    for sheet in planner.tabs:
        groups: dict[str, list[tuple[Place, Element]]] = {}
        for cell in etree.fromstring(planner.parts[sheet.part]).iter(f"{MAIN}c"):
            formula = cell.find(f"{MAIN}f")
            if formula is not None and formula.get("t") == "shared":
                groups.setdefault(formula.get("si", ""), []).append((coordinate_to_tuple(cell.get("r")), formula))
        for cells in groups.values():
            told += [f"{sheet.name}!{at(cells[0][0])}: {problem}" for problem in _unlike_excel(cells)]
    return told


def _unlike_excel(cells: list[tuple[Place, Element]]) -> Iterator[str]:
    """What Excel would not write of the cells that share one formula; in Excel's order, the first has its text."""
    place, first = cells[0]
    text = first.text or ""
    if not text or not first.get("ref"):
        yield "a shared formula without a text or its cells"
        return
    left, top, right, bottom = range_boundaries(first.get("ref"))
    if (top, left) != place or not all(top <= row <= bottom and left <= column <= right for (row, column), _f in cells):
        yield f"shared by {first.get('ref')}, but not all of its cells are there"
    bare = unquoted(text)
    yield from (f"shared, but {what}: {text}" for pattern, what in _NEVER_SHARED.items() if re.search(pattern, bare))
    yield from (
        f"shared, but {name} is one of the workbook's own functions: {text}"
        for name in _FUNCTION.findall(bare)
        if name not in FORMULAE
    )


def no_external_links(planner: Opened) -> list[str]:
    """Nothing in the file leads to another file."""
    told = [f"{name}: a link to another workbook" for name in planner.parts if name.startswith("xl/externalLinks/")]
    for name, content in planner.parts.items():
        if name.endswith(".rels") and b'TargetMode="External"' in content:
            told.append(f"{name}: leads out of the file")
        if name == "xl/connections.xml":
            told.append(f"{name}: a data connection")
    return told


def no_circular_references(planner: Opened) -> list[str]:
    """No formula needs its own value."""
    needed = _Needed(planner)
    needs = {address: needed.by(*address) for address in _cells_with_formulas(planner)}
    done: set[tuple[str, Place]] = set()
    for start in needs:
        path = _circle(start, needs, done)
        if path:
            return [" → ".join(f"{sheet}!{at(place)}" for sheet, place in path)]
    return []


def _circle(
    start: tuple[str, Place], needs: dict[tuple[str, Place], Iterator[tuple[str, Place]]], done: set[tuple[str, Place]]
) -> list[tuple[str, Place]]:
    """Go from a cell to what it needs, depth first; return the path that comes back to itself."""
    path, waiting = [start], [iter(needs[start]) if start not in done else iter(())]
    on_path = {start}
    while waiting:
        following = next(waiting[-1], None)
        if following is None:
            waiting.pop()
            last = path.pop()
            on_path.discard(last)
            done.add(last)
        elif following in on_path:
            return [*path[path.index(following) :], following]
        elif following not in done:
            path.append(following)
            on_path.add(following)
            waiting.append(iter(needs[following]))
    return []


def _cells_with_formulas(planner: Opened) -> Iterator[tuple[str, Place]]:
    for sheet in planner.sheets:
        for place, cell in sheet.cells.items():
            if cell.formula is not None:
                yield sheet.name, place


class _Needed:
    """The formula cells that formulas read, by reference and by name."""

    def __init__(self, planner: Opened) -> None:
        self._formulas = {
            sheet.name: {place: cell.formula for place, cell in sheet.cells.items() if cell.formula is not None}
            for sheet in planner.sheets
        }
        self._names = {name: text for (name, local), text in planner.names.items() if local is None}
        self._read: dict[tuple[str, str], list[tuple[str, Place]]] = {}

    def by(self, sheet: str, place: Place) -> Iterator[tuple[str, Place]]:
        """Yield those that one formula reads; only ROW does not need the value of its cell."""
        formula = _IDENTIFIER.sub(lambda found: self._names.get(found[0], found[0]), self._formulas[sheet][place])
        for other, cells in _references(formula):
            yield from self._in((other or sheet).strip("'"), cells)

    def _in(self, sheet: str, cells: str) -> list[tuple[str, Place]]:
        """The cells of a range that have formulas."""
        key = sheet, cells.replace("$", "")
        if key not in self._read:
            left, top, right, bottom = range_boundaries(key[1])
            places = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
            self._read[key] = [(sheet, place) for place in places if place in self._formulas[sheet]]
        return self._read[key]


@cache  # planners with a defect each have the same formulas but for one
def _references(formula: str) -> list[tuple[str, str]]:
    """The sheets, where they are named, and cells that a formula reads."""
    return [
        (reference["sheet"] or "", reference["cells"])
        for reference in _REFERENCE.finditer(_TEXT.sub('""', formula))
        if not formula[: reference.start()].endswith("ROW(")
    ]


def _formulas(planner: Opened) -> Iterator[tuple[str, Cell]]:
    for sheet in planner.sheets:
        yield from sheet.formulas


def _depth(formula: str) -> int:
    """How many IFs stand inside one another."""
    deepest = 0
    open_calls: list[str | None] = []
    for token in re.finditer(r"([A-Za-z_][\w.]*)?\(|\)", unquoted(formula)):
        if token[0] == ")":
            open_calls.pop()
        else:
            open_calls.append(token[1])
            deepest = max(deepest, open_calls.count("IF"))
    return deepest


def at(place: Place) -> str:
    """The address of a place."""
    return f"{get_column_letter(place[1])}{place[0]}"
