"""Rows of Parquet files on their way: as Arrow has decoded them, or as a place in a file, for whoever reads there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, TypeAlias

from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.tables.record import Deferred, Record
from xlsales.tables.stored import Stored
from xlsales.texts import _

Place: TypeAlias = tuple[int, str | None]  # of a column in a file; −1 and what its folder says

BATCH: Final = 4096  # records decoded at a time


class BatchRows(Deferred):
    """Rows as Arrow has decoded them."""

    def __init__(self, file: Stored, batch: Any, places: Sequence[Place], first: int) -> None:
        """Take the file that they stand in, the columns' places in it where they are others, and the first row."""
        self.rows = range(first, first + batch.num_rows)
        self._file = file
        self._batch = batch
        self._places = places

    def records(self) -> Iterator[Record]:
        """Take them apart."""
        yield from translated(self._records, self._file)

    def _records(self) -> Iterator[Record]:
        columns = [column.to_pylist() for column in self._batch.columns]
        if self._places:
            columns = [[value] * len(self.rows) if at < 0 else columns[at] for at, value in self._places]
        for row, cells in zip(self.rows, zip(*columns, strict=True), strict=False):
            yield Record(row, cells)

    def __reduce__(self) -> tuple[Any, ...]:
        return _sent, (self._file, _stream(self._batch), self._places, self.rows[0] if self.rows else 0)


class FileRows(Deferred):
    """Rows from one place in a file to another, which nobody has read yet."""

    def __init__(self, file: Stored, part: range, places: Sequence[Place], first: int) -> None:
        """Take which of the file's rows they are, the columns' places, and how the first is counted."""
        self.rows = range(first, first + len(part))
        self._file = file
        self._part = part
        self._places = places

    def records(self) -> Iterator[Record]:
        """Read them, and take them apart."""
        for batch in self.held():
            yield from batch.records()

    def held(self) -> Iterator[BatchRows]:
        """Read them."""
        yield from translated(self._read, self._file)

    def _read(self) -> Iterator[BatchRows]:
        from pyarrow import parquet

        first = self.rows[0]
        is_elsewhere = bool(self._file.url)  # then what is near each other is fetched together
        with self._file.opened() as file, parquet.ParquetFile(file, pre_buffer=is_elsewhere) as content:
            for batch in _batches(content, self._part):
                yield BatchRows(self._file, batch, self._places, first)
                first += batch.num_rows


def _batches(content: Any, part: range) -> Iterator[Any]:
    """Yield some rows of an open file; what stands before them in their row group is decoded and passed over."""
    ends = [*accumulate(rows_of_groups(content))]
    first, last = bisect_right(ends, part.start), bisect_left(ends, part.stop)
    at = [0, *ends][first]
    for batch in content.iter_batches(BATCH, row_groups=range(first, last + 1)):
        wanted = batch[max(part.start - at, 0) : max(part.stop - at, 0)]
        at += batch.num_rows
        if wanted.num_rows:
            yield wanted
        if at >= part.stop:
            return


def rows_of_groups(content: Any) -> list[int]:
    """Return how many rows each row group of an open file has."""
    return [content.metadata.row_group(at).num_rows for at in range(content.num_row_groups)]


def _stream(batch: Any) -> bytes:
    """Return a batch as bytes, no more than its own rows: pickled, it has those of all its file that are decoded."""
    import pyarrow

    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    return bytes(sink.getvalue())


def _sent(file: Stored, stream: bytes, places: Sequence[Place], first: int) -> BatchRows:
    import pyarrow

    with pyarrow.ipc.open_stream(stream) as batches:
        return BatchRows(file, batches.read_next_batch(), places, first)


def translated(content: Callable[[], Iterator[Any]], file: Stored) -> Generator[Any, None, None]:
    """Yield what is read of a file; what goes wrong raises InputError."""
    import pyarrow

    try:
        yield from content()
    except OverflowError as error:
        message = _("{file} holds a time that is beyond the year 9999, or before the first: correct it.")
        raise InputError(message.format(file=file.name)) from error
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # of the system; Arrow's own have no number
            raise InputError(obstacles.in_reading(Path(file.place), error)) from error
        raise InputError(
            _("{file} is not a Parquet file that can be read: write it again.").format(file=file.name)
        ) from error
