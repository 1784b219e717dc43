"""What no table of Excel's results proves is stored where two engines agree, and left for Excel everywhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.recalc.books import done, openpyxl_book, saved_by_excel, shown, value, why_left
from xlsales.bounded import Bounds
from xlsales.calculation.engine import opinions, witness
from xlsales.calculation.engine.soundness import SOUND, WRONG_TOGETHER
from xlsales.calculation.engine.witness import Question, answers
from xlsales.errors import InputError


def test_second_engine_sees_values_of_every_kind() -> None:
    cells = [(0, 1, 1, 2.5), (0, 2, 1, "007"), (0, 3, 1, True), (0, 4, 1, {"error": "#N/A"}), (1, 1, 1, 40.0)]
    asked = ["A1*2", "A2", "A3", "A4", "'O''Hara & co'!A1+A1", "A9", "1/0", "NO_SUCH(1)", "SUM("]
    formulas = [(0, row, 3, formula) for row, formula in enumerate(asked, start=1)]
    found = answers(Question(["S", "O'Hara & co"], cells, formulas))
    assert found[:5] == [5, "007", True, {"error": "#N/A"}, 42.5]
    assert found[6:8] == [{"error": "#DIV/0!"}, {"error": "#NAME?"}]


@pytest.mark.parametrize(
    ("formula", "excel"),
    [
        ("=FACT(A1)", 120), ("=GCD(A1,10)", 5), ("=PERMUT(A1,2)", 20), ("=2*FACT(A1)+1", 241),
        ('=IF(FACT(A1)=120,"yes","no")', "yes"), ("=FACT(SUM(B1:B3))", 720),
    ],
)  # fmt: skip
def test_value_on_which_two_engines_agree_is_stored(formula: str, excel: Any) -> None:
    assert value(formula, A1=5, B1=1, B2=2, B3=3) == excel


@pytest.mark.parametrize(
    "formula",
    [
        "=ADDRESS(3,7,1,0)",  # the two disagree
        "=TAN(A1)", "=RATE(10,-100,800)", "=IRR(C1:C3)", "=SUMXMY2(B1:B3,B2:B4)",  # wrong together elsewhere
        "=COS(A2)", "=NPV(0.1,C1:C2)",  # what is left of larger numbers
        "=FACT(TODAY())", "=FACT(OFFSET(A1,0,0))", "=FACT(INDIRECT(\"A1\"))", "=FACT(five)",  # not for it
    ],
)  # fmt: skip
def test_formula_without_agreement_that_counts_is_left(formula: str) -> None:
    cells = {"A1": 5, "A2": 1.5707963267948966, "B1": 1, "B2": 2, "B3": 3, "C1": -1e9, "C2": 1.1e9 + 0.5, "C3": 60}
    result = done(openpyxl_book({**cells, "Z1": formula}, names={"five": "S!$A$1"}))
    assert "Z1" not in shown(result.package)
    assert result.left["S", "Z1"]


def test_formula_that_depends_on_one_that_agrees_is_calculated() -> None:
    cells = {"A1": "=FACT(4)", "A2": "=A1+1", "A3": "=GCD(A2,10)", "A4": "=ADDRESS(3,7,1,0)", "A5": '=A4&"x"'}
    result = done(openpyxl_book(cells))
    assert shown(result.package) == {"A1": 24, "A2": 25, "A3": 5}
    assert set(result.left) == {("S", "A4"), ("S", "A5")}


def test_cells_behind_the_last_one_of_a_sheet_are_blank_to_both() -> None:
    assert value("=FACT(ZZ99)", A1=1) == 1
    assert value("=FACT(SUM(A1:A3,ZZ99:ZZ120))", A1=3) == 6


def test_without_the_second_engine_its_formulas_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness, "is_there", lambda: False)
    assert value("=1+1") == 2
    assert "not known to calculate FACT" in why_left("=FACT(5)")


def test_second_engine_that_takes_too_long_is_ended_without_an_answer() -> None:
    sums_for_minutes = [(0, row, 100, f"SUM(A1:BZ{100_000 + row})") for row in range(1, 1000)]
    assert answers(Question(["S"], [], sums_for_minutes), Bounds(seconds=0.3)) == [None] * 999
    assert answers(Question(["S"], [], [(0, 1, 1, "1+1")])) == [2]


@pytest.mark.usefixtures("spawned_workers")  # a copy has memory that it has not used yet
def test_second_engine_that_takes_too_much_memory_is_ended_without_an_answer() -> None:
    question = Question(["S"], [], [(0, 1, 1, "1+1")])
    assert answers(question, Bounds(seconds=20, megabytes=1)) == [None]
    assert answers(question) == [2]


def test_second_engine_answers_one_question_after_the_other_from_its_own_cells_alone() -> None:
    first = Question(["S"], [(0, 1, 1, 2.0), (0, 2, 1, 9.0)], [(0, 3, 1, "SUM(A1:A2)")])
    second = Question(["T"], [(0, 1, 1, 3.0)], [(0, 3, 1, "SUM(A1:A2)"), (0, 4, 1, "S!A1")])
    assert answers(first) == [11]
    assert answers(second)[0] == 3
    assert answers(first) == [11]


def test_nothing_in_the_folder_at_hand_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json", "ironcalc"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('run from the folder of the workbooks')")
    monkeypatch.chdir(tmp_path)
    anew = Bounds(seconds=21)  # a process that is started here
    assert answers(Question(["S"], [(0, 1, 1, 2.0)], [(0, 2, 1, "A1*3")]), anew) == [6]


def test_second_engine_is_not_asked_where_everything_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: Any) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(opinions, "answers", fail)
    assert value("=SUM(A1:A2)*2", A1=1, A2=2) == 6
    with pytest.raises(InputError, match="asked"):
        value("=FACT(3)")


def test_second_engine_that_gave_no_answer_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Question] = []

    def silent(question: Question) -> list[None]:
        asked.append(question)
        return [None] * len(question.formulas)

    monkeypatch.setattr(opinions, "answers", silent)
    cells = {"A1": "=FACT(3)", "A2": "=TODAY()", "A3": "=A1+A2", "A4": "=NO_SUCH(A2)", "A5": "=A4+1"}
    result = done(saved_by_excel(openpyxl_book(cells), {"A2": 46000, "A3": 46006, "A4": 1, "A5": 2}))
    assert ("S", "A1") in result.left
    assert len(asked) == 1


def test_no_function_is_proven_and_known_to_be_wrong() -> None:
    assert not SOUND & WRONG_TOGETHER
