"""The add-in: the functions of the planner for every workbook, in a file that Excel takes for an add-in."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest

from tests.planner.rules import file, macros
from tests.planner.rules.opened import Opened
from tests.workbook.vba.olevba import modules_in, streams_in
from xlsales.addin import workbook
from xlsales.addin.shipped import shipped
from xlsales.workbook import package, template
from xlsales.workbook.parts import CONTENT_TYPES
from xlsales.workbook.vba.sources import ADDIN as ADDIN_BUTTONS
from xlsales.workbook.vba.sources import PLANNER, modules

ADDIN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"


@pytest.fixture(scope="module")
def addin() -> Opened:
    return Opened(package.read(shipped().read_bytes()))


def test_committed_addin_is_what_the_source_builds() -> None:
    committed, built = (package.read(content) for content in (shipped().read_bytes(), workbook.build()))
    assert list(built) == list(committed)
    assert [name for name in built if built[name] != committed[name]] == [], (
        "rebuild it: xlsales addin build --out workbook --overwrite"
    )


def test_built_twice_it_is_the_same_byte_for_byte_and_knows_no_time() -> None:
    first, second = workbook.build(), workbook.build()
    assert file.same_bytes(first, second) == []
    assert file.fixed_times(first) == []


def test_excel_takes_it_for_an_addin(addin: Opened) -> None:
    assert macros.kind_of_file(addin) == [f"the file's kind is {ADDIN}"]


@pytest.mark.parametrize(
    "rule",
    [
        macros.code_names,
        macros.sources_of_the_project,
        macros.words_of_the_project,
        macros.function_help,
        macros.tooltips,
        macros.buttons,
    ],
)
def test_project_help_and_buttons_are_like_the_planners(addin: Opened, rule: Any) -> None:
    assert rule(addin) == []


def test_functions_are_the_planners_and_so_is_all_the_rest_of_the_code(addin: Opened) -> None:
    planner = modules_in(package.read(template.shipped("xlsm").read_bytes())[macros.PROJECT])
    shared = {name: source for name, source in planner.items() if not name.startswith("Sheet") and name != PLANNER}
    found = modules_in(addin.parts[macros.PROJECT])
    assert {name: found.get(name) for name in shared} == shared
    assert found.keys() - shared.keys() == {"Sheet1", "Sheet2", ADDIN_BUTTONS}
    assert [module.name for module in modules(["Sheet1", "Sheet2"], ADDIN_BUTTONS)] == list(found)


def test_a_planners_buttons_cannot_find_their_macros_in_it_nor_its_own_in_a_planner(addin: Opened) -> None:
    planner = modules_in(package.read(template.shipped("xlsm").read_bytes())[macros.PROJECT])
    macro = re.compile(r"Public Sub (\w+)\(control As Object\)")
    ours, theirs = (
        set(macro.findall("".join(one.values()))) for one in (modules_in(addin.parts[macros.PROJECT]), planner)
    )
    assert len(ours) == len(theirs) == 2
    assert not ours & theirs


def test_its_project_has_a_name_of_its_own(addin: Opened) -> None:
    project = streams_in(addin.parts[macros.PROJECT])["PROJECT"].decode("ascii")
    assert 'Name="xlsales_addin"' in project


def test_one_sheet_is_not_hidden_and_empty(addin: Opened) -> None:
    assert [(sheet.name, sheet.state, len(sheet.cells)) for sheet in addin.sheets] == [("Sheet1", "visible", 0)]


def test_excels_list_of_addins_shows_what_it_is() -> None:
    parts = package.read(workbook.build())
    types = parts[CONTENT_TYPES]
    parts[CONTENT_TYPES] = types.replace(ADDIN.encode(), package.MAIN_XLSM)  # openpyxl opens no add-ins
    properties = openpyxl.load_workbook(io.BytesIO(package.write(parts))).properties
    assert (properties.title, properties.description) == ("xlsales", "Sales planning functions")
