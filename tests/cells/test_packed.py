"""Arrays and plain data come back from bytes as they were, and from no other bytes."""

from __future__ import annotations

import numpy as np
import pytest

from xlsales.cells.packed import packed, unpacked

ARRAYS = {
    "numbers": np.array([1.5, -0.0, np.inf, np.nan]),
    "flags": np.array([[True, False], [False, True]]),
    "kinds": np.array([1, -2], dtype=np.int8),
    "bytes": np.frombuffer("é\0".encode(), dtype=np.uint8),
    "places": np.arange(24, dtype=np.int32).reshape(2, 3, 4)[:, ::2],
    "big endian": np.array([1, 258], dtype=">i8"),
    "nothing": np.empty((0, 3)),
}
PLAIN = {"texts": ["", "ä", "\0"], "sizes": [1, 2.5, None, True]}


def test_what_was_packed_comes_back() -> None:
    plain, arrays = unpacked(packed(PLAIN, ARRAYS))
    assert plain == PLAIN
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert arrays[name].shape == array.shape
        assert arrays[name].dtype == array.dtype.newbyteorder("<")
        assert np.array_equal(arrays[name], array, equal_nan=array.dtype == np.float64)
    assert str(arrays["numbers"][1]) == "-0.0"


def test_array_that_stays_keeps_nothing_of_the_others() -> None:
    _plain, arrays = unpacked(packed(PLAIN, ARRAYS))
    assert all(array.flags.owndata for array in arrays.values())


@pytest.mark.parametrize("plain", ["\ud800", {1: 2}, object()])
def test_what_cannot_be_packed_is_refused(plain: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        packed(plain, {})


def test_python_objects_are_refused() -> None:
    with pytest.raises(ValueError, match="O"):
        packed(None, {"objects": np.array([object()])})


WHOLE = packed(PLAIN, {"numbers": np.arange(9.0)})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 8,
        WHOLE[:20],
        WHOLE[:-1],
        b"\xff" * 8 + WHOLE[8:],
        WHOLE.replace(b'"<f8"', b'"<O8"'),
        WHOLE.replace(b'"<f8",[9]', b'"<f8",[8'),
        WHOLE.replace(b'"<f8",[9]', b'"<f8",-9 '),
        WHOLE.replace(b'"<f8",[9]', b'"<f8",[99'),
    ],
)
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises((ValueError, TypeError)):
        unpacked(content)
