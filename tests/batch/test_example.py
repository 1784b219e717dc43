"""The filled example: every sheet has something in it, its rows are sound, and it is the same file every time."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from xlsales.batch import example
from xlsales.schema import TABLES
from xlsales.tables import parted, validate
from xlsales.workbook.template import Template, read, shipped

if TYPE_CHECKING:
    from tests.conftest import WriteTables


@pytest.fixture(scope="module")
def template() -> Template:
    return read(shipped("xlsx"))


@pytest.fixture(scope="module")
def content(template: Template) -> bytes:
    return example.workbook(template)


@pytest.fixture(scope="module")
def values(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=True)


def named(values: Any, name: str) -> object:
    ((sheet, cell),) = values.defined_names[name].destinations
    return values[sheet][cell].value


def test_the_example_is_the_same_file_every_time(template: Template, content: bytes) -> None:
    assert example.workbook(template) == content


def test_rows_of_the_example_are_as_a_batch_takes_them(tmp_path: Path, write_tables: WriteTables) -> None:
    plan = example.plan()
    rows: Mapping[str, Any] = {"territories": [plan.territory], **plan.rows}
    texts = {
        name: [{key: "" if cell is None else str(cell) for key, cell in row.items()} for row in table]
        for name, table in rows.items()
    }
    with parted(write_tables(tmp_path / "crm", texts)) as parts:
        validated = validate(next(iter(parts)), example.AS_OF)
    assert [str(finding) for finding in validated.findings] == []
    assert {name for name in TABLES if validated.accounting[name].accepted} == set(TABLES)


def test_every_list_of_the_example_has_rows_and_every_step_is_begun(values: Any) -> None:
    for sheet in values:
        for table in sheet.tables.values():
            cells = sheet[table.ref]
            assert any(cell.value for cell in cells[1]), f"{sheet.title}: {table.name} is blank"
    states = [row[3].value for row in values["Start"].iter_rows(min_row=8, max_row=20) if row[1].value]
    assert "EMPTY" not in states


def test_figures_of_the_example_are_those_of_a_plausible_year(values: Any) -> None:
    assert isinstance(named(values, "out_magic_number"), float)
    assert 0.6 < float(str(named(values, "out_close_ratio"))) < 0.8
    assert 0.65 < float(str(named(values, "out_proposal_ratio"))) < 0.9
    assert 0.4 < float(str(named(values, "fig_revenue"))) / 960_000 < 0.7


def test_the_example_breaks_no_rule_that_makes_figures_wrong(values: Any) -> None:
    looks = [row for row in values["Checks"].iter_rows(values_only=True) if row[3] == "LOOK"]
    assert [row[1] for row in looks if "ERROR" in row and row[4] != "Pipeline"] == []
    assert looks, "an example has something to look at"


def test_no_cell_of_the_example_shows_an_error(values: Any) -> None:
    shown = [
        f"{sheet.title}!{cell.coordinate}: {cell.value}"
        for sheet in values
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"  # the beginnings of links, "#'Accounts'!B", are texts
    ]
    assert shown == []
