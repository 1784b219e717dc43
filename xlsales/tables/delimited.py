"""CSV files: encoding, delimiter, quotes and ragged rows, told by line."""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path

from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.findings import shown, unguarded
from xlsales.schema import TERRITORIES, Table
from xlsales.tables.lines import Form, Lines, lines_of
from xlsales.tables.mapping.mapped import Mapped
from xlsales.tables.raw import Problem
from xlsales.tables.reading import Reading
from xlsales.tables.record import Record, Run
from xlsales.tables.runs import Plain
from xlsales.texts import _

DELIMITERS = (",", ";", "\t")
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What tells Excel the separator; Excel shows the header in row 1 all the same. A program that does not know it saves
# it again as a first cell, with quotation marks or with empty cells behind it.
_DECLARATION = re.compile(r'\s*"?sep=(?P<said>.*?)[\r\n]*', re.IGNORECASE | re.DOTALL)
_SEPARATOR = re.compile(r'([^\w"])"?(?:\1*|[,; ]*)')
_BLOCK = 2**20
_LINES = 400  # read at a time: so few that a processor's cache holds their cells


def read_csv(table: Table, path: Path, mapped: Mapped | None = None, *, is_guarded: bool = False) -> Reading:
    """Read a CSV file as text, every cell as it stands in the file, or as it was before it was guarded."""
    lines = _Lines(_decoded(path, None if mapped is None else mapped.how.encoding))
    first = lines.first()
    declared = _declared(first, path.name)
    row = 1 if mapped is None else mapped.header_row
    above = row - 1 + bool(declared)  # lines
    for _line in range(above):
        lines.skip()
        first = lines.first()
    if "\0" in first:
        raise InputError(
            _("{file}: the header holds NUL characters. Save the file as “CSV UTF-8” and run again.").format(
                file=path.name
            )
        )
    known = {column.name for column in table} if mapped is None else mapped.headings
    delimiter = declared or (mapped.how.delimiter if mapped is not None else None) or _delimiter(known, first)
    records = _records(lines, delimiter, line=above + 1)
    line, header = next(records, (1, []))
    if isinstance(header, Problem):
        text = _(
            "{file}, line {line}: the header cannot be read, a quotation mark is out of place, or a name has no end."
        )
        raise InputError(text.format(file=path.name, line=line))
    form = Form(delimiter, len(header), -1 if mapped is not None else _place_of_territory(table, header))
    divides = not is_guarded and (len(header) > 1 if mapped is not None else form.key >= 0)
    rows = _rows(lines, form, line + lines.settle(), row + 1, divides=divides)
    if is_guarded:
        header, rows = [unguarded(cell) for cell in header], map(_unguarded, rows)
    return Reading(table, path.name, header, rows, mapped)


def _place_of_territory(table: Table, header: Sequence[str]) -> int:
    """The place of the column by which rows can be divided as they stand; −1 where each must be looked at."""
    headings = [heading.strip().casefold() for heading in header]
    if table is TERRITORIES or not all(headings) or len(headings) < 2 or headings.count(TERRITORIES.key[0]) != 1:
        return -1
    return headings.index(TERRITORIES.key[0])


def _unguarded(one: Plain) -> Record | Run:
    assert not isinstance(one, Lines)
    if isinstance(one, Run):
        return one._replace(columns=[[unguarded(str(cell)) for cell in cells] for cells in one.columns])
    return one._replace(cells=[unguarded(str(cell)) for cell in one.cells])


def _rows(lines: _Lines, form: Form, line: int, row: int, *, divides: bool) -> Iterator[Plain]:
    """The records below the header, each as wide as the header; those that are so by themselves many at a time."""
    delimiter, width, _key = form
    while block := lines.block(_LINES):
        plain = lines_of(range(row, row + len(block)), block, form) if divides else None
        if plain is not None:
            yield plain
            row, line = row + len(block), line + len(block)
            continue
        run = _run(row, block, delimiter, width)
        if run is not None:
            yield run
            row, line = row + len(run.rows), line + len(block)
            continue
        lines.give_back(block)
        for at, one in _records(lines, delimiter, line):
            record = _record(row, at, one, width)
            if record is not None:
                yield record
            row += 1
            if not isinstance(one, Problem) and not lines.given_back:
                line = at + lines.settle()
                break


