"""Several planners: two copies, another year, one that is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xlsales.collection.copies import Expected, expected, settled
from xlsales.collection.planner import Planner, unreadable
from xlsales.errors import InputError


def planner(file: str, territory: str = "T1", sha: str = "", modified: float = 0, year: int = 2027) -> Planner:
    return Planner(file, territory, year, sha or file, modified)


def codes(findings: object) -> list[tuple[str, str]]:
    return [(one.code, one.file) for one in findings]  # type: ignore[attr-defined]


def test_two_plans_of_a_territory_are_both_reported_and_neither_counts() -> None:
    counted, findings = settled([planner("a"), planner("b", "t1"), planner("c", "T2")], "", None)
    assert [one.file for one in counted] == ["c"]
    assert codes(findings) == [("TWO_COPIES", "a"), ("TWO_COPIES", "b")]


def test_the_newest_is_preferred_when_asked_for() -> None:
    counted, findings = settled([planner("a", modified=2), planner("b", modified=1)], "newest", None)
    assert [one.file for one in counted] == ["a"]
    assert codes(findings) == [("NOT_PREFERRED", "b")]


def test_of_two_saved_at_the_same_moment_none_is_the_newest() -> None:
    counted, findings = settled([planner("a"), planner("b")], "newest", None)
    assert not counted
    assert codes(findings) == [("TWO_COPIES", "a"), ("TWO_COPIES", "b")]


def test_a_file_is_preferred_by_its_name() -> None:
    counted, _findings = settled([planner("a"), planner("b")], "b", None)
    assert [one.file for one in counted] == ["b"]


def test_the_same_file_twice_counts_once() -> None:
    counted, findings = settled([planner("a", sha="x"), planner("copy of a", sha="x")], "", None)
    assert [one.file for one in counted] == ["a"]
    assert codes(findings) == [("SAME_FILE", "copy of a")]


def test_of_the_same_file_twice_the_one_with_the_plain_name_counts() -> None:
    counted, findings = settled([planner("T1 (conflicted copy).xlsx", sha="x"), planner("T1.xlsx", sha="x")], "", None)
    assert [one.file for one in counted] == ["T1.xlsx"]
    assert codes(findings) == [("SAME_FILE", "T1 (conflicted copy).xlsx")]


def test_the_same_territory_in_another_year_is_another_plan_and_told() -> None:
    counted, findings = settled([planner("a"), planner("b", year=2026), planner("c", "T2")], "", None)
    assert len(counted) == 3
    assert codes(findings) == [("OTHER_YEAR", "b")]


def test_planners_that_a_run_made_and_nobody_sent_are_missing() -> None:
    wanted = Expected({"T1": "T1.xlsx", "T2": "T2.xlsx"})
    _counted, findings = settled([planner("a"), planner("c", "T9"), unreadable("T2.xlsx", "damaged")], "", wanted)
    assert codes(findings) == [("MISSING", "T2.xlsx"), ("NOT_EXPECTED", "c")]


def test_expected_is_a_run_report(tmp_path: Path) -> None:
    report = tmp_path / "run.json"
    report.write_text(json.dumps({"planners": [{"territory_id": "T1", "file": "T1.xlsx"}], "run_id": "x"}))
    assert expected(report) == Expected({"T1": "T1.xlsx"}, "x")
    one, other = ({"territory_id": key, "file": f"{key}.xlsx"} for key in ("T2", "T3"))
    told = {"planners": [], "left_alone": [{**one, "sha256": "0"}], "not_updated": [one, other]}
    report.write_text(json.dumps(told))
    assert expected(report) == Expected({"T2": "T2.xlsx", "T3": "T3.xlsx"})
    report.write_text("{}")
    with pytest.raises(InputError, match="no run report"):
        expected(report)
