"""Planners against one another, and against the run that made them: two copies, other years, those that are missing."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from xlsales.collection.finding import PlannerFinding
from xlsales.collection.planner import Planner
from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.texts import _

NEWEST = "newest"


@dataclass(frozen=True)
class Expected:
    """What a run report says of the planners that were made, now or by a run before."""

    files: Mapping[str, str] = field(default_factory=dict)  # by territory
    run_id: str = ""


def expected(path: Path) -> Expected:
    """Read a run report; anything else raises InputError."""
    try:
        report: Any = json.loads(obstacles.content(path, path).decode())
        told = [*report["planners"], *report.get("left_alone", ()), *report.get("not_updated", ())]
        files = {str(one["territory_id"]): str(one["file"]) for one in told}
    except (ValueError, KeyError, TypeError) as error:
        message = _("{path} is no run report of a batch: give the run.json beside the planners that it made.")
        raise InputError(message.format(path=path)) from error
    return Expected(files, str(report.get("run_id", "")))


def settled(
    planners: Sequence[Planner], prefer: str, wanted: Expected | None
) -> tuple[list[Planner], list[PlannerFinding]]:
    """Return the planners that count, each territory once, and what was found about all of them together."""
    readable = [planner for planner in planners if not planner.is_unreadable and planner.territory_id]
    by_key: defaultdict[tuple[str, int | None], list[Planner]] = defaultdict(list)
    for planner in readable:
        by_key[planner.key].append(planner)
    counted: list[Planner] = []
    findings: list[PlannerFinding] = []
    for several in by_key.values():
        chosen, told = _one_of(several, prefer)
        findings += told
        counted += [] if chosen is None else [chosen]
    order = {id(planner): place for place, planner in enumerate(planners)}
    counted.sort(key=lambda planner: order[id(planner)])
    findings += _other_years(counted)
    if wanted is not None:
        findings += _against(wanted, readable)
    return counted, findings


def _one_of(several: Sequence[Planner], prefer: str) -> tuple[Planner | None, list[PlannerFinding]]:
    first_of: dict[str, Planner] = {}
    same: list[PlannerFinding] = []
    for planner in sorted(several, key=lambda one: len(one.file)):  # a copy's name is the longer one
        first = first_of.setdefault(planner.sha256, planner)
        if first is not planner:
            same.append(_finding("SAME_FILE", planner, expected=first.file))
    different = [planner for planner in several if first_of[planner.sha256] is planner]
    if len(different) == 1:
        return different[0], same
    chosen = _preferred(several, different, prefer)
    if chosen is None:
        files = [planner.file for planner in different]
        return None, [
            *same,
            *(
                _finding("TWO_COPIES", planner, got=", ".join(file for file in files if file != planner.file))
                for planner in different
            ),
        ]
    others = [planner for planner in different if planner is not chosen]
    return chosen, [*same, *(_finding("NOT_PREFERRED", planner, expected=chosen.file) for planner in others)]


def _preferred(several: Sequence[Planner], different: Sequence[Planner], prefer: str) -> Planner | None:
    if prefer == NEWEST:
        latest = max(planner.modified for planner in different)
        newest = [planner for planner in different if planner.modified == latest]
        return newest[0] if len(newest) == 1 else None
    if not prefer:
        return None
    wanted = Path(prefer).resolve()
    named = next((planner for planner in several if Path(planner.file).resolve() == wanted), None)
    return named and next(planner for planner in different if planner.sha256 == named.sha256)


def _other_years(planners: Sequence[Planner]) -> list[PlannerFinding]:
    years = Counter(planner.fiscal_year for planner in planners)
    if len(years) < 2:
        return []
    (usual, most), (_other, next_most) = years.most_common(2)
    if most == next_most:
        return [_finding("OTHER_YEAR", planner, got=str(planner.fiscal_year or "")) for planner in planners]
    others = (planner for planner in planners if planner.fiscal_year != usual)
    return [
        _finding("OTHER_YEAR", planner, expected=str(usual or ""), got=str(planner.fiscal_year or ""))
        for planner in others
    ]


def _against(wanted: Expected, planners: Sequence[Planner]) -> list[PlannerFinding]:
    there = {planner.territory_id.casefold() for planner in planners}
    known = {territory.casefold() for territory in wanted.files}
    missing = [
        PlannerFinding("MISSING", file, territory)
        for territory, file in wanted.files.items()
        if territory.casefold() not in there
    ]
    return [*missing, *(_finding("NOT_EXPECTED", one) for one in planners if one.territory_id.casefold() not in known)]


def _finding(code: str, planner: Planner, expected: str = "", got: str = "") -> PlannerFinding:
    return replace(PlannerFinding(code, planner.file, planner.territory_id), expected=expected, got=got)
