"""A territory's rows in the template's cells: which row they stand in, and what is said of those left out."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from xlsales.batch import Options, prepare
from xlsales.batch.plan import fill
from xlsales.schedule import checkin_dates
from xlsales.workbook.filling import Filling
from xlsales.workbook.template import Template, TemplateTable, read

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

Fill: TypeAlias = "Callable[..., Filling]"


@pytest.fixture
def template(small_template: Path) -> Template:
    return read(small_template)


@pytest.fixture
def filled(
    tmp_path: Path, small_tables: Tables, small_template: Path, template: Template, write_tables: WriteTables
) -> Fill:
    """Fill the planner of T1 with rows of one table; `options` are cells of its territories row."""

    def run(table: str, rows: list[dict[str, str]], template: Template = template, **options: str) -> Filling:
        small_tables["territories"][0] |= options
        tables = {"territories": small_tables["territories"], table: [{"territory_id": "T1", **row} for row in rows]}
        source = write_tables(tmp_path / "tables", tables)
        prepared = prepare(source, Options(tmp_path / "plans", template=small_template))
        assert prepared.findings == []
        return fill(template, prepared.plans[0])

    return run


def column(filling: Filling, table: TemplateTable, heading: str) -> list[object]:
    """What stands in a table's column, to its last filled row."""
    cells: list[object] = [filling.inputs.get(table.cell(heading, row)) for row in range(table.rows)]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def told(filling: Filling) -> list[tuple[str, str, str | None]]:
    return [(finding.severity, finding.code, finding.message) for finding in filling.findings]


PEOPLE = [
    {"name": "Di", "role": "Assistant", "stage": "PAPERWORK", "hours_per_week": "20"},
    {"name": "Ada", "role": "Seller", "stage": "SALE", "target": "1000", "actual": "900", "target_pay": "50"},
    {"name": "Cy", "role": "Coach"},
    {"name": "Bo", "role": "Seller", "stage": "SALE"},
]


def test_team_stands_as_the_sale_goes_and_by_name(filled: Fill, template: Template) -> None:
    filling, team = filled("team", PEOPLE), template.tables["tblTeam"]
    assert told(filling) == []
    assert column(filling, team, "Name") == ["Ada", "Bo", "Di", "Cy"]
    assert column(filling, team, "Role") == ["Seller", "Seller", "Assistant", "Coach"]
    assert column(filling, team, "Stage") == ["SALE", "SALE", "PAPERWORK"]
    assert column(filling, team, "Hours a week") == [None, None, 20]
    assert [column(filling, team, heading) for heading in ("Target", "Actual", "Pay at target")] == [
        [1000], [900], [50],
    ]  # fmt: skip


def test_owner_of_a_stage_is_the_first_by_name_of_the_team_whose_part_it_is(filled: Fill, template: Template) -> None:
    stages = template.tables["tblStages"]
    assert column(filled("team", PEOPLE), stages, "Owner") == [None, None, "Ada", "Di"]  # nobody searches or wakes
    assert column(filled("team", PEOPLE[::-1]), stages, "Owner") == [None, None, "Ada", "Di"]
    every = [{"name": stage.title(), "role": "-", "stage": stage} for stage in ("WAKE DORMANT", "SEARCH")]
    assert column(filled("team", every), stages, "Owner") == ["Search", "Wake Dormant"]


def test_team_without_stages_names_no_owner(filled: Fill, template: Template) -> None:
    filling = filled("team", [{"name": "Ada", "role": "Seller"}])
    assert column(filling, template.tables["tblStages"], "Owner") == []


def test_twelve_people_fit_and_a_thirteenth_asks_for_a_larger_template(filled: Fill, template: Template) -> None:
    people = [{"name": f"P{number}", "role": "Seller"} for number in range(13)]
    filling = filled("team", people[:12])
    assert (told(filling), filling.refused) == ([], False)
    assert column(filling, template.tables["tblTeam"], "Name")[1:4] == ["P1", "P10", "P11"]
    filling = filled("team", people)
    assert filling.refused
    message = (
        "13 rows, but the template holds 12: no planner was made. "
        "Build a larger template with: xlsales template build --team 13"
    )
    assert told(filling) == [("error", "TOO_MANY_ROWS", message)]
    assert (filling.findings[0].table, filling.findings[0].territory_id) == ("team", "T1")


