"""docs/sources.md: every number that the sources give stands where the page says, and is what the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlsales.functions import CATALOGUE
from xlsales.planner.thresholds import THRESHOLDS
from xlsales.workbook.template import Template, parse, shipped

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sources.md"
SOURCES = {"Growth", "Balance", "Magic", "Twelve", "Process", "Ours"}


def rows(heading: str) -> Iterator[list[str]]:
    """The rows of the table beneath a heading."""
    section = PAGE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    yield from ([cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:])


NUMBERS = list(rows("Numbers"))
LISTS = list(rows("Lists"))


def number(text: str) -> float:
    """A number as the page writes it: 15%, 100,000, -40%."""
    digits = text.replace(",", "").removesuffix("%")
    return float(digits) / 100 if text.endswith("%") else float(digits)


def code(cell: str) -> str:
    """What stands between backquotes."""
    found = re.fullmatch(r"`(\w+)`", cell)
    return found[1] if found else ""


@pytest.fixture(scope="module")
def template() -> Template:
    path = shipped("xlsx")
    return parse(path.read_bytes(), path.name)


@pytest.fixture(scope="module")
def workbook() -> Any:
    return openpyxl.load_workbook(shipped("xlsx"))


@pytest.mark.parametrize("row", NUMBERS, ids=lambda row: row[1][:60])
def test_number_of_a_source_stands_in_the_cell_that_the_page_names(template: Template, row: list[str]) -> None:
    source, _said, given, function, place = row
    assert source in SOURCES
    assert function == "–" or code(function) in CATALOGUE
    name = code(place)
    assert name in template.names or name in template.tables
    if given != "–":
        value = template.constants[name]
        assert isinstance(value, int | float)
        assert value == pytest.approx(number(given))


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row[1][:60])
def test_list_of_a_source_has_as_many_items_in_the_planner(workbook: Any, row: list[str]) -> None:
    source, _said, items, place = row
    assert source in SOURCES
    sheet, cells = next(iter(workbook.defined_names[code(place)].destinations))
    listed = [cell.value for line in workbook[sheet][cells.replace("$", "")] for cell in line]
    assert len(listed) == int(items)
    assert all(listed)
    assert len(set(listed)) == len(listed)


def test_the_ten_functions_are_those_of_the_source(workbook: Any) -> None:
    row = next(row for row in LISTS if code(row[3]) == "list_functions")
    sheet, cells = next(iter(workbook.defined_names["list_functions"].destinations))
    shown = " ".join(cell.value.casefold() for line in workbook[sheet][cells.replace("$", "")] for cell in line)
    told = re.sub(r"\(.*?\)", "", row[1].partition(":")[2]).split("·")
    assert len(told) == 9  # training is one of them, and counts twice
    assert [name.strip() for name in told if name.strip() not in shown] == []
    assert all(kind in shown for kind in ("induction", "continuing"))


def test_every_standard_of_the_planner_is_explained() -> None:
    explained = {code(row[4]) for row in NUMBERS}
    assert {f"th_{threshold.field.name}" for threshold in THRESHOLDS} - explained == set()


def test_usual_coverage_is_what_those_without_a_plan_leave(template: Template) -> None:
    for name, without in (("th_usual_plan_coverage", 0.85), ("th_usual_top_coverage", 0.73)):
        usual = template.constants[name]
        assert isinstance(usual, float)
        assert usual + without == pytest.approx(1)
    for target, usual_name in (
        ("th_plan_coverage", "th_usual_plan_coverage"),
        ("th_top_coverage", "th_usual_top_coverage"),
    ):
        wanted, usual = template.constants[target], template.constants[usual_name]
        assert isinstance(wanted, int | float)
        assert isinstance(usual, float)
        assert wanted > usual
