"""Planners that wait to be written are few, however slow the disk or the storage is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from xlsales import memory
from xlsales.batch import planner_files
from xlsales.batch.made import Made
from xlsales.batch.objects.planners import ObjectFiles, ObjectWriting
from xlsales.batch.planner_files import PlannerFiles, Writing

BEHIND = 3
SIZE = 100
Put = Callable[[Callable[[], Made], int], None]


class Files(PlannerFiles):
    """Files of which nothing is asked but to take planners."""

    def __init__(self) -> None:
        """Have no folder."""


@contextmanager
def in_folder(folder: Path) -> Iterator[Put]:
    with Writing(Files(), folder / "planners.jsonl") as writing:
        yield writing.put


@contextmanager
def in_storage(_folder: Path) -> Iterator[Put]:
    with ThreadPoolExecutor(1) as threads:
        yield ObjectWriting(ObjectFiles.__new__(ObjectFiles), threads).put


@pytest.mark.parametrize("opened", [in_folder, in_storage])
def test_no_planner_is_made_while_too_many_wait_to_be_written(
    opened: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, is_waited_for = Event(), Event()
    waited: list[Future[Made]] = []

    def waiting(futures: Sequence[Future[Made]]) -> object:
        if futures:
            waited.extend(futures)
            is_waited_for.set()
            goes_on.set()  # the disk is as slow as can be: it waits until somebody waits for it
        return wait(futures)

    def write(name: str) -> Made:
        goes_on.wait()
        return Made(name, "")

    monkeypatch.setattr(memory, "IN_THE_MAKING", 3 * BEHIND * SIZE)
    monkeypatch.setattr(planner_files, "wait", waiting)
    try:
        with opened(tmp_path) as put:
            for number in range(BEHIND):
                put(lambda number=number: write(str(number)), SIZE)
            assert not is_waited_for.is_set()
            put(lambda: write("one more"), SIZE)
            assert is_waited_for.is_set()
            goes_on.set()
    finally:
        goes_on.set()
    assert [one.result().territory_id for one in waited] == ["0"]
