"""How to draw arguments that must fit one another; everything else is drawn from the declarations."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

Draw = Callable[[random.Random], Any]


def between(low: int, high: int) -> Draw:
    """Whole numbers from `low` to `high`."""
    return lambda chance: chance.randint(low, high)


def one_of(*values: Any) -> Draw:
    """One of these."""
    return lambda chance: chance.choice(values)


HINTS: dict[str, dict[str, Draw]] = {
    "SALES_CYCLE_DAYS": {"start_dates": between(46000, 46010), "close_dates": between(46010, 46400)},
    "GROWTH_TARGET": {"years": one_of(0, 1, 3, 5, 0.5, 2.25, 12)},
    "ORG_HEALTH": {"scores": between(1, 5), "lowest": between(0, 1), "highest": between(5, 9)},
}
