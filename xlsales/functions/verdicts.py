"""Verdicts: a number held against a threshold, and the word for what comes of it."""

from __future__ import annotations

from typing import Any

import numpy as np

_NOISE = 5e-13  # 0.3 ÷ 0.8 is stored a hair below 0.375; twins write ROUND(value-limit,12)<0


def below(value: Any, limit: Any) -> Any:
    """Whether shares lie below a limit; one that differs by binary noise alone is exactly at it."""
    return value <= limit - _NOISE


def verdict(*cases: tuple[Any, str], otherwise: str) -> Any:
    """The word of the first case whose condition holds, for single values and arrays alike."""
    place: Any = np.int8(len(cases))
    for number, (condition, _word) in reversed(list(enumerate(cases))):
        # Multiplying is ten times as fast as choosing, which mispredicts every other branch.
        place = (place - np.int8(number)) * np.logical_not(condition) + np.int8(number)
    return np.array([*(word for _condition, word in cases), otherwise], dtype=object)[place]
