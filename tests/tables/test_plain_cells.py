"""Cells that are looked at together come to what each of them comes to by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.depth import examples
from xlsales.cells.escapes import LONGEST_TEXT
from xlsales.schema import TABLES, Column, Kind
from xlsales.tables.cells import Value, parse_column, parse_each
from xlsales.tables.plain_cells import plain_values

_COLUMNS = {column.kind: column for table in TABLES.values() for column in table}
_PLAIN: dict[Kind, tuple[str, ...]] = {
    Kind.KEY: ("A1", "007", "1e5", "Ä ß", "東京", "😀"),
    Kind.TEXT: ("Acme", " Acme ", "a, b", "😀", "Ä ß"),
    Kind.MONEY: ("5", "-0", "+1.", ".5", "1e3", "-2.5E-3", "0"),
    Kind.RATE: ("0.65", "1", ".5"),
    Kind.COUNT: ("3", "3.0", "-0", "1e2"),
    Kind.NUMBER: ("168", "0.25"),
    Kind.DATE: ("2027-01-31", "1900-03-01", "9999-12-31"),
}
_ODD = (
    *(" ", "\t", "A1 ", "\xa0A1", "a\nb", "\r\n", "a\x01", "\x7f", "\ud800", "\uffff", "a" * (LONGEST_TEXT + 1)),
    *("😀" * (LONGEST_TEXT // 2 + 1), "1_000", "nan", "inf", "1e999", "-1e999", "e5", ".", "+", "1e", "٣", "１", " 5 "),
    *("2.5", "65%", "1,5", "€1", "2027-02-30", "2027-1-31", "20270131", "2027-W04-7", "1900-02-28", "2027-01-31T00:00"),
    *("2027-01-31\n2027-02-01", "２０２７-01-31", 7, 7.0, True, float("nan"), date(2027, 1, 31)),
)


def _each(column: Column, cells: Sequence[object]) -> list[tuple[type, str]] | None:
    """Return what cells come to one by one; None where one of them has a problem."""
    values, problems = parse_each(column, cells)
    return None if problems else _typed(values)


def _typed(values: Sequence[Value]) -> list[tuple[type, str]]:
    return [(type(value), repr(value)) for value in values]


@pytest.mark.parametrize("kind", _PLAIN)
def test_plain_cells_are_read_together(kind: Kind) -> None:
    cells = [*_PLAIN[kind], "", None, *_PLAIN[kind]]
    values = plain_values(kind, cells)
    assert values is not None
    assert _typed(values) == _each(_COLUMNS[kind], cells)
    assert plain_values(kind, []) == []
    assert plain_values(kind, ["", None]) == [None, None]


@settings(max_examples=examples(200), deadline=None)
@given(data=st.data(), kind=st.sampled_from(list(_PLAIN)))
def test_together_is_nothing_else_than_one_by_one(data: st.DataObject, kind: Kind) -> None:
    some = st.sampled_from((*_PLAIN[kind], "", None))
    odd = st.sampled_from(_ODD) | st.text(max_size=4) | st.text("0123456789+-.eE_ %", max_size=6)
    cells = data.draw(st.lists(some | some | some | odd, max_size=5))
    values = plain_values(kind, cells)
    if values is not None:
        assert _typed(values) == _each(_COLUMNS[kind], cells)


@pytest.mark.parametrize("kind", _PLAIN)
@pytest.mark.parametrize("cell", _ODD)
def test_an_odd_cell_among_plain_ones_is_what_it_is_alone(kind: Kind, cell: object) -> None:
    column = _COLUMNS[kind]
    values, problems = parse_column(column, [_PLAIN[kind][0], cell, ""])
    each, told = parse_each(column, [_PLAIN[kind][0], cell, ""])
    assert (_typed(values), problems) == (_typed(each), told)
