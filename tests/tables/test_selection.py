"""`--only`: some territories, and the rows of the others as if they were not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from xlsales.errors import InputError
from xlsales.findings import Finding
from xlsales.tables import parted, validate
from xlsales.tables.selection import selection

TERRITORIES = """territory_id,territory_name,person,leader,region,fiscal_year,currency,revenue_goal
T01,North,Ada,Lee,Upper,2027,EUR,1
T02,South,Bo,Lee,Lower,2027,EUR,1
X03,West,Cy,Kim,Lower,2028,EUR,no number
"""
DEALS = "territory_id,deal_id\nT01,D1\nT02,D2\nX03,D3\nX03,\nT99,D4\n,D5\n"

Made = Callable[..., tuple[list[str], list[Finding]]]


@pytest.fixture(params=[50_000, 2])
def made(tmp_path: Path, request: pytest.FixtureRequest) -> Made:
    """The territories that are made, and the findings; from one part and from several."""
    (tmp_path / "territories.csv").write_text(TERRITORIES, encoding="utf-8")
    (tmp_path / "deals.csv").write_text(DEALS, encoding="utf-8")

    def made(*only: str) -> tuple[list[str], list[Finding]]:
        ids: list[str] = []
        findings: list[Finding] = []
        with parted(tmp_path, rows=request.param, selected=selection(only)) as parts:
            for part in parts:
                validated = validate(part)
                ids += validated.territory_ids
                findings += validated.findings
        return ids, findings

    return made


@pytest.mark.parametrize(
    ("only", "ids"),
    [
        (["T01"], ["T01"]),
        (["t01, t02"], ["T01", "T02"]),
        (["T0*"], ["T01", "T02"]),
        (["T?2"], ["T02"]),
        (["leader=lee"], ["T01", "T02"]),
        (["region=Lower", "T01"], ["T01", "T02"]),
        (["Region = lower,upper", "leader=K*"], ["T01", "T02"]),
        (["fiscal_year=2027"], ["T01", "T02"]),
    ],
)
def test_chosen_territories_are_made(made: Made, only: list[str], ids: list[str]) -> None:
    assert made(*only)[0] == ids


def test_rows_of_others_are_not_mentioned(made: Made) -> None:
    _ids, findings = made("T01")
    told = {(finding.code, finding.row) for finding in findings}
    assert told == {("TERRITORY_UNKNOWN", 6), ("MISSING", 7)}  # of rows as they are in the file


@pytest.mark.parametrize("only", ["T9*", "leader=nobody", "region="])
def test_nothing_chosen_is_one_line(made: Made, only: str) -> None:
    with pytest.raises(InputError, match=r"--only"):
        made(only)


def test_unknown_column_is_told_with_the_one_that_was_meant() -> None:
    with pytest.raises(InputError, match=r"territories have no column leder: did you mean leader\?"):
        selection(["leder=Lee"])
