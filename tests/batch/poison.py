"""Workers in which some territories end in an unusual way while they are filled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.batch import tasks
from xlsales.batch import worker
from xlsales.batch.plan import Plan, fill
from xlsales.batch.worker import start_worker  # tests put something else in its place there

POISONS: dict[str, Callable[..., None]] = {
    "killed": tasks.kill_itself,
    "crashed": tasks.crash,
    "left": tasks.leave,
    "hung": tasks.hang,
    "raised": tasks.fail,
    "panicked": tasks.panic,
    "memory": tasks.run_out_of_memory,
    "awkward": tasks.raise_awkwardly,
}


def poison_of(plan: Plan) -> Callable[..., None]:
    """What is to happen to a plan: its territory says so."""
    return POISONS.get(plan.territory_id.partition("-")[0], lambda: None)


def start_poisoned(job: worker.Job, stopped: Callable[[], bool]) -> None:
    """Open the template in a worker where some territories end in an unusual way while they are filled."""
    start_worker(job, stopped)

    def poisoned(template: Any, plan: Plan) -> Any:
        poison_of(plan)()
        return fill(template, plan)

    worker.fill = poisoned  # type: ignore[attr-defined]


def start_once_poisoned(job: worker.Job, stopped: Callable[[], bool]) -> None:
    """The same, but only the first worker that meets a territory ends over it."""
    start_worker(job, stopped)

    def poisoned(template: Any, plan: Plan) -> Any:
        seen = Path(f"{job.out}.seen {plan.territory_id}")
        if not seen.exists():
            seen.touch()
            poison_of(plan)()
        return fill(template, plan)

    worker.fill = poisoned  # type: ignore[attr-defined]