@pytest.mark.parametrize(
    ("kind", "held", "planned_for"),
    [
        ("WEEKLY", "2027-01-04", "2027-01-04"),
        ("WEEKLY", "2027-02-04", "2027-02-01"),  # a Thursday: 3 days after a Monday, 4 before the next
        ("WEEKLY", "2027-02-05", "2027-02-08"),  # a Friday
        ("WEEKLY", "2027-01-01", "2027-01-04"),  # before the first of them
        ("WEEKLY", "2027-12-31", "2027-12-27"),  # after the last
        ("MONTHLY", "2027-02-03", "2027-01-31"),
        ("MONTHLY", "2027-02-14", "2027-01-31"),  # 14 days from both: the earlier one
        ("MONTHLY", "2027-02-15", "2027-02-28"),
        ("QUARTERLY", "2027-01-01", "2027-03-31"),
        ("QUARTERLY", "2027-05-16", "2027-06-30"),  # 46 days after 31 March, 45 before 30 June
        ("HALF-YEARLY", "2027-09-29", "2027-06-30"),  # 91 days after, 93 before
        ("HALF-YEARLY", "2027-10-01", "2027-12-31"),
    ],
)
def test_check_in_stands_in_the_row_of_its_kind_with_the_nearest_date(
    filled: Fill, template: Template, kind: str, held: str, planned_for: str
) -> None:
    filling, checkins = (
        filled("checkins", [{"kind": kind, "held": held, "value_to_leader": "5"}]),
        template.tables["tblCheckins"],
    )
    assert told(filling) == []
    cells = column(filling, checkins, "Held")
    assert cells[-1] == dt.date.fromisoformat(held)
    assert set(cells[:-1]) <= {None}
    assert checkin_dates(dt.date(2027, 1, 1))[len(cells) - 1] == (kind, dt.date.fromisoformat(planned_for))
    assert column(filling, checkins, "Value to leader")[len(cells) - 1 :] == [5]


@pytest.mark.parametrize(
    ("held", "planned_for"),
    [("2027-01-12", "2027-01-11"), ("2027-01-18", "2027-01-11"), ("2027-01-19", "2027-01-25")],
)
def test_talk_every_two_weeks_stands_in_the_row_of_its_week(
    filled: Fill, template: Template, held: str, planned_for: str
) -> None:
    filling = filled("checkins", [{"kind": "BIWEEKLY", "held": held}], checkin_cadence="biweekly")
    assert told(filling) == []
    assert filling.inputs[template.names["in_checkin_cadence"]] == "BIWEEKLY"
    row = len(column(filling, template.tables["tblCheckins"], "Held")) - 1
    assert checkin_dates(dt.date(2027, 1, 1))[row] == ("BIWEEKLY", dt.date.fromisoformat(planned_for))


@pytest.mark.parametrize(
    ("cadence", "kinds", "unplanned"),
    [
        ("", ["WEEKLY", "MONTHLY", "YEARLY"], []),
        ("", ["BIWEEKLY", "WEEKLY"], ["1 check-ins of the kind BIWEEKLY were held, but checkin_cadence is WEEKLY"]),
        ("BIWEEKLY", ["BIWEEKLY", "QUARTERLY"], []),
        ("BIWEEKLY", ["WEEKLY"], ["1 check-ins of the kind WEEKLY were held, but checkin_cadence is BIWEEKLY"]),
        ("QUARTERLY", ["MONTHLY", "QUARTERLY"], ["1 check-ins of the kind MONTHLY were held"]),
    ],
)
def test_talk_of_a_kind_that_nobody_plans_is_told(
    filled: Fill, cadence: str, kinds: list[str], unplanned: list[str]
) -> None:
    rows = [{"kind": kind, "held": f"2027-03-{number:02}"} for number, kind in enumerate(kinds, start=1)]
    found = told(filled("checkins", rows, checkin_cadence=cadence))
    assert [(severity, code) for severity, code, _message in found] == [("warning", "NOT_PLANNED")] * len(unplanned)
    assert all(str(message).startswith(start) for (_s, _c, message), start in zip(found, unplanned, strict=True))


def test_check_in_of_a_year_that_starts_in_july(filled: Fill, template: Template) -> None:
    filling = filled("checkins", [{"kind": "QUARTERLY", "held": "2026-12-20"}], year_start="2026-07-01")
    row = len(column(filling, template.tables["tblCheckins"], "Held")) - 1
    assert checkin_dates(dt.date(2026, 7, 1))[row] == ("QUARTERLY", dt.date(2026, 12, 31))


