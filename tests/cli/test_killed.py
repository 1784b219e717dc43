"""SIGKILL of everything, at random moments: no file is half or unknown, and `--resume` ends with the usual bytes.

XLSALES_KILLS=200 python -m pytest tests/cli/test_killed.py kills two hundred times, XLSALES_SEED=100 at other moments.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.batch import folders
from tests.cli.copied import Copy, copied
from tests.cli.printed import Type
from tests.cli.signalled import running, until
from tests.cli.test_ctrl_c import planners
from xlsales.batch import Options, prepare

if TYPE_CHECKING:
    from tests.cli.signalled import Command
    from tests.conftest import Tables, WriteTables

pytestmark = pytest.mark.skipif(os.name == "nt", reason="sends signals to groups of processes")


def has_made(command: Started, out: Path, planner_count: int) -> bool:
    """Whether a command has made so many planners, or has ended."""
    return command.process.poll() is not None or len(planners(out)) >= planner_count


Started: TypeAlias = "Command | Copy"
KILLS = int(os.environ.get("XLSALES_KILLS", "12"))  # about so many
FIRST = int(os.environ.get("XLSALES_SEED", "0"))
TERRITORIES = 120
KILLED_RUNS = 6  # into each folder
FOLDERS = range(FIRST, FIRST + max(2, KILLS // 6))
LONGEST = 0.8  # seconds from the start to a kill, where it does not wait for planners


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reference") / "plans"


@pytest.fixture
def source(tmp_path: Path, small_tables: Tables, write_tables: WriteTables) -> Path:
    first = small_tables["territories"][0]
    many = [{**first, "territory_id": f"N{number}"} for number in range(TERRITORIES)]
    return write_tables(tmp_path / "crm", {"territories": many})


def kill_everything(command: Started, chance: random.Random) -> int:
    """As the end of a session does, or a power cut."""
    command.send(signal.SIGKILL)
    return 1


def kill_the_leading_process(command: Started, chance: random.Random) -> int:
    """As a person does in a list of processes."""
    command.process.kill()
    return 1


def kill_others(command: Started, chance: random.Random) -> int:
    """As a system does that is short of memory; then the run goes on."""
    if not command.others:
        return kill_everything(command, chance)
    kills = 0
    for _time in range(chance.randrange(1, 4)):
        others = command.others
        if command.process.poll() is None and others:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(others), signal.SIGKILL)
                kills += 1
        time.sleep(chance.random())
    return kills


WAYS: tuple[Callable[[Started, random.Random], int], ...] = (
    kill_everything,
    kill_others,
    kill_the_leading_process,
)


def begun(number: int, source: Path, out: Path, template: Path) -> AbstractContextManager[Started]:
    """Start a run that resumes: each fourth folder by a command, the others in a copy of this process."""
    workers = 1 + number % 3
    if number % 4 == 0:
        words = ("-m", "xlsales", "batch", source, "--out", out, "--template", template, "--resume")
        return running(*words, "--workers", workers, anew=True)

    def work() -> int:
        with prepare(source, Options(out, template=template, workers=workers, resume=True)) as batch:
            batch.run()
        return int(batch.failed)

    return copied(Copy(work))


def wait(command: Started, out: Path, chance: random.Random) -> None:
    """Let some time pass, or some planners be made."""
    if chance.random() < 0.5:
        there = len(planners(out)) if out.exists() else 0
        until(partial(has_made, command, out, chance.randrange(there, TERRITORIES + 1)))
        time.sleep(chance.random() * 0.05)
    else:
        time.sleep(chance.random() * LONGEST)


@pytest.mark.parametrize("seed", FOLDERS)
def test_killed_at_any_moment_and_resumed_until_it_ends(
    source: Path,
    tmp_path: Path,
    reference: Path,
    tiny_template: Path,
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    if not reference.exists():
        with prepare(source, Options(reference, template=tiny_template, workers=1)) as batch:
            batch.run()
    chance, out, killed = random.Random(seed), tmp_path / "plans", Counter[str]()
    for number in range(KILLED_RUNS if seed % 4 else KILLED_RUNS // 2):
        before = {path.name: path.stat().st_mtime_ns for path in out.glob("N*")} if out.exists() else {}
        with begun(seed, source, out, tiny_template) as command:
            wait(command, out, chance)
            kill = WAYS[(number + seed) % len(WAYS)]
            if command.process.poll() is None:
                killed[kill.__name__] += kill(command, chance)
            printed = command.ended()
        assert printed.code in (0, -signal.SIGKILL), printed
        assert "Traceback" not in printed.error
        folders.check(out)
        assert before.items() <= {path.name: path.stat().st_mtime_ns for path in out.glob("N*")}.items()
    with begun(seed, source, out, tiny_template) as command:
        printed = command.ended()
        assert printed.code == 0, printed
    assert folders.files(out) == folders.files(reference)
    folders.check_nothing_left(out)
    for name, times in killed.items():
        record_property(name, times)


def test_second_run_at_the_same_time_is_refused_in_one_line(
    typed: Type, source: Path, tmp_path: Path, tiny_template: Path
) -> None:
    out = tmp_path / "plans"
    words = ("batch", source, "--out", out, "--template", tiny_template, "--writer", "openpyxl")
    with running("-m", "xlsales", *words) as first:
        until(lambda: planners(out))
        first.send(signal.SIGSTOP)  # it takes its time
        for option in ("--overwrite", "--resume"):
            printed = typed(*words, option)
            assert printed.code == 2
            assert f"another run is writing into it (process {first.process.pid} on" in printed.error
            assert len(printed.error.splitlines()) == 1
        first.send(signal.SIGKILL)
        first.ended()
    folders.check(out)
