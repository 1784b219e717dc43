"""What is wrong with a returned planner, or only worth knowing: its place, what was expected, and what is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xlsales.findings import SEVERITIES, Severity
from xlsales.texts import N_, _

COLUMNS = ("severity", "code", "file", "territory_id", "sheet", "cell", "expected", "got", "message")

# Each kind of finding: how severe it is, and what it says.
KINDS: dict[str, tuple[Severity, str]] = {
    "UNREADABLE": ("error", N_("unreadable: {got}")),
    "NO_PLANNER": ("warning", N_("This workbook is no planner: it is left out.")),
    "TWO_COPIES": (
        "error",
        N_(
            "Several files are the plan of this territory and year, {got} too: none of them is counted. "
            "Choose with --prefer newest, or --prefer and the file."
        ),
    ),
    "NOT_PREFERRED": ("info", N_("Another file of this territory and year was preferred: {expected}.")),
    "SAME_FILE": ("info", N_("This file is the same as {expected}, to the last byte: it counts no second time.")),
    "MISSING": ("error", N_("This planner is expected, and no file is it.")),
    "NOT_EXPECTED": ("warning", N_("The run that made the planners does not know this territory.")),
    "NO_TERRITORY": (
        "error",
        N_("The planner does not say whose it is: its territory id is blank. It is not counted."),
    ),
    "OTHER_TERRITORY": ("warning", N_("The planner was made for another territory than it says now.")),
    "OTHER_YEAR": ("warning", N_("The planner is of another year than most of the others.")),
    "OTHER_LAYOUT": (
        "warning",
        N_("The planner has another layout than this program knows: its formulas are not compared."),
    ),
    "OTHER_VERSION": (
        "warning",
        N_("The planner was made from another version of the template: its formulas and values are not compared."),
    ),
    "OTHER_TEMPLATE": (
        "warning",
        N_("Most formulas are not those of the template: name the one that was used with --template."),
    ),
    "NOT_COMPARED": (
        "warning",
        N_("The planner cannot be recalculated here: its figures are those of the file, and are not compared."),
    ),
    "DATES_FROM_1904": (
        "warning",
        N_("The workbook counts its dates from 1904: they are read as it shows them, and its values are not compared."),
    ),
    "INPUT_MISSING": ("warning", N_("The cell of the input {expected} is gone.")),
    "COLUMN_MISSING": ("warning", N_("The column {expected} is gone, with what stood in it.")),
    "TABLE_MISSING": ("warning", N_("The table {expected} is gone, with what stood in it.")),
    "HEADINGS_MISSING": (
        "warning",
        N_("The headings of the table {expected} are gone: the row in their place is read as one of its rows."),
    ),
    "ROWS_BENEATH": (
        "warning",
        N_("Rows stand beneath the table, where no formula counts them: {got}. They are read."),
    ),
    "TOTAL_BENEATH": (
        "info",
        N_("A row that adds up others stands beneath the table: {got}. It is none of the table's rows."),
    ),
    "FORMULA_OVERWRITTEN": ("warning", N_("A formula of the planner was overwritten.")),
    "FORMULA_CHANGED": ("warning", N_("A formula of the planner was changed.")),
    "VALUE_DIFFERENT": ("warning", N_("The cell shows something else than its formula gives for these inputs.")),
    "VALUES_DIFFERENT": (
        "warning",
        N_("Cells of this sheet show something else than their formulas give for these inputs: {count}."),
    ),
    "NOT_CALCULATED": (
        "info",
        N_("Formulas have no value in the file, which a program saved that does not calculate: {count}."),
    ),
    "CELL_CHANGED": ("warning", N_("A cell that is no input was changed.")),
    "INPUT_FORMULA": ("info", N_("A formula stands where a value is typed; its value is read.")),
    "INPUT_ERROR": ("warning", N_("An error stands where a value is typed; nothing is read.")),
    "INPUT_DATA_TYPE": (
        "info",
        N_("A data type of Excel's stands where a value is typed: the text that it shows is read."),
    ),
    "INPUT_PICTURE": (
        "warning",
        N_("A picture, or a data type that shows no text, stands where a value is typed; nothing is read."),
    ),
    "INPUT_NOT_CALCULATED": (
        "warning",
        N_("A formula without a value stands where a value is typed; nothing is read."),
    ),
    "INPUT_EMPTY_TEXT": ("info", N_("An empty text stands here, which is not blank: it is read as nothing.")),
    "INPUT_TEXT_READ": (
        "warning",
        N_("A text stands where {expected} is typed: it is read, and no formula counts it."),
    ),
    "INPUT_UNCLEAR": ("warning", N_("This is not clearly {expected}; nothing is read.")),
    "INPUT_OUT_OF_RANGE": (
        "warning",
        N_("This is outside what the cell allows ({expected}); it is read as it stands."),
    ),
    "ID_MISSING": ("warning", N_("This row has no ID, by which an update and a batch know it; it is read.")),
    "ID_TWICE": (
        "warning",
        N_("Another row, {expected}, has the same ID, {got}: both are read, and the planner's figures count both."),
    ),
    "VBA_CHANGED": ("warning", N_("The macros are not those that were shipped: {got}.")),
    "EXTERNAL_LINK": ("warning", N_("The workbook is linked to another file.")),
    "HIDDEN_SHEET": ("warning", N_("This sheet is hidden, and was not.")),
    "OWN_CELLS": (
        "info",
        N_("Somebody has typed where the planner has nothing; it is in no table. Cells of this sheet: {count}."),
    ),
    "OWN_SHEET": ("info", N_("This sheet is not the planner's.")),
    "SHEET_MISSING": ("warning", N_("A sheet of the planner is gone.")),
}


@dataclass(frozen=True)
class PlannerFinding:
    """Something about a returned planner, with its place."""

    code: str
    file: str
    territory_id: str = ""
    sheet: str = ""
    cell: str = ""
    expected: str = ""
    got: str = ""
    count: int = 1

    @property
    def severity(self) -> Severity:
        """How severe it is."""
        return KINDS[self.code][0]

    @property
    def message(self) -> str:
        """What it says to a person."""
        return _(KINDS[self.code][1]).format(expected=self.expected, got=self.got, count=self.count)

    @property
    def place(self) -> str:
        """Where it is: `T01.xlsx, Targets!C19`."""
        cell = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell
        return ", ".join(part for part in (self.file, cell) if part)

    def __str__(self) -> str:
        detail = ""
        if self.expected and "{expected}" not in KINDS[self.code][1]:
            detail = _(" Expected {expected}, got {got}.").format(expected=self.expected, got=self.got or _("nothing"))
        elif self.got and "{got}" not in KINDS[self.code][1]:
            detail = _(" It says: {got}.").format(got=self.got)
        place = f"{self.place}: " if self.place else ""
        return f"{place}{self.message}{detail}"

    def cells(self) -> tuple[str, ...]:
        """Return it as a row of COLUMNS."""
        return tuple(str(getattr(self, name)) for name in COLUMNS)


def ordered(findings: Iterable[PlannerFinding]) -> list[PlannerFinding]:
    """Return findings, the worst first, then by file in the order given."""
    return sorted(findings, key=lambda one: SEVERITIES.index(one.severity))
