"""Columns have the letters that Excel gives them, and cells their places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import cell as theirs

from xlsales.cells.columns import column_index_from_string, coordinate_to_tuple, get_column_letter

ALL = range(1, 18_279)


def test_every_column_has_its_letters() -> None:
    assert [get_column_letter(column) for column in ALL] == [theirs.get_column_letter(column) for column in ALL]
    assert [column_index_from_string(get_column_letter(column)) for column in ALL] == list(ALL)
    assert column_index_from_string("xFd") == 16_384


@pytest.mark.parametrize("column", [0, -1, 18_279])
def test_number_that_is_no_columns_is_refused(column: int) -> None:
    with pytest.raises(ValueError, match="column"):
        get_column_letter(column)


@pytest.mark.parametrize("letters", ["", "A1", "$A", "AAAA", "É", "1", " "])
def test_letters_that_name_no_column_are_refused(letters: str) -> None:
    with pytest.raises(ValueError, match="not a valid column name"):
        column_index_from_string(letters)


@given(st.from_regex(r"\$?[A-Za-z]{0,4}\$?[0-9]{0,8}|.{1,4}", fullmatch=True))
def test_cell_is_read_as_openpyxl_reads_it(cell: str) -> None:
    try:
        wanted: tuple[int, int] | None = theirs.coordinate_to_tuple(cell)
    except (ValueError, UnboundLocalError):
        wanted = None
    try:
        assert coordinate_to_tuple(cell) == wanted
    except ValueError:
        assert wanted is None
