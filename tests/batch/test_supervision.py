"""Workers that end or hang: their task fails and is known, the next finds another worker, nothing waits for ever."""

from __future__ import annotations

import multiprocessing
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.batch import tasks
from xlsales.batch import runners, supervision
from xlsales.batch.worker_process import WorkerLost, WorkerProcess
from xlsales.errors import XlsalesError
from xlsales.stopping import Stop

LONG = 600  # seconds that a busy computer may take for what should take one
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


@contextmanager
def pool(
    workers: int = 2, start: Any = tasks.start, *arguments: Any, limit: Callable[..., float] = lambda *_arguments: LONG
) -> Iterator[Executor]:
    with runners.executor(workers, start, arguments, limit=limit) as made:
        yield made


def result(future: Future[Any]) -> Any:
    return future.result(LONG)


ENDS: tuple[tuple[Callable[..., None], str], ...] = (
    (tasks.kill_itself, "SIGKILL" if os.name == "posix" else "exit code"),
    (tasks.crash, "SIGSEGV" if os.name == "posix" else "0xC0000005"),
    (tasks.leave, "exit code 7"),
)


@pytest.mark.parametrize(("task", "how"), ENDS, ids=lambda one: getattr(one, "__name__", ""))
def test_task_that_ends_its_worker_is_told_and_the_next_one_is_done(task: Callable[..., None], how: str) -> None:
    with pool() as workers:
        ended = workers.submit(task)
        with pytest.raises(WorkerLost, match=how):
            result(ended)
        assert result(workers.submit(tasks.double, 21)) == 42


@pytest.mark.usefixtures("spawned_workers")  # as outside of these tests
def test_only_the_task_in_hand_is_lost_with_a_worker() -> None:
    with pool() as workers:
        others = [workers.submit(tasks.slowly, number) for number in range(20)]
        ended = workers.submit(tasks.leave)
        others += [workers.submit(tasks.slowly, number) for number in range(20, 40)]
        assert [result(one) for one in others] == [*range(40)]
        assert isinstance(ended.exception(LONG), WorkerLost)


HANGS = (tasks.hang, tasks.hang_in_a_thread, *([tasks.freeze] if os.name == "posix" else []))


def test_tasks_that_hang_are_ended_and_told() -> None:
    with pool(len(HANGS), limit=lambda *arguments: LONG if arguments else 1) as workers:
        hanging = [workers.submit(task) for task in HANGS]
        for error in (one.exception(LONG) for one in hanging):
            assert isinstance(error, WorkerLost)
            assert (error.timed_out, str(error)) == (True, "not done after 1 seconds")
        assert result(workers.submit(tasks.double, 21)) == 42


@posix
def test_worker_that_is_frozen_while_it_waits_holds_up_nothing() -> None:
    import signal

    with pool(workers=2, limit=lambda *arguments: 1 if arguments else LONG) as workers:
        frozen = result(workers.submit(tasks.whoami))
        os.kill(frozen, signal.SIGSTOP)
        futures = [workers.submit(len, b"x" * 10**7) for _time in range(3)]  # more than a pipe takes at once
        assert {type(future.exception(LONG)) for future in futures} <= {type(None), WorkerLost}
        assert result(workers.submit(tasks.whoami)) != frozen


def test_time_that_the_computer_sleeps_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10**9, 3600))
    fake = type("Time", (), {"monotonic": lambda: next(clock), "sleep": time.sleep})
    monkeypatch.setattr(supervision, "time", fake)
    with pool() as workers:
        assert result(workers.submit(tasks.slowly, 7)) == 7


def test_worker_that_ends_while_it_waits_costs_nothing() -> None:
    with pool() as workers:
        for _time in range(3):
            result(workers.submit(tasks.whoami))
            for one in multiprocessing.active_children():
                one.kill()
                one.join(LONG)
            assert result(workers.submit(tasks.double, 21)) == 42


RAISED = (
    (tasks.fail, LookupError, "nothing there"),
    (tasks.run_out_of_memory, MemoryError, "^$"),
    (tasks.raise_awkwardly, RuntimeError, "AwkwardError: 1 and 2"),
    (tasks.panic, RuntimeError, "index out of bounds"),
    (tasks.ask_to_exit, RuntimeError, "asked to"),
    (tasks.unsendable, Exception, "local object"),
)


@pytest.mark.parametrize(("task", "kind", "text"), RAISED, ids=lambda one: getattr(one, "__name__", ""))
def test_what_a_task_raises_is_raised_here_and_its_worker_goes_on(
    task: Callable[..., Any], kind: type[Exception], text: str
) -> None:
    with pool() as workers:
        before = result(workers.submit(tasks.whoami))
        with pytest.raises(kind, match=text):
            result(workers.submit(task))
        assert result(workers.submit(tasks.whoami)) == before


def test_task_that_cannot_be_sent_fails_alone() -> None:
    with pool() as workers:
        with pytest.raises(Exception, match="local object"):
            result(workers.submit(len, lambda: None))  # type: ignore[arg-type]
        assert result(workers.submit(tasks.double, 21)) == 42


@pytest.mark.parametrize("size", [0, 1, 10**5, 3 * 10**7])
def test_what_workers_get_and_give_may_be_large(size: int) -> None:
    with pool(2, tasks.start, b"x" * size) as workers:
        assert result(workers.submit(tasks.started)) == size
        assert len(result(workers.submit(tasks.large, size))) == size
        assert result(workers.submit(len, b"x" * size)) == size


def test_workers_that_cannot_begin_are_one_sentence() -> None:
    with pool(2, tasks.start_badly) as workers, pytest.raises(XlsalesError, match=r"no such template.*--workers 1"):
        result(workers.submit(tasks.double, 21))


