"""A cell that somebody adds to a template changes what no other cell shows, whatever it holds."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula

from tests.depth import examples
from xlsales.batch import Options, prepare
from xlsales.batch.plan import Plan, fill
from xlsales.calculation.compiled import Compiled
from xlsales.cells.values import Address, CellValue, InputValue
from xlsales.workbook.template import Template, parse, read

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

# What a person may add, with the cell itself as {own}, one below as {below} and an input cell as {input}.
PLAIN = ("5", "-0.5", "a text", "'=1+1", "TRUE", "#N/A", "")
COMPILED = ("={input}*2", "=1/0", "=IF({input}>0,1,2)", '=SUM(Targets!C4:C40)&"x"', "=AA1048576+1")
SLOW = (
    "=TODAY()", "=NOW()+{input}", "=MEDIAN({input},2)", "=SUM(Accounts!A:A)", '=INDIRECT("Targets!C4")',
    "=OFFSET({input},0,0)", "=OFFSET({input},0,0,2,1)", "=_xlfn.XLOOKUP({input},Targets!C4:C9,Targets!C4:C9,0)",
    "=SUMIF(Accounts!A:A,{input},Accounts!B:B)", "=MATCH({input},Targets!C4:C9,1)", "=SUBTOTAL(9,Targets!C4:C9)",
)  # fmt: skip
LEFT = (
    "={own}+1", "={below}", "=NO_SUCH({input})", "=RAND()", "=[1]Other!A1", "=_xlfn.SEQUENCE(3)", '=CELL("filename")',
    "=SUM(", "=TEXT({input},{input})", "=no_such_name", "=Targets!#REF!", '=GETPIVOTDATA("x",Targets!A1)',
)  # fmt: skip


FEW_ROWS, TOP = 3, 40  # of each list and of each sheet, for what is tried many times: the others are like these


class Planner:
    """A planner, to which cells are added and taken away again."""

    def __init__(self, template: Template, *, whole: bool = True) -> None:
        self._workbook = openpyxl.load_workbook(io.BytesIO(template.package))
        for sheet, cell in () if whole else _beneath(template):
            self._workbook[sheet][cell] = None

    def with_cells(self, cells: dict[Address, Any]) -> Template:
        """The planner with these cells more."""
        for (sheet, cell), value in cells.items():
            self._workbook[sheet][cell] = value
        saved = io.BytesIO()
        self._workbook.save(saved)
        for sheet, cell in cells:
            self._workbook[sheet][cell] = None
        return parse(saved.getvalue(), "planner.xlsx")


def _beneath(template: Template) -> Iterator[Address]:
    """The formulas in all but a few rows."""
    for table in template.tables.values():
        yield from (table.cell(column, row) for column in table.computed for row in range(FEW_ROWS, table.rows))
    yield from (address for address in template.formulas if int(address[1].lstrip(ascii_uppercase)) > TOP)


def different(before: Template, many: list[dict[Address, InputValue]], wanted: list[Any], compiled: Compiled) -> Any:
    """What cells show otherwise, to the last bit: before, and in the changed template that was compiled."""
    found: dict[Address, Any] = {}
    for values, old in zip(compiled.calculated(many), wanted, strict=True):
        now = dict(zip(compiled.addresses, map(repr, values), strict=True))
        was = zip(before.formulas, map(repr, old), strict=True)
        found |= {address: (value, now.get(address)) for address, value in was if now.get(address) != value}
    return found


@pytest.fixture
def plans(small_tables: Tables, write_tables: WriteTables, tmp_path: Path) -> Sequence[Plan]:
    """What fills the planners of three territories, the first of them with something of everything."""
    with prepare(write_tables(tmp_path / "tables", small_tables), Options(tmp_path / "plans")) as batch:
        return list(batch.plans)


def filled(template: Template, share: float) -> dict[Address, InputValue]:
    """Inputs of a planner: something in so many of its cells."""
    chance = random.Random(3)
    cells = sorted(set(template.table_inputs()))
    values = (1, 2, 0.5, 46418, "A1", "YES", "x", None)
    return {cell: chance.choice(values) for cell in cells if chance.random() < share}


@pytest.fixture(scope="module")
def short(small_template: Path) -> tuple[Planner, Template, list[dict[Address, InputValue]], list[list[CellValue]]]:
    """A planner of few rows, saved as the changed ones are, what is filled in, and what its formulas give."""
    planner = Planner(read(small_template), whole=False)
    template = planner.with_cells({})
    many = [filled(template, 0.6)]
    return planner, template, many, Compiled(template).calculated(many)


def cells_of(template: Template, holding: str, sheet: str, cell: str) -> dict[Address, Any]:
    own = openpyxl.Workbook().active[cell]
    below = own.offset(row=1).coordinate
    goal = "Targets!" + template.names["in_revenue_goal"][1]
    text = holding.format(own=cell, below=below, input=goal)
    found: dict[Address, Any] = {(sheet, cell): ArrayFormula(cell, text) if holding == "=_xlfn.SEQUENCE(3)" else text}
    return found | ({(sheet, below): f"={cell}"} if "{below}" in holding else {})


@settings(max_examples=examples(4), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    holding=st.sampled_from((*PLAIN, *COMPILED, *SLOW, *LEFT)),
    sheet=st.sampled_from(("Targets", "Accounts", "Pipeline", "Lists")),
    cell=st.sampled_from(("AZ2", "BB40", "CA900", "ZZ300000", "XFD1")),
)
def test_any_cell_added_changes_no_other(short: Any, holding: str, sheet: str, cell: str) -> None:
    planner, template, many, wanted = short
    changed = planner.with_cells(cells_of(template, holding, sheet, cell))
    assert different(template, many, wanted, Compiled(changed)) == {}


def test_all_of_them_together_change_no_other(small_template: Path, plans: Sequence[Plan]) -> None:
    planner = Planner(read(small_template))
    template = planner.with_cells({})
    many = [{}, filled(template, 0.8), dict(fill(template, plans[0]).inputs)]
    wanted = Compiled(template).calculated(many)
    added: dict[Address, Any] = {}
    for row, holding in enumerate((*PLAIN, *COMPILED, *SLOW, *LEFT), start=1):
        added |= cells_of(template, holding, "Targets", f"AZ{10 * row}")
    compiled = Compiled(planner.with_cells(added))
    assert different(template, many, wanted, compiled) == {}
    assert compiled.slow.keys() | compiled.left.keys() <= added.keys()
    assert {compiled.slow["Targets", cell] for cell in ("AZ130", "AZ150", "AZ210")} == {
        "TODAY depends on more than its cells",
        "MEDIAN is not compiled",
        "references to whole columns and rows are not compiled",
    }
