"""What was read of one returned planner: a record that processes hand to one another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from xlsales.collection.finding import PlannerFinding

Value: TypeAlias = "float | str | bool | dt.date | None"
Columns: TypeAlias = "dict[str, list[Value]]"


@dataclass(frozen=True)
class Planner:
    """One file: what it says, or why it cannot be read."""

    file: str
    territory_id: str = ""
    fiscal_year: int | None = None
    sha256: str = ""
    modified: float = 0.0  # when the file was saved last
    schema_version: str = ""
    template_version: str = ""
    run_id: str = ""
    made_for: str = ""
    as_of: dt.date | None = None
    inputs: Mapping[str, Value] = field(default_factory=dict)
    assumptions: Mapping[str, Value] = field(default_factory=dict)
    figures: Mapping[str, Value] = field(default_factory=dict)  # errors by their codes
    completeness: float | None = None  # from 0 to 1
    is_recalculated: bool = False  # otherwise its figures are those of the file
    tables: Mapping[str, Columns] = field(default_factory=dict)
    findings: Sequence[PlannerFinding] = ()

    @property
    def key(self) -> tuple[str, int | None]:
        """What no other planner may be: the plan of this territory and year."""
        return self.territory_id.casefold(), self.fiscal_year

    @property
    def is_unreadable(self) -> bool:
        """Whether nothing could be read."""
        return any(finding.code in ("UNREADABLE", "NO_PLANNER") for finding in self.findings)

    @property
    def is_edited(self) -> bool:
        """Whether something was changed that is no input."""
        return any(finding.code in EDITS for finding in self.findings)


EDITS = frozenset(
    ("FORMULA_OVERWRITTEN", "FORMULA_CHANGED", "CELL_CHANGED", "COLUMN_MISSING", "INPUT_MISSING", "TABLE_MISSING",
     "SHEET_MISSING", "VBA_CHANGED")
)  # fmt: skip


def unreadable(file: str, reason: str) -> Planner:
    """Return the record of a file that cannot be read."""
    return Planner(file, findings=(PlannerFinding("UNREADABLE", file, got=reason),))