def test_workers_that_end_before_they_begin_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "_STARTS", 3)
    with pool(2, tasks.start_and_die) as workers, pytest.raises(XlsalesError, match=r"exit code 7.*--workers 1"):
        result(workers.submit(tasks.double, 21))


@pytest.mark.parametrize("failing", [1, 2, 5])
def test_system_that_has_no_room_for_a_process_for_a_moment_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    usual, left = WorkerProcess, [None] * failing

    def started(*arguments: Any) -> Any:
        if left:
            left.pop()
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return usual(*arguments)

    monkeypatch.setattr(supervision, "WorkerProcess", started)
    with pool() as workers:
        assert [result(workers.submit(tasks.double, number)) for number in range(4)] == [0, 2, 4, 6]


def test_workers_print_nothing_on_the_console(capfd: pytest.CaptureFixture[str]) -> None:
    with pool() as workers:
        result(workers.submit(tasks.chatter))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("seed", range(2))
def test_workers_killed_at_random_moments_lose_no_task_that_is_tried_again(seed: int) -> None:
    chance, over, kills = random.Random(seed), threading.Event(), 15
    wanted = range(120)

    def kill() -> None:
        for _time in range(kills):
            if over.wait(chance.uniform(0, 0.1)):
                return
            there = multiprocessing.active_children()
            if there:
                chance.choice(there).kill()

    threading.Thread(target=kill, daemon=True).start()
    with pool() as workers:

        def again(number: int, error: Exception) -> int:
            assert isinstance(error, WorkerLost)
            [one] = runners.in_order(workers, tasks.slowly, [number], 0, failed=again)
            return one

        try:
            assert [*runners.in_order(workers, tasks.slowly, wanted, 4, failed=again)] == [*wanted]
        finally:
            over.set()
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("task", [tasks.double, tasks.slowly, tasks.hang])
def test_stopped_workers_are_gone_and_so_is_what_they_left(
    task: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runners, "_PATIENCE", 1)
    swept: list[int] = []
    stop = Stop(swept.extend)
    with runners.executor(2, tasks.start, (), stop, lambda *_arguments: LONG) as workers:
        worker = result(workers.submit(tasks.whoami))
        futures = [workers.submit(task, number) for number in range(10)]
        stop.ask()
    assert not multiprocessing.active_children()
    assert all(future.done() for future in futures)
    assert (worker in swept) or task is not tasks.hang


def test_process_that_may_have_no_processes_does_the_work_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)  # type: ignore[attr-defined]
    with pool() as workers:
        assert result(workers.submit(tasks.whoami)) == os.getpid()


def test_workers_stay_for_the_next_kind_of_tasks_and_begin_anew_for_it(tmp_path: Path) -> None:
    kept, first, second = runners.Kept(), tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    with runners.executor(2, tasks.start, ("a",), kept=kept, keeps=True) as workers:
        assert result(workers.submit(tasks.started)) == 1
        before = {result(one) for one in [workers.submit(tasks.meet, str(first), 2) for _one in range(2)]}
    assert len(multiprocessing.active_children()) == len(before) == 2
    with runners.executor(2, tasks.start, ("abcd",), kept=kept) as workers:
        assert {result(one) for one in [workers.submit(tasks.meet, str(second), 2) for _one in range(2)]} == before
        assert [result(one) for one in [workers.submit(tasks.started) for _one in range(4)]] == [4] * 4
    assert not multiprocessing.active_children()


def test_worker_that_ends_between_two_kinds_of_tasks_costs_nothing() -> None:
    kept = runners.Kept()
    with runners.executor(2, tasks.start, (), kept=kept, keeps=True) as workers:
        result(workers.submit(tasks.double, 1))
    for child in multiprocessing.active_children():
        child.kill()
        child.join()
    with runners.executor(2, tasks.start, (), kept=kept) as workers:
        assert result(workers.submit(tasks.double, 21)) == 42


@pytest.mark.parametrize("again", [1, 3, None], ids=["in this process", "by more", "by nobody"])
def test_workers_that_nobody_takes_over_end(again: int | None) -> None:
    kept = runners.Kept()
    with runners.executor(2, tasks.start, (), kept=kept, keeps=True) as workers:
        first = result(workers.submit(tasks.whoami))
    if again is not None:
        with runners.executor(again, tasks.start, (), kept=kept) as workers:
            assert result(workers.submit(tasks.whoami)) != first
    kept.close()
    assert not multiprocessing.active_children()


def test_workers_that_were_kept_do_not_keep_python_from_ending() -> None:
    code = (
        "from tests.batch import tasks\nfrom xlsales.batch import runners\nkept = runners.Kept()\n"
        "with runners.executor(2, tasks.start, (), kept=kept, keeps=True) as workers:\n"
        "    print(workers.submit(tasks.double, 21).result())"
    )
    project = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, timeout=LONG)
    assert (done.stdout, done.stderr, done.returncode) == ("42\n", "", 0)


@pytest.mark.parametrize(
    ("platform", "processors", "asked", "given"),
    [
        ("win32", 8, 61, 61),
        ("win32", 128, 62, 61),
        ("win32", 128, 10**6, 61),
        ("linux", 128, 200, 200),
        ("linux", 128, 10**6, 256),
        ("darwin", 8, 10**6, 61),
        ("darwin", None, 3, 3),
        ("linux", 1, 0, 1),
    ],
)
def test_workers_are_no_more_than_the_system_bears(
    monkeypatch: pytest.MonkeyPatch, platform: str, processors: int | None, asked: int, given: int
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert runners.bounded(asked) == given
    assert runners.default_workers(10**6) == min(processors or 1, 61 if platform == "win32" else 10**6)
