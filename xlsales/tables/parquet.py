"""Parquet as a source (extra `parquet`): a file, or a folder of them, also in hive folders (`region=North`)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.schema import Table
from xlsales.tables.mapping.mapped import Mapped
from xlsales.tables.reading import Reading
from xlsales.tables.record import Deferred, Record
from xlsales.texts import _

SUFFIX = ".parquet"
_BATCH = 4096  # records decoded at a time
_NOT_OURS = (".", "_")  # what Spark and others lay beside: _SUCCESS, _metadata, .part-0.parquet.crc
Place: TypeAlias = tuple[int, str | None]  # of a column in a file; −1 and what its folder says
_NONE = "__HIVE_DEFAULT_PARTITION__"  # the folder of rows that have no value


def read_parquet(table: Table, path: Path, mapped: Mapped | None = None) -> Reading:
    """Read a Parquet file, or all those of a folder in the order of their paths.

    Record 1 is row 2, as if a header stood above it; rows are counted on from file to file.
    """
    try:
        import pyarrow  # noqa: F401 (whether it is there)
    except ImportError as error:
        raise InputError(
            _('{file}: reading Parquet files needs pyarrow: pip install "xlsales[parquet]"').format(file=path.name)
        ) from error
    content = _of_folder(path) if path.is_dir() else _of_file(path)
    header = next(content)
    return Reading(table, path.name, header, _numbered(content), mapped, spreads=True)


class BatchRows(Deferred):
    """Rows as Arrow has decoded them."""

    def __init__(self, path: Path, batch: Any, places: Sequence[Place] = (), first: int = 2) -> None:
        """Take the file that they stand in, the columns' places in it where they are others, and the first row."""
        self.rows = range(first, first + batch.num_rows)
        self._path = path
        self._batch = batch
        self._places = places

    def numbered(self, first: int) -> BatchRows:
        """Return the same rows, counted from another one on."""
        return BatchRows(self._path, self._batch, self._places, first)

    def records(self) -> Iterator[Record]:
        """Take them apart."""
        yield from _translated(self._records, self._path)

    def _records(self) -> Iterator[Record]:
        columns = [column.to_pylist() for column in self._batch.columns]
        if self._places:
            columns = [[value] * len(self.rows) if at < 0 else columns[at] for at, value in self._places]
        for row, cells in zip(self.rows, zip(*columns, strict=True), strict=False):
            yield Record(row, cells)

    def __reduce__(self) -> tuple[Any, ...]:
        return _sent, (self._path, _stream(self._batch), self._places, self.rows[0] if self.rows else 0)


def _stream(batch: Any) -> bytes:
    """Return a batch as bytes, no more than its own rows: pickled, it has those of all its file that are decoded."""
    import pyarrow

    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    return bytes(sink.getvalue())


def _sent(path: Path, stream: bytes, places: Sequence[Place], first: int) -> BatchRows:
    import pyarrow

    with pyarrow.ipc.open_stream(stream) as batches:
        return BatchRows(path, batches.read_next_batch(), places, first)


def _numbered(batches: Iterator[BatchRows]) -> Iterator[BatchRows]:
    row = 2
    for batch in batches:
        yield batch.numbered(row)
        row += len(batch.rows)


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


def _of_folder(folder: Path) -> Iterator[Any]:
    """The names of the columns of all files, and of the hive folders; then the rows of each file.

    A column that a file lacks is blank there. What a folder's name says is a text: 007 stays 007.
    """
    files = list(files_of(folder))
    told = {file: _told(folder, file) for file in files}
    columns: dict[str, None] = {}
    for file in files:
        with closing(_translated(partial(_content, file), file)) as content:
            columns |= dict.fromkeys(next(content))
    for file in files:
        columns |= dict.fromkeys(told[file])
    yield list(columns)
    for file in files:
        content = _translated(partial(_content, file), file)
        own = list(next(content))
        yield from (BatchRows(file, batch, _places(own, told[file], list(columns))) for batch in content)


def _of_file(path: Path) -> Iterator[Any]:
    content = _translated(partial(_content, path), path)
    yield next(content)
    yield from (BatchRows(path, batch) for batch in content)


def _told(folder: Path, file: Path) -> dict[str, str | None]:
    """Return what the hive folders above a file say."""
    pairs = (part.partition("=") for part in file.relative_to(folder).parts[:-1])
    return {unquote(name): None if value == _NONE else unquote(value) for name, _equals, value in pairs}


def _places(own: list[str], told: dict[str, str | None], columns: Sequence[str]) -> list[Place]:
    """Return where each column comes from: its place in a file, else −1 and what the folder says, if anything."""
    return [(own.index(name), None) if name in own else (-1, told.get(name)) for name in columns]


def _content(path: Path) -> Iterator[Any]:
    """The names of the columns, then the rows."""
    from pyarrow import parquet

    with path.open("rb") as file, parquet.ParquetFile(file, pre_buffer=False) as content:
        yield content.schema_arrow.names
        yield from content.iter_batches(_BATCH)


def _translated(content: Callable[[], Iterator[Any]], path: Path) -> Generator[Any, None, None]:
    import pyarrow

    try:
        yield from content()
    except OverflowError as error:
        message = _("{file} holds a time that is beyond the year 9999, or before the first: correct it.")
        raise InputError(message.format(file=path.name)) from error
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # of the system; Arrow's own have no number
            raise InputError(obstacles.in_reading(path, error)) from error
        raise InputError(
            _("{file} is not a Parquet file that can be read: write it again.").format(file=path.name)
        ) from error
