"""Every figure and every verdict of filled planners is what tests/planner/oracle.py works out from the same inputs."""

from __future__ import annotations

import datetime as dt
import math
from functools import cache
from typing import Any

import pytest
from xlsxwriter.utility import xl_col_to_name

from tests.planner import oracle
from tests.planner.by_functions import CELLS, ROWS, asked
from tests.planner.cases import CASES
from tests.planner.oracle_calendar import check_ins
from tests.planner.oracle_calendar import weeks as week_columns
from tests.planner.oracle_checks import places
from tests.planner.oracle_grids import grids
from tests.planner.oracle_lists import LISTS
from tests.planner.oracle_rest import rest
from tests.planner.sound_plan import inputs
from xlsales.calculation.compiled import Compiled
from xlsales.calculation.session import Session
from xlsales.cells.values import Address, CellValue
from xlsales.planner.areas import Area
from xlsales.planner.blocks import Grid
from xlsales.planner.build import SHEETS, build
from xlsales.planner.checks import CHECKS
from xlsales.planner.layouts import layouts
from xlsales.planner.sheets import discounts, this_week
from xlsales.planner.sizes import Sizes
from xlsales.workbook.template import Template, parse

SIZES = Sizes(accounts=12, deals=30)
FIRST_RULE = 8  # the row of the first rule on Checks


class Grids:
    """The grids of the planner: their cells by column."""

    def __init__(self) -> None:
        tables = {layout.excel_table: layout for layout in layouts(SIZES)}
        self._areas: dict[str, Area] = {}
        for sheet in (make(tables) for make in SHEETS):
            places = sheet.places()
            blocks = (block for block in sheet.tables if isinstance(block, Grid))
            self._areas |= {b.name: Area(b.layout, places[b.name], b.headings) for b in blocks}

    @property
    def columns(self) -> dict[str, set[str]]:
        """The columns of each."""
        return {name: {column.name for column in area.layout.columns} for name, area in self._areas.items()}

    def addresses(self, grid: str, column: str) -> list[Address]:
        """The cells of a column."""
        area = self._areas[grid]
        letter = xl_col_to_name(area.left + [one.name for one in area.layout.columns].index(column))
        return [(area.sheet, f"{letter}{row + 1}") for row in range(area.first, area.last + 1)]


GRIDS = Grids()


@pytest.fixture(scope="module")
def template() -> Template:
    return parse(build("xlsx", lambda _package: {}, SIZES), "planner.xlsx")


@pytest.fixture(scope="module")
def calculated(template: Template) -> dict[str, dict[Address, CellValue]]:
    """The cells of all cases, calculated together by the compiled planner."""
    compiled = Compiled(template)
    found = compiled.calculated([inputs(template, typed) for typed in CASES.values()])
    return {name: dict(zip(compiled.addresses, values, strict=True)) for name, values in zip(CASES, found, strict=True)}


@pytest.fixture(scope="module")
def session(template: Template) -> Session:
    return Session(template)


def alike(one: Any, other: Any) -> bool:
    """Whether two values are the same, numbers but for their last digits."""
    if isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


# Counted over what other cells show, not over what is typed: `test_checks_are_counted_as_they_stand`.
COUNTED = {"out_open_checks", "out_unfilled_checks", "out_checks_said"}
# They watch the formulas of their own row, which nothing typed changes: tests/planner/test_moved_cells.py.
WATCHING = ("For checks: rows", "For checks: columns")
COLUMNS = {**LISTS, "tblWeeks": week_columns, "tblCheckins": check_ins}


def cell_value(value: Any) -> Any:
    """A worked-out value as a cell holds it."""
    return "" if value is None else (value - dt.date(1899, 12, 30)).days if isinstance(value, dt.date) else value


@cache
def worked_out(name: str) -> dict[str, Any]:
    """All figures of a case, by the names of their cells."""
    found = oracle.figures(CASES[name]) | rest(CASES[name])
    return {figure: cell_value(value) for figure, value in found.items()}


