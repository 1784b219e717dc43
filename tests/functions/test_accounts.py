"""Accounts and coverage: values worked by hand, boundary by boundary."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

import xlsales
from xlsales import SalesFunctionError
from xlsales.functions import CATALOGUE, MISSING, CellError

NA, NUM, VALUE, DIV0 = (CellError(code) for code in ("#N/A", "#NUM!", "#VALUE!", "#DIV/0!"))
REF = CellError("#REF!")

VALUES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("ACCOUNT_SCORE", ([5, 3, 4], [2, 1, 1]), 4.25),  # (10 + 3 + 4) / 4
    ("ACCOUNT_SCORE", ([5, 3], [0, 1]), 3),  # only the second has a weight
    ("ACCOUNT_SCORE", ([4, None, 2], [0.5, 0.3, 0.5]), 3),  # (2 + 1) / 1; the second is not rated
    ("ACCOUNT_SCORE", ([4, 5, 2], [1, None, 3]), 2.5),  # (4 + 6) / 4; the second has no weight
    ("ACCOUNT_SCORE", ([-2, 2], [1, 3]), 1),  # (-2 + 6) / 4
    ("ACCOUNT_SCORE", (4, 2), 4),  # one cell each
    ("ACCOUNT_SCORE", ([[5, 3], [4, 0]], [[2, 1], [1, 0]]), 4.25),  # two rows of two
    ("ACCOUNT_TIER", (4,), "A"),  # exactly at the cut
    ("ACCOUNT_TIER", (3.999999,), "B"),
    ("ACCOUNT_TIER", (2.5,), "B"),
    ("ACCOUNT_TIER", (2.499999,), "C"),
    ("ACCOUNT_TIER", (-1,), "C"),
    ("ACCOUNT_TIER", (80, 80, 60), "A"),
    ("ACCOUNT_TIER", (79.9, 80, 60), "B"),
    ("ACCOUNT_TIER", (3, None, 3), "B"),  # a blank cut takes its default of 4
    ("ACCOUNT_TIER", (0.1 + 0.2, 0.3, 0.1), "A"),  # 0.30000000000000004 is 0.3
    ("ACCOUNT_TIER", (0.7 + 0.1, 0.8, 0.1), "A"),  # 0.7999999999999999 is 0.8
    ("ACCOUNT_STATUS", ("2027-01-15", "2027-07-15"), "DORMANT"),  # six months to the day
    ("ACCOUNT_STATUS", ("2027-01-16", "2027-07-15"), "ACTIVE"),  # one day less
    ("ACCOUNT_STATUS", ("2027-08-31", "2028-02-28"), "ACTIVE"),  # a leap year: due on the 29th
    ("ACCOUNT_STATUS", ("2027-08-31", "2028-02-29"), "DORMANT"),
    ("ACCOUNT_STATUS", ("2026-08-31", "2027-02-28"), "DORMANT"),  # no leap year: the 28th is the last
    ("ACCOUNT_STATUS", ("2026-08-29", "2027-02-27"), "ACTIVE"),
    ("ACCOUNT_STATUS", ("2027-07-15", "2027-07-15"), "ACTIVE"),  # ordered today
    ("ACCOUNT_STATUS", ("2027-07-15T18:30", "2027-07-15"), "ACTIVE"),  # this evening is still today
    ("ACCOUNT_STATUS", (None, "2027-07-15"), "NEVER"),
    ("ACCOUNT_STATUS", ("", "2027-07-15", 0, 100), "NEVER"),
    ("ACCOUNT_STATUS", ("2027-06-01", "2027-07-15", 70, 100), "DECLINING"),  # exactly 30% less
    ("ACCOUNT_STATUS", ("2027-06-01", "2027-07-15", 70.01, 100), "ACTIVE"),
    ("ACCOUNT_STATUS", ("2027-06-01", "2027-07-15", 63, 90), "DECLINING"),  # 90 * 0.7 is 62.99999999999999
    ("ACCOUNT_STATUS", ("2027-06-01", "2027-07-15", 0, 0), "ACTIVE"),  # nothing to fall from
    ("ACCOUNT_STATUS", ("2027-06-01", "2027-07-15", 0, -5), "ACTIVE"),
    ("ACCOUNT_STATUS", ("2027-06-01", "2027-07-15", None, 100), "ACTIVE"),  # not known
    ("ACCOUNT_STATUS", ("2027-06-01", "2027-07-15", 10, None), "ACTIVE"),
    ("ACCOUNT_STATUS", ("2027-01-15", "2027-07-15", 10, 100), "DORMANT"),  # dormant comes first
    ("ACCOUNT_STATUS", ("2027-06-15", "2027-07-15", None, None, 1), "DORMANT"),
    ("ACCOUNT_STATUS", ("2026-07-16", "2027-07-15", None, None, 12), "ACTIVE"),
    ("ACCOUNT_STATUS", ("2024-02-29", "2025-02-28", None, None, 12), "DORMANT"),  # a year to the last day
    ("ACCOUNT_STATUS", ("2027-07-01", "2027-07-15", 89, 90, 6, 0), "DECLINING"),  # any fall
    ("ACCOUNT_STATUS", ("2027-07-01", "2027-07-15", 1, 90, 6, 1), "ACTIVE"),  # not all is lost
    ("ACCOUNT_STATUS", ("2027-07-01", "2027-07-15", 0, 90, 6, 1), "DECLINING"),
    ("ACCOUNT_STATUS", ("2027-01-15", "2027-07-15", None, None, 1e9), "ACTIVE"),
    ("DORMANT_VALUE", ([1000, 500, 200], [400, 800, 0]), 800),  # 600 + 0 + 200
    ("DORMANT_VALUE", ([1000, None, 300], [1000, 50, None]), 0),  # one complete row, without a fall
    ("DORMANT_VALUE", ([1000, 300], [None, 100]), 200),
    ("DORMANT_VALUE", ([None, None], [None, None]), 0),
    ("DORMANT_VALUE", ([], []), 0),
    ("DORMANT_VALUE", (100, 40), 60),
    ("DORMANT_VALUE", ([-100], [-150]), 50),  # credit notes grew
    ("COVERAGE_STATUS", (12, 12), "COVERED"),
    ("COVERAGE_STATUS", (13, 12), "COVERED"),
    ("COVERAGE_STATUS", (11, 12), "UNDER"),
    ("COVERAGE_STATUS", (0, 12), "UNCOVERED"),
    ("COVERAGE_STATUS", (0, 0), "COVERED"),  # nothing is required
    ("COVERAGE_STATUS", (0, 0, ""), "COVERED"),
    ("COVERAGE_STATUS", (12, 12, "Ann"), "COVERED"),
    ("COVERAGE_STATUS", (12, 12, ""), "UNCOVERED"),
    ("COVERAGE_STATUS", (12, 12, None), "UNCOVERED"),  # a cell, but blank
    ("COVERAGE_STATUS", (3, 12, 7), "UNDER"),  # somebody's number
    ("COVERAGE_STATUS", (3, 12, 0), "UNCOVERED"),  # a link to a blank cell
    ("COVERAGE_STATUS", (3, 12, "  "), "UNCOVERED"),
    ("ACCOUNT_STATUS", (0, "2027-07-15"), "NEVER"),
    ("BEST_IN_FRONT", ([3, 9, 5], ["Ann", 0, " "]), "Ann"),  # two without a name
    ("REVENUE_AT_RISK", ([100, 50, 30], ["COVERED", "UNDER", "UNCOVERED"]), 13.6),  # 80 * 0.17
    ("REVENUE_AT_RISK", ([100, 50], ["under", " Covered "], 0.1), 10),  # 100 * 0.1
    ("REVENUE_AT_RISK", ([100, None, 30], ["UNDER", "UNDER", None]), 17),  # 100 * 0.17
    ("REVENUE_AT_RISK", ([100], ["UNDER"], 0), 0),
    ("REVENUE_AT_RISK", ([100], ["UNDER"], 1), 100),
    ("REVENUE_AT_RISK", (100, "UNCOVERED"), 17),
    ("REVENUE_AT_RISK", ([], []), 0),
    ("BEST_IN_FRONT", ([3, 5, 4], ["Ann", "Bob", "Cy"]), "Bob"),
    ("BEST_IN_FRONT", ([5, 3, 5], ["Ann", "Bob", "Cy"]), "Ann"),  # a tie: the first
    ("BEST_IN_FRONT", ([9, 3, None], [None, "Bob", "Cy"]), "Bob"),  # one complete row
    ("BEST_IN_FRONT", ([9, 3, 4], ["", "Bob", "Cy"]), "Cy"),  # an empty text is no name
    ("BEST_IN_FRONT", ([-2, -1], ["Ann", "Bob"]), "Bob"),
    ("BEST_IN_FRONT", ([1, 2], [7, 8]), "8"),  # numbers for names
    ("BEST_IN_FRONT", (1, "Ann"), "Ann"),
    ("PENETRATION", (3, 8), 0.375),
    ("PENETRATION", (0, 8), 0),
    ("PENETRATION", (8, 8), 1),
    ("TERRITORY_BALANCE", (120, [80, 100, 200]), 0.2),  # median 100
    ("TERRITORY_BALANCE", (90, [80, 100, 140, 200]), -0.25),  # median (100 + 140) / 2 = 120
    ("TERRITORY_BALANCE", (0, [50, None, 70]), -1),  # median 60
    ("TERRITORY_BALANCE", (80, 100), -0.2),  # one peer
]

ERRORS: list[tuple[str, tuple[Any, ...], str, str]] = [
    ("ACCOUNT_SCORE", ([5, 3], [0, 0]), "#DIV/0!", "weights"),
    ("ACCOUNT_SCORE", ([None], [1]), "#DIV/0!", "weights"),
    ("ACCOUNT_SCORE", ([], []), "#DIV/0!", "weights"),
    ("ACCOUNT_SCORE", ([5, 3], [1, -1]), "#NUM!", "weights"),
    ("ACCOUNT_SCORE", ([5, 3], [1]), "#VALUE!", ""),
    ("ACCOUNT_SCORE", ([5, "x"], [1, 1]), "#VALUE!", "values"),
    ("ACCOUNT_TIER", (3, 2, 2), "#NUM!", "a_cut"),
    ("ACCOUNT_TIER", (3, 2), "#NUM!", "a_cut"),  # below the usual B cut of 2.5
    ("ACCOUNT_TIER", (None,), "#N/A", "score"),
    ("ACCOUNT_TIER", ("high",), "#VALUE!", "score"),
    ("ACCOUNT_STATUS", ("2027-07-16", "2027-07-15"), "#NUM!", "last_order"),
    ("ACCOUNT_STATUS", ("2027-07-15", None), "#N/A", "as_of"),
    ("ACCOUNT_STATUS", (None, None), "#N/A", "as_of"),
    ("ACCOUNT_STATUS", ("2027-07-15", "2027-02-30"), "#VALUE!", "as_of"),
    ("ACCOUNT_STATUS", ("2027-07-15", 20270715), "#NUM!", "as_of"),
    ("ACCOUNT_STATUS", ("2027-07-01", "2027-07-15", None, None, 0), "#NUM!", "months"),
    ("ACCOUNT_STATUS", ("2027-07-01", "2027-07-15", None, None, 1.5), "#NUM!", "months"),
    ("ACCOUNT_STATUS", ("2027-07-01", "2027-07-15", 1, 2, 6, 30), "#NUM!", "drop"),
    ("ACCOUNT_STATUS", ("2027-07-01", "2027-07-15", "x", 2), "#VALUE!", "recent_revenue"),
    ("DORMANT_VALUE", ([1, 2], [1]), "#VALUE!", ""),
    ("DORMANT_VALUE", ([1, True], [1, 1]), "#VALUE!", "prior_revenue"),
    ("COVERAGE_STATUS", (-1, 12), "#NUM!", "planned_touches"),
    ("COVERAGE_STATUS", (1, None), "#N/A", "required_touches"),
    ("COVERAGE_STATUS", ("some", 12), "#VALUE!", "planned_touches"),
    ("REVENUE_AT_RISK", ([100], ["ACTIVE"]), "#NUM!", "status"),
    ("REVENUE_AT_RISK", ([100], [1]), "#VALUE!", "status"),
    ("REVENUE_AT_RISK", ([100, 1], ["UNDER"]), "#VALUE!", ""),
    ("REVENUE_AT_RISK", ([100], ["UNDER"], 17), "#NUM!", "loss_rate"),
    ("BEST_IN_FRONT", ([None, 2], ["Ann", None]), "#N/A", "fit"),
    ("BEST_IN_FRONT", ([1, 2], ["Ann"]), "#VALUE!", ""),
    ("BEST_IN_FRONT", (["good"], ["Ann"]), "#VALUE!", "fit"),
    ("PENETRATION", (0, 0), "#DIV/0!", "available"),
    ("PENETRATION", (9, 8), "#NUM!", "sold"),
    ("PENETRATION", (-1, 8), "#NUM!", "sold"),
    ("TERRITORY_BALANCE", (1, [None, None]), "#N/A", "peers"),
    ("TERRITORY_BALANCE", (1, [0, 0, 5]), "#DIV/0!", "peers"),
    ("TERRITORY_BALANCE", (1, [-5, -4]), "#NUM!", "peers"),
    ("TERRITORY_BALANCE", (None, [1]), "#N/A", "value"),
]


@pytest.mark.parametrize(("name", "arguments", "result"), VALUES)
def test_result_worked_by_hand(name: str, arguments: tuple[Any, ...], result: Any) -> None:
    found = getattr(xlsales, name.lower())(*arguments)
    assert found == (result if isinstance(result, str) else pytest.approx(result, rel=1e-12, abs=1e-12))
    assert type(found) in (str, float)


@pytest.mark.parametrize(("name", "arguments", "code", "argument"), ERRORS)
def test_error_and_argument_at_fault(name: str, arguments: tuple[Any, ...], code: str, argument: str) -> None:
    with pytest.raises(SalesFunctionError) as caught:
        getattr(xlsales, name.lower())(*arguments)
    assert (caught.value.code, caught.value.argument) == (code, argument)
    assert caught.value.message.endswith(".")


CELLS: list[tuple[str, tuple[Any, ...], Any]] = [
    ("ACCOUNT_TIER", ([[4], [3], [None], ["x"], [REF]],), [["A"], ["B"], [NA], [VALUE], [REF]]),
    ("ACCOUNT_TIER", (3, [[4, 2.6]]), [["B", "A"]]),
    ("ACCOUNT_TIER", ([[3], [1]], [[4, 2]]), [["B", NUM], ["C", NUM]]),  # 2 is under the B cut
    (
        "ACCOUNT_STATUS",
        ([[46391], [None], [46600], [REF], [True]], 46500),
        [["ACTIVE"], ["NEVER"], [NUM], [REF], [VALUE]],
    ),
    (
        "ACCOUNT_STATUS",
        (46391, 46500, [[50], [90], [None]], [[100], [100], [100]]),
        [["DECLINING"], ["ACTIVE"], ["ACTIVE"]],
    ),
    ("ACCOUNT_STATUS", (46391, 46500, MISSING, MISSING, 3), "DORMANT"),  # 4 January + 3 months = 4 April
    ("COVERAGE_STATUS", ([[4], [2], [0]], 4), [["COVERED"], ["UNDER"], ["UNCOVERED"]]),
    (
        "COVERAGE_STATUS",
        (4, 4, [["Ann"], [None], [""], [REF]]),
        [["COVERED"], ["UNCOVERED"], ["UNCOVERED"], [REF]],
    ),
    ("COVERAGE_STATUS", (4, 4, MISSING), "COVERED"),
    ("COVERAGE_STATUS", (4, 4, None), "UNCOVERED"),
    ("REVENUE_AT_RISK", ([[100]], [["UNDER"]], [[0.1, 0.2]]), [[10.0, 20.0]]),
    ("REVENUE_AT_RISK", ([[100], [REF]], [["UNDER"], ["UNDER"]]), REF),
    ("BEST_IN_FRONT", ([[1, 2]], [["Ann", "Bob"]]), "Bob"),  # a row
    ("TERRITORY_BALANCE", ([[80], [90]], [[None], [None]]), [[NA], [NA]]),
    (
        "COVERAGE_STATUS",
        (4, 4, dt.datetime(2027, 1, 4)),
        "COVERED",
    ),  # a date is in the cell, so it is not blank
    ("BEST_IN_FRONT", ([[1], [2]], [["Ann"], [dt.datetime(2027, 1, 4)]]), "46391"),  # a date's serial
    ("TERRITORY_BALANCE", ([[80], [None]], [[100], [None]]), [[pytest.approx(-0.2)], [NA]]),
]


@pytest.mark.parametrize(("name", "sent", "shown"), CELLS)
def test_cell_shows(name: str, sent: tuple[Any, ...], shown: Any) -> None:
    assert CATALOGUE[name].call_cells(*sent) == shown


def test_owner_left_out_is_not_judged_in_python_either() -> None:
    assert xlsales.coverage_status(4, 4) == "COVERED"
    assert xlsales.coverage_status(planned_touches=4, required_touches=4, owner=None) == "UNCOVERED"
    owners = pd.Series(["Ann", None, ""], index=["x", "y", "z"])
    assert xlsales.coverage_status(4, 4, owners).to_dict() == {
        "x": "COVERED",
        "y": "UNCOVERED",
        "z": "UNCOVERED",
    }


def test_pandas_comes_back_with_its_index() -> None:
    orders = pd.Series([dt.date(2027, 1, 4), None, dt.date(2026, 1, 4)], index=[7, 8, 9], name="last")
    found = xlsales.account_status(orders, dt.date(2027, 2, 1))
    assert found.to_dict() == {7: "ACTIVE", 8: "NEVER", 9: "DORMANT"}
    assert found.name == "last"


def test_many_rows_say_the_same_as_one() -> None:
    chance = np.random.default_rng(3)
    last = chance.integers(46000, 46800, 200_000).astype(float)
    last[::7] = np.nan
    recent, prior = chance.uniform(0, 100, (2, last.size))
    found = xlsales.account_status(last, 46800, recent, prior)
    for place in (0, 1, 65_535, 65_536, 131_072, 199_999):
        cells = (last[place], 46800, recent[place], prior[place])
        assert found[place] == CATALOGUE["ACCOUNT_STATUS"].call_cells(*cells)
    assert set(found) == {"NEVER", "DORMANT", "DECLINING", "ACTIVE"}


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("ACCOUNT_TIER", (3, 2, 2), "The cut of tier A, 2, must be above that of tier B, 2"),
        ("ACCOUNT_STATUS", ("2027-07-16", "2027-07-15"), "The last order, 2027-07-16, lies after 2027-07-15"),
        ("ACCOUNT_STATUS", (1, 2, None, None, 1.5), "months must be a whole number, such as 6; it is 1.5"),
        ("PENETRATION", (9, 8), "9 products sold are more than the 8 on offer"),
        ("REVENUE_AT_RISK", ([1], ["x"]), 'status is "X": type one of the words COVERED, UNDER, UNCOVERED'),
    ],
)
def test_message_says_what_to_type_instead(name: str, arguments: tuple[Any, ...], told: str) -> None:
    assert told in xlsales.check(name, *arguments).reasons


def test_twin_does_not_judge_an_owner_left_out() -> None:
    twin = CATALOGUE["COVERAGE_STATUS"].native_formula(planned_touches="A1", required_touches="B1")
    assert 'TRIM(SUBSTITUTE("-","\u00a0"," "))="",' in twin
    given = CATALOGUE["COVERAGE_STATUS"].native_formula(planned_touches="A1", required_touches="B1", owner="C1")
    assert 'TRIM(SUBSTITUTE(C1,"\u00a0"," "))="",' in given
