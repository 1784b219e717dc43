"""How often a planner is tried again: one that ends its workers is left out, one that only met kills is not."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from xlsales.batch import retries, runners, worker_process
from xlsales.batch.plan import Plan
from xlsales.batch.worker import Made
from xlsales.batch.worker_process import WorkerLost
from xlsales.stopping import Stop

KILLED, CRASHED = WorkerLost("SIGKILL", from_outside=True), WorkerLost("SIGSEGV")
LATE, FAULT = WorkerLost("not done", timed_out=True), LookupError("nothing there")
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no signals that end a process")


def plans(*ids: str) -> list[Plan]:
    return [Plan({"territory_id": one}, {}, "", None) for one in ids]


class Pool(Executor):
    """Workers that end over a territory in these ways, one after the other, and then make it."""

    def __init__(self, ends: dict[str, Sequence[Exception]]) -> None:
        self._ends: dict[str, Iterator[Exception]] = {key: iter(value) for key, value in ends.items()}
        self.tried: Counter[str] = Counter()

    def submit(self, _function: Callable[..., Any], /, *given: Any, **_named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.tried.update(plan.territory_id for plan in given[0])
        for plan in given[0]:
            error = next(self._ends.get(plan.territory_id, iter(())), None)
            if error is not None:
                future.set_exception(error)
                return future
        future.set_result([Made(plan.territory_id, "", f"{plan.territory_id}.xlsm", "0") for plan in given[0]])
        return future


def made(pool: Pool, *ids: str) -> dict[str, str | None]:
    """Which planners are made, by territory, and what is said of the others."""
    stop = Stop()
    again = retries.Retries(pool, lambda _plans: [], 2, stop).made
    told = runners.in_order(pool, lambda _plans: [], [plans(*ids)], 2, stop, again)
    return {one.territory_id: one.file_name or one.findings[0].code for some in told for one in some}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "_PAUSE", 0.0)


INNOCENT: dict[str, Sequence[Exception]] = {
    "killed alone twice": [KILLED] * 2,
    "killed together, and alone three times": [KILLED] * 5,
    "killed alone, and crashed once": [KILLED, CRASHED, KILLED],
    "hung once": [LATE],
    "crashed once": [CRASHED],
}


@pytest.mark.parametrize("how", INNOCENT)
@pytest.mark.parametrize("others", [(), ("N1", "N2")], ids=["alone", "with others"])
def test_planner_whose_workers_are_lost_by_chance_is_made(how: str, others: tuple[str, ...]) -> None:
    ends = INNOCENT[how][: len(INNOCENT[how]) if others else 4]
    assert made(Pool({"T": ends}), *others, "T") == {key: f"{key}.xlsm" for key in (*others, "T")}


GUILTY: dict[str, tuple[Exception, int]] = {
    "is killed each time, as for want of memory": (KILLED, 5),
    "crashes each time": (CRASHED, 2),
    "hangs each time": (LATE, 2),
}


@pytest.mark.parametrize("how", GUILTY)
@pytest.mark.parametrize("others", [(), ("N1", "N2")], ids=["alone", "with others"])
def test_planner_that_ends_every_worker_is_left_out_after_a_bounded_number_of_them(
    how: str, others: tuple[str, ...]
) -> None:
    error, alone = GUILTY[how]
    pool = Pool({"T": [error] * 100})
    assert made(pool, *others, "T") == {key: f"{key}.xlsm" for key in others} | {"T": "PLANNER_QUARANTINED"}
    assert alone <= pool.tried["T"] <= alone + 2


def test_planners_of_which_each_ends_its_worker_are_left_out_one_by_one() -> None:
    pool = Pool({"T1": [CRASHED] * 9, "T2": [KILLED] * 9})
    told = made(pool, "T1", "N1", "T2", "N2")
    assert told == {
        "T1": "PLANNER_QUARANTINED", "N1": "N1.xlsm", "T2": "PLANNER_QUARANTINED", "N2": "N2.xlsm",
    }  # fmt: skip


def test_computer_that_kills_every_worker_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [f"T{number}" for number in range(10)]
    pool = Pool({one: [KILLED] * 100 for one in ids})
    waited: list[float] = []
    monkeypatch.setattr(retries, "_PAUSE", 1e-9)
    monkeypatch.setattr(retries, "time", type("Time", (), {"monotonic": lambda: len(waited), "sleep": waited.append}))
    assert set(made(pool, *ids).values()) == {"PLANNER_QUARANTINED"}
    assert [pool.tried[one] for one in ids[:3]] == [7] * 3
    assert [pool.tried[one] for one in ids[3:]] == [4] * 7
    assert len(waited) == 3 * 4


def test_fault_in_a_planner_is_none_of_its_worker_and_is_not_tried_again() -> None:
    pool = Pool({"T": [FAULT]})
    assert made(pool, "T") == {"T": "PLANNER_FAILED"}
    assert pool.tried["T"] == 1


def test_run_that_is_asked_to_end_does_not_wait_for_another_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "_PAUSE", 10.0**6)
    stop = Stop()
    stop.ask()
    pool = Pool({"T": [KILLED] * 9})
    assert retries.Retries(pool, lambda _plans: [], 2, stop).made(plans("T"), KILLED) == []


def test_another_try_after_a_kill_waits_a_moment_longer_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now, waited = [0.0], []

    def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(retries, "_PAUSE", 0.5)
    fake = type("Time", (), {"monotonic": lambda: now[0], "sleep": sleep})
    monkeypatch.setattr(retries, "time", fake)
    usual = Pool.submit

    def submitted(pool: Pool, function: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        waited.append(now[0])
        return usual(pool, function, *given, **named)

    monkeypatch.setattr(Pool, "submit", submitted)
    assert made(Pool({"T": [KILLED] * 9}), "T") == {"T": "PLANNER_QUARANTINED"}
    assert waited == pytest.approx([0.0, 0.5, 1.5, 3.0, 5.0], abs=0.3)


@posix
@pytest.mark.parametrize(
    ("code", "from_outside"),
    [
        (-signal.SIGKILL, True),
        (-signal.SIGTERM, True),
        (-getattr(signal, "SIGHUP", 0), True),
        (-signal.SIGSEGV, False),
        (-signal.SIGABRT, False),
        (0, False),
        (1, False),
        (7, False),
        (None, True),
    ],
)
def test_end_that_may_have_come_from_outside(code: int | None, from_outside: bool) -> None:
    assert worker_process._is_from_outside(code) == from_outside


@pytest.mark.parametrize(
    ("code", "from_outside"), [(1, True), (15, True), (0xC000013A, True), (0xC0000005, False), (7, False), (0, False)]
)
def test_end_that_may_have_come_from_outside_on_windows(
    monkeypatch: pytest.MonkeyPatch, code: int, from_outside: bool
) -> None:
    monkeypatch.setattr("xlsales.batch.worker_process.os.name", "nt")
    assert worker_process._is_from_outside(code) == from_outside
