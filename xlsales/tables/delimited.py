"""CSV files: encoding, delimiter, quotes and ragged rows, told by line."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from xlsales.errors import InputError
from xlsales.findings import Finding
from xlsales.schema import Table
from xlsales.tables.raw import Problem, RawTable, raw_table
from xlsales.texts import _

DELIMITERS = (",", ";", "\t")
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_csv(table: Table, path: Path) -> tuple[RawTable, list[Finding]]:
    """Read a CSV file as text, every cell as it stands in the file."""
    lines = list(io.StringIO(_decode(path), newline=""))
    delimiter = _delimiter(table, lines[0] if lines else "")
    records = _records(lines, delimiter)
    _line, header = next(records, (1, []))
    if isinstance(header, Problem):
        raise InputError(
            _("{file}, line 1: the header cannot be read, a quotation mark is out of place.").format(file=path.name)
        )
    rows: list[tuple[int, Sequence[object]]] = []
    damaged: dict[int, Problem] = {}
    for row, (line, cells) in enumerate(records, start=2):
        if isinstance(cells, Problem):
            damaged[row] = cells
            rows.append((row, _fit([], len(header))))
        elif cells:
            if len(cells) != len(header):
                damaged[row] = _ragged(line, len(cells), len(header))
            rows.append((row, _fit(cells, len(header))))
    return raw_table(table, path.name, header, rows, damaged)


def _decode(path: Path) -> str:
    content = path.read_bytes()
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8-sig")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        # The mark that utf-8-sig skips is not in the position that it reports.
        start = error.start + len(content) - len(error.object)
        raise InputError(
            _(
                "{file}: byte {offset} (line {line}) is not {encoding} text. "
                "Save the file as “CSV UTF-8” and run again."
            ).format(
                file=path.name,
                offset=start,
                line=content[:start].count(b"\n") + 1,
                encoding=encoding.removesuffix("-sig").upper(),
            )
        ) from error
    if "\0" in text.partition("\n")[0]:
        raise InputError(
            _("{file}: the header holds NUL characters. Save the file as “CSV UTF-8” and run again.").format(
                file=path.name
            )
        )
    return text


def _delimiter(table: Table, header: str) -> str:
    """The delimiter that finds most of the table's columns in the header, then most cells."""
    known = {column.name for column in table}

    def score(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([header], delimiter=delimiter), [])
        return sum(cell.strip().casefold() in known for cell in cells), len(cells)

    return max(DELIMITERS, key=score)


def _records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str] | Problem]]:
    """Each record with the line it starts on; after a bad quotation mark, reading goes on one line below."""
    start = 0
    while start < len(lines):
        reader = csv.reader((lines[at] for at in range(start, len(lines))), delimiter=delimiter, strict=True)
        first = start
        line = first
        try:
            for cells in reader:
                yield line + 1, cells
                line = first + reader.line_num
        except csv.Error:
            yield line + 1, _bad_quotes(line + 1)
            start = line + 1
        else:
            return


def _fit(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _ragged(line: int, cells: int, columns: int) -> Problem:
    text = _("Line {line} has {cells} cells and the header {columns}: look for a missing or unquoted comma.")
    return Problem("ROW_RAGGED", text.format(line=line, cells=cells, columns=columns))


def _bad_quotes(line: int) -> Problem:
    text = _(
        "Line {line} cannot be read: a quotation mark is out of place or never closed. "
        "Inside a quoted cell, type it twice."
    )
    return Problem("ROW_QUOTES", text.format(line=line))
