"""SIGKILL in the middle of each call that concerns a file: what is there is whole, and `--resume` ends it.

XLSALES_FAULTS=1 python -m pytest tests/batch/test_killed_calls.py kills in each of them, else in a spread of them.
"""

from __future__ import annotations

import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.batch import folders
from tests.batch.faults import OWN, Folder
from tests.batch.test_faults import MODES, Mode, numbers
from tests.batch.test_histories import COMPLETE, ended_by, in_a_copy_of_this_process
from xlsales.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Tables, WriteTables

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no copies of a process, which are killed here")
FIRST = [1, 12, 1, 12, 6]  # so that two modes together are killed in every 11th call


@pytest.mark.parametrize(("mode", "first"), [*zip(MODES.values(), FIRST, strict=True)], ids=MODES.keys())
def test_killed_in_any_call_it_is_ended_by_resume(
    tmp_path: Path,
    small_tables: Tables,
    tiny_template: Path,
    write_tables: WriteTables,
    mode: Mode,
    first: int,
    record_property: Callable[[str, object], None],
) -> None:
    two = {"territories": small_tables["territories"][:2]}
    folder = Folder(tmp_path, write_tables(tmp_path / "tables", two), tiny_template)
    scope = {name: value for name, value in mode.options.items() if name in ("only", "subfolders")}
    folder.run(tmp_path / "reference", **scope)
    wanted = folders.files(tmp_path / "reference")
    start, out = tmp_path / "start", tmp_path / "plans"
    mode.before(folder, start)
    own = {mode.first: OWN} if mode.edited else {}
    for name, content in own.items():
        (start / name).write_bytes(content)
    kills = 0
    for number in numbers(22, first):
        if start.exists():
            shutil.copytree(start, out)

        def work(number: int = number) -> int:
            with ended_by(out, ("kill", number)):
                folder.run(out, **mode.options)
            return COMPLETE

        code = in_a_copy_of_this_process(work)
        assert code in (COMPLETE, -signal.SIGKILL)
        folders.check(out, own)
        with suppress(InputError):  # where the kill came before the run, of which nothing is there to be finished
            folder.run(out, **scope, resume=True)
            folders.check(out, own)
            folders.check_nothing_left(out)
            there = folders.files(out)
            for name in (name for name in wanted if name.rpartition("/")[2].startswith("T")):
                assert there[name] in (wanted[name], own.get(name)), f"{name} is another one"
            assert mode.edited or there == wanted
        kept = [*folders.files(out).values(), *folders.copies(out)]
        assert all(content in kept for content in own.values())
        shutil.rmtree(out)
        if code == COMPLETE:
            break
        kills += 1
    assert kills
    record_property("kills", kills)
