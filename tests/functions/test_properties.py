"""What holds for all numbers, not only for the examples."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import xlsales
from xlsales.functions import CATALOGUE, CellError, SalesFunction, SalesFunctionError
from xlsales.functions.coercion import read_date

CELLS = st.one_of(
    st.floats(-1e6, 1e6),
    st.floats(0, 1),
    st.integers(-5, 100),
    st.sampled_from([0.0, 1.0, None, "", "12", "20%", "x", True, CellError("#REF!"), "PRICE", "units", "monthly"]),
)
WITHOUT_RANGES = [f for f in CATALOGUE.values() if not any(a.is_range or a.variadic for a in f.arguments)]
SPREADING = [f for f in WITHOUT_RANGES if not f.spills]
each_without_ranges = pytest.mark.parametrize("function", WITHOUT_RANGES, ids=lambda function: function.name)
each = pytest.mark.parametrize("function", SPREADING, ids=lambda function: function.name)


def in_python(function: SalesFunction, arguments: tuple[Any, ...]) -> Any:
    try:
        found = function.call(*arguments)
    except SalesFunctionError as error:
        return error.as_cell()
    return read_date(found) if function.gives_date else found


def same(found: Any, expected: Any) -> Any:
    """The last bit may differ: NumPy raises arrays to a power otherwise than single numbers."""
    if isinstance(expected, list):
        return [same(cell, other) for cell, other in zip(found, expected, strict=True)] == [True] * len(found)
    return found == (pytest.approx(expected, rel=1e-14) if isinstance(expected, float) else expected)


@given(
    st.floats(0.01, 1),
    st.floats(0, 0.98),
    st.floats(1e-6, 0.01),
    st.sampled_from(["PROFIT", "PRICE", "UNITS"]),
)
def test_uplift_rises_strictly_with_the_discount(
    margin: float, share: float, step: float, measure: Literal["PROFIT", "PRICE", "UNITS"]
) -> None:
    limit = 1 if measure == "PROFIT" else margin
    low, high = share * limit, (share + step) * limit
    less, more = (xlsales.breakeven_uplift(margin, discount, measure) for discount in (low, high))
    assert more > less or (margin == 1 and measure == "PRICE")  # without cost, revenue stays the same


@given(st.floats(1, 1e9), st.floats(0.01, 1), st.floats(0, 0.9), st.sampled_from(["PROFIT", "PRICE"]))
def test_uplift_is_what_breakeven_revenue_adds(
    revenue: float, margin: float, share: float, basis: Literal["PROFIT", "PRICE"]
) -> None:
    discount = share * margin
    needed = xlsales.breakeven_revenue(revenue, margin, discount, basis)
    assert needed == pytest.approx(revenue * (1 + xlsales.breakeven_uplift(margin, discount, basis)), rel=1e-9)


@given(st.floats(1, 1e9), st.floats(0.01, 1), st.floats(0, 0.9))
def test_price_basis_earns_the_old_gross_profit(revenue: float, margin: float, share: float) -> None:
    discount = share * margin
    needed = xlsales.breakeven_revenue(revenue, margin, discount, "PRICE")
    margin_after = (margin - discount) / (1 - discount)
    assert needed * margin_after == pytest.approx(revenue * margin, rel=1e-9)


@given(st.floats(0, 1e9), st.floats(1, 1e6), st.floats(0.01, 1), st.floats(0.01, 1), st.floats(1, 53))
def test_magic_number_worked_forward_reaches_the_goal(
    goal: float, sale: float, proposal: float, close: float, weeks: float
) -> None:
    each_week = xlsales.magic_number(goal, sale, proposal, close, weeks)
    assert each_week * weeks * proposal * close * sale == pytest.approx(goal, rel=1e-9)


@each_without_ranges
@given(data=st.data())
def test_cells_say_the_same_as_python(function: SalesFunction, data: st.DataObject) -> None:
    arguments = data.draw(st.tuples(*[CELLS] * len(function.arguments)))
    assert function.call_cells(*arguments) == in_python(function, arguments)


@each
@given(data=st.data())
def test_range_says_the_same_as_its_cells(function: SalesFunction, data: st.DataObject) -> None:
    columns = [data.draw(st.lists(CELLS, min_size=3, max_size=3)) for _argument in function.arguments]
    found = function.call_cells(*([[cell] for cell in column] for column in columns))
    assert same(found, [[function.call_cells(*row)] for row in zip(*columns, strict=True)])


@each
@given(data=st.data())
def test_broadcasting_is_a_loop(function: SalesFunction, data: st.DataObject) -> None:
    first = data.draw(st.lists(CELLS, min_size=2, max_size=2))
    second = data.draw(st.lists(CELLS, min_size=3, max_size=3))
    rest = data.draw(st.tuples(*[CELLS] * (len(function.arguments) - 2)))
    found = function.call_cells([[cell] for cell in first], [second], *rest)
    one_by_one = [[function.call_cells(down, across, *rest) for across in second] for down in first]
    assert same(found, one_by_one)


@each_without_ranges
@given(data=st.data())
def test_cells_never_hold_nan_or_infinity(function: SalesFunction, data: st.DataObject) -> None:
    anything = st.one_of(CELLS, st.floats())
    result = function.call_cells(*data.draw(st.tuples(*[anything] * len(function.arguments))))
    for cell in [cell for row in result for cell in row] if isinstance(result, list) else [result]:
        assert isinstance(cell, (CellError, str)) or math.isfinite(cell)


@given(st.lists(st.tuples(st.floats(1, 60000), st.floats(0, 400)), min_size=1, max_size=20))
def test_cycle_is_the_mean_of_the_differences(pairs: list[tuple[float, float]]) -> None:
    starts = np.array([start for start, _days in pairs])
    closes = starts + [days for _start, days in pairs]
    assert xlsales.sales_cycle_days(starts, closes) == pytest.approx(np.mean(closes - starts), abs=1e-9)


@given(st.lists(st.floats(1, 5), min_size=12, max_size=12))
def test_health_lies_between_none_and_full(scores: list[float]) -> None:
    assert -1e-12 <= xlsales.org_health(scores) <= 1 + 1e-12
