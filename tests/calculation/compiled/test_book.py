"""Cells that hold constants of every kind, as formulas see them beside inputs."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from tests.calculation.compiled.books import book, differences, given
from xlsales.calculation.compiled import Compiled
from xlsales.calculation.session import Session
from xlsales.workbook.template import parse


@pytest.mark.parametrize("held", [5, 2.5, "x", "", True, dt.date(2027, 1, 31), "#N/A", None])
def test_constant_is_what_the_calculation_engine_takes_it_for(held: Any) -> None:
    template = book("=IF(A1=1,E1,0)", "=E1*A1", "=E1&A1", "=COUNT(E1:E2)+A1", "=IF(A1=1,E3,0)", E1=held)
    session, compiled = Session(template), Compiled(template)
    for inputs in (given(1), given(2), given(0.5)):
        found = compiled.calculated([inputs])[0]
        assert differences(compiled.addresses, found, session.calculated([inputs])[0]) == {}


@pytest.mark.parametrize(("held", "number"), [(dt.datetime(2027, 1, 31, 18), 46418.75), (dt.time(6), 0.25)])
def test_time_of_day_counts(held: dt.datetime | dt.time, number: float) -> None:
    compiled = Compiled(book("=E1*A1", E1=held))
    assert dict(zip(compiled.addresses, compiled.calculated([given(2)])[0], strict=True))["S", "C1"] == 2 * number


def test_name_that_one_sheet_has_for_itself_is_the_engine_s() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(book("=A1+several").package))
    workbook["S"].defined_names["several"] = DefinedName("several", attr_text="S!$A$4")
    saved = io.BytesIO()
    workbook.save(saved)
    compiled = Compiled(parse(saved.getvalue(), "book.xlsx"))
    assert compiled.slow == {("S", "C1"): "the reference several is not compiled"}
    assert dict(zip(compiled.addresses, compiled.calculated([given(1, 2, 3, 40)])[0], strict=True))["S", "C1"] == 41
