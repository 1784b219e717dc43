"""The benchmark compares each function with bare NumPy that gives the same results."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from xlsales.functions import CATALOGUE

TABLE = runpy.run_path(str(Path(__file__).resolve().parents[2] / "benchmarks" / "functions.py"))
RACES: dict[str, Any] = TABLE["races"](500)


def test_every_function_is_in_the_table() -> None:
    assert {*RACES, *TABLE["ONE_AT_A_TIME"]} >= set(CATALOGUE)


@pytest.mark.parametrize("name", [name for name in CATALOGUE if name in RACES])
def test_bare_numpy_gives_the_same(name: str) -> None:
    function = CATALOGUE[name]
    arguments, bare = RACES[name]
    found, expected = function.call(*arguments), bare(*arguments)
    if function.gives_text:
        assert np.array_equal(found, expected)
    elif function.gives_date:
        serials = (np.asarray(found, dtype="M8[D]") - np.datetime64("1899-12-30", "D")) / np.timedelta64(1, "D")
        assert np.array_equal(serials, expected)
    else:
        np.testing.assert_allclose(found, expected, rtol=1e-12)
