"""A planner in which headings, words or cells were renamed: it is filled all the same, or nothing is written."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import RawWorkbook, Tables, WriteTables
from tests.made_once import made_once
from xlsales.batch import Options, prepare
from xlsales.errors import InputError
from xlsales.schema import TABLES, heading_name
from xlsales.workbook.template import Template, parse

Change = Callable[[Any], None]
Shown = dict[tuple[str, str], Any]
INPUT_TABLES = [table for table in TABLES.values() if table.excel_table]


def heading_cell(workbook: Any, excel_table: str, heading: str) -> tuple[Any, Any]:
    """A table's column, and the cell of its heading."""
    for sheet in workbook:
        if excel_table in sheet.tables:
            table = sheet.tables[excel_table]
            top, left = openpyxl.utils.cell.coordinate_to_tuple(table.ref.split(":")[0])
            column = next(column for column in table.tableColumns if column.name == heading)
            return column, sheet.cell(top, left + table.tableColumns.index(column))
    raise LookupError(excel_table)


def renamed(excel_table: str, heading: str) -> Change:
    """Another text in a heading, as a manager would type it."""

    def change(workbook: Any) -> None:
        column, cell = heading_cell(workbook, excel_table, heading)
        column.name = cell.value = f"{heading} (ours)"

    return change


def nameless(name: str) -> Change:
    """A name gone from the Name Manager."""

    def change(workbook: Any) -> None:
        del workbook.defined_names[name]

    return change


def every_heading_renamed(workbook: Any) -> None:
    for table in INPUT_TABLES:
        for column in table.inputs:
            renamed(table.excel_table or "", column.header)(workbook)


def other_words(workbook: Any) -> None:
    """Another language's words on Lists: WON, OPEN, YES, COMBINED and SEARCH."""
    words = {"won": "VINTO", "open": "APERTO", "yes": "SÌ", "combined": "UNITO", "first_appointment": "PRIMO INCONTRO"}
    for code, word in words.items():
        sheet, cell = next(iter(workbook.defined_names[f"word_{code}"].destinations))
        workbook[sheet][cell.replace("$", "")] = word


def changed(template: Path, folder: Path, *changes: Change) -> Path:
    workbook = openpyxl.load_workbook(template)
    for change in changes:
        change(workbook)
    saved = io.BytesIO()
    workbook.save(saved)
    path = folder / "mine.xlsx"
    path.write_bytes(saved.getvalue())
    return path


def shown(path: Path) -> Shown:
    book = RawWorkbook(path)
    return {(sheet, ref): cell.value for sheet, cells in book.sheets.items() for ref, cell in cells.items()}


@pytest.fixture
def made(
    tmp_path: Path, small_template_xlsx: Path, small_tables: Tables, write_tables: WriteTables
) -> Callable[..., Path]:
    """Make the planner of T1 from a template with these changes."""
    source = write_tables(tmp_path / "tables", small_tables)
    counter = itertools.count()

    def make(*changes: Change) -> Path:
        out = tmp_path / f"plans {next(counter)}"
        template = changed(small_template_xlsx, tmp_path, *changes)
        with prepare(source, Options(out, workers=1, template=template)) as batch:
            batch.run()
        return out / "T1 North.xlsx"

    return make


