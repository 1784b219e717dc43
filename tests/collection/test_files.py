"""Which files of a folder are planners that came back."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlsales.collection.files import found
from xlsales.errors import InputError

COPIES = "backup 2027-01-31 143000"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of a batch, with what lies in it and is no planner."""
    planners = ("T1.xlsx", "North/T2.xlsm", "backup of Ada/T3.xlsx")
    others = ("Overview.xlsx", "findings.xlsx", "run.json", "~$T1.xlsx", ".xlsales/T1.xlsx", "North/Overview.xlsx")
    copies = (f"{COPIES}/T1.xlsx", f"{COPIES}/North/T2.xlsm", f"{COPIES} 2/T1.xlsx", f"North/{COPIES}/T2.xlsm")
    for name in (*planners, *others, *copies):
        path = tmp_path / "plans" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return tmp_path / "plans"


def names(paths: list[Path], folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in paths]


def test_what_a_batch_has_copied_is_no_planner_that_came_back(folder: Path) -> None:
    assert names(found([folder]), folder) == ["North/T2.xlsm", "T1.xlsx", "backup of Ada/T3.xlsx"]


def test_folder_of_copies_is_read_where_it_is_named(folder: Path) -> None:
    assert names(found([folder / COPIES]), folder) == [f"{COPIES}/North/T2.xlsm", f"{COPIES}/T1.xlsx"]


def test_folder_of_nothing_but_copies_holds_no_planner(folder: Path) -> None:
    for path in found([folder]):
        path.unlink()
    with pytest.raises(InputError, match="there is no workbook in this folder"):
        found([folder])
