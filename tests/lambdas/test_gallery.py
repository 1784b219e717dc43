"""`Sales Functions.xlsx`: each function with cells to type in, its value stored; no macro, no Python."""

from __future__ import annotations

import math
from pathlib import Path

import ironcalc
import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from tests import open_xml_sdk
from xlsales.functions import CATALOGUE
from xlsales.lambdas.gallery import NAME, build
from xlsales.lambdas.library import library
from xlsales.workbook import lint, name_edits, package

SHIPPED = Path(__file__).resolve().parents[2] / "workbook" / NAME


def test_the_committed_workbook_is_what_the_source_builds() -> None:
    committed, built = package.read(SHIPPED.read_bytes()), package.read(build())
    assert list(built) == list(committed)
    assert [name for name in built if built[name] != committed[name]] == [], (
        "rebuild it: xlsales functions gallery --out workbook --overwrite"
    )


def test_it_has_every_lambda_as_a_name_and_no_macro() -> None:
    members = package.read(SHIPPED.read_bytes())
    names = {name.name: name.formula for name in name_edits.found(members["xl/workbook.xml"])}
    assert names == {name: one.stored for name, one in library().items()}
    assert not [name for name in members if "vba" in name.lower()]


def test_linter_finds_nothing() -> None:
    assert lint.check_file(SHIPPED).faults == ()


@pytest.mark.sdk
def test_open_xml_sdk_finds_nothing() -> None:
    assert open_xml_sdk.faults(SHIPPED) == []


def test_every_result_that_is_stored_is_what_another_engine_calculates() -> None:
    stored = openpyxl.load_workbook(SHIPPED, data_only=True)
    live = ironcalc.load_from_xlsx(str(SHIPPED), "en", "UTC", "en")
    seen, spilled = set(), []
    for position, sheet in enumerate(openpyxl.load_workbook(SHIPPED).worksheets):
        for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, ArrayFormula)):
            seen.add(cell.value.text.removeprefix("=").partition("(")[0])
            for row in sheet[cell.value.ref] if ":" in cell.value.ref else ((cell,),):
                spilled += [(position, one.row, one.column, one is not cell) for one in row]
    assert seen == library().keys()
    for position, row, column, is_ghost in spilled:
        if is_ghost:  # this engine takes what has spilled for typed
            live.clear_cell_contents(position, row, column)
    live.evaluate()
    for position, row, column, _ghost in spilled:
        cell = stored.worksheets[position].cell(row, column)
        found, expected = live.get_cell_value(position, row, column), cell.value
        if cell.is_date:
            expected = CATALOGUE["NEXT_CHECKIN"].examples[0].result
        if isinstance(expected, (int, float)) and isinstance(found, (int, float)):
            same = math.isclose(found, expected)
        else:
            same = found == expected
        assert same, (cell.coordinate, found, expected)


def test_each_block_says_what_the_function_and_its_arguments_are() -> None:
    texts = {
        str(value)
        for sheet in openpyxl.load_workbook(SHIPPED).worksheets
        for row in sheet.iter_rows(values_only=True)
        for value in row
    }
    for name in library():
        function = CATALOGUE[name]
        assert {name, function.summary, f"={function.signature}"} <= texts
        assert {argument.help for argument in function.arguments} <= texts
    assert any("SALES_EXPLAIN" in text for text in texts)
