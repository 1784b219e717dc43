"""Where numbers lie is told by a look or two for all of them: it must be what a look at each one says."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

from xlsales.functions import CATALOGUE, bounds
from xlsales.functions.arguments import Argument, Kind

ODD = (0.0, -0.0, 1.0, -1.0, 5e-324, -5e-324, 1e308, -1e308, math.inf, -math.inf, math.nan, 20.0, math.nextafter(1, 2))


def domains() -> dict[tuple[Any, ...], Argument]:
    """An argument of each domain that there is."""
    numeric = [a for function in CATALOGUE.values() for a in function.arguments if a.is_numeric]
    return {(a.above, a.at_least, a.below, a.up_to, a.spelled_above): a for a in numeric}


DOMAINS = pytest.mark.parametrize("argument", domains().values(), ids=lambda a: f"{a.name}-{a.at_least}-{a.up_to}")


def is_inside(argument: Argument, value: float) -> bool:
    return (
        math.isfinite(value)
        and (argument.above is None or value > argument.above)
        and (argument.at_least is None or value >= argument.at_least)
        and (argument.below is None or value < argument.below)
        and (argument.up_to is None or value <= argument.up_to)
        and (argument.spelled_above is None or value <= argument.spelled_above)
    )


def drawn(argument: Argument, chance: random.Random) -> list[float]:
    """Up to two dozen numbers, most of them in the domain, hardly ever an odd one or many."""
    low = 46000.0 if argument.kind is Kind.DATE else 0.0
    top = argument.up_to or argument.below or 50000.0
    odd = chance.choice([0, 0, 0.05, 0.5, 1])
    numbers = [chance.uniform(low, min(top, 47000.0)) for _i in range(chance.randint(1, 24))]
    edges = [*ODD, *(edge for edge in (argument.above, argument.below, argument.up_to) if edge is not None)]
    return [chance.choice(edges) if chance.random() < odd else number for number in numbers]


@DOMAINS
def test_what_is_outside_a_domain_is_what_each_number_says(argument: Argument) -> None:
    chance = random.Random(argument.name)
    for _round in range(300):
        numbers = drawn(argument, chance)
        inside = [is_inside(argument, number) for number in numbers]
        values = np.array(numbers, dtype=float)
        found = bounds.outside(argument, values)
        # -0.0 may be left in doubt: nobody counts on its sign, and a careful look lets it pass.
        certain = [number != 0 for number in numbers]
        assert [out for out, sure in zip(found.tolist(), certain, strict=True) if sure] == [
            not ok for ok, sure in zip(inside, certain, strict=True) if sure
        ]
        assert not bounds.all_inside(argument, values) or all(inside)
        assert bounds.all_inside(argument, values) or not all(inside) or any(math.copysign(1, n) < 0 for n in numbers)


@DOMAINS
def test_an_extent_holds_all_numbers_and_knows_each_nan(argument: Argument, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(argument.name)
    for _round in range(300):
        monkeypatch.setattr(bounds, "_PART", chance.choice([3, 8, 100]))
        numbers = drawn(argument, chance)
        found = bounds.extent(argument, np.array(numbers, dtype=float))
        known = [number for number in numbers if not math.isnan(number)]
        assert np.broadcast_to(found.nan, len(numbers)).tolist() == list(map(math.isnan, numbers))
        assert all(found.low <= number <= found.high for number in known)
        if known:
            assert argument.admits(found.low, found.high) == all(is_inside(argument, number) for number in known)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("part", [4, 100])
def test_nan_keeps_its_place_in_a_table(order: Any, part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "_PART", part)
    table = np.arange(12.0).reshape(3, 4)
    table[0, 3] = table[2, 1] = math.nan
    found = bounds.extent(CATALOGUE["CLOSE_RATIO"].arguments[0], np.asarray(table, order=order))
    assert np.argwhere(found.nan).tolist() == [[0, 3], [2, 1]]
    assert (found.low, found.high) == (0, 11)


def test_a_number_in_the_place_of_nan_is_within_the_extent() -> None:
    mask = np.array([True])
    assert bounds.Extent(2.0, 3.0, mask).with_number(5.0) == (2, 5, False)
    assert bounds.Extent(2.0, 3.0, mask).with_number(1.0) == (1, 3, False)
    assert bounds.Extent(math.nan, math.nan, mask).with_number(1.0) == (1, 1, False)


@pytest.mark.parametrize("odd", [np.nan, -np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("others", [[1.0, 2.0], [-1.0, 2.0], [-0.0], [5e-324], []])
def test_all_finite_sees_one_that_is_not_among_numbers_of_any_sign(others: list[float], odd: float) -> None:
    assert bounds.all_finite(np.array(others))
    for place in range(len(others) + 1):
        assert not bounds.all_finite(np.array([*others[:place], odd, *others[place:]]))
