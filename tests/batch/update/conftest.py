"""A folder of planners, month after month: tables that change, managers who type, runs that update."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import openpyxl
import pytest

from xlsales.batch import Batch, Options, prepare

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables


class Months:
    """Tables and the folder of planners that are made of them."""

    _begun: ClassVar[dict[tuple[Path, str], tuple[Path, Batch]]] = {}  # first months, with which many tests begin

    def __init__(self, tmp_path: Path, tables: Tables, template: Path, write: WriteTables) -> None:
        self.tables, self.out = tables, tmp_path / "plans"
        self.template, self._write, self._tmp_path = template, write, tmp_path
        self._month = 0
        self._kept = tmp_path.parent

    def written(self) -> Path:
        """A new folder with the tables as they are now."""
        self._month += 1
        return self._write(self._tmp_path / f"tables {self._month}", self.tables)

    def run(self, out: Path | None = None, **options: Any) -> Batch:
        if out is None and not options and not self.out.exists():
            return self._first()
        source = self.written()
        options = {"template": self.template, "workers": 1, **options}
        rehearse = options.pop("rehearse", False)
        with prepare(source, Options(out or self.out, **options)) as batch:
            if rehearse:
                batch.rehearse()
            else:
                batch.run()
        return batch

    def _first(self) -> Batch:
        """Make the planners of a first month, or copy those that a test before has made."""
        key = self.template, json.dumps(self.tables)
        if key not in self._begun:
            made = Path(tempfile.mkdtemp(dir=self._kept)) / "plans"
            self._begun[key] = made, self.run(made)
        made, batch = self._begun[key]
        shutil.copytree(made, self.out)
        return batch

    def update(self, **options: Any) -> Batch:
        return self.run(update=True, **options)

    def row(self, table: str, **key: str) -> dict[str, str]:
        [found] = [one for one in self.tables[table] if key.items() <= one.items()]
        return found

    @contextmanager
    def edited(self, name: str = "T1 North.xlsm") -> Iterator[Sheets]:
        """A planner opened as openpyxl does, and saved."""
        path = self.out / name
        book = openpyxl.load_workbook(path, keep_vba=path.suffix == ".xlsm")
        yield Sheets(book)
        book.save(path)

    def read(self, name: str = "T1 North.xlsm") -> Sheets:
        return Sheets(openpyxl.load_workbook(self.out / name))


class Sheets:
    """The cells of a planner by the names of inputs, or by a row's key and a column's heading."""

    def __init__(self, book: Any) -> None:
        self.book = book

    def named(self, name: str) -> Any:
        sheet, _mark, cell = self.book.defined_names[name].attr_text.replace("'", "").replace("$", "").partition("!")
        return self.book[sheet][cell]

    def cell(self, table: str, key: object, heading: str, by: str | None = None) -> Any:
        area, sheet = self.table(table)
        head, *rows = sheet[area]
        names = [cell.value for cell in head]
        by = by or next(name for name in names if name in ("Account ID", "Deal ID", "Week of", "Name", "No."))
        for row in rows:
            value = row[names.index(by)].value
            if value == key or str(value) == str(key) or str(value)[:10] == str(key):
                return row[names.index(heading)]
        raise KeyError(key)

    def column(self, table: str, heading: str) -> tuple[Any, str]:
        """The sheet of a table, and the letter of a column."""
        area, sheet = self.table(table)
        return sheet, next(cell.column_letter for cell in sheet[area][0] if cell.value == heading)

    def keys(self, table: str, heading: str) -> list[Any]:
        area, sheet = self.table(table)
        head, *rows = sheet[area]
        place = [cell.value for cell in head].index(heading)
        return [row[place].value for row in rows if row[place].value is not None]

    def free(self, table: str) -> int:
        """The sheet's row of the first row of a table that nobody has filled, or of the one beneath it."""
        area, sheet = self.table(table)
        rows = sheet[area]
        return int(next((row[0].row for row in rows if row[0].value is None), rows[-1][0].row + 1))

    def table(self, table: str) -> tuple[str, Any]:
        return next((sheet.tables[table].ref, sheet) for sheet in self.book if table in sheet.tables)


@pytest.fixture
def months(tmp_path: Path, small_tables: Tables, light_template: Path, write_tables: WriteTables) -> Months:
    """The first two territories, the third has nothing that could be updated; in planners of lists alone."""
    two = {**small_tables, "territories": small_tables["territories"][:2]}
    return Months(tmp_path, two, light_template, write_tables)


@pytest.fixture
def whole(months: Months, small_template: Path) -> None:
    """Whole planners, with all their sheets."""
    months.template = small_template


@pytest.fixture
def three(months: Months, small_tables: Tables) -> Months:
    """All territories."""
    months.tables = small_tables
    return months
