"""What became of a plan, and the record of it in a journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from xlsales.cells.values import CellValue
from xlsales.findings import Finding
from xlsales.functions import CellError

Figures: TypeAlias = Mapping[str, CellValue]


@dataclass(frozen=True)
class Made:
    """What became of one plan: a file with its figures, or the findings that prevented it."""

    territory_id: str
    input_hash: str
    file_name: str | None = None
    sha256: str = ""
    figures: Figures | None = None
    findings: Sequence[Finding] = ()
    basis: Mapping[str, str] = field(default_factory=dict)  # what its ratios rest on
    checks: Mapping[str, int] = field(default_factory=dict)  # how many look, and how many have nothing to judge
    placed: Mapping[str, int] = field(default_factory=dict)  # rows that stand in it, by table
    left_out: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # and those that do not, by reason
    before: Mapping[str, str] = field(default_factory=dict)  # the planner that it updates: its file and sha256
    kept: int = 0  # values and rows of that planner which stay as its manager left them
    left_for_excel: Sequence[Mapping[str, Any]] = ()  # formulas without a value in it alone, in groups


def to_record(made: Made) -> dict[str, Any]:
    """Return what a journal can hold."""
    record = vars(made) | {"basis": dict(made.basis), "checks": dict(made.checks), "placed": dict(made.placed)}
    record["before"] = dict(made.before)
    record["left_out"] = {table: dict(reasons) for table, reasons in made.left_out.items()}
    record["findings"] = [finding_record(finding) for finding in made.findings]
    if made.figures is not None:
        record["figures"] = {name: _stored(value) for name, value in made.figures.items()}
    return record


def from_record(record: Mapping[str, Any]) -> Made:
    """Return what a journal held."""
    figures = record["figures"]
    if figures is not None:
        figures = {name: _restored(value) for name, value in figures.items()}
    findings = tuple(Finding(**found) for found in record["findings"])
    left = tuple(record.get("left_for_excel", ()))
    return Made(**{**record, "figures": figures, "findings": findings, "left_for_excel": left})


def from_report(planner: Mapping[str, Any]) -> Made:
    """Return what a run report says of a planner."""
    return Made(
        planner["territory_id"],
        str(planner.get("input_sha256", "")),
        planner["file"],
        planner["sha256"],
        basis=_of_kind(planner.get("basis"), dict, {}),
        checks=_of_kind(planner.get("checks"), dict, {}),
        kept=_of_kind(planner.get("kept"), int, 0),
        left_for_excel=_of_kind(planner.get("left_for_excel"), list, ()),
    )


def _of_kind(told: object, kind: type, instead: Any) -> Any:
    """Return what a report tells where it is of this kind: people edit what they can read."""
    return told if isinstance(told, kind) else instead


def finding_record(finding: Finding) -> dict[str, Any]:
    """Return a finding without what it leaves open."""
    return {name: value for name, value in vars(finding).items() if value is not None}


def _stored(value: CellValue) -> Any:
    return [value.code] if isinstance(value, CellError) else value


def _restored(value: Any) -> CellValue:
    return CellError(value[0]) if isinstance(value, list) else value
