"""All that came back, in one: the planners that count, their tables, and what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlsales.collection.finding import COLUMNS, PlannerFinding, ordered
from xlsales.collection.planner import Planner, Value
from xlsales.schema import OF_A_FILE, TABLES, TERRITORIES

if TYPE_CHECKING:
    import pandas as pd

DETAILS = tuple(name for name in TABLES if name != TERRITORIES.name)
FINDINGS = "findings"
FILES = "files"
_FILE_COLUMNS = ("file", "state", "territory_id", "fiscal_year", "template_version", "run_id", "sha256", "reason")


@dataclass(frozen=True)
class Collected:
    """What came back.

    `territories` is a row per territory: the columns of the input table, then `out_…` figures, `th_…` and `w_…`
    assumptions, and what the file says of itself. `table("accounts")` and the like are the rows of all territories.
    `findings` are in `findings_table` with their places.
    """

    files: Sequence[Planner]  # every file that was looked at
    planners: Sequence[Planner]  # those that count: one for each territory and year
    findings: Sequence[PlannerFinding] = field(default_factory=tuple)

    @property
    def failed(self) -> bool:
        """Whether something could not be read, is missing, or is there twice."""
        return any(finding.severity == "error" for finding in self.findings)

    @cached_property
    def territories(self) -> pd.DataFrame:
        """One row for each territory."""
        return self.table(TERRITORIES.name)

    @cached_property
    def findings_table(self) -> pd.DataFrame:
        """The findings, the worst first."""
        return self.table(FINDINGS)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table: `territories`, `accounts`, `deals`, `activity`, `org_health`, `team`, `checkins`,
        `findings`, `files`."""
        import pandas as pd

        records = [tuple(row) for row in self.rows(name)]
        return pd.DataFrame.from_records(records, columns=list(self.columns(name)))

    def names(self) -> Iterator[str]:
        """Yield the names of the tables that hold something, `territories` first."""
        yield TERRITORIES.name
        yield from (name for name in DETAILS if any(_size(planner, name) for planner in self.planners))
        yield from (FINDINGS, FILES)

    def columns(self, name: str) -> tuple[str, ...]:
        """Return the names of a table's columns."""
        if name == FINDINGS:
            return COLUMNS
        if name == FILES:
            return _FILE_COLUMNS
        own = tuple(column.name for column in TABLES[name])
        if name != TERRITORIES.name:
            return own
        figures = dict.fromkeys(figure for planner in self.planners for figure in planner.figures)
        assumptions = dict.fromkeys(one for planner in self.planners for one in planner.assumptions)
        return (*own, *figures, *assumptions, *OF_A_FILE)

    def rows(self, name: str) -> Iterator[Sequence[Value]]:
        """Yield the rows of a table."""
        if name == FINDINGS:
            yield from (finding.cells() for finding in self.findings)
        elif name == FILES:
            yield from map(self._file, self.files)
        elif name == TERRITORIES.name:
            columns = self.columns(name)
            yield from (_territory(planner, columns) for planner in self.planners)
        else:
            for planner in self.planners:
                own = planner.tables.get(name, {})
                yield from zip(*(own.get(column, []) for column in self.columns(name)), strict=True)

    def _file(self, planner: Planner) -> Sequence[Value]:
        state = "unreadable" if planner.is_unreadable else "counted" if planner in self._counted else "not counted"
        reasons = [finding.got for finding in planner.findings if finding.code == "UNREADABLE"]
        return (
            planner.file,
            state,
            planner.territory_id,
            planner.fiscal_year,
            planner.template_version,
            planner.run_id,
            planner.sha256,
            "".join(reasons),
        )

    @cached_property
    def _counted(self) -> _Identities:
        return _Identities(self.planners)


class _Identities:
    """Some planners, told apart by what they are and not by what they hold."""

    def __init__(self, planners: Sequence[Planner]) -> None:
        self._ids = {id(planner) for planner in planners}

    def __contains__(self, planner: object) -> bool:
        return id(planner) in self._ids


def collected(files: Sequence[Planner], planners: Sequence[Planner], more: Sequence[PlannerFinding]) -> Collected:
    """Return what came back, with all findings in order."""
    own = (finding for planner in files for finding in planner.findings)
    return Collected(files, planners, ordered([*more, *own]))


def _size(planner: Planner, name: str) -> int:
    return len(next(iter(planner.tables.get(name, {}).values()), []))


def _territory(planner: Planner, columns: Sequence[str]) -> list[Value]:
    said: dict[str, Any] = {
        **planner.inputs,
        **planner.figures,
        **planner.assumptions,
        "file": planner.file,
        "template_version": planner.template_version,
        "as_of": planner.as_of,
        "completeness": planner.completeness,
        "recalculated": "YES" if planner.is_recalculated else "NO",
        "edited": "YES" if planner.is_edited else "NO",
        "findings": len(planner.findings),
    }
    return [said.get(column) for column in columns]