@pytest.mark.parametrize("name", CASES)
def test_figures_are_those_worked_out_from_the_inputs(
    template: Template, calculated: dict[str, dict[Address, CellValue]], name: str
) -> None:
    wanted = worked_out(name)
    cells = {figure: template.names[figure] for figure in wanted}
    found = {f: calculated[name].get(cell, template.constants.get(f, "")) for f, cell in cells.items()}
    assert {f: (found[f], wanted[f]) for f in wanted if not alike(found[f], wanted[f])} == {}


# A headline function and the figure that the plan counts itself.
SAME = {
    "out_conversation_ratio": "fig_conversation_ratio",
    "out_quota_attainment": "fig_of_goal",
    "out_weighted_pipeline": "fig_weighted_forecast",
}


@pytest.mark.parametrize("function", SAME)
def test_a_function_gives_the_figure_that_the_plan_counts_itself(
    template: Template, calculated: dict[str, dict[Address, CellValue]], function: str
) -> None:
    shown = {
        name: [cells[template.names[one]] for one in (function, SAME[function])] for name, cells in calculated.items()
    }
    assert {name: both for name, both in shown.items() if not alike(*both)} == {}
    assert {isinstance(value, str) for value, _own in shown.values()} == {
        True,
        False,
    }  # measured in some, blank in some


def test_no_figure_and_no_grey_column_goes_unproven(template: Template) -> None:
    named = {name for name in template.names if name.startswith(("fig_", "out_", "calc_", "state_"))}
    assert named - worked_out("sound").keys() == COUNTED
    for table, target in template.tables.items():
        proven = set(COLUMNS[table](CASES["sound"])) if table in COLUMNS else set()
        assert {one for one in target.computed if not one.startswith(WATCHING)} == proven, table


@pytest.mark.parametrize("table", COLUMNS)
@pytest.mark.parametrize("name", CASES)
def test_grey_columns_are_those_worked_out_from_the_inputs(
    template: Template, calculated: dict[str, dict[Address, CellValue]], name: str, table: str
) -> None:
    target, wrong = template.tables[table], {}
    for heading, values in COLUMNS[table](CASES[name]).items():
        wanted = [*map(cell_value, values), *[""] * (target.rows - len(values))]
        found = [calculated[name][target.cell(heading, row)] for row in range(target.rows)]
        pairs = {row: pair for row, pair in enumerate(zip(found, wanted, strict=True)) if not alike(*pair)}
        if pairs:
            wrong[heading] = pairs
    assert wrong == {}


def shown(
    template: Template, values: dict[Address, CellValue], typed: Any, address: Address, name: str, row: int = 0
) -> Any:
    """What a cell shows: calculated, typed, or as the template has it; None for blank."""
    given = typed.get(name)
    own = given[row] if isinstance(given, list) and row < len(given) else None if isinstance(given, list) else given
    found = values.get(address, own if own is not None else template.defaults.get(address))
    return None if found == "" else found


@pytest.mark.parametrize(
    ("table", "heading", "needed", "function"), ROWS, ids=lambda one: one if str(one) == one else ""
)
def test_a_row_says_what_the_function_says(
    template: Template,
    calculated: dict[str, dict[Address, CellValue]],
    table: str,
    heading: str,
    needed: tuple[str, ...],
    function: Any,
) -> None:
    target, wrong, count = template.tables[table], [], 0
    for name, values in calculated.items():
        typed = CASES[name]
        named = {
            one: shown(template, values, typed, template.names[one], one) for one in ("in_gross_margin", "calc_as_of")
        }
        for at in range(target.rows):
            row = {
                one: shown(template, values, typed, target.cell(one, at), f"{table}.{one}", at)
                for one in target.headings.values()
            }
            for said in asked(function, row | named, needed):
                found = values[target.cell(heading, at)]
                wrong += [] if alike(found, said) else [(name, at, found, said)]
                count += 1
    assert wrong == []
    assert count > 20


@pytest.mark.parametrize(("cell", "needed", "function"), CELLS, ids=lambda one: one if str(one) == one else "")
def test_a_cell_says_what_the_function_says(
    template: Template,
    calculated: dict[str, dict[Address, CellValue]],
    cell: str,
    needed: tuple[str, ...],
    function: Any,
) -> None:
    wrong, count = [], 0
    for name, values in calculated.items():
        inputs_of = {one: shown(template, values, CASES[name], place, one) for one, place in template.names.items()}
        for said in asked(function, inputs_of, needed):
            wrong += [] if alike(inputs_of[cell], said) else [(name, inputs_of[cell], said)]
            count += 1
    assert wrong == []
    assert count > 2


