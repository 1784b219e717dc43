"""After cells were cut and pasted, a check looks at the rows whose formulas go on reading them elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from tests.planner.rules.formulas import short_formulas
from tests.planner.rules.opened import MAIN, Opened
from tests.planner.rules.planted import Defect
from tests.planner.sound_plan import SOUND, inputs
from tests.planner.test_checks import with_state
from xlsales.calculation.session import Session
from xlsales.planner.checks import lists
from xlsales.workbook import package
from xlsales.workbook.template import Template, parse, read

# A table of each sheet.
TABLES = {
    "Accounts": "tblAccounts",
    "Pipeline": "tblDeals",
    "Activity": "tblWeeks",
    "Check-ins": "tblCheckins",
    "Team": "tblFunctions",
    "Growth": "tblProducts",
    "Plan": "tblRelations",
}

BENEATH = "Nothing stands beneath the list of {sheet}"


def test_every_sheet_with_lists_is_watched() -> None:
    assert {check.sheet for check in lists.CHECKS} == TABLES.keys()
    assert {check.rule for check in lists.CHECKS} == {
        *(f"Each row of {sheet} reads itself" for sheet in TABLES),
        *(BENEATH.format(sheet=sheet) for sheet in TABLES if sheet != "Plan"),
        "Nothing stands beneath the lists of Plan",
    }


@pytest.fixture(scope="module")
def whole(small_template_xlsx: Path) -> Template:
    return read(small_template_xlsx)


@pytest.mark.parametrize(
    ("heading", "function", "moved"),
    [("For checks: rows", "ROW", r"\g<1>\g<2>1\g<3>"), ("For checks: columns", "COLUMN", r"\g<1>Z\g<2>\g<3>")],
    ids=["to another row", "to another column"],
)
@pytest.mark.parametrize("sheets", [list(TABLES)[::2], list(TABLES)[1::2]], ids=", ".join)
def test_row_that_reads_a_cell_elsewhere_is_looked_at(
    whole: Template, sheets: list[str], heading: str, function: str, moved: str
) -> None:
    planner = Opened(package.read(whole.package))
    for sheet in sheets:
        _sheet, cell = whole.tables[TABLES[sheet]].cell(heading, 1)
        formula = whole.formulas[sheet, cell].removeprefix("=")
        first = rf"({function}\(\$[A-Z]+)(\d+)(\))"
        other = re.sub(first, moved, formula, count=1)
        assert other != formula
        pattern = rf'(<c r="{cell}"[^>]*>)<f[^>]*?(?:/>|>[^<]*</f>)'
        planner = Defect(short_formulas, "", sheet, pattern, rf"\1<f>{other}</f>", "").planted(planner)
    template = parse(package.write(planner.parts), whole.name)
    values = Session(template).values(inputs(template, SOUND))
    assert with_state(values, "LOOK") == {f"Each row of {sheet} reads itself" for sheet in sheets}


@pytest.mark.parametrize("sheets", [list(TABLES)[::2], list(TABLES)[1::2]], ids=", ".join)
def test_what_is_typed_beneath_a_list_is_looked_at(whole: Template, sheets: list[str]) -> None:
    planner = Opened(package.read(whole.package))
    parts, rules = {**planner.parts}, set()
    for sheet in sheets:
        table = "tblTeam" if sheet == "Team" else TABLES[sheet]
        columns = whole.tables[table]
        heading = next(heading for heading in columns.letters if heading not in columns.computed)
        _sheet, cell = columns.cell(heading, columns.rows)
        row = int("".join(filter(str.isdigit, cell)))
        part = planner.sheet(sheet).part
        root = etree.fromstring(parts[part])
        data = root.find(f"{MAIN}sheetData")
        found = next((one for one in data if int(one.get("r")) == row), None)
        if found is None:
            found = etree.Element(f"{MAIN}row", r=str(row))
            data.insert(sum(int(one.get("r")) < row for one in data), found)
        typed = etree.SubElement(found, f"{MAIN}c", r=cell)
        etree.SubElement(typed, f"{MAIN}v").text = "1"
        parts[part] = etree.tostring(root)
        rules.add("Nothing stands beneath the lists of Plan" if sheet == "Plan" else BENEATH.format(sheet=sheet))
    template = parse(package.write(parts), whole.name)
    values = Session(template).values(inputs(template, SOUND))
    assert with_state(values, "LOOK") == rules
