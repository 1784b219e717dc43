"""Puts the inputs of many planners into the cells of a calculation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from xlsales.compiled.reading import Run
from xlsales.compiled.texts import Texts
from xlsales.compiled.values import BLANK, BOOL, ERROR, FAULTS, NUMBER, TEXT
from xlsales.excel.values import Address, InputValue, serial
from xlsales.functions import CellError


def stored(value: Any, texts: Texts) -> tuple[int, float]:
    """Return the kind and number of what a cell holds."""
    match value:
        case None:
            return BLANK, 0.0
        case str():
            return TEXT, float(texts.id(value))
        case bool():
            return BOOL, float(value)
        case float() | int():
            return NUMBER, float(value)
        case dt.date():
            return NUMBER, float(serial(value))
        case CellError(code=code):
            return ERROR, FAULTS[code] - 1.0
    raise TypeError(f"{value!r} is nothing that a cell holds")


def filled(run: Run, inputs: Mapping[Address, int], many: Sequence[Mapping[Address, InputValue]]) -> None:
    """Fill the input cells; what is given for other cells is left out, as the calculation engine does."""
    places: list[int] = []
    values: list[InputValue] = []
    counts = []
    for given in many:
        found = list(map(inputs.get, given))
        if None in found:
            pairs = [(place, value) for place, value in zip(found, given.values(), strict=True) if place is not None]
            places += [place for place, _value in pairs]
            values += [value for _place, value in pairs]
            counts.append(len(pairs))
        else:
            places += found  # type: ignore[arg-type]
            values += given.values()
            counts.append(len(found))
    if values:
        planners = np.repeat(np.arange(len(many)), counts)
        _put(run, np.array(places) * run.planners + planners, values)


def _put(run: Run, where: Any, values: Sequence[InputValue]) -> None:
    """Put values at places of the flat arrays: tens of thousands, hence one comprehension for each step."""
    read: Mapping[type, Callable[[Any], float]] = {
        float: float,
        int: float,
        bool: float,
        str: run.texts.ids.__getitem__,
        dt.date: _Serials().__getitem__,
        type(None): _nothing,
    }
    kinds: Mapping[type, int] = {
        float: NUMBER,
        int: NUMBER,
        bool: NUMBER,
        str: TEXT,
        dt.date: NUMBER,
        type(None): BLANK,
    }
    types = list(map(type, values))
    if not set(types) <= kinds.keys():
        pairs = [stored(value, run.texts) for value in values]
        run.kinds.ravel()[where], run.numbers.ravel()[where] = zip(*pairs, strict=True)
        return
    run.kinds.ravel()[where] = [kinds[kind] for kind in types]
    run.numbers.ravel()[where] = [read[kind](value) for kind, value in zip(types, values, strict=True)]


def _nothing(_value: None) -> float:
    return 0.0


class _Serials(dict[dt.date, float]):
    def __missing__(self, date: dt.date) -> float:
        self[date] = float(serial(date))
        return self[date]
