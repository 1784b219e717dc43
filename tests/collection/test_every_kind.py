"""Every kind of finding has a planted case: a kind that nothing plants fails here."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests import rich_values
from tests.collection.conftest import ReadPlanner
from tests.collection.test_copies import planner
from tests.foreign_templates import external_link, own_sheet
from tests.package_edit import WORKBOOK
from tests.rich_values import MICROSOFT, PICTURE
from tests.workbook.returned.edits import EXAMPLE, PlannerEdit, at
from xlsales.collection import worker
from xlsales.collection.copies import Expected, settled
from xlsales.collection.finding import KINDS, PlannerFinding
from xlsales.collection.planner import Planner
from xlsales.collection.worker import Question
from xlsales.workbook import returned

Findings = Iterable[PlannerFinding]
Plant = Callable[[], PlannerEdit | bytes]


def with_cell(name: str, inside: str, kind: str = "") -> Plant:
    def made() -> PlannerEdit:
        edit = PlannerEdit()
        edit.cell(*at(name), inside, kind)
        return edit

    return made


def with_part(part: str, pattern: str, new: str, count: int = 0) -> Plant:
    def made() -> PlannerEdit:
        edit = PlannerEdit()
        name = part if "/" in part else edit.sheet(part)
        changed, found = re.subn(pattern, new, edit.text(name), count=count)
        assert found
        edit.parts[name] = changed.encode()
        return edit

    return made


@cache
def without_sheets() -> bytes:
    """What a program saves in which somebody has deleted two sheets, one of them with a table of inputs."""
    book, content = load_workbook(EXAMPLE), io.BytesIO()
    del book["Details"], book["Discounts"]
    book.save(content)
    return content.getvalue()


@cache
def without_headings() -> bytes:
    """What a program saves in which somebody has deleted the row of a table's headings."""
    book, content = load_workbook(EXAMPLE), io.BytesIO()
    book["Accounts"].delete_rows(6)
    book.save(content)
    return content.getvalue()


def with_names(**moved: str) -> Plant:
    def made() -> PlannerEdit:
        edit = PlannerEdit()
        edit.names(moved)
        return edit

    return made


def of_another_template() -> PlannerEdit:
    edit = PlannerEdit()
    for name in [name for name in edit.parts if name.startswith("xl/worksheets/sheet")]:
        edit.parts[name] = re.sub(r"<f[^>]*>[^<]*</f>|<f[^>]*/>", "<f>1+1</f>", edit.text(name)).encode()
    return edit


def with_a_table_that_cannot_be_so_large() -> PlannerEdit:
    """The goals, one row longer in the file's own description: beneath them stands another table."""
    edit = PlannerEdit()
    (part,) = [name for name in edit.parts if name.startswith("xl/tables/") and "tblGoals" in edit.text(name)]
    last = int(re.findall(r'ref="[A-Z]+\d+:[A-Z]+(\d+)"', edit.text(part))[0])
    edit.parts[part] = re.sub(rf'(ref="[A-Z]+\d+:[A-Z]+){last}"', rf'\g<1>{last + 9}"', edit.text(part)).encode()
    return edit


def with_a_row_beneath() -> PlannerEdit:
    edit = PlannerEdit()
    edit.put_cells("Accounts", 107, '<c r="B107" t="str"><v>A999</v></c>')
    return edit


def with_a_total_beneath() -> PlannerEdit:
    edit = PlannerEdit()
    total = '<c r="C107" t="str"><v>Total</v></c><c r="G107"><f>SUM(G$7:G106)</f><v>9000000</v></c>'
    edit.put_cells("Accounts", 107, total)
    return edit


def with_account_id(inside: str) -> Plant:
    """The second account has another ID."""

    def made() -> PlannerEdit:
        edit = PlannerEdit()
        edit.cell("Accounts", "B8", inside, "inlineStr")
        return edit

    return made


def with_a_note() -> PlannerEdit:
    edit = PlannerEdit()
    edit.put_cells("Plan", 400, '<c r="D400" t="str"><v>Ask Bo</v></c>')
    return edit


def with_rich_value(number: int) -> Plant:
    def made() -> PlannerEdit:
        edit = PlannerEdit()
        rich_values.put(edit, (*at("in_person"), number))
        return edit

    return made


