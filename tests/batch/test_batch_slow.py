"""Templates with formulas that are not compiled, or left for Excel: nothing else in their planners changes."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import RawWorkbook
from tests.tiny import SHEET, light_book
from xlsales.batch import Batch
from xlsales.calculation.compiled import Verdict, compilation
from xlsales.workbook import package
from xlsales.workbook.template import Template

Run = Callable[..., Batch]
ADDED = {
    "AZ2": "=MEDIAN(C4:C20)",
    "AZ3": "=AZ2+1",
    "AZ4": "=TODAY()",
    "AZ5": "=SUM(Accounts!G:G)",
    "AZ6": "=AZ6+1",
    "AZ7": "=AZ6*2",
    "AZ8": "=NO_SUCH(C4)",
    "AZ9": "=C9*2",
}


OF_LISTS = {
    "AZ2": "=MEDIAN(B4:B20)",
    "AZ3": "=AZ2+1",
    "AZ4": "=TODAY()",
    "AZ5": "=SUM(Accounts!G:G)",
    "AZ6": "=AZ6+1",
    "AZ7": "=AZ6*2",
    "AZ8": "=NO_SUCH(B4)",
    "AZ9": "=B9*2",
}


@pytest.fixture(scope="module")
def of_lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same cells in a template with next to no other formulas."""
    workbook = light_book()
    for cell, formula in OF_LISTS.items():
        workbook[SHEET][cell] = formula
    path = tmp_path_factory.mktemp("templates") / "lists.xlsx"
    workbook.save(path)
    return path


@pytest.fixture(scope="module")
def templates(small_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A planner as it is, with the cells of Python too, and one with some cells more."""
    found, folder = {}, tmp_path_factory.mktemp("templates")
    for name, cells in (("plain", {}), ("changed", ADDED)):
        workbook = openpyxl.load_workbook(small_template, keep_vba=True)
        for cell, formula in cells.items():
            workbook["Targets"][cell] = formula
        saved = io.BytesIO()
        workbook.save(saved)
        found[name] = folder / f"{name}.xlsm"
        parts = package.read(saved.getvalue())
        parts.pop("customUI/customUI14.xml", None)  # openpyxl keeps it without what leads to it
        found[name].write_bytes(package.write(parts))
    return found


def shown(path: Path) -> dict[tuple[str, str], Any]:
    """What all cells of a planner hold, but for those that were added."""
    sheets = RawWorkbook(path).sheets
    return {
        (sheet, place): (cell.value, cell.formula)
        for sheet, cells in sheets.items()
        for place, cell in cells.items()
        if (sheet, place[:2]) != ("Targets", "AZ")
    }


def test_cells_that_are_not_compiled_change_no_other_in_any_planner(
    run: Run, tmp_path: Path, small_tables: Any, templates: Mapping[str, Path]
) -> None:
    small_tables = {name: [row for row in rows if row["territory_id"] == "T1"] for name, rows in small_tables.items()}
    folders = {name: tmp_path / f"made {name}" for name in templates}
    for name, template in templates.items():
        run(small_tables, folder=folders[name], template=template)
    made = sorted(folders["plain"].glob("T*.xls?"))
    assert len(made) == 1
    for path in made:
        assert shown(folders["changed"] / path.name) == shown(path)
        cells = RawWorkbook(folders["changed"] / path.name).sheets["Targets"]
        (one, other) = (float(str(cells[cell].value)) for cell in ("AZ2", "AZ3"))
        assert other == one + 1
        assert [cells[cell].value for cell in ("AZ6", "AZ7", "AZ8")] == [None, None, None]


def test_two_workers_make_the_same_bytes(run: Run, tmp_path: Path, small_tables: Any, of_lists: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, workers in ((one, 1), (two, 2)):
        run(small_tables, folder=folder, template=of_lists, workers=workers)
    names = {path.name for path in one.iterdir()}
    assert names == {path.name for path in two.iterdir()}
    assert {name for name in names if (one / name).read_bytes() != (two / name).read_bytes()} == set()


def test_run_report_and_one_finding_tell_what_is_slow_or_left_and_why(
    run: Run, out: Path, small_tables: Any, of_lists: Path
) -> None:
    batch = run(small_tables, template=of_lists)
    told = json.loads((out / "run.json").read_bytes())["calculation"]
    slow, left = told["slower_engine"], told["left_for_excel"]
    reasons = {group["cells"]: group["reason"] for group in slow["groups"]}
    assert reasons["AZ3"] == f"it depends on {SHEET}!AZ2"
    assert reasons["AZ5"] == "references to whole columns and rows are not compiled"
    reasons = {group["cells"]: group["reason"] for group in left["groups"]}
    assert reasons.keys() == {"AZ6", "AZ7", "AZ8"}
    assert reasons["AZ6"] == "it refers to itself, directly or through others"
    assert reasons["AZ7"] == f"it depends on {SHEET}!AZ6"
    assert told["compiled"] + slow["formulas"] + left["formulas"] == told["formulas"]
    (finding,) = [finding for finding in batch.findings if finding.code == "SLOW_FORMULAS"]
    assert f"{slow['formulas']} formulas are calculated by the slower engine" in finding.message
    assert f"about {slow['times_as_long']:g} times as long" in finding.message


def test_nothing_is_said_where_all_is_compiled(run: Run, out: Path, small_tables: Any) -> None:
    batch = run(small_tables)
    told = json.loads((out / "run.json").read_bytes())["calculation"]
    assert told["slower_engine"] == {"formulas": 0, "times_as_long": 1.0, "groups": []}
    assert told["compiled"] == told["formulas"]
    assert "SLOW_FORMULAS" not in {finding.code for finding in batch.findings}


@pytest.mark.parametrize("workers", [1, 2])
def test_template_of_ones_own_is_compiled_by_the_process_that_judges_it_and_by_no_other(
    run: Run,
    tmp_path: Path,
    small_tables: Any,
    tiny_template: Path,
    monkeypatch: pytest.MonkeyPatch,
    workers: int,
) -> None:
    workbook = openpyxl.load_workbook(tiny_template)
    workbook.active["AZ2"] = f"=C4+{workers}"  # a template that no other test has
    workbook.save(tmp_path / "mine.xlsx")
    compiled: list[str] = []
    anew = compilation.compilation

    def counted(template: Template, as_of: dt.date | None, verdict: Verdict | None) -> compilation.Compilation:
        compiled.append(template.name)
        return anew(template, as_of, verdict)

    monkeypatch.setattr(compilation, "compilation", counted)
    territories = {"territories": small_tables["territories"]}
    batch = run(territories, template=tmp_path / "mine.xlsx", workers=workers)
    assert compiled == []
    assert len(batch.made) == batch.count
