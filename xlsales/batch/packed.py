"""Plans on their way from the process that has read their rows to the one that makes their planners."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from xlsales.batch.plan import Plan, input_hash, is_larger
from xlsales.cells.rows import Row, Rows
from xlsales.cells.table_columns import Columns
from xlsales.findings import Finding

_TOGETHER = 32  # plans that are packed together: their columns are one
_FEW = 4  # of so many plans one
_MOST_FINISHED = 1000  # planners that are looked at together, made or finished before


@dataclass(frozen=True)
class Packed:
    """A plan as bytes, with what the process between the two needs to know of it."""

    territory: Row  # of its columns, some
    content_hash: str
    row_count: int
    content: bytes = field(repr=False)  # of some plans together
    place: int  # among these
    is_larger: bool = False  # than what the template has room for
    file_name: str = ""
    as_of: dt.date | None = None
    peers: Mapping[str, float] = field(default_factory=dict)

    @property
    def territory_id(self) -> str:
        """The territory's identifier."""
        return str(self.territory["territory_id"])

    @property
    def input_hash(self) -> str:
        """A fingerprint of everything that goes into the planner."""
        return input_hash(self)

    def named(self, file_name: str, as_of: dt.date | None) -> Packed:
        """Return the same plan for this file and day."""
        return replace(self, file_name=file_name, as_of=as_of)


AnyPlan: TypeAlias = Plan | Packed


def packed(plans: Sequence[Plan], columns: Sequence[str], has_room: Mapping[str, int]) -> list[Packed]:
    """Pack plans, some of them together; these columns of their territories can still be asked for.

    Those few with more rows of a table than there `has_room` for are packed alone as well, for they are made apart.
    """
    found: list[Packed] = []
    for start in range(0, len(plans), _TOGETHER):
        some = plans[start : start + _TOGETHER]
        content = _content(some)
        larger = [is_larger(plan, has_room) for plan in some]
        are_few = sum(larger) <= len(some) // _FEW
        for place, (plan, is_apart) in enumerate(zip(some, larger, strict=True)):
            territory = {name: plan.territory[name] for name in columns}
            own = (_content([plan]), 0) if is_apart and are_few else (content, place)
            found.append(Packed(territory, plan.content_hash, plan.row_count, *own, is_apart))
    return found


def _content(plans: Sequence[Plan]) -> bytes:
    """Return plans as bytes, with the rows of each table in columns of all of them."""
    tables: dict[str, Columns] = {}
    begins: list[dict[str, tuple[int, int]]] = [{} for _plan in plans]
    for name in dict.fromkeys(name for plan in plans for name in plan.rows):
        having = [(plan.rows[name], own) for plan, own in zip(plans, begins, strict=True) if name in plan.rows]
        tables[name], starts = Rows.together([rows for rows, _own in having])
        for (rows, own), start in zip(having, starts, strict=True):
            own[name] = start, len(rows)
    without = [replace(plan, rows={}) for plan in plans]
    return pickle.dumps((tables, begins, without), pickle.HIGHEST_PROTOCOL)


def unpacked(plans: Sequence[AnyPlan]) -> list[Plan]:
    """Return plans, with all that has become known of them since they were packed."""
    opened: dict[int, list[Plan]] = {}
    found: list[Plan] = []
    for plan in plans:
        if isinstance(plan, Packed):
            own = opened.get(id(plan.content))
            if own is None:
                own = opened[id(plan.content)] = _plans(plan.content)
            whole = replace(own[plan.place], file_name=plan.file_name, as_of=plan.as_of, peers=plan.peers)
            vars(whole)["content_hash"] = plan.content_hash
            found.append(whole)
        else:
            found.append(plan)
    return found


def _plans(content: bytes) -> list[Plan]:
    tables, begins, plans = pickle.loads(content)
    return [
        replace(plan, rows={name: Rows.of(tables[name], *where) for name, where in own.items()})
        for plan, own in zip(plans, begins, strict=True)
    ]


Own: TypeAlias = Mapping[tuple[str, str], float]  # by territory and figure


@dataclass(frozen=True)
class Chunk:
    """Some plans, and the findings about their rows; of a part of the tables, or of what a worker makes at a time.

    Of a part there are its territories' own figures too, which are no peers of theirs.
    """

    plans: Sequence[AnyPlan]
    findings: Sequence[Finding] = ()
    own: Own = field(default_factory=dict)


def grouped(
    parts: Iterable[tuple[Iterable[AnyPlan], Sequence[Finding]]], size: int, is_to_be_made: Callable[[AnyPlan], bool]
) -> Iterator[list[Chunk]]:
    """Yield the plans of some parts in chunks that make one task: so many that are to be made, whatever their parts.

    Those that are finished stand among them. The findings of a part go with the first of its plans.
    """
    group: list[Chunk] = []
    to_make = looked_at = 0
    for plans, of_part in parts:
        own: list[AnyPlan] = []
        findings = of_part
        for plan in plans:
            own.append(plan)
            to_make += is_to_be_made(plan)
            looked_at += 1
            if to_make == size or looked_at == _MOST_FINISHED:
                yield [*group, Chunk(own, findings)]
                group, own, findings = [], [], ()
                to_make = looked_at = 0
        if own or findings:
            group.append(Chunk(own, findings))
    if group:
        yield group
