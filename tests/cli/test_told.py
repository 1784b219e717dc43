"""What a batch prints of its findings: the same of many territories is said once."""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias

from xlsales.cli.told import counted, lines
from xlsales.findings import Finding, Severity

Counts: TypeAlias = dict[tuple[Severity, str], int]


def told(*findings: Finding, unlisted: int = 0) -> list[str]:
    counts: Counter[tuple[Severity, str]] = Counter((one.severity, one.code) for one in findings)
    if findings:
        counts[findings[0].severity, findings[0].code] += unlisted
    return [line for _severity, line in lines(findings, counts)]


def differ(territory_id: str, table: str = "activity") -> Finding:
    message = f"Weeks that differ: {territory_id}."
    return Finding("warning", "SALES_DIFFER", message, table=table, territory_id=territory_id)


def test_what_thirty_territories_have_alike_is_one_line_with_the_first_of_them() -> None:
    (line,) = told(*(differ(f"T{number:02}") for number in range(1, 31)))
    assert line == (
        "  warning activity of 30 territories (T01, T02, T03…): in T01, for example: Weeks that differ: T01."
    )


def test_three_territories_are_all_named() -> None:
    (line,) = told(differ("N"), differ("S"), differ("W"))
    assert "3 territories (N, S, W):" in line


def test_what_one_territory_has_is_told_with_its_name() -> None:
    assert told(differ("T01")) == ["  warning activity of territory T01: Weeks that differ: T01."]


def test_tables_are_told_apart() -> None:
    assert [line.split(" of ")[0] for line in told(differ("A"), differ("B", "checkins"))] == [
        "  warning activity",
        "  warning checkins",
    ]


def test_several_findings_of_one_territory_are_told_one_by_one() -> None:
    found = [differ("T01"), Finding("warning", "SALES_DIFFER", "Another.", table="activity", territory_id="T01")]
    assert [line.rpartition(": ")[2] for line in told(*found)] == ["T01.", "Another."]


def test_rows_and_files_are_told_by_their_places() -> None:
    row = Finding("error", "BAD", "No number.", "deals.csv", "deals", 7, "amount", "x", "T01")
    file = Finding("error", "BAD", "Not written.", "T01.xlsm", territory_id="T01")
    assert told(row, file) == ["  error   deals.csv, row 7, amount: No number.", "  error   T01.xlsm: Not written."]


def test_what_is_left_out_is_counted() -> None:
    found = [Finding("info", "SAME", f"{number}.", "a.csv", "a", number) for number in range(2, 10)]
    assert told(*found, unlisted=4)[-1] == "  … and 7 more of SAME: see findings.csv."
    assert len(told(*found[:5])) == 5
    territories = [differ(f"T{number}") for number in range(9)]
    assert told(*territories, unlisted=2)[-1] == "  … and 2 more of SALES_DIFFER: see findings.csv."


def test_nothing_found_is_nothing_told() -> None:
    assert told() == []


def test_what_is_not_listed_is_found_where_it_stands() -> None:
    many = [Finding("warning", "SAME", "m", "deals.csv", "deals", row) for row in range(1, 8)]
    counts: Counts = {("warning", "SAME"): 7}
    assert [line for _level, line in lines(many, counts, "here.csv")][-1].endswith("2 more of SAME: see here.csv.")
    assert [line for _level, line in lines(many, counts, None)][-1].endswith("SAME: --findings FILE.csv lists them.")


def test_more_findings_than_are_told_are_counted_first() -> None:
    assert counted({("info", "A"): 5, ("error", "B"): 1}) is None
    kinds: Counts = {
        ("info", "A"): 1,
        ("error", "B"): 1,
        ("warning", "D"): 1200,
        ("warning", "C"): 3,
        ("error", "E"): 0,
    }
    assert counted(kinds) == "Findings: errors 1 (1 B); warnings 1,203 (3 C, 1,200 D); notes 1 (1 A)."
