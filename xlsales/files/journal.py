"""An append-only file of records, each a line with a checksum: a line that a kill has torn is none."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from xlsales.files import atomic

_CHECKSUM = 8  # hexadecimal digits before each record


class Journal:
    """Takes records at the end of a file; use it in a `with` block. One process writes into a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._torn = False

    def __enter__(self) -> Self:
        self._file = self._path.open("ab", buffering=0)
        self._torn = self._path.stat().st_size > 0
        if not self._torn:
            atomic.settle(self._path.parent)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def append(self, records: Iterable[object], *, durable: bool = True) -> None:
        """Add records; `durable` ones are on the disk when this returns."""
        lines = b"".join(line(record) for record in records)
        left = memoryview(b"\n" + lines if self._torn else lines)
        self._torn = True  # until all of it is written
        while left:
            left = left[self._file.write(left) :]
        if durable:
            os.fsync(self._file.fileno())
        self._torn = False


def line(record: object) -> bytes:
    """Return a record as a line of the file."""
    text = json.dumps(record, separators=(",", ":")).encode("ascii")
    return b"%0*x %b\n" % (_CHECKSUM, zlib.crc32(text), text)


def read(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield the whole records of a file, each with its place."""
    place = 0
    with path.open("rb") as file:
        for text in file:
            record = _record(text)
            if record is not None:
                yield place, record
            place += len(text)


def read_one(path: Path, place: int) -> Any:
    """Return the record at a place; None where there is none."""
    with path.open("rb") as file:
        file.seek(place)
        return _record(file.readline())


def _record(whole: bytes) -> Any:
    checksum, _blank, text = whole.rstrip(b"\n").partition(b" ")
    if not whole.endswith(b"\n") or checksum != b"%0*x" % (_CHECKSUM, zlib.crc32(text)):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # no record of ours
        return None
