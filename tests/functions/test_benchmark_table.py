"""The benchmark compares each function with bare NumPy that gives the same results."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xlsales.functions import CATALOGUE, SalesFunction

TABLE = runpy.run_path(str(Path(__file__).resolve().parents[2] / "benchmarks" / "functions.py"))
RACES: dict[str, Any] = TABLE["races"](500)


def test_every_function_is_in_the_table() -> None:
    assert {*RACES, *TABLE["ONE_AT_A_TIME"]} >= set(CATALOGUE)


@pytest.mark.parametrize("name", [name for name in CATALOGUE if name in RACES])
def test_bare_numpy_gives_the_same(name: str) -> None:
    arguments, bare = RACES[name]
    agree(CATALOGUE[name], arguments, bare)


@pytest.mark.parametrize("name", [name for name in CATALOGUE if name in RACES])
def test_numpy_that_minds_blanks_gives_the_same_with_blanks(name: str) -> None:
    arguments, bare = RACES[name]
    rival = TABLE["MINDING_BLANKS"][name](bare) if name in TABLE["MINDING_BLANKS"] else bare
    blank = TABLE["with_blanks"](arguments)
    assert any(isinstance(value, np.ndarray) and value.dtype == float and np.isnan(value).any() for value in blank)
    with np.errstate(all="ignore"):
        agree(CATALOGUE[name], blank, rival)


def agree(function: SalesFunction, arguments: tuple[Any, ...], rival: Any) -> None:
    found, expected = function.call(*arguments), rival(*arguments)
    if function.gives_text:
        assert np.array_equal(found, expected)
    elif function.gives_date:
        serials = (np.asarray(found, dtype="M8[D]") - np.datetime64("1899-12-30", "D")) / np.timedelta64(1, "D")
        np.testing.assert_array_equal(np.where(np.isnat(found), np.nan, serials), expected)
    else:
        np.testing.assert_allclose(found, expected, rtol=1e-12)
