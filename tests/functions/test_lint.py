"""The lint finds what nobody would notice before a workbook is opened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from xlsales.functions import CATALOGUE, SalesFunction
from xlsales.functions.arguments import Argument, Kind
from xlsales.functions.excel_names import name_in_vba
from xlsales.functions.lint import is_cell_address, problems

SOUND = CATALOGUE["CLOSE_RATIO"]


def with_arguments(*names: str, **changes: Any) -> SalesFunction:
    arguments = tuple(Argument(Kind.NUMBER, "count", "A number.", name=name) for name in names)
    return replace(SOUND, arguments=arguments, **changes)


BROKEN = [
    (replace(SOUND, name="SUM"), "SUM: Excel has a function of this name"),
    (replace(SOUND, name="XLOOKUP"), "XLOOKUP: Excel has a function of this name"),
    (replace(SOUND, name="Q1"), "Q1: Excel reads this as the address of a cell"),
    (replace(SOUND, name="Loop"), "Loop: this is a reserved word of VBA"),
    (replace(SOUND, name="_RATIO"), "_RATIO: VBA refuses a name that begins with an underscore"),
    (replace(SOUND, name="CLOSE-RATIO"), "CLOSE-RATIO: VBA takes only a letter followed by"),
    (replace(SOUND, name="A" * 256), "at most 255 characters"),
    (replace(SOUND, summary="x" * 256), "CLOSE_RATIO: the summary has 256 characters"),
    (with_arguments("type"), "CLOSE_RATIO, type: this is a reserved word of VBA"),
    (with_arguments("Next"), "CLOSE_RATIO, Next: this is a reserved word of VBA"),
    (with_arguments("currency"), "CLOSE_RATIO, currency: this is a reserved word of VBA"),
    (with_arguments("tax24"), "CLOSE_RATIO, tax24: Excel reads this as the address of a cell"),
    (with_arguments("_won"), "CLOSE_RATIO, _won: VBA refuses a name that begins with an underscore"),
    (with_arguments("größe"), "CLOSE_RATIO, größe: VBA takes only a letter followed by"),
    (with_arguments("range"), "CLOSE_RATIO, range: the function's VBA wrapper uses this name itself"),
    (with_arguments("caller"), "CLOSE_RATIO, caller: the function's VBA wrapper uses this name itself"),
    (with_arguments("won", "WON"), "CLOSE_RATIO: two arguments are called won"),
    (with_arguments("close_ratio"), "CLOSE_RATIO: an argument has the function's own name"),
    (with_arguments(*("a_" + "b" * i for i in range(61))), "CLOSE_RATIO: VBA takes at most 60 arguments"),
    # 5 names of 50 letters: 5 + 250 = 255
    (with_arguments(*(letter * 50 for letter in "vwxyz")), "add up to 255"),
    (
        replace(SOUND, arguments=(replace(SOUND.arguments[0], help="x" * 256),)),
        "CLOSE_RATIO, won: the help has 256 characters",
    ),
    (
        replace(
            SOUND,
            arguments=(replace(SOUND.arguments[0], default=1.0), replace(SOUND.arguments[1], variadic=True)),
        ),
        "CLOSE_RATIO: xlwings refuses optional arguments before",
    ),
]


@pytest.mark.parametrize(("function", "told"), BROKEN, ids=[told for _function, told in BROKEN])
def test_problem_is_told(function: SalesFunction, told: str) -> None:
    assert any(told in problem for problem in problems([function]))


@pytest.mark.parametrize(
    "function",
    [
        replace(SOUND, summary="x" * 255),
        with_arguments("a" * 50, "b" * 50, "c" * 50, "d" * 50, "e" * 49),  # 5 + 249 = 254
        with_arguments("types", "next_step", "quarter_1", "abcd12"),
    ],
)
def test_what_is_just_allowed_is_no_problem(function: SalesFunction) -> None:
    assert problems([function]) == []


def test_argument_with_the_name_of_another_function_gets_another_one_in_vba() -> None:
    other = replace(SOUND, name="Margin")
    assert problems([with_arguments("margin"), other]) == []
    assert name_in_vba("margin", {"MARGIN"}) == "margin_value"
    assert name_in_vba("margins", {"MARGIN"}) == "margins"


@pytest.mark.parametrize(
    ("function", "others", "told"),
    [
        (
            with_arguments("margin"),
            ("MARGIN", "MARGIN_VALUE"),
            "CLOSE_RATIO, margin: in VBA this would be margin_value",
        ),
        (with_arguments("margin", "Margin_Value"), ("MARGIN",), "CLOSE_RATIO: two arguments are called margin_value"),
        # 5 + 249 = 254, and six more in VBA
        (
            with_arguments("a" * 50, *(letter * 50 for letter in "bcd"), "e" * 49),
            ("A" * 50,),
            "add up to 260",
        ),
    ],
    ids=["a function too", "an argument too", "too long then"],
)
def test_the_other_name_must_be_free_and_short_enough(
    function: SalesFunction, others: tuple[str, ...], told: str
) -> None:
    assert any(told in problem for problem in problems([function, *(replace(SOUND, name=name) for name in others)]))


def test_same_name_twice_is_told() -> None:
    assert problems([SOUND, replace(SOUND, name="Close_Ratio")]) == [
        "CLOSE_RATIO: 2 functions have this name; Excel knows no letter case."
    ]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("A1", True),
        ("xfd1048576", True),
        ("XFE1", False),  # XFD is the last column
        ("A1048577", False),  # and 1,048,576 the last row
        ("A0", False),
        ("R", True),
        ("c", True),
        ("RC", True),
        ("R1C1", True),
        ("R2C", True),
        ("ROW1", True),
        ("RATE", False),
        ("MAGIC_NUMBER", False),
    ],
)
def test_cell_addresses(name: str, address: bool) -> None:
    assert is_cell_address(name) is address


def test_catalogue_has_no_problems() -> None:
    assert problems(CATALOGUE.values()) == []
