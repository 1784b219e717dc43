"""Every check finds the mistake that it is there for, where it is, and stays quiet without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.planner.in_the_engine import opened
from tests.planner.rules.formulas import short_formulas
from tests.planner.rules.opened import Opened
from tests.planner.rules.planted import Defect
from tests.planner.sound_plan import BEFORE, HELD, SOUND, Content, day, inputs
from xlsales.calculation.compiled import Compiled
from xlsales.calculation.session import Session
from xlsales.cells.values import Address, CellValue, serial
from xlsales.functions import CellError
from xlsales.planner.checks import CHECKS, lists
from xlsales.planner.sizes import MONDAYS
from xlsales.workbook import package
from xlsales.workbook.template import Template, parse, read

Shown: TypeAlias = Callable[[Content], dict[Address, CellValue]]

HEAD = 6  # rows above the first rule, with the headings: the name of the master check stands beside them


@dataclass(frozen=True)
class Mistake:
    """A change to a sound plan, and what the checks must count; other rules that it breaks too are named."""

    rule: str
    change: Content
    count: float
    also: dict[str, float] = field(default_factory=dict)
    standards: dict[str, float] = field(default_factory=dict)
    not_yet: frozenset[str] = frozenset()  # the rules that have nothing to judge any more


FILLED = "Territory, person, year, currency and goal are filled"
SEASON = "The season's shares add up to 100%"
OWN_ID = "Every account has an ID of its own"
LIMIT = "No more accounts than one person can look after"
SILENCE = "No account is left in silence"
OWN_DEAL_ID = "Every deal has an ID of its own"
KNOWN_ACCOUNT = "Every deal's account is on the account list"
WON_COMPLETE = "Every sale won has a date and an amount"
CLOSED_LATER = "No deal closes before its first appointment"
MARGIN = "No discount takes the margin below the minimum"
FIRST_SALE = "No first sale is bought with a discount"
FUNNEL_TOP = "Proposals do not outnumber first appointments"
FUNNEL_END = "Sales won do not outnumber proposals"
OWNER = "Every account has an owner"
RETENTION = "No high-value account of last year is lost"
TOP_PLANS = "The top accounts and those to keep or expand have a plan"
COVERAGE = "Enough of all accounts have a plan"
FORECASTS = "Forecasts are close to what is won"
AT_COST = "No discount reaches the margin"
PRODUCT_RATES = "The rates of the product lines are percentages: 20%, not 20"
PRODUCTS = "The product lines' goals add up to the revenue goal"
STAGES = "Each part of the sale has the right owner"
FUNCTIONS = "Each of the ten functions has an owner"
CHECKINS = "No check-in is due"
HOURS = "Enough of the hours go into selling"
EXAMPLES = "No example rows are left in"
UNHEARD = "Every lost deal was talked over with the customer"
SURPRISES = "Surprises take no more hours than are kept for them"
YEAR = "The year starts in the calendar year that it is named for, or in the one before"
RATES = "The rates of the goal are percentages: 20%, not 20"
ELEMENTS = "All twelve elements are scored, or none"
GROWTH_GOAL = "The goal is not below the growth planned"
NEGLECTED = "Every account that needs a plan was talked to lately"
UNCOVERED = "Every account gets the conversations it needs"
DORMANT = "No customer of value lies dormant"
TO_DATE = "Revenue keeps up with the goal"
BAROMETER = "Enough first appointments are held"
PROPOSAL_RATIO = "Enough first appointments lead to a proposal"
CLOSE_RATIO = "Enough proposals are won"
ENTRIES = "Every selling week has an entry"
AGREE = "Weeks typed and deals listed say the same"
WEEKS = "The weeks are those of the year"
MISSED = "No check-in was missed"
ACCOUNT_KINDS, DEAL_KINDS, WEEK_KINDS, CHECKIN_KINDS, TEAM_KINDS, GROWTH_KINDS, PLAN_KINDS, HEALTH_KINDS = (
    f"{sheet} holds the right kinds of values"
    for sheet in ("Accounts", "Pipeline", "Activity", "Check-ins", "Team", "Growth", "Plan", "Org health")
)
AHEAD = "No date of an account lies ahead"
DEAL_DATES = "No date of a deal lies ahead, or years back"
HELD_IN_YEAR = "Every check-in was held in the year"
NO_GOAL = frozenset((TO_DATE, BAROMETER, GROWTH_GOAL))

MISTAKES = (
    Mistake(FILLED, {"in_person": None, "in_currency": None}, 2),
    Mistake(FILLED, {"in_territory_name": None}, 1),
    Mistake(FILLED, {"in_revenue_goal": None}, 1, also={PRODUCTS: 1}, not_yet=NO_GOAL),
    Mistake(FILLED, {"in_revenue_goal": 0}, 1, also={PRODUCTS: 1}, not_yet=NO_GOAL),
    Mistake(YEAR, {"in_fiscal_year": 2029, "in_year_start": day("2027-01-01")}, 1),
    Mistake(RATES, {"in_attrition_rate": 17, "in_high_value_share": 40}, 2),
    Mistake(RATES, {"in_attrition_rate": "five percent"}, 1),
    Mistake(RATES, {"in_growth_rate": 5, "in_opening_revenue": None}, 1, not_yet=frozenset((GROWTH_GOAL,))),
    Mistake(SEASON, {"in_season_07": 0.2}, 1),  # the sum is 1 − 1/12 + 0.2
    Mistake(GROWTH_GOAL, {"in_opening_revenue": 18_000}, 1),  # + 10% is 19,800
    Mistake(OWN_ID, {"tblAccounts.Account ID": ["A1", "A2", "A2", "a2"]}, 2),
    Mistake(LIMIT, {}, 2, standards={"th_account_limit": 2}),  # four accounts
    Mistake(
        SILENCE,
        {"tblAccounts.Last contact": [day("2027-02-27"), day("2026-01-01"), None]},  # 32 days ago
        2,
        also={NEGLECTED: 2},
    ),
    Mistake(NEGLECTED, {"tblAccounts.Last contact": [None]}, 1),
    Mistake(UNCOVERED, {"tblAccounts.Touches planned": [3, 0]}, 2),
    Mistake(DORMANT, {"tblAccounts.Last order": [day("2026-09-30")]}, 1),  # 6 months before the last 31
    Mistake(OWN_DEAL_ID, {"tblDeals.Deal ID": ["D1", "D1", "D1"]}, 2),
    Mistake(KNOWN_ACCOUNT, {"tblDeals.Account ID": ["A1", "A9", "A8"]}, 2),
    Mistake(WON_COMPLETE, {"tblDeals.Closed": [None]}, 1, not_yet=frozenset((FORECASTS,))),
    Mistake(WON_COMPLETE, {"tblDeals.Amount": [None]}, 1, also={AGREE: 1}, not_yet=frozenset((FORECASTS,))),
    Mistake(CLOSED_LATER, {"tblDeals.Closed": [day("2027-01-10")]}, 1, also={AGREE: 1}),  # a day before
    Mistake(MARGIN, {"tblDeals.Discount": [0.3, 0.28]}, 1, also={FIRST_SALE: 1}),  # leave 28.6% and 30.6%
    Mistake(MARGIN, {"tblDeals.Discount": [0.27, 0.28]}, 1, standards={"th_minimum_margin": 0.31}),
    Mistake(FIRST_SALE, {"tblDeals.Discount": [0.2, 0.01]}, 1),
    Mistake(
        FUNNEL_TOP,
        {"tblWeeks.First appointments": [*BEFORE, 1, 0]},  # 12, and 13 proposals: no ratio, the standard is used
        1,
        also={BAROMETER: 1},
        not_yet=frozenset((PROPOSAL_RATIO,)),
    ),
    Mistake(FUNNEL_END, {"tblWeeks.Won": [*BEFORE, 3]}, 1, also={BAROMETER: 1}, not_yet=frozenset((CLOSE_RATIO,))),
    Mistake(OWNER, {"tblAccounts.Owner": ["Ada", None, "Bo", None]}, 2, also={UNCOVERED: 2}),
    Mistake(RETENTION, {"tblAccounts.Last 12 months": [0, 400]}, 1),
    Mistake(TOP_PLANS, {"tblAccounts.Plan date": [None]}, 1),  # one of four without: 25%
    Mistake(
        TOP_PLANS,
        {
            "tblAccounts.Plan type": [None, None, "MUST EXPAND"],
            "tblAccounts.Plan date": [day("2027-01-04")] * 2 + [None],
        },
        1,
        also={NEGLECTED: 1},
    ),
    Mistake(COVERAGE, {"tblAccounts.Plan date": [day("2027-01-04"), None, None, None]}, 3, also={TOP_PLANS: 1}),  # 25%
    Mistake(FORECASTS, {"tblDeals.Forecast": [6001]}, 1),
    Mistake(FORECASTS, {"tblDeals.Forecast": [6000, 700, 1]}, 1),  # D3 was lost: off by all of its forecast
    Mistake(AT_COST, {"tblDeals.Discount": [0.5, 0.6]}, 2, also={MARGIN: 2}),
    Mistake(PRODUCTS, {"tblProducts.Goal this year": [12_000, 7_001]}, 1),
    Mistake(PRODUCT_RATES, {"tblProducts.Growth": [5, 0.05], "tblProducts.Attrition": [None, 17]}, 2),
    Mistake(STAGES, {"tblStages.Owner": ["Ada", None, "Ada", None]}, 2),
    Mistake(STAGES, {"in_coverage_model": "HUNTER/FARMER"}, 1),  # the seller does the paperwork
    Mistake(STAGES, {"in_coverage_model": "SPECIALISED"}, 3),  # searches and wakes dormant accounts too
    Mistake(FUNCTIONS, {"tblFunctions.Owner": ["Ada", *[None] * 8, "Bo"]}, 8),
    Mistake(CHECKINS, {"tblCheckins.Held": [day("2027-01-04")] + [None] * 96}, 3, also={MISSED: 13}),
    Mistake(MISSED, {"tblCheckins.Held": [None if row == 5 else day(HELD[row]) for row in range(13)]}, 1),
    Mistake(HOURS, {"tblWeeks.Paperwork": [*BEFORE, None, 17.1]}, 1),
    Mistake(EXAMPLES, {"tblAccounts.Account ID": ["A1", "A2", "EXAMPLE", "Example 2"]}, 2),
    Mistake(EXAMPLES, {"tblDeals.Deal ID": ["D1", "EXAMPLE-1"]}, 1),
    Mistake(UNHEARD, {"tblDeals.Interview": [None, None, None]}, 1),
    Mistake(SURPRISES, {"tblWeeks.Surprises": [*BEFORE, None, 6], "tblWeeks.Selling": [*BEFORE, None, 30]}, 1),
    Mistake(ELEMENTS, {"tblOrgHealth.Score": [4] * 10 + [None, None]}, 2),
    Mistake(TO_DATE, {"in_revenue_goal": 21_000}, 1, also={PRODUCTS: 1, BAROMETER: 1}),  # 5,250 are due
    Mistake(BAROMETER, {"in_planned_average_sale": 300}, 1),  # 19,000 ÷ 300 a year: 1.4 first appointments a week
    Mistake(PROPOSAL_RATIO, {"tblWeeks.First appointments": [*BEFORE, 1, 10]}, 1),  # 13 of 22: 59%
    Mistake(CLOSE_RATIO, {"tblWeeks.Won": [*BEFORE, 0, 0, 0, 0]}, 1),  # 8 of 13: 61.5%
    Mistake(
        ENTRIES,
        {f"tblWeeks.{name}": [*BEFORE, 1, 2, 1, 1, None] for name in ("First appointments", "Proposals", "Won")}
        | {"tblWeeks.Revenue": [*BEFORE, *[0] * 4, None]},
        1,
    ),
    Mistake(AGREE, {"tblWeeks.Revenue": [*BEFORE, *[0] * 6, 4900]}, 1),  # D1 says 5,000
    Mistake(AGREE, {"tblWeeks.First appointments": [*BEFORE, 1, 2, 2]}, 1),  # D1's is the only one dated in that week
    Mistake(AGREE, {"tblWeeks.Revenue": [*BEFORE, *[0] * 6, 5000, 0, 100]}, 1),  # 100 more than all deals of the year
    Mistake(WEEKS, {"tblWeeks.Week of": [day("2026-09-29")]}, 1),  # a Tuesday
    Mistake(WEEKS, {"tblWeeks.Week of": [day("2026-09-28"), day("2026-09-28")]}, 1),
    Mistake(WEEKS, {"tblWeeks.Week of": [day("2026-09-21")]}, 1),  # before the history
    Mistake(WEEKS, {"tblWeeks.Week of": [*MONDAYS[:65], None, None]}, 1),  # the last of the year is not there
    Mistake(AHEAD, {"tblAccounts.Last contact": [day("2027-02-28"), day("2027-04-01")]}, 1),
    Mistake(DEAL_DATES, {"tblDeals.First appointment": [day("2027-01-11"), day("2027-04-01")]}, 1),
    Mistake(DEAL_DATES, {"tblDeals.First appointment": [day("2027-01-11"), day("2024-12-31")]}, 1),
    Mistake(HELD_IN_YEAR, {"tblCheckins.Held": [day("2026-12-31")]}, 1),
    Mistake(HELD_IN_YEAR, {"tblCheckins.Held": [day("2027-04-01")]}, 1),
    Mistake(ACCOUNT_KINDS, {"tblAccounts.Last order": ["20.02.2027"]}, 1),
    Mistake(ACCOUNT_KINDS, {"tblAccounts.Account ID": [1, 2, 3, 4]}, 4, also={KNOWN_ACCOUNT: 3}),
    Mistake(
        DEAL_KINDS,
        {"tblDeals.Amount": ["5 000 EUR"]},
        1,
        also={WON_COMPLETE: 1, AGREE: 1},
        not_yet=frozenset((FORECASTS,)),
    ),
    Mistake(WEEK_KINDS, {"tblWeeks.Conversations": [*BEFORE, "many"]}, 1),
    Mistake(CHECKIN_KINDS, {"tblCheckins.Held": ["last week"]}, 1),
    Mistake(TEAM_KINDS, {"tblTeam.Target": ["100 000"]}, 1),
    Mistake(GROWTH_KINDS, {"tblProducts.Growth": ["ten"]}, 1),
    Mistake(PLAN_KINDS, {"tblRelations.By when": ["soon"]}, 1),
    Mistake(HEALTH_KINDS, {"tblOrgHealth.Score": ["good"]}, 1, also={ELEMENTS: 1}),
)
# A formula that was overwritten, by the sheet's name.
OVERWRITTEN = {
    "Accounts": "tblAccounts.Score",
    "Pipeline": "tblDeals.ID check",
    "Activity": "tblWeeks.Last day entered",
    "Check-ins": "tblCheckins.Status",
    "Team": "tblFunctions.Verdict",
    "Growth": "tblProducts.Loss used",
    "Plan": "tblRelations.Plan type",
    "Org health": "tblOrgHealth.Verdict",
}
# Nothing wrong, and what there is nothing to judge about any more.
SOUND_ENOUGH: tuple[tuple[Content, set[str]], ...] = (
    ({"tblStages.Owner": [None] * 4, "tblFunctions.Owner": [None] * 10}, {STAGES, FUNCTIONS, TEAM_KINDS}),
    ({"tblCheckins.Held": [None] * 97}, {CHECKINS, MISSED, CHECKIN_KINDS, HELD_IN_YEAR}),
    ({"tblOrgHealth.Score": [None] * 12}, {ELEMENTS, HEALTH_KINDS}),
    ({"tblProducts.Goal this year": [None, None]}, {PRODUCTS}),
    ({"tblProducts.Protected share": [None, None]}, {PRODUCT_RATES}),
    ({"in_coverage_model": "SPECIALISED", "tblStages.Owner": ["Bo", "Bo", "Ada", "Cy"]}, set()),
    ({"in_coverage_model": "HUNTER/FARMER", "tblStages.Owner": ["Ada", "Ada", "Ada", "Cy"]}, set()),
    ({"in_gross_margin": 0.9, "tblDeals.Discount": [0.5]}, set()),
    ({"tblRelations.Account ID": ["A1"], "tblAccounts.Plan date": [None, day("2027-01-04")]}, set()),  # a plan on Plan
    ({"tblAccounts.High value?": ["NO"], "tblAccounts.Last 12 months": [0]}, {RETENTION}),  # lost, not of high value
    ({"in_opening_revenue": None}, {GROWTH_GOAL}),
    ({"in_year_start": day("2027-01-01")}, set()),
    ({"tblAccounts.Touches needed": [None] * 4}, {UNCOVERED}),
    ({"tblAccounts.Last order": [None] * 4}, {DORMANT}),
    ({"tblAccounts.Last contact": [None] * 4}, {SILENCE, NEGLECTED}),
    ({f"tblWeeks.{name}": [*BEFORE, None, None] for name in ("Selling", "Paperwork", "Surprises")}, {HOURS, SURPRISES}),
    ({"tblDeals.Discount": [None]}, {MARGIN, FIRST_SALE, AT_COST}),
    ({"tblDeals.Forecast": [None]}, {FORECASTS}),
    ({"tblGoals.What I want to reach": [None]}, {PLAN_KINDS}),
)


@pytest.fixture(scope="module")
def template(small_template_xlsx: Path) -> Template:
    return opened(small_template_xlsx)[0]


@pytest.fixture(scope="module")
def session(small_template_xlsx: Path) -> Session:
    return opened(small_template_xlsx)[1]


def counts(values: dict[Any, CellValue]) -> dict[str, CellValue]:
    """What each check counts, by its rule."""
    return {check.rule: values["Checks", f"C{row}"] for row, check in enumerate(CHECKS, start=HEAD + 2)}


def with_standards(template: Template, standards: dict[str, float]) -> Template:
    """The template with other standards; a batch does not fill them."""
    planner = Opened(package.read(template.package))
    for name, value in standards.items():
        sheet, cell = template.names[name]
        defect = Defect(short_formulas, name, sheet, rf'(<c r="{cell}"[^>]*><v>)[^<]*', rf"\g<1>{value}", "")
        planner = defect.planted(planner)
    return parse(package.write(planner.parts), template.name)


def states(values: dict[Any, CellValue]) -> dict[str, CellValue]:
    """The status of each check, by its rule."""
    return {check.rule: values["Checks", f"D{row}"] for row, check in enumerate(CHECKS, start=HEAD + 2)}


def with_state(values: dict[Any, CellValue], state: str) -> set[str]:
    """The rules that have a status."""
    return {rule for rule, found in states(values).items() if found == state}


def test_sound_plan_has_nothing_to_look_at(template: Template, session: Session) -> None:
    values = session.values(inputs(template, SOUND))
    assert {rule: state for rule, state in states(values).items() if state != "OK"} == {}
    assert set(counts(values).values()) == {0}
    assert values[template.names["out_open_checks"]] == values[template.names["out_unfilled_checks"]] == 0
    assert values["Targets", "L1"] == "All checks pass"
    (count,) = (
        cell for (sheet, cell), text in template.formulas.items() if (sheet, text) == ("Start", "=out_open_checks")
    )
    assert values["Start", count.replace("E", "D")] == "OK"


@pytest.fixture(scope="module")
def shown(template: Template) -> Shown:
    """What a sound plan shows once something of it is changed: all changes are calculated together."""
    changes = [
        *(mistake.change for mistake in MISTAKES if not mistake.standards),
        *(given for given, _ in SOUND_ENOUGH),
    ]
    compiled = Compiled(template)
    rows = compiled.calculated([inputs(template, SOUND) | inputs(template, change) for change in changes])
    found = {
        id(change): dict(zip(compiled.addresses, row, strict=True)) for change, row in zip(changes, rows, strict=True)
    }
    return lambda change: found[id(change)]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.rule}: {mistake.change}"[:90])
def test_mistake_is_counted_by_its_check_and_by_no_other(template: Template, shown: Shown, mistake: Mistake) -> None:
    if mistake.standards:
        template = with_standards(template, mistake.standards)
        values = Session(template).values(inputs(template, SOUND) | inputs(template, mistake.change))
    else:
        values = shown(mistake.change)
    expected = {mistake.rule: mistake.count, **mistake.also}
    assert {rule: count for rule, count in counts(values).items() if count not in (0, "")} == expected
    assert with_state(values, "LOOK") == expected.keys()
    assert with_state(values, "NOT YET") == mistake.not_yet
    assert set(states(values).values()) <= {"OK", "LOOK", "NOT YET"}
    assert values[template.names["out_open_checks"]] == len(expected)
    assert values[template.names["out_unfilled_checks"]] == len(mistake.not_yet)
    said = f"Checks: {len(expected)} to look at, {len(mistake.not_yet)} not yet filled"
    assert values["Targets", "L1"] == said


@pytest.mark.parametrize(("change", "not_yet"), SOUND_ENOUGH, ids=lambda given: ", ".join(sorted(map(str, given))))
def test_what_cannot_be_judged_is_not_yet_and_nothing_is_to_look_at(
    shown: Shown, change: Content, not_yet: set[str]
) -> None:
    values = shown(change)
    assert with_state(values, "LOOK") == set()
    assert with_state(values, "NOT YET") == not_yet
    if not_yet:
        assert values["Targets", "L1"] == f"Checks: nothing to look at, {len(not_yet)} not yet filled"


def test_formulas_that_were_overwritten_are_looked_at(small_template_xlsx: Path) -> None:
    sound = read(small_template_xlsx)
    planner, cells = Opened(package.read(sound.package)), []
    for sheet, name in OVERWRITTEN.items():
        table, _dot, heading = name.partition(".")
        _sheet, cell = sound.tables[table].cell(heading, 1)
        pattern = rf'(<c r="{cell}"[^>]*>)<f[^>]*?(?:/>|>[^<]*</f>)'
        planner = Defect(short_formulas, "", sheet, pattern, r"\1", "").planted(planner)
        cells.append((sheet, cell))
    template = parse(package.write(planner.parts), sound.name)
    assert sound.formulas.keys() >= {*cells}
    assert not template.formulas.keys() & {*cells}
    values = Session(template).values(inputs(template, SOUND))
    rules = {f"The grey cells of {sheet} calculate" for sheet in OVERWRITTEN}
    assert {(counts(values)[rule], states(values)[rule]) for rule in rules} == {(1, "LOOK")}
    assert {rule for rule in with_state(values, "LOOK") if rule.startswith("The grey cells")} == rules


def test_an_error_in_a_table_is_never_ok(small_template_xlsx: Path) -> None:
    sound = read(small_template_xlsx)
    _sheet, cell = sound.tables["tblDeals"].cell("Amount", 0)
    pattern, error = rf'<c r="{cell}"( s="\d+")?/>', rf'<c r="{cell}"\1 t="e"><v>#N/A</v></c>'
    planner = Defect(short_formulas, "", "Pipeline", pattern, error, "").planted(Opened(package.read(sound.package)))
    template = parse(package.write(planner.parts), sound.name)
    content = {place: value for place, value in inputs(template, SOUND).items() if place != ("Pipeline", cell)}
    assert AGREE in with_state(Session(template).values(content), "LOOK")


def test_the_weeks_that_differ_are_listed_with_both_figures(template: Template, session: Session) -> None:
    change = {"tblWeeks.Revenue": [*BEFORE, *[0] * 6, 4900, 7], "tblWeeks.Proposals": [*BEFORE, *[1] * 7, 2]}
    values = session.values(inputs(template, SOUND) | inputs(template, change))
    head = next(row for row in range(HEAD + 2, 200) if ("Checks", f"B{row}") in values and row > HEAD + len(CHECKS))
    listed = [[values["Checks", f"{letter}{row}"] for letter in "BCD"] for row in range(head, head + 3)]
    monday = serial(day("2027-02-08"))
    assert listed == [[monday, 4900, 5000], [monday + 7, 7, 0], ["", "", ""]]


def test_every_check_has_a_mistake() -> None:
    broken = {mistake.rule for mistake in MISTAKES} | {f"The grey cells of {sheet} calculate" for sheet in OVERWRITTEN}
    broken |= {check.rule for check in lists.CHECKS}  # tests/planner/test_moved_cells.py breaks them
    assert broken == {check.rule for check in CHECKS}
    assert len({check.rule for check in CHECKS}) == len(CHECKS)


def test_every_check_leads_to_its_sheet_and_says_how_bad_it_is_and_what_to_do(small_template_xlsx: Path) -> None:
    planner = Opened(package.read(small_template_xlsx.read_bytes()))
    names = {sheet.name for sheet in planner.sheets}
    links = {link.get("ref"): link.get("location") for link in planner.sheet("Checks").iter("hyperlink")}
    for row, check in enumerate(CHECKS, start=HEAD + 2):
        assert check.sheet in names
        assert (links[f"E{row}"] or "").replace("'", "") == f"{check.sheet}!A1"
        shown = [planner.sheet("Checks").cells[row, column].stored for column in (2, 6, 7)]
        assert shown == [check.rule, check.remedy, check.severity]
        assert check.severity in ("ERROR", "WARNING")


# A blank planner


def test_blank_planner_asks_for_the_territory_and_nothing_else(template: Template, session: Session) -> None:
    values = session.values({})
    assert {rule: count for rule, count in counts(values).items() if count not in (0, "")} == {FILLED: 5}
    assert with_state(values, "LOOK") == {FILLED}
    always = {check.rule for check in CHECKS if check.judged == "1"} - {FILLED}
    assert with_state(values, "OK") == always
    assert values["Targets", "L1"] == f"Checks: 1 to look at, {len(CHECKS) - len(always) - 1} not yet filled"


def test_blank_planner_shows_no_error_and_no_zeros_in_its_tables(template: Template, session: Session) -> None:
    values = session.values({})
    assert {address: value for address, value in values.items() if isinstance(value, CellError)} == {}
    in_tables = {
        table.cell(heading, row): (name, heading)
        for name, table in template.tables.items()
        for heading in table.computed
        for row in range(table.rows)
    }
    assert sorted({in_tables[address] for address in in_tables if values[address] == 0}) == []
