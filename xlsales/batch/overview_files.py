"""The overview's files: a workbook with formulas and a chart; for very many planners one long table, in two forms."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
import tempfile
from collections.abc import Callable, Container
from contextlib import ExitStack, suppress
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Self

from xlsales.batch import out_folder, overview
from xlsales.batch.overview import LONG_OVERVIEW, OVERVIEW, Figures
from xlsales.batch.overview_columns import AS_OF, COLUMNS, FIGURES
from xlsales.batch.table_book import TableBook, TableColumn
from xlsales.batch.transaction import Transaction
from xlsales.epoch import EPOCH
from xlsales.findings import Finding, harmless
from xlsales.functions import CellError
from xlsales.texts import _
from xlsales.workbook.cached_values import Calculate

if TYPE_CHECKING:
    from xlsales.batch.delivery.group_currency import GroupCurrency


def names(count: int) -> list[str]:
    """Return the names of the overview's files for so many planners."""
    return list(dict.fromkeys([overview.overview_name(count), OVERVIEW]))


class Collector:
    """Takes the planners' figures as they come; at the end there is an overview of them in the folder."""

    def __init__(
        self,
        folder: Transaction,
        count: int,
        calculate: Calculate,
        held: Container[str] = (),
        group: GroupCurrency | None = None,
    ) -> None:
        """Take the names of files that cannot be written, and the currency of the group."""
        self.findings: list[Finding] = []  # at the end: files that could not be written, and currencies without a rate
        self._folder = folder
        self._calculate = calculate
        self._group = group
        self._planners: list[tuple[str, Figures]] = []
        self._typed: dict[str, list[str]] = {}  # territories by a currency that a manager has typed
        self._files: list[_Table | _Book] = []
        self._short = overview.overview_name(count) == OVERVIEW
        self._wanted = [name for name in names(count) if name not in held]

    def __enter__(self) -> Self:
        if not self._short:
            self._files = [(_Table if name == LONG_OVERVIEW else _Book)(name) for name in self._wanted]
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        with ExitStack() as opened:
            for file in self._files:
                opened.callback(file.close)
            if kind is None:
                for file in self._files:
                    self._write(file.name, file.save)
        if self._short and self._wanted and self._planners and kind is None:
            content = overview.overview(self._planners, self._calculate, self._group)
            self._write(OVERVIEW, lambda file: file.write(content))
        if self._group is not None and kind is None:
            self.findings += self._group.without(self._typed)

    def _write(self, name: str, save: Callable[[BinaryIO], object]) -> None:
        try:
            with self._folder.report(name) as file:
                save(file)
        except OSError as error:
            self.findings.append(out_folder.failed(self._folder.out / name, error))

    def add(self, file_name: str, figures: Figures) -> None:
        """Take a planner's figures."""
        currency = str(figures.get("currency") or "")
        if self._group is not None and currency not in self._group.of_tables:
            self._typed.setdefault(currency, []).append(str(figures.get("territory_id")))
        if self._short:
            self._planners.append((file_name, figures))
        values = [figures.get(name) for name in FIGURES] if self._files else []
        cells = [value.code if isinstance(value, CellError) else value for value in values]
        for file in self._files:
            file.add(file_name, cells)


class _Table:
    """`Overview.csv`, put aside until it is whole."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._bytes: IO[bytes] = tempfile.TemporaryFile(prefix="xlsales-")  # noqa: SIM115 (closed in `close`)
        self._file = io.TextIOWrapper(self._bytes, encoding="utf-8-sig", errors="backslashreplace", newline="")
        self._rows = csv.writer(self._file, lineterminator="\r\n")
        self._rows.writerow(["file", *FIGURES])

    def add(self, file_name: str, cells: list[Any]) -> None:
        cells = [_day(cell) if name == AS_OF else cell for name, cell in zip(FIGURES, cells, strict=True)]
        self._rows.writerow([harmless(cell) for cell in (file_name, *cells)])

    def save(self, file: BinaryIO) -> None:
        self._file.flush()
        self._bytes.seek(0)
        shutil.copyfileobj(self._bytes, file)

    def close(self) -> None:
        with suppress(OSError):  # on a full disk, what could not be written before
            self._file.close()


def _day(serial: Any) -> Any:
    """Return a serial date as the tables write a day."""
    is_day = isinstance(serial, (int, float))
    return (EPOCH + dt.timedelta(days=int(serial))).isoformat() if is_day else serial


class _Book:
    """The same table as a workbook."""

    def __init__(self, name: str) -> None:
        self.name = name
        columns = [TableColumn(_(heading.header), heading.width, heading.number_format) for heading in _HEADINGS]
        self._book = TableBook(overview.SHEET, [TableColumn(_("File"), 36), *columns])

    def add(self, file_name: str, cells: list[Any]) -> None:
        self._book.add([file_name, *cells], {0: overview.link(file_name)})

    def save(self, file: BinaryIO) -> None:
        self._book.save(file)

    def close(self) -> None:
        self._book.__exit__()


_HEADINGS = [heading for name in FIGURES for heading in COLUMNS if heading.name == name]
