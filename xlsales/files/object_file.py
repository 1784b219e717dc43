"""An object in object storage as a file to read: only parts that are read are fetched, the end with the first."""

from __future__ import annotations

import errno
import io
from typing import Final

from xlsales.files.objects import Found, Objects

_BLOCK: Final = 2**16


class ObjectFile(io.RawIOBase):
    """Of a ZIP archive, the end holds the list of its members, and often small ones that were added last."""

    def __init__(self, objects: Objects, name: str, found: Found) -> None:
        """Take an object as it was found; another one in its place makes `read` raise OtherObjectError."""
        self._objects, self._name, self._found = objects, name, found
        self._at = 0
        self._start, self._block = 0, b""  # what was fetched last

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read from anywhere."""
        return True

    def tell(self) -> int:
        """Return where the next byte is."""
        return self._at

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Go somewhere else."""
        place += {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._found.size}[whence]
        if place < 0:
            raise OSError(errno.EINVAL, "before the beginning")
        self._at = place
        return place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read the next bytes."""
        size = max(0, min(len(buffer), self._found.size - self._at))
        if not self._start <= self._at <= self._at + size <= self._start + len(self._block):
            last = max(0, self._found.size - _BLOCK)
            self._start = min(self._at, last)
            length = min(max(size, _BLOCK), self._found.size - self._start)
            self._block = self._objects.read_part(self._name, self._found, self._start, length) if length else b""
        begin = self._at - self._start
        buffer[:size] = self._block[begin : begin + size]
        self._at += size
        return size
