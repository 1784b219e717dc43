"""The built planner: the same bytes every time, and what a manager finds in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.conftest import LARGER
from tests.planner.conftest import Built
from xlsales.functions import CATALOGUE
from xlsales.planner.sheets.functions import examples
from xlsales.planner.sizes import Sizes
from xlsales.planner.thresholds import THRESHOLDS
from xlsales.schema import ACCOUNTS, ACTIVITY, CHECKINS, DEALS, ORG_HEALTH, TEAM, TERRITORIES
from xlsales.workbook import package
from xlsales.workbook.template import Template, parse, read, shipped

SHEETS = [
    "Start",
    "This week",
    "Dashboard",
    "Targets",
    "Accounts",
    "Pipeline",
    "Activity",
    "Discounts",
    "Growth",
    "Team",
    "Plan",
    "Check-ins",
    "Org health",
    "Details",
    "Functions",
    "Checks",
    "Lists",
]
TOOLTIPS = "_IntelliSense_"
MACROS_ALONE = {"xl/vbaProject.bin", "customUI/customUI14.xml", f"xl/worksheets/sheet{len(SHEETS) + 1}.xml"}
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"


def test_the_committed_workbook_is_what_the_source_builds(template_path: Path, built: Built) -> None:
    committed, anew = template_path.read_bytes(), built.package
    parts, others = package.read(committed), package.read(anew)
    assert list(others) == list(parts)
    assert [name for name in others if others[name] != parts[name]] == [], (
        "rebuild it: xlsales template build --out workbook --overwrite"
    )
    assert anew == committed  # in what is around the parts too: built on another day, it has the same bytes


def test_the_twin_differs_in_macros_and_in_the_bridge_to_python_alone() -> None:
    xlsm, xlsx = (package.read(shipped(file_format).read_bytes()) for file_format in ("xlsm", "xlsx"))
    assert xlsm.keys() - xlsx.keys() == MACROS_ALONE
    assert xlsx.keys() <= xlsm.keys()
    without_names = {name: re.sub(rb' codeName="Sheet\d+"', b"", content) for name, content in xlsm.items()}
    assert {name for name in xlsx if xlsx[name] != without_names[name]} == {
        f"xl/worksheets/sheet{SHEETS.index('Functions') + 1}.xml",
        # what says that there are macros, a sheet more, buttons and help; the texts of that sheet
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
        "xl/workbook.xml",
        "xl/sharedStrings.xml",
    }
    assert package.MAIN_XLSM in xlsm["[Content_Types].xml"]
    assert package.MAIN_XLSX in xlsx["[Content_Types].xml"]
    with_python, without = (parse(package.write(parts), "x").formulas for parts in (xlsm, xlsx))
    differing = {
        address for address in with_python.keys() | without.keys() if with_python.get(address) != without.get(address)
    }
    # the value used, the status, and the call of the Python function
    assert {(sheet, cell[0]) for sheet, cell in differing} == {("Functions", column) for column in "CEF"}


def test_the_sheets_stand_in_the_order_of_the_work(workbook: Any, template_path: Path) -> None:
    assert workbook.sheetnames == (SHEETS if template_path.suffix == ".xlsx" else [*SHEETS, TOOLTIPS])


def test_every_input_of_a_territory_and_every_standard_is_a_named_cell(workbook: Any) -> None:
    names = set(workbook.defined_names)
    assert {f"in_{column.name}" for column in TERRITORIES} | {"in_as_of"} <= names
    assert {f"th_{threshold.field.name}" for threshold in THRESHOLDS} <= names
    assert {f"out_{name}" for name in ("magic_number", "activity_barometer", "close_ratio", "org_health")} <= names


@pytest.fixture(scope="session")
def template(template_path: Path) -> Template:
    return read(template_path)


@pytest.mark.parametrize(
    ("sheet", "table", "columns", "rows"),
    [
        ("Accounts", "tblAccounts", ACCOUNTS.inputs, 100),
        ("Pipeline", "tblDeals", DEALS.inputs, 400),
        ("Activity", "tblWeeks", ACTIVITY.inputs, 67),
        ("Check-ins", "tblCheckins", CHECKINS.inputs, 97),
        ("Team", "tblTeam", TEAM.inputs, 12),
        ("Org health", "tblOrgHealth", ORG_HEALTH.inputs, 12),
    ],
)
def test_every_input_column_of_a_table_is_there(
    template: Template, sheet: str, table: str, columns: Any, rows: int
) -> None:
    found = template.tables[table]
    assert (found.sheet, found.rows) == (sheet, rows)
    assert [column.header for column in columns if column.header not in found.letters] == []


def test_a_blank_planner_shows_no_error_and_no_uncalculated_formula(workbook: Any, blank_values: Any) -> None:
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                shown = blank_values[sheet.title][cell.coordinate]
                assert shown.data_type != "e", f"{sheet.title}!{cell.coordinate} shows {shown.value}"


def test_charts_have_titles_and_alt_text(template_path: Path) -> None:
    parts = package.read(template_path.read_bytes())
    charts = [name for name in parts if name.startswith("xl/charts/chart")]
    assert len(charts) >= 5
    for name in charts:
        assert b"<c:title>" in parts[name], name
    described = [
        frame.get("descr")
        for name in parts
        if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)
        for frame in etree.fromstring(parts[name]).iter(f"{DRAWING}cNvPr")
    ]
    assert len(described) == len(charts)
    assert all(text and len(text) > 20 for text in described)


def test_larger_sizes_give_larger_tables(larger_template_xlsx: Path) -> None:
    template = read(larger_template_xlsx)
    assert (template.tables["tblAccounts"].rows, template.tables["tblDeals"].rows) == (LARGER.accounts, LARGER.deals)


@pytest.mark.parametrize("sizes", [{"accounts": 0}, {"deals": 100_001}])
def test_an_impossible_size_is_refused(sizes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="number of rows from 1 to"):
        Sizes(**sizes)


def test_the_gallery_ticks_every_example(template_path: Path, blank_values: Any) -> None:
    with_python = template_path.suffix == ".xlsm"
    wanted = ["✓" if function.native or with_python else "–" for function, _example in examples()]
    ticks = [row[4].value for row in blank_values["Functions"].iter_rows() if row[4].value in ("✓", "✗", "–")]
    assert ticks == wanted


def test_the_gallery_shows_every_function() -> None:
    assert {function.name for function, _example in examples()} == set(CATALOGUE)
