"""References to tables, as the cells that they mean."""

from __future__ import annotations

import pytest

from xlsales.calculation.engine.table_references import UnknownTableReferenceError, as_cells
from xlsales.cells.formulas import Table
from xlsales.cells.references import Area

# My deals!A1:C5: headings, three rows, a total
TABLES = {"tbldeals": Table("My deals", Area(1, 1, 3, 5), 1, 1, ("ID", "Amount, net", "a#[b]"))}
PLACE = ("My deals", "E3")


@pytest.mark.parametrize(
    ("formula", "cells"),
    [
        ("SUM(tblDeals[ID])", "SUM('My deals'!$A$2:$A$4)"),
        ("TBLDEALS[[#This Row],[ID]]*2", "'My deals'!$A$3*2"),
        ("SUM(tblDeals[[#This Row],[ID]:[Amount, net]])", "SUM('My deals'!$A$3:$B$3)"),
        ("ROWS(tblDeals[#All])", "ROWS('My deals'!$A$1:$C$5)"),
        ("ROWS(tblDeals)", "ROWS('My deals'!$A$2:$C$4)"),
        ("SUM(tblDeals[[ID]:[Amount, net]])", "SUM('My deals'!$A$2:$B$4)"),
        ("SUM(tblDeals[ [Amount, net] ])", "SUM('My deals'!$B$2:$B$4)"),
        ("tblDeals[[#Headers],[ID]]", "'My deals'!$A$1"),
        ("tblDeals[[#Totals],[ID]]", "'My deals'!$A$5"),
        ("COUNTA(tblDeals[[#Headers],[#Data],[ID]])", "COUNTA('My deals'!$A$1:$A$4)"),
        ("SUM(tblDeals[a'#'[b']])", "SUM('My deals'!$C$2:$C$4)"),
        ('"tblDeals[ID]"&A1', '"tblDeals[ID]"&A1'),
        ("[1]Sheet1!A1+tblDealsOld", "[1]Sheet1!A1+tblDealsOld"),
        ("A1+B2", "A1+B2"),
    ],
)
def test_reference_is_written_as_cells(formula: str, cells: str) -> None:
    assert as_cells(formula, PLACE, TABLES) == cells


@pytest.mark.parametrize("formula", ["tblDeals[Nothing]", "tblOther[ID]", "tblDeals[[#Nothing],[ID]]"])
def test_reference_to_what_is_not_there_is_an_error(formula: str) -> None:
    with pytest.raises(UnknownTableReferenceError):
        as_cells(formula, PLACE, TABLES)


@pytest.mark.parametrize("place", [("My deals", "E1"), ("My deals", "E5"), ("Other", "E3")])
def test_this_row_is_an_error_outside_the_tables_rows(place: tuple[str, str]) -> None:
    with pytest.raises(UnknownTableReferenceError):
        as_cells("tblDeals[[#This Row],[ID]]", place, TABLES)
