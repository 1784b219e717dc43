"""A value means the same wherever it stands: alone, in an array, in a cell, typed in the terminal, in the engine."""

from __future__ import annotations

from typing import Any

import formualizer
import numpy as np
import pandas as pd
import pytest

from tests.parity.cases import _example
from tests.parity.outcomes import outcome, same
from xlsales.calculation.engine.functions import register
from xlsales.calculation.engine.values import cell_value
from xlsales.cli.functions import _values
from xlsales.functions import CATALOGUE, CellError, SalesFunction, SalesFunctionError
from xlsales.functions.arguments import Kind

SINGLE = [f for f in CATALOGUE.values() if not f.spills and not f.is_variadic]
each = pytest.mark.parametrize("function", SINGLE, ids=lambda function: function.name)
# What stands in the cell of one argument: spaces, links to blank cells, numbers as text, words that are none.
CELLS: list[Any] = [
    None, "", " ", "\t", "\u00a0", " \u2003\n", 0.0, "0", " 0 ", "0.0", "12", " 0.5", "20%", "150%", "1.000", "100.000",
    "1,234", "12.500%", "-1.234", "0.125", "1234.500", "x", "price", " Monthly ", "#", "1e3", True, False,
    20.0, 5.0, 1500.0,
]  # fmt: skip
MISSING_CELLS = [np.nan, np.ma.masked, pd.NA, pd.NaT, np.datetime64("NaT", "D"), float("nan"), None, "", "  "]


def calls(function: SalesFunction, cells: list[Any]) -> list[tuple[int, list[Any], Any]]:
    """The longest example, each argument in turn replaced by each of these cells."""
    example = max((example.arguments for example in function.examples), key=len)
    base = list(_example(function, example))
    return [
        (place, [*base[:place], cell, *base[place + 1 :]], cell)
        for place, argument in enumerate(function.arguments[: len(base)])
        if not argument.is_range
        for cell in cells
    ]


def alone(function: SalesFunction, given: list[Any]) -> Any:
    try:
        return outcome(function.call(*given))
    except SalesFunctionError as error:
        return [[error.as_cell()]]


def checked(function: SalesFunction, given: list[Any], place: int, column: Any) -> list[Any]:
    """What a column gives in the place of one argument: values, and errors as cells have them."""
    found = function.check(*given[:place], column, *given[place + 1 :])
    pairs = zip(list(found.values), list(found.errors), strict=True)
    return [CellError(error) if error else value for value, error in pairs]


def agree(function: SalesFunction, given: list[Any], found: Any, host: str) -> None:
    expected = outcome(function.call_cells(*given))
    assert same(expected, outcome(found)), f"{function.name}{given}: {host} {found}, a cell {expected}"


@each
def test_alone_and_in_arrays(function: SalesFunction) -> None:
    for place, given, cell in calls(function, CELLS + MISSING_CELLS):
        agree(function, given, alone(function, given), "Python")
        first, second = checked(function, given, place, [cell, cell])
        agree(function, given, first, "list")
        assert same(outcome([first]), outcome([second]))


@each
def test_each_in_arrays_of_all_kinds(function: SalesFunction) -> None:
    """One bad element is its own affair, whatever stands beside it."""
    cells = CELLS + MISSING_CELLS
    array = np.empty(len(cells), dtype=object)
    array[:] = cells
    listed = calls(function, cells)
    for place in dict.fromkeys(place for place, _given, _cell in listed):
        own = [given for at, given, _cell in listed if at == place]
        for column in (array, pd.Series(cells, dtype=object)):
            for given, found in zip(own, checked(function, own[0], place, column), strict=True):
                agree(function, given, found, type(column).__name__)


@each
def test_one_cell_and_two(function: SalesFunction) -> None:
    for place, given, cell in calls(function, CELLS):
        rows = function.call_cells(*given[:place], [[cell], [cell]], *given[place + 1 :])
        agree(function, given, rows[1][0], "two cells")


@each
def test_typed_in_the_terminal(function: SalesFunction) -> None:
    for place, given, cell in calls(function, [cell for cell in CELLS if "," not in str(cell)]):
        typed = ["" if value is None or isinstance(value, tuple) else str(value) for value in given]
        values = _values(function, typed)
        if isinstance(cell, str) and function.arguments[place].kind in (Kind.CHOICE, Kind.FLAG, Kind.TEXT):
            continue  # what is typed is a number in Excel as well, and no text that looks like one
        found = function.call_cells(*given[:place], values[place], *given[place + 1 :])
        agree(function, given, found, "terminal")


