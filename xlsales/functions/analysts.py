"""The functions in Python: numbers, lists, NumPy arrays, pandas and polars Series in, the same kind out.

A Series is recognised by what it offers (`index`, `to_numpy`), so that its library is never imported here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from xlsales.functions.arguments import Argument
from xlsales.functions.errors import VALUE, SalesFunctionError
from xlsales.functions.evaluation import Outcome
from xlsales.functions.serials import moments
from xlsales.texts import _


class Checked(NamedTuple):
    """The values of a call with the errors beside them; single values, arrays or Series alike.

    Attributes
    ----------
    values
        The results, NaN (text: None, dates: NaT) where there is none.
    errors
        The error code of each element, such as `#NUM!`; "" where there is none.
    reasons
        What is wrong with each element and what to do instead; "" where nothing is.
    """

    values: Any
    errors: Any
    reasons: Any


def result(outcome: Outcome, arguments: Sequence[Argument], given: Sequence[Any], *, dates: bool = False) -> Any:
    """What Python gets back; with `dates`, the serials as dates."""
    rewrap = _rewrap(outcome, arguments, given)
    return rewrap(_values(outcome, dates=dates))


def checked(outcome: Outcome, arguments: Sequence[Argument], given: Sequence[Any], *, dates: bool = False) -> Checked:
    """What Python gets back, with the errors beside the values."""
    if not outcome.shape:
        return Checked(_values(outcome, dates=dates), "", "")
    rewrap = _rewrap(outcome, arguments, given)
    errors = np.full(outcome.shape, "", dtype=object)
    reasons = errors.copy()
    for places, fault in outcome.faults.groups():
        errors.reshape(-1)[places] = fault.code
        reasons.reshape(-1)[places] = fault.explain(places)
    return Checked(rewrap(_values(outcome, dates=dates)), rewrap(errors), rewrap(reasons))


def _values(outcome: Outcome, *, dates: bool) -> Any:
    return moments(outcome.values) if dates else outcome.values


def _rewrap(outcome: Outcome, arguments: Sequence[Argument], given: Sequence[Any]) -> Callable[[Any], Any]:
    series = [
        value
        for argument, value in zip(arguments, given, strict=True)
        if not argument.is_range and (_is_pandas(value) or _is_polars(value))
    ]
    if not series or outcome.shape != (len(series[0]),):
        return lambda values: values
    first = series[0]
    if any(type(other) is not type(first) for other in series):
        raise TypeError(_("Series of pandas and of polars do not go together: convert one of them."))
    names = {series.name for series in series}
    if _is_polars(first):
        name = names.pop() if len(names) == 1 else ""
        return lambda values: _polars(type(first), name, values)
    for other in series[1:]:
        if not first.index.equals(other.index):
            raise SalesFunctionError(
                VALUE,
                "",
                _("The Series have different indexes: align them first, or put them in one DataFrame."),
            )
    name = names.pop() if len(names) == 1 else None
    return lambda values: type(first)(values, index=first.index, name=name)


def _is_pandas(value: object) -> bool:
    return hasattr(value, "to_numpy") and hasattr(value, "index") and getattr(value, "ndim", 0) == 1


def _is_polars(value: object) -> bool:
    return hasattr(value, "to_numpy") and hasattr(value, "null_count") and hasattr(value, "to_frame")


def _polars(kind: Any, name: str, values: np.ndarray[Any, Any]) -> Any:
    """A Series of polars, where what is missing is null and never NaN."""
    if values.dtype == object:
        return kind(name, [*values.tolist(), ""]).head(values.size)  # text, even where there is none
    return kind(name, values, nan_to_null=True)
