"""A workbook as it is recalculated: its parts, still compressed, and what its formulas refer to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from openpyxl.utils.cell import coordinate_to_tuple

from xlsales.cells import escapes
from xlsales.cells.formulas import Formulas, Table
from xlsales.cells.references import area
from xlsales.cells.values import Address, CellValue
from xlsales.errors import InputError
from xlsales.functions import CellError
from xlsales.texts import _
from xlsales.workbook import large_arrays, opening, parts, sheet_part
from xlsales.workbook.archive import Parts
from xlsales.workbook.external_links import linked_files
from xlsales.workbook.sheet_formulas import formulas
from xlsales.workbook.sheet_part import Cell, SheetPart
from xlsales.workbook.vba.functions_in import own_functions

_HIDDEN_ROW = re.compile(rb"""<(?:[\w.-]+:)?row\b[^>]*\bhidden\s*=\s*["'](?:1|true)["']""")
_TRUE = ("1", "true", "on")
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
    root = parts.parse(contents[book.workbook])
    properties, calculation = root.find("{*}workbookPr"), root.find("{*}calcPr")
    book.formulas.counts_from_1904 = properties is not None and properties.get("date1904") in _TRUE
    if calculation is not None:
        book.formulas.rounds_as_shown = calculation.get("fullPrecision", "1") not in _TRUE
        book.formulas.iterates = calculation.get("iterate") in _TRUE
        asks = calculation.get("fullCalcOnLoad") in _TRUE or calculation.get("calcCompleted", "1") not in _TRUE
        book.is_calculated = not asks and calculation.get("calcMode") != "manual"
    book.is_calculated = book.is_calculated and _WITHOUT_VALUES.search(application(book)) is None
    book.places = parts.sheet_parts(contents)
    titles = [sheet.get("name") for sheet in root.iter("{*}sheet")]
    for defined in root.iter("{*}definedName"):
        scope = defined.get("localSheetId")
        sheet = "" if scope is None else titles[int(scope)]
        book.formulas.names[sheet, defined.get("name").lower()] = escapes.formula(defined.text or "")
    book.formulas.functions = own_functions(contents)
    book.formulas.links = linked_files(contents)
    for sheet, place in book.places.items():
        _read_sheet(book, contents, sheet, place)


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


def _read_sheet(book: Book, contents: Parts, sheet: str, place: str) -> None:
    part = sheet_part.read(contents[place], f"{book.name}, {sheet}")
    book.sheets[sheet] = part
    book.formulas.hides_rows = book.formulas.hides_rows or _HIDDEN_ROW.search(part.content) is not None
    columns = (coordinate_to_tuple(reference)[1] for reference in part.cells)
    book.formulas.sizes[sheet] = (max(part.rows, default=1), max(columns, default=1))
    for reference, formula in formulas(part):
        book.formulas.cells[sheet, reference] = formula
    for kind, target in parts.targets(contents, place).values():
        if kind.endswith("/table") and target in contents:
            _read_table(book, sheet, contents[target])


def _read_table(book: Book, sheet: str, part: bytes) -> None:
    root = parts.parse(part)
    whole = area(root.get("ref", ""))
    if whole is not None:
        book.formulas.tables[(root.get("displayName") or root.get("name")).lower()] = Table(
            sheet,
            whole,
            int(root.get("headerRowCount", "1")),
            int(root.get("totalsRowCount", "0")),
            tuple(escapes.unescaped(column.get("name")) for column in root.iter("{*}tableColumn")),
        )