@pytest.mark.parametrize("name", CASES)
def test_grids_are_those_worked_out_from_the_inputs(calculated: dict[str, dict[Address, CellValue]], name: str) -> None:
    wrong = {}
    for grid, columns in grids(CASES[name]).items():
        for column, values in columns.items():
            found = [calculated[name][address] for address in GRIDS.addresses(grid, column)]
            wanted = [*map(cell_value, values)]
            if not all(map(alike, found, wanted)) or len(found) != len(wanted):
                wrong[f"{grid}.{column}"] = (found, wanted)
    assert wrong == {}


def test_the_largest_accounts_are_those_of_the_list(calculated: dict[str, dict[Address, CellValue]]) -> None:
    place = next(make({}).places()["top accounts"] for make in SHEETS if "top accounts" in make({}).places())
    for name, values in calculated.items():
        rows = oracle.rows_of(CASES[name], "tblAccounts")
        largest = sorted((row for row in rows if row.get("Last 12 months")), key=lambda row: -row["Last 12 months"])
        names = [*(row["Account"] for row in largest), *[""] * 20][:20]
        column = xl_col_to_name(place.left)
        assert [values[place.sheet, f"{column}{place.top + 2 + row}"] for row in range(20)] == names, name


def test_what_discounts_cost_is_worked_out_at_every_margin(calculated: dict[str, dict[Address, CellValue]]) -> None:
    place = discounts.sheet({}).places()["grid"]
    values = calculated["sound"]
    for row in range(10):
        off, top = row * 5, place.top + 3 + row
        cells = [values[place.sheet, f"{xl_col_to_name(place.left + 1 + column)}{top}"] for column in range(7)]
        cut = [
            f"{off * (100 - margin) / 100 / (margin - off)!r}" if off < margin else "–" for margin in range(20, 80, 10)
        ]
        wanted = [off / (100 - off), *(one if one == "–" else float(one) for one in cut)]
        assert all(map(alike, cells, wanted)), (off, cells, wanted)


def test_no_grid_goes_unproven() -> None:
    proven = {grid: set(columns) for grid, columns in grids(CASES["sound"]).items()}
    assert proven == GRIDS.columns


@pytest.mark.parametrize("name", CASES)
def test_checks_are_counted_as_they_stand(
    template: Template, calculated: dict[str, dict[Address, CellValue]], name: str
) -> None:
    values = calculated[name]
    shown = [values["Checks", f"D{row}"] for row in range(FIRST_RULE, FIRST_RULE + len(CHECKS))]
    look, blank = shown.count("LOOK"), shown.count("NOT YET")
    assert shown.count("OK") + look + blank == len(CHECKS)
    assert values[template.names["out_open_checks"]] == look
    assert values[template.names["out_unfilled_checks"]] == blank
    wanted = f"Checks: {f'{look} to look at' if look else 'nothing to look at'}, {blank} not yet filled"
    assert values[template.names["out_checks_said"]] == (wanted if look + blank else "All checks pass")


@pytest.mark.parametrize("name", CASES)
def test_checks_say_what_the_inputs_say(calculated: dict[str, dict[Address, CellValue]], name: str) -> None:
    wanted, values = places(CASES[name]), calculated[name]
    rows = {check.rule: row for row, check in enumerate(CHECKS, start=FIRST_RULE)}
    assert wanted.keys() == rows.keys()
    found = {rule: (values["Checks", f"C{row}"], values["Checks", f"D{row}"]) for rule, row in rows.items()}
    assert {rule: (found[rule], wanted[rule]) for rule in rows if found[rule] != wanted[rule]} == {}
    sales = oracle.states(CASES[name], oracle.figures(CASES[name]))
    assert {rule: wanted[rule][1] for rule in sales} == sales


