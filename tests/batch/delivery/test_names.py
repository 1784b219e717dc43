"""`--name`: what planners are called, by any column of the territories."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Tables
from xlsales.batch import Batch
from xlsales.batch.delivery.name_patterns import name_pattern
from xlsales.errors import InputError

Run = Callable[..., Batch]


@pytest.fixture
def run_template(light_template: Path) -> Path:
    """What the planners show is all the same here."""
    return light_template


def codes(batch: Batch) -> list[str]:
    return [finding.code for finding in batch.findings if finding.code.startswith("NAME_")]


def planners(out: Path) -> list[str]:
    return sorted(path.stem for path in out.glob("*.xls[mx]") if path.stem not in ("Overview", "findings"))


def test_planners_are_called_by_any_column(run: Run, out: Path, small_tables: Tables) -> None:
    for row, code in zip(small_tables["territories"], ("007", "b/c", "d"), strict=True):
        row |= {"Cost centre": code}
    batch = run(small_tables, name=name_pattern("{cost centre} {Person} – {fiscal_year}"))
    people = [row["person"] for row in small_tables["territories"]]
    assert planners(out) == sorted(
        f"{code} {person} – 2027" for code, person in zip(("007", "b_c", "d"), people, strict=True)
    )
    assert codes(batch) == []
    assert json.loads((out / "run.json").read_bytes())["name"] == "{cost centre} {Person} – {fiscal_year}"


def test_overview_links_to_the_planners_by_their_names(run: Run, out: Path, small_tables: Tables) -> None:
    run(small_tables, name=name_pattern("{person}"))
    sheet = openpyxl.load_workbook(out / "Overview.xlsx")["Overview"]
    targets = {cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert {target.replace("%20", " ") for target in targets} == {path.name for path in out.glob("*.xlsm")} | {
        path.name for path in out.glob("*.xlsx") if path.stem not in ("Overview", "findings")
    }


def test_planners_of_one_name_get_their_territories_behind_it(run: Run, out: Path, small_tables: Tables) -> None:
    for row in small_tables["territories"][1:]:
        row["person"] = "Bo"
    small_tables["territories"][2]["person"] = "BO "  # one file on Windows and macOS
    batch = run(small_tables, name=name_pattern("{person}"))
    assert planners(out) == [small_tables["territories"][0]["person"], "BO T3", "Bo T2"]
    assert codes(batch) == ["NAME_SHARED"]


def test_planner_of_one_territory_is_called_as_in_a_run_for_all(run: Run, out: Path, small_tables: Tables) -> None:
    for row in small_tables["territories"]:
        row["person"] = "Bo"
    run(small_tables, name=name_pattern("{person}"), only=["T2"])
    assert planners(out) == ["Bo T2"]


def test_planner_of_which_the_columns_say_nothing_is_called_by_its_id(
    run: Run, out: Path, small_tables: Tables
) -> None:
    small_tables["territories"][0]["leader"] = "Lee"
    batch = run(small_tables, name=name_pattern("({leader})"))
    assert planners(out) == ["(Lee)", "T2", "T3"]
    assert codes(batch) == ["NAME_EMPTY"]


def test_run_with_another_pattern_is_not_the_one_to_be_resumed(run: Run, out: Path, small_tables: Tables) -> None:
    run(small_tables, name=name_pattern("{person}"))
    with pytest.raises(InputError, match="--name"):
        run(small_tables, resume=True)


def test_planners_of_other_names_are_stale(run: Run, small_tables: Tables) -> None:
    run(small_tables)
    batch = run(small_tables, name=name_pattern("{person}"), overwrite=True)
    assert len(batch.stale) == 3


def test_long_names_are_cut_and_stay_apart(run: Run, out: Path, small_tables: Tables) -> None:
    for row in small_tables["territories"]:
        row["person"] = "x" * 300
    run(small_tables, name=name_pattern("{person}"))
    names = planners(out)
    assert len(set(names)) == 3
    assert max(map(len, names)) < 140


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{persn}", "did you mean {person}?"),
        ("{shoe size}", "there are territory_id, "),
        ("Plan", "name a column of territories in braces"),
        ("", "name a column of territories in braces"),
        ("{}", "write each column in braces"),
        ("{person", "write each column in braces"),
        ("person}", "write each column in braces"),
        ("{person:>20}", "write each column in braces"),
        ("{person!r}", "write each column in braces"),
        ("{region}/{person}", "a file name cannot hold /"),
        ("{region}\\{person}", "a file name cannot hold \\"),
        ("{person}?", "a file name cannot hold ?"),
        ("{person}\t", "a file name cannot hold U+0009"),
        ("{person}.xlsx", "leave out the ending"),
    ],
)
def test_wrong_pattern_is_one_line(run: Run, small_tables: Tables, text: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        run(small_tables, name=name_pattern(text))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_braces_that_are_doubled_stand_for_themselves(run: Run, out: Path, small_tables: Tables) -> None:
    run(small_tables, name=name_pattern("{{{territory_id}}}"))
    assert planners(out) == ["{T1}", "{T2}", "{T3}"]
