"""Values as the bytes of their cells: the same as those of one value at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.cells.stored import number
from xlsales.workbook.stamp.rendering import number_texts

FINITE = st.floats(allow_nan=False, allow_infinity=False)
EDGES = [
    0.0,
    -0.0,
    5.0,
    -5.0,
    65535.0,
    65536.0,
    46418.5,
    0.1,
    0.1 + 0.2,
    1e-4,
    9.999e-5,
    1e15,
    9999999999999998.0,
    1e16,
    1e22,
    1e300,
    5e-324,
    1e5,
]


@given(st.lists(FINITE | st.integers(-(10**17), 10**17).map(float) | st.sampled_from(EDGES), max_size=50))
def test_numbers_are_stored_as_one_by_one(numbers: list[float]) -> None:
    assert number_texts(np.array(numbers, dtype=np.float64)).tolist() == [number(one).encode() for one in numbers]


@pytest.mark.parametrize("one", EDGES)
def test_stored_number_reads_back_as_itself(one: float) -> None:
    (found,) = number_texts(np.array([one]))
    assert float(found) == one
    assert not (math.copysign(1, float(found)) < 0 and one == 0)
