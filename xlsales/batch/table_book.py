"""A workbook that holds one long table: it can be filtered, and is written row by row in little memory."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self, TypeAlias

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from xlsales.epoch import FIXED_DATE
from xlsales.planner import styles
from xlsales.workbook import archive, package
from xlsales.workbook.xlsxwriter_texts import Texts

TableCell: TypeAlias = str | float | bool | None
MOST_ROWS = 1_048_576  # of a sheet
MOST_LINKS = 65_530  # of a sheet
LINKS = "xl/worksheets/_rels/"  # the parts that hold them
_RELATIVE = re.compile(rb'Target="(?!file:)[^"]*"')


@dataclass(frozen=True)
class TableColumn:
    """A column of the table."""

    header: str
    width: float
    number_format: str = "@"


class TableBook:
    """Takes the rows of a table in their order; a sheet that is full is followed by another one.

    Use it in a `with` block: until the workbook is saved, its rows wait in the folder for temporary files.
    """

    def __init__(self, sheet: str, columns: Sequence[TableColumn]) -> None:
        self._aside = tempfile.TemporaryDirectory(prefix="xlsales-", ignore_cleanup_errors=True)
        self._path = Path(self._aside.name) / "table.xlsx"
        self._workbook = xlsxwriter.Workbook(str(self._path), {"constant_memory": True, "tmpdir": self._aside.name})
        self._texts = Texts()
        self._name = sheet
        self._columns = columns
        self._sheets = 0
        self._heading = self._format("head_input")
        self._formats = [self._format({"num_format": column.number_format}) for column in columns]
        self._link = self._format({"font_color": styles.TEAL, "underline": 1})
        self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for sheet in self._workbook.worksheets():
            sheet.row_data_fh.close()
        self._aside.cleanup()

    def _format(self, style: str | dict[str, Any]) -> Any:
        properties = styles.STYLES[style] if isinstance(style, str) else style
        return self._workbook.add_format(styles.complete(dict(properties)))

    def _begin(self) -> None:
        self._sheets += 1
        name = self._name if self._sheets == 1 else f"{self._name} {self._sheets}"
        self._sheet = self._workbook.add_worksheet(name)
        self._row = self._links = 0
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)
        for index, column in enumerate(self._columns):
            self._sheet.set_column(index, index, column.width)
            self._sheet.write_string(0, index, column.header, self._heading)

    def _end(self) -> None:
        self._sheet.autofilter(0, 0, max(1, self._row), len(self._columns) - 1)

    def add(self, cells: Sequence[TableCell], links: dict[int, str] | None = None) -> None:
        """Add a row; `links` are addresses of files by column. Text is never a formula."""
        if self._row + 1 == MOST_ROWS:
            self._end()
            self._begin()
        self._row += 1
        for index, cell in enumerate(cells):
            address = links.get(index) if links else None
            if address is not None and self._links < MOST_LINKS:
                self._links += 1
                text = self._texts.storable(str(cell))
                self._sheet.write_url(self._row, index, f"external:{address}", self._link, text)
            else:
                self._write(index, cell)

    def _write(self, index: int, cell: TableCell) -> None:
        cell_format = self._formats[index]
        if cell is None or cell == "":
            return
        if isinstance(cell, str):
            self._sheet.write_string(self._row, index, self._texts.storable(cell), cell_format)
        elif isinstance(cell, bool):
            self._sheet.write_boolean(self._row, index, cell, cell_format)
        else:
            self._sheet.write_number(self._row, index, cell, cell_format)

    def add_sheet(self, name: str, widths: Sequence[float], rows: Sequence[Sequence[TableCell]]) -> None:
        """Add a sheet of a few rows, the first of them headings; rows that follow go there no more."""
        self._end()
        self._sheet = self._workbook.add_worksheet(name)
        self._row = 0
        for index, width in enumerate(widths):
            self._sheet.set_column(index, index, width)
        for row, cells in enumerate(rows):
            for index, cell in enumerate(cells):
                if isinstance(cell, str):
                    self._sheet.write_string(row, index, self._texts.storable(cell), None if row else self._heading)
                elif cell is not None:
                    self._sheet.write_number(row, index, cell)
        self._sheet.autofilter(0, 0, max(1, len(rows) - 1), len(widths) - 1)
        self._sheet.freeze_panes(1, 0)

    def save(self, file: BinaryIO) -> None:
        """Write the workbook, the same bytes on every system."""
        if not self._sheet.autofilter_area:
            self._end()
        self._workbook.set_properties({"title": self._name, "created": FIXED_DATE})
        try:
            self._workbook.close()
        except FileCreateError as error:
            raise error.args[0] from error
        finished(self._path, self._texts, file)


def finished(path: Path, texts: Texts, file: BinaryIO, empty: bytes = b"") -> None:
    """Write what XlsxWriter wrote, the same bytes on every system, with its kept texts.

    Formulas whose value is `empty` give an empty text, which XlsxWriter takes for a value that is not known.
    """

    def change(name: str, blocks: Iterator[bytes]) -> Iterator[bytes]:
        blocks = _emptied(texts.put_into_part(_lines_ended_alike(blocks)), empty)
        if name.startswith(package.CHARTS):
            blocks = iter([package.explicit_chart(b"".join(blocks))])
        elif name.startswith(LINKS):
            blocks = iter([relative_links(b"".join(blocks))])
        return blocks

    archive.rewrite(path, file, change, texts.growth)


def relative_links(part: bytes) -> bytes:
    """Return a sheet's links to files in other folders as Excel writes them, which every system can follow."""
    return _RELATIVE.sub(lambda link: link[0].replace(b"\\", b"/"), part)


def _emptied(blocks: Iterable[bytes], empty: bytes) -> Iterator[bytes]:
    """Yield a part that comes in blocks, the values `empty` replaced by empty ones."""
    if not empty:
        yield from blocks
        return
    value, held = b"<v>%b</v>" % empty, b""
    for block in blocks:
        block = (held + block).replace(value, b"<v></v>")
        kept = max(0, len(block) - len(value) + 1)
        yield block[:kept]
        held = block[kept:]
    yield held


def _lines_ended_alike(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a part with the line ends of Linux; XlsxWriter writes those of the system, and escapes the texts' own."""
    held = b""
    for block in blocks:
        whole = held + block
        held = b"\r" if whole.endswith(b"\r") else b""
        yield whole.removesuffix(held).replace(b"\r\n", b"\n")
    yield held
