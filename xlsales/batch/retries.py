"""What becomes of planners whose worker was lost: tried again together, then each alone, then left out by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import TypeAlias

from xlsales.batch import left_out, runners
from xlsales.batch.plan import Plan
from xlsales.batch.worker import Made
from xlsales.batch.worker_process import WorkerLost
from xlsales.errors import XlsalesError
from xlsales.stopping import Stop

_SECONDS, _OF_A_PLANNER, _OF_A_ROW = 120.0, 3.0, 0.01  # about a hundred times what it takes

Work: TypeAlias = Callable[[Sequence[Plan]], list[Made]]


def limit(plans: Sequence[Plan]) -> float:
    """Return the seconds that a worker may take for some planners: with many rows it may enlarge the template."""
    rows = sum(len(rows) for plan in plans for rows in plan.rows.values())
    return _SECONDS + _OF_A_PLANNER * len(plans) + _OF_A_ROW * rows


class Retries:
    """Tries planners again; what they are made of decides their bytes, so it does no harm to make one twice."""

    def __init__(self, pool: Executor, work: Work, ahead: int, stop: Stop) -> None:
        self._pool = pool
        self._work = work
        self._ahead = ahead
        self._stop = stop

    def made(self, plans: Sequence[Plan], error: Exception) -> list[Made]:
        """Return what becomes of planners whose task has failed; raises an error that is not theirs."""
        if isinstance(error, (XlsalesError, OSError)):
            raise error
        if isinstance(error, WorkerLost) and self._stop.asked:
            return []
        if isinstance(error, WorkerLost) and (len(plans) == 1 or not error.timed_out):
            return self._made([plans], self._made_alone)
        return self._made_alone(plans, error)

    def _made_alone(self, plans: Sequence[Plan], error: Exception) -> list[Made]:
        """Return what becomes of planners whose worker was lost again: of each alone, or nothing of a single one."""
        if isinstance(error, (XlsalesError, OSError)):
            raise error
        if len(plans) > 1:
            return self._made([[plan] for plan in plans], self.made)
        if isinstance(error, WorkerLost) and self._stop.asked:
            return []
        [plan] = plans
        return [Made(plan.territory_id, plan.input_hash, findings=[left_out.finding(plan, error)])]

    def _made(
        self, tasks: Sequence[Sequence[Plan]], failed: Callable[[Sequence[Plan], Exception], list[Made]]
    ) -> list[Made]:
        made = runners.in_order(self._pool, self._work, tasks, self._ahead, self._stop, failed)
        return [one for some in made for one in some]
