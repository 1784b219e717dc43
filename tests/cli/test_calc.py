"""`xlsales calc` and `xlsales functions`, as typed."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from xlsales.cli.functions import register
from xlsales.functions import CATALOGUE

app = typer.Typer()
register(app)


def run(*typed: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(typed))
    return result.exit_code, result.stdout.strip(), result.stderr.strip()


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("MAGIC_NUMBER 15000 2500 60% 40% 1", "25"),
        ("magic_number 15000 2500 0.6 0.4 1", "25"),
        ("magic-number 15000 2500 0.6 0.4 1", "25"),
        ("BREAKEVEN_REVENUE 100000 50% 20%", "125000"),
        ("BREAKEVEN_REVENUE 100000 50% 20% price", "133333.333333333"),
        ("AVERAGE_SALE -5000 2", "-2500"),
        ("MAGIC_NUMBER -5 2500 60% 40%", "0"),
        ("ORG_HEALTH 5,4,3,2,4,3,5,4,3,2,4,3", "0.625"),
        ("ORG_HEALTH 5;4;3;2;4;3;5;4;3;2;4;3", "0.625"),
        ("ORG_HEALTH 3,3,3,3,3,3,3,3,3,3,3,3 -1 9", "0.4"),
        ("SALES_CYCLE_DAYS 2027-01-04,2027-01-11,2027-03-01 2027-02-03,2027-01-31,", "25"),
        ("CLOSE_RATIO 13;5 20", "0.65\n0.25"),
        ("SALES_EXPLAIN CLOSE_RATIO 13 20", "CLOSE_RATIO is won ÷ proposals: 13 ÷ 20 = 65%."),
        (
            "sales-explain account-score 5,3,4 2,1,1",
            "ACCOUNT_SCORE is sum(values × weights) ÷ sum(weights): 17 ÷ 4 = 4.25 points.",
        ),
        ("ACCOUNT_STATUS 2027-01-15 2027-07-15", "DORMANT"),
        ("BEST_IN_FRONT 3,5,4 Ann,Bob,Cy", "Bob"),
    ],
)
def test_calc_prints_the_result(typed: str, printed: str) -> None:
    assert run("calc", *typed.split()) == (0, printed, "")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["BREAKEVEN_REVENUE", "100000", "20", "20%"], "#NUM! gross_margin is 20, which means 2000%"),
        (["CLOSE_RATIO", "1", "0"], "#DIV/0! proposals is 0"),
        (["CLOSE_RATIO", "", "4"], "#N/A won is blank"),
        (["CLOSE_RATIO", "many", "4"], '#VALUE! won is "many"'),
        (["ORG_HEALTH", "3,4"], "#VALUE! scores needs exactly 12 cells"),
    ],
)
def test_calculation_error_goes_to_stderr_and_ends_with_1(typed: list[str], told: str) -> None:
    code, printed, error = run("calc", *typed)
    assert (code, printed) == (1, "")
    assert error.startswith(told)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["MAGIC_NUMBR", "1"], "Did you mean MAGIC_NUMBER"),
        (["ZZZ"], "`xlsales functions` lists them all"),
        (["CLOSE_RATIO", "1"], "1, does not fit CLOSE_RATIO(won, proposals)"),
        (["CLOSE_RATIO", "1", "2", "3"], "3, does not fit CLOSE_RATIO(won, proposals)"),
        (["BREAKEVEN_REVENUE", "100,000", "50%", "20%"], 'revenue is "100,000", which may mean 100000 or 100'),
        (["BREAKEVEN_REVENUE", "100,5", "50%", "20%"], 'revenue: "100,5" has a comma'),
        (["ORG_HEALTH", "3,5;4"], 'scores: "3,5;4" has a comma'),
    ],
)
def test_wrong_use_ends_with_2(typed: list[str], told: str) -> None:
    code, printed, error = run("calc", *typed)
    assert (code, printed) == (2, "")
    assert told in error


def test_one_bad_row_of_several() -> None:
    code, printed, error = run("calc", "CLOSE_RATIO", "3;9", "5")
    assert (code, printed.splitlines()) == (1, ["0.6", "#NUM!"])
    assert error.startswith("#NUM! 9 sales won from 5 proposals")


def test_calc_json() -> None:
    code, printed, error = run("calc", "AVERAGE_SALE", "-5", "2", "--json")
    assert (code, error) == (0, "")
    assert json.loads(printed) == {"function": "AVERAGE_SALE", "result": -2.5, "errors": []}
    code, printed, error = run("calc", "CLOSE_RATIO", "5", "4", "--json")
    answer = json.loads(printed)
    assert (code, answer["result"], error) == (1, None, "")
    assert answer["errors"][0]["code"] == "#NUM!"
    assert answer["errors"][0]["argument"] == "won"


def test_help_after_a_name_is_the_functions_own() -> None:
    code, printed, _error = run("calc", "MAGIC_NUMBER", "--help")
    assert code == 0
    assert "not the SaaS" in printed
    code, printed, _error = run("calc", "--help")
    assert code == 0
    assert "Usage" in printed
    assert run("calc")[0] == 2


def test_functions_lists_the_catalogue_by_subject() -> None:
    code, printed, _error = run("functions")
    lines = printed.splitlines()
    assert code == 0
    assert lines[0] == "Pricing and discounts"
    assert [line.split()[0] for line in lines if line.startswith("  ")] == list(CATALOGUE)


@pytest.mark.parametrize("name", list(CATALOGUE))
def test_functions_shows_everything_about_one(name: str) -> None:
    code, printed, _error = run("functions", name.lower())
    function = CATALOGUE[name]
    assert code == 0
    for text in (function.summary, function.signature, function.source, *function.notes):
        assert text in printed
    for argument in function.arguments:
        assert argument.help in printed
        assert argument.unit in printed or argument.choices
    assert printed.count("→") == len(function.examples)
    assert ("=IF(" if function.native else function.no_native) in printed


def test_help_explains_both_bases() -> None:
    printed = run("functions", "BREAKEVEN_REVENUE")[1]
    assert "125,000 of price-cut sales earn only 46,875" in printed
    assert "Who cuts list price needs PRICE" in printed


def test_functions_json() -> None:
    listed = json.loads(run("functions", "--json")[1])
    assert [function["name"] for function in listed] == list(CATALOGUE)
    weeks = listed[list(CATALOGUE).index("MAGIC_NUMBER")]["arguments"][-1]
    assert (weeks["name"], weeks["required"], weeks["default"]) == ("weeks", False, 52)
    assert run("functions", "NONSENSE")[0] == 2
