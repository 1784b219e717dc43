"""A LAMBDA gives in every cell what the function gives in Python; IronCalc evaluates it.

Univer, another engine with LAMBDA (tried with 0.24), cannot: it has neither ISOMITTED nor optional parameters, and a
LAMBDA that LET gives a name is #NAME? where it is called.

Thousands of calls a function: python -m tests.lambdas.calls 2000
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.lambdas.calls import Call, differences, functions, in_lambdas, in_python, random_call, same
from xlsales.functions import CATALOGUE, MISSING, CellError, SalesFunction
from xlsales.functions.arguments import Argument, Kind
from xlsales.lambdas.differences import DIFFERENCES, Difference

FUNCTIONS = functions()
NAMES = [function.name for function in FUNCTIONS]
ODD = (
    None,
    "",
    "word",
    True,
    False,
    0,
    -1,
    1,
    2.5,
    100,
    "12.5",
    "1e3",
    "20%",
    "2027-01-31",
    "2027-02-30",
    "1 2",
    "20 %",
    " 7 ",
    "1.000",
    "-12.345%",
    "0.125",
    "1234.500",
    "150%",
    "0",
    " ",
    "\t",
    "\u00a0",
    "yes",
)
ERRORS = tuple(CellError(code) for code in ("#N/A", "#DIV/0!", "#REF!", "#NAME?", "#NUM!", "#VALUE!"))


@pytest.mark.parametrize("function", FUNCTIONS, ids=NAMES)
def test_random_single_cells(function: SalesFunction) -> None:
    chance = random.Random(function.name)
    assert differences([random_call(function, chance) for _call in range(40)]) == []


@pytest.mark.parametrize("function", FUNCTIONS, ids=NAMES)
def test_random_blocks_of_cells_spill_as_in_python(function: SalesFunction) -> None:
    chance = random.Random(function.name)
    shapes = [(3, 1), (1, 3), (2, 2)]
    assert differences([random_call(function, chance, shapes[number % 3]) for number in range(12)]) == []


@pytest.mark.parametrize("function", FUNCTIONS, ids=NAMES)
def test_everything_that_a_cell_can_hold_in_place_of_each_argument(function: SalesFunction) -> None:
    assert differences(list(_edges(function))) == []


def _edges(function: SalesFunction) -> Iterator[Call]:
    example = [_block(argument, value) for argument, value in _bound(function)]
    yield Call(function, tuple(example))
    for position, argument in enumerate(function.arguments):
        for cell in (*_bounds(argument), *ODD, *ERRORS, *argument.choices, MISSING):
            if cell is MISSING and argument.required:
                continue
            values = list(example)
            if argument.is_range and isinstance(values[position], list):
                rows = [list(row) for row in values[position]]
                rows[0][0] = cell
                values[position] = rows if cell is not MISSING else MISSING
            else:
                values[position] = cell
            yield Call(function, tuple(values))


def _bound(function: SalesFunction) -> Iterator[tuple[Argument, Any]]:
    """The arguments of the longest example."""
    longest = max(function.examples, key=lambda example: len(example.arguments))
    return zip(function.arguments, function.bind(longest.arguments), strict=True)


def _block(argument: Argument, value: Any) -> Any:
    return [[cell] for cell in value] if argument.is_range and isinstance(value, (list, tuple)) else value


def _bounds(argument: Argument) -> Iterator[float]:
    for bound in (argument.at_least, argument.above, argument.below, argument.up_to):
        if bound is not None:
            yield from (bound - 0.001, bound, bound + 0.001)


@pytest.mark.parametrize("function", FUNCTIONS, ids=NAMES)
def test_examples_of_the_documentation(function: SalesFunction) -> None:
    bound = [function.bind(example.arguments) for example in function.examples]
    calls = [
        Call(
            function, tuple(_block(argument, value) for argument, value in zip(function.arguments, given, strict=True))
        )
        for given in bound
    ]
    assert differences(calls) == []


SIZES = (
    ("CLOSE_RATIO", ([[1], [2], [3]], [[4], [5]])),
    ("CLOSE_RATIO", ([[1, 2, 3]], [[4, 5]])),
    ("CLOSE_RATIO", ([[1], [2]], [[4, 5, 6]])),
    ("CLOSE_RATIO", ([[1, 2], [3, 4]], [[5], [6]])),
    ("FORECAST_ACCURACY", ([[1, 2, 3]], [[1], [2], [3]])),
    ("ORG_HEALTH", ([[3] * 11],)),
    ("ORG_HEALTH", ([[3] * 4 for _row in range(3)],)),
    ("ORG_HEALTH", ([[3] * 12], [[1], [2]], [[5, 6]])),
    ("ORG_GAPS", ([[2] * 12], [["x"]] * 12)),
    ("ORG_GAPS", ([[2] * 12], MISSING, [[1, 3]])),
    ("COACHING_TIPS", ([["CLOSE_RATIO", "CLOSE_RATIO"]], 0.5)),
    ("PEER_GAP", ([[1], [CellError("#N/A")]], [["x", 3]])),
    ("PEER_GAP", (CellError("#N/A"), [["x", CellError("#REF!")]])),
    ("REVENUE_AT_RISK", ([[None, None]], [["UNDER", None]], [[0.1, 0.2]])),
)


@pytest.mark.parametrize(("name", "values"), SIZES, ids=lambda value: str(value)[:60])
def test_sizes_that_do_not_fit_and_those_that_do(name: str, values: tuple[Any, ...]) -> None:
    assert differences([Call(CATALOGUE[name], values)]) == []


@pytest.mark.parametrize("spaces", [" ", "   ", "\t", "\u00a0"], ids=["space", "spaces", "tab", "no-break space"])
@pytest.mark.parametrize("name", ["CLOSE_RATIO", "NEXT_CHECKIN", "DISCOUNT_GUARD"])
def test_text_of_spaces_is_blank(name: str, spaces: str) -> None:
    function = CATALOGUE[name]
    blank, spaced = ([cell, *list(function.examples[0].arguments)[1:]] for cell in (None, spaces))
    assert [*in_lambdas([Call(function, tuple(spaced))])] == [*in_lambdas([Call(function, tuple(blank))])]


@pytest.mark.parametrize("spaces", [" ", "\t", "\u00a0"], ids=["space", "tab", "no-break space"])
def test_a_word_of_spaces_takes_the_default(spaces: str) -> None:
    [rows] = in_lambdas([Call(CATALOGUE["BREAKEVEN_REVENUE"], (100000, 0.5, 0.2, spaces))])
    assert rows[0] == [125000]


SHOWN = [difference for difference in DIFFERENCES if difference.function]


@pytest.mark.parametrize("difference", SHOWN, ids=lambda difference: difference.what)
def test_what_differs_is_what_the_table_says(difference: Difference) -> None:
    call = Call(CATALOGUE[difference.function], difference.arguments)
    [rows] = in_lambdas([call])
    assert same(rows[0][0], difference.shows)
    assert same(in_python(call)[0][0], difference.in_python)
    assert not same(difference.shows, difference.in_python)


def test_the_calls_reach_results_and_every_error() -> None:
    seen: set[str] = set()
    results = 0
    for function in FUNCTIONS:
        chance = random.Random(function.name)
        for _call in range(40):
            for cell in (cell for row in in_python(random_call(function, chance)) for cell in row):
                is_error = isinstance(cell, str) and cell.startswith("#")
                seen |= {cell} if is_error else set()
                results += not is_error
    assert {"#VALUE!", "#N/A", "#NUM!", "#DIV/0!"} <= seen
    assert results > 20 * len(FUNCTIONS)


def test_dates_and_flags_are_among_what_is_tested() -> None:
    kinds = {argument.kind for function in FUNCTIONS for argument in function.arguments}
    assert {Kind.NUMBER, Kind.RATE, Kind.DATE, Kind.CHOICE, Kind.FLAG, Kind.TEXT} <= kinds
