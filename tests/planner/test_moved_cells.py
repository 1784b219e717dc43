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
from tests.planner.test_checks import counts, with_state
from xlsales.calculation.session import Session
from xlsales.planner.checks import lists
from xlsales.workbook import package
from xlsales.workbook.template import Template, TemplateTable, parse, read

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

BENEATH, LISTS = "Nothing stands beneath the list of {sheet}", "Nothing stands beneath the lists of Plan"
# What watches a row, and what it reads once its cells were moved to another row, or to another column.
MOVED = (("For checks: rows", "ROW", r"\g<1>\g<2>1\g<3>"), ("For checks: columns", "COLUMN", r"\g<1>Z\g<2>\g<3>"))


def test_every_sheet_with_lists_is_watched() -> None:
    assert {check.sheet for check in lists.CHECKS} == TABLES.keys()
    assert {check.rule for check in lists.CHECKS} == {
        *(f"Each row of {sheet} reads itself" for sheet in TABLES),
        *(BENEATH.format(sheet=sheet) for sheet in TABLES if sheet != "Plan"),
        LISTS,
    }


@pytest.fixture(scope="module")
def whole(small_template_xlsx: Path) -> Template:
    return read(small_template_xlsx)


@pytest.mark.parametrize("moved", [list(TABLES)[::2], list(TABLES)[1::2]], ids=", ".join)
def test_rows_that_read_elsewhere_and_what_is_typed_beneath_a_list_are_looked_at(
    whole: Template, moved: list[str]
) -> None:
    """On some sheets rows read cells elsewhere, on the others something stands beneath the lists."""
    planner = Opened(package.read(whole.package))
    for sheet in moved:
        planner = _moved(planner, whole, sheet)
    beneath = [sheet for sheet in TABLES if sheet not in moved]
    parts = {**planner.parts}
    for sheet in beneath:
        part = planner.sheet(sheet).part
        parts[part] = _typed_beneath(parts[part], whole.tables["tblTeam" if sheet == "Team" else TABLES[sheet]])
    template = parse(package.write(parts), whole.name)
    values = Session(template).values(inputs(template, SOUND))
    rows = {f"Each row of {sheet} reads itself": 2 for sheet in moved}
    lists = {LISTS if sheet == "Plan" else BENEATH.format(sheet=sheet): 1 for sheet in beneath}
    assert {rule: counts(values)[rule] for rule in with_state(values, "LOOK")} == rows | lists


def _moved(planner: Opened, whole: Template, sheet: str) -> Opened:
    """The planner with one row of a sheet that reads another row, and the next that reads another column."""
    for row, (heading, function, moved) in enumerate(MOVED, start=1):
        _sheet, cell = whole.tables[TABLES[sheet]].cell(heading, row)
        formula = whole.formulas[sheet, cell].removeprefix("=")
        other = re.sub(rf"({function}\(\$[A-Z]+)(\d+)(\))", moved, formula, count=1)
        assert other != formula
        pattern = rf'(<c r="{cell}"[^>]*>)<f[^>]*?(?:/>|>[^<]*</f>)'
        planner = Defect(short_formulas, "", sheet, pattern, rf"\1<f>{other}</f>", "").planted(planner)
    return planner


def _typed_beneath(part: bytes, table: TemplateTable) -> bytes:
    """A sheet with a number in the row beneath a table."""
    heading = next(heading for heading in table.letters if heading not in table.computed)
    _sheet, cell = table.cell(heading, table.rows)
    row = int("".join(filter(str.isdigit, cell)))
    root = etree.fromstring(part)
    data = root.find(f"{MAIN}sheetData")
    found = next((one for one in data if int(one.get("r")) == row), None)
    if found is None:
        found = etree.Element(f"{MAIN}row", r=str(row))
        data.insert(sum(int(one.get("r")) < row for one in data), found)
    typed = etree.SubElement(found, f"{MAIN}c", r=cell)
    etree.SubElement(typed, f"{MAIN}v").text = "1"
    changed: bytes = etree.tostring(root)
    return changed
