"""A manager at work in LibreOffice: opens planners, types, sorts, and saves them where they are.

A program for LibreOffice's own Python, which alone can import `uno`; it uses nothing else that is not in the
standard library. Its only argument is the program soffice, started once. On its standard input come pickled lists of
(path, edits), on its standard output goes the pickled word "saved" after each.
"""

import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import uno
from com.sun.star.table import TableSortField

from tests.end_to_end.office import PATIENCE, connected, option

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xlsm": "Calc MS Excel 2007 VBA XML"}


class Planner:
    """An open planner."""

    def __init__(self, document: Any) -> None:
        self.document = document

    def named(self, name: str, value: Any) -> None:
        """Type into a named input."""
        cells = self.document.NamedRanges.getByName(name).getReferredCells()
        put(cells.getCellByPosition(0, 0), value)

    def typed(self, table: str, key: Any, heading: str, value: Any) -> None:
        """Type into the row of a list whose first cell that counts is a key."""
        area, sheet = self._area(table)
        for row in range(area.StartRow + 1, area.EndRow + 1):
            cell = sheet.getCellByPosition(area.StartColumn, row)
            if key in (cell.String, cell.Value):
                put(sheet.getCellByPosition(self._column(table, heading), row), value)
                return
        raise KeyError(key)

    def added(self, table: str, cells: dict[str, Any]) -> None:
        """Fill the first blank row of a list."""
        area, sheet = self._area(table)
        row = area.StartRow + 1
        while sheet.getCellByPosition(area.StartColumn, row).String:
            row += 1
        for heading, value in cells.items():
            put(sheet.getCellByPosition(self._column(table, heading), row), value)

    def inserted(self, table: str, row: int) -> None:
        """Insert a row of the sheet into a list."""
        area, sheet = self._area(table)
        sheet.Rows.insertByIndex(area.StartRow + 1 + row, 1)

    def sorted(self, table: str, heading: str, ascending: bool) -> None:
        """Sort a list by one column."""
        area, sheet = self._area(table)
        rows = sheet.getCellRangeByPosition(area.StartColumn, area.StartRow + 1, area.EndColumn, area.EndRow)
        field = TableSortField()
        field.Field, field.IsAscending = self._column(table, heading) - area.StartColumn, ascending
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        given = {"SortFields": fields, "ContainsHeader": False, "BindFormatsToContent": True}
        rows.sort(tuple(option(name, value) for name, value in given.items()))

    def _area(self, table: str) -> tuple[Any, Any]:
        area = self.document.DatabaseRanges.getByName(table).DataArea
        return area, self.document.Sheets.getByIndex(area.Sheet)

    def _column(self, table: str, heading: str) -> int:
        area, sheet = self._area(table)
        columns = range(area.StartColumn, area.EndColumn + 1)
        return next(one for one in columns if sheet.getCellByPosition(one, area.StartRow).String == heading)


def put(cell: Any, value: Any) -> None:
    """Type a value into a cell; None clears it."""
    if isinstance(value, str):
        cell.setString(value)
    elif value is None:
        cell.setFormula("")
    else:
        cell.setValue(value)


def edit(desktop: Any, path: Path, edits: list[tuple[Any, ...]]) -> None:
    """Open a planner, edit it, save it."""
    document = desktop.loadComponentFromURL(path.resolve().as_uri(), "_blank", 0, (option("Hidden", True),))
    try:
        planner = Planner(document)
        for kind, *arguments in edits:
            getattr(planner, kind)(*arguments)
        document.storeToURL(path.resolve().as_uri(), (option("FilterName", FILTERS[path.suffix]),))
    finally:
        document.close(True)


def main() -> None:
    """Edit planners until nobody asks any more."""
    pipe = f"xlsales{os.getpid()}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [sys.argv[1], f"-env:UserInstallation={Path(profile).resolve().as_uri()}"]
        command += ["--headless", "--norestore", f"--accept=pipe,name={pipe};urp;"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=sys.stderr)
        desktop = None
        try:
            desktop = connected(pipe)
            while True:
                try:
                    asked = pickle.load(sys.stdin.buffer)
                except EOFError:
                    break
                for path, edits in asked:
                    edit(desktop, Path(path), edits)
                pickle.dump("saved", sys.stdout.buffer)
                sys.stdout.buffer.flush()
        finally:
            process.terminate() if desktop is None else desktop.terminate()
        process.wait(PATIENCE)


if __name__ == "__main__":
    main()
