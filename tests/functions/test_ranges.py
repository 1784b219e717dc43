"""Rows of ranges that are blank are left out, pairwise, and what is left is as it was, in its order."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

import xlsales
from xlsales.functions import CATALOGUE, bounds, ranges
from xlsales.functions.evaluation import clean_values

NAN = math.nan
NEVER, SOME, MANY, ALL = 0.0, 0.1, 0.7, 1.0  # of the rows


@pytest.fixture(params=[4, 1000])
def parts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many cells at a time: with parts, and without."""
    monkeypatch.setattr(ranges, "_PART", request.param)
    monkeypatch.setattr(ranges, "_IN_CACHE", request.param)
    monkeypatch.setattr(bounds, "_PART", request.param)


def cleaned(name: str, *given: Any) -> list[Any]:
    return [np.asarray(values).tolist() for values in clean_values(CATALOGUE[name].arguments, given)]


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("shape", [(-1,), (-1, 1), (1, -1), (6, -1)])
@pytest.mark.parametrize("share", [NEVER, SOME, MANY, ALL])
def test_full_rows_stay_in_their_order(share: float, shape: tuple[int, ...]) -> None:
    chance = random.Random(f"{share}{shape}")
    first, second = ([NAN if chance.random() < share else chance.uniform(0, 9) for _i in range(36)] for _j in range(2))
    full = [(a, b) for a, b in zip(first, second, strict=True) if a == a and b == b]
    given = [np.array(numbers).reshape(shape) for numbers in (first, second)]
    assert cleaned("ACCOUNT_SCORE", *given) == [[a for a, _b in full], [b for _a, b in full]]


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("step", [2, -1, -3])
def test_every_other_row_of_a_longer_array_is_read_as_well(step: int) -> None:
    longer = np.arange(60.0)
    longer[::6] = NAN
    given = longer[::step]
    expected = [number for number in given.tolist() if number == number]
    assert cleaned("ACCOUNT_SCORE", given, given) == [expected, expected]


@pytest.mark.usefixtures("parts")
def test_words_go_with_the_numbers_beside_them() -> None:
    revenue = np.array([1.0, NAN, 3.0, 4.0, 5.0, 6.0])
    status = np.array(["COVERED", "UNDER", "", "UNCOVERED", "UNDER", "COVERED"], dtype=object)
    assert cleaned("REVENUE_AT_RISK", revenue, status, 0.5)[:2] == [
        [1, 4, 5, 6],
        ["COVERED", "UNCOVERED", "UNDER", "COVERED"],
    ]


@pytest.mark.usefixtures("parts")
def test_a_blank_that_counts_as_0_keeps_its_row() -> None:
    actuals, forecasts = np.array([1.0, NAN, NAN, 4.0, 5.0]), np.array([1.0, 2.0, NAN, NAN, 5.0])
    assert cleaned("FORECAST_BIAS", actuals, forecasts) == [[1, 0, 5], [1, 2, 5]]
    assert xlsales.forecast_bias(actuals, forecasts) == 2 / 6


@pytest.mark.usefixtures("parts")
def test_what_stands_in_a_row_that_is_left_out_is_judged_no_more() -> None:
    """A weight less than 0 is refused, unless its row has no rating; nor does its place trouble the others."""
    ratings, weights = np.array([5.0, NAN, 3, 4, 1, 2]), np.array([2.0, -1.0, 1, 1, 0, 0])
    assert xlsales.account_score(ratings, weights) == (5 * 2 + 3 + 4) / 4
    ratings[1] = 3
    assert xlsales.check("ACCOUNT_SCORE", ratings, weights).errors == "#NUM!"


@pytest.mark.usefixtures("parts")
def test_arrays_handed_over_stay_as_they_are() -> None:
    first, second = np.array([1.0, NAN, 3, 4, 5, 0]), np.array([2.0, 2, 2, NAN, 1, 46000])
    before = first.tobytes(), second.tobytes()
    for name in (
        "ACCOUNT_SCORE",
        "DORMANT_VALUE",
        "FORECAST_ACCURACY",
        "SALES_CYCLE_DAYS",
        "MIX_GAP",
        "WEIGHTED_PIPELINE",
    ):
        xlsales.check(name, first, second)
        xlsales.check(name, np.nan_to_num(first), second)
        assert (first.tobytes(), second.tobytes()) == before


ADDING_UP = [name for name, function in CATALOGUE.items() if function.adds_up]


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("shape", [(-1,), (6, -1)])
@pytest.mark.parametrize("share", [NEVER, SOME, MANY, ALL])
@pytest.mark.parametrize("name", ADDING_UP)
def test_what_adds_up_over_rows_is_the_sum_of_its_full_rows(name: str, share: float, shape: tuple[int, ...]) -> None:
    """In parts with zeros for blank rows, or row by row: `added_up` says that these are one."""
    chance = random.Random(f"{name}{share}")
    first, second = ([NAN if chance.random() < share else chance.random() for _i in range(36)] for _j in range(2))
    full = [(a, b) for a, b in zip(first, second, strict=True) if a == a and b == b]
    function = CATALOGUE[name]
    each = [function.call([a], [b]) for a, b in full]
    given = [np.array(numbers).reshape(shape) for numbers in (first, second)]
    assert function.call(*given) == pytest.approx(math.fsum(each), rel=1e-14, abs=1e-300)


def test_functions_add_up() -> None:
    assert ADDING_UP == ["WEIGHTED_PIPELINE", "DORMANT_VALUE"]


@pytest.mark.usefixtures("parts")
def test_what_adds_up_is_refused_as_a_whole() -> None:
    amounts, chances = np.array([1.0, NAN, 3, 4, 5, 6]), np.array([0.5, 1.5, 0.5, NAN, 0.5, 0.5])
    assert xlsales.weighted_pipeline(amounts, chances) == 7.5  # 150% stands in a row that is left out
    chances[4] = 1.5
    assert "probabilities" in str(xlsales.check("WEIGHTED_PIPELINE", amounts, chances).reasons)
    assert xlsales.check("WEIGHTED_PIPELINE", np.array([1e308, NAN, 1e308]), np.ones(3)).errors == "#NUM!"
    with pytest.raises(xlsales.SalesFunctionError, match="size"):
        xlsales.weighted_pipeline(amounts, chances[:5])
