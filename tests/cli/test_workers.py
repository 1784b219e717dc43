"""What the command says of its workers, and what is left of them when it is killed."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.batch import poison
from tests.cli.printed import Type
from tests.cli.signalled import running, until
from xlsales.batch import runners

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables


def many(first: dict[str, str], *ids: str) -> Tables:
    return {"territories": [{**first, "territory_id": one} for one in ids]}


def test_planners_that_end_their_workers_are_named_and_the_exit_code_is_1(
    typed: Type,
    tmp_path: Path,
    small_tables: Tables,
    write_tables: WriteTables,
    tiny_template: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("xlsales.batch.worker.start_worker", poison.start_poisoned)
    tables = many(small_tables["territories"][0], "N1", "left-1", "N2", "raised-2", "N3")
    source = write_tables(tmp_path / "tables", tables)
    printed = typed("batch", source, "--out", tmp_path / "plans", "--template", tiny_template, "--workers", "2")
    assert printed.code == 1
    assert "left-1" in printed.error
    assert "raised-2" in printed.error
    assert "Traceback" not in printed.error
    assert len(list((tmp_path / "plans").glob("N*"))) == 3


def test_more_workers_than_the_system_bears_are_fewer_with_a_line(
    typed: Type,
    tmp_path: Path,
    small_tables: Tables,
    write_tables: WriteTables,
    tiny_template: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runners, "most_workers", lambda: 2)
    source = write_tables(tmp_path / "crm", {"territories": small_tables["territories"]})
    batch = partial(typed, "batch", source, "--template", tiny_template)
    printed = batch("--workers", "1000000", "--out", tmp_path / "plans")
    assert printed.code == 0
    assert "--workers 1000000: 2 are the most here, so 2 work." in printed.out
    printed = batch("--workers", "2", "--out", tmp_path / "others")
    assert "--workers" not in printed.out


@pytest.mark.skipif(os.name == "nt", reason="sends signals to groups of processes")
@pytest.mark.parametrize("made", [0, 1, 20])
def test_no_worker_is_left_of_a_command_that_is_killed_at_any_moment(
    tmp_path: Path, small_tables: Tables, write_tables: WriteTables, tiny_template: Path, made: int
) -> None:
    """As the workers start, as the first of them is ready, and while all of them work."""
    tables = many(small_tables["territories"][0], *(f"N{number}" for number in range(300)))
    source, out = write_tables(tmp_path / "crm", tables), tmp_path / "plans"
    words = ("--out", out, "--template", tiny_template, "--writer", "openpyxl", "--workers", 2)
    with running("-m", "xlsales", "batch", source, *words) as command:
        until(lambda: out.exists() and len(list(out.glob("N*"))) >= made)
        command.process.send_signal(signal.SIGKILL)
        command.ended()  # no process of its group is left
