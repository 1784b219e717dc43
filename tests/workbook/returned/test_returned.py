"""A returned planner says what it is and what its inputs hold, whatever program saved it and wherever they stand."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.package_edit import WORKBOOK
from tests.workbook.returned.edits import EXAMPLE, PlannerEdit, at
from xlsales.errors import InputError
from xlsales.planner.layouts import layouts
from xlsales.planner.sizes import Sizes
from xlsales.schema import DETAILS, TABLES
from xlsales.workbook import returned
from xlsales.workbook.planner_tables import EXCEL_TABLES
from xlsales.workbook.returned import Kind, NoPlannerError, Returned

Values = dict[str, tuple[Kind, Any]]


def read(edit: PlannerEdit) -> Returned:
    return returned.parse(edit.close(), "planner.xlsx")


@pytest.fixture(scope="module")
def example() -> Returned:
    return returned.read(EXAMPLE)


def rounded(found: Values) -> Values:
    """As openpyxl writes numbers: with 15 digits."""
    return {
        name: (given[0], float(f"{given[1]:.15g}") if given[0] is Kind.NUMBER else given[1])
        for name, given in found.items()
    }


def values(planner: Returned) -> Values:
    found: Values = {name: (given.kind, given.value) for name, given in planner.inputs.items()}
    for name, table in planner.tables.items():
        for number, row in enumerate(table.rows):
            found |= {
                f"{name} {number} {column}": (given.kind, given.value)
                for column, given in row.items()
                if column not in table.computed and not given.is_blank
            }
    return found


def test_a_planner_says_whose_it_is_and_of_which_layout(example: Returned) -> None:
    identity = example.identity
    assert (identity.territory_id, identity.fiscal_year, identity.made_for) == ("EXAMPLE", 2027, "EXAMPLE")
    assert (identity.schema_version, identity.template_version) == ("2", "0.1.0")
    assert example.inputs["as_of"].day == dt.date(2027, 6, 30)
    assert not example.missing


def test_all_tables_of_the_planner_are_known_by_their_names() -> None:
    assert {layout.name: layout.excel_table for layout in layouts(Sizes())} == EXCEL_TABLES


def test_every_input_column_is_read(example: Returned) -> None:
    for layout in layouts(Sizes()):
        if layout.excel_table == DETAILS:
            continue  # of batches that fill it
        assert set(example.tables[layout.name].letters) == layout.named
        assert len(example.tables[layout.name].rows) == layout.rows
    assert example.tables["org_health"].computed == {"element"}


def test_openpyxl_saves_it_and_every_input_is_read_the_same(example: Returned) -> None:
    book, content = load_workbook(EXAMPLE), io.BytesIO()
    book.save(content)
    again = returned.parse(content.getvalue(), "planner.xlsx")
    assert rounded(values(again)) == rounded(values(example))
    assert again.identity == example.identity
    magic = again.named("out_magic_number")
    assert magic is not None
    assert magic.kind is Kind.NOT_CALCULATED


@pytest.mark.parametrize(
    ("inside", "kind", "expected"),
    [
        ("", "", (Kind.BLANK, None)),
        ("<v></v>", "", (Kind.BLANK, None)),
        ("<v>0</v>", "", (Kind.NUMBER, 0.0)),
        ("<v>-1.5E3</v>", "n", (Kind.NUMBER, -1500.0)),
        ("<v></v>", "str", (Kind.EMPTY_TEXT, "")),
        ("<is><t></t></is>", "inlineStr", (Kind.EMPTY_TEXT, "")),
        ("<is><r><t>1.000</t></r><r><t>,50</t></r></is>", "inlineStr", (Kind.TEXT, "1.000,50")),
        ("<v>_x0041_&amp;b</v>", "str", (Kind.TEXT, "A&b")),
        ("<v>1</v>", "b", (Kind.BOOLEAN, True)),
        ("<v>#DIV/0!</v>", "e", (Kind.ERROR, "#DIV/0!")),
        ("<f>1/0</f>", "", (Kind.NOT_CALCULATED, None)),
        ("<f>1+1</f><v>2</v>", "", (Kind.NUMBER, 2.0)),
        ('<f>""</f><v></v>', "str", (Kind.EMPTY_TEXT, "")),
        ("<v>2027-03-31</v>", "d", (Kind.NUMBER, 46477.0)),
        ("<v>2027-03-31T06:00:00</v>", "d", (Kind.NUMBER, 46477.25)),
    ],
)
def test_blank_empty_text_zero_error_and_not_calculated_are_five_things(
    inside: str, kind: str, expected: tuple[Kind, object]
) -> None:
    edit = PlannerEdit()
    edit.cell(*at("in_revenue_goal"), inside, kind)
    goal = read(edit).inputs["revenue_goal"]
    assert (goal.kind, goal.value) == expected
    assert goal.address == at("in_revenue_goal")


def test_a_formula_typed_into_an_input_is_told_with_its_value() -> None:
    edit = PlannerEdit()
    edit.cell(*at("in_revenue_goal"), "<f>500000+C20</f><v>1400000</v>")
    goal = read(edit).inputs["revenue_goal"]
    assert (goal.formula, goal.value) == ("500000+C20", 1400000.0)


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        ("<v>1_000</v>", ""),
        ("<v>1e999</v>", ""),
        ("<v>nan</v>", ""),
        ("<v>99999</v>", "s"),
        ("<v>2</v>", "b"),
        ("<v>x</v>", "z"),
    ],
)
def test_a_value_that_makes_no_sense_is_no_other_value(inside: str, kind: str) -> None:
    edit = PlannerEdit()
    edit.cell(*at("in_revenue_goal"), inside, kind)
    with pytest.raises(InputError, match=r"planner\.xlsx is damaged"):
        read(edit)


@pytest.mark.parametrize(("serial", "day"), [("45015", dt.date(2027, 3, 31)), ("0", dt.date(1904, 1, 1))])
def test_a_workbook_that_counts_from_1904_shows_its_own_days(serial: str, day: dt.date) -> None:
    edit = PlannerEdit()
    edit.parts[WORKBOOK] = re.sub(rb"<workbookPr\b", b'<workbookPr date1904="1"', edit.parts[WORKBOOK], count=1)
    edit.cell(*at("in_as_of"), f"<v>{serial}</v>")
    assert read(edit).inputs["as_of"].day == day


def test_a_day_before_march_1900_is_the_one_that_excel_shows() -> None:
    edit = PlannerEdit()
    edit.cell(*at("in_as_of"), "<v>1</v>")
    assert read(edit).inputs["as_of"].day == dt.date(1900, 1, 1)


def test_an_input_is_found_where_it_was_moved_to() -> None:
    edit = PlannerEdit()
    edit.cell(*at("in_revenue_goal"), "")
    edit.put_cells("Targets", 19, '<c r="AB19"><v>7</v></c>')
    edit.names({"in_revenue_goal": "Targets!$AB$19"})
    goal = read(edit).inputs["revenue_goal"]
    assert (goal.value, goal.cell) == (7.0, "AB19")


def test_an_input_whose_cell_was_deleted_is_missing() -> None:
    edit = PlannerEdit()
    edit.names({"in_revenue_goal": "Targets!#REF!"})
    planner = read(edit)
    assert planner.missing == ("revenue_goal",)
    assert "revenue_goal" not in planner.inputs


def test_sheets_are_found_by_whatever_name_they_have_now(example: Returned) -> None:
    edit = PlannerEdit()
    edit.replace(WORKBOOK, 'sheet name="Pipeline"', 'sheet name="Deals &amp; more"')
    edit.parts[WORKBOOK] = edit.parts[WORKBOOK].replace(b">Pipeline!", b">'Deals &amp; more'!")
    planner = read(edit)
    assert planner.tables["deals"].sheet == "Deals & more"
    assert values(planner) == values(example)


def test_two_columns_that_changed_places_keep_their_meaning(example: Returned) -> None:
    edit = PlannerEdit()
    letters = example.tables["accounts"].letters
    one, other = letters["prior_revenue"], letters["recent_revenue"]
    edit.names(
        {"col_accounts_prior_revenue": f"Accounts!${other}$6", "col_accounts_recent_revenue": f"Accounts!${one}$6"}
    )
    row, before = read(edit).tables["accounts"].rows[0], example.tables["accounts"].rows[0]
    assert row["prior_revenue"].value == before["recent_revenue"].value
    assert row["recent_revenue"].value == before["prior_revenue"].value


def test_a_column_whose_name_is_gone_is_found_by_its_heading(example: Returned) -> None:
    edit = PlannerEdit()
    edit.names({"col_deals_amount": "#REF!"})
    planner = read(edit)
    assert values(planner) == values(example)
    assert not planner.tables["deals"].missing


def test_a_column_that_was_deleted_is_missing() -> None:
    edit = PlannerEdit()
    edit.names({"col_goals_measure": "#REF!"})
    assert read(edit).tables["goals"].missing == ["measure"]


def test_names_alone_are_enough_where_tables_and_properties_are_gone(example: Returned) -> None:
    edit = PlannerEdit()
    for part in [name for name in edit.parts if name.startswith("xl/worksheets/_rels/")]:
        links = edit.text(part)
        edit.parts[part] = re.sub(r'<Relationship [^>]*relationships/table"[^>]*/>', "", links).encode()
    edit.parts["_rels/.rels"] = re.sub(rb"<Relationship [^>]*custom-properties[^>]*/>", b"", edit.parts["_rels/.rels"])
    planner = read(edit)
    assert values(planner) == values(example)
    assert not planner.tables["accounts"].is_excel_table
    assert not planner.identity.is_stamped
    assert planner.identity.territory_id == "EXAMPLE"


def test_rows_typed_beneath_a_table_are_told(example: Returned) -> None:
    edit = PlannerEdit()
    letter = example.tables["accounts"].letters["account_name"]
    edit.put_cells("Accounts", 107, f'<c r="{letter}107" t="str"><v>New one</v></c>')
    (row,) = read(edit).tables["accounts"].beneath
    assert (row.number, row["account_name"].value) == (107, "New one")


def test_a_workbook_that_never_was_a_planner_is_none() -> None:
    with pytest.raises(NoPlannerError, match="is no planner"):
        returned.read(EXAMPLE.with_name("Sales Functions.xlsx"))


def test_a_planner_that_has_lost_its_names_is_refused_and_not_passed_over() -> None:
    book, content = load_workbook(EXAMPLE), io.BytesIO()
    for name in [name for name in book.defined_names if name.startswith("in_")]:
        del book.defined_names[name]
    book.save(content)
    with pytest.raises(InputError, match="nothing is certain in it") as refused:
        returned.parse(content.getvalue(), "planner.xlsx")
    assert not isinstance(refused.value, NoPlannerError)


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet5.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/tables/table1.xml"]
)
def test_a_planner_with_a_lost_part_is_damaged_and_not_empty(part: str) -> None:
    edit = PlannerEdit()
    del edit.parts[part]
    with pytest.raises(InputError, match="damaged"):
        read(edit)


def test_every_table_of_the_input_is_a_table_of_the_planner() -> None:
    assert set(TABLES) - {"territories"} <= set(EXCEL_TABLES)
