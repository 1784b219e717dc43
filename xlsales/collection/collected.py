"""All that came back, in one: the planners that count, their tables, and what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlsales.collected_tables import COLLECTED, OF_A_FILE, detail_heading
from xlsales.collection import beyond
from xlsales.collection.finding import COLUMNS, PlannerFinding, ordered
from xlsales.collection.planner import Planner, Value
from xlsales.schema import TABLES, TERRITORIES
from xlsales.workbook.returned import PLANNER_TABLES

if TYPE_CHECKING:
    import pandas as pd

DETAILS = (*(name for name in TABLES if name != TERRITORIES.name), *PLANNER_TABLES, beyond.OTHERS)
_MOST_DETAILS = 200  # that have columns of their own; all of them are in the table `details`
FINDINGS, FILES = COLLECTED
_FILE_COLUMNS = ("file", "state", "territory_id", "fiscal_year", "template_version", "run_id", "sha256", "reason")


@dataclass(frozen=True)
class Collected:
    """What came back.

    `territories` is a row per territory: the columns of the input table, single inputs of the planner `in_…`, then
    `out_…` figures, `th_…` and `w_…` assumptions, what the file says of itself, and the territory's details under
    their names. `table("accounts")` and the like are the rows of all territories.
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
        """Return a table: `territories`, the input tables, those that only planners have, `findings`, `files`."""
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
        own = [column.name for column in TABLES.get(name, ())] or ["territory_id"]
        if name != TERRITORIES.name:
            held = (planner.tables.get(name, {}) for planner in self.planners)
            return tuple(dict.fromkeys([*own, *(column for columns in held for column in columns)]))
        singles = dict.fromkeys(one for planner in self.planners for one in planner.inputs if one not in own)
        figures = dict.fromkeys(figure for planner in self.planners for figure in planner.figures)
        assumptions = dict.fromkeys(one for planner in self.planners for one in planner.assumptions)
        return (*own, *singles, *figures, *assumptions, *OF_A_FILE, *self._headings.values())

    def rows(self, name: str) -> Iterator[Sequence[Value]]:
        """Yield the rows of a table."""
        if name == FINDINGS:
            yield from (finding.cells() for finding in self.findings)
        elif name == FILES:
            yield from map(self._file, self.files)
        elif name == TERRITORIES.name:
            columns = self.columns(name)
            yield from (self._territory(planner, columns) for planner in self.planners)
        else:
            columns = self.columns(name)
            for planner in self.planners:
                own, blank = planner.tables.get(name, {}), [None] * _size(planner, name)
                yield from zip(*(own.get(column, blank) for column in columns), strict=True)

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

    def _territory(self, planner: Planner, columns: Sequence[str]) -> list[Value]:
        said: dict[str, Any] = {
            **self._details_of(planner),
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

    def _details_of(self, planner: Planner) -> dict[str, str]:
        """Return a planner's details by the headings of their columns."""
        found = beyond.details(planner.tables.get(beyond.DETAILS, {}))
        return {heading: found[name] for name in found if (heading := self._headings.get(name.casefold()))}

    @cached_property
    def _headings(self) -> dict[str, str]:
        """The heading of each detail's column, by its name in any case; what most planners have, if there are many."""
        all_of = [beyond.details(planner.tables.get(beyond.DETAILS, {})) for planner in self.planners]
        named = [name for found in all_of for name in found]
        often = Counter(name.casefold() for name in named)
        most = {key for key, _count in often.most_common(_MOST_DETAILS)}
        found: dict[str, str] = {}
        for name in named:
            if name.casefold() in most:
                found.setdefault(name.casefold(), detail_heading(name))
        return found

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
