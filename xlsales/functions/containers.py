"""What holds several cells in Python: lists, iterators, buffers, masked arrays, pandas, polars and Arrow.

They are recognised by what they offer, so that none of their libraries is ever imported here.
"""

from __future__ import annotations

from array import array as buffer
from collections.abc import Iterable, Mapping, Set
from typing import Any

import numpy as np

from xlsales.texts import _

Cells = np.ndarray[Any, Any]

_SINGLE = (str, bytes, bytearray)  # can be iterated over, and are one cell all the same


def is_array(value: object) -> bool:
    """Whether a value holds several cells."""
    if isinstance(value, (list, tuple)):
        return True
    if isinstance(value, _SINGLE):
        return False
    if getattr(value, "ndim", None) == 0:
        return False
    return isinstance(value, Iterable) or getattr(value, "ndim", 0) > 0


def array(name: str, given: Any) -> Cells:
    """The cells of what an argument was given, missing ones as NaN, NaT or None."""
    if isinstance(given, np.ma.MaskedArray):
        return _unmasked(given)
    if isinstance(given, np.ndarray):
        return given
    if isinstance(given, (buffer, memoryview)) or _is_array_of_others(given):
        found = np.asarray(_plain(given))
        if found.ndim:
            return found
        raise TypeError(_unusable(name, given))
    return _listed(given if isinstance(given, (list, tuple)) else list(given))


def refuse_unordered(name: str, given: Any) -> None:
    """Raise TypeError for what holds several cells in no order, or several columns of them."""
    if isinstance(given, (float, int, str, list, np.ndarray)):  # what most arguments are
        return
    a_table = hasattr(given, "collect_schema") or hasattr(given, "column_names")
    if isinstance(given, (Mapping, Set)) or (a_table and not hasattr(given, "to_numpy")):
        raise TypeError(_unusable(name, given))


def cell(value: Any) -> Any:
    """What a wrapped single value holds: an array without dimensions, masked or not, or a scalar of Arrow."""
    if isinstance(value, np.ma.MaskedArray):
        return None if np.ma.getmaskarray(value).any() else value.data[()]
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return value[()]  # dates keep their unit
    if getattr(value, "ndim", None) == 0 and not isinstance(value, np.generic) and hasattr(value, "item"):
        return value.item()
    return value.as_py() if hasattr(value, "as_py") else value


def as_objects(cells: Cells) -> Cells:
    """An array's cells one by one; NumPy would turn dates and durations of a fine unit into plain integers."""
    if cells.dtype.kind in "mM":
        return np.fromiter(cells.ravel(), object, cells.size).reshape(cells.shape)
    return cells.astype(object, copy=False)


def _unusable(name: str, given: Any) -> str:
    return _("{argument} is a {type}: give a single value, a list, an array, or one column (a Series).").format(
        argument=name, type=type(given).__name__
    )


def _is_array_of_others(given: Any) -> bool:
    return hasattr(given, "to_numpy") or hasattr(given, "__array__") or getattr(given, "ndim", 0) > 0


def _plain(given: Any) -> Any:
    """What NumPy reads rightly: clock times in place of moments with a time zone, and Arrow's nulls as missing."""
    if getattr(getattr(given, "type", None), "tz", None):  # Arrow
        return np.array(given.to_pylist(), dtype=object)
    if getattr(getattr(given, "dtype", None), "time_zone", None):  # polars
        given = given.dt.replace_time_zone(None)
    if hasattr(given, "to_pylist") and hasattr(given, "null_count"):
        return given.to_numpy(zero_copy_only=False)
    if not hasattr(given, "to_numpy"):
        return given
    found = given.to_numpy()
    if found.dtype == object and getattr(given.dtype, "kind", "O") in "fiu":  # pandas before 3 has NA among numbers
        found = given.to_numpy(dtype=np.float64, na_value=np.nan)
    return found


def _unmasked(given: Any) -> Cells:
    mask = np.ma.getmaskarray(given)
    cells: Cells = np.asarray(given.data)
    if cells.dtype.kind in "fiu":
        return np.where(mask, np.nan, cells.astype(np.float64))
    if cells.dtype.kind == "M":
        cells = cells.copy()
        cells[mask] = "NaT"  # in the unit of the others
        return cells
    objects = as_objects(cells).copy()
    objects[mask] = None
    return objects


def _listed(given: Any) -> Cells:
    cells = np.array(given, dtype=object)
    if set(map(type, cells.ravel().tolist())) <= {float, int}:
        try:
            return cells.astype(np.float64)
        except OverflowError:
            return cells
    return cells
