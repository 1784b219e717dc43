"""`xlsales batch`, as typed, into folders that hold something, or that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.printed import Type

PLANNERS = ["T1 North.xlsm", "T2 South.xlsm", "T3 West.xlsm"]


@pytest.mark.parametrize("name", ["NUL", "con", "COM1.plans", "plans.", "aux/plans"])
def test_out_that_windows_keeps_for_a_device_or_changes_is_refused_in_words(
    typed: Type, source: Path, tmp_path: Path, name: str
) -> None:
    assert "Windows" in typed("batch", source, "--out", tmp_path / name).stopped()
    assert "Windows" in typed("batch", source, "--out", tmp_path / name, "--dry-run").stopped()
    assert [path.name for path in tmp_path.iterdir()] == ["crm"]


def test_template_that_is_a_device_is_refused_in_words(typed: Type, source: Path, tmp_path: Path) -> None:
    line = typed("batch", source, "--out", tmp_path / "plans", "--template", "nul.xlsm").stopped()
    assert line == "xlsales: nul.xlsm: Windows keeps the name nul.xlsm for a device. Choose another name."


def test_held_planner_is_told_and_held_run_report_stops_before_the_tables_are_read(
    batch: Type, source: Path, tmp_path: Path
) -> None:
    plans = tmp_path / "plans"
    batch(source)
    (plans / f"~${PLANNERS[1]}").write_bytes(b"Ann")
    printed = batch(source, "--overwrite")
    assert printed.code == 1
    assert printed.error.startswith(f"  error   {PLANNERS[1]}: The file is open in another program")
    assert f"2 planners written to {plans}, with Overview.xlsx, " in printed.out
    (plans / "~$run.json").write_bytes(b"Ann")
    line = batch(tmp_path / "no such tables", "--overwrite").stopped()
    assert f"{plans / 'run.json'} is open in another program" in line
    assert "close it in Excel and run again" in line


def test_out_that_is_a_file_stops(batch: Type, source: Path, tmp_path: Path) -> None:
    (tmp_path / "plans").write_bytes(b"a file")
    printed = batch(source, "--quiet")
    assert "plans" in printed.stopped()
    assert (tmp_path / "plans").read_bytes() == b"a file"


def test_second_run_is_refused_until_overwrite(batch: Type, source: Path, tmp_path: Path) -> None:
    batch(source)
    edited = tmp_path / "plans" / PLANNERS[0]
    edited.write_bytes(b"filled by hand")
    assert "--overwrite" in batch(source).stopped()
    assert edited.read_bytes() == b"filled by hand"
    assert batch(source, "--overwrite").code == 0
    assert edited.read_bytes().startswith(b"PK")
