"""What is said of the arguments of Excel's functions holds for every formula that Excel saved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.oracle.results import facts
from xlsales.calculation.engine.ranges import Node, children, function_name, parsed
from xlsales.cells.newer_functions import NEWER
from xlsales.cells.signatures import COUNTS, takes, wants_cells
from xlsales.workbook.lint import grammar

FORMULAS = sorted({known["formula"] for known in facts()})
_CALCULATED = ("BinaryOp", "Literal")


def _calls(node: Node) -> Iterator[Node]:
    if function_name(node):
        yield node
    for child in children(node):
        yield from _calls(child)


def test_formulas_that_excel_saved_have_the_arguments_that_functions_take() -> None:
    refused = [text for text in FORMULAS if any(kind == "count" for kind, _what in grammar.read(text).broken)]
    assert len(FORMULAS) > 2_000
    assert refused == []


def test_cells_stand_where_cells_are_wanted_in_formulas_that_excel_saved() -> None:
    calls = [call for text in FORMULAS for call in _calls(parsed(text))]
    wanted = [(call, place) for call in calls for place in range(9) if wants_cells(function_name(call), place)]
    given = [call["args"][place] for call, place in wanted if place < len(call["args"])]
    assert len(given) > 100
    assert [one for one in given if one["node_type"] == "Literal" and not str(one["value"]).startswith("#")] == []


@pytest.mark.parametrize(
    ("function", "right", "wrong"),
    [
        ("PI", [0], [1]), ("ABS", [1], [0, 2]), ("IF", [2, 3], [1, 4]), ("SUM", [1, 255], [256]),
        ("COUNTIFS", [2, 4, 126], [0, 1, 3]), ("SUMIFS", [3, 5], [1, 2, 4]), ("DEC2BIN", [1, 2], [0, 3]),
        ("XLOOKUP", [3, 6], [2, 7]), ("NOTEXCELS", [0, 7], []),
    ],
)  # fmt: skip
def test_number_of_arguments(function: str, right: list[int], wrong: list[int]) -> None:
    assert all(takes(function, count) for count in right)
    assert not any(takes(function, count) for count in wrong)


def test_functions_are_named_without_prefix_and_in_capitals() -> None:
    assert all(name == name.upper() and not name.startswith("_") for name in COUNTS)
    assert len(COUNTS.keys() & NEWER) > 100
