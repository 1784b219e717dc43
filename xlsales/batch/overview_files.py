"""The overview's files: a workbook with formulas and a chart; for very many planners one long table, in two forms."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Container
from pathlib import Path
from typing import Any, Self

from xlsales.batch import out_folder, overview
from xlsales.batch.overview import FIGURES, LONG_OVERVIEW, OVERVIEW, Figures
from xlsales.batch.table_book import TableBook, TableColumn
from xlsales.epoch import EPOCH
from xlsales.files import atomic
from xlsales.findings import Finding, harmless
from xlsales.functions import CellError
from xlsales.texts import _
from xlsales.workbook.cached_values import Calculate


def names(count: int) -> list[str]:
    """Return the names of the overview's files for so many planners."""
    return list(dict.fromkeys([overview.overview_name(count), OVERVIEW]))


class Collector:
    """Takes the planners' figures as they come; at the end there is an overview of them in the folder."""

    def __init__(self, folder: Path, count: int, calculate: Calculate, held: Container[str] = ()) -> None:
        """Take the names of files that cannot be written."""
        self.findings: list[Finding] = []  # about files that could not be written in the end
        self._folder = folder
        self._calculate = calculate
        self._planners: list[tuple[str, Figures]] = []
        self._files: list[_Table | _Book] = []
        self._short = overview.overview_name(count) == OVERVIEW
        self._wanted = [name for name in names(count) if name not in held]

    def __enter__(self) -> Self:
        if not self._short:
            for name in self._wanted:
                make = _Table if name == LONG_OVERVIEW else _Book
                try:
                    self._files.append(make(self._folder / name))
                except OSError as error:
                    self.findings.append(out_folder.failed(self._folder / name, error))
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        for file in self._files:
            try:
                file.close(whole=kind is None)
            except OSError as error:
                self.findings.append(out_folder.failed(file.path, error))
        if self._short and self._wanted and self._planners and kind is None:
            path = self._folder / OVERVIEW
            try:
                atomic.write(path, overview.overview(self._planners, self._calculate))
            except OSError as error:
                self.findings.append(out_folder.failed(path, error))

    def add(self, file_name: str, figures: Figures) -> None:
        """Take a planner's figures."""
        if self._short:
            self._planners.append((file_name, figures))
        values = [figures.get(name) for name in FIGURES] if self._files else []
        cells = [value.code if isinstance(value, CellError) else value for value in values]
        for file in self._files:
            file.add(file_name, cells)


class _Table:
    """`Overview.csv`, written as it comes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="")
        self._rows = csv.writer(self._file, lineterminator="\r\n")
        self._rows.writerow(["file", *FIGURES])

    def add(self, file_name: str, cells: list[Any]) -> None:
        cells = [_day(cell) if name == overview.AS_OF else cell for name, cell in zip(FIGURES, cells, strict=True)]
        self._rows.writerow([harmless(cell) for cell in (file_name, *cells)])

    def close(self, *, whole: bool) -> None:
        self._file.close()


def _day(serial: Any) -> Any:
    """Return a serial date as the tables write a day."""
    is_day = isinstance(serial, (int, float))
    return (EPOCH + dt.timedelta(days=int(serial))).isoformat() if is_day else serial


class _Book:
    """The same table as a workbook, whole at the end or not there at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        columns = [TableColumn(_(heading.header), heading.width, heading.number_format) for heading in _HEADINGS]
        self._book = TableBook(overview.SHEET, [TableColumn(_("File"), 36), *columns])

    def add(self, file_name: str, cells: list[Any]) -> None:
        self._book.add([file_name, *cells], {0: overview.link(file_name)})

    def close(self, *, whole: bool) -> None:
        with self._book:
            if whole:
                with atomic.opened(self.path) as file:
                    self._book.save(file)


_HEADINGS = [heading for name in FIGURES for heading in overview.COLUMNS if heading.name == name]
