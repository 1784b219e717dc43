"""The command that recalculates corpora: it sees each value that changes, and tells which have no cause."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests import corpora
from tests.precedents import Precedents
from tests.recalc.books import done, openpyxl_book, saved_by_excel, with_parts
from tests.recalc.books import parts as parts_of
from xlsales.cells.formulas import Formula, Formulas, Table
from xlsales.cells.references import Area

CELLS = {"A1": 1, "A2": "=TODAY()", "A3": "=A2+A1", "A4": "=NO_SUCH(A3)", "A5": "=A1*2", "A6": "=NO_SUCH(A1)"}
STORED = {"A2": 40000, "A3": 40001, "A4": 5, "A5": 7, "A6": 8}
SHEET = "xl/worksheets/sheet1.xml"


def saved() -> bytes:
    return saved_by_excel(openpyxl_book(CELLS), STORED)


def test_each_value_that_changes_is_counted_with_its_cause(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "book.xlsx").write_bytes(saved())
    (tmp_path / "mine" / "none.xlsx").write_bytes(b"none")
    changes = tmp_path / "changes.csv"
    assert corpora.main([str(tmp_path / "mine"), "--changes", str(changes)]) == 0
    told = capsys.readouterr()
    columns, figures = (line.split() for line in told.out.replace("no cause", "no_cause").splitlines()[:2])
    assert dict(zip(columns, figures, strict=True)) == {
        "corpus": "mine", "workbooks": "2", "refused": "1", "formulas": "5", "stored": "5", "kept": "2",
        "calculated": "2", "left": "1", "changed": "2", "emptied": "1", "no_cause": "0",
    }  # fmt: skip
    assert "none.xlsx" in told.err
    causes = {line.split(",")[1]: line.split(",")[-1] for line in changes.read_text("utf-8").splitlines()[1:]}
    assert causes == {"S!A2": "TODAY", "S!A3": "S!A2", "S!A4": "S!A3"}


def test_saved_at_two_moments_it_is_the_same_workbook() -> None:
    assert parts_of(saved())["docProps/core.xml"].count(b"2027-01-31T12:00:00Z") == 2


@pytest.mark.parametrize(
    ("part", "old", "new", "place"),
    [
        (SHEET, b"<v>7</v>", b"<v>2</v>", "S!A5"),
        (SHEET, b"<v>8</v>", b"", "S!A6"),
        (SHEET, b"<v>1</v>", b"<v>3</v>", "S!A1"),
        (SHEET, b"<sheetData>", b"<sheetData >", SHEET),
        ("docProps/core.xml", b"openpyxl", b"somebody", "docProps/core.xml"),
    ],
)
def test_change_without_a_cause_is_told(part: str, old: bytes, new: bytes, place: str) -> None:
    result = done(saved())
    content = parts_of(result.package)[part]
    assert content.count(old) == 1
    wrong = replace(result, package=with_parts(result.package, {part: content.replace(old, new)}))
    lines = corpora.compared(saved(), wrong, "book.xlsx").lines
    assert [line[0] for line in lines if not line[-1]] == [place]


@pytest.mark.parametrize(
    ("formula", "causes"),
    [
        ("A1+1", True), ("SUM($A$1:B3)", True), ("SUM(A:A)", True), ("SUM(1:2)", True), ("s!A1", True),
        ("rate*2", True), ("T!A1", False), ("SUM(A2:A9)", False), ("tbl[x]", True), ("other+1", False),
        ("'it''s'!A1", False),
        ("INDIRECT(\"A\"&2)", True), ("SUM(S:T!A1)", True), ("\"A1\"", False), ("LOG10(2)", False),
    ],
)  # fmt: skip
def test_precedents_are_what_a_formula_refers_to(formula: str, causes: bool) -> None:
    formulas = Formulas({("S", "Z9"): Formula(formula)}, sizes={"S": (9, 26), "T": (9, 9), "it's": (1, 1)})
    formulas.names = {("", "rate"): "S!$A$1", ("", "other"): "T!$A$1"}
    formulas.tables = {"tbl": Table("S", Area(1, 1, 1, 3), 1, 0, ("x",))}
    told: Any = Precedents(formulas).cause(("S", "Z9"), {("S", "A1"), ("S", "Z9")})
    assert bool(told) == causes
