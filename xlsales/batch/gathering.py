"""The tasks of workers: plans in the order of the tables, those that need larger tables gathered from several tasks.

A calculation takes some 60 ms however few its planners are, and each size of a template has one of its own. So the few
plans of other sizes that stand among some hundred make a task together, which goes before those that they stand among.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from xlsales.batch.made import Made
from xlsales.batch.packed import AnyPlan, Chunk, Packed, grouped
from xlsales.batch.plan import is_larger
from xlsales.findings import Finding

_AMONG = 4  # tasks from which plans are gathered


class Tasks:
    """Plans on their way to workers, and planners on their way back, both in the order of the tables."""

    def __init__(self, has_room: Mapping[str, int], size: int, is_to_be_made: Callable[[AnyPlan], bool]) -> None:
        """Take how many rows of each table the template has room for, the planners of a task, and which are made."""
        self._has_room = has_room
        self._size = size
        self._is_to_be_made = is_to_be_made
        self._begun: deque[list[Chunk]] = deque()  # what is whole once each of the tasks at work has ended
        self._made: dict[str, Made] = {}  # by territory, of plans whose chunk is not whole yet

    def begun(self, parts: Iterable[tuple[Iterable[AnyPlan], Sequence[Finding]]]) -> Iterator[list[AnyPlan]]:
        """Yield the plans of each task."""
        groups = grouped(parts, self._size, self._is_to_be_made)
        while some := list(islice(groups, _AMONG)):
            tasks = [[plan for one in chunks for plan in one.plans if self._is_to_be_made(plan)] for chunks in some]
            larger = [plan for task in tasks for plan in task if self._is_larger(plan)]
            if len(larger) > self._size:  # enough of them stand together as it is
                larger = []
            apart = {plan.territory_id for plan in larger}
            if larger:
                self._begun.append([])
                yield larger
            for chunks, task in zip(some, tasks, strict=True):
                self._begun.append(chunks)
                yield [plan for plan in task if plan.territory_id not in apart]

    def ended(self, made: Iterable[Made]) -> Iterator[tuple[Chunk, list[Made]]]:
        """Yield the chunks that are whole with what was made in the next task, and all that was made of each."""
        self._made |= {one.territory_id: one for one in made}
        for chunk in self._begun.popleft():
            found = (self._made.pop(plan.territory_id, None) for plan in chunk.plans)
            yield chunk, [one for one in found if one]

    def _is_larger(self, plan: AnyPlan) -> bool:
        return plan.is_larger if isinstance(plan, Packed) else is_larger(plan, self._has_room)
