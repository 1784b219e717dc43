"""Parquet as a source (extra `parquet`): a file, or a folder of them, also in hive folders (`region=North`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import unquote

from xlsales.errors import InputError
from xlsales.schema import Table
from xlsales.tables.mapping.mapped import Mapped
from xlsales.tables.parquet_rows import BATCH, FileRows, Place, rows_of_groups, translated
from xlsales.tables.reading import Reading
from xlsales.tables.remote import Address
from xlsales.tables.stored import Stored
from xlsales.texts import _

SUFFIX = ".parquet"
_NOT_OURS = (".", "_")  # what Spark and others lay beside: _SUCCESS, _metadata, .part-0.parquet.crc
_NONE = "__HIVE_DEFAULT_PARTITION__"  # the folder of rows that have no value
_FIRST: Final = 2  # row
_FEW: Final = 2  # batches at the beginning of a table that come one by one: perhaps there are no more rows
_MOST: Final = 2**16  # rows that another process reads at a time


def read_parquet(
    table: Table, path: Path, mapped: Mapped | None = None, elsewhere: Mapping[Path, Address] = MappingProxyType({})
) -> Reading:
    """Read a Parquet file, or all those of a folder in the order of their paths; some may be here by name only.

    Record 1 is row 2, as if a header stood above it; rows are counted on from file to file.
    """
    try:
        import pyarrow  # noqa: F401 (whether it is there)
    except ImportError as error:
        raise InputError(
            _('{file}: reading Parquet files needs pyarrow: pip install "xlsales[parquet]"').format(file=path.name)
        ) from error
    content = _content(path, elsewhere, frozenset() if mapped is not None else frozenset(one.name for one in table))
    header = next(content)
    return Reading(table, path.name, header, content, mapped, spreads=True)


def is_dataset(folder: Path) -> bool:
    """Whether a folder holds Parquet files, itself or in hive folders."""
    return next(files_of(folder), None) is not None


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the Parquet files of a folder and of its hive folders, in the order of their paths."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(_NOT_OURS):
            continue
        if path.is_dir():
            if "=" in path.name:
                yield from files_of(path)
        elif path.suffix.casefold() == SUFFIX:
            yield path


@dataclass(frozen=True)
class _Outline:
    """A file of which no row has been read."""

    file: Stored
    columns: Sequence[str]
    groups: Sequence[int]  # rows of each
    told: Mapping[str, str | None]  # what the hive folders above it say


def _content(path: Path, elsewhere: Mapping[Path, Address], own: Collection[str] = ()) -> Iterator[Any]:
    """The names of the columns of all files, and of the hive folders; then the rows of each file.

    A file whose own columns contradict the folders above it, in what the table reads, raises InputError.

    A column that a file lacks is blank there. What a folder's name says is a text: 007 stays 007.
    """
    paths = list(files_of(path)) if path.is_dir() else [path]
    files = [_outline(one, elsewhere.get(one), _told(path, one), own) for one in paths]
    columns = list(dict.fromkeys([name for file in files for name in file.columns]))
    columns = list(dict.fromkeys([*columns, *(name for file in files for name in file.told)]))
    yield columns if path.is_dir() else list(files[0].columns)
    row = _FIRST
    for file in files:
        places = _places(file, columns) if path.is_dir() else ()
        yield from _rows(file, places, row)
        row += sum(file.groups)


def _outline(
    path: Path, address: Address | None, told: Mapping[str, str | None], own: Collection[str] = ()
) -> _Outline:
    stored = Stored.of(path, address)

    def looked_at() -> Iterator[_Outline]:
        from pyarrow import parquet

        with stored.looked_at() as (file, opened), parquet.ParquetFile(opened, pre_buffer=False) as content:
            columns = content.schema_arrow.names
            for name in [name for name in columns if name in told and name in own]:
                _refuse_contradiction(content, name, told[name], path)
            yield _Outline(file, columns, rows_of_groups(content), told)

    with closing(translated(looked_at, stored)) as outlines:
        outline: _Outline = next(outlines)
    return outline


def _refuse_contradiction(content: Any, name: str, told: str | None, path: Path) -> None:
    """Raise InputError where a file has a column that a folder above it names, and says something else in it."""
    for group in range(content.num_row_groups):
        for value in content.read_row_group(group, columns=[name]).column(0).unique().to_pylist():
            if (None if value is None else str(value)) != told:
                message = _(
                    "{file}: its folder says {name}={told}, and a row of it says {value}. Take the column out of the "
                    "file, or put the file where it belongs."
                )
                raise InputError(message.format(file=path.name, name=name, told=told or _NONE, value=value))


def _rows(file: _Outline, places: Sequence[Place], row: int) -> Iterator[FileRows]:
    """Yield the rows of a file as places in it: whoever takes them apart reads them."""
    for part, is_whole in _parts(file.groups, row - _FIRST):
        yield FileRows(file.file, part, places, row + part.start, is_whole=is_whole)


def _parts(groups: Sequence[int], before: int) -> Iterator[tuple[range, bool]]:
    """Yield the rows of a file some at a time, and whether they are whole groups; `before` it there are so many."""

    def most() -> int:
        return BATCH if before + start < _FEW * BATCH else _MOST

    start = end = 0
    is_whole = True
    for size in groups:
        begin, end = end, end + size
        if start < begin and end - start > most():
            yield range(start, begin), is_whole
            start, is_whole = begin, True
        while end - start > most():
            part = range(start, start + most())
            yield part, False
            start, is_whole = part.stop, False
    if start < end:
        yield range(start, end), is_whole


def _told(path: Path, file: Path) -> dict[str, str | None]:
    """Return what the hive folders above a file say."""
    pairs = (part.partition("=") for part in file.relative_to(path).parts[:-1])
    return {unquote(name): None if value == _NONE else unquote(value) for name, _equals, value in pairs}


def _places(file: _Outline, columns: Sequence[str]) -> list[Place]:
    """Return where each column comes from: its place in a file, else −1 and what the folder says, if anything."""
    own = list(file.columns)
    return [(own.index(name), None) if name in own else (-1, file.told.get(name)) for name in columns]
