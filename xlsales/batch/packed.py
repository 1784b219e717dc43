"""Plans on their way from the process that has read their rows to the one that makes their planners."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from xlsales.batch.plan import Plan, input_hash
from xlsales.cells.rows import Row
from xlsales.findings import Finding

_MOST_FINISHED = 1000  # planners that are looked at together, made or finished before


@dataclass(frozen=True)
class Packed:
    """A plan as bytes, with what the process between the two needs to know of it."""

    territory: Row  # of its columns, some
    content_hash: str
    row_count: int
    content: bytes = field(repr=False)
    file_name: str = ""
    as_of: dt.date | None = None
    peers: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan, columns: Sequence[str]) -> Packed:
        """Pack a plan; these columns of its territory can still be asked for."""
        territory = {name: plan.territory[name] for name in columns}
        return cls(territory, plan.content_hash, plan.row_count, pickle.dumps(plan, pickle.HIGHEST_PROTOCOL))

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

    def unpacked(self) -> Plan:
        """Return the plan, with all that has become known of it since."""
        plan: Plan = pickle.loads(self.content)
        whole = replace(plan, file_name=self.file_name, as_of=self.as_of, peers=self.peers)
        vars(whole)["content_hash"] = self.content_hash
        return whole


AnyPlan: TypeAlias = Plan | Packed
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
