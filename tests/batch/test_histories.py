"""Runs, kills, full disks, edits, resumed runs, updates, other tables, in whatever order: what a folder promises holds.

XLSALES_HISTORIES=500 python -m pytest tests/batch/test_histories.py tries so many, other ones each time.
"""

from __future__ import annotations

import errno
import gc
import hashlib
import os
import signal
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.batch import folders
from tests.batch.faults import Faults, Folder, Kills, counted
from tests.tiny import edited
from xlsales.errors import InputError, XlsalesError

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no copies of a process, which are killed here")

HISTORIES = int(os.environ.get("XLSALES_HISTORIES", "0"))
LONG = 600  # seconds that a busy computer may take for what should take one
COMPLETE, FAILED, REFUSED, BROKEN = 0, 1, 2, 70  # exit codes
MOST_CALLS = 250  # that concern files, in a run of two planners: about so many

End: TypeAlias = "tuple[str, int] | None"  # what happens in the middle of a run, and to which of its calls
CALLS = st.integers(1, MOST_CALLS)
ENDS = st.one_of(
    st.none(), st.tuples(st.just("kill"), CALLS), st.tuples(st.sampled_from(["kill", "full", "broken"]), CALLS)
)
MODES = st.sampled_from(["", "overwrite", "resume", "resume", "update", "update"])
ONLY = st.sampled_from([(), (), (), ("T1",)])


class Month(NamedTuple):
    """Tables, and what an undisturbed run makes of them."""

    folder: Folder
    made: dict[tuple[str, ...], dict[str, bytes]]  # by the territories that are asked for


