"""Hands what came back to the roll-up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlsales.collection.collected import FINDINGS, Collected
from xlsales.collection.planner import Planner, Value
from xlsales.rollup.gathered import Gathered, LeftOut, Table
from xlsales.schema import TERRITORIES

_REASONS = ("UNREADABLE", "NO_PLANNER", "NO_TERRITORY", "TWO_COPIES", "NOT_PREFERRED", "SAME_FILE")


@dataclass(frozen=True)
class _Rows:
    """The rows of a table, as often as they are wanted."""

    collected: Collected
    name: str

    def __iter__(self) -> Iterator[Sequence[Value]]:
        return iter(self.collected.rows(self.name))


def gathered(collected: Collected) -> Gathered:
    """Return what came back as the roll-up takes it."""

    def table(name: str) -> Table:
        return Table(collected.columns(name), _Rows(collected, name))

    details = {name: table(name) for name in collected.names() if name not in (TERRITORIES.name, FINDINGS)}
    return Gathered(table(TERRITORIES.name), details, table(FINDINGS), _left_out(collected))


def _left_out(collected: Collected) -> list[LeftOut]:
    counted = {id(planner) for planner in collected.planners}
    reasons: dict[str, str] = {}
    for finding in collected.findings:
        if finding.code in _REASONS:
            reasons.setdefault(finding.file, finding.message)
    return [_why(planner, reasons) for planner in collected.files if id(planner) not in counted]


def _why(planner: Planner, reasons: dict[str, str]) -> LeftOut:
    return LeftOut(planner.file, reasons.get(planner.file, ""), planner.territory_id)
