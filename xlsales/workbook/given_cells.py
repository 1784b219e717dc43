"""The cells of a workbook, whoever saved it last, each as a `Given`: the plain way, one cell after another.

What makes no sense, such as a shared string that is not there, raises an error that `damaged.in_one_line` tells.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import repeat
from typing import TypeAlias

from xlsales.cells import escapes
from xlsales.cells.formulas import Formula
from xlsales.cells.references import row_and_column
from xlsales.cells.values import Address
from xlsales.texts import _
from xlsales.workbook import rich_values, sheet_formulas
from xlsales.workbook.given import DAYS_TO_1904, Given, Kind, serial_of
from xlsales.workbook.sheet_part import Cell, SheetPart
from xlsales.workbook.worksheets import Worksheets

_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TRUTH = re.compile(r"\s*(?:TRUE|FALSE)\s*(?:\(\s*\))?\s*", re.IGNORECASE)
_STYLE = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")


_MOST_SHEETS = 64  # whose formulas are remembered
_MOST_HEADS = 100_000  # opening tags of cells whose formats are remembered
_Formulas: TypeAlias = Mapping[str, Formula]
_KNOWN: OrderedDict[tuple[tuple[str, bytes, bytes], ...], _Formulas] = OrderedDict()


def _formulas(part: SheetPart) -> _Formulas:
    """Return the formulas of a sheet; where another one had the same ones in the same cells, those are known."""
    key = tuple([(cell.reference, cell.head, cell.formula) for cell in part.formulas])
    found = _KNOWN.get(key)
    if found is None:
        found = _KNOWN[key] = dict(sheet_formulas.formulas(part))
        if len(_KNOWN) > _MOST_SHEETS:
            _KNOWN.popitem(last=False)
    else:
        _KNOWN.move_to_end(key)
    return found


class GivenCells:
    """Reads cells of a workbook as they are asked for."""

    def __init__(self, worksheets: Worksheets) -> None:
        self._worksheets = worksheets
        self.from_1904 = worksheets.counts_from_1904
        self._formulas: dict[str, Mapping[str, Formula]] = {}
        self._last_rows: dict[str, int] = {}
        self._rich: dict[str, Mapping[str, str]] = {}
        self._formats = worksheets.formats_by_head

    @cached_property
    def sheets(self) -> tuple[str, ...]:
        """The names of the worksheets."""
        return tuple(self._worksheets.sheets)

    def formulas(self, sheet: str) -> Mapping[str, Formula]:
        """Return the formulas of a sheet by cell, shared ones written out."""
        if sheet not in self._formulas:
            self._formulas[sheet] = _formulas(self._worksheets.sheets[sheet])
        return self._formulas[sheet]

    def formula_columns(self, sheet: str, row: int) -> list[str]:
        """Return the letters of the columns in which a row has formulas."""
        wanted = re.compile(rf"([A-Z]+){row}")
        return [found[1] for cell in self.formulas(sheet) if (found := wanted.fullmatch(cell))]

    def last_row(self, sheet: str) -> int:
        """Return the last row of a sheet with a cell."""
        if sheet not in self._last_rows:
            cells = self._worksheets.sheets[sheet].cells
            one_of_each = dict(zip(map(str.lstrip, cells, repeat(_LETTERS)), cells, strict=False))
            self._last_rows[sheet] = max((row_and_column(cell)[0] for cell in one_of_each.values()), default=0)
        return self._last_rows[sheet]

    def stored(self, sheet: str) -> Mapping[str, Cell]:
        """Return the cells of a sheet as the file has them."""
        return self._worksheets.sheets[sheet].cells

    @property
    def texts(self) -> Sequence[str]:
        """The shared texts by their numbers."""
        return self._worksheets.texts

    def at(self, address: Address) -> Given:
        """Return what stands in a cell; a cell that the file does not have is blank."""
        sheet, reference = address
        cell = self._worksheets.sheets[sheet].cells.get(reference)
        if cell is None:
            return Given(Kind.BLANK, None, sheet, reference, from_1904=self.from_1904)
        formula = self.formulas(sheet).get(reference) if cell.formula else None
        kind, value = content(cell, self.texts, is_formula=formula is not None, from_1904=self.from_1904)
        if formula and value in (0, 1) and is_truth(formula.text):  # so LibreOffice writes what somebody typed
            formula, kind, value = None, Kind.BOOLEAN, bool(value)
        if kind is Kind.ERROR and formula is None and reference in self._rich_cells(sheet):
            return self._rich_given(cell, sheet)
        return Given(kind, value, sheet, reference, formula.text if formula else "", self._format(cell), self.from_1904)

    def _rich_given(self, cell: Cell, sheet: str) -> Given:
        text = self._rich[sheet][cell.reference]
        kind, value = (Kind.TEXT, text) if text else (Kind.ERROR, str(cell.shown))
        return Given(kind, value, sheet, cell.reference, "", self._format(cell), self.from_1904, is_rich=True)

    def _rich_cells(self, sheet: str) -> Mapping[str, str]:
        if sheet not in self._rich:
            part = self._worksheets.sheets[sheet]
            self._rich[sheet] = rich_values.cells(part.content, self._worksheets.contents)
        return self._rich[sheet]

    def held(self, address: Address) -> tuple[Kind, float | str | bool | None]:
        """Return the kind and the value of what stands in a cell, without its formula and format."""
        cell = self._worksheets.sheets[address[0]].cells.get(address[1])
        return (Kind.BLANK, None) if cell is None else self._held(cell)

    def signature(self, sheet: str) -> list[tuple[str, bytes]]:
        """Return the formulas of a sheet as the file has them: where two are alike, so are their formulas."""
        return [(cell.reference, cell.formula) for cell in self._worksheets.sheets[sheet].formulas]

    def _held(self, cell: Cell) -> tuple[Kind, float | str | bool | None]:
        return content(cell, self.texts, is_formula=bool(cell.formula), from_1904=self.from_1904)

    def _format(self, cell: Cell) -> str:
        found = self._formats.get(cell.head)
        if found is None:
            if len(self._formats) > _MOST_HEADS:
                self._formats.clear()
            style = _STYLE.search(cell.head)
            found = self._worksheets.formats.get(int(style[1]) if style else 0) or "General"
            self._formats[cell.head] = found
        return found


def is_truth(formula: str) -> bool:
    """Whether a formula says TRUE or FALSE, and nothing else."""
    return _TRUTH.fullmatch(formula) is not None


def content(
    cell: Cell, texts: Sequence[str], *, is_formula: bool, from_1904: bool
) -> tuple[Kind, float | str | bool | None]:
    """Return the kind and the value of what a cell holds, given the shared texts; no sense raises ValueError."""
    if not cell.has_value:
        return (Kind.NOT_CALCULATED if is_formula else Kind.BLANK), None
    shown = str(cell.shown)
    match cell.kind:
        case "" | "n":
            return Kind.NUMBER, number(shown)
        case "s":
            place = int(shown) if shown.isdecimal() else -1
            if not 0 <= place < len(texts):
                raise ValueError(_("{cell} names a text that is not there").format(cell=cell.reference))
            return _text(texts[place])
        case "str" | "inlineStr":
            return _text(escapes.unescaped(shown))
        case "b":
            if shown.strip() not in ("0", "1", "false", "true"):
                raise ValueError(_("{cell} is neither TRUE nor FALSE").format(cell=cell.reference))
            return Kind.BOOLEAN, shown.strip() in ("1", "true")
        case "e":
            return Kind.ERROR, shown
        case "d":
            return Kind.NUMBER, serial_of(shown) - (DAYS_TO_1904 if from_1904 else 0)
    message = _("{cell} is of a kind that Excel does not know: {kind}")
    raise ValueError(message.format(cell=cell.reference, kind=cell.kind))


def _text(text: str) -> tuple[Kind, str]:
    return (Kind.TEXT if text else Kind.EMPTY_TEXT), text


def number(shown: str) -> float:
    """Return the number that a cell's value spells; anything else raises ValueError."""
    if not _NUMBER.fullmatch(shown) or (found := float(shown)) in (float("inf"), float("-inf")):
        raise ValueError(_("{text} is no number that a cell can hold").format(text=shown[:40]))
    return found + 0.0
