"""SIGKILL of everything in the middle of an update: no edit is lost, and `--resume` ends with the usual bytes."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.batch import folders
from tests.cli.copied import Copy, copied
from tests.cli.signalled import until
from tests.cli.test_killed import FOLDERS, KILLED_RUNS, LONGEST, WAYS
from tests.tiny import edited
from xlsales.batch import Options, prepare

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="sends signals to groups of processes"),
    pytest.mark.unsound("planners that openpyxl saved, and their copies"),
]
TERRITORIES = 120
EDITED = (3, 17, 29)


@pytest.mark.parametrize("seed", FOLDERS)
def test_killed_at_any_moment_an_update_loses_no_edit_and_resume_ends_it(
    small_tables: Tables,
    write_tables: WriteTables,
    tmp_path: Path,
    tiny_template: Path,
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    first = small_tables["territories"][0]
    many = [{**first, "territory_id": f"N{number}"} for number in range(TERRITORIES)]
    start, out, reference = (tmp_path / name for name in ("start", "plans", "reference"))
    with prepare(
        write_tables(tmp_path / "january", {"territories": many}), Options(start, template=tiny_template)
    ) as b:
        b.run()
    for number in EDITED:
        path = start / f"N{number} North.xlsx"
        path.write_bytes(edited(path.read_bytes(), "person", f"Eve {number}"))
    own = {path.name: path.read_bytes() for number in EDITED for path in start.glob(f"N{number} *")}
    for number, territory in enumerate(many):
        territory["revenue_goal"] = str(1000 + number)
        territory["territory_name"] = "Nord" if number % 2 else "North"
    source = write_tables(tmp_path / "february", {"territories": many})
    shutil.copytree(start, reference)
    shutil.copytree(start, out)

    def update(folder: Path, workers: int, *, resume: bool) -> int:
        options = Options(folder, template=tiny_template, workers=workers, update=True, resume=resume)
        with prepare(source, options) as batch:
            batch.run()
        return int(batch.failed)

    assert update(reference, 1, resume=False) == 0
    chance, killed = random.Random(seed), Counter[str]()

    def begun() -> Copy:
        resume = folders.report(out).get("status") == "started" and any(out.glob("backup *"))
        return Copy(lambda: update(out, 1 + seed % 3, resume=resume))

    for number in range(KILLED_RUNS):
        with copied(begun()) as copy:
            _wait(copy, out, chance)
            kill = WAYS[(number + seed) % len(WAYS)]
            if copy.process.poll() is None:
                killed[kill.__name__] += kill(copy, chance)
            printed = copy.ended()
        assert "Traceback" not in printed.error, printed.error
        folders.check(out, own)
        there = [*folders.files(out).values(), *(path.read_bytes() for path in out.glob("backup */*"))]
        assert all(content in there for content in own.values()), "what somebody wrote is lost"
    with copied(begun()) as copy:
        printed = copy.ended()
        assert printed.code == 0, printed
    made, wanted = folders.files(out), folders.files(reference)
    assert {name for name in made if name.startswith("N")} == {name for name in wanted if name.startswith("N")}
    assert [name for name in wanted if name.startswith("N") and made[name] != wanted[name]] == []
    folders.check_nothing_left(out)
    for name, times in killed.items():
        record_property(name, times)


def _wait(copy: Copy, out: Path, chance: random.Random) -> None:
    """Let some time pass, or some planners be replaced."""
    if chance.random() < 0.5:
        there = len(list(out.glob("backup */*")))  # of them, some may be no planners
        made = chance.randrange(there, max(there, TERRITORIES) + 1)
        until(lambda: copy.process.poll() is not None or len(list(out.glob("backup */*"))) >= made)
        time.sleep(chance.random() * 0.05)
    else:
        time.sleep(chance.random() * LONGEST)
