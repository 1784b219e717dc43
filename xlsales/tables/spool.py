"""A temporary file for what does not fit into memory."""

from __future__ import annotations

import io
import pickle
import tempfile
from contextlib import suppress
from typing import IO, Any

from xlsales.errors import DiskFull, XlsalesError
from xlsales.files import obstacles
from xlsales.texts import _

_LENGTH = 8  # bytes that say how many follow


class Spool:
    """Puts objects aside in a file that vanishes with it; use it in a `with` block."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None  # none until something is put into it

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._file is not None:
            with suppress(OSError):  # on a full disk, what could not be written before
                self._file.close()

    def put(self, item: object) -> int:
        """Put an object aside; the result is the place to find it again."""
        return self.put_bytes(pickle.dumps(item, pickle.HIGHEST_PROTOCOL))

    def put_bytes(self, content: bytes) -> int:
        """Put bytes aside; the result is the place to find them again."""
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="xlsales-")  # noqa: SIM115 (closed in __exit__)
            place = self._file.seek(0, io.SEEK_END)
            self._file.write(len(content).to_bytes(_LENGTH, "little"))
            self._file.write(content)
            self._file.flush()
        except OSError as error:
            text = _(
                "The folder for temporary files, {folder}, cannot take the tables: {reason}. "
                "Make room there, or name another folder in the environment variable TMPDIR."
            )
            text = text.format(folder=tempfile.gettempdir(), reason=error.strerror or error)
            raise (DiskFull if obstacles.is_full(error) else XlsalesError)(text) from error
        return place

    def get(self, place: int) -> Any:
        """Return the object at a place, which this process has put there itself."""
        return pickle.loads(self.get_bytes(place))

    def get_bytes(self, place: int) -> bytes:
        """Return the bytes at a place: those that were put there, or what an object was turned into."""
        assert self._file is not None
        self._file.seek(place)
        return self._file.read(int.from_bytes(self._file.read(_LENGTH), "little"))