@pytest.fixture
def unchanged(made: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """What the planner of T1 shows that is made from the template as it is."""
    path = made_once(tmp_path_factory, "T1 of an unchanged template.xlsx", lambda: made().read_bytes())
    return shown(path)


def differences(first: Shown, other: Path, headings: set[str]) -> Shown:
    second = shown(other)
    assert first.keys() == second.keys()
    pairs = {place: (first[place], second[place]) for place in first if first[place] != second[place]}
    return {place: pair for place, pair in pairs.items() if pair[0] not in headings}


def test_every_input_heading_has_a_name_of_its_own(small_template_xlsx: Path) -> None:
    template = parse(small_template_xlsx.read_bytes(), "small")
    for table in INPUT_TABLES:
        target = template.table(table)
        assert target is not None
        for column in table.inputs:
            assert target.heading_at(template.names[heading_name(table.name, column.name)]) == column.header


def test_planner_with_every_heading_renamed_holds_the_same_values(made: Callable[..., Path], unchanged: Shown) -> None:
    headings = {column.header for table in INPUT_TABLES for column in table.inputs}
    assert differences(unchanged, made(every_heading_renamed), headings) == {}


@pytest.mark.unsound("formulas that tell a row name its heading")
def test_planner_without_any_heading_name_is_filled_by_the_headings(
    made: Callable[..., Path], unchanged: Shown
) -> None:
    names = [nameless(heading_name(table.name, column.name)) for table in INPUT_TABLES for column in table.inputs]
    changed_cells = differences(unchanged, made(*names), set())
    assert {sheet for sheet, _cell in changed_cells} <= {"Functions", "This week"}  # where rows are told


def test_table_of_another_name_is_found_by_its_headings_names(made: Callable[..., Path], unchanged: Shown) -> None:
    def other_table_name(workbook: Any) -> None:
        table = workbook["Pipeline"].tables["tblDeals"]
        table.name = table.displayName = "Geschäfte"

    assert differences(unchanged, made(other_table_name), set()) == {}


def test_planner_with_other_words_counts_the_same(made: Callable[..., Path], unchanged: Shown) -> None:
    changed_cells = differences(unchanged, made(other_words), set())
    words = {("WON", "VINTO"), ("OPEN", "APERTO"), ("YES", "SÌ"), ("COMBINED", "UNITO")}
    words |= {("FIRST APPOINTMENT", "PRIMO INCONTRO")}
    assert set(changed_cells.values()) <= words
    assert {pair for (sheet, _cell), pair in changed_cells.items() if sheet == "Pipeline"} >= {
        ("WON", "VINTO"),
        ("OPEN", "APERTO"),
    }


@pytest.mark.unsound("the template names what it has lost")
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            [renamed("tblDeals", "Deal ID"), nameless("col_deals_deal_id")],
            "mine.xlsx, Pipeline, tblDeals: No column is headed Deal ID, and no heading has the name "
            "col_deals_deal_id: give the heading that name in Excel's Name Manager, or its text back.",
        ),
        (
            [renamed("tblDeals", "Amount"), nameless("col_deals_amount")],  # not required, but the tables have it
            "mine.xlsx, Pipeline, tblDeals: No column is headed Amount",
        ),
        (
            [nameless("in_person")],
            "mine.xlsx: Person has no cell named in_person, and the tables have values for it: name its cell again.",
        ),
        ([nameless("in_growth_rate")], "Growth rate has no cell named in_growth_rate"),
    ],
)
def test_nothing_is_written_where_values_would_be_lost(
    tmp_path: Path, made: Callable[..., Path], changes: list[Change], told: str
) -> None:
    with pytest.raises(InputError) as refused:
        made(*changes)
    assert told in str(refused.value)
    assert not list(tmp_path.glob("plans*"))


@pytest.mark.unsound("the template names what it has lost")
def test_all_that_would_be_lost_is_told_at_once(made: Callable[..., Path]) -> None:
    with pytest.raises(InputError) as refused:
        made(
            nameless("in_growth_rate"),
            nameless("in_person"),
            renamed("tblDeals", "Amount"),
            nameless("col_deals_amount"),
        )
    assert len(str(refused.value).splitlines()) == 3


def test_cell_that_no_row_has_a_value_for_may_be_missing(made: Callable[..., Path]) -> None:
    changes = (nameless("in_leader"), renamed("tblDeals", "Interview"), nameless("col_deals_interview_date"))
    assert made(*changes).exists()


def test_code_without_a_word_is_shown_as_it_is(small_template_xlsx: Path) -> None:
    template: Template = parse(small_template_xlsx.read_bytes(), "small")
    assert [template.word(code) for code in ("WON", "HUNTER/FARMER", "en")] == ["WON", "HUNTER/FARMER", "en"]
