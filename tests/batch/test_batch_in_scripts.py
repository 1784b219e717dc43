"""Batches that a person's own script makes, with workers: however the script is written and started, it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import xlsales

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

PROJECT = Path(xlsales.__file__).parents[1]
LONG = 600  # seconds: what hangs, hangs for ever
SCRIPT = """
import sys
from pathlib import Path
from xlsales.batch import Options, prepare

print("the script runs")
source, out, template = map(Path, {places!r})
with prepare(source, Options(out, workers=2, template=template)) as batch:
    batch.run()
    print(len(batch.made), "planners")
"""


@pytest.mark.parametrize("way", ["a file without a main guard", "standard input", "-c", "a module", "a folder"])
def test_script_with_workers_ends_with_planners_and_runs_once(
    way: str, tmp_path: Path, small_tables: Tables, write_tables: WriteTables, tiny_template: Path
) -> None:
    folder = tmp_path / "My scripts"
    folder.mkdir()
    out = folder / "plans"
    territories = {"territories": small_tables["territories"]}
    places = [str(write_tables(tmp_path / "tables", territories)), str(out), str(tiny_template)]
    text = SCRIPT.format(places=places)
    (folder / "make_plans.py").write_text(text, encoding="utf-8")
    (folder / "__main__.py").write_text(text, encoding="utf-8")
    words = {
        "a file without a main guard": ["make_plans.py"],
        "standard input": ["-"],
        "-c": ["-c", text],
        "a module": ["-m", "make_plans"],
        "a folder": [str(folder)],
    }
    done = subprocess.run(
        [sys.executable, *words[way]],
        input=text if way == "standard input" else "",
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(PROJECT)},
        timeout=LONG,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "the script runs\n3 planners\n", "")
    assert len(list(out.glob("T*.xlsx"))) == 3
