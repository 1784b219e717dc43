"""Arrays of plain numbers take a shortcut: it must say the same as the careful way, element by element."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

import xlsales
from xlsales.functions import CATALOGUE, CellError, SalesFunction, evaluation
from xlsales.functions.arguments import Argument, Kind
from xlsales.functions.shortcut import Shortcut

ODD = (0.0, -0.0, 1.0, -1.0, 5e-324, -5e-324, 1e308, -1e308, math.inf, -math.inf, math.nan, 20.0)
SPREADING = [
    function
    for function in CATALOGUE.values()
    if not function.spills and not any(argument.is_range or argument.variadic for argument in function.arguments)
]
MIXED = [
    function
    for function in CATALOGUE.values()
    if not function.spills
    and any(argument.is_range for argument in function.arguments)
    and any(argument.is_numeric and not argument.is_range for argument in function.arguments)
]
SHAPES: list[list[tuple[int, ...]]] = [  # that broadcast together
    [(30,)],
    [(30,), (1,)],
    [(6, 5)],
    [(6, 1), (1, 5), (6, 5)],
    [(6, 1), (5,)],
]
PROVEN = [function for function in SPREADING if function.proof]


def numbers(argument: Argument, chance: random.Random, size: int) -> list[float]:
    """Numbers in the domain, mostly."""
    top = argument.up_to or argument.below or (46400 if argument.kind is Kind.DATE else 40)
    low = 46000 if argument.kind is Kind.DATE else 0
    drawn = [chance.choice([chance.uniform(low, top), float(chance.randint(low, int(top)))]) for _i in range(size)]
    if argument.below == 0:
        drawn = [-value for value in drawn]
    return [chance.choice(ODD) if chance.random() < 0.1 else value for value in drawn]


def one_by_one(function: SalesFunction, columns: list[Any], size: int) -> list[Any]:
    rows = ([column[i] if isinstance(column, list) else column for column in columns] for i in range(size))
    return [function.call_cells(*row) for row in rows]


def agree(found: Any, expected: Any) -> bool:
    if isinstance(found, float) and isinstance(expected, float):
        return math.isclose(found, expected, rel_tol=1e-14)  # NumPy's power differs in the last bit
    return bool(found == expected)


@pytest.mark.parametrize("function", SPREADING, ids=lambda function: function.name)
def test_arrays_say_the_same_as_single_numbers(function: SalesFunction) -> None:
    chance = random.Random(function.name)
    for _round in range(60):
        size = chance.choice([1, 2, 5])
        columns: list[Any] = [
            numbers(argument, chance, size)
            if argument.is_numeric
            else argument.choices[0]
            if argument.choices
            else None
            for argument in function.arguments
        ]
        found = function.call_cells(*([[cell] for cell in c] if isinstance(c, list) else c for c in columns))
        listed = [row[0] for row in found] if isinstance(found, list) else [found]
        expected = one_by_one(function, columns, size)
        assert all(map(agree, listed, expected)), (columns, found, expected)


@pytest.mark.parametrize("function", PROVEN, ids=lambda function: function.name)
def test_every_pair_of_odd_numbers_is_told_apart(function: SalesFunction) -> None:
    """Where a result proves its arguments, no pair may slip through, alone or beside a good one."""
    for first in (*ODD, 3.0, math.nextafter(1, 2)):
        for second in (*ODD, 3.0, math.nextafter(1, 0)):
            expected = function.call_cells(first, second)
            a, b = [[1.0], [first]], [[2.0], [second]]
            for sent in ((a, b), (first, [[second], [second]]), ([[first], [first]], second)):
                found = function.call_cells(*sent)
                assert agree(found[-1][0], expected), (function.name, sent)


def test_one_bad_row_spoils_neither_its_block_nor_the_others() -> None:
    won, proposals = np.full(200_000, 13.0), np.full(200_000, 20.0)
    won[[3, 70_000]], proposals[150_000] = [21, np.nan], 0
    checked = xlsales.check("CLOSE_RATIO", won, proposals)
    assert {place: checked.errors[place] for place in np.flatnonzero(checked.errors != "").tolist()} == {
        3: "#NUM!",
        70_000: "#N/A",
        150_000: "#DIV/0!",
    }
    assert np.isnan(checked.values).sum() == 3
    assert np.nanmin(checked.values) == np.nanmax(checked.values) == 0.65


def test_a_row_against_a_column_takes_the_shortcut_too() -> None:
    found = xlsales.close_ratio(np.arange(3.0).reshape(-1, 1), np.array([[4.0, 1.0]]))
    np.testing.assert_array_equal(found, [[0, 0], [0.25, 1], [0.5, np.nan]])


def test_single_values_beside_an_array_are_checked() -> None:
    assert CATALOGUE["CLOSE_RATIO"].call_cells([[1.0], [2.0]], 0) == [[CellError("#DIV/0!")]] * 2
    assert CATALOGUE["MAGIC_NUMBER"].call_cells([[1.0], [2.0]], 1, 20, 0.5) == [[CellError("#NUM!")]] * 2


def test_numbers_of_other_kinds_and_strides_are_read_alike() -> None:
    won = np.arange(10, dtype=">f8")[::-2]
    assert xlsales.close_ratio(won, np.float32(10)).tolist() == [0.9, 0.7, 0.5, 0.3, 0.1]
    assert xlsales.close_ratio(np.arange(4).reshape(2, 2).T, 4).tolist() == [[0, 0.5], [0.25, 0.75]]


def the_careful_way(function: SalesFunction, given: list[Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    with monkeypatch.context() as patch:
        patch.setattr(Shortcut, "open_to", lambda arguments, columns: False)
        return function.check(*given)


def hold_together(function: SalesFunction, given: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways give the same values, errors and reasons, block by block."""
    monkeypatch.setattr(evaluation, "_BLOCK", 8)
    monkeypatch.setattr(evaluation, "_ELEMENTS_A_CELL", 1)
    quick, careful = function.check(*given), the_careful_way(function, given, monkeypatch)
    np.testing.assert_array_equal(quick.errors, careful.errors)
    np.testing.assert_array_equal(quick.reasons, careful.reasons)
    if function.gives_text or function.gives_date:
        np.testing.assert_array_equal(quick.values, careful.values)
    else:
        np.testing.assert_allclose(quick.values, careful.values, rtol=1e-14)


