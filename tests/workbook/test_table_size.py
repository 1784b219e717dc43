"""Tables with more or fewer rows: what belongs to them follows, and nothing else changes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from lxml import etree

from tests.conftest import LARGER as LARGE
from tests.conftest import SMALL
from tests.unshared import unshared
from tests.workbook.deals_book import DEALS, FIVE, VIEW, book, cells, edited, formula, long_book
from xlsales.calculation.session import Session
from xlsales.planner.sizes import Sizes
from xlsales.workbook import package
from xlsales.workbook.parts import CONTENT_TYPES
from xlsales.workbook.table_size import resized, why_not
from xlsales.workbook.template import Template, parse, read

ROWS = {size: {"tblAccounts": size.accounts, "tblDeals": size.deals} for size in (SMALL, LARGE)}


@pytest.fixture(scope="module", params=["xlsm", "xlsx"])
def planners(request: pytest.FixtureRequest) -> dict[Sizes, bytes]:
    suffix = "" if request.param == "xlsm" else "_xlsx"
    made = {SMALL: f"small_template{suffix}", LARGE: f"larger_template{suffix}"}
    return {size: request.getfixturevalue(name).read_bytes() for size, name in made.items()}


def without_values(part: bytes) -> bytes:
    """A part with each formula told in full, without stored values and XlsxWriter's hint of a row's columns."""
    root = etree.fromstring(part)
    unshared(root)
    for row in root.iter("{*}row"):
        row.attrib.pop("spans", None)
        for kept in row.iter("{*}f"):
            cell = kept.getparent()
            cell.attrib.pop("t", None)
            cell[:] = [kept]
    return bytes(etree.tostring(root, method="c14n"))


@pytest.mark.parametrize(("old", "new"), [(SMALL, LARGE), (LARGE, SMALL)], ids=["grown", "shrunk"])
def test_a_resized_planner_is_the_one_that_is_built_at_that_size(
    planners: dict[Sizes, bytes], old: Sizes, new: Sizes
) -> None:
    made, built = package.read(resized(planners[old], ROWS[new], values_follow=True)), package.read(planners[new])
    assert list(made) == list(built)
    differing = [
        name
        for name in built
        if made[name] != built[name]
        and (not name.endswith(".xml") or without_values(made[name]) != without_values(built[name]))
    ]
    assert differing == []


def filled(template: Template) -> dict[tuple[str, str], Any]:
    deals, accounts = template.tables["tblDeals"], template.tables["tblAccounts"]
    inputs: dict[tuple[str, str], Any] = {template.names["in_as_of"]: dt.date(2027, 3, 31)}
    for index in range(deals.rows):
        inputs[deals.cell("Deal ID", index)] = f"D{index % 5}"
        inputs[deals.cell("Amount", index)] = 100.0 * index
        inputs[deals.cell("Outcome", index)] = "WON"
    for index in range(accounts.rows):
        inputs[accounts.cell("Account ID", index)] = f"A{index}"
        inputs[accounts.cell("Last 12 months", index)] = 10.0 * (index % 3)
    return inputs


def test_a_grown_planner_calculates_as_the_one_that_is_built_at_that_size(
    small_template_xlsx: Path, larger_template_xlsx: Path
) -> None:
    grown = parse(resized(small_template_xlsx.read_bytes(), ROWS[LARGE]), "grown")
    built = read(larger_template_xlsx)
    assert Session(grown).values(filled(grown)) == Session(built).values(filled(built))


def test_a_table_as_large_as_it_is_leaves_the_file_as_it_is(planners: dict[Sizes, bytes]) -> None:
    assert resized(planners[SMALL], ROWS[SMALL]) == planners[SMALL]
    assert resized(planners[SMALL], ROWS[LARGE]) == resized(planners[SMALL], ROWS[LARGE])


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("tblDeals", None),
        ("tblAccounts", None),
        ("tblTeam", "The table tblTeam on Team cannot grow: E20 stands below it. Move or remove it in Excel,"),
        ("tblX", "The template has no table tblX. Its tables are: tblAccounts, tblActions, "),
    ],
)  # fmt: skip
def test_what_keeps_a_planners_table_from_growing(planners: dict[Sizes, bytes], table: str, reason: str | None) -> None:
    told = why_not(planners[SMALL], table)
    assert told == reason if reason is None else (told or "").startswith(reason)


def test_new_rows_have_the_styles_and_formulas_of_the_last_one_and_no_values() -> None:
    grown = openpyxl.load_workbook(io.BytesIO(resized(book(), FIVE)))["Deals"]
    assert grown.tables["tblDeals"].ref == grown.tables["tblDeals"].autoFilter.ref == "B3:F8"
    assert [[cell.value for cell in row] for row in grown["B6:F8"]] == [
        ["D6", 600, "=C6/SUM(C$4:C$8)", "=SUM(C$4:C6)", None],
        [None, None, "=C7/SUM(C$4:C$8)", "=SUM(C$4:C7)", None],
        [None, None, "=C8/SUM(C$4:C$8)", "=SUM(C$4:C8)", None],
    ]
    assert [grown[cell].font.bold for cell in ("B7", "C7")] == [True, False]
    assert [grown[cell].number_format for cell in ("C8", "D8", "E8")] == ["0.00", "0.00", "General"]


def test_new_formulas_have_no_value_and_excel_is_asked_to_calculate() -> None:
    parts = package.read(resized(book(), FIVE))
    assert b'<c r="E8"><f>SUM(C$4:C8)</f></c>' in parts[DEALS]
    assert b'fullCalcOnLoad="1"' in parts["xl/workbook.xml"]
    asked = edited(book(), "xl/workbook.xml", ' fullCalcOnLoad="1"', "")
    assert b'fullCalcOnLoad="1"' in package.read(resized(asked, FIVE))["xl/workbook.xml"]
    assert b"fullCalcOnLoad" not in package.read(resized(asked, FIVE, values_follow=True))["xl/workbook.xml"]


def test_the_chain_of_calculation_goes_for_excel_makes_it_anew() -> None:
    parts = package.read(book())
    parts["xl/calcChain.xml"] = b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    link = b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain" Target="calcChain.xml"/></R'  # noqa: E501
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b"</R", link)
    entry = b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></T'  # noqa: E501
    parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace(b"</T", entry)
    after = package.read(resized(package.write(parts), FIVE))
    assert "xl/calcChain.xml" not in after
    assert not any(b"calcChain" in content for content in after.values())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SUM(Deals!C4:C6)", "SUM(Deals!C4:C8)"),
        ("SUM(Deals!$C$4:$C$6)", "SUM(Deals!$C$4:$C$8)"),
        ("SUM(deals!C$4:C$6)", "SUM(deals!C$4:C$8)"),
        ("SUM('Deals'!$B$4:$F$6)", "SUM('Deals'!$B$4:$F$8)"),
        ("SUM(Deals!$C$3:$C$6)", "SUM(Deals!$C$3:$C$8)"),
        ("SUM(Deals!$C$5:$C$6)", "SUM(Deals!$C$5:$C$8)"),
        ("SUM(Deals!$C$4:Deals!$C$6)", "SUM(Deals!$C$4:Deals!$C$8)"),
        ("SUM(Deals!C4:C6)/MAX(Deals!$C$4:$C$6,Other!C4:C6)", "SUM(Deals!C4:C8)/MAX(Deals!$C$4:$C$8,Other!C4:C6)"),
        ("SUM(Deals!$C$4:$C$5)", None),  # not to the last row
        ("SUM(Deals!$C$4:$C$7)", "SUM(Deals!$C$4:$C$9)"),  # with a row beneath: goes on doing so
        ("Deals!$C$6", None),  # that one cell
        ("SUM(Deals!$B$6:$F$6)", None),  # that one row
        ("SUM(Deals!$A$4:$C$6)", None),  # wider than the table
        ("SUM(Deals!$4:$6)+SUM(Deals!$C:$C)", None),
        ("SUM(Other!$C$4:$C$6)+SUM(C4:C6)", None),  # another sheet's cells
        ("SUM([1]Deals!$C$4:$C$6)", None),  # another workbook's
        ('"Deals!$C$4:$C$6"&SUM(tblDeals[Amount])', None),
    ],
)
def test_formulas_that_read_a_column_to_its_end_read_the_new_rows_too(before: str, after: str | None) -> None:
    content = book(lambda _workbook, sheets: sheets["View"].write_formula("A1", f"={before}"))
    assert formula(resized(content, FIVE), "View", "A1") == f"={after or before}"


def test_formulas_of_the_tables_own_sheet_need_no_sheet_name() -> None:
    content = book(lambda _workbook, sheets: sheets["Deals"].write_formula("H1", "=SUM(C4:C6)"))
    assert formula(resized(content, FIVE), "Deals", "H1") == "=SUM(C4:C8)"


def test_a_running_total_on_another_sheet_stays_one() -> None:
    def running(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        for row in (4, 5, 6):
            sheets["View"].write_formula(f"A{row}", f"=SUM(Deals!C$4:C{row})")

    assert cells(resized(book(running), FIVE), "View", "A4:A6") == [[f"=SUM(Deals!C$4:C{row})"] for row in (4, 5, 6)]


def test_a_column_of_formulas_beside_the_table_goes_on_with_it_and_so_does_its_total() -> None:
    def bonus(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        sheets["Deals"].write_formula("H1", "=SUM(H4:H6)")
        for row in (4, 5, 6):
            sheets["Deals"].write_formula(f"H{row}", f"=C{row}*2%")
            sheets["Deals"].write_string(f"J{row}", "a note")

    grown = resized(book(bonus, typed=2), FIVE)
    assert cells(grown, "Deals", "H6:J8") == [
        ["=C6*2%", None, "a note"],
        ["=C7*2%", None, None],
        ["=C8*2%", None, None],
    ]
    assert formula(grown, "Deals", "H1") == "=SUM(H4:H8)"
    shrunk = resized(grown, {"tblDeals": 2})
    assert cells(shrunk, "Deals", "H5:J7") == [["=C5*2%", None, "a note"], [None, None, "a note"], [None] * 3]


def test_a_table_that_ends_in_the_same_row_stays_as_it_is() -> None:
    def other(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        sheets["Deals"].add_table("H3:I6", {"name": "tblOther"})
        for row in (4, 5, 6):
            sheets["Deals"].write_formula(f"H{row}", f"=C{row}*2%+SUM(H$3:H$6)")

    grown = resized(book(other), FIVE)
    assert cells(grown, "Deals", "H6:H7") == [["=C6*2%+SUM(H$3:H$6)"], [None]]
    assert openpyxl.load_workbook(io.BytesIO(grown))["Deals"].tables["tblOther"].ref == "H3:I6"


SHARED = (
    '<c r="{0}4"><f t="shared" ref="{0}4:{0}6" si="7">{1}</f><v>0</v></c>',
    '<c r="{0}{2}"><f t="shared" si="7"/><v>0</v></c>',
)


def shared(sheet: str, column: str, text: str) -> bytes:
    """A workbook with a formula shared by rows 4 to 6 of a column, as Excel stores a formula that is filled down."""

    def numbers(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        for row in (4, 5, 6):
            sheets[sheet].write_number(f"{column}{row}", 77700 + row)

    content, part = book(numbers, typed=2), DEALS if sheet == "Deals" else VIEW
    for row in (4, 5, 6):
        new = SHARED[row > 4].format(column, text, row)
        content = edited(content, part, f'<c r="{column}{row}"><v>{77700 + row}</v></c>', new)
    return content


@pytest.mark.parametrize(
    ("sheet", "column", "text", "after"),
    [
        ("Deals", "F", "C4/SUM(C$4:C$6)", [f"=C{row}/SUM(C$4:C$8)" for row in range(4, 9)]),
        ("Deals", "F", "C4+1", [f"=C{row}+1" for row in range(4, 9)]),
        ("Deals", "F", "SUM(C$4:C4)", [f"=SUM(C$4:C{row})" for row in range(4, 9)]),
        ("Deals", "H", "SUM(C4:C5)", ["=SUM(C4:C5)", "=SUM(C5:C6)", "=SUM(C6:C7)", "=SUM(C7:C8)", "=SUM(C8:C9)"]),
        ("View", "A", "SUM(Deals!C$4:C$6)", ["=SUM(Deals!C$4:C$8)"] * 3 + [None] * 2),
        ("View", "A", "SUM(Deals!C4:C6)", ["=SUM(Deals!C4:C8)", "=SUM(Deals!C5:C7)", "=SUM(Deals!C6:C8)", None, None]),
        ("View", "A", "Other!C1", ["=Other!C1", "=Other!C2", "=Other!C3", None, None]),
    ],
)
def test_a_shared_formula_follows_in_each_of_its_cells(
    sheet: str, column: str, text: str, after: list[str | None]
) -> None:
    grown = resized(shared(sheet, column, text), FIVE)
    assert [row[0] for row in cells(grown, sheet, f"{column}4:{column}8")] == after


def test_a_shared_formula_follows_though_its_text_is_not_that_of_the_cell_that_reads_the_last_row() -> None:
    def numbers(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        sheets["View"].write_column("A1", [1, 2, 3])

    content = long_book(numbers)
    first, later = SHARED[0].replace("{0}4", "A1").replace("{0}6", "A3"), SHARED[1]
    content = edited(content, VIEW, '<c r="A1"><v>1</v></c>', first.format("A", "SUM(Deals!C2:C95)"))
    for row in (2, 3):
        content = edited(content, VIEW, f'<c r="A{row}"><v>{row}</v></c>', later.format("A", None, row))
    grown = resized(content, {"tblDeals": 100})
    assert cells(grown, "View", "A1:A3") == [["=SUM(Deals!C2:C95)"], ["=SUM(Deals!C3:C96)"], ["=SUM(Deals!C4:C103)"]]


def test_a_window_that_moves_down_the_table_stays_as_wide_as_it_is() -> None:
    def window(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        for row in (4, 5, 6):
            sheets["Deals"].write_formula(f"F{row}", f"=SUM(C{row}:C{row + 2})")

    grown = cells(resized(book(window), FIVE), "Deals", "F4:F8")
    assert grown == [[f"=SUM(C{row}:C{row + 2})"] for row in range(4, 9)]


def test_a_shared_formula_ends_where_a_shrunk_table_ends() -> None:
    part = package.read(resized(shared("Deals", "F", "C4+1"), {"tblDeals": 2}))[DEALS]
    assert b'<f t="shared" ref="F4:F5" si="7">' in part


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("SUM(C$4:C$4)", "=SUM(C$4:C$6)"),  # the whole column, of one row so far
        ("SUM($C$4:$C4)", "=SUM($C$4:$C4)"),
        ("SUM(C4:C4)", "=SUM(C4:C4)"),
        ("C4*2", "=C4*2"),
    ],
)
@pytest.mark.parametrize("sheet", ["Deals", "View"])
def test_a_range_over_the_only_row_of_a_table_grows_with_it_where_its_end_is_fixed(
    sheet: str, text: str, after: str
) -> None:
    there = "Deals!" if sheet == "View" else ""
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content)
    sheets = {name: workbook.add_worksheet(name) for name in ("Deals", "View")}
    sheets["Deals"].add_table("B3:C4", {"name": "tblDeals"})
    sheets[sheet].write_formula("H1", "=" + text.replace("C", f"{there}C", 1).replace(f"{there}$", f"{there}$"))
    workbook.close()
    grown = resized(content.getvalue(), {"tblDeals": 3})
    assert formula(grown, sheet, "H1").replace("Deals!", "") == after


@pytest.mark.parametrize(
    ("sheet", "text"),
    [("View", "SUM(Deals!C$4:C$6)"), ("View", "SUM(Deals!C4:C6)"), ("Deals", "C4/SUM((C$4:C$6,C$6))")],
)
def test_a_formula_that_excel_does_not_share_is_not_shared_once_it_is_rewritten(sheet: str, text: str) -> None:
    column = "A" if sheet == "View" else "F"
    part = package.read(resized(shared(sheet, column, text), FIVE))[VIEW if sheet == "View" else DEALS]
    assert b"shared" not in part
    assert part.count(b"<f>") >= 3


def test_a_formula_shared_by_two_columns_keeps_its_text_when_the_table_takes_the_first_of_its_cells_away() -> None:
    def numbers(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        for column in "FHI":
            sheets["Deals"].write_number(f"{column}6", 77706)

    content = book(numbers, typed=2)
    for column in "FHI":
        text, reference = ("J6+1", ' ref="F6:I6"') if column == "F" else ("", "")
        new = f'<c r="{column}6"><f t="shared"{reference} si="7">{text}</f><v>1</v></c>'
        content = edited(content, DEALS, f'<c r="{column}6"><v>77706</v></c>', new)
    shrunk = resized(content, {"tblDeals": 2})
    assert cells(shrunk, "Deals", "F6:I6") == [[None, None, "=L6+1", "=M6+1"]]
    assert b"shared" not in package.read(shrunk)[DEALS]


def test_an_array_formula_in_each_row_is_one_in_each_new_row() -> None:
    def arrays(_workbook: Any, sheets: Mapping[str, Any]) -> None:
        for row in (4, 5, 6):
            sheets["Deals"].write_array_formula(f"F{row}:F{row}", f"{{=SUM(C$4:C$6*(B$4:B$6=B{row}))}}")

    part = package.read(resized(book(arrays), FIVE))[DEALS]
    assert b'<f t="array" ref="F8">SUM(C$4:C$8*(B$4:B$8=B8))</f></c>' in part
