"""This week lists what independent arithmetic finds, on any day, however the rows are sorted."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest

from tests.planner.sound_plan import inputs
from tests.planner.week_by_hand import (
    DAY,
    FIRST_MONDAY,
    Account,
    Deal,
    Listed,
    Typed,
    content,
    gaps,
    listed,
    meetings,
    monday,
    turned,
)
from xlsales.calculation.compiled import Compiled
from xlsales.cells.values import Address, CellValue, serial
from xlsales.functions import CellError
from xlsales.planner.build import SHEETS, build
from xlsales.planner.layouts import layouts
from xlsales.planner.layouts.plan import KPIS
from xlsales.planner.sheets import this_week
from xlsales.planner.sizes import Sizes
from xlsales.schedule import checkin_dates
from xlsales.workbook.template import Template, parse

SHEET = "This week"
PLACES = this_week.sheet({}).places()
ROOM = Sizes(accounts=40, deals=40)
STANDARDS = {"Proposal ratio": 0.65, "Close ratio": 0.65, "Activity barometer": 1.0, "Selling time": 0.55}
OUT = ("out_proposal_ratio", "out_close_ratio", "out_activity_barometer", "out_selling_time")
ALL_HELD = {row: dt.date(2027, 12, 31) for row in range(70)}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@dataclass(frozen=True)
class Planner:
    """A built planner, ready to calculate."""

    template: Template
    compiled: Compiled
    rows: Mapping[str, int]  # the first row of each sheet's table

    def values(self, *many: Mapping[str, Any]) -> list[dict[Address, CellValue]]:
        """Calculate what these contents give."""
        cells = [inputs(self.template, one) for one in many]
        return [dict(zip(self.compiled.addresses, found, strict=True)) for found in self.compiled.calculated(cells)]

    def named(self, values: Mapping[Address, CellValue], name: str) -> CellValue:
        """The value of a named cell."""
        return values[self.template.names[name]]


@pytest.fixture(scope="module")
def planner() -> Planner:
    template = parse(build("xlsx", lambda _package: {}, ROOM), "planner.xlsx")
    tables = {layout.excel_table: layout for layout in layouts(ROOM)}
    assert {"tblDevelopment", "tblWeeks"} <= tables.keys()
    firsts = {
        sheet: template.tables[table].first_row
        for sheet, table in (
            ("Accounts", "tblAccounts"),
            ("Pipeline", "tblDeals"),
            ("Activity", "tblWeeks"),
            ("Check-ins", "tblCheckins"),
            ("Plan", "tblDevelopment"),
        )
    }
    return Planner(template, Compiled(template), firsts)


def shown(values: Mapping[Address, CellValue]) -> list[Listed]:
    """The actions as the sheet shows them."""
    top = PLACES["actions"].top + 3  # 1-based, beneath the sentence and the headings
    found = []
    for row in range(top, top + 10):
        number, do, why, date, worth, own, where, link = (values[SHEET, f"{column}{row}"] for column in "BCDEFGHI")
        if number == "":
            assert (do, why, date, worth, own, where, link) == ("",) * 7
            continue
        assert number == row - top + 1
        assert link == "Open →"
        on = None if date == "" else dt.date(1899, 12, 30) + dt.timedelta(days=float(date))  # type: ignore[arg-type]
        found.append(Listed(str(do), str(why), on, None if worth == "" else worth, own, str(where)))  # type: ignore[arg-type]
    return found


def measured(planner: Planner, values: Mapping[Address, CellValue]) -> dict[str, tuple[float | None, float]]:
    """The figures that are held against standards, as the planner has them: they have tests of their own."""
    figures = [planner.named(values, name) for name in OUT]
    return {
        kpi: (figure if isinstance(figure, float) else None, STANDARDS[kpi])
        for kpi, figure in zip(KPIS, figures, strict=True)
    }


def check(planner: Planner, *many: Typed) -> list[list[Listed]]:
    results = []
    for typed, values in zip(many, planner.values(*map(content, many)), strict=True):
        found = shown(values)
        assert found == listed(typed, measured(planner, values), planner.rows), typed
        results.append(found)
    return results


def any_plan(chance: random.Random) -> Typed:
    as_of = day("2027-01-01") + dt.timedelta(days=chance.randrange(365))

    def ago(most: int) -> dt.date | None:
        return chance.choice([None, as_of - dt.timedelta(days=chance.randrange(most))])

    def money() -> float | None:
        return chance.choice([None, 0, 100, 500, 500, 12_345.67])

    accounts = [
        Account(
            f"A{number}",
            chance.choice(["Acme", "Bond & Co", "Corta #2", None]),
            chance.choice(["Ada", None]),
            money(),
            money(),
            ago(400),
            ago(90),
            chance.choice([None, 0, 4]),
            chance.choice([None, 0, 2, 9]),
        )
        for number in range(chance.choice([0, 1, 5, 40]))
    ]
    deals = [
        Deal(
            f"D{number}",
            chance.choice([None, "A0", "A1", "A99"]),
            chance.choice([None, "PROSPECT", "FIRST APPOINTMENT", "PROPOSAL", "CLOSED"]),
            ago(120),
            ago(120),
            chance.choice(["OPEN", "OPEN", "WON", "LOST", None]),
            money(),
            money(),
            chance.choice([None, as_of + dt.timedelta(days=chance.randrange(-12, 12))]),
            chance.choice([None, "Call"]),
        )
        for number in range(chance.choice([0, 1, 6, 40]))
    ]
    weeks: dict[dt.date, Mapping[str, float]] = {}
    for number in range(53):
        week = FIRST_MONDAY + 7 * DAY * number
        if week <= as_of and chance.random() < 0.7:
            weeks[week] = {"First appointments": chance.randrange(1, 9), "Proposals": 2, "Won": 1, "Selling": 10}
    share = chance.choice([0, 0.5, 1])
    held = {row: as_of for row in range(70) if chance.random() < share}
    return Typed(as_of, accounts, deals, weeks, held)


def test_any_plan_lists_what_is_worked_out_by_hand(planner: Planner) -> None:
    chance = random.Random(13)
    plans = [any_plan(chance) for _ in range(120)]
    lists = check(planner, *plans)
    assert {len(found) for found in lists} >= {10}
    said = {one.do.split(":")[0].split(" ")[0] for found in lists for one in found}
    assert said == {"Wake", "Call", "Find", "Ask", "Close", "Move", "Hold", "Make", "Coach", "Count", "Date"}


DORMANT = [Account(f"A{n}", f"Old {n}", prior=1000 + n, last_order=day("2026-03-01")) for n in range(14)]
FILLED = {
    FIRST_MONDAY + 7 * DAY * n: {"First appointments": 90, "Proposals": 70, "Won": 60, "Revenue": 300_000, "Selling": 9}
    for n in range(53)
}


def test_the_dormant_account_that_bought_most_comes_first(planner: Planner) -> None:
    (found,) = check(planner, Typed(day("2027-06-30"), DORMANT, weeks=FILLED, held=ALL_HELD))
    assert [one.id for one in found] == [f"A{n}" for n in range(13, 3, -1)]
    assert found[0].do == "Wake up Old 13"


def test_equal_accounts_stand_in_the_order_of_their_rows(planner: Planner) -> None:
    same = [Account(f"A{n}", last_contact=day("2027-01-01"), recent=500) for n in range(12)]
    typed = Typed(day("2027-06-30"), same, weeks=FILLED, held=ALL_HELD)
    down, up = check(planner, typed, turned(typed))
    assert [one.id for one in down] == [f"A{n}" for n in range(10)]
    assert [one.id for one in up] == [f"A{n}" for n in range(11, 1, -1)]


def test_sorting_the_lists_changes_rows_and_nothing_else(planner: Planner) -> None:
    accounts = [Account(f"A{n}", f"C {n}", recent=100 * n, last_contact=day("2027-01-01")) for n in range(9)]
    deals = [Deal(f"D{n}", "A1", expected=day("2027-06-28") + n * DAY, forecast=70 * n) for n in range(9)]
    typed = Typed(day("2027-06-30"), accounts, deals, FILLED, ALL_HELD)
    down, up = ([(one.do, one.why, one.id) for one in found] for found in check(planner, typed, turned(typed)))
    assert sorted(down) == sorted(up)
    assert [one for one in down if one[2] != "D0"] == [one for one in up if one[2] != "D0"]


@pytest.mark.parametrize(
    ("expected", "as_of", "do"),
    [
        ("2027-06-29", "2027-06-30", "Ask for the decision: D1"),  # yesterday
        ("2027-06-30", "2027-06-30", "Close the deal: D1"),
        ("2027-07-04", "2027-06-30", "Close the deal: D1"),  # the Sunday of that week
        ("2027-07-05", "2027-06-30", None),
        ("2027-07-11", "2027-07-04", "Close the deal: D1"),  # on a Sunday the next week is looked at
        ("2027-07-12", "2027-07-04", None),
    ],
)
def test_deal_is_closed_in_its_week_and_asked_about_after_it(
    planner: Planner, expected: str, as_of: str, do: str | None
) -> None:
    deal = Deal("D1", expected=day(expected), next_action="Call", first=day("2027-06-01"))
    (found,) = check(planner, Typed(day(as_of), deals=[deal], weeks=FILLED, held=ALL_HELD))
    assert [one.do for one in found] == ([do] if do else [])


def test_deal_is_stuck_after_45_days_in_its_stage(planner: Planner) -> None:
    def deal(own: str, first: dt.date, proposal: dt.date | None = None) -> Deal:
        return Deal(own, first=first, proposal=proposal, expected=day("2027-12-01"), next_action="Call")

    deals = [
        deal("D1", first=day("2027-05-16")),  # 45 days before
        deal("D2", first=day("2027-05-15")),
        deal("D3", first=day("2027-01-15"), proposal=day("2027-06-15")),
    ]
    (found,) = check(planner, Typed(day("2027-06-30"), deals=deals, weeks=FILLED, held=ALL_HELD))
    assert [(one.do, one.id) for one in found] == [("Move the deal: D2", "D2")]


def says(planner: Planner, typed: Typed, **more: Any) -> tuple[CellValue, list[Listed]]:
    (values,) = planner.values({**content(typed), **more})
    return values[SHEET, f"B{PLACES['actions'].top + 1}"], shown(values)


def test_plan_in_which_nothing_waits_says_so_kindly(planner: Planner) -> None:
    account = Account("A1", last_contact=day("2027-06-20"), last_order=day("2027-06-01"))
    sentence, found = says(planner, Typed(day("2027-06-30"), [account], weeks=FILLED, held=ALL_HELD))
    assert found == []
    assert str(sentence).startswith("Nothing is waiting")


def test_blank_planner_says_what_to_fill_first(planner: Planner) -> None:
    (values,) = planner.values({})
    assert shown(values) == []
    assert str(values[SHEET, f"B{PLACES['actions'].top + 1}"]).startswith("NOT YET: fill Targets first")
    tiles = [values[SHEET, f"{column}{PLACES['numbers'].top + 2}"] for column in "CDEH"]
    assert tiles == ["NOT YET"] * 4


def test_planner_with_targets_alone_asks_for_accounts_and_one_without_a_day_for_the_day(planner: Planner) -> None:
    sentence, _found = says(planner, Typed(day("2027-06-30"), held=ALL_HELD))
    assert str(sentence).startswith("NOT YET: list your accounts")
    sentence, _found = says(planner, Typed(None, [Account("A1", needed=4, owner=None)]))
    assert str(sentence).startswith("NOT YET: type the day under As of")


def test_count_of_what_waits_is_of_all_lists(planner: Planner) -> None:
    sentence, found = says(planner, Typed(day("2027-06-30"), DORMANT, weeks=FILLED, held=ALL_HELD))
    assert len(found) == 10
    assert str(sentence).startswith("Waiting this week: 14 ")


def test_mistake_in_a_list_is_seen_and_never_taken_for_nothing_to_do(planner: Planner) -> None:
    template = planner.template
    typed = Typed(day("2027-06-30"), DORMANT, weeks=FILLED, held=ALL_HELD)
    cells = inputs(template, content(typed))
    cells[template.tables["tblAccounts"].cell("Prior 12 months", 0)] = CellError("#N/A")  # type: ignore[assignment]
    (found,) = planner.compiled.calculated([cells])
    values = dict(zip(planner.compiled.addresses, found, strict=True))
    assert isinstance(values[SHEET, f"B{PLACES['actions'].top + 1}"], CellError)


# The numbers at the top


def test_week_is_that_of_the_day_and_on_a_sunday_the_next(planner: Planner) -> None:
    days = [day("2027-06-28") + n * DAY for n in range(8)]
    many = planner.values(*(content(Typed(one)) for one in days))
    mondays = [planner.named(values, "fig_week_start") for values in many]
    assert mondays == [serial(monday(one)) for one in days]
    assert mondays == [serial(day("2027-06-28"))] * 6 + [serial(day("2027-07-05"))] * 2


def test_catch_up_number_is_goal_left_by_weeks_ratios_and_sale(planner: Planner) -> None:
    weeks = {FIRST_MONDAY + 7 * DAY: {"First appointments": 10, "Proposals": 8, "Won": 4, "Revenue": 20_000}}
    (values,) = planner.values({**content(Typed(day("2027-06-30"), weeks=weeks)), "in_selling_weeks": 44})
    left = 44 * 184 / 365
    assert planner.named(values, "fig_catch_up") == pytest.approx(100_000 / 5_000 / 0.8 / 0.5 / left)
    assert planner.named(values, "fig_goal_left") == 100_000
    row = PLACES["numbers"].top + 2
    assert values[SHEET, f"E{row}"] == planner.named(values, "fig_catch_up")
    assert values[SHEET, f"G{row}"] == planner.named(values, "out_magic_number")


def test_catch_up_number_says_what_it_rests_on(planner: Planner) -> None:
    sold = {FIRST_MONDAY + 7 * DAY: {"First appointments": 10, "Proposals": 8, "Won": 4, "Revenue": 20_000}}
    unsold = {FIRST_MONDAY + 7 * DAY: {"First appointments": 10, "Proposals": 8, "Revenue": 20_000}}
    plans = [content(Typed(day("2027-06-30"), weeks=weeks)) for weeks in (sold, sold, unsold, {})]
    typed: tuple[dict[str, float], ...] = ({}, {"in_planned_close_ratio": 0.5}, {"in_planned_average_sale": 5000}, {})
    many = planner.values(*({**plan, **more} for plan, more in zip(plans, typed, strict=True)))
    row = PLACES["numbers"].top + 1
    assert [values[SHEET, f"G{row}"] for values in many] == ["MEASURED", "TYPED", "STANDARD", ""]


def test_goal_that_is_reached_is_said(planner: Planner) -> None:
    weeks = {FIRST_MONDAY + 7 * DAY: {"First appointments": 10, "Proposals": 8, "Won": 4, "Revenue": 120_000}}
    (values,) = planner.values(content(Typed(day("2027-06-30"), weeks=weeks)))
    assert values[SHEET, f"E{PLACES['numbers'].top + 2}"] == "goal reached"


def test_goal_of_the_week_is_its_days_of_the_season(planner: Planner) -> None:
    flat, later_year = planner.values(content(Typed(day("2027-06-30"))), content(Typed(day("2027-12-30"))))
    june, july = 120_000 / 12 / 30, 120_000 / 12 / 31
    assert planner.named(flat, "fig_week_goal") == pytest.approx(3 * june + 4 * july)
    december = 120_000 / 12 / 31
    assert planner.named(later_year, "fig_week_goal") == pytest.approx(5 * december)  # 27 to 31 December


# The check-in


def line(values: Mapping[Address, CellValue], number: int) -> tuple[CellValue, ...]:
    row = PLACES["meeting"].top + 3 + number
    return tuple(values[SHEET, f"{column}{row}"] for column in "GHI")


@pytest.mark.parametrize(
    ("as_of", "held", "kind", "mondays"),
    [
        ("2027-06-30", range(52, 71), "WEEKLY", ["2027-06-21"]),
        ("2027-06-30", [*range(52), *range(64, 70)], "MONTHLY", [f"2027-06-{d}" for d in ("07", "14", "21", "28")]),
        ("2027-06-30", [*range(64), 68, 69], "QUARTERLY", [f"2027-{m}" for m in ("04-05", "04-12", "04-19", "04-26",
            "05-03", "05-10", "05-17", "05-24", "05-31", "06-07", "06-14", "06-21", "06-28")]),
    ],
)  # fmt: skip
def test_check_in_that_is_due_has_plan_against_actual(
    planner: Planner, as_of: str, held: Any, kind: str, mondays: list[str]
) -> None:
    chance = random.Random(1)
    weeks = {
        FIRST_MONDAY + 7 * DAY * n: {
            "First appointments": chance.randrange(9), "Revenue": 10.0 * n, "Won": 1.0, "Proposals": 2.0
        }
        for n in range(27)
    }  # fmt: skip
    typed = Typed(day(as_of), weeks=weeks, held=dict.fromkeys(held, day(as_of)))
    (values,) = planner.values({**content(typed), "in_selling_weeks": 44})
    first = max(meetings(typed), key=lambda one: one.score)
    assert (first.kind, first.name) == ("due", kind)
    assert str(planner.named(values, "fig_meeting_says")).startswith(kind)
    looked = [weeks[day(one)] for one in mondays]
    magic = planner.named(values, "out_magic_number")
    assert isinstance(magic, float)
    planned = magic * (1 if kind == "WEEKLY" else len(mondays) * 44 / 52)
    done = sum(week["First appointments"] for week in looked)
    assert line(values, 0) == pytest.approx((planned, done, done - planned))
    assert line(values, 3)[1] == sum(week["Revenue"] for week in looked)


def test_check_in_over_weeks_without_an_entry_is_not_yet(planner: Planner) -> None:
    typed = Typed(day("2027-06-30"), [Account("A1")], held=dict.fromkeys(range(52, 71), day("2027-06-30")))
    (values,) = planner.values(content(typed))
    assert line(values, 0)[1:] == ("NOT YET", "")
    assert line(values, 3)[1:] == ("NOT YET", "")


def test_no_check_in_is_due_when_all_were_held(planner: Planner) -> None:
    (values,) = planner.values(content(Typed(day("2027-06-30"), [Account("A1")], held=ALL_HELD)))
    assert planner.named(values, "fig_meeting_says") == "No check-in is due this week."
    assert line(values, 0) == ("", "", "")


# Weeks, stages, standards


def test_weeks_without_an_entry_are_counted_up_to_this_one(planner: Planner) -> None:
    typed = Typed(day("2027-03-03"), [Account("A1")], weeks={FIRST_MONDAY + 21 * DAY: {"Selling": 8}}, held=ALL_HELD)
    (found,) = check(planner, typed)
    assert len(gaps(typed)) == 8  # nine Mondays before 1 March, one of them filled
    assert found[0].do == "Count the weeks without an entry: 8"
    assert found[0].date == day("2027-02-22")


def test_open_deals_are_weighted_by_the_chance_of_their_stage(planner: Planner) -> None:
    deals = [
        Deal("D1", stage="PROSPECT", forecast=1000),
        Deal("D2", stage="FIRST APPOINTMENT", amount=2000),
        Deal("D3", stage="PROPOSAL", forecast=400, amount=9000),
        Deal("D4", stage="PROPOSAL", forecast=100),
        Deal("D5", stage="PROPOSAL", forecast=7, outcome="LOST"),
        Deal("D6", stage=None, forecast=5),
    ]
    (values,) = planner.values(content(Typed(day("2027-06-30"), deals=deals)))
    top = PLACES["stages"].top + 2
    found = [tuple(values[SHEET, f"{column}{row}"] for column in "GHI") for row in range(top, top + 5)]
    wanted = [(1, 1000, 100), (1, 2000, 2000 * 0.65 * 0.65), (2, 500, 325), (0, 0, 0), (4, 3500, 1270)]
    assert [value for row in found for value in row] == pytest.approx([value for row in wanted for value in row])
    assert planner.named(values, "fig_weighted_forecast") == pytest.approx(1270)
    (blank,) = planner.values(content(Typed(day("2027-06-30"))))
    assert [blank[SHEET, f"G{row}"] for row in range(top, top + 5)] == ["–"] * 5


def test_standard_that_is_missed_is_said_with_its_tips(planner: Planner) -> None:
    weeks = {FIRST_MONDAY + 7 * DAY: {"First appointments": 100, "Proposals": 65, "Won": 42, "Revenue": 90_000}}
    (values,) = planner.values(content(Typed(day("2027-01-10"), weeks=weeks, held=ALL_HELD)))
    top = PLACES["standards"].top + 1
    said = [(values[SHEET, f"B{row}"], values[SHEET, f"D{row}"]) for row in (top, top + 1)]
    assert said == [("✓", "now 65%, standard 65%"), ("✗", "now 64.6%, standard 65%")]
    assert planner.named(values, "fig_coach") == "Close ratio"
    tips = [values[SHEET, f"C{PLACES['coaching'].top + 1 + n}"] for n in range(6)]
    assert tips[0] == "Close ratio"
    assert str(tips[1]).startswith("Ask early how the customer decides")
    assert [bool(tip) for tip in tips] == [True] * 5 + [False]


def test_points_on_targets_steer_the_order(planner: Planner) -> None:
    accounts = [
        Account("A1", prior=500, last_order=day("2026-01-01")),
        Account("A2", recent=500, last_contact=day("2027-01-01")),
    ]
    template = planner.template
    cells = inputs(template, content(Typed(day("2027-06-30"), accounts, weeks=FILLED, held=ALL_HELD)))
    workbook = openpyxl.load_workbook(io.BytesIO(template.package))
    sheet, cell = template.names["w_dormant"]
    workbook[sheet][cell] = 9
    saved = io.BytesIO()
    workbook.save(saved)
    found = []
    for compiled in (planner.compiled, Compiled(parse(saved.getvalue(), "planner.xlsx"))):
        values = dict(zip(compiled.addresses, compiled.calculated([cells])[0], strict=True))
        found.append([one.id for one in shown(values)])
    assert found == [["A2", "A1"], ["A1", "A2"]]


def test_check_ins_of_a_year_are_known() -> None:
    assert len(checkin_dates(day("2027-01-01"))) == 97


def test_this_week_is_the_second_sheet() -> None:
    tables = {layout.excel_table: layout for layout in layouts(ROOM)}
    assert [make(tables).name for make in SHEETS[:2]] == ["Start", SHEET]
