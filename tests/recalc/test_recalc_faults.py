"""Each call for a file that can fail does so once while files are recalculated: each is as it was, or done, and told.

XLSALES_FAULTS=1 python -m pytest tests/recalc/test_recalc_faults.py lets each of them fail, else a spread of them.
"""

from __future__ import annotations

import datetime as dt
import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.batch import folders
from tests.batch.faults import failing, failing_workers
from tests.batch.test_faults import ERRORS, numbers
from tests.recalc.books import openpyxl_book
from xlsales.errors import XlsalesError
from xlsales.recalc import Recalculated, recalculated
from xlsales.recalc.files import Options, recalculate
from xlsales.recalc.worker import Recalculator

NAMES = ("one.xlsx", "two.xlsx", "three.xlsx")
DAY = dt.date(2027, 1, 31)


class Here(Recalculator):
    """Recalculates in this process, where calls are counted."""

    def recalculated(self, package: bytes, name: str, as_of: dt.date | None, *, everything: bool) -> Recalculated:
        return recalculated(package, name, as_of, everything=everything)


@pytest.fixture
def start(tmp_path: Path) -> Path:
    folder = tmp_path / "start"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        (folder / name).write_bytes(openpyxl_book({"A1": number, "A2": 14, "B1": "=CLOSE_RATIO(A1,A2)"}))
    return folder


def done(folder: Path, options: Options, recalculator: Recalculator) -> dict[str, str]:
    """Recalculate every file; return why some were not."""
    refused = {}
    for name in NAMES:
        try:
            recalculate(folder / name, options, recalculator)
        except (XlsalesError, OSError) as error:  # which the command tells alike
            refused[name] = str(error)
    return refused


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in place", "into another folder"])
@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS.keys())
def test_whatever_call_fails_each_file_is_as_it_was_or_done_as_it_is_told(
    start: Path, tmp_path: Path, error: int, elsewhere: bool, record_property: Callable[[str, object], None]
) -> None:
    here = Here(Options().bounds)
    reference, folder = tmp_path / "reference", tmp_path / "books"
    shutil.copytree(start, reference)
    assert done(reference, Options(as_of=DAY), here) == {}
    old, new = folders.files(start), folders.files(reference)
    assert all(old[name] != new[name] for name in NAMES)
    out = folder / "done" if elsewhere else folder
    options, tried = Options(out if elsewhere else None, DAY, overwrite=True), 0
    for number in numbers(3):
        shutil.copytree(start, folder)
        if elsewhere:
            shutil.copytree(start, out)  # of an earlier day
        with failing(folder, number, error) as faults:
            refused = done(folder, options, here)
        wanted = {name: old[name] if name in refused else new[name] for name in NAMES}
        assert folders.files(out) == wanted, f"call {number}: {refused}"
        assert all(len(told.splitlines()) == 1 for told in refused.values())
        assert len(refused) <= 1, "a fault costs one file"
        assert done(folder, options, here) == {}
        assert folders.files(out) == new
        shutil.rmtree(folder)
        if faults.calls < number:
            break
        tried += 1
    assert tried
    record_property("faults", tried)


@pytest.mark.parametrize("error", [errno.EAGAIN, errno.EPIPE], ids=["no room", "broken pipe"])
def test_whatever_fails_between_processes_each_file_is_as_it_was_or_done_as_it_is_told(
    start: Path, tmp_path: Path, error: int, record_property: Callable[[str, object], None]
) -> None:
    here = Here(Options().bounds)
    reference, folder, tried = tmp_path / "reference", tmp_path / "books", 0
    shutil.copytree(start, reference)
    assert done(reference, Options(as_of=DAY), here) == {}
    old, new = folders.files(start), folders.files(reference)
    for number in numbers(5):
        shutil.copytree(start, folder)
        with failing_workers(number, error) as faults, Recalculator(Options().bounds) as recalculator:
            refused = done(folder, Options(as_of=DAY), recalculator)
        assert folders.files(folder) == {name: old[name] if name in refused else new[name] for name in NAMES}
        assert len(refused) <= 1, "a fault costs one file"
        shutil.rmtree(folder)
        if faults.calls < number:
            break
        tried += 1
    assert tried
    record_property("faults", tried)
