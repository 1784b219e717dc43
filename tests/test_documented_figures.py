"""The figures that pages and help texts give are those of the code: workings, worked examples, sizes, limits."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import xlsales
from xlsales import standards
from xlsales.functions import CATALOGUE, SalesFunction, SalesFunctionError
from xlsales.planner.build import SHEETS
from xlsales.planner.sizes import Sizes
from xlsales.rollup.lists import SHARE
from xlsales.workbook.template import read

KEYS = ("territory_id", "week_start")
PROJECT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "CHANGELOG.md", *(f"docs/{path.name}" for path in sorted((PROJECT / "docs").glob("*.md"))))
README = (PROJECT / "README.md").read_text(encoding="utf-8")
_SIGNS = str.maketrans({"÷": "/", "×": "*", "−": "-", ",": ""})
_UNITS = re.compile(r"(?<=[\d%]) (?:days|weeks|months|sales|proposals|first appointments|points|deals|a month)\b")
_LEFT = re.compile(r"(?:^|(?<=[\s:]))([(|−]*\d[\d,.%()|+−×÷ ]*)$")
_RIGHT = re.compile(r"[(|−]*\d[\d,.%()|+−×÷ ]*")


def _value(expression: str) -> float | None:
    """What an expression comes to; None for a part of one."""
    plain = re.sub(r"\|([^|]*)\|", r"abs(\1)", expression.rstrip(" ,.").translate(_SIGNS))
    if plain.count("(") != plain.count(")"):
        return None
    return float(eval(re.sub(r"([\d.]+)%", r"(\1/100)", plain), {"abs": abs}))


def _half_of_its_last_digit(expression: str) -> float:
    """By how much a number may be off that is written so; an expression is exact."""
    plain = expression.strip(" ,.")
    if not re.fullmatch(r"−?[\d,.]+%?", plain):
        return 0.0
    digits = len(plain.rstrip("%").partition(".")[2]) + 2 * plain.endswith("%")
    return 0.5 * 10.0**-digits


def equations(working: str) -> Iterator[tuple[str, float, str, float]]:
    """The sides of each equation in a text, and what they come to; `÷ 40% = 15` goes on with what was before."""
    before: float | None = None
    for clause in working.split("; "):
        sides = _UNITS.sub("", clause).split(" = ")
        if before is not None and sides[0].startswith("÷"):
            sides[0] = f"{before!r} {sides[0]}"
        for left, right in pairwise(sides):
            found = _LEFT.search(left), _RIGHT.match(right)
            if found[0] is None or found[1] is None or not re.search("[÷×+−]", found[0][1]):
                continue
            one, other = _value(found[0][1]), _value(found[1][0])
            if one is not None and other is not None:
                yield found[0][1], one, found[1][0], other
                before = other


NUMBERED = [(function, at) for function in CATALOGUE.values() for at in range(len(function.examples))]


@pytest.mark.parametrize(("function", "at"), NUMBERED, ids=lambda one: getattr(one, "name", str(one)))
def test_working_of_an_example_is_right(function: SalesFunction, at: int) -> None:
    for left, one, right, other in equations(function.examples[at].working):
        off = max(_half_of_its_last_digit(left), _half_of_its_last_digit(right))
        assert abs(one - other) <= off + 1e-9 * abs(one), f"{left} = {right}"


def test_most_examples_are_worked_in_figures() -> None:
    assert sum(len([*equations(function.examples[at].working)]) for function, at in NUMBERED) > 90
    ((_left, one, _right, other),) = equations("12 ÷ 20 = 61%")
    assert (one, other) == (0.6, 0.61)


@pytest.mark.parametrize("page", PAGES)
def test_formula_that_a_page_shows_gives_what_it_says(page: str) -> None:
    text = (PROJECT / page).read_text(encoding="utf-8")
    for name, given, shown in re.findall(r"`=([A-Z_]+)\(([^`A-Z]*)\)`[^`.]*? shows `?\*?([^\s`*,.]+)", text):
        arguments = [float(one.strip("% ")) / (100 if "%" in one else 1) for one in given.split(",")]
        try:
            result = getattr(xlsales, name.lower())(*arguments)
        except SalesFunctionError as error:
            result = error.code
        assert str(f"{result:g}" if isinstance(result, float) else result) == shown, f"{page}: {name}({given})"


def test_sizes_that_the_readme_gives_are_the_planner_s() -> None:
    sizes = Sizes()
    assert f"A planner has rows for {sizes.accounts} accounts, {sizes.deals} deals and {sizes.team} people." in README
    assert "Seventeen sheets" in README
    assert len(SHEETS) == 17
    formulas = len(read(PROJECT / "workbook" / "Sales Planner.xlsm").formulas)
    assert f"with the shipped template ({formulas:,} formulas)" in README
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"- {len(CATALOGUE)} sales functions in Python" in changelog


def test_limits_that_the_page_of_the_roll_up_gives_are_the_standards() -> None:
    page = (PROJECT / "docs" / "rollup.md").read_text(encoding="utf-8")
    for text, limit in (
        ("{} off is ABOVE or BELOW", standards.TERRITORY_BALANCE),
        ("{} less a sale is INVESTIGATE", -standards.PEER_AVERAGE_SALE),
        ("a cycle {} shorter is BEST PRACTICE", -standards.PEER_SALES_CYCLE),
        ("({} of all accounts", standards.USUAL_PLAN_COVERAGE),
        ("{} of the top accounts)", standards.USUAL_TOP_COVERAGE),
        ("the target ({},", standards.PLAN_COVERAGE),
    ):
        assert text.format(f"{limit:.0%}") in page
    assert SHARE.endswith("%")


def test_figures_that_the_example_s_page_gives_are_those_of_its_export() -> None:
    example = PROJECT / "examples" / "crm"
    page = " ".join((example / "README.md").read_text(encoding="utf-8").split())

    def rows(name: str) -> list[dict[str, str]]:
        with (example / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    deals, weeks = rows("export/sales_pipeline.csv"), rows("tables/activity.csv")
    stages = Counter(deal["deal_stage"] for deal in deals)
    won = [float(deal["close_value"]) for deal in deals if deal["deal_stage"] == "Won"]
    still_open = [deal for deal in deals if deal["deal_stage"] not in ("Won", "Lost")]
    engaged, decided = (sum(bool(deal[name]) for deal in deals) for name in ("engage_date", "close_date"))
    nothing = sum(not any(float(week[name] or 0) for name in week if name not in KEYS) for week in weeks)
    sold = f"{engaged:,} engaged, {decided:,} decided, {stages['Won']:,} won, revenue {sum(won):,.0f}"
    for told in (
        f"{len(rows('export/accounts.csv'))} accounts, {len(rows('export/products.csv'))} products, 35 sales agents",
        f"**territories**: {len(rows('tables/territories.csv'))},",
        f"**accounts**: {len(rows('tables/accounts.csv')):,},",
        f"**deals**: all {len(deals):,}, {len(still_open):,} of them open",
        f"up to {max(Counter(deal['sales_agent'] for deal in deals).values())}, and for them",
        f"**activity**: {len(weeks):,} weeks",
        f"In {nothing} of them nothing happened",
        sold,
        f"({sum(deal['product'] == 'GTXPro' for deal in deals):,} deals)",
        f"average sale {sum(won) / decided:,.0f} instead of {sum(won) / len(won):,.0f}",
        f"{sum(not deal['account'] for deal in still_open):,} of {len(still_open):,} open deals name no account",
    ):
        assert told in page
