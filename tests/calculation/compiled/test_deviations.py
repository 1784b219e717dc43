"""Where compiled formulas give what Excel gives and the calculation engine does not; LibreOffice is the referee."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests import libreoffice
from tests.calculation.compiled.books import book, given, shown
from xlsales.calculation.compiled import Compiled
from xlsales.calculation.session import Session
from xlsales.cells.values import InputValue


@dataclass(frozen=True)
class Deviation:
    """A formula on which they differ."""

    formula: str
    inputs: tuple[InputValue, ...]
    engine: Any  # None where its result is left for Excel
    excel: Any
    reason: str
    libreoffice: bool = True  # whether LibreOffice gives what Excel gives


CASES = (
    Deviation("=A1/A2&A3", (1, 3, "x"), None, "0.333333333333333x", "texts get 15 digits"),
    Deviation("=A1+A2&A3", (0.1, 0.2, "x"), None, "0.3x", "texts get 15 digits"),
    Deviation("=A1=A2", ("É", "é"), True, True, "letter case does not count in any alphabet"),
    Deviation("=UPPER(A1)", ("é",), "É", "É", "capitals in any alphabet"),
    Deviation("=LOWER(A1)", ("ŁÓDŹ",), "łódź", "łódź", "small letters in any alphabet"),
    Deviation("=LEN(A1)", ("é😀",), None, 3.0, "letters beyond 65,536 count twice", libreoffice=False),
    Deviation("=FIND(A2,A1)", ("é😀x", "x"), None, 4.0, "letters beyond 65,536 count twice", libreoffice=False),
    Deviation("=A1<A2", ("a_1", "a1"), True, True, "signs come before digits", libreoffice=False),
    Deviation('=COUNTIF(A1:A6,"?")', ("é", "xy"), 1.0, 1.0, "? is one character, whatever its bytes"),
    Deviation("=SUMPRODUCT(A1:A2,A3:A4)", ("5", 1, 2, 3), None, 3.0, "texts in ranges count 0"),
    Deviation("=MATCH(A1,{1,3,5},1)", ("5",), None, "#N/A", "a text is no number to MATCH", libreoffice=False),
    Deviation("=EDATE(A1,1)", (2958465,), None, "#NUM!", "the calendar ends in 9999", libreoffice=False),
    Deviation("=DATE(A1+2000,1,1)", (46418,), None, "#NUM!", "the calendar ends in 9999", libreoffice=False),
    Deviation("=WEEKDAY(A1)", (1e10,), "#NUM!", "#NUM!", "the calendar ends in 9999", libreoffice=False),
    Deviation('=TEXT(A1,"0")', (True,), "TRUE", "TRUE", "a truth is a text to TEXT", libreoffice=False),
    Deviation("=MOD(A1,A2)", ("7", 5), 2.0, 2.0, "a text may say a number"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.formula} {case.reason}")
def test_compiled_formula_gives_what_excel_gives(case: Deviation) -> None:
    template = book(case.formula)
    inputs = given(*case.inputs)
    found = dict(zip(template.formulas, Compiled(template).calculated([inputs])[0], strict=True))
    engine = Session(template).values(inputs)
    assert (shown(found["S", "C1"]), shown(engine["S", "C1"])) == (case.excel, case.engine)


@libreoffice.needed()
@pytest.mark.libreoffice
def test_libreoffice_gives_it_too(tmp_path: Path) -> None:
    cases = [case for case in CASES if case.libreoffice]
    paths = [tmp_path / f"case {number}.xlsx" for number, _case in enumerate(cases)]
    for case, path in zip(cases, paths, strict=True):
        cells = {cell: value for (_sheet, cell), value in given(*case.inputs).items()}
        path.write_bytes(book(case.formula, **cells).package)
    made = libreoffice.recalculated(paths, tmp_path / "recalculated")
    found = {case.formula: _first(path) for case, path in zip(cases, made, strict=True)}
    assert found == {case.formula: case.excel for case in cases}


def _first(path: Path) -> Any:
    value = openpyxl.load_workbook(path, data_only=True)["S"]["C1"].value
    return float(value) if type(value) is int else value
