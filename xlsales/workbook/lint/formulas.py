"""Rules of formulas, wherever they stand: cells, names, tables, validations, conditional formats."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from xlsales.cells.newer_functions import ARRAYS, lacks_prefix
from xlsales.texts import N_
from xlsales.workbook.lint import grammar
from xlsales.workbook.lint.book import Book, child, elements, local, whole
from xlsales.workbook.lint.places import Area, area, at, overlap
from xlsales.workbook.lint.rules import Fault, Group
from xlsales.workbook.lint.sheet import CellFormula, Grid

rule = Group("formulas")
_SPEC_SHARED = "[MS-XLS] 2.5.198.118, [MS-XLSB] 2.5.98.98"
SYNTAX = rule(
    "formula-syntax",
    N_("Excel cannot read the formula and offers to repair the workbook by dropping it."),
    N_("Write the formula as Excel stores it: in English, with commas, every parenthesis and quote closed."),
    "ECMA-376-1 part 1, 18.17.2; exceljs/exceljs#664",
)
EQUALS = rule(
    "formula-equals-sign",
    N_("Excel stores formulas without the leading = and offers to repair one that has it."),
    N_("Leave the = out of <f>."),
    "ECMA-376-1 part 1, 18.3.1.40, 18.17.2",
)
SEMICOLON = rule(
    "formula-semicolon",
    N_("Excel stores commas between arguments whatever the region, and drops a formula with semicolons."),
    N_("Write commas between arguments; semicolons divide rows of array constants only."),
    "ECMA-376-1 part 1, 18.17.2.2",
)
LONG = rule(
    "formula-too-long",
    N_("Excel has formulas of at most 8,192 characters and offers to repair a longer one by dropping it."),
    N_("Divide the formula between cells or names."),
    "Microsoft, Excel specifications and limits",
)
LITERAL = rule(
    "formula-text-too-long",
    N_("Excel has texts of at most 255 characters in a formula and drops a formula with a longer one."),
    N_("Join shorter texts with &, or put the text into a cell."),
    "Microsoft, Excel specifications and limits",
)
DEEP = rule(
    "formula-nesting",
    N_("Excel nests functions in at most 64 levels and drops a formula with more."),
    N_("Divide the formula between cells or names."),
    "Microsoft, Excel specifications and limits",
)
ARGUMENTS = rule(
    "formula-arguments",
    N_("Excel gives a function at most 255 arguments and drops a formula with more."),
    N_("Put the values into a range and name that."),
    "Microsoft, Excel specifications and limits",
)
COUNT = rule(
    "function-arguments",
    N_("Excel takes in no formula that gives a function fewer or more arguments than it has, and drops it."),
    N_("Give the function the arguments that Excel's help names."),
    "[MS-XLS] 2.5.198.17 (Ftab); Microsoft Support, Excel functions",
)
EMPTY = rule(
    "formula-empty",
    N_("Excel never stores a formula without text and offers to repair the cell."),
    N_("Write the formula, or remove <f>."),
    "seen in no file that Excel saved",
)
SHEET = rule(
    "formula-unknown-sheet",
    N_("Excel finds no such sheet and offers to repair the workbook by dropping the formula."),
    N_("Name a sheet of the workbook; quote names with spaces."),
    "ECMA-376-1 part 1, 18.17.2.3; exceljs/exceljs#664",
)
NAME = rule(
    "formula-unknown-name",
    N_("Excel finds no such name and shows #NAME?."),
    N_("Define the name, or correct it."),
    "ECMA-376-1 part 1, 18.17.2.5",
)
BOOK = rule(
    "formula-unknown-workbook",
    N_("Excel stores links to other workbooks as [1], [2] … of externalReferences, and drops another formula."),
    N_("Write the number of an external reference of the workbook."),
    "ECMA-376-1 part 1, 18.2.8, 18.14.5",
)
PREFIX = rule(
    "function-without-prefix",
    N_("Excel shows #NAME? for a function newer than Excel 2007 that is stored without its prefix."),
    N_("Write _xlfn. before the function, _xlfn._xlws. before SORT and FILTER."),
    "Microsoft Support, Issue: an _xlfn. prefix is displayed; [MS-XLSX], future-function-list",
)
DYNAMIC = rule(
    "array-without-metadata",
    N_("Excel shows one value of the array, with an @ in the formula, where dynamic array metadata is missing."),
    N_('Store t="array" with its ref, and cm="1" with xl/metadata.xml (XLDAPR).'),
    "[MS-XLSX], CT_DynamicArrayProperties; jmcnamara/XlsxWriter, dynamic arrays",
)
AT = rule(
    "formula-at-sign",
    N_("Excel stores @ as [#This Row] or _xlfn.SINGLE(), and repairs the workbook by dropping the formula or table."),
    N_("Write tbl[[#This Row],[Column]] for tbl[@Column], and _xlfn.SINGLE(…) elsewhere."),
    "ECMA-376-1 part 1, 18.17.2; jmcnamara/XlsxWriter, tables",
)
SPILL = rule(
    "formula-spill-sign",
    N_("Excel stores A1# as _xlfn.ANCHORARRAY(A1) and drops a formula with the sign."),
    N_("Write _xlfn.ANCHORARRAY(A1)."),
    "[MS-XLSX], future-function-list",
)
TABLE = rule(
    "formula-unknown-table",
    N_("Excel finds no such table or column and offers to repair the workbook by dropping the formula."),
    N_("Name a table of the workbook and a heading of its columns."),
    "ECMA-376-1 part 1, 18.17.2.4",
)
SHARED_FEATURES = {
    "sheet": rule(
        "shared-formula-other-sheet",
        N_("Excel never shares a formula that names a sheet or workbook; it has called such workbooks corrupt."),
        N_("Store the formula in each cell on its own."),
        f"{_SPEC_SHARED}; EPPlusSoftware/EPPlus#253, #213, #64; in no shared formula that Excel saved",
    ),
    "union": rule(
        "shared-formula-union",
        N_("Excel never shares a formula with a union of references, and may call the workbook corrupt."),
        N_("Store the formula in each cell on its own."),
        _SPEC_SHARED,
    ),
    "intersection": rule(
        "shared-formula-intersection",
        N_("Excel never shares a formula with an intersection of references, and may call the workbook corrupt."),
        N_("Store the formula in each cell on its own."),
        _SPEC_SHARED,
    ),
    "range": rule(
        "shared-formula-range-operator",
        N_("Excel never shares a formula whose range is calculated, as in A1:INDEX(…), and may call it corrupt."),
        N_("Store the formula in each cell on its own."),
        _SPEC_SHARED,
    ),
    "array": rule(
        "shared-formula-array-constant",
        N_("Excel never shares a formula with an array constant, and may call the workbook corrupt."),
        N_("Store the formula in each cell on its own."),
        _SPEC_SHARED,
    ),
    "reference": rule(
        "shared-formula-lost-reference",
        N_("Excel never shares a formula with #REF!, and may call the workbook corrupt."),
        N_("Store the formula in each cell on its own, or mend its reference."),
        _SPEC_SHARED,
    ),
    "table": rule(
        "shared-formula-table-reference",
        N_("Excel was never seen sharing a formula with a table reference, and may call the workbook corrupt."),
        N_("Store the formula in each cell on its own."),
        f"{_SPEC_SHARED}; in no shared formula that Excel saved",
    ),
}
MASTER = rule(
    "shared-formula-without-master",
    N_("Excel finds no formula for the cell's index (si) and empties the cell or offers to repair."),
    N_("Write text and ref into the first cell of the group, or the formula into each cell."),
    "ECMA-376-1 part 1, 18.3.1.40",
)
MASTER_AREA = rule(
    "shared-formula-area",
    N_("Excel offers to repair a shared formula whose cells lie outside the area (ref) of the first."),
    N_("Let ref cover all cells that share the formula."),
    "ECMA-376-1 part 1, 18.3.1.40",
)
ARRAYS_MEET = rule(
    "arrays-overlap",
    N_("Excel offers to repair a sheet in which two array formulas fill one cell."),
    N_("Let each array formula fill cells of its own."),
    "ECMA-376-1 part 1, 18.3.1.40",
)
ARRAY_AREA = rule(
    "array-area",
    N_("Excel offers to repair an array formula whose area does not begin at its cell."),
    N_("Write the cells that it fills into ref, its own first."),
    "ECMA-376-1 part 1, 18.3.1.40",
)
KIND = rule(
    "formula-kind",
    N_("Excel knows the kinds normal, array, shared and dataTable, and offers to repair a formula of another."),
    N_("Write one of these into t of <f>, or leave it out."),
    "ECMA-376-1 part 1, 18.18.6",
)
_BROKEN = {
    "syntax": SYNTAX, "equals": EQUALS, "semicolon": SEMICOLON, "long": LONG, "literal": LITERAL, "deep": DEEP,
    "arguments": ARGUMENTS, "count": COUNT, "at": AT, "spill": SPILL,
}  # fmt: skip
_PARAMETER = ("_xlpm.", "_xlop.", "_xldudf_")
_EXTERNAL = re.compile(r"\[([^\[\]]*)\](.*)", re.DOTALL)
_CONSTANTS = frozenset(("true", "false"))


@dataclass(frozen=True)
class Known:
    """What formulas of a workbook may name."""

    book: Book

    @cached_property
    def sheets(self) -> frozenset[str]:
        """Names of sheets, in lower case."""
        return frozenset(sheet.name.casefold() for sheet in self.book.sheets)

    @cached_property
    def names(self) -> frozenset[str]:
        """Defined names, wherever they hold."""
        return frozenset(name.get("name", "").casefold() for name in self.book.names)

    @cached_property
    def tables(self) -> Mapping[str, frozenset[str]]:
        """Columns by table, in lower case."""
        return {
            table.name.casefold(): frozenset(_heading(column) for column in table.columns) for table in self.book.tables
        }

    @cached_property
    def headings(self) -> frozenset[str]:
        """The columns of all tables."""
        return frozenset().union(*self.tables.values())

    @cached_property
    def books(self) -> int:
        """How many other workbooks there are."""
        return sum(1 for _reference in child(self.book.book, "externalReferences"))


def _heading(column: str) -> str:
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), column).casefold()


def formula_faults(known: Known, part: str, text: str, cell: str, *, shows_error: bool = False) -> Iterator[Fault]:
    """All that is wrong with one formula."""
    found = grammar.read(text)
    for kind, what in found.broken:
        if kind == "count" and what.partition(":")[0].casefold() in known.names:
            continue  # a function of the workbook's own
        yield _BROKEN[kind].at(part, f"{what} in {text}" if kind in ("syntax", "semicolon", "at") else what, cell)
    for prefix in found.sheets:
        yield from _sheet(known, part, prefix, cell)
    if not shows_error:
        for prefix, name in found.names:
            plain = name.casefold()
            if not (prefix.startswith("[") or "[" in prefix or plain in known.names or plain in known.tables
                    or plain in _CONSTANTS or name.startswith(_PARAMETER) or name.startswith("'")):  # fmt: skip
                yield NAME.at(part, name, cell)
    for function in found.functions:
        if lacks_prefix(function):
            yield PREFIX.at(part, function, cell)
    for reference in found.tables:
        yield from _table(known, part, reference, cell)


def _sheet(known: Known, part: str, prefix: str, cell: str) -> Iterator[Fault]:
    name = prefix[1:-1].replace("''", "'") if prefix.startswith("'") else prefix
    external = _EXTERNAL.search(name)
    if external:
        index = whole(external[1])
        if name[: external.start()] or index is None or not 0 <= index <= known.books:
            yield BOOK.at(part, name, cell)
        return
    if not name or name.casefold() in known.sheets:
        return
    ends = [end.casefold() for end in name.split(":")]
    if not (len(ends) == 2 and all(end in known.sheets for end in ends)):
        yield SHEET.at(part, name, cell)


def _table(known: Known, part: str, reference: str, cell: str) -> Iterator[Fault]:
    name, columns, _keywords = grammar.columns_of(reference)
    if any(column.startswith("@") for column in columns):
        yield AT.at(part, reference, cell)
        return
    # Excel 2007 leaves the table's name out inside the table.
    there = known.tables.get(name.casefold()) if name else known.headings
    if there is None:
        yield TABLE.at(part, reference, cell)
        return
    for column in columns:
        if column.casefold() not in there:
            yield TABLE.at(part, reference, cell)


def cells(known: Known, grid: Grid) -> Iterator[Fault]:
    """The formulas of one sheet's cells."""
    part = grid.entry.part or ""
    told: dict[tuple[str, bool], tuple[list[Fault], bool]] = {}
    for one in grid.formulas:
        place = grid.where(at(one.row, one.column))
        if not one.text:
            if one.kind not in ("shared", "dataTable"):
                yield EMPTY.at(part, "", place)
            continue
        key = (grammar.pattern(one.text), one.shows_error)
        if key not in told:
            faults = list(formula_faults(known, part, one.text, "", shows_error=one.shows_error))
            told[key] = faults, not ARRAYS.isdisjoint(name.upper() for name in grammar.read(one.text).functions)
        faults, is_dynamic = told[key]
        yield from (fault.rule.at(part, fault.detail, place) for fault in faults)
        if is_dynamic and one.kind != "array":
            yield DYNAMIC.at(part, one.text, place)
    yield from _shared(grid, part)
    yield from _arrays(grid, part)


