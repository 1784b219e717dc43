"""`--only`: planners of some territories, as a run for all of them makes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Tables
from xlsales.batch import Batch

Run = Callable[..., Batch]


@pytest.fixture
def run_template(light_template: Path) -> Path:
    """What the planners show is all the same here."""
    return light_template


def values(path: Path) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(path, data_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_planner_is_the_one_of_a_run_for_all(run: Run, tmp_path: Path, small_tables: Tables) -> None:
    run(small_tables, tmp_path / "all")
    run(small_tables, tmp_path / "some", only=["T2"])
    [made] = (tmp_path / "some").glob("T2*")
    assert values(made) == values(tmp_path / "all" / made.name)


def test_day_to_look_from_is_that_of_all_territories(run: Run, tmp_path: Path, small_tables: Tables) -> None:
    whole = run(small_tables, tmp_path / "all")
    some = run(small_tables, tmp_path / "some", only=["T3"])
    assert some.as_of == whole.as_of is not None


def test_rows_of_others_are_neither_counted_nor_told(run: Run, tmp_path: Path, small_tables: Tables) -> None:
    small_tables["deals"][0]["amount"] = "much"  # of T1
    batch = run(small_tables, tmp_path / "some", only=["T2"])
    report = json.loads((tmp_path / "some" / "run.json").read_text(encoding="utf-8"))
    assert not batch.failed
    assert report["rows"]["deals"]["read"] == 1
    assert report["rows"]["territories"]["read"] == 1


def test_other_planners_in_the_folder_are_not_stale(run: Run, tmp_path: Path, small_tables: Tables) -> None:
    run(small_tables, tmp_path / "plans")
    batch = run(small_tables, tmp_path / "plans", only=["T2"], overwrite=True)
    assert "STALE_PLANNER" not in {finding.code for finding in batch.findings}
    assert len(list((tmp_path / "plans").glob("T*"))) == 3


def test_what_a_run_for_some_leaves_alone_is_no_edited_file_later(
    run: Run, tmp_path: Path, small_tables: Tables
) -> None:
    run(small_tables, tmp_path / "plans")
    run(small_tables, tmp_path / "plans", only=["T2"], overwrite=True)
    run(small_tables, tmp_path / "plans", overwrite=True)
    assert list((tmp_path / "plans").glob("backup*")) == []
