"""What planners take for granted is said: defaults where a territory is blank, a language there is not yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.batches import Run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Tables


def said(batch: object, code: str) -> dict[str | None, str]:
    return {f.column: f.message for f in batch.findings if f.code == code}  # type: ignore[attr-defined]


def test_blank_growth_attrition_and_margin_are_reported_as_defaults_with_their_number(
    run: Run, small_tables: Tables
) -> None:
    for territory, blank in (("T1", ("growth_rate", "gross_margin")), ("T2", ("growth_rate", "attrition_rate"))):
        (row,) = (row for row in small_tables["territories"] if row["territory_id"] == territory)
        for column in blank:
            row[column] = ""
    batch = run(small_tables)
    assert said(batch, "DEFAULT_TAKEN") == {
        "growth_rate": "growth_rate is blank for 2 territories: their planners take 10%, the default.",
        "attrition_rate": "attrition_rate is blank for 1 territory: its planner takes 17%, the default.",
        "gross_margin": "gross_margin is blank for 1 territory: its planner takes 50%, the default.",
    }
    assert {f.severity for f in batch.findings if f.code == "DEFAULT_TAKEN"} == {"info"}
    assert not batch.failed


def test_a_column_that_the_tables_lack_is_a_default_for_everybody(run: Run, small_tables: Tables) -> None:
    for row in small_tables["territories"]:
        del row["selling_weeks"]
    assert said(run(small_tables), "DEFAULT_TAKEN") == {
        "selling_weeks": "selling_weeks is blank for 3 territories: their planners take 52, the default."
    }


def test_nothing_is_said_where_the_territories_say_it_themselves(run: Run, small_tables: Tables) -> None:
    small_tables["activity"] = small_tables["activity"][1:2]  # the other weeks differ from the deals
    small_tables["territories"][0] |= {"growth_rate": "0", "attrition_rate": "0"}  # zero is an answer
    assert run(small_tables).findings == []


@pytest.mark.parametrize(("given", "language"), [("fr", "fr"), ("IT", "it")])
def test_a_language_without_effect_is_said(run: Run, small_tables: Tables, given: str, language: str) -> None:
    small_tables["activity"] = small_tables["activity"][1:2]  # the other weeks differ from the deals
    for row, chosen in zip(small_tables["territories"], (given, given, "en"), strict=True):
        row["language"] = chosen
    (finding,) = run(small_tables).findings
    assert (finding.severity, finding.code, finding.column) == ("warning", "LANGUAGE", "language")
    assert finding.message.startswith(f"2 territories ask for the language “{language}”, which has no effect yet")


def test_assumptions_are_in_the_written_findings_too(run: Run, out: Path, small_tables: Tables) -> None:
    small_tables["territories"][0]["gross_margin"] = ""
    run(small_tables)
    assert "DEFAULT_TAKEN" in (out / "findings.csv").read_text(encoding="utf-8-sig")
