"""Options that take a file do not wait for a pipe that has its name, and do not replace one."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.printed import Type
from tests.workbook.returned.edits import EXAMPLE

_PLANNER = str(EXAMPLE)


@contextmanager
def met_an_end(pipe: Path) -> Iterator[None]:
    """Whoever reads the pipe all the same meets its end, and does not wait for ever."""
    writer = threading.Thread(target=lambda: os.close(os.open(pipe, os.O_WRONLY)), daemon=True)
    writer.start()
    yield
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)  # lets the thread go
    writer.join()
    os.close(reader)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes in folders")
@pytest.mark.parametrize(
    ("pipe", "command"),
    [
        ("map.toml", ["tables", "--map", "map.toml"]),
        ("map.toml", ["tables", "--convert", "tables", "--map", "map.toml", "--out", "out"]),
        ("map.toml", ["batch", "tables", "--out", "out", "--map", "map.toml"]),
        ("run.json", ["collect", _PLANNER, "--out", "out.xlsx", "--expected", "run.json"]),
        ("last.xlsx", ["collect", _PLANNER, "--out", "out.xlsx", "--history", "last.xlsx"]),
        ("last.csv", ["collect", _PLANNER, "--out", "out.xlsx", "--history", "last.csv"]),
        ("last.parquet", ["collect", _PLANNER, "--out", "out.xlsx", "--history", "last.parquet"]),
        ("out.xlsx", ["collect", _PLANNER, "--out", "out.xlsx", "--overwrite"]),
        ("out.findings.csv", ["collect", _PLANNER, "--out", "out.csv", "--overwrite"]),
        ("told.csv", ["batch", "tables", "--out", "out", "--dry-run", "--findings", "told.csv", "--overwrite"]),
    ],
)
def test_pipe_is_named_and_neither_read_nor_replaced(
    pipe: str,
    command: Sequence[str],
    typed: Type,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tables").mkdir()
    os.mkfifo(tmp_path / pipe)
    with met_an_end(tmp_path / pipe):
        printed = typed(*command)
    assert f"{pipe} is no ordinary file" in printed.stopped()
    assert (tmp_path / pipe).is_fifo()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({pipe, "tables"})