def with_other_macros() -> PlannerEdit:
    edit = PlannerEdit(EXAMPLE.with_name("Sales Planner.xlsm").read_bytes())
    edit.parts["xl/vbaProject.bin"] = edit.parts["xl/vbaProject.bin"][:20_000]
    return edit


def property_of(name: str) -> Plant:
    return with_part("docProps/custom.xml", rf'(name="{name}"[^>]*><vt:lpwstr>)[^<]*<', r"\g<1>77<")


RATE = "in_growth_rate"
SHEET, FIGURE = at("out_magic_number")
# In one planner.
PLANTED: Mapping[str, Plant] = {
    "NO_TERRITORY": with_cell("in_territory_id", ""),
    "OTHER_TERRITORY": with_cell("in_territory_id", "<is><t>T99</t></is>", "inlineStr"),
    "OTHER_LAYOUT": property_of("schema_version"),
    "OTHER_VERSION": property_of("template_version"),
    "OTHER_TEMPLATE": of_another_template,
    "NOT_COMPARED": with_a_table_that_cannot_be_so_large,
    "DATES_FROM_1904": with_part(WORKBOOK, r"<workbookPr\b", '<workbookPr date1904="1"', 1),
    "INPUT_MISSING": with_names(in_region="#REF!"),
    "COLUMN_MISSING": with_names(col_goals_measure="#REF!"),
    "TABLE_MISSING": without_sheets,
    "SHEET_MISSING": without_sheets,
    "HEADINGS_MISSING": without_headings,
    "ROWS_BENEATH": with_a_row_beneath,
    "TOTAL_BENEATH": with_a_total_beneath,
    "FORMULA_OVERWRITTEN": with_cell("calc_goal", "<v>5</v>"),
    "FORMULA_CHANGED": with_cell("calc_goal", "<f>1+1</f><v>2</v>"),
    "VALUE_DIFFERENT": with_cell("in_revenue_goal", "<v>480000</v>"),
    "VALUES_DIFFERENT": with_cell("in_revenue_goal", "<v>480000</v>"),
    "NOT_CALCULATED": with_part("Dashboard", r"</f><v>[^<]*</v>", "</f>"),
    "CELL_CHANGED": with_cell("word_won", "<is><t>Yippee</t></is>", "inlineStr"),
    "INPUT_FORMULA": with_cell(RATE, "<f>1/8</f><v>0.125</v>"),
    "INPUT_ERROR": with_cell(RATE, "<v>#N/A</v>", "e"),
    "INPUT_DATA_TYPE": with_rich_value(MICROSOFT),
    "INPUT_PICTURE": with_rich_value(PICTURE),
    "INPUT_NOT_CALCULATED": with_cell(RATE, "<f>1/8</f>"),
    "INPUT_EMPTY_TEXT": with_cell(RATE, "<v></v>", "str"),
    "INPUT_TEXT_READ": with_cell(RATE, "<v>12 %</v>", "str"),
    "INPUT_UNCLEAR": with_cell(RATE, "<v>n/a</v>", "str"),
    "INPUT_OUT_OF_RANGE": with_cell(RATE, "<v>10</v>"),
    "ID_MISSING": with_account_id("<is><t></t></is>"),
    "ID_TWICE": with_account_id("<is><t> a01</t></is>"),  # of the first
    "VBA_CHANGED": with_other_macros,
    "EXTERNAL_LINK": lambda: external_link(EXAMPLE.read_bytes()),
    "HIDDEN_SHEET": with_part(WORKBOOK, r'<sheet name="Lists"', '<sheet name="Lists" state="hidden"'),
    "OWN_CELLS": with_a_note,
    "OWN_SHEET": lambda: own_sheet(EXAMPLE.read_bytes()),
}
# Among several.
BETWEEN: Mapping[str, Callable[[], Findings]] = {
    "TWO_COPIES": lambda: settled([planner("a"), planner("b")], "", None)[1],
    "NOT_PREFERRED": lambda: settled([planner("a", modified=2), planner("b")], "newest", None)[1],
    "SAME_FILE": lambda: settled([planner("a", sha="x"), planner("b", sha="x")], "", None)[1],
    "OTHER_YEAR": lambda: settled([planner("a"), planner("b", "T2"), planner("c", "T3", year=2026)], "", None)[1],
    "MISSING": lambda: settled([planner("a")], "", Expected({"T1": "a", "T2": "b"}))[1],
    "NOT_EXPECTED": lambda: settled([planner("a")], "", Expected({"T2": "b"}))[1],
}
FILES: Mapping[str, bytes] = {
    "UNREADABLE": b"",
    "NO_PLANNER": EXAMPLE.with_name("Sales Functions.xlsx").read_bytes(),
}


