"""Writes what came back: a workbook with a sheet for each table, or a file for each of them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from xlsales.collection import rolled_up
from xlsales.collection.collected import DETAILS, FILES, FINDINGS, Collected
from xlsales.collection.planner import Value
from xlsales.errors import DiskFull, InputError
from xlsales.files import atomic, obstacles
from xlsales.files.targets import make_folder
from xlsales.findings import CsvCell, guarded
from xlsales.rollup import workbook
from xlsales.rollup.history import Earlier
from xlsales.schema import TERRITORIES
from xlsales.texts import _


def targets(out: Path, names: Sequence[str]) -> dict[str, Path]:
    """Return the file of each table: all in one workbook, or one beside another."""
    kind = out.suffix.casefold()
    if kind not in _WRITERS and kind != ".xlsx":
        message = _("--out {path}: name a file that ends in .xlsx, .csv or .parquet.")
        raise InputError(message.format(path=out))
    if kind == ".xlsx":
        return dict.fromkeys(names, out)
    stem = "" if out.stem == TERRITORIES.name else f"{out.stem}."  # named so, the folder is one of input tables
    return {name: out if name == TERRITORIES.name else out.with_name(f"{stem}{name}{out.suffix}") for name in names}


def refuse_existing(out: Path, *, overwrite: bool) -> None:
    """Raise InputError where a file would be replaced, or could not be."""
    every = [TERRITORIES.name, *DETAILS, FINDINGS, FILES]
    there = [path for path in dict.fromkeys(targets(out, every).values()) if path.exists()]
    if there and not overwrite:
        message = _("{path} is there already: give another name, or --overwrite.")
        raise InputError(message.format(path=there[0]))
    for path in there:
        obstacle = obstacles.before_writing(path, path)
        if obstacle is not None:
            raise InputError(obstacle)


def write(collected: Collected, out: Path, history: Sequence[Earlier] = ()) -> list[Path]:
    """Write the tables, in a workbook with their roll-up against earlier ones; every file is whole or not there.

    Return the files.
    """
    files = targets(out, list(collected.names()))
    try:
        make_folder(out.parent)
        if out.suffix.casefold() == ".xlsx":
            with atomic.opened(out) as file:
                file.write(_book(collected, out, history))
            return [out]
        make = _WRITERS[out.suffix.casefold()]
        for name, path in files.items():
            with atomic.opened(path) as file:
                make(collected, name, file)
    except OSError as error:
        if obstacles.is_full(error):
            message = _("{path}: the disk is full ({reason}). Make room, and run the same command again.")
            raise DiskFull(message.format(path=out, reason=error.strerror or error)) from error
        raise InputError(obstacles.in_writing(out, error, out)) from error
    return list(files.values())


def _csv(collected: Collected, name: str, file: BinaryIO) -> None:
    text = io.TextIOWrapper(file, "utf-8-sig", "backslashreplace", newline="")
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(map(guarded, collected.columns(name)))
    for row in collected.rows(name):
        rows.writerow([guarded(_csv_cell(value)) for value in row])
    text.flush()
    text.detach()


def _csv_cell(value: Value) -> CsvCell:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def _parquet(collected: Collected, name: str, file: BinaryIO) -> None:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        message = _('Writing Parquet files needs pyarrow: pip install "xlsales[parquet]"')
        raise InputError(message) from error
    columns = collected.columns(name)
    samples = _samples(collected, name)
    types = [pyarrow.infer_type(_alike(list(one.values()), set(one))) for one in samples]
    schema = pyarrow.schema(zip(columns, types, strict=True))
    with parquet.ParquetWriter(file, schema) as writer:
        rows = iter(collected.rows(name))
        while batch := list(islice(rows, _TOGETHER)):
            arrays = [
                pyarrow.array(_alike([row[place] for row in batch], set(samples[place])), type=types[place])
                for place in range(len(columns))
            ]
            writer.write_table(pyarrow.table(arrays, schema=schema))


def _samples(collected: Collected, name: str) -> list[dict[type, Value]]:
    """Return a value of each type in each column."""
    found: list[dict[type, Value]] = [{} for _column in collected.columns(name)]
    for row in collected.rows(name):
        for samples, value in zip(found, row, strict=True):
            if value is not None and type(value) not in samples:
                samples[type(value)] = value
    return found


def _alike(values: list[Value], kinds: set[type]) -> list[Value]:
    """Return values of a column in which these types are, all of one type: what differs is told as texts."""
    if len(kinds) <= 1 or kinds <= {int, float}:
        return values
    return [None if value is None else str(_csv_cell(value)) for value in values]


_TOGETHER = 50_000  # rows of a Parquet file that are in the memory at once
_WRITERS: Mapping[str, Callable[[Collected, str, BinaryIO], None]] = {".csv": _csv, ".parquet": _parquet}


def _book(collected: Collected, out: Path, history: Sequence[Earlier]) -> bytes:
    content = io.BytesIO()
    workbook.write(rolled_up.gathered(collected), content, history, out.parent)
    return content.getvalue()
