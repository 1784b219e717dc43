"""Formulas of a template that nothing proves: a planner shows what two engines agree on with its own inputs."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import RawWorkbook
from xlsales.batch import Batch
from xlsales.bounded import Bounds
from xlsales.calculation.compiled import Compiled, judging
from xlsales.calculation.engine import witness
from xlsales.errors import InputError
from xlsales.workbook.template import read

Run = Callable[..., Batch]
CELLS = {
    "AZ2": "=FACT(4)+LEN(Start!A1)*0",  # both know it
    "AZ3": "=AZ2+1",
    "AZ4": "=GCD(in_revenue_goal,30000)",
    "AZ5": "=AZ4*2",
    "AZ6": "=ADDRESS(3,7,1,0)",  # they disagree on it in every planner
    "AZ7": "=LEN(AZ6)",
    "AZ8": '=IF(in_revenue_goal>300000,ADDRESS(3,7,1,0),FACT(3)&"")',  # in those with a large goal
    "AZ9": '=AZ8&"!"',
    "AZ10": "=TAN(in_revenue_goal)",  # they are wrong together
}


@pytest.fixture
def small_tables(small_tables: Any) -> Any:
    """The territories alone: the template has no other inputs."""
    return {"territories": small_tables["territories"]}


@pytest.fixture
def template(tiny_template: Path, tmp_path: Path) -> Path:
    """A template with the inputs of a territory, and some cells more."""
    workbook = openpyxl.load_workbook(tiny_template)
    for title in ("Start", "Targets"):
        workbook.create_sheet(title)
    goal = workbook.defined_names["in_revenue_goal"].attr_text
    for cell, formula in CELLS.items():
        workbook["Targets"][cell] = formula.replace("in_revenue_goal", goal)
    saved = io.BytesIO()
    workbook.save(saved)
    path = tmp_path / "Mine.xlsx"
    path.write_bytes(saved.getvalue())
    return path


def shown(folder: Path) -> dict[str, dict[str, Any]]:
    """What the added cells show in each planner, by territory."""
    found = {}
    for path in sorted(folder.glob("T*.xlsx")):
        cells = RawWorkbook(path).sheets["Targets"]
        found[path.name[:2]] = {cell: cells[cell].value for cell in CELLS}
    return found


@pytest.mark.parametrize("writer", ["stamp", "openpyxl"])
def test_planner_shows_what_two_engines_agree_on_with_its_own_inputs(
    run: Run, out: Path, small_tables: Any, template: Path, writer: str
) -> None:
    run(small_tables, template=template, writer=writer)
    planners = shown(out)
    assert {name: (cells["AZ2"], cells["AZ3"]) for name, cells in planners.items()} == {
        "T1": (24, 25), "T2": (24, 25), "T3": (24, 25)
    }  # fmt: skip
    assert {name: (cells["AZ4"], cells["AZ5"]) for name, cells in planners.items()} == {
        "T1": (10_000, 20_000), "T2": (10_000, 20_000), "T3": (10_000, 20_000)
    }  # fmt: skip
    assert {cells[cell] for cells in planners.values() for cell in ("AZ6", "AZ7", "AZ10")} == {None}
    assert {name: (cells["AZ8"], cells["AZ9"]) for name, cells in planners.items()} == {
        "T1": (None, None), "T2": ("6", "6!"), "T3": ("6", "6!")
    }  # fmt: skip


def test_what_is_left_in_one_planner_is_told_in_its_finding_and_in_the_run_report(
    run: Run, out: Path, small_tables: Any, template: Path
) -> None:
    batch = run(small_tables, template=template)
    report = json.loads((out / "run.json").read_bytes())
    left = {group["cells"]: group["reason"] for group in report["calculation"]["left_for_excel"]["groups"]}
    assert left["AZ6"] == "two calculation engines do not give the same value for it"
    assert left["AZ7"] == "it depends on Targets!AZ6"
    assert left["AZ10"] == "the calculation engine is not known to calculate TAN as Excel does"
    planners = {one["territory_id"]: one.get("left_for_excel") for one in report["planners"]}
    reason = "two calculation engines do not give the same value for it"
    group = {"sheet": "Targets", "cells": "AZ8", "formulas": 1, "reason": reason}
    assert planners == {"T1": [group], "T2": None, "T3": None}
    (finding,) = [one for one in batch.findings if one.code == "LEFT_FOR_EXCEL" and one.territory_id]
    assert (finding.territory_id, finding.table, finding.column) == ("T1", "Targets", "AZ8")
    assert reason in finding.message


def test_planner_of_one_territory_alone_is_the_one_that_is_made_with_the_others(
    run: Run, tmp_path: Path, small_tables: Any, template: Path
) -> None:
    together, alone, in_two = tmp_path / "together", tmp_path / "alone", tmp_path / "in two"
    run(small_tables, folder=together, template=template)
    run(small_tables, folder=in_two, template=template, workers=2)
    run(small_tables, folder=alone, template=template, only=["T2"])
    assert len(list(alone.glob("T*.xlsx"))) == 1
    assert shown(alone)["T2"] == shown(together)["T2"]
    assert {path.name: path.read_bytes() for path in in_two.glob("T*.xlsx")} == {
        path.name: path.read_bytes() for path in together.glob("T*.xlsx")
    }


def test_without_a_second_engine_what_nothing_proves_is_left_in_all(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness, "is_there", lambda: False)
    left = Compiled(read(template)).left
    assert {cell for _sheet, cell in left} == CELLS.keys()


def test_second_engine_is_not_started_where_everything_is_proven(
    small_template_xlsx: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_question: object) -> None:
        raise AssertionError("the second engine was asked")

    monkeypatch.setattr("xlsales.calculation.engine.opinions.answers", refuse)
    assert not Compiled(read(small_template_xlsx)).slow


HUNGRY = 'LEN(SUBSTITUTE(REPT("a",{times}),"a",REPT("b",32767)))'  # a gigabyte for 32,767 times


LONG = "+".join(
    f'LEN(SUBSTITUTE(REPT("a",32767),"a",REPT("b",{3000 + number})))' for number in range(30)
)  # many seconds


def with_cell(template: Path, formula: str, path: Path) -> Path:
    """The template with a formula more."""
    workbook = openpyxl.load_workbook(template)
    goal = workbook.defined_names["in_revenue_goal"].attr_text
    workbook.active["AZ2"] = f"={formula}".replace("in_revenue_goal", goal)
    workbook.save(path)
    return path


def test_planner_whose_formulas_exhaust_the_memory_costs_itself_alone(
    run: Run, tmp_path: Path, small_tables: Any, tiny_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlsales.batch.run.MEGABYTES", 800)
    monkeypatch.setattr("xlsales.batch.retries._PAUSE", 0.02)
    formula = HUNGRY.format(times="IF(in_revenue_goal>300000,32767,5)")
    template = with_cell(tiny_template, formula, tmp_path / "Hungry.xlsx")
    batch = run(small_tables, template=template)
    assert [planner.territory_id for planner in batch.made] == ["T2", "T3"]
    (finding,) = [one for one in batch.findings if one.code == "PLANNER_QUARANTINED"]
    assert finding.territory_id == "T1"
    assert "need more than 800 MB of memory" in finding.message


@pytest.mark.parametrize(
    ("formula", "bounds", "reason"),
    [
        (HUNGRY.format(times=32767), Bounds(600, 800), "need more than 800 MB of memory"),
        (LONG, Bounds(0.5), "could not be calculated within 0 seconds"),
    ],
    ids=["memory", "time"],
)
def test_template_whose_formulas_exhaust_memory_or_time_is_refused_in_one_line(
    tiny_template: Path, tmp_path: Path, formula: str, bounds: Bounds, reason: str
) -> None:
    template = read(with_cell(tiny_template, formula, tmp_path / "Hungry.xlsx"))
    with pytest.raises(InputError, match=reason) as refused:
        judging.verdict(template, None, bounds)
    assert "Hungry.xlsx" in str(refused.value)
    assert "\n" not in str(refused.value)
