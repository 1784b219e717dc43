"""SIGKILL of everything in the middle of an update: no edit is lost, and `--resume` ends with the usual bytes."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.batch import folders
from tests.cli.signalled import running
from tests.cli.test_killed import KILLS
from xlsales.batch import Options, prepare

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="sends signals to groups of processes"),
    pytest.mark.unsound("planners that openpyxl saved, and their copies"),
]
TERRITORIES = 40
EDITED = (3, 17, 29)


def _edit(path: Path, number: int) -> None:
    book = openpyxl.load_workbook(path, keep_vba=True)
    book["Plan"]["G7"] = f"goal {number}"
    book.save(path)


@pytest.mark.parametrize("seed", range(max(1, KILLS // 3)))
def test_killed_at_any_moment_an_update_loses_no_edit_and_resume_ends_it(
    small_tables: Tables, write_tables: WriteTables, tmp_path: Path, small_template: Path, seed: int
) -> None:
    first = small_tables["territories"][0]
    many = [{**first, "territory_id": f"N{number}"} for number in range(TERRITORIES)]
    start, out, reference = (tmp_path / name for name in ("start", "plans", "reference"))
    with prepare(
        write_tables(tmp_path / "january", {"territories": many}), Options(start, template=small_template)
    ) as b:
        b.run()
    for number in EDITED:
        _edit(start / f"N{number} North.xlsm", number)
    own = {path.name: path.read_bytes() for number in EDITED for path in start.glob(f"N{number} *")}
    for number, territory in enumerate(many):
        territory["revenue_goal"] = str(1000 + number)
        territory["territory_name"] = "Nord" if number % 2 else "North"
    source = write_tables(tmp_path / "february", {"territories": many})
    shutil.copytree(start, reference)
    shutil.copytree(start, out)
    with prepare(source, Options(reference, template=small_template, workers=1, update=True)) as batch:
        batch.run()
    chance = random.Random(seed)
    words = ("-m", "xlsales", "batch", source, "--out", out, "--template", small_template, "--workers", 1 + seed % 2)
    options = ["--update"]
    for _kill in range(3):
        with running(*words, *options) as command:
            _until_some_are_made(command.process, out, chance.randrange(TERRITORIES))
            time.sleep(chance.random() * 0.05)
            command.send(signal.SIGKILL)
            command.ended()
        folders.check(out, own)
        there = [*folders.files(out).values(), *(path.read_bytes() for path in out.glob("backup */*"))]
        assert all(content in there for content in own.values()), "what somebody wrote is lost"
        status = folders.report(out).get("status")
        options = ["--update", "--resume"] if status == "started" else ["--update"]
    with running(*words, *options) as command:
        assert command.ended().code == 0
    assert {name for name in folders.files(out) if name.startswith("N")} == {
        name for name in folders.files(reference) if name.startswith("N")
    }
    made, wanted = folders.files(out), folders.files(reference)
    assert [name for name in wanted if name.startswith("N") and made[name] != wanted[name]] == []
    folders.check_nothing_left(out)


def _until_some_are_made(process: object, out: Path, count: int) -> None:
    """Wait until so many planners have been replaced, or the run has ended."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:  # type: ignore[attr-defined]
        if len(list(out.glob("backup */*"))) >= count:
            return
        time.sleep(0.01)
