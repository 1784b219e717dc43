"""What is worked out of a plan is worked out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Result = TypeVar("Result")


def once(work: Callable[[dict[str, Any]], Result]) -> Callable[[dict[str, Any]], Result]:
    """Work something out once for each plan: nobody changes what was typed, nor what was worked out from it."""
    known: dict[int, tuple[dict[str, Any], Result]] = {}  # the plan is held, so that no other one gets its number

    @wraps(work)
    def worked_out(typed: dict[str, Any]) -> Result:
        if id(typed) not in known:
            known[id(typed)] = typed, work(typed)
        return known[id(typed)][1]

    return worked_out
