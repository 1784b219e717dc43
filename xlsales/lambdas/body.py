"""What is written by hand of a function's LAMBDA: what it requires of its arguments together, and its result.

Everything else – reading cells, defaults, the checks of each argument, ranges that spill – is written from the
function's declaration (`xlsales.lambdas.writing`). The formulas name arguments as the declaration does; of a range
argument they get the cells that are not blank, as a column, and `pairs`, how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Body:
    """The formulas of one LAMBDA."""

    result: str
    requires: tuple[tuple[str, str], ...] = ()  # a condition under which there is no result, and the error shown
    between: tuple[tuple[str, str], ...] = ()  # intermediate results, by name


def body(result: str, *requires: tuple[str, str], **between: str) -> Body:
    """A result, what is required first, and named intermediate results."""
    return Body(result, requires, tuple(between.items()))


def text(words: str) -> str:
    """A text as a formula has it."""
    return '"' + words.replace('"', '""') + '"'
