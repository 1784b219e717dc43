"""Parquet files as a source (extra `parquet`)."""

from __future__ import annotations

from pathlib import Path

from xlsales.errors import InputError
from xlsales.findings import Finding
from xlsales.schema import Table
from xlsales.tables.raw import RawTable, raw_table
from xlsales.texts import _


def read_parquet(table: Table, path: Path) -> tuple[RawTable, list[Finding]]:
    """Read a Parquet file; record 1 is row 2, as if a header stood above it."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise InputError(
            _('{file}: reading Parquet files needs pyarrow: pip install "xlsales[parquet]"').format(file=path.name)
        ) from error
    try:
        # From memory: a file that stays open cannot be replaced on Windows.
        content = parquet.ParquetFile(pyarrow.BufferReader(path.read_bytes())).read()
        columns = [column.to_pylist() for column in content.columns]
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise InputError(
            _("{file} is not a Parquet file that can be read: write it again.").format(file=path.name)
        ) from error
    rows = enumerate(zip(*columns, strict=True), start=2)
    return raw_table(table, path.name, content.column_names, rows)
