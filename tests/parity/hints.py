"""How to draw arguments that must fit one another; everything else is drawn from the declarations."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import cycle
from typing import Any

Draw = Callable[[random.Random], Any]


def between(low: int, high: int) -> Draw:
    """Whole numbers from `low` to `high`."""
    return lambda chance: chance.randint(low, high)


def one_of(*values: Any) -> Draw:
    """One of these."""
    return lambda chance: chance.choice(values)


def rising(*values: Any) -> Draw:
    """These in turn, over and over: a range of few cells mostly rises."""
    turn = cycle(values)
    return lambda chance: next(turn)


HINTS: dict[str, dict[str, Draw]] = {
    "SALES_CYCLE_DAYS": {"start_dates": between(46000, 46010), "close_dates": between(46010, 46400)},
    "GROWTH_TARGET": {"years": one_of(0, 1, 3, 5, 0.5, 2.25, 12)},
    "ACCOUNT_STATUS": {"last_order": between(46000, 46400), "as_of": between(46390, 46800)},
    "SEASONAL_GOAL": {"weights": between(0, 9), "months_gone": one_of(0, 0.5, 1, 1, 2.25, 3)},
    "COMMISSION": {"thresholds": rising(*(step / 20 for step in range(40)))},
    "NET_REVENUE_RETENTION": {"opening": between(50, 90), "contraction": between(0, 30), "churn": between(0, 30)},
    "ORG_HEALTH": {"scores": between(1, 5), "lowest": between(0, 1), "highest": between(5, 9)},
}
