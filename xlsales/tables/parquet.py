"""Parquet as a source (extra `parquet`): a file, or a folder of them, also in hive folders (`region=North`)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.schema import Table
from xlsales.tables.mapping.mapped import Mapped
from xlsales.tables.reading import Reading
from xlsales.tables.record import Record
from xlsales.texts import _

SUFFIX = ".parquet"
_BATCH = 4096  # records decoded at a time
_NOT_OURS = (".", "_")  # what Spark and others lay beside: _SUCCESS, _metadata, .part-0.parquet.crc
_NONE = "__HIVE_DEFAULT_PARTITION__"  # the folder of rows that have no value


def read_parquet(table: Table, path: Path, mapped: Mapped | None = None) -> Reading:
    """Read a Parquet file, or all those of a folder in the order of their paths.

    Record 1 is row 2, as if a header stood above it; rows are counted on from file to file.
    """
    try:
        import pyarrow
    except ImportError as error:
        raise InputError(
            _('{file}: reading Parquet files needs pyarrow: pip install "xlsales[parquet]"').format(file=path.name)
        ) from error
    errors = (pyarrow.ArrowException, OSError, ValueError)
    content = _of_folder(path, errors) if path.is_dir() else _translated(partial(_content, path), errors, path)
    header = next(content)
    records = (Record(row, cells) for row, cells in enumerate(content, start=2))
    return Reading(table, path.name, header, records, mapped)


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


def _of_folder(folder: Path, errors: tuple[type[Exception], ...]) -> Iterator[Any]:
    """The names of the columns of all files, and of the hive folders; then each record of each file.

    A column that a file lacks is blank there. What a folder's name says is a text: 007 stays 007.
    """
    files = list(files_of(folder))
    told = {file: _told(folder, file) for file in files}
    columns: dict[str, None] = {}
    for file in files:
        with closing(_translated(partial(_content, file), errors, file)) as content:
            columns |= dict.fromkeys(next(content))
    for file in files:
        columns |= dict.fromkeys(told[file])
    yield list(columns)
    for file in files:
        content = _translated(partial(_content, file), errors, file)
        places = _places(next(content), told[file], list(columns))
        for cells in content:
            yield tuple(place(cells) for place in places)


def _told(folder: Path, file: Path) -> dict[str, str | None]:
    """Return what the hive folders above a file say."""
    pairs = (part.partition("=") for part in file.relative_to(folder).parts[:-1])
    return {unquote(name): None if value == _NONE else unquote(value) for name, _equals, value in pairs}


def _places(
    own: Sequence[str], told: dict[str, str | None], columns: Sequence[str]
) -> list[Callable[[Sequence[Any]], Any]]:
    """Return how each column comes of a file's record: what stands in it, else what the folder says, else nothing."""

    def place(name: str) -> Callable[[Sequence[Any]], Any]:
        if name in own:
            at = list(own).index(name)
            return lambda cells: cells[at]
        value = told.get(name)
        return lambda _cells: value

    return [place(name) for name in columns]


def _content(path: Path) -> Iterator[Any]:
    """The names of the columns, then each record."""
    from pyarrow import parquet

    with path.open("rb") as file, parquet.ParquetFile(file, pre_buffer=False) as content:
        yield content.schema_arrow.names
        for batch in content.iter_batches(_BATCH):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _translated(
    content: Callable[[], Iterator[Any]], errors: tuple[type[Exception], ...], path: Path
) -> Generator[Any, None, None]:
    try:
        yield from content()
    except errors as error:
        if isinstance(error, OSError) and error.errno is not None:  # of the system; Arrow's own have no number
            raise InputError(obstacles.in_reading(path, error)) from error
        raise InputError(
            _("{file} is not a Parquet file that can be read: write it again.").format(file=path.name)
        ) from error
