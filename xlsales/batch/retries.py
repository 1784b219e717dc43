"""What becomes of planners whose worker was lost: tried again together, then each alone, then left out by name.

A planner that ends its own worker, or keeps it too long, is left out when it has done so twice alone. A worker that
was killed from outside says little of its planner: the system may have wanted memory, or somebody the processor. Such
a planner is tried alone some more times, with a pause before each; where that has helped none of some planners, it is
no chance any more, and the next ones are not waited for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import TypeAlias

from xlsales.batch import left_out, runners
from xlsales.batch.packed import AnyPlan
from xlsales.batch.worker import Made
from xlsales.batch.worker_process import WorkerLost
from xlsales.errors import XlsalesError
from xlsales.stopping import Stop

_SECONDS, _OF_A_PLANNER, _OF_A_ROW = 120.0, 3.0, 0.01  # about a hundred times what it takes
_BY_ITSELF, _IN_ALL = 2, 5  # losses alone after which a planner is left out
_IN_VAIN = 3  # planners left out after all these losses
_PAUSE, _LOOK = 0.5, 0.05  # seconds: for each loss from outside so far; between two looks whether the run is to end

Work: TypeAlias = Callable[[Sequence[AnyPlan]], list[Made]]


def limit(plans: Sequence[AnyPlan]) -> float:
    """Return the seconds that a worker may take for some planners: with many rows it may enlarge the template."""
    rows = sum(plan.row_count for plan in plans)
    return _SECONDS + _OF_A_PLANNER * len(plans) + _OF_A_ROW * rows


class Retries:
    """Tries planners again; what they are made of decides their bytes, so it does no harm to make one twice."""

    def __init__(self, pool: Executor, work: Work, ahead: int, stop: Stop) -> None:
        self._pool = pool
        self._work = work
        self._ahead = ahead
        self._stop = stop
        self._in_vain = 0

    def made(self, plans: Sequence[AnyPlan], error: Exception) -> list[Made]:
        """Return what becomes of planners whose task has failed; raises an error that is not theirs."""
        if len(plans) == 1:
            return self._again_alone((), plans, error)
        if isinstance(error, WorkerLost) and not error.timed_out and not self._stop.asked:
            return self._made([plans], self._made_alone)
        return self._made_alone(plans, error)

    def _made_alone(self, plans: Sequence[AnyPlan], error: Exception) -> list[Made]:
        """Return what becomes of planners each of which is to be made alone; `error` came of them together."""
        if isinstance(error, (XlsalesError, OSError)):
            raise error
        return self._made([[plan] for plan in plans], partial(self._again_alone, ()))

    def _again_alone(self, lost: tuple[WorkerLost, ...], plans: Sequence[AnyPlan], error: Exception) -> list[Made]:
        """Return what becomes of a single planner that has failed alone, after these losses."""
        if isinstance(error, (XlsalesError, OSError)):
            raise error
        if isinstance(error, WorkerLost):
            if self._stop.asked:
                return []
            lost = (*lost, error)
            if not self._is_enough(lost):
                self._pause(lost)
                return self._made([plans], partial(self._again_alone, lost))
            self._in_vain += error.from_outside
        [plan] = plans
        return [Made(plan.territory_id, plan.input_hash, findings=[left_out.finding(plan, error)])]

    def _is_enough(self, lost: Sequence[WorkerLost]) -> bool:
        """Whether a planner has lost its worker so often alone that it is left out."""
        most = _IN_ALL if self._in_vain < _IN_VAIN else _BY_ITSELF
        return sum(not one.from_outside for one in lost) >= _BY_ITSELF or len(lost) >= most

    def _pause(self, lost: Sequence[WorkerLost]) -> None:
        """Wait before a planner is tried again whose worker was killed: a shortage of memory passes."""
        if lost[-1].from_outside and self._in_vain < _IN_VAIN:
            end = time.monotonic() + _PAUSE * sum(one.from_outside for one in lost)
            while time.monotonic() < end and not self._stop.asked:
                time.sleep(_LOOK)

    def _made(
        self, tasks: Sequence[Sequence[AnyPlan]], failed: Callable[[Sequence[AnyPlan], Exception], list[Made]]
    ) -> list[Made]:
        made = runners.in_order(self._pool, self._work, tasks, self._ahead, self._stop, failed)
        return [one for some in made for one in some]
