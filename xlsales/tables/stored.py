"""A file of the tables that any process of a run may open: here, on a disk that computers share, or by its address."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Final, Self

from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.tables import remote
from xlsales.tables.remote import Address
from xlsales.texts import _

_END: Final = 2**16  # bytes at a file's end that are compared: those of Parquet say where all others are
_FINGERPRINTS: Final = ("ETag", "etag", "md5Hash")  # as storages call them


class UnseenError(InputError):
    """A file is not as it was when the run looked at it; on another computer, it may never have been."""


@dataclass(frozen=True)
class Stored:
    """A file, and what it was like when the run looked at it."""

    name: str  # as findings have it
    place: str  # on a disk, else in a storage
    url: str = field(default="", repr=False)  # of the storage; it may hold a password
    mark: tuple[object, ...] = ()

    @classmethod
    def of(cls, path: Path, address: Address | None = None) -> Self:
        """Return a file that is here, or else at this address."""
        if address is None:
            return cls(path.name, str(path.absolute()))
        return cls(path.name, address.path, address.url)

    @contextmanager
    def looked_at(self) -> Iterator[tuple[Self, BinaryIO]]:
        """Open it for the first time; yield what it is like, too."""
        with self._file() as (file, mark):
            yield replace(self, mark=mark), file

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Open it again; raises UnseenError where it is not to be found as it was."""
        with ExitStack() as stack:
            try:
                file, mark = stack.enter_context(self._file())
            except OSError as error:
                raise UnseenError(obstacles.in_reading(Path(self.place), error, self.name)) from error
            except InputError as error:
                raise UnseenError(str(error)) from error
            if mark != self.mark:
                raise UnseenError(_("{file} was changed while it was read: run again.").format(file=self.name))
            yield file

    @contextmanager
    def _file(self) -> Iterator[tuple[BinaryIO, tuple[object, ...]]]:
        if not self.url:
            with Path(self.place).open("rb") as opened:
                there = os.fstat(opened.fileno())
                yield opened, (there.st_size, there.st_mtime_ns, _end(opened))
            return
        with remote.opened(Address(self.url, self.place)) as (file, told):
            known = tuple(str(told[name]) for name in _FINGERPRINTS if told.get(name))
            yield file, (told.get("size"), *(known or [_end(file)]))


def _end(file: BinaryIO) -> str:
    """Return the fingerprint of the last bytes of a file."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _END))
    digest = hashlib.sha256(file.read(_END)).hexdigest()
    file.seek(0)
    return digest
