"""A planner that ends its worker, hangs or goes wrong in any stage costs itself alone, by name."""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from docs import promises
from tests.batch import poison, tasks
from tests.batches import Run, contents
from xlsales.batch import Batch, retries
from xlsales.batch.packed import AnyPlan
from xlsales.batch.plan import Plan, fill
from xlsales.cells.rows import Rows
from xlsales.workbook.filling import Filling

if TYPE_CHECKING:
    from tests.conftest import Tables

GOOD = 9
LONG = 600.0  # seconds that a busy computer may take for what should take one


@pytest.fixture
def tables(small_tables: Tables) -> Callable[..., Tables]:
    """Tables with some good territories, and others among them."""

    def made(*others: str) -> Tables:
        first = small_tables["territories"][0]
        ids = [f"N{number}" for number in range(GOOD)]
        for position, other in enumerate(others):
            ids.insert(2 + 3 * position, other)
        return {"territories": [{**first, "territory_id": one, "territory_name": "Land"} for one in ids]}

    return made


@pytest.fixture
def run(run: Run, tiny_template: Path) -> Run:
    """What a planner shows is all the same here: the smallest template is opened the soonest in each worker."""

    def made(tables: Tables, *arguments: Path, **options: Any) -> Batch:
        if "template" in options:
            return run(tables, *arguments, **options)
        return run({"territories": tables["territories"]}, *arguments, template=tiny_template, **options)

    return made


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What hangs is soon taken for it, and what was lost is soon tried again; the others have all the time."""
    short = {"hung-1": 3, "hung-2": 1}  # times: with others, alone, and alone again; the other one hangs once

    def limit(plans: Sequence[AnyPlan]) -> float:
        for plan in plans:
            if short.get(plan.territory_id, 0):
                short[plan.territory_id] -= 1
                return 0.5
        return LONG

    monkeypatch.setattr(retries, "limit", limit)
    monkeypatch.setattr(retries, "_PAUSE", 0.02)


def poisoned(monkeypatch: pytest.MonkeyPatch, start: Any = poison.start_poisoned) -> None:
    monkeypatch.setattr("xlsales.batch.worker.start_worker", start)


def errors(batch: Batch) -> dict[str | None, str]:
    return {one.territory_id: f"{one.code} {one.message}" for one in batch.findings if one.severity == "error"}


def check(batch: Batch, out: Path, bad: dict[str, str]) -> None:
    """Everything but the bad ones is made, and these are named with what happened."""
    found = errors(batch)
    assert found.keys() == bad.keys()
    for territory_id, text in bad.items():
        assert text in found[territory_id]
        assert "Traceback" not in found[territory_id]
        assert str(Path(tasks.__file__).parents[2]) not in found[territory_id]
    report = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert report["status"] == "complete"
    assert sorted(report["not_made"]) == sorted(bad)
    made = {f"N{number}" for number in range(GOOD)}
    assert {planner["territory_id"] for planner in report["planners"]} == made
    assert {path.name.split()[0] for path in out.glob("* Land.xlsx")} == made
    assert batch.failed
    assert not list(out.glob(".*"))


LOST = {
    "killed-1": "PLANNER_QUARANTINED",
    "left-3": "exit code 7",
}
RAISED = {
    "raised-1": "LookupError: nothing there",
    "panicked-2": "Panic: index out of bounds",
    "awkward-3": "AwkwardError: 1 and 2",
}


def test_planners_that_end_their_workers_are_left_out_by_name(
    run: Run, out: Path, tables: Callable[..., Tables], monkeypatch: pytest.MonkeyPatch, quick: None
) -> None:
    poisoned(monkeypatch)
    check(run(tables(*LOST), workers=2), out, LOST)


def test_planner_that_hangs_is_left_out_by_name(
    run: Run, out: Path, tables: Callable[..., Tables], monkeypatch: pytest.MonkeyPatch, quick: None
) -> None:
    poisoned(monkeypatch)
    check(run(tables("hung-1"), workers=2), out, {"hung-1": "not done after"})


@pytest.mark.parametrize("workers", [1, 2])
def test_planners_with_a_fault_are_left_out_by_name(
    run: Run, out: Path, tables: Callable[..., Tables], monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.setattr("xlsales.batch.worker.fill", fill)  # which is poisoned in this process with one worker
    poisoned(monkeypatch)
    check(run(tables(*RAISED, "memory-4"), workers=workers), out, {**RAISED, "memory-4": "not enough memory"})


def test_workers_that_are_lost_once_change_no_byte(
    run: Run, out: Path, tables: Callable[..., Tables], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, quick: None
) -> None:
    given = tables("killed-1", "hung-2", "left-3")
    run(given, tmp_path / "undisturbed", workers=1)
    poisoned(monkeypatch, poison.start_once_poisoned)
    batch = run(given, workers=2)
    assert errors(batch) == {}
    assert len(list(tmp_path.glob("*.seen killed-1"))) == 1
    assert contents(out) == contents(tmp_path / "undisturbed")


def test_planner_that_a_fault_prevented_is_tried_again_by_resume(
    run: Run, out: Path, tables: Callable[..., Tables], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("xlsales.batch.worker.fill", fill)
    given = tables("left-1", "raised-2")
    with monkeypatch.context() as patch:
        poisoned(patch)
        run(given, workers=2)
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("N*")}
    assert json.loads((out / "run.json").read_bytes())["failed"] == ["left-1", "raised-2"]
    with monkeypatch.context() as patch:
        poisoned(patch)
        assert errors(run(given, resume=True, workers=2)).keys() == {"left-1", "raised-2"}
    batch = run(given, resume=True, workers=2)
    assert errors(batch) == {}
    assert before.items() <= {path.name: path.stat().st_mtime_ns for path in out.glob("N*")}.items()
    run(given, tmp_path / "undisturbed")
    assert contents(out) == contents(tmp_path / "undisturbed")


STAGES = {
    "what a template must have room for": "xlsales.batch.worker.overflow",
    "filling": "xlsales.batch.worker.fill",
    "calculation": "xlsales.calculation.compiled.Compiled.filled",
    "stamp": "xlsales.workbook.stamp.stamp.Stamp._written",
    "figures": "xlsales.batch.worker.Prepared._named",
    "reconciliation": "xlsales.batch.reconciliation.findings",
    "basis": "xlsales.batch.reconciliation.basis",
    "writing": "xlsales.files.atomic.put_aside",
}
FAULTS: dict[str, BaseException] = {
    "ValueError: unexpected value": ValueError("unexpected\n  value"),
    "not enough memory": MemoryError(),
    "RecursionError": RecursionError(),
    "Panic: of an engine": tasks.Panic("of an engine"),
}


def concerns(value: object) -> bool:
    """Whether something is about T2, called South."""
    if isinstance(value, Plan):
        return value.territory_id == "T2"
    if isinstance(value, Filling):
        return concerns(value.single)
    if isinstance(value, Path):
        return value.name.startswith("T2 ")
    if isinstance(value, Mapping):
        return any(concerns(one) for one in value.values())
    if isinstance(value, (list, tuple)):
        return any(concerns(one) for one in value)
    return isinstance(value, str) and value in ("T2", "South")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("stage", STAGES)
def test_fault_in_any_stage_costs_the_planner_at_hand(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch, stage: str, fault: str
) -> None:
    name = STAGES[stage]
    usual = pkgutil.resolve_name(name)
    met: list[object] = []

    def faulty(*arguments: Any, **named: Any) -> Any:
        if concerns(arguments) or concerns(named):
            met.append(arguments)
            raise type(FAULTS[fault])(*FAULTS[fault].args)
        return usual(*arguments, **named)

    monkeypatch.setattr(name, faulty)
    batch = run(small_tables)
    assert met
    assert errors(batch).keys() == {"T2"}
    text = errors(batch)["T2"]
    assert text.startswith("PLANNER_FAILED ")
    assert fault in text
    assert ".py:" in text
    assert "\n" not in text
    assert sorted(path.name for path in out.glob("T*")) == ["T1 North.xlsx", "T3 West.xlsx"]
    report = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert ([one["territory_id"] for one in report["planners"]], report["not_made"]) == (["T1", "T3"], ["T2"])


def test_fault_of_one_changes_no_byte_of_the_others(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run(small_tables, tmp_path / "undisturbed")
    monkeypatch.setattr("xlsales.batch.worker.fill", _faulty_for_t2(fill))
    run(small_tables)
    for name in ("T1 North.xlsx", "T3 West.xlsx"):
        assert (out / name).read_bytes() == (tmp_path / "undisturbed" / name).read_bytes()


def _faulty_for_t2(fill: Callable[..., Any]) -> Callable[..., Any]:
    def faulty(template: Any, plan: Plan) -> Any:
        if concerns(plan):
            raise ValueError("T2")
        return fill(template, plan)

    return faulty


def test_larger_template_that_cannot_be_made_costs_those_who_need_it(
    run: Run, out: Path, small_tables: Tables, small_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [{**small_tables["accounts"][0], "account_id": f"B{number}"} for number in range(20)]
    small_tables["accounts"] += many

    def fail(*_arguments: object, **_named: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr("xlsales.workbook.table_size.resized", fail)
    monkeypatch.setattr("xlsales.batch.opened_apart.MANY", 1_000_000)  # a process of its own would not fail
    batch = run(small_tables, template=small_template)
    assert errors(batch).keys() == {"T1"}
    assert sorted(path.name for path in out.glob("T*")) == ["T2 South.xlsm", "T3 West.xlsm"]


@pytest.mark.parametrize(("rows", "planners"), [(0, 1), (200, 1), (200, 128), (100_000, 1)])
def test_time_that_a_worker_has_follows_the_work(rows: int, planners: int) -> None:
    plan = Plan({"territory_id": "T"}, {"deals": Rows({"deal_id": [""] * rows}, rows)}, "", None)
    given = retries.limit([plan] * planners)
    assert given >= 120
    assert given >= 100 * planners * 0.01 + 0.001 * rows * planners
    assert given < retries.limit([plan] * (planners + 1))


@pytest.mark.parametrize("path", sorted({path for _promise, paths in promises.OF_WORKERS for path in paths}))
def test_tests_that_the_promises_name_are_there(path: str) -> None:
    assert (Path(promises.__file__).parents[1] / path).is_file()
