"""Finds out how the formulas of somebody's template are divided, in a process of its own, for it may cost too much.

python -m xlsales.calculation.compiled.judging SECONDS MEGABYTES
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from xlsales.bounded import Bounds, ExceededError, serve, shared
from xlsales.calculation.compiled import remembered
from xlsales.calculation.compiled.verdict import Verdict
from xlsales.errors import InputError
from xlsales.texts import N_, _
from xlsales.workbook.kept_template import parsed
from xlsales.workbook.template import Template

BOUNDS = Bounds(seconds=300.0, megabytes=2048)
_LATE = N_(
    "{name}: its formulas could not be calculated within {seconds:,.0f} seconds. Find those that take so long, such as "
    "references to whole columns inside array formulas, and make them refer to fewer cells."
)
_LARGE = N_(
    "{name}: its formulas need more than {megabytes:,} MB of memory, or stop the calculation engine. Find those that "
    "make so many values, such as SEQUENCE and references to whole sheets, and make them smaller."
)


class Question(NamedTuple):
    """A template, and the day that TODAY() and NOW() take for today."""

    package: bytes
    name: str
    as_of: dt.date | None


def verdict(template: Template, as_of: dt.date | None, bounds: Bounds = BOUNDS) -> Verdict:
    """Return how the formulas of a template are divided; raises InputError where that costs more than it may."""
    known = remembered.verdict(template, as_of)
    if known is not None:
        return known
    try:
        found: Verdict = shared(__name__, bounds).ask(Question(template.package, template.name, as_of))
    except ExceededError as error:
        text = _(_LATE if error.is_late else _LARGE)
        told = text.format(name=template.name, seconds=bounds.seconds, megabytes=bounds.megabytes)
        raise InputError(told) from error
    return found


def _answer(question: Question) -> Verdict:
    package, name, as_of = question
    return remembered.compiled(parsed(package, name), as_of).verdict


if __name__ == "__main__":
    serve(_answer)