def drawn(argument: Argument, chance: random.Random, shape: tuple[int, ...]) -> Any:
    """What may stand in the place of an argument; of a range, a dozen cells with hardly an odd one."""
    if argument.choices:
        return np.array(chance.choices(argument.choices, k=12)) if argument.is_range else argument.choices[0]
    if argument.kind is Kind.FLAG:
        return True
    if argument.is_range:
        cells = numbers(argument, chance, 12)
        return [3.0 if cell in ODD and chance.random() < 0.9 else cell for cell in cells]
    return np.array(numbers(argument, chance, math.prod(shape))).reshape(shape)


@pytest.mark.parametrize("function", [*SPREADING, *MIXED], ids=lambda function: function.name)
def test_quick_and_careful_way_hold_together(function: SalesFunction, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(function.name)
    for _round in range(20):
        shapes = chance.choice(SHAPES)
        given = [drawn(argument, chance, chance.choice(shapes)) for argument in function.arguments]
        hold_together(function, given, monkeypatch)


def test_mixed_arrays_are_worked_element_by_element(monkeypatch: pytest.MonkeyPatch) -> None:
    highest = np.array([5, 5, math.nan, 1, 2, math.inf, 7] * 5)
    checked = xlsales.check("ORG_HEALTH", [3] * 12, 1, highest)
    # (3 − 1) ÷ (5 − 1) = 0.5, also where a blank stands for 5; 1 is not above 1; 3 is off the scale from 1 to 2;
    # (3 − 1) ÷ (7 − 1) = 1/3
    np.testing.assert_allclose(checked.values, [0.5, 0.5, 0.5, *[math.nan] * 3, 1 / 3] * 5)
    assert list(checked.errors) == ["", "", "", "#NUM!", "#NUM!", "#NUM!", ""] * 5
    assert "must be above the lowest" in checked.reasons[3]
    assert "off the scale" in checked.reasons[4]
    assert "infinite" in checked.reasons[5]
    hold_together(CATALOGUE["ORG_HEALTH"], [[3] * 12, 1, highest], monkeypatch)


@pytest.mark.parametrize("scores", [[3] * 11 + [None], [3] * 11 + ["x"], [3] * 11, [3] * 11 + [math.inf]])
def test_a_bad_range_is_one_error_beside_any_array(scores: list[Any]) -> None:
    alone = xlsales.check("ORG_HEALTH", scores, 1, 5)
    beside = xlsales.check("ORG_HEALTH", scores, 1, np.array([5.0, math.nan]))
    assert alone.errors
    assert (beside.errors, beside.reasons) == (alone.errors, alone.reasons)


def test_a_range_as_long_as_the_array_is_not_cut_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    peers = np.arange(1.0, 61.0)
    np.testing.assert_allclose(xlsales.peer_gap(peers, peers), peers / 30.5 - 1)  # 1 to 60: on average 30.5
    for name in ("PEER_GAP", "TERRITORY_BALANCE"):
        hold_together(CATALOGUE[name], [np.where(peers % 9 == 0, math.nan, peers), peers], monkeypatch)


@pytest.mark.parametrize("blanks", [1, 3, 4, 5, 8, 20])
def test_blocks_with_few_and_many_blanks_say_the_same(blanks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    won = np.full(20, 1.0)
    won[:blanks] = math.nan
    hold_together(CATALOGUE["CLOSE_RATIO"], [won, 4.0], monkeypatch)
    assert list(xlsales.check("CLOSE_RATIO", won, 4.0).errors) == ["#N/A"] * blanks + [""] * (20 - blanks)


def test_arrays_handed_over_stay_as_they_are() -> None:
    won, proposals = np.array([1.0, math.nan, -1.0, 3.0]), np.array([2.0, 2.0, 2.0, 0.0])
    xlsales.check("CLOSE_RATIO", won, proposals)
    np.testing.assert_array_equal(won, [1, math.nan, -1, 3])
    np.testing.assert_array_equal(proposals, [2, 2, 2, 0])