def in_a_copy_of_this_process(work: Callable[[], int]) -> int:
    """Do some work in a process of its own, which begins where this one is; return its exit code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of threads, which wait in the other process for nothing
        gc.freeze()  # else the first collection in the copy copies all memory
        child = os.fork()
    if child == 0:
        code = BROKEN
        try:
            code = work()
        finally:
            os._exit(code)
    gc.unfreeze()
    deadline = time.monotonic() + LONG
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise AssertionError("the run hangs")
        time.sleep(0.005)


@contextmanager
def ended_by(out: Path, end: End) -> Iterator[None]:
    """Let something happen in the middle of what is done in a `with` block."""
    if end is None:
        yield
        return
    kind, number = end
    faults = Kills(out, number, 0) if kind == "kill" else Faults(out, number, getattr(errno, ERRORS[kind]))
    with counted(faults):
        yield


ERRORS = {"full": "ENOSPC", "broken": "EIO"}
CALLED = {COMPLETE: "ended", FAILED: "failed", REFUSED: "refused"}


class Histories(RuleBasedStateMachine):
    """What may happen to a folder."""

    def __init__(self, months: list[Month], place: Path, seen: Counter[str]) -> None:
        super().__init__()
        self.seen = seen  # how runs have ended
        self.months, self.month = months, months[0]
        self.place = place
        self.out = place / "plans"
        self.edits = 0
        self.own: set[bytes] = set()  # what somebody wrote, and has not thrown away
        self.gone: set[str] = set()  # what somebody has thrown away

    @property
    def files(self) -> dict[str, bytes]:
        return folders.files(self.out)

    def in_place(self) -> dict[str, bytes]:
        return {name: content for name, content in self.files.items() if content in self.own}

    @rule(mode=MODES, only=ONLY, end=ENDS)
    def run(self, mode: str, only: tuple[str, ...], end: End) -> None:
        before, status = self.files, folders.report(self.out).get("status")
        options: dict[str, Any] = {mode: True} if mode else {}
        log = self.place / "log"
        log.unlink(missing_ok=True)

        def work() -> int:
            try:
                with ended_by(self.out, end):
                    self.month.folder.run(self.out, only=only, **options)
            except InputError:
                return REFUSED
            except (XlsalesError, OSError):
                return FAILED
            except BaseException:
                log.write_text(traceback.format_exc(), encoding="utf-8")
                return BROKEN
            return COMPLETE

        code = in_a_copy_of_this_process(work)
        self.seen["killed" if code == -signal.SIGKILL else CALLED.get(code, "")] += 1
        assert code in (COMPLETE, FAILED, REFUSED, -signal.SIGKILL), log.read_text(encoding="utf-8")
        assert code in (COMPLETE, REFUSED) or end is not None
        self.gone -= set(self.files)
        if end is None and code == REFUSED:
            assert mode != "overwrite", "what is to be replaced is refused"
            assert self.files == before, "a run that was refused has changed something"
        if end is None and code == COMPLETE and mode == "update":
            self.check_updated(only, before)
        elif end is None and code == COMPLETE:
            self.check_complete(only, mode, was_complete=status == "complete")

    def check_updated(self, only: tuple[str, ...], before: dict[str, bytes]) -> None:
        """Every planner is up to the tables, or is named and stands as it was."""
        told, files = folders.report(self.out), self.files
        assert told["status"] == "complete"
        folders.check_nothing_left(self.out)
        made = {one["file"]: one["sha256"] for one in told["planners"]}
        for name in (name for name in self.month.made[only] if name.startswith("T")):
            if name in made:
                assert folders.sha256(files[name]) == made[name]
            else:
                assert files.get(name) == before.get(name), f"{name} is another one"
                assert b"PLANNER_LEFT_ALONE" in files["findings.csv"], f"{name} was left alone, and is not told"

    def check_complete(self, only: tuple[str, ...], mode: str, *, was_complete: bool) -> None:
        told = folders.report(self.out)
        assert told["status"] == "complete"
        folders.check_nothing_left(self.out)
        wanted = self.month.made[only]
        kept = self.in_place() if mode == "resume" else {}
        for name, content in wanted.items():
            if name.startswith(("T", "Overview")):
                assert self.files[name] == content or kept.get(name) == self.files[name], f"{name} is another one"
        named = {one["file"]: one["sha256"] for one in told["planners"]}
        assert named == {name: folders.sha256(wanted[name]) for name in wanted if name.startswith("T")}
        edited = {name for name in kept if name in named and not was_complete}  # else it is filled, as is usual
        assert all(name.encode() in self.files["findings.csv"] for name in edited), "what was kept is not told"

    @precondition(lambda self: self.names())
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.names()))
        self.own.discard(self.files[name])
        self.edits += 1
        content = f"filled by hand {self.edits}".encode()
        (self.out / name).write_bytes(content)
        self.own.add(content)

    @precondition(lambda self: self.planners())
    @rule(data=st.data())
    def type_into(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.planners()))
        before = self.files[name]
        self.edits += 1
        content = edited(before, "person", f"Eve {self.edits}")
        self.own.discard(before)
        (self.out / name).write_bytes(content)
        self.own.add(content)

    @precondition(lambda self: self.names())
    @rule(data=st.data())
    def throw_away(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.names()))
        self.own.discard(self.files[name])
        (self.out / name).unlink()
        self.gone.add(name)

    @precondition(lambda self: self.names())
    @rule(data=st.data())
    def rename(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.names()))
        self.edits += 1
        (self.out / name).rename(self.out / f"Copy {self.edits} of {name}")
        self.gone.add(name)

    def names(self) -> list[str]:
        """What a person may change."""
        return [name for name in self.files if name.startswith(("T", "Overview"))]

    def planners(self) -> list[str]:
        """Those that a program can open."""
        return [name for name, content in self.files.items() if name.startswith("T") and content[:2] == b"PK"]

    @rule(number=st.integers(0, 2))
    def take_other_tables(self, number: int) -> None:
        self.month = self.months[number]

    @invariant()
    def nothing_is_half_or_unknown(self) -> None:
        renamed = {name: content for name, content in self.files.items() if name.startswith("Copy ")}  # somebody's own
        folders.check(self.out, self.in_place() | renamed, self.gone)

    @invariant()
    def nothing_that_somebody_wrote_is_lost(self) -> None:
        copies = {path.read_bytes() for path in self.out.glob("backup */*")}
        assert self.own <= copies | set(self.files.values())

    def teardown(self) -> None:
        """Whatever has happened, one run that is not disturbed sets it right."""
        self.run("overwrite", (), None)
        self.nothing_that_somebody_wrote_is_lost()


@pytest.fixture(scope="module")
def months(
    tmp_path_factory: pytest.TempPathFactory,
    tiny_template: Path,
    write_tables: WriteTables,
    three_months: list[Tables],
) -> list[Month]:
    made = []
    for number, tables in enumerate(three_months):
        place = tmp_path_factory.mktemp("month")
        folder = Folder(place, write_tables(place / "tables", tables), tiny_template)
        references: dict[tuple[str, ...], dict[str, bytes]] = {}
        for only in ((), ("T1",)):
            out = place / f"reference {number} {len(only)}"
            folder.run(out, only=only)
            references[only] = folders.files(out)
        made.append(Month(folder, references))
    return made


@pytest.fixture(scope="module")
def three_months() -> list[Tables]:
    def territory(number: int, goal: str) -> dict[str, str]:
        return {
            "territory_id": f"T{number}", "territory_name": f"Land {number}", "person": "Ada", "fiscal_year": "2027",
            "currency": "EUR", "revenue_goal": goal, "growth_rate": "0.1", "attrition_rate": "0.17",
            "gross_margin": "0.5", "selling_weeks": "52",
        }  # fmt: skip

    return [
        {"territories": [territory(1, "500000"), territory(2, "250000")]},
        {"territories": [territory(1, "600000"), territory(2, "250000")]},
        {"territories": [territory(1, "600000"), territory(3, "100000")]},
    ]


def test_whatever_happens_to_a_folder_nothing_is_half_and_nothing_is_lost(
    months: list[Month], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    numbers, seen = iter(range(10**9)), Counter[str]()

    def begun() -> Histories:
        place = tmp_path / hashlib.sha256(str(next(numbers)).encode()).hexdigest()[:12]
        place.mkdir()
        return Histories(months, place, seen)

    run_state_machine_as_test(
        cast("Any", begun),
        settings=settings(
            max_examples=HISTORIES or 8,
            stateful_step_count=10,
            derandomize=not HISTORIES,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink) if HISTORIES else (Phase.generate,),
        ),
    )
    for how, times in seen.items():
        record_property(how, times)
    assert seen["ended"]
    assert seen["killed"]
