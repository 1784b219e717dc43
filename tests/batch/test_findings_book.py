"""`findings.xlsx`: every finding, the worst first, with a link to its planner where one was made."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest

from xlsales.batch import findings_book
from xlsales.findings import CSV_COLUMNS, Finding, FindingsLog

CHUNKS = [
    [Finding("error", "RATE", "Enter 0.20.", "deals.csv", "deals", 17, "discount", "=1+1", "T1")],
    [
        Finding("warning", "ODD", "+Look.", "x.csv", None, None, None, None, "T 2#"),
        Finding("info", "NOTE", "Ignored."),
    ],
    [Finding("error", "GONE", "Not made.", territory_id="T9")],
]


def write(path: Path) -> None:
    log = FindingsLog()
    for chunk in CHUNKS:
        log.add(chunk)
    with path.open("w+b") as file:
        findings_book.write(file, lambda: CHUNKS, log, {"T1": "T1 North.xlsm", "T 2#": "T 2# 50%.xlsm"})


def test_findings_are_a_table_with_links_to_the_planners_that_were_made(tmp_path: Path) -> None:
    write(tmp_path / "findings.xlsx")
    book = openpyxl.load_workbook(tmp_path / "findings.xlsx")
    sheet = book.worksheets[0]
    header, *rows = (list(row) for row in sheet.values)
    assert (sheet.title, book.active) == ("Findings", sheet)
    assert [name for name in header if name != "planner"] == list(CSV_COLUMNS)
    first = dict(zip(header, rows[0], strict=True))
    assert [row[:2] for row in rows] == [["error", "RATE"], ["error", "GONE"], ["warning", "ODD"], ["info", "NOTE"]]
    assert (first["row"], first["value"], first["planner"]) == (17, "=1+1", "T1 North.xlsm")
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    column = header.index("planner") + 1
    links = [sheet.cell(row, column).hyperlink for row in range(2, 6)]
    assert [unquote(link.target) if link else None for link in links] == ["T1 North.xlsm", None, "T 2# 50%.xlsm", None]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:J5")
    assert sheet.column_dimensions["J"].width > 60
    assert list(book["Summary"].values)[1:] == [
        ("error", "GONE", 1),
        ("error", "RATE", 1),
        ("warning", "ODD", 1),
        ("info", "NOTE", 1),
    ]


def test_very_many_findings_are_cut_and_the_workbook_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings_book, "MOST", 3)
    write(tmp_path / "findings.xlsx")
    book = openpyxl.load_workbook(tmp_path / "findings.xlsx")
    assert [row[0] for row in book["Findings"].values] == ["severity", "error", "error", "warning"]
    assert book["Summary"]["D1"].value == (
        "The first 3 of 4 findings are here, the worst first; findings.csv holds all of them."
    )


def test_no_findings_are_an_empty_table(tmp_path: Path) -> None:
    with (tmp_path / "findings.xlsx").open("w+b") as file:
        findings_book.write(file, list, FindingsLog(), {})
    book = openpyxl.load_workbook(tmp_path / "findings.xlsx")
    assert len(list(book["Findings"].values)) == 1
