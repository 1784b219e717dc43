"""A workbook that aborts the calculation, or never ends it, costs itself alone: one line, and the others are done."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula

from tests.recalc.books import AS_OF, openpyxl_book, shown
from xlsales.bounded import Bounds, ExceededError, Worker
from xlsales.errors import InputError
from xlsales.recalc import recalculated
from xlsales.recalc.files import Options, recalculate
from xlsales.recalc.worker import Recalculator
from xlsales.workbook.template import parse

pytestmark = pytest.mark.usefixtures("spawned_workers")  # as outside of these tests
FEW = Bounds(seconds=4, megabytes=768)
SLOW = {"A1": 1, **{f"A{row}": f"=A{row - 1}+1" for row in range(2, 100_000)}}
LARGE = openpyxl_book({"A1": '=LEN(SUBSTITUTE(REPT("a",32767),"a",REPT("b",32767)))'})
GOOD = openpyxl_book({"A1": "=CLOSE_RATIO(1,4)"})


def with_far_cell(formula: object, name: str = "") -> bytes:
    """A sheet whose last cell alone has a value, and a formula on another one."""
    workbook = openpyxl.Workbook()
    workbook.active.title = "Far"
    workbook.active["XFD1048576"] = 1
    other = workbook.create_sheet("S")
    other["A1"], other["A2"] = formula, "=CLOSE_RATIO(1,4)"
    if name:
        workbook.defined_names["everything"] = DefinedName("everything", attr_text=name)
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


@pytest.mark.unsound("a cell in the last corner")
@pytest.mark.parametrize(
    ("formula", "name"),
    [
        ("=SUM(Far!A1:XFD1048576)", ""),
        ("=SUM(Far!A:XFD)", ""),
        ("=SUM(Far!1:1048576)", ""),
        ('=COUNTIF(Far!$A$1:$XFD$1048576,"x")', ""),
        ("=SUMPRODUCT(Far!A:XFD*1)", ""),
        ("=MAX(Far!B2:XFD1048576)", ""),
        ("=IF(A2>1,SUM(Far!A:XFD),1)", ""),
        ("=SUM(everything)", "Far!$A:$XFD"),
        ("=SUM(INDEX(Far!A:XFD,0,0))", ""),
        ("=SUM(OFFSET(Far!A1,0,0,1048576,16384))", ""),
        ('=SUM(INDIRECT("Far!A1:XFD1048576"))', ""),
        ("=SUM(A1:INDEX(Far!A:XFD,9,9))", ""),
        ("=SUM(everything)", 'INDIRECT("Far!A1:XFD1048576")'),
    ],
)
def test_formula_that_reads_a_whole_sheet_with_a_far_cell_is_left_for_excel(formula: str, name: str) -> None:
    result = recalculated(with_far_cell(formula, name), "x.xlsx", AS_OF)
    assert result.left.keys() == {("S", "A1")}
    assert "whose last cell is far from the others" in result.left["S", "A1"]
    assert result.recalculated == 1


@pytest.mark.unsound("a cell in the last corner")
@pytest.mark.parametrize("formula", ["=SUM(Far!A:A)", "=Far!XFD1048576+1", "=SUM(Far!XFD1:XFD1048576)"])
def test_far_cell_hinders_no_formula_that_reads_few_cells(formula: str) -> None:
    assert recalculated(with_far_cell(formula), "x.xlsx", AS_OF).recalculated == 2


@pytest.mark.unsound("a cell in the last corner")
def test_workbook_that_is_never_calculated_is_left_and_the_next_is_done(tmp_path: Path) -> None:
    slow, large, good = tmp_path / "slow.xlsx", tmp_path / "large.xlsx", tmp_path / "good.xlsx"
    endless = openpyxl_book(SLOW)
    slow.write_bytes(endless)
    large.write_bytes(LARGE)
    good.write_bytes(GOOD)
    with Recalculator(FEW) as recalculator:
        for path in (slow, large):
            with pytest.raises(InputError, match=f"{path.name} could not be calculated.* It was left as it is") as told:
                recalculate(path, Options(as_of=AS_OF), recalculator)
            assert "\n" not in str(told.value)
        assert recalculate(good, Options(as_of=AS_OF), recalculator).changed == 1
    assert (slow.read_bytes(), large.read_bytes()) == (endless, LARGE)
    assert shown(good.read_bytes()) == {"A1": 0.25}


def test_array_formula_over_a_whole_sheet_is_refused_with_its_cell() -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = ArrayFormula("A1:XFD1048576", "=B1:B3*2")
    saved = io.BytesIO()
    workbook.save(saved)
    for read in (lambda one: recalculated(one, "x.xlsx"), lambda one: parse(one, "x.xlsx")):
        with pytest.raises(InputError, match=r"x\.xlsx, Sheet!A1: This array formula fills A1:XFD1048576"):
            read(saved.getvalue())


def test_process_is_kept_for_the_next_workbook_and_ends_with_the_last() -> None:
    with Recalculator(FEW) as recalculator:
        first = recalculator.recalculated(GOOD, "a.xlsx", AS_OF, everything=False)
        process = recalculator._worker._process
        assert process is not None
        with pytest.raises(InputError, match="it is empty"):
            recalculator.recalculated(b"", "b.xlsx", AS_OF, everything=False)
        assert recalculator._worker._process is process
        assert recalculator.recalculated(GOOD, "a.xlsx", AS_OF, everything=False) == first
    assert process.poll() is not None


@pytest.mark.parametrize(
    ("question", "is_late"),
    [
        ("while True: pass", True),
        ("import os; os.abort()", False),
        ("a = [bytearray(1 << 20) for _ in range(9000)]", False),
    ],
    ids=["endless", "abort", "memory"],
)
def test_work_that_never_ends_or_ends_its_process_is_told_apart(question: str, *, is_late: bool) -> None:
    with Worker("tests.recalc.executing", Bounds(seconds=3, megabytes=512)) as worker:
        with pytest.raises(ExceededError) as exceeded:
            worker.ask(question)
        assert exceeded.value.is_late is is_late
        assert worker.ask("answer = 6 * 7") == 42  # in a new process


def test_process_that_starts_while_others_end_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def slow(*given: Any, **more: Any) -> subprocess.Popen[bytes]:
        started.append(popen(*given, **more))
        worker.__exit__()  # another thread is done with all of them
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", slow)
    worker = Worker("tests.recalc.executing", FEW)
    with pytest.raises(ExceededError):
        worker.ask("1")
    assert started[0].returncode is not None
    assert started[0].stdin is None or started[0].stdin.closed
