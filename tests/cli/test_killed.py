"""SIGKILL of everything, at random moments: no file is half or unknown, and `--resume` ends with the usual bytes.

XLSALES_KILLS=100 python -m pytest tests/cli/test_killed.py kills a hundred times.
"""

from __future__ import annotations

import os
import random
import signal
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.batch import folders
from tests.cli.signalled import running, until
from tests.cli.test_ctrl_c import planners
from xlsales.batch import Options, prepare

if TYPE_CHECKING:
    from tests.cli.signalled import Command
    from tests.conftest import Tables, WriteTables

pytestmark = pytest.mark.skipif(os.name == "nt", reason="sends signals to groups of processes")


def has_made(command: Command, out: Path, planner_count: int) -> bool:
    """Whether a command has made so many planners, or has ended."""
    return command.process.poll() is not None or len(planners(out)) >= planner_count


KILLS = int(os.environ.get("XLSALES_KILLS", "6"))
TERRITORIES = 60


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reference") / "plans"


@pytest.fixture
def source(tmp_path: Path, small_tables: Tables, write_tables: WriteTables) -> Path:
    first = small_tables["territories"][0]
    many = [{**first, "territory_id": f"N{number}"} for number in range(TERRITORIES)]
    return write_tables(tmp_path / "crm", {"territories": many})


@pytest.mark.parametrize("seed", range(max(1, KILLS // 3)))
def test_killed_at_any_moment_and_resumed_until_it_ends(
    source: Path, tmp_path: Path, reference: Path, small_template: Path, seed: int
) -> None:
    if not reference.exists():
        with prepare(source, Options(reference, template=small_template, workers=1)) as batch:
            batch.run()
    chance, out = random.Random(seed), tmp_path / "plans"
    words = ("-m", "xlsales", "batch", source, "--out", out, "--template", small_template, "--workers", 1 + seed % 2)
    for _kill in range(3):
        before = {path.name: path.stat().st_mtime_ns for path in out.glob("N*")} if out.exists() else {}
        with running(*words, "--resume") as command:
            until(partial(has_made, command, out, chance.randrange(TERRITORIES)))
            time.sleep(chance.random() * 0.05)
            command.send(signal.SIGKILL)
            command.ended()
        folders.check(out)
        assert before.items() <= {path.name: path.stat().st_mtime_ns for path in out.glob("N*")}.items()
    with running(*words, "--resume") as command:
        assert command.ended().code == 0
    assert folders.files(out) == folders.files(reference)
    folders.check_nothing_left(out)


def test_second_run_at_the_same_time_is_refused_in_one_line(source: Path, tmp_path: Path, small_template: Path) -> None:
    out = tmp_path / "plans"
    words = ("-m", "xlsales", "batch", source, "--out", out, "--template", small_template, "--writer", "openpyxl")
    with running(*words) as first:
        until(lambda: planners(out))
        for option in ("--overwrite", "--resume"):
            with running(*words, option) as second:
                printed = second.ended()
            assert printed.code == 2
            assert f"another run is writing into it (process {first.process.pid} on" in printed.error
            assert len(printed.error.splitlines()) == 1
        first.send(signal.SIGKILL)
        first.ended()
    folders.check(out)
