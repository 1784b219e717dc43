"""What is kept of a template changes no planner: without it, damaged, or of somebody else, they are the same.

A template of a few cells takes every way that a large one takes: it is read, compiled and cut for stamping.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.calculation.compiled.books import book
from xlsales.batch.filled_copies import copies  # as it is before it is kept for all tests
from xlsales.files import kept
from xlsales.functions import CellError
from xlsales.version import __version__
from xlsales.workbook import kept_template
from xlsales.workbook.filling import Filling
from xlsales.workbook.template import Template

Made = list[tuple[str, list[Any]]]


PACKAGE = book("=A1*2", '=IF(A2="","none",A2&"!")', "=SUM(A1:A4)", "=C1/A4", "=ROW()+5").package
FILLINGS = (
    Filling({("S", "A1"): 5, ("S", "A2"): "é&<"}),
    Filling({}),
    Filling({("S", "A1"): 0.1, ("S", "A3"): 1e300, ("S", "A4"): dt.date(2026, 1, 2)}),
)


def make(package: bytes = PACKAGE) -> Made:
    """Make planners with what is kept, as a process does that has just started."""
    template: Template = kept_template.parsed(package, "Planner.xlsx")
    asked = [("S", f"C{row}") for row in range(1, 6)]
    found = copies(template, "stamp", None).make(FILLINGS, [{"run_id": "1"}] * len(FILLINGS), asked)
    return [(hashlib.sha256(content).hexdigest(), list(values)) for content, values, _left in found]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for what is kept, with a space in its name."""
    monkeypatch.setenv(kept.FOLDER, str(tmp_path / "a cache"))
    return tmp_path / "a cache"


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.kept"))


def test_planners_are_the_same_with_what_is_kept_and_without_it(
    folder: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kept.FOLDER, "")
    alone = make()
    assert _files(folder) == []
    monkeypatch.setenv(kept.FOLDER, str(folder))
    first = make()
    assert len(_files(folder)) == 4  # the template, how its formulas are divided, the formulas, the parts
    assert len(compilations) == 2
    assert make() == first == alone
    assert len(compilations) == 2
    _damaged(folder, first)
    _kept_by_other_versions(folder, first, monkeypatch)
    _where_nothing_can_be_written(folder, first, monkeypatch)
    _at_once(folder, first, compilations)


def _damaged(folder: Path, wanted: Made) -> None:
    """Each file cut off, emptied, with one bit turned, and exchanged for another one."""
    for path in _files(folder):
        whole = path.read_bytes()
        turned = bytearray(whole)
        turned[len(whole) // 2] ^= 1
        others = [other.read_bytes() for other in _files(folder) if other != path]
        for content in (whole[: len(whole) // 2], b"", bytes(turned), *others):
            path.write_bytes(content)
            assert make() == wanted
        path.write_bytes(whole)


def _kept_by_other_versions(folder: Path, wanted: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version's files have other names, and stay unread."""
    names = {path.name for path in _files(folder)}
    monkeypatch.setattr(kept, "_code", lambda: "another")
    assert make() == wanted
    assert len(_files(folder)) == 2 * len(names)


def _where_nothing_can_be_written(folder: Path, wanted: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is full, or may only be read; root may write wherever it likes."""
    monkeypatch.setattr(kept, "_code", lambda: "a third")
    before = _files(folder)
    own = folder / __version__
    own.chmod(0o500)

    def refused(path: Path, _content: bytes) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("xlsales.files.atomic.write", refused)
        assert make() == wanted
    own.chmod(0o700)
    assert _files(folder) == before
    monkeypatch.setenv(kept.FOLDER, str(before[0] / "no folder"))
    assert make() == wanted
    monkeypatch.setenv(kept.FOLDER, str(folder))


def _at_once(folder: Path, wanted: Made, compilations: list[str]) -> None:
    """Several that begin with nothing: one compiles, the others wait, and read what it has kept."""
    for path in _files(folder):
        path.unlink()
    compilations.clear()
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(make, [PACKAGE] * 3)) == [wanted] * 3
    assert len(compilations) == 1
    assert len(_files(folder)) == 4


def test_another_template_of_the_same_name_is_another_one(folder: Path) -> None:
    other = book("=A1*3", '=IF(A2="","none",A2&"!")', "=SUM(A1:A4)", "=C1/A4", "=ROW()+5").package
    one = make()
    assert make(other)[0][1] == [15.0, *one[0][1][1:3], CellError("#DIV/0!"), 10.0]
    assert len(_files(folder)) == 8
    assert make() == one


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions of POSIX")
def test_what_others_may_have_written_makes_no_planner(folder: Path, compilations: list[str]) -> None:
    wanted = make()
    for path in _files(folder):
        path.chmod(0o666)
    compilations.clear()
    assert make() == wanted
    assert len(compilations) == 1
