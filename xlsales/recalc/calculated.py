"""The values of a workbook's formulas, and what is left for Excel."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from xlsales.engine.calculation import Calculation
from xlsales.engine.values import cell_value
from xlsales.excel.formulas import cells_of
from xlsales.excel.references import Area
from xlsales.excel.values import Address, CellValue
from xlsales.recalc.book import Book


@dataclass
class Calculated:
    """What became of a workbook's formulas."""

    values: dict[Address, CellValue] = field(default_factory=dict)  # of formulas and of cells that they spill into
    areas: dict[Address, Area] = field(default_factory=dict)  # what array formulas fill now
    left: dict[Address, str] = field(default_factory=dict)  # formulas without a value, each with the reason
    dependent: set[Address] = field(default_factory=set)  # those among them that only depend on others


def calculate(book: Book, now: dt.datetime) -> Calculated:
    """Calculate every formula; `now` is what TODAY() and NOW() say."""
    calculation = Calculation(book.package, book.name, book.formulas, now)
    dependent = calculation.dependents(calculation.left)
    found = Calculated(left=calculation.left | dependent, dependent=set(dependent))
    for address, formula in book.formulas.cells.items():
        if address in found.left:
            continue
        filled = calculation.filled(address) if formula.is_array else None
        if filled is not None:
            found.areas[address] = filled
        for place in cells_of(address, filled):
            found.values[place] = cell_value(calculation.value(place))
    return found
