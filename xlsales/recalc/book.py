"""A workbook as it is recalculated: its parts, still compressed, and what its formulas refer to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from xlsales.cells import escapes
from xlsales.cells.formulas import Formulas
from xlsales.cells.values import Address, CellValue
from xlsales.errors import InputError
from xlsales.functions import CellError
from xlsales.texts import _
from xlsales.workbook import defined_names, large_arrays, opening, parts
from xlsales.workbook.archive import Parts
from xlsales.workbook.sheet_part import Cell, SheetPart
from xlsales.workbook.worksheets import TRUE, Worksheets

_WITHOUT_VALUES = re.compile(rb"openpyxl|XlsxWriter", re.IGNORECASE)  # libraries that write formulas and no values


@dataclass
class Book:
    """A workbook, read."""

    name: str
    package: bytes
    parts: Parts
    workbook: str = ""  # the name of the workbook part
    sheets: dict[str, SheetPart] = field(default_factory=dict)  # by the sheet's name
    places: dict[str, str] = field(default_factory=dict)  # of the sheets: name → part
    formulas: Formulas = field(default_factory=Formulas)
    is_calculated: bool = True  # a calculation made the values that it has: nothing asks for one to be made

    def stored(self) -> dict[Address, CellValue]:
        """Return the formulas that have a value which a calculation made, each with it."""
        if not self.is_calculated:
            return {}
        cells = {(sheet, cell): self.sheets[sheet].cells[cell] for sheet, cell in self.formulas.cells}
        return {address: value(cell) for address, cell in cells.items() if cell.has_value}


def read(package: bytes, name: str) -> Book:
    """Read a workbook; what is none raises InputError."""
    book = Book(name, package, opening.opened(package, name, is_any=True))
    try:
        _read_workbook(book, book.parts)
        large_arrays.refuse(book.formulas, name)
    except (SyntaxError, KeyError, ValueError) as error:  # lxml's errors are SyntaxErrors
        message = _("{name} is not a workbook that can be read ({error}). Open it in Excel and save it again.")
        raise InputError(message.format(name=name, error=error)) from error
    return book


def _read_workbook(book: Book, contents: Parts) -> None:
    book.workbook = parts.workbook_part(contents)
    worksheets = Worksheets(contents, book.name)
    book.sheets, book.places = worksheets.sheets, worksheets.places
    book.formulas = worksheets.formulas(defined_names.of(contents), are_fixed=False)
    calculation = parts.parse(contents[book.workbook]).find("{*}calcPr")
    if calculation is not None:
        asks = calculation.get("fullCalcOnLoad") in TRUE or calculation.get("calcCompleted", "1") not in TRUE
        book.is_calculated = not asks and calculation.get("calcMode") != "manual"
    book.is_calculated = book.is_calculated and _WITHOUT_VALUES.search(application(book)) is None


def value(cell: Cell) -> CellValue:
    """Return a cell's value; None for one that another part of the workbook has."""
    text = cell.shown or ""
    match cell.kind:
        case "b":
            return text == "1"
        case "e":
            return CellError(text)
        case "str" | "inlineStr":
            return escapes.unescaped(text)
        case "" | "n":
            return float(text)
    return None


def application(book: Book) -> bytes:
    """Return the properties that tell which program wrote the workbook."""
    place = parts.target_of_kind(book.parts, "", "extended-properties")
    return b"" if place is None else book.parts[place]