@pytest.mark.parametrize("name", ["both, and they disagree", "zeros", "a leap year of 54 weeks", "at random, 3"])
def test_the_calculation_engine_gives_the_same(
    template: Template, session: Session, calculated: dict[str, dict[Address, CellValue]], name: str
) -> None:
    values = session.values(inputs(template, CASES[name]))
    assert [cell for cell, value in values.items() if not alike(value, calculated[name][cell])] == []


def test_each_verdict_of_the_sales_occurs() -> None:
    seen: dict[str, set[str]] = {}
    for typed in CASES.values():
        for rule, state in oracle.states(typed, oracle.figures(typed)).items():
            seen.setdefault(rule, set()).add(state)
    few = {rule: found for rule, found in seen.items() if found != {"OK", "LOOK", "NOT YET"}}
    assert few.keys() <= {"Every check-in was held in the year", "Enough of the hours go into selling"}, few


def test_an_account_without_revenue_is_never_worth_top_points(
    template: Template, calculated: dict[str, dict[Address, CellValue]]
) -> None:
    table = template.tables["tblAccounts"]
    tiers = [calculated["zeros"][table.cell("Tier", row)] for row in range(9)]
    assert tiers == ["A", *["C"] * 8]
    points = [calculated["zeros"][table.cell("Points: revenue", row)] for row in range(9)]
    assert points == [5, *[1] * 8]


def test_weeks_that_do_not_fit_are_named_and_counted(template: Template, session: Session) -> None:
    typed = dict(CASES["activity only"])
    listed = list(typed["tblWeeks.Week of"])
    right = listed[23]
    listed[20] += dt.timedelta(2)  # a Wednesday
    listed[22] = listed[21]  # twice
    listed[23] = dt.date(2025, 3, 3)  # a Monday of another year
    values = session.values(inputs(template, typed | {"tblWeeks.Week of": listed}))
    table = template.tables["tblWeeks"]
    shown = {row: values[table.cell("Week check", row)] for row in range(67)}
    unfit = {20: "DOUBLE OR NO MONDAY", 22: "DOUBLE OR NO MONDAY", 23: "OUTSIDE THE YEAR"}
    assert {row: word for row, word in shown.items() if word not in ("OK", "")} == unfit
    flags = {
        heading: [row for row in range(67) if values[table.cell(heading, row)] == 1]
        for heading in ("Misfit?", "Outside?", "No Monday, or twice?")
    }
    assert flags == {"Misfit?": [20, 22, 23], "Outside?": [23], "No Monday, or twice?": [20, 22]}
    assert right not in listed
    assert values[template.names["fig_weeks_unfit"]] == 3 + 1  # three that do not fit, and one missing


@pytest.mark.parametrize(
    ("name", "goal_of_week", "catch_up", "note"),
    [
        ("last day of the year", 100_000 * 5 / 31 / 12, "–", "no selling weeks left"),
        ("after the year", "–", "–", "no selling weeks left"),
        ("goal blank", "NOT YET", "NOT YET", "needs a goal, a sale, As of"),
        ("blank but for the year", "NOT YET", "NOT YET", "needs a goal, a sale, As of"),
    ],
)
def test_this_week_tells_a_year_that_is_over_from_one_that_nothing_is_known_of(
    calculated: dict[str, dict[Address, CellValue]], name: str, goal_of_week: Any, catch_up: str, note: str
) -> None:
    place, values = this_week.sheet({}).places()["numbers"], calculated[name]
    goal, number = (xl_col_to_name(place.left + column) for column in (2, 3))
    assert alike(values[place.sheet, f"{goal}{place.top + 2}"], goal_of_week)
    assert values[place.sheet, f"{number}{place.top + 2}"] == catch_up
    assert values[place.sheet, f"{number}{place.top + 3}"] == note


def test_forty_weeks_without_a_sale_are_looked_at(
    template: Template, calculated: dict[str, dict[Address, CellValue]]
) -> None:
    values = calculated["40 weeks without a sale"]
    assert values[template.names["fig_first_appointments"]] == 117
    assert values[template.names["fig_revenue"]] == ""
    assert values[template.names["state_goal_to_date"]] == "LOOK"
    assert "to look at" in str(values[template.names["out_checks_said"]])
