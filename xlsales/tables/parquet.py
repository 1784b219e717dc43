"""Parquet files as a source (extra `parquet`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.schema import Table
from xlsales.tables.mapping.mapped import Mapped
from xlsales.tables.reading import Reading
from xlsales.tables.record import Record
from xlsales.texts import _

_BATCH = 4096  # records decoded at a time


def read_parquet(table: Table, path: Path, mapped: Mapped | None = None) -> Reading:
    """Read a Parquet file; record 1 is row 2, as if a header stood above it."""
    try:
        import pyarrow
    except ImportError as error:
        raise InputError(
            _('{file}: reading Parquet files needs pyarrow: pip install "xlsales[parquet]"').format(file=path.name)
        ) from error
    content = _translated(_content(path), (pyarrow.ArrowException, OSError, ValueError), path)
    header = next(content)
    records = (Record(row, cells) for row, cells in enumerate(content, start=2))
    return Reading(table, path.name, header, records, mapped)


def _content(path: Path) -> Iterator[Any]:
    """The names of the columns, then each record."""
    from pyarrow import parquet

    with path.open("rb") as file, parquet.ParquetFile(file, pre_buffer=False) as content:
        yield content.schema_arrow.names
        for batch in content.iter_batches(_BATCH):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _translated(content: Iterator[Any], errors: tuple[type[Exception], ...], path: Path) -> Iterator[Any]:
    try:
        yield from content
    except errors as error:
        if isinstance(error, OSError) and error.errno is not None:  # of the system; Arrow's own have no number
            raise InputError(obstacles.in_reading(path, error)) from error
        raise InputError(
            _("{file} is not a Parquet file that can be read: write it again.").format(file=path.name)
        ) from error