def _shared(grid: Grid, part: str) -> Iterator[Fault]:
    masters: dict[str, tuple[CellFormula, Area | None]] = {}
    for one in grid.formulas:
        place = grid.where(at(one.row, one.column))
        if one.kind not in ("", "normal", "array", "shared", "dataTable"):
            yield KIND.at(part, one.kind, place)
        if one.kind != "shared":
            continue
        if one.text and one.ref is not None:
            covered = area(one.ref)
            masters[one.si or ""] = (one, covered)
            for feature, broken in SHARED_FEATURES.items():
                if feature in grammar.read(one.text).features:
                    yield broken.at(part, one.text, place)
            if covered is None or not covered.holds(one.row, one.column):
                yield MASTER_AREA.at(part, one.ref, place)
        elif one.si is None or one.si not in masters:
            yield MASTER.at(part, f"si {one.si}", place)
        else:
            covered = masters[one.si][1]
            if covered is not None and not covered.holds(one.row, one.column):
                yield MASTER_AREA.at(part, covered, place)


def _arrays(grid: Grid, part: str) -> Iterator[Fault]:
    filled = []
    for one in grid.formulas:
        if one.kind != "array":
            continue
        covered = area(one.ref or "")
        if covered is None or (covered.top, covered.left) != (one.row, one.column):
            yield ARRAY_AREA.at(part, one.ref, grid.where(at(one.row, one.column)))
        else:
            filled.append(covered)
    both = overlap(filled)
    if both:
        yield ARRAYS_MEET.at(part, f"{both[0]}, {both[1]}", grid.where(str(both[1])))


def names(known: Known) -> Iterator[Fault]:
    """The formulas of the defined names."""
    book = known.book
    for one in book.names:
        if one.text and one.get("name", "") and one.get("xlm") not in ("1", "true"):
            yield from formula_faults(known, book.workbook, one.text, one.get("name", ""), shows_error=True)


def of_tables(known: Known) -> Iterator[Fault]:
    """The formulas of calculated columns and totals."""
    for table in known.book.tables:
        for column in child(table.root, "tableColumns"):
            for one in elements(column):
                if local(one) in ("calculatedColumnFormula", "totalsRowFormula") and one.text:
                    place = f"{table.name}[{column.get('name', '')}]"
                    yield from formula_faults(known, table.part, one.text, place)
