import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.findings import (
    CSV_COLUMNS,
    Finding,
    FindingsLog,
    findings_file,
    guarded,
    harmless,
    ordered,
    shown,
    unguarded,
)


def records(findings: list[Finding]) -> list[list[str]]:
    text = io.StringIO(newline="")
    FindingsLog(text).add(findings)
    return list(csv.reader(io.StringIO(text.getvalue(), newline="")))


def written(path: Path, *findings: Finding) -> bytes:
    with findings_file(path) as file:
        FindingsLog(file).add(findings)
    return path.read_bytes()


def test_findings_csv_has_a_mark_for_excel_and_one_row_per_finding(tmp_path: Path) -> None:
    assert written(
        tmp_path / "findings.csv",
        Finding("error", "RATE", "Enter 0.20.", "deals.csv", "deals", 17, "discount", "20", "007"),
    ) == (
        b"\xef\xbb\xbfseverity,code,file,table,row,column,value,territory_id,message\r\n"
        b"error,RATE,deals.csv,deals,17,discount,20,007,Enter 0.20.\r\n"
    )


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30 123", "'+49 30 123"),
        ("-cmd|' /c calc'!A1", "'-cmd|' /c calc'!A1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),  # the tab separates cells in some programs
        ("\r=1", "'\r'=1"),
        ("\ttab", "'\ttab"),
        ("＝1", "'＝1"),
        (" =1", " '=1"),
        ("-5", "-5"),
        ("+1.5e3", "+1.5e3"),
        ("1=1", "1=1"),
        ("", ""),
    ],
)
def test_no_cell_of_findings_csv_is_read_as_a_formula(value: str, cell: str) -> None:
    header, record = records([Finding("error", "TEXT", "Wrong.", value=value)])
    assert tuple(header) == CSV_COLUMNS
    assert record[CSV_COLUMNS.index("value")] == cell


SEPARATORS = [",", ";", "\t", "|", "\n", "\r", "\r\n"]


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("start", "=+-@＝＋－＠")
@pytest.mark.parametrize("before", ["", '"', '""', "'"])
def test_no_cell_is_read_as_a_formula_by_a_program_with_another_separator(
    separator: str, start: str, before: str
) -> None:
    text = f"x{separator}{before}{start}cmd|'/c calc'!A1"
    made = harmless(text)
    assert isinstance(made, str)
    assert made.replace("'", "") == text.replace("'", ""), "still readable"
    for row in csv.reader(io.StringIO(made, newline=""), delimiter=separator[0] if separator[0] not in "\r\n" else ";"):
        assert not [cell for cell in row if cell.strip(' "').startswith(tuple("=+-@＝＋－＠"))]


@pytest.mark.parametrize("text", ["x; y - z", "a, -5 of 9", "3;-5;+1.5", "e-mail@example.com", "50 %; 20", "A+B;C=D"])
def test_a_text_without_anything_like_a_formula_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_every_text_column_is_made_harmless() -> None:
    finding = Finding("info", "X", "=a", "=b.csv", "=c", 2, "=d", "=e", "=f")
    assert records([finding])[1] == ["info", "X", "'=b.csv", "'=c", "2", "'=d", "'=e", "'=f", "'=a"]


def test_a_broken_character_does_not_stop_the_list(tmp_path: Path) -> None:
    assert b"\\ud800" in written(tmp_path / "findings.csv", Finding("error", "KEY", "\ud800"))


def test_findings_come_worst_first_then_by_table_and_row() -> None:
    given = [
        Finding("info", "A", "", "deals.csv", "deals", 2),
        Finding("error", "B", "", "deals.csv", "deals", 9),
        Finding("warning", "C", "", "x.csv"),
        Finding("error", "D", "", "accounts.csv", "accounts", 10),
        Finding("error", "E", "", "accounts.csv", "accounts", 9),
        Finding("error", "F", "", "accounts.csv", "accounts", 9),
        Finding("warning", "G", "", "deals.csv", "deals"),
    ]
    assert [finding.code for finding in ordered(given)] == ["E", "F", "D", "B", "G", "C", "A"]
    log = FindingsLog()
    log.add(given)
    assert log.counts == {"error": 4, "warning": 2, "info": 1}
    assert [finding.code for finding in log.kept] == ["E", "F", "D", "B", "G", "C", "A"]


def test_log_counts_all_and_keeps_the_first_of_each_code() -> None:
    log = FindingsLog()
    for number in range(1500):
        log.add([Finding("warning", "MANY", "", row=number), Finding("info", f"RARE{number % 3}", "")])
    assert log.by_code["warning", "MANY"] == 1500
    assert [finding.row for finding in log.kept if finding.code == "MANY"] == list(range(1000))
    assert log.counts == {"error": 0, "warning": 1500, "info": 1500}


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (
            Finding("error", "X", "Wrong.", "deals.csv", "deals", 17, "amount"),
            "deals.csv, row 17, amount: Wrong.",
        ),
        (Finding("error", "X", "Wrong.", "crm.xlsx", "deals", 17), "crm.xlsx, deals, row 17: Wrong."),
        (Finding("error", "X", "Wrong."), "Wrong."),
    ],
)
def test_a_finding_reads_as_its_place_and_its_message(finding: Finding, text: str) -> None:
    assert str(finding) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1\xa0234,50", "1\\xa0234,50"),
        ("a\tb\n", "a\\tb\\n"),
        ("\u202egpj", "\\u202egpj"),
        ("\ud800", "\\ud800"),
        ("é – 漢", "é – 漢"),
        (7.0, "7"),
        (0.25, "0.25"),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "…"),
    ],
)
def test_values_are_shown_short_and_visible(value: object, text: str) -> None:
    assert shown(value) == text


@given(st.text(alphabet="'=-+@1a;,\t\r\n \"|5＝.e\x85", max_size=9))
def test_a_text_that_was_guarded_comes_back_as_it_was_and_is_no_formula_meanwhile(text: str) -> None:
    cell = str(guarded(text))
    assert unguarded(cell) == text
    assert harmless(text) == text or cell != text
    assert harmless(cell.removeprefix("'")) in (cell, cell.removeprefix("'"))
