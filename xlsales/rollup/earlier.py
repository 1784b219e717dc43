"""Reads earlier results of `xlsales collect`: a workbook, or the table of territories as CSV or Parquet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from xlsales.cells.escapes import unescaped
from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.rollup.data import TERRITORIES
from xlsales.rollup.gathered import Table
from xlsales.rollup.history import Earlier
from xlsales.texts import _
from xlsales.workbook import limits, opening

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_TEXTUAL = ("territory_id", "territory_name", "person", "leader", "region", "currency", "file")
_NEEDED = ("territory_id", "currency")


def read(path: Path) -> Earlier:
    """Read an earlier result; anything else raises InputError."""
    reader = _READERS.get(path.suffix.casefold())
    if reader is None:
        message = _("{path} is no earlier result: give the .xlsx, .csv or .parquet that xlsales collect wrote.")
        raise InputError(message.format(path=path))
    try:
        if obstacles.is_endless(path):
            raise InputError(obstacles.no_ordinary_file(path))
        table = reader(path)
    except OSError as error:
        raise InputError(obstacles.in_reading(path, error)) from error
    if not {*_NEEDED} <= {*table.columns}:
        message = _("{path} is no earlier result of xlsales collect: it has no table territories with {columns}.")
        raise InputError(message.format(path=path, columns=", ".join(_NEEDED)))
    return Earlier(path.name, table)


def _of(rows: Iterable[Sequence[Any]]) -> Table:
    """Return the table whose first row are its headings; rows are as long as these."""
    there = iter(rows)
    columns = ["" if cell is None else str(cell).strip() for cell in next(there, ())]
    kept = [[*row, *[None] * (len(columns) - len(row))][: len(columns)] for row in there]
    return Table(columns, [row for row in kept if any(cell is not None for cell in row)])


def _workbook(path: Path) -> Table:
    from xlsales.workbook import openpyxl_texts  # imports openpyxl

    package = opening.read(path, sizes=limits.TABLES)
    opening.opened(package, path.name, sizes=limits.TABLES)
    try:
        book = openpyxl_texts.opened(io.BytesIO(package), read_only=True, data_only=True)
        name = next((one for one in book.sheetnames if one.strip().casefold() == TERRITORIES), None)
        rows = () if name is None else book[name].iter_rows(values_only=True)
        return _of([unescaped(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    except Exception as error:  # openpyxl raises whatever its parsers raise
        message = _("{file} is not a workbook that can be read. Open it in Excel and save it again.")
        raise InputError(message.format(file=path.name)) from error


def _delimited(path: Path) -> Table:
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        message = _("{path} is no CSV file in UTF-8: give the one that xlsales collect wrote.")
        raise InputError(message.format(path=path)) from error
    return _of(_typed(rows))


def _typed(rows: Sequence[Sequence[str]]) -> Iterator[Sequence[Any]]:
    """Yield the rows with their numbers; texts have lost the apostrophe that guards them in a CSV file."""
    yield from rows[:1]
    textual = [heading in _TEXTUAL for heading in rows[0]] if rows else []
    for row in rows[1:]:
        width = zip(row, [*textual, *[True] * len(row)], strict=False)
        yield [_cell(text, is_text=is_text) for text, is_text in width]


def _cell(text: str, *, is_text: bool) -> str | float | None:
    if not text:
        return None
    if not is_text and _NUMBER.fullmatch(text):
        return float(text)
    return text[1:] if text.startswith("'") else text


def _parquet(path: Path) -> Table:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise InputError(_('Reading Parquet files needs pyarrow: pip install "xlsales[parquet]"')) from error
    try:
        found = parquet.read_table(path)
    except ArrowException as error:
        message = _("{path} is no Parquet file that can be read: give the one that xlsales collect wrote.")
        raise InputError(message.format(path=path)) from error
    columns = found.to_pydict()
    return Table(list(columns), list(zip(*columns.values(), strict=True)))


_READERS: Mapping[str, Callable[[Path], Table]] = {
    ".xlsx": _workbook,
    ".csv": _delimited,
    ".parquet": _parquet,
}
