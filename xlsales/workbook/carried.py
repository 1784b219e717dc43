"""What a workbook carries for the program that made it: data in its custom properties, which travel with the file.

Excel, LibreOffice and openpyxl keep custom properties as they are, where they drop parts that they do not know. Texts
of more than 255 characters may be cut on the way, so the data goes into several, the first of which says how many
there are and what they must come to.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import zlib
from collections.abc import Mapping
from typing import Any

import orjson

from xlsales.cells.values import serial
from xlsales.functions.errors import CellError
from xlsales.workbook import archive, deflated

_LONGEST = 255
_VERSION = "1"
_MOST_BYTES = 2**26
_OWN = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


class DamagedError(ValueError):
    """What is carried is not as it was written."""


def texts(name: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Return data as properties: of cells' values, dates become serial numbers."""
    content = orjson.dumps(data, default=_stored, option=_OWN)
    packed = base64.b64encode(deflated.last_piece(content)).decode()
    pieces = [packed[start : start + _LONGEST] for start in range(0, len(packed), _LONGEST)]
    head = f"{_VERSION} {len(pieces)} {len(content)} {archive.checksum(content):08x}"
    return {name: head} | {f"{name} {number}": piece for number, piece in enumerate(pieces, start=1)}


def read(name: str, properties: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the data that properties carry; None where there is none, DamagedError where it was changed."""
    head = properties.get(name)
    if head is None:
        return None
    try:
        version, count, size, checksum = head.split()
        if version != _VERSION or not 0 <= int(size) <= _MOST_BYTES:
            raise DamagedError(head)
        packed = base64.b64decode("".join(properties[f"{name} {n}"] for n in range(1, int(count) + 1)), validate=True)
        content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, int(size) + 1)
        if len(content) != int(size) or f"{archive.checksum(content):08x}" != checksum:
            raise DamagedError(name)
        data: dict[str, Any] = orjson.loads(content)
    except (KeyError, ValueError, binascii.Error, zlib.error) as error:
        raise DamagedError(name) from error
    return data


def _stored(value: object) -> Any:
    match value:
        case dt.date():
            return serial(value)
        case CellError(code=code):
            return {"error": code}
    raise TypeError(value)