@each
def test_in_the_engine(function: SalesFunction) -> None:
    listed = calls(function, CELLS)
    book = formualizer.Workbook()
    register(book)
    sheet = book.sheet("S")
    top = 1
    places = []
    for _place, given, _cell in listed:
        references = []
        height = 1
        for number, value in enumerate(given):
            rows = value if isinstance(value, tuple) else ((value,),)
            letter = "ABCDEFGHIJ"[number]
            references.append(f"{letter}{top}:{letter}{top + len(rows) - 1}" if len(rows) > 1 else f"{letter}{top}")
            for down, (cell,) in enumerate(rows):
                if cell is not None:
                    sheet.set_value(top + down, number + 1, cell)
            height = max(height, len(rows))
        sheet.set_formula(top, 12, f"={function.name}({','.join(references)})")
        places.append(top)
        top += height
    book.evaluate_all()
    for (_place, given, _cell), row in zip(listed, places, strict=True):
        agree(function, given, cell_value(book.get_value("S", row, 12)), "engine")


@pytest.mark.parametrize("blank", [0, 0.0, "0", " ", "\u00a0", None, ""])
def test_link_to_a_blank_cell_is_no_date_and_no_name(blank: Any) -> None:
    assert CATALOGUE["CHECKIN_STATUS"].call_cells(blank, "WEEKLY", 46000) == "NEVER"
    assert CATALOGUE["ACCOUNT_STATUS"].call_cells(blank, 46000) == "NEVER"
    assert CATALOGUE["NEXT_CHECKIN"].call_cells(blank, "WEEKLY") == CellError("#N/A")
    assert CATALOGUE["COVERAGE_STATUS"].call_cells(4, 4, blank) == "UNCOVERED"
    assert CATALOGUE["SALES_CYCLE_DAYS"].call_cells([[blank], [46000]], [[46001], [46030]]) == 30
    assert CATALOGUE["BEST_IN_FRONT"].call_cells([[9], [3]], [[blank], ["Ann"]]) == "Ann"
    assert CATALOGUE["ORG_GAPS"].call_cells([[1], *[[5]] * 11], [[blank]] * 12)[0][0].startswith("Management")


@pytest.mark.parametrize("space", [" ", "\t", "\u00a0", "  \n"])
def test_spaces_choose_no_word(space: str) -> None:
    assert CATALOGUE["BREAKEVEN_REVENUE"].call_cells(100000, 0.5, 0.2, space) == 125000
    assert CATALOGUE["COACHING_TIPS"].call_cells(space, 0.7, 1) == CellError("#N/A")


@pytest.mark.parametrize("word", ["LUCK", 7, True, " ", CellError("#REF!")])
@each
def test_bodies_get_only_words_that_they_know(function: SalesFunction, word: Any) -> None:
    """A word that is none gives every element its error, and reaches no body that would have to guess."""
    places = [place for place, argument in enumerate(function.arguments) if argument.choices and not argument.is_range]
    example = list(_example(function, function.examples[0].arguments))
    for place in places:
        given = [*example, *[None] * (place + 1 - len(example))]
        given[place] = word
        spread = next(p for p, a in enumerate(function.arguments) if p != place and not a.is_range)
        given[spread] = [[given[spread]], [given[spread]]]
        found = function.call_cells(*given)
        expected = function.call_cells(*(value[0][0] if p == spread else value for p, value in enumerate(given)))
        assert found == [[expected], [expected]]


def test_whole_column_with_its_heading_is_told_so() -> None:
    error = CATALOGUE["PEER_GAP"].call_cells(5, [["Revenue"], [4.0], [6.0]])
    assert (error.code, error.argument) == ("#VALUE!", "peers")
    assert (
        error.message
        == 'peers begins with "Revenue", which looks like a heading: begin the range below it, such as A2:A100.'
    )
    amid = CATALOGUE["PEER_GAP"].call_cells(5, [[4.0], ["n/a"], [6.0]])
    assert "not a number" in amid.message
