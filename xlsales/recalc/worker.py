"""Recalculates in a process of its own: a workbook that aborts the calculation, or never ends it, costs itself alone.

python -m xlsales.recalc.worker SECONDS MEGABYTES
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from xlsales.bounded import Bounds, ExceededError, NoRoomError, Worker, serve
from xlsales.errors import InputError
from xlsales.texts import N_, _

if __name__ == "__main__":
    from xlsales.recalc import Recalculated, recalculated  # the process that asks does without the engine

_LATE = N_(
    "{name} could not be calculated within {seconds:,.0f} seconds. It was left as it is. Give it more time with "
    "--seconds, or let Excel calculate it."
)
_LARGE = N_(
    "{name} could not be calculated: it needs more than {megabytes:,} MB of memory, or stops the calculation engine. "
    "It was left as it is. Give it more memory with --megabytes, or let Excel calculate it."
)
_NO_ROOM = N_(
    "{name} could not be calculated: the computer has no room for more work ({reason}). It was left as it is. Close "
    "other programs and run again."
)


class Question(NamedTuple):
    """What is to be recalculated; see `recalc.recalculated`."""

    package: bytes
    name: str
    as_of: dt.date | None
    everything: bool


class Recalculator:
    """Recalculates workbooks one after the other; use it in a `with` block."""

    def __init__(self, bounds: Bounds) -> None:
        """Say what each of them may cost."""
        self._bounds = bounds
        self._worker = Worker(__name__, bounds)

    def __enter__(self) -> Recalculator:
        return self

    def __exit__(self, *exception: object) -> None:
        self._worker.__exit__(*exception)

    def recalculated(self, package: bytes, name: str, as_of: dt.date | None, *, everything: bool) -> Recalculated:
        """Recalculate a workbook; raises InputError where it cannot be read or costs more than it may."""
        try:
            answer: Recalculated = self._worker.ask(Question(package, name, as_of, everything))
        except ExceededError as error:
            text = _(_LATE if error.is_late else _LARGE)
            bounds = self._bounds
            raise InputError(text.format(name=name, seconds=bounds.seconds, megabytes=bounds.megabytes)) from error
        except NoRoomError as error:
            raise InputError(_(_NO_ROOM).format(name=name, reason=error.reason)) from error
        return answer


def _answer(question: Question) -> Recalculated:
    package, name, as_of, everything = question
    return recalculated(package, name, as_of, everything=everything)


if __name__ == "__main__":
    serve(_answer)
