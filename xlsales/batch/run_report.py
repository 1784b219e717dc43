"""`run.json`: what went into a run and what came out of it, with fingerprints."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from xlsales.batch.made import Made

# started: planners are being made, or were when the run was killed; stopped: by Ctrl-C or a fault, with the planners
# that were made until then.
Status = Literal["started", "stopped", "complete"]
Head: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Planner:
    """A planner that was made."""

    territory_id: str
    file_name: str
    sha256: str
    input_sha256: str
    basis: Mapping[str, str]  # MEASURED, STANDARD, TYPED or NOT YET, by figure
    checks: Mapping[str, int]  # look, not_yet
    kept: int = 0  # values that stay as its manager left them
    left_for_excel: Sequence[Mapping[str, Any]] = ()  # formulas without a value in it alone


def planner_of(made: Made) -> Planner:
    """Return what the run report says of a planner."""
    return Planner(
        made.territory_id,
        str(made.file_name),
        made.sha256,
        made.input_hash,
        made.basis,
        made.checks,
        made.kept,
        made.left_for_excel,
    )


def lines(
    head: Head,
    planners: Iterable[Planner],
    not_made: Iterable[str],
    left_alone: Iterable[Mapping[str, str]],
    stale: Iterable[Mapping[str, str | None]],
    not_updated: Iterable[Mapping[str, str]],
) -> Iterator[str]:
    """Yield the report as JSON text, a planner at a time."""
    yield json.dumps(head, indent=2, ensure_ascii=False).removesuffix("\n}")
    yield from _array("planners", (_of(planner) for planner in planners))
    yield from _array("not_made", not_made)
    yield from _array("left_alone", left_alone)
    yield from _array("not_updated", not_updated)
    yield from _array("stale", stale)
    yield "\n}\n"


def _array(name: str, items: Iterable[object]) -> Iterator[str]:
    yield f',\n  "{name}": ['
    separator, end = "\n    ", "]"
    for item in items:
        yield separator + json.dumps(item, ensure_ascii=False)
        separator, end = ",\n    ", "\n  ]"
    yield end


def _of(planner: Planner) -> dict[str, Any]:
    return {
        "territory_id": planner.territory_id,
        "file": planner.file_name,
        "sha256": planner.sha256,
        "input_sha256": planner.input_sha256,
        "basis": dict(planner.basis),
        "checks": dict(planner.checks),
        **({"kept": planner.kept} if planner.kept else {}),
        **({"left_for_excel": list(planner.left_for_excel)} if planner.left_for_excel else {}),
    }
