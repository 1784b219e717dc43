"""Arrays of plain numbers take a shortcut: it must say the same as the careful way, element by element."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

import xlsales
from xlsales.functions import CATALOGUE, CellError, SalesFunction
from xlsales.functions.arguments import Argument, Kind

ODD = (0.0, -0.0, 1.0, -1.0, 5e-324, -5e-324, 1e308, -1e308, math.inf, -math.inf, math.nan, 20.0)
SPREADING = [
    function
    for function in CATALOGUE.values()
    if not function.spills and not any(argument.is_range or argument.variadic for argument in function.arguments)
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
