"""The declaration form, with functions of the kinds that the first nine do not have."""

from typing import Annotated, Any

import numpy as np
import pytest

from xlsales.functions import MISSING, CellError
from xlsales.functions.arguments import (
    Argument,
    Numbers,
    anything,
    choice,
    date,
    flag,
    money,
    number,
    range_of,
    text,
)
from xlsales.functions.errors import NA
from xlsales.functions.faults import Require
from xlsales.functions.registry import SalesFunction, Subject

TOYS = Subject("Toys")
_ABOUT: dict[str, Any] = {"summary": "A toy.", "unit": "none", "source": "A box.", "examples": ()}


@TOYS.function(**_ABOUT, gives_text=True, no_native="A toy.")
def guard(
    require: Require,
    value: Annotated[Numbers, number("points", "A value.")],
    strict: Annotated[Numbers, flag("Whether to be strict.")] = False,
) -> Numbers:
    """STRICT, HIGH or LOW."""
    return np.where(value > 5, "STRICT" if strict else "HIGH", "LOW")


@TOYS.function(**_ABOUT, spills=True, no_native="A toy.")
def tips(require: Require, count: Annotated[Numbers, number("tips", "How many.", at_least=0)]) -> Numbers:
    """As many tips."""
    return [[f"tip {i + 1}"] for i in range(int(count))] or "none"


@TOYS.function(**_ABOUT, gives_text=True, no_native="A toy.")
def seen(
    require: Require,
    last: Annotated[Numbers, date("When.", keep_blank=True)],
    owner: Annotated[Numbers, text("Who.", keep_blank=True)] = None,
) -> Numbers:
    """NEVER, NOBODY or SEEN."""
    return np.where(np.isnan(last), "NEVER", "NOBODY" if owner == "" else "SEEN")


@TOYS.function(**_ABOUT, native="{value}/AVERAGE({peers})-1")
def gap(
    require: Require,
    value: Annotated[Numbers, money("A value.")],
    peers: Annotated[Numbers, range_of(money("The peers."))],
) -> Numbers:
    """value ÷ mean(peers) − 1"""
    require(peers.size > 0, NA, "peers", "No peers.")
    return value / peers.mean() - 1


@TOYS.function(**_ABOUT, gives_text=True, no_native="A toy.")
def best(
    require: Require,
    fit: Annotated[Numbers, range_of(number("points", "How well."))],
    names: Annotated[Numbers, range_of(text("Who."))],
) -> Numbers:
    """The name with the highest fit."""
    return names[fit.argmax()]


@TOYS.function(**_ABOUT, gives_text=True, no_native="A toy.")
def listed(
    require: Require,
    kind: Annotated[Numbers, choice("What to do.", "COUNT", "SHOW")],
    *values: Annotated[Numbers, anything("Anything.")],
) -> Numbers:
    """All the values."""
    return f"{kind} {len(values[0])}"


TOY: dict[str, SalesFunction] = {function.name: function for function in TOYS}

CALLS = [
    ("GUARD", (6,), "HIGH"),
    ("GUARD", (6, "yes"), "STRICT"),
    ("GUARD", (6, 1), "STRICT"),
    ("GUARD", (6, 2), CellError("#VALUE!")),
    ("GUARD", (5, True), "LOW"),
    (
        "GUARD",
        ([[6], [5], ["x"]], [[True, False]]),
        [["STRICT", "HIGH"], ["LOW", "LOW"], [CellError("#VALUE!"), CellError("#VALUE!")]],
    ),
    ("TIPS", (2,), [["tip 1"], ["tip 2"]]),
    ("TIPS", (0,), "none"),
    ("TIPS", ([[2]],), [["tip 1"], ["tip 2"]]),
    ("TIPS", ([[2], [3]],), CellError("#VALUE!")),
    ("TIPS", (-1,), CellError("#NUM!")),
    ("SEEN", (46000,), "SEEN"),
    ("SEEN", (None,), "NEVER"),
    ("SEEN", (MISSING,), CellError("#N/A")),
    ("SEEN", (46000, None), "NOBODY"),
    ("SEEN", (46000, MISSING), "SEEN"),
    ("SEEN", ([[46000], [None], [0], [-1]],), [["SEEN"], ["NEVER"], ["NEVER"], [CellError("#NUM!")]]),
    ("GAP", (12, [[10], [None], [14]]), 0.0),
    ("GAP", ([[12], [24]], [[10], [14]]), [[0.0], [1.0]]),
    ("GAP", (12, [[None], [None]]), CellError("#N/A")),
    ("BEST", ([[1], [3], [2]], [["Ann"], ["Bob"], ["Cy"]]), "Bob"),
    ("BEST", ([[1], [3], [None]], [["Ann"], [None], ["Cy"]]), "Ann"),
    ("LISTED", ("count", 1, "x", None), "COUNT 3"),
    ("LISTED", ("count",), "COUNT 0"),
    ("LISTED", ("sing", 1), CellError("#NUM!")),
]


@pytest.mark.parametrize(("name", "sent", "shown"), CALLS)
def test_cell_shows(name: str, sent: tuple[Any, ...], shown: Any) -> None:
    assert TOY[name].call_cells(*sent) == shown


def test_text_arrays_hold_none_where_there_is_no_result() -> None:
    assert guard([6, 5, np.nan]).tolist() == ["HIGH", "LOW", None]


def test_signatures_of_all_kinds() -> None:
    assert [function.signature for function in TOYS] == [
        "GUARD(value, [strict=FALSE])",
        "TIPS(count)",
        "SEEN(last, [owner])",
        "GAP(value, peers)",
        "BEST(fit, names)",
        "LISTED(kind, values…)",
    ]


def test_function_without_a_twin_says_why() -> None:
    with pytest.raises(LookupError, match=r"TIPS has no native formula: A toy\."):
        TOY["TIPS"].native_formula(count="A1")


def test_parameter_without_a_declaration_is_refused() -> None:
    with pytest.raises(TypeError, match="value: annotate it"):

        @TOYS.function(**_ABOUT)
        def broken(require: Require, value: Numbers) -> Numbers:
            """Nothing."""


def test_arguments_are_values() -> None:
    assert isinstance(TOY["GUARD"].arguments[1], Argument)
    assert TOY["GUARD"].arguments[1].default is False
    assert not TOY["GUARD"].arguments[1].required
