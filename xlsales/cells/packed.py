"""Arrays and plain data as one piece of bytes, and back: the form of what is kept, of which nothing is ever run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

from xlsales.cells.arrays import Array

_TYPES = {"|b1", "|i1", "|u1", "<i4", "<i8", "<f8"}
_ALIGNED = 8  # bytes
_LENGTH = 8  # bytes that hold the length of the head


def packed(plain: Any, arrays: Mapping[str, Array]) -> bytes:
    """Return both as bytes; raises ValueError for what they cannot hold, such as half of a character."""
    told: dict[str, tuple[str, tuple[int, ...], int]] = {}
    pieces: list[bytes] = []
    position = 0
    for name, array in arrays.items():
        content = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        if content.dtype.str not in _TYPES:
            raise ValueError(content.dtype.str)
        told[name] = content.dtype.str, array.shape, position
        pieces += [content.tobytes(), b"\0" * (-content.nbytes % _ALIGNED)]
        position += len(pieces[-2]) + len(pieces[-1])
    head = orjson.dumps([told, plain])
    head += b" " * (-len(head) % _ALIGNED)
    return b"".join([len(head).to_bytes(_LENGTH, "little"), head, *pieces])


def unpacked(content: bytes | bytearray) -> tuple[Any, dict[str, Array]]:
    """Return what was packed; raises ValueError or TypeError for anything else.

    Each array has memory of its own: one that stays keeps nothing of the others.
    """
    start = _LENGTH + int.from_bytes(content[:_LENGTH], "little")
    told, plain = orjson.loads(content[_LENGTH:start])
    arrays: dict[str, Array] = {}
    for name, (kind, shape, position) in told.items():
        if kind not in _TYPES or not all(type(size) is int and size >= 0 for size in (*shape, position)):
            raise ValueError(name)
        found = np.frombuffer(content, np.dtype(kind), math.prod(shape), start + position)
        arrays[name] = found.reshape(shape).copy()
    return plain, arrays
