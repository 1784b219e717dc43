"""`benchmarks/batch.py` prints its tables; no time is asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import ways
from benchmarks.batch import Line, table
from benchmarks.growth import multiplied
from xlsales.batch import Options, prepare

PROJECT = Path(__file__).resolve().parents[2]


def printed(*words: str) -> list[dict[str, Any]]:
    """What the benchmark prints as JSON."""
    command = [sys.executable, "benchmarks/batch.py", "--json", *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=PROJECT, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_every_way_makes_right_planners_of_all_parts() -> None:
    lines = printed("--rounds", "1", "--planners", "2", "--only", "xlsales", "copy,")
    assert [line["name"] for line in lines] == ["xlsales", "copy, to the disk"]
    for line in lines:
        assert line["reason"] == ""
        assert line["milliseconds"] > 0
        assert line["right"] == "100%"
        there, _of, all_of_them = line["parts"].partition(" of ")
        assert there == all_of_them


def test_whole_batch_is_made_anew_in_every_round(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ways, "_WHOLE", 3)
    job = ways.Job(PROJECT / "workbook" / "Sales Planner.xlsm", [], b"", [])
    make = ways.whole_batch(job, tmp_path, workers=1)
    first, second = make(), make()
    assert [path.name for path in first] == [path.name for path in second]
    assert len({*first, *second}) == 6
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_growth_makes_as_many_planners_as_asked() -> None:
    (line,) = printed("--growth", "3", "--workers", "1")
    assert (line["planners"], line["workers"]) == (3, 1)


def test_way_that_cannot_be_tried_says_why() -> None:
    text = table([Line("openpyxl", 500.0, 490.0, 1.0, 1.0, "0%", "69 of 69", 64.2), Line("x", reason="needs x")])
    assert text.splitlines()[2:] == [
        "| openpyxl | 500 | 1.0 | 490 | 1.0 | 0% | 69 of 69 | 64.2 |",
        "| x | – (needs x) |  |  |  |  |  |  |",
    ]


@pytest.mark.parametrize("planners", [3, 40])
def test_multiplied_tables_are_good_tables(crm_tables: Path, tmp_path: Path, planners: int) -> None:
    multiplied(crm_tables, tmp_path / "tables", planners)
    with prepare(tmp_path / "tables", Options(tmp_path / "plans")) as batch:
        assert batch.count == planners
        assert not batch.failed
