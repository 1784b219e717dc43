"""Each call for a file that can fail does so once while planners are collected: one of them is named, or none is half.

XLSALES_FAULTS=1 python -m pytest tests/collection/test_collect_faults.py lets each of them fail, else a spread of them.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.batch import folders
from tests.batch.faults import failing, failing_workers
from tests.batch.test_faults import ERRORS, numbers
from xlsales.batch import Options, prepare
from xlsales.collection import BOUNDS, Collected, collect, worker, workers, writing
from xlsales.collection.planner import Planner
from xlsales.errors import DiskFull, XlsalesError

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables


@pytest.fixture
def start(tmp_path: Path, small_tables: Tables, tiny_template: Path, write_tables: WriteTables) -> Path:
    """A folder with three planners that came back."""
    source = write_tables(tmp_path / "tables", {"territories": small_tables["territories"]})
    with prepare(source, Options(tmp_path / "start", template=tiny_template, workers=1)) as batch:
        batch.run()
    for path in (tmp_path / "start").iterdir():
        if not path.name.startswith("T"):
            path.unlink()
    return tmp_path / "start"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in this process, where calls are counted."""

    def read(paths: Sequence[Path], _workers: int, _bounds: Any, template: str, *_rest: Any) -> Iterator[Planner]:
        yield from worker.answered(worker.Question(tuple(map(str, paths)), template))

    monkeypatch.setattr(workers, "read", read)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS.keys())
@pytest.mark.parametrize("name", ["all.xlsx", "all.csv", "all.parquet"])
def test_whatever_call_fails_one_planner_is_named_or_nothing_is_half(
    start: Path,
    tmp_path: Path,
    tiny_template: Path,
    name: str,
    error: int,
    record_property: Callable[[str, object], None],
) -> None:
    folder, tried = tmp_path / "returned", 0
    results = folder / "results"  # whose calls are counted as well
    shutil.copytree(start, folder)
    template = tiny_template.read_bytes()

    def collected() -> Collected:
        return collect(sorted(folder.glob("T*.xlsx")), template=tiny_template)

    writing.write(collected(), results / name)
    whole = folders.files(results)
    for number in numbers(5):
        shutil.rmtree(results)
        results.mkdir()
        for old in whole:
            (results / old).write_bytes(b"of last month")
        failed: BaseException | None = None
        unreadable: list[Planner] = []
        with failing(folder, number, error) as faults:
            try:
                made = collected()
                unreadable = [planner for planner in made.files if planner.is_unreadable]
                writing.write(made, results / name)
            except XlsalesError as raised:
                failed = raised
        there = folders.files(results)
        assert there.keys() == whole.keys(), f"call {number} leaves something else"
        if failed is not None:
            assert len(str(failed).splitlines()) == 1
            assert error != errno.ENOSPC or isinstance(failed, DiskFull), repr(failed)
        elif not unreadable:
            assert there == whole
        else:
            assert len(unreadable) == 1
            assert len(made.planners) == 2
        if failed is not None or not unreadable:
            assert all(content in (whole[old], b"of last month") for old, content in there.items())
        if faults.calls < number:
            break
        tried += 1
    assert tried
    assert tiny_template.read_bytes() == template
    record_property("faults", tried)


@pytest.mark.parametrize("error", [errno.EAGAIN, errno.EPIPE], ids=["no room", "broken pipe"])
def test_whatever_fails_between_processes_all_are_read_or_one_sentence_says_why(
    start: Path, tiny_template: Path, error: int, record_property: Callable[[str, object], None]
) -> None:
    paths, tried = sorted(start.iterdir()), 0
    for number in numbers(4):
        told = ""
        with failing_workers(number, error) as faults:
            try:
                made = collect(paths, template=tiny_template, number_of_workers=2, bounds=BOUNDS)
                assert len(made.planners) == len(paths), made.findings
            except XlsalesError as raised:
                told = str(raised)
        assert len(told.splitlines()) <= 1
        if faults.calls < number:
            break
        tried += 1
    assert tried
    record_property("faults", tried)
