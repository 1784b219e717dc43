"""Rows of Parquet files on their way: as Arrow has decoded them, or as a place in a file, for whoever reads there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.tables.record import Deferred, Record
from xlsales.tables.stored import Stored
from xlsales.texts import _

Place: TypeAlias = tuple[int, str | None]  # of a column in a file; −1 and what its folder says

BATCH: Final = 4096  # records decoded at a time
_BUFFER: Final = 2**20  # bytes of each column read at a time
_BUFFERS_FROM: Final = (
    19  # the first version of Arrow that does not lose its place in a buffer, and then reads nonsense
)


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

    def __init__(self, file: Stored, part: range, places: Sequence[Place], first: int, *, is_whole: bool) -> None:
        """Take which of the file's rows they are, the columns' places, and how the first is counted.

        They may be whole row groups, none of them large.
        """
        self.rows = range(first, first + len(part))
        self._file = file
        self._part = part
        self._places = places
        self._is_whole = is_whole

    def records(self) -> Iterator[Record]:
        """Read them, and take them apart."""
        for batch in self.held():
            yield from batch.records()

    def held(self) -> Iterator[BatchRows]:
        """Read them."""
        yield from translated(self._read, self._file)

    def _read(self) -> Iterator[BatchRows]:
        first = self.rows[0]
        is_fetched = self._is_whole and bool(self._file.url)
        with self._file.opened() as file:
            for batch in _fetched(file, self._part) if is_fetched else _read_on(self._file, file, self._part):
                yield BatchRows(self._file, batch, self._places, first)
                first += batch.num_rows


def _fetched(file: BinaryIO, part: range) -> Iterator[Any]:
    """Yield rows of whole groups from elsewhere: what of them is near each other is fetched together."""
    from pyarrow import parquet

    with parquet.ParquetFile(file, pre_buffer=True) as content:
        ends = [*accumulate(rows_of_groups(content))]
        groups = range(bisect_right(ends, part.start), bisect_right(ends, part.stop - 1) + 1)
        yield from content.iter_batches(BATCH, row_groups=groups, use_threads=False)


def _read_on(stored: Stored, file: BinaryIO, part: range) -> Iterator[Any]:
    """Yield rows; where this process has read the file before, it goes on from there."""
    kept, _Here.kept = _Here.kept, None  # nobody else's while it is read
    if kept is None or kept.stored != stored:
        kept = _Kept(stored, file)
    kept.lent.file = file
    yield from kept.batches(part)
    kept.lent.file = None
    _Here.kept = kept


def forget() -> None:
    """Keep nothing more of the file that this process has read last."""
    _Here.kept = None


class _Lent:
    """A file that is open only while it is read."""

    closed = False  # for who asks in between

    def __init__(self, file: BinaryIO) -> None:
        self.file: BinaryIO | None = file

    def tell(self) -> int:
        return self._opened.tell()

    def seek(self, place: int, whence: int = 0) -> int:
        return self._opened.seek(place, whence)

    def read(self, size: int = -1) -> bytes:
        return self._opened.read(size)

    def close(self) -> None:
        """Do nothing: whoever has opened it closes it."""

    @property
    def _opened(self) -> BinaryIO:
        assert self.file is not None
        return self.file


class _Kept:
    """A file that is read from front to back, each row group from its beginning: there is no other way into one.

    Between two parts it is not open, and all that is in memory is what of each column is decoded next.
    """

    def __init__(self, stored: Stored, file: BinaryIO) -> None:
        import pyarrow
        from pyarrow import parquet

        self.stored = stored
        self.lent = _Lent(file)
        self._content = parquet.ParquetFile(self.lent, pre_buffer=False, buffer_size=_buffer(pyarrow.__version__))
        self._ends = [*accumulate(rows_of_groups(self._content))]
        self._at = 0  # the row that comes next
        self._rest: Any = None  # of what is decoded
        self._batches: Iterator[Any] | None = None  # none between two groups

    def batches(self, part: range) -> Iterator[Any]:
        """Yield some rows; what stands before them in their row group is decoded and passed over, unless it was."""
        group = self._group(part.start)
        if self._batches is None or self._at > part.start or self._group(self._at) != group:
            self._at, self._rest = [0, *self._ends][group], None
            groups = range(group, len(self._ends))
            self._batches = self._content.iter_batches(BATCH, row_groups=groups, use_threads=False)
        while self._at < part.stop:
            batch = next(self._batches, None) if self._rest is None else self._rest
            if batch is None:
                raise ValueError(part)  # fewer rows than it says
            wanted = batch[max(part.start - self._at, 0) : max(part.stop - self._at, 0)]
            self._rest = batch[part.stop - self._at :] if self._at + batch.num_rows > part.stop else None
            self._at = min(self._at + batch.num_rows, part.stop)
            if wanted.num_rows:
                yield wanted
        if self._at in self._ends:
            self._batches = None

    def _group(self, row: int) -> int:
        return bisect_right(self._ends, row)


class _Here:
    """What this process keeps of the file that it has read last."""

    kept: _Kept | None = None


def _buffer(version: str) -> int:
    """Return how much of a column is to be read at a time; 0 is all of its row group."""
    return _BUFFER if int(version.partition(".")[0]) >= _BUFFERS_FROM else 0


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
