"""After cells were cut and pasted, a check looks at the rows whose formulas go on reading them elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.planner.rules.formulas import short_formulas
from tests.planner.rules.opened import Opened
from tests.planner.rules.planted import Defect
from tests.planner.sound_plan import SOUND, inputs
from tests.planner.test_checks import with_state
from xlsales.calculate import Session
from xlsales.excel import package
from xlsales.planner.checks import lists
from xlsales.template import Template, parse, read

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


def test_every_sheet_with_lists_is_watched() -> None:
    assert {check.sheet for check in lists.CHECKS} == TABLES.keys()


@pytest.fixture(scope="module")
def whole(small_template_xlsx: Path) -> Template:
    return read(small_template_xlsx)


@pytest.mark.parametrize("sheet", TABLES)
@pytest.mark.parametrize(
    ("heading", "function", "moved"),
    [("Rows read", "ROW", r"\g<1>\g<2>1\g<3>"), ("Columns read", "COLUMN", r"\g<1>A\g<2>\g<3>")],
    ids=["to another row", "to another column"],
)
def test_row_that_reads_a_cell_elsewhere_is_looked_at(
    whole: Template, sheet: str, heading: str, function: str, moved: str
) -> None:
    _sheet, cell = whole.tables[TABLES[sheet]].cell(heading, 1)
    formula = whole.formulas[sheet, cell].removeprefix("=")
    first = rf"({function}\(\$[A-Z]+)(\d+)(\))"
    other = re.sub(first, moved, formula, count=1)
    assert other != formula
    pattern = rf'(<c r="{cell}"[^>]*>)<f[^>]*?(?:/>|>[^<]*</f>)'
    planted = Defect(short_formulas, "", sheet, pattern, rf"\1<f>{other}</f>", "").planted(
        Opened(package.read(whole.package))
    )
    template = parse(package.write(planted.parts), whole.name)
    values = Session(template).values(inputs(template, SOUND))
    assert with_state(values, "LOOK") == {f"Each row of {sheet} reads itself"}
