"""Columns by their letters, and cells by row and column, as Excel names them: A is 1, ZZZ is 18,278."""

from __future__ import annotations

from functools import lru_cache
from string import ascii_uppercase

_LAST = 18_278
_MOST_LETTERS = 3
_LETTERS = ascii_uppercase + ascii_uppercase.lower()
_PLACES = {letter: place for place, letter in enumerate(ascii_uppercase, start=1)}


@lru_cache(maxsize=_LAST)
def get_column_letter(column: int) -> str:
    """Return the letters of a column, from 1 on; raises ValueError for a number that is none's."""
    if not 1 <= column <= _LAST:
        raise ValueError(f"Invalid column index {column}")
    letters = ""
    while column:
        column, place = divmod(column - 1, len(ascii_uppercase))
        letters = ascii_uppercase[place] + letters
    return letters


@lru_cache(maxsize=_LAST)
def column_index_from_string(letters: str) -> int:
    """Return the number of a column, in capitals or not; raises ValueError for what names none."""
    column = 0
    for letter in letters.upper():
        if letter not in _PLACES:
            column = 0
            break
        column = column * len(ascii_uppercase) + _PLACES[letter]
    if not column or len(letters) > _MOST_LETTERS:
        raise ValueError(f"'{letters}' is not a valid column name. Column names are from A to ZZZ")
    return column


def coordinate_to_tuple(cell: str) -> tuple[int, int]:
    """Return the row and the column of a cell such as C4; raises ValueError for what is none."""
    digits = cell.lstrip(_LETTERS)
    return int(digits), column_index_from_string(cell[: len(cell) - len(digits)])