def test_every_cell_of_a_check_in_is_filled_and_no_formula_is(filled: Fill, template: Template) -> None:
    row = {
        "kind": "WEEKLY", "held": "2027-01-04", "topic": "Pipeline", "planned": "4", "actual": "3", "issue": "Time",
        "reset": "Fewer meetings", "owner": "Ada", "due": "2027-01-11", "value_to_leader": "4", "value_to_person": "5",
    }  # fmt: skip
    filling, checkins = filled("checkins", [row]), template.tables["tblCheckins"]
    in_row = {heading: filling.inputs.get(checkins.cell(heading, 0)) for heading in checkins.letters}
    assert {heading: value for heading, value in in_row.items() if value is not None} == {
        "Kind": "WEEKLY", "Held": dt.date(2027, 1, 4), "Topic": "Pipeline", "Planned": 4, "Actual": 3, "Issue": "Time",
        "Reset": "Fewer meetings", "Owner": "Ada", "Due": dt.date(2027, 1, 11), "Value to leader": 4,
        "Value to person": 5,
    }  # fmt: skip
    assert not filling.inputs.keys() & template.formulas.keys()


def test_two_check_ins_for_one_row_keep_the_nearer_and_tell_of_the_other(filled: Fill, template: Template) -> None:
    rows = [
        {"kind": "WEEKLY", "held": "2027-02-01", "issue": "first"},
        {"kind": "WEEKLY", "held": "2027-02-03", "issue": "second"},
        {"kind": "WEEKLY", "held": "2027-02-05", "issue": "next week"},
        {"kind": "MONTHLY", "held": "2027-02-03", "issue": "of the month"},
    ]
    filling = filled("checkins", rows)
    message = (
        "WEEKLY, 2027-02-03 was left out: the planner has one row for it, and another one that is nearer stands there."
    )
    assert told(filling) == [("warning", "SAME_ROW", message)]
    assert not filling.refused
    issues = [cell for cell in column(filling, template.tables["tblCheckins"], "Issue") if cell]
    assert issues == ["first", "next week", "of the month"]


@pytest.mark.parametrize("turn", [1, -1])
def test_later_check_in_that_is_nearer_takes_the_row_whatever_their_order(
    filled: Fill, template: Template, turn: int
) -> None:
    # Friday 29 January is three days before the Monday that both are for, and Tuesday 2 February one day after.
    rows = [{"kind": "WEEKLY", "held": "2027-01-29"}, {"kind": "WEEKLY", "held": "2027-02-02"}]
    filling = filled("checkins", rows[::turn])
    assert [finding.message.split(" was")[0] for finding in filling.findings] == ["WEEKLY, 2027-01-29"]
    held = [cell for cell in column(filling, template.tables["tblCheckins"], "Held") if cell]
    assert held == [dt.date(2027, 2, 2)]
    assert filling.left_out == {"checkins": {"SAME_ROW": 1}}


def test_check_ins_outside_the_year_are_left_out_with_a_warning(filled: Fill, template: Template) -> None:
    rows = [{"kind": "WEEKLY", "held": held} for held in ("2026-12-31", "2027-01-01", "2027-12-31", "2028-01-01")]
    filling = filled("checkins", rows)
    message = "Outside the planner's calendar and left out: 2, the first of them 2026-12-31."
    assert told(filling) == [("warning", "OUTSIDE_YEAR", message)]
    assert not filling.refused
    held = [cell for cell in column(filling, template.tables["tblCheckins"], "Held") if cell]
    assert held == [dt.date(2027, 1, 1), dt.date(2027, 12, 31)]


def test_table_that_the_template_lacks_is_told_and_the_rest_filled(filled: Fill, template: Template) -> None:
    tables = {name: table for name, table in template.tables.items() if name not in ("tblTeam", "tblStages")}
    filling = filled("team", PEOPLE, template=dataclasses.replace(template, tables=tables))
    message = "The template has no place for this table; rows left out: 4."
    assert told(filling) == [("warning", "NO_SHEET", message)]
    assert (filling.placed, filling.left_out) == ({}, {"team": {"NO_SHEET": 4}})
    assert not filling.refused
    assert filling.inputs[template.names["in_person"]] == "Ada"
    assert {sheet for sheet, _cell in filling.inputs} == {"Targets", "Activity"}  # whose Mondays are always typed


def test_column_that_the_template_lacks_is_left_out(filled: Fill, template: Template) -> None:
    team = template.tables["tblTeam"]
    fewer = {heading: letter for heading, letter in team.letters.items() if heading != "Hours a week"}
    changed = {**template.tables, "tblTeam": dataclasses.replace(team, letters=fewer)}
    filling = filled("team", PEOPLE, template=dataclasses.replace(template, tables=changed))
    assert column(filling, team, "Name") == ["Ada", "Bo", "Di", "Cy"]
    assert column(filling, team, "Hours a week") == []
