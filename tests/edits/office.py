"""Edits a workbook in LibreOffice as a person would, and tells what all cells show afterwards.

A program for LibreOffice's own Python, which alone can import `uno`; it uses nothing else that is not in the
standard library. Its standard input is a pickled dict:

    soffice     the program
    path        the workbook, or one for each sequence
    sequences   lists of edits, each begun with the workbook as it is in the file
    sheets      the names of the sheets to tell of
    names       the defined names to tell the places of
    saved       for each sequence, where the workbook is saved after it: paths with LibreOffice's names of filters

Its standard output is a pickled list, for each sequence: `sheets`, by name the rows of all cells, `names`, by defined
name its cell, and `tables`, by name the sheet and the area, headings included. Rows and columns count from 0.
"""

import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.table import CellAddress, CellRangeAddress, TableSortField

from tests.end_to_end.office import PATIENCE, connected, option, rows_of

CONTENTS = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: numbers, dates, texts, formulas


class Document:
    """The workbook being edited: its tables by name; rows of them count from 0 beneath the headings."""

    def __init__(self, document: Any) -> None:
        self.document = document

    def area(self, table: str) -> Any:
        """Where a table stands, headings included."""
        return self.document.DatabaseRanges.getByName(table).DataArea

    def sheet(self, table: str) -> Any:
        """The sheet of a table."""
        return self.document.Sheets.getByIndex(self.area(table).Sheet)

    def box(self, table: str, row: int, column: int, rows: int = 1, columns: int = 1) -> Any:
        """The address of cells of a table; a row past its end lies beneath it."""
        area = self.area(table)
        left, top = area.StartColumn + column, area.StartRow + 1 + row
        return CellRangeAddress(area.Sheet, left, top, left + columns - 1, top + rows - 1)

    def cells(self, table: str, *box: int) -> Any:
        """Cells of a table."""
        place = self.box(table, *box)
        return self.sheet(table).getCellRangeByPosition(
            place.StartColumn, place.StartRow, place.EndColumn, place.EndRow
        )

    def sort(self, table: str, column: int, ascending: bool) -> None:
        """Sort all rows of a table by one column."""
        area = self.area(table)
        rows = self.cells(table, 0, 0, area.EndRow - area.StartRow, area.EndColumn - area.StartColumn + 1)
        field = TableSortField()
        field.Field, field.IsAscending, field.IsCaseSensitive = column, ascending, False
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        given = {"SortFields": fields, "ContainsHeader": False, "BindFormatsToContent": True}
        rows.sort(tuple(_property(name, value) for name, value in given.items()))

    def insert(self, table: str, row: int, count: int) -> None:
        """Insert whole rows of the sheet."""
        self.sheet(table).Rows.insertByIndex(self.area(table).StartRow + 1 + row, count)

    def delete(self, table: str, row: int, count: int) -> None:
        """Delete whole rows of the sheet."""
        self.sheet(table).Rows.removeByIndex(self.area(table).StartRow + 1 + row, count)

    def type(self, table: str, row: int, column: int, value: Any) -> None:
        """Put a value into a cell, whatever its validation says, as pasting does."""
        cell = self.cells(table, row, column).getCellByPosition(0, 0)
        if isinstance(value, str):
            cell.setString(value)
        else:
            cell.setValue(value)

    def fill(self, name: str, value: Any) -> None:
        """Put a value, or a formula, into the cell of a name."""
        cell = self.document.NamedRanges.getByName(name).getReferredCells().getCellByPosition(0, 0)
        if isinstance(value, str) and value.startswith("="):
            cell.setFormula(value)
        elif isinstance(value, str):
            cell.setString(value)
        else:
            cell.setValue(value)

    def widen(self, table: str, column: int, count: int) -> None:
        """Insert whole columns of the sheet."""
        self.sheet(table).Columns.insertByIndex(self.area(table).StartColumn + column, count)

    def rename(self, old: str, new: str) -> None:
        """Give a sheet another name."""
        self.document.Sheets.getByName(old).Name = new

    def move(self, sheet: str, place: int) -> None:
        """Move a sheet before another one."""
        self.document.Sheets.moveByName(sheet, place)

    def clear(self, table: str, *box: int) -> None:
        """Clear cells."""
        self.cells(table, *box).clearContents(CONTENTS)

    def copy(self, table: str, box: tuple[int, ...], row: int, column: int) -> None:
        """Copy cells, and paste them over others."""
        self.sheet(table).copyRange(self._at(table, row, column), self.box(table, *box))

    def cut(self, table: str, box: tuple[int, ...], row: int, column: int) -> None:
        """Cut cells, and paste them over others."""
        self.sheet(table).moveRange(self._at(table, row, column), self.box(table, *box))

    def _at(self, table: str, row: int, column: int) -> Any:
        place = self.box(table, row, column)
        return CellAddress(place.Sheet, place.StartColumn, place.StartRow)

    def shown(self, wanted: list[str], defined: list[str]) -> dict[str, Any]:
        """What the cells of some sheets show, and where names and tables are."""
        self.document.calculateAll()
        sheets = list(self.document.Sheets)
        names = {}
        for name in defined:
            cells = self.document.NamedRanges.getByName(name).getReferredCells()
            if cells is not None:
                place = cells.getRangeAddress()
                names[name] = (sheets[place.Sheet].Name, place.StartRow, place.StartColumn)
        tables = {}
        for name in self.document.DatabaseRanges.ElementNames:
            place = self.area(name)
            where = (place.StartRow, place.StartColumn, place.EndRow, place.EndColumn)
            tables[name] = (sheets[place.Sheet].Name, *where)
        return {
            "sheets": {name: rows_of(self.document.Sheets.getByName(name)) for name in wanted},
            "names": names,
            "tables": tables,
        }


def _property(name: str, value: Any) -> Any:
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def edited(desktop: Any, question: dict[str, Any], place: int) -> dict[str, Any]:
    """What the workbook shows after a sequence of edits."""
    path, saved = question["path"], question.get("saved")
    url = Path(path if isinstance(path, str) else path[place]).resolve().as_uri()
    document = desktop.loadComponentFromURL(url, "_blank", 0, (option("Hidden", True),))
    try:
        opened = Document(document)
        for kind, *arguments in question["sequences"][place]:
            getattr(opened, kind)(*arguments)
        shown = opened.shown(question["sheets"], question["names"])
        for target, kind in saved[place] if saved else ():
            document.storeToURL(Path(target).resolve().as_uri(), (option("FilterName", kind),))
        return shown
    finally:
        document.close(True)


def main() -> None:
    """Answer one question."""
    question = pickle.load(sys.stdin.buffer)
    pipe = f"xlsales{os.getpid()}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [question["soffice"], f"-env:UserInstallation={Path(profile).resolve().as_uri()}"]
        command += ["--headless", "--norestore", f"--accept=pipe,name={pipe};urp;"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=sys.stderr)
        desktop = None
        try:
            desktop = connected(pipe)
            found = [edited(desktop, question, place) for place in range(len(question["sequences"]))]
        finally:
            process.terminate() if desktop is None else desktop.terminate()
        process.wait(PATIENCE)
    sys.stdout.buffer.write(pickle.dumps(found))


if __name__ == "__main__":
    main()