def _run(row: int, block: Sequence[str], delimiter: str, width: int) -> Run | None:
    """The records of some lines, where they end with them and all are as wide as the header."""
    try:
        records = list(csv.reader(block, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    if not width or set(map(len, records)) != {width}:
        return None
    return Run(range(row, row + len(records)), list(zip(*records, strict=True)))


def _record(row: int, line: int, cells: list[str] | Problem, width: int) -> Record | None:
    """A record as wide as the header; None for an empty line."""
    if isinstance(cells, Problem):
        return Record(row, [""] * width, cells)
    if len(cells) == width:
        return Record(row, cells)
    if not cells:
        return None
    fitted = [*cells[:width], *[""] * (width - len(cells))]
    return Record(row, fitted, _ragged(line, len(cells), width))


def _decoded(path: Path, given: str | None = None) -> Iterator[str]:
    """The lines of a file, with their line ends; a mark at its beginning counts for more than what is given."""
    encoding = ""
    try:
        with path.open("rb") as content:
            start = content.read(4)
        encoding = next((name for mark, name in _MARKS if start.startswith(mark)), given or "utf-8-sig")
        with path.open(encoding=encoding, newline="") as text:
            yield from text
    except UnicodeDecodeError as error:
        offset, line = _undecodable(path, encoding)
        raise InputError(
            _(
                "{file}: byte {offset} (line {line}) is not {encoding} text. "
                "Save the file as “CSV UTF-8”, or say in a map how it is written (encoding under [read]); run again."
            ).format(file=path.name, offset=offset, line=line, encoding=encoding.removesuffix("-sig").upper())
        ) from error
    except OSError as error:
        raise InputError(obstacles.in_reading(path, error)) from error


def _undecodable(path: Path, encoding: str) -> tuple[int, int]:
    """The first byte that cannot be decoded, and its line."""
    decoder = codecs.getincrementaldecoder(encoding)()
    size = ends = 0
    with path.open("rb") as content:
        while True:
            block = content.read(_BLOCK)
            size += len(block)
            ends += block.count(b"\n")
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                # What the decoder was at is the tail of all that was read.
                rest = error.object[error.start :]
                return size - len(rest), ends - rest.count(b"\n") + 1
            if not block:  # somebody has put the file right in the meantime
                return size, ends + 1


class _Lines:
    """Lines with a way back to the second line of the record at hand."""

    def __init__(self, lines: Iterator[str]):
        self._lines = lines
        self._again: deque[str] = deque()
        self._taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self._taken.append(line)
        return line

    @property
    def given_back(self) -> bool:
        """Whether there are lines to be read again."""
        return bool(self._again)

    def block(self, count: int) -> list[str]:
        """The next lines, as many as there are."""
        block = [self._again.popleft() for _line in range(min(count, len(self._again)))]
        return [*block, *islice(self._lines, count - len(block))]

    def give_back(self, block: Sequence[str]) -> None:
        """Have lines read again."""
        self._again.extendleft(reversed(block))

    def first(self) -> str:
        """The first line, still to be read; empty in an empty file."""
        self._again.extend(line for line in [next(self._lines, "")] if line)
        return self._again[0] if self._again else ""

    def skip(self) -> None:
        """Pass over the next line."""
        next(self, "")
        self._taken.clear()

    def settle(self) -> int:
        """Begin a new record; the number of lines that the one before has."""
        count = len(self._taken)
        self._taken.clear()
        return count

    def go_back(self) -> None:
        """Return to the line after the one that the record at hand began on."""
        self._again.extendleft(reversed(self._taken[1:]))
        self._taken.clear()


def _declared(line: str, file: str) -> str | None:
    """The separator that a first line such as `sep=;` declares."""
    declaration = _DECLARATION.fullmatch(line)
    if declaration is None:
        return None
    separator = _SEPARATOR.fullmatch(declaration["said"])
    if separator is None:
        text = _(
            "{file}, line 1: “{text}” names no separator. Write one character, such as sep=; – or delete the line."
        )
        raise InputError(text.format(file=file, text=shown(line.strip())))
    return separator[1]


def _delimiter(known: Collection[str], header: str) -> str:
    """The delimiter that finds most of the known columns in the header, then most cells."""

    def score(delimiter: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([header], delimiter=delimiter), [])
        except csv.Error:  # a cell without end
            return 0, 0
        return sum(cell.strip().casefold() in known for cell in cells), len(cells)

    return max(DELIMITERS, key=score)


def _records(lines: _Lines, delimiter: str, line: int) -> Iterator[tuple[int, list[str] | Problem]]:
    """Each record with the line it starts on; after a bad quotation mark, reading goes on one line below."""
    while True:
        try:
            for cells in csv.reader(lines, delimiter=delimiter, strict=True):
                yield line, cells
                line += lines.settle()
        except csv.Error as error:
            yield line, _endless(line) if "field limit" in str(error) else _bad_quotes(line)
            line += 1
            lines.go_back()
        else:
            return


def _ragged(line: int, cells: int, columns: int) -> Problem:
    text = _("Line {line} has {cells} cells and the header {columns}: look for a missing or unquoted separator.")
    return Problem("ROW_RAGGED", text.format(line=line, cells=cells, columns=columns))


def _endless(line: int) -> Problem:
    text = _(
        "Line {line} has a cell with more than {most:,} characters, and a cell of Excel holds 32,767: shorten it, or "
        "look for a quotation mark that is never closed."
    )
    return Problem("ROW_QUOTES", text.format(line=line, most=csv.field_size_limit()))


def _bad_quotes(line: int) -> Problem:
    text = _(
        "Line {line} cannot be read: a quotation mark is out of place or never closed. "
        "Inside a quoted cell, type it twice."
    )
    return Problem("ROW_QUOTES", text.format(line=line))
