"""Small batches: their files, and what was found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from xlsales.batch import Batch

Run: TypeAlias = Callable[..., Batch]
PLANNERS = ("T1 North.xlsm", "T2 South.xlsm", "T3 West.xlsm")
REPORTS = ("Overview.xlsx", "findings.csv", "findings.xlsx", "run.json")


def found(batch: Batch) -> list[tuple[str, str, str | None, str | None]]:
    return [(f.severity, f.code, f.table, f.territory_id) for f in batch.findings]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
