"""References inside formulas: found, moved as a copied cell moves them, and rewritten one by one.

Texts in quotes, quoted sheet names and the brackets of table references are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from xlsales.cells.columns import column_index_from_string, coordinate_to_tuple, get_column_letter

row_and_column: Callable[[str], tuple[int, int]] = lru_cache(maxsize=100_000)(
    coordinate_to_tuple
)  # a cell's row and column
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_SHEET = r"(?:'(?:[^']|'')+'|(?:\[[^\[\]]+\])?[\w.]+(?::[\w.]+)?)!"
_ROW = r"[1-9][0-9]{0,6}"
_CORNER = rf"\$?[A-Za-z]{{1,3}}\$?{_ROW}"
_TOKEN = re.compile(
    rf"""
    "(?:[^"]|"")*"
    | (?P<reference>
        (?<![\w.$\\?!'\#])
        (?P<sheet>{_SHEET})?
        (?:
            (?P<start>{_CORNER}) (?: : (?P<end_sheet>{_SHEET})? (?P<end>{_CORNER}))?
            | (?P<start_row>\$?{_ROW}) : (?P<end_row>\$?{_ROW})
            | (?P<start_column>\$?[A-Za-z]{{1,3}}) : (?P<end_column>\$?[A-Za-z]{{1,3}})
        )
        (?![\w.(\[!\\?])
      )
    | '(?:[^']|'')*'
    | \[ (?: [^\[\]'] | '. | \[ (?:[^\[\]'] | '.)* \] )* \]
    """,
    re.VERBOSE | re.DOTALL,
)
_PARTS = re.compile(r"(\$?)([A-Za-z]*)(\$?)([0-9]*)")
_MOVING_ROW = re.compile(r"(?<![$0-9])[0-9]+$")
_AREA = re.compile(rf"({_CORNER})(?::({_CORNER}))?")


class Corner(NamedTuple):
    """One end of a reference; a whole column has no row, a whole row no column."""

    column: int | None
    row: int | None
    fixed_column: bool
    fixed_row: bool

    def __str__(self) -> str:
        column = "" if self.column is None else "$" * self.fixed_column + get_column_letter(self.column)
        return column + ("" if self.row is None else f"{'$' * self.fixed_row}{self.row}")

    @property
    def exists(self) -> bool:
        """Whether a sheet has this cell."""
        return (self.column is None or 1 <= self.column <= LAST_COLUMN) and (
            self.row is None or 1 <= self.row <= LAST_ROW
        )

    def moved(self, rows: int, columns: int) -> Corner:
        """Return the corner as it stands in a formula copied this far."""
        return self._replace(
            column=self.column if self.column is None or self.fixed_column else self.column + columns,
            row=self.row if self.row is None or self.fixed_row else self.row + rows,
        )


class Reference(NamedTuple):
    """A cell, a range, whole rows or whole columns, as a formula has them; `Sheet!` is part of the prefix."""

    prefix: str
    start: Corner
    end_prefix: str
    end: Corner | None

    def __str__(self) -> str:
        end = "" if self.end is None else f":{self.end_prefix}{self.end}"
        return f"{self.prefix}{self.start}{end}"

    def on(self, sheet: str, own: str) -> bool:
        """Whether it lies on a sheet when the formula stands on the sheet `own`."""
        text = self.prefix[:-1]
        name = text[1:-1].replace("''", "'") if text.startswith("'") else text
        return (name or own).casefold() == sheet.casefold()


def replaced(formula: str, change: Callable[[Reference], Reference]) -> str:
    """Return the formula with every reference as `change` returns it; one outside the sheet becomes #REF!."""

    def rewritten(token: re.Match[str]) -> str:
        reference = _reference(token) if token["reference"] else None
        if reference is None:
            return token[0]
        new = change(reference)
        if new == reference:
            return token[0]
        corners = [new.start] if new.end is None else [new.start, new.end]
        return str(new) if all(corner.exists for corner in corners) else f"{new.prefix}#REF!"

    return _TOKEN.sub(rewritten, formula)


def moved(formula: str, rows: int, columns: int = 0) -> str:
    """Return the formula as Excel copies it `rows` down and `columns` to the right."""
    return replaced(
        formula,
        lambda reference: reference._replace(
            start=reference.start.moved(rows, columns),
            end=reference.end and reference.end.moved(rows, columns),
        ),
    )


def moving_rows(formula: str) -> Iterator[tuple[int, int]]:
    """Yield where the numbers of those rows stand in a formula that move when it is copied down."""
    for token in _TOKEN.finditer(formula):
        if not token["reference"] or _reference(token) is None:
            continue
        for corner in ("start", "end", "start_row", "end_row"):
            row = _MOVING_ROW.search(token[corner] or "")
            if row is not None:
                yield token.end(corner) - len(row[0]), token.end(corner)


class Copied:
    """A formula taken apart once, to be written as copied to other cells, mostly further down."""

    def __init__(self, formula: str) -> None:
        self._formula = formula
        self._pieces: list[str | int] = []  # an integer is a row that moves
        position = 0
        for start, end in moving_rows(formula):
            self._pieces += [formula[position:start], int(formula[start:end])]
            position = end
        self._pieces.append(formula[position:])
        self._lowest = max((piece for piece in self._pieces if isinstance(piece, int)), default=0)

    def by(self, rows: int, columns: int = 0) -> str:
        """Return the formula `rows` further down and `columns` to the right."""
        if rows < 0 or columns or self._lowest + rows > LAST_ROW:
            return moved(self._formula, rows, columns)
        return "".join(piece if isinstance(piece, str) else str(piece + rows) for piece in self._pieces)


def _reference(token: re.Match[str]) -> Reference | None:
    start = token["start"] or token["start_row"] or token["start_column"]
    end = token["end"] or token["end_row"] or token["end_column"]
    found = Reference(
        token["sheet"] or "", _corner(start), token["end_sheet"] or "", _corner(end) if end is not None else None
    )
    real = found.start.exists and (found.end is None or found.end.exists)
    return found if real else None  # else a name, such as TAXES2027


def _corner(text: str) -> Corner:
    found = _PARTS.fullmatch(text)
    assert found is not None
    first, letters, second, digits = found.groups()
    return Corner(
        column_index_from_string(letters.upper()) if letters else None,
        int(digits) if digits else None,
        bool(first and letters),
        bool(second) if letters else bool(first),
    )


class Area(NamedTuple):
    """Cells from one corner to the other, as `ref` and `sqref` have them, without a sheet and dollars."""

    left: int
    top: int
    right: int
    bottom: int

    def __str__(self) -> str:
        first = f"{get_column_letter(self.left)}{self.top}"
        last = f"{get_column_letter(self.right)}{self.bottom}"
        return first if first == last else f"{first}:{last}"

    def meets(self, columns: frozenset[int]) -> bool:
        """Whether it has cells in any of these columns."""
        return any(self.left <= column <= self.right for column in columns)


def area(text: str) -> Area | None:
    """Return the area that a text such as `B6:V406` means; None for whole rows and columns."""
    found = _AREA.fullmatch(text.strip())
    if found is None:
        return None
    start = _corner(found[1])
    end = _corner(found[2]) if found[2] else start
    return Area(start.column or 0, start.row or 0, end.column or 0, end.row or 0)