@pytest.fixture(scope="module")
def findings_of(read_planner: ReadPlanner) -> Callable[[Plant], Findings]:
    """What is found in a planner where something is planted; some plant two things at once."""
    return cache(lambda plant: read_planner(plant()).findings)


def found(code: str, findings_of: Callable[[Plant], Findings], folder: Path) -> Findings:
    if code in FILES:
        path = folder / "file.xlsx"
        path.write_bytes(FILES[code])
        return worker.answered(Question((str(path),)))[0].findings
    return BETWEEN[code]() if code in BETWEEN else findings_of(PLANTED[code])


@pytest.mark.parametrize("code", KINDS)
def test_kind_is_found_where_it_is_planted(code: str, findings_of: Callable[[Plant], Findings], tmp_path: Path) -> None:
    one = next((one for one in found(code, findings_of, tmp_path) if one.code == code), None)
    assert one is not None
    assert one.file
    assert "{" not in str(one)
    assert str(replace(one, file="")) != one.place


def test_an_unedited_planner_has_none_of_them(example: Planner) -> None:
    assert not example.findings


def test_a_row_of_sums_beneath_the_product_lines_is_no_part_of_the_plan(
    read_planner: ReadPlanner, example: Planner
) -> None:
    edit = PlannerEdit()
    table = returned.parse(edit.close(), "planner.xlsx").tables["products"]
    goal = table.letters["goal"]
    total = f"<f>SUM({goal}{table.head + 1}:{goal}{table.last})</f><v>99</v>"
    edit.put_cells(table.sheet, table.last + 1, f'<c r="{goal}{table.last + 1}">{total}</c>')
    planner = read_planner(edit)
    assert "TOTAL_BENEATH" in {one.code for one in planner.findings}
    assert planner.figures["plan_revenue"] == example.figures["plan_revenue"]


def test_a_row_of_sums_beneath_a_table_is_no_row_of_it(read_planner: ReadPlanner, example: Planner) -> None:
    planner = read_planner(with_a_total_beneath())
    assert planner.tables["accounts"] == example.tables["accounts"]
    others = planner.tables["other_cells"]
    assert list(zip(others["cell"], others["value"], strict=True)) == [("C107", "Total"), ("G107", 9e6)]


def test_no_row_is_lost_with_the_headings_above_it(read_planner: ReadPlanner, example: Planner) -> None:
    planner = read_planner(without_headings())
    for column in ("account_id", "prior_revenue", "last_order"):
        assert planner.tables["accounts"][column] == example.tables["accounts"][column]


def test_table_whose_headings_are_switched_off_and_their_row_deleted_loses_no_row(
    read_planner: ReadPlanner, example: Planner
) -> None:
    """Its names have no cell any more, and the headings stand in the description of the table alone."""
    edit = PlannerEdit()
    (part,) = [name for name in edit.parts if name.startswith("xl/tables/") and "tblAccounts" in edit.text(name)]
    text = re.sub(r"<autoFilter\b.*?(?:/>|</autoFilter>)", "", edit.text(part), flags=re.DOTALL)
    changed, count = re.subn(r'ref="([A-Z]+)6:', r'headerRowCount="0" ref="\g<1>7:', text)
    assert count == 1
    edit.parts[part] = changed.encode()
    names = re.findall(r'name="(col_accounts_\w+)"', edit.text(WORKBOOK))
    edit.names(dict.fromkeys(names, "#REF!"))
    planner = read_planner(edit)
    known = {column for column in example.tables["accounts"] if f"col_accounts_{column}" in names}
    assert known
    assert planner.tables["accounts"] == example.tables["accounts"]
