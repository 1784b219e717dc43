"""Each kind of finding has a planted case, with its place, what was expected, and what is there."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook

from tests.collection.conftest import ReadPlanner
from tests.foreign_templates import external_link, moved_sheets, own_sheet, renamed_sheet
from tests.package_edit import WORKBOOK
from tests.sealed import with_old_macros
from tests.workbook.returned.edits import EXAMPLE, PlannerEdit, at
from xlsales.collection.planner import Planner

LABEL = at("in_revenue_goal")[1].replace("C", "B")
Found = tuple[str, str, str]


def told(planner: Planner) -> list[Found]:
    return [(one.code, one.sheet, one.cell) for one in planner.findings]


def columns(planner: Planner) -> object:
    return planner.inputs, planner.tables


def test_an_unedited_planner_has_no_findings(example: Planner) -> None:
    assert told(example) == []
    assert example.is_recalculated
    assert not example.is_edited
    assert (example.territory_id, example.fiscal_year) == ("EXAMPLE", 2027)
    assert 0 < (example.completeness or 0) <= 1


def test_openpyxl_saves_an_unedited_planner_without_a_false_alarm(example: Planner, read_planner: ReadPlanner) -> None:
    book, content = load_workbook(EXAMPLE), io.BytesIO()
    book.save(content)
    planner = read_planner(content.getvalue())
    assert {one.code for one in planner.findings} == {"NOT_CALCULATED"}
    assert planner.figures == pytest.approx(example.figures, rel=1e-9, nan_ok=True) or all(
        planner.figures[name] == value or abs(float(planner.figures[name]) - float(value)) < 1e-6  # type: ignore[arg-type]
        for name, value in example.figures.items()
    )


def test_a_formula_overwritten_by_a_number_is_told_with_what_stood_there(read_planner: ReadPlanner) -> None:
    edit = PlannerEdit()
    edit.cell(*at("calc_goal"), "<v>5</v>")
    (first, *_rest) = read_planner(edit).findings
    assert (first.code, first.sheet, first.cell, first.got) == ("FORMULA_OVERWRITTEN", *at("calc_goal"), "5")
    assert first.expected.startswith("=")


def test_a_formula_that_was_deleted_is_overwritten_by_nothing(read_planner: ReadPlanner) -> None:
    edit = PlannerEdit()
    edit.cell(*at("calc_goal"), "")
    assert ("FORMULA_OVERWRITTEN", *at("calc_goal")) in told(read_planner(edit))


def test_a_formula_that_was_changed_is_told_with_both(read_planner: ReadPlanner) -> None:
    edit = PlannerEdit()
    edit.cell(*at("calc_goal"), "<f>1+1</f><v>2</v>")
    found = next(one for one in read_planner(edit).findings if one.code == "FORMULA_CHANGED")
    assert (found.sheet, found.cell, found.got) == (*at("calc_goal"), "=1+1")


def test_a_headline_figure_that_is_stale_is_told_with_what_the_inputs_give(
    example: Planner, read_planner: ReadPlanner
) -> None:
    edit = PlannerEdit()
    formula = "G" + at("out_magic_number")[1][1:]
    edit.cell(*at("out_magic_number"), f"<f>{formula}</f><v>99</v>")
    planner = read_planner(edit)
    (found,) = planner.findings
    assert (found.code, found.sheet, found.cell, found.got) == ("VALUE_DIFFERENT", *at("out_magic_number"), "99")
    assert float(found.expected) == pytest.approx(example.figures["out_magic_number"])
    assert planner.figures == example.figures


def test_an_input_changed_by_a_program_that_does_not_calculate_makes_figures_stale(read_planner: ReadPlanner) -> None:
    edit = PlannerEdit()
    edit.cell(*at("in_revenue_goal"), "<v>480000</v>")
    planner = read_planner(edit)
    assert planner.inputs["revenue_goal"] == 480000.0
    assert "VALUE_DIFFERENT" in {one.code for one in planner.findings}


def test_a_threshold_that_was_changed_is_an_input_and_counts(example: Planner, read_planner: ReadPlanner) -> None:
    edit = PlannerEdit()
    edit.cell(*at("th_retention"), "<v>0.9</v>")
    planner = read_planner(edit)
    assert planner.assumptions["th_retention"] == 0.9
    assert "CELL_CHANGED" not in {one.code for one in planner.findings}
    assert example.assumptions["th_retention"] == 1.0


def test_a_label_that_was_changed_is_told(read_planner: ReadPlanner) -> None:
    edit = PlannerEdit()
    edit.cell("Targets", LABEL, "<is><t>Revenue, roughly</t></is>", "inlineStr")
    (found,) = read_planner(edit).findings
    assert (found.code, found.sheet, found.cell) == ("CELL_CHANGED", "Targets", LABEL)
    assert (found.expected, found.got) == ("Revenue goal", "Revenue, roughly")


@pytest.mark.parametrize(
    ("inside", "kind", "code", "value"),
    [
        ("<v>12 %</v>", "str", "INPUT_TEXT_READ", 0.12),
        ("<v>n/a</v>", "str", "INPUT_UNCLEAR", None),
        ("<v></v>", "str", "INPUT_EMPTY_TEXT", None),
        ("<v>#N/A</v>", "e", "INPUT_ERROR", None),
        ("<f>1/8</f>", "", "INPUT_NOT_CALCULATED", None),
        ("<f>1/8</f><v>0.125</v>", "", "INPUT_FORMULA", 0.125),
        ("<v>10</v>", "", "INPUT_OUT_OF_RANGE", 10.0),
    ],
)
def test_what_was_typed_wrongly_is_told_with_its_cell(
    inside: str, kind: str, code: str, value: object, read_planner: ReadPlanner
) -> None:
    edit = PlannerEdit()
    edit.cell(*at("in_growth_rate"), inside, kind)
    planner = read_planner(edit)
    assert (code, *at("in_growth_rate")) in told(planner)
    assert planner.inputs["growth_rate"] == value


def test_a_row_beneath_a_table_is_read_and_told(example: Planner, read_planner: ReadPlanner) -> None:
    edit = PlannerEdit()
    edit.put_cells("Accounts", 107, '<c r="B107" t="str"><v>A999</v></c><c r="C107" t="str"><v>New one</v></c>')
    planner = read_planner(edit)
    assert "ROWS_BENEATH" in {one.code for one in planner.findings}
    assert planner.tables["accounts"]["account_name"][-1] == "New one"
    assert len(planner.tables["accounts"]["account_name"]) == len(example.tables["accounts"]["account_name"]) + 1


def test_an_input_and_a_column_that_are_gone_are_told(read_planner: ReadPlanner) -> None:
    edit = PlannerEdit()
    edit.names({"in_region": "#REF!", "col_goals_measure": "#REF!"})
    found = {(one.code, one.expected) for one in read_planner(edit).findings}
    assert {("INPUT_MISSING", "region"), ("COLUMN_MISSING", "goals.measure")} <= found


def test_inputs_whose_names_a_program_took_away_are_told(read_planner: ReadPlanner) -> None:
    edit = PlannerEdit()
    text, gone = re.subn(
        r'<definedName name="in_(?:revenue_goal|person)"[^>]*>[^<]*</definedName>', "", edit.text(WORKBOOK)
    )
    assert gone == 2
    edit.parts[WORKBOOK] = text.encode()
    planner = read_planner(edit)
    told_missing = [(one.severity, one.expected) for one in planner.findings if one.code == "INPUT_MISSING"]
    assert told_missing == [("warning", "person"), ("warning", "revenue_goal")]


def test_another_version_or_layout_is_told_and_not_compared(read_planner: ReadPlanner) -> None:
    for name, old, code in (("template_version", "0.1.0", "OTHER_VERSION"), ("schema_version", "2", "OTHER_LAYOUT")):
        edit = PlannerEdit()
        part = "docProps/custom.xml"
        text = edit.text(part)
        changed = re.sub(rf'(name="{name}"[^>]*><vt:lpwstr>){re.escape(old)}<', r"\g<1>77<", text)
        assert changed != text
        edit.parts[part] = changed.encode()
        edit.cell(*at("calc_goal"), "<v>5</v>")
        planner = read_planner(edit)
        assert [one.code for one in planner.findings] == [code]
        assert not planner.is_recalculated
        assert planner.inputs["revenue_goal"] == 960000.0


def test_a_planner_that_says_another_territory_than_it_was_made_for(read_planner: ReadPlanner) -> None:
    edit = PlannerEdit()
    edit.cell(*at("in_territory_id"), "<is><t>T99</t></is>", "inlineStr")
    planner = read_planner(edit)
    found = next(one for one in planner.findings if one.code == "OTHER_TERRITORY")
    assert (found.expected, found.got, found.cell) == ("EXAMPLE", "T99", at("in_territory_id")[1])


def test_a_planner_without_a_territory_is_told(read_planner: ReadPlanner) -> None:
    edit = PlannerEdit()
    edit.cell(*at("in_territory_id"), "")
    assert ("NO_TERRITORY", *at("in_territory_id")) in told(read_planner(edit))


def test_a_planner_that_counts_from_1904_is_told(read_planner: ReadPlanner) -> None:
    edit = PlannerEdit()
    edit.parts[WORKBOOK] = re.sub(rb"<workbookPr\b", b'<workbookPr date1904="1"', edit.parts[WORKBOOK], count=1)
    assert "DATES_FROM_1904" in {one.code for one in read_planner(edit).findings}


def test_hidden_sheets_links_and_sheets_of_ones_own(read_planner: ReadPlanner) -> None:
    edit = PlannerEdit(external_link(own_sheet(EXAMPLE.read_bytes())))
    edit.replace(WORKBOOK, '<sheet name="Lists"', '<sheet name="Lists" state="hidden"')
    found = {(one.code, one.sheet or one.got) for one in read_planner(edit).findings}
    assert {("HIDDEN_SHEET", "Lists"), ("EXTERNAL_LINK", "Rates.xlsx"), ("OWN_SHEET", "My bonus")} <= found


def test_sheets_of_old_macros_are_told(read_planner: ReadPlanner) -> None:
    found = {(one.code, one.sheet or one.got) for one in read_planner(with_old_macros(EXAMPLE.read_bytes())).findings}
    assert found == {("OWN_SHEET", "Macro1"), ("VBA_CHANGED", "a sheet holds macros as Excel 4 had them")}


@pytest.mark.parametrize("moved", [renamed_sheet, moved_sheets], ids=["renamed", "other order"])
def test_sheets_with_other_names_or_in_another_order_are_no_edits(
    moved: object, example: Planner, read_planner: ReadPlanner
) -> None:
    planner = read_planner(moved(EXAMPLE.read_bytes()))  # type: ignore[operator]
    assert told(planner) == []
    assert columns(planner) == columns(example)


def test_macros_are_compared_by_their_source(read_planner: ReadPlanner) -> None:
    macros = EXAMPLE.with_name("Sales Planner.xlsm").read_bytes()
    assert "VBA_CHANGED" not in {one.code for one in read_planner(macros).findings}
    edit = PlannerEdit(macros)
    edit.parts["xl/vbaProject.bin"] = edit.parts["xl/vbaProject.bin"][:20_000]
    assert "VBA_CHANGED" in {one.code for one in read_planner(edit).findings}
