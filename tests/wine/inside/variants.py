"""Values as COM carries them, made and read with ctypes alone: pywin32 as a client cannot send error values.

In the questions and answers of the tests, which are JSON, a cell is null (empty), a number, a text, true or
false, or one of `{"currency": "1.2345"}`, `{"date": 46053.5}`, `{"error": -2146826281}`, `{"integer": 3}`.
A list of lists is a range.
"""

from __future__ import annotations

import ctypes
import struct
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

assert sys.platform == "win32"  # elsewhere mypy reads no further

SIZE = 24  # bytes of a VARIANT in 64-bit Windows
EMPTY, NULL, INTEGER, DOUBLE, CURRENCY, DATE, TEXT, DISPATCH, ERROR, BOOLEAN, VARIANT, LONGLONG = (
    *(0, 1, 3, 5, 6, 7, 8, 9, 10, 11, 12, 20),
)
ARRAY = 0x2000

automation = ctypes.oledll.oleaut32
SysAllocStringLen = ctypes.windll.oleaut32.SysAllocStringLen
SysAllocStringLen.argtypes, SysAllocStringLen.restype = (ctypes.c_wchar_p, ctypes.c_uint), ctypes.c_void_p
SysStringLen = ctypes.windll.oleaut32.SysStringLen
SysStringLen.argtypes, SysStringLen.restype = (ctypes.c_void_p,), ctypes.c_uint
SafeArrayCreate = ctypes.windll.oleaut32.SafeArrayCreate
SafeArrayCreate.argtypes, SafeArrayCreate.restype = (ctypes.c_ushort, ctypes.c_uint, ctypes.c_void_p), ctypes.c_void_p
SafeArrayGetDim = ctypes.windll.oleaut32.SafeArrayGetDim
SafeArrayGetDim.argtypes, SafeArrayGetDim.restype = (ctypes.c_void_p,), ctypes.c_uint


def packed(value: Any) -> bytes:
    """A value as a VARIANT, by value."""
    if isinstance(value, list):
        return _variant(ARRAY | VARIANT, struct.pack("<Q", _array(value)))
    if isinstance(value, dict):
        [(kind, content)] = value.items()
        return _SPECIAL[kind](content)
    if value is None:
        return _variant(EMPTY, b"")
    if isinstance(value, bool):
        return _variant(BOOLEAN, struct.pack("<h", -value))
    if isinstance(value, str):
        # A text's length counts UTF-16 units.
        units = len(value.encode("utf-16-le")) // 2
        return _variant(TEXT, struct.pack("<Q", SysAllocStringLen(value, units)))
    return _variant(DOUBLE, struct.pack("<d", value))


_SPECIAL: dict[str, Callable[[Any], bytes]] = {
    "currency": lambda text: _variant(CURRENCY, struct.pack("<q", int(Decimal(text).scaleb(4)))),
    "date": lambda serial: _variant(DATE, struct.pack("<d", serial)),
    "error": lambda code: _variant(ERROR, struct.pack("<i", code)),
    "integer": lambda number: _variant(INTEGER, struct.pack("<i", number)),
}


def list_of(values: Sequence[Any]) -> bytes:
    """Values as a list from 0, as VBA's `Array` makes it."""
    return _variant(ARRAY | VARIANT, struct.pack("<Q", _filled([len(values)], 0, [packed(one) for one in values])))


def _variant(kind: int, content: bytes) -> bytes:
    return struct.pack("<H6x", kind) + content.ljust(SIZE - 8, b"\0")


def _array(rows: list[list[Any]]) -> int:
    """A range's values, from 1 in both directions, column after column, as `Value2` gives them."""
    cells = [packed(row[column]) for column in range(len(rows[0])) for row in rows]
    return _filled([len(rows), len(rows[0])], 1, cells)


def _filled(sizes: list[int], lowest: int, cells: list[bytes]) -> int:
    bounds = struct.pack("<" + "Ii" * len(sizes), *(number for size in sizes for number in (size, lowest)))
    made: int = SafeArrayCreate(VARIANT, len(sizes), bounds)
    place = ctypes.c_void_p()
    automation.SafeArrayAccessData(ctypes.c_void_p(made), ctypes.byref(place))
    content = b"".join(cells)
    ctypes.memmove(place, content, len(content))
    automation.SafeArrayUnaccessData(ctypes.c_void_p(made))
    return made


def read(variant: bytes) -> Any:
    """A VARIANT as a cell; an array as `{"lowest": …, "cells": rows}`, or a row where it has one dimension."""
    (kind,) = struct.unpack_from("<H", variant)
    if kind == ARRAY | VARIANT:
        return _read_array(struct.unpack_from("<Q", variant, 8)[0])
    if kind in (EMPTY, NULL):
        return None if kind == EMPTY else {"null": True}
    if kind == TEXT:
        return text_at(struct.unpack_from("<Q", variant, 8)[0])
    for known, form, said in _SIMPLE:
        if kind == known:
            return said(struct.unpack_from(form, variant, 8)[0])
    return {"unknown type": kind}


_SIMPLE = (
    (DOUBLE, "<d", float),
    (BOOLEAN, "<h", bool),
    (INTEGER, "<i", lambda number: {"integer": number}),
    (LONGLONG, "<q", lambda number: {"long integer": number}),
    (CURRENCY, "<q", lambda number: {"currency": str(Decimal(number).scaleb(-4))}),
    (DATE, "<d", lambda serial: {"date": serial}),
    (ERROR, "<i", lambda code: {"error": code}),
    (DISPATCH, "<Q", lambda _place: {"object": True}),
)


def text_at(place: int) -> str:
    """The text that stands there."""
    return ctypes.string_at(place, 2 * SysStringLen(place)).decode("utf-16-le") if place else ""


def _read_array(array: int) -> dict[str, Any]:
    dimensions = SafeArrayGetDim(array)
    bounds = []
    for dimension in range(1, dimensions + 1):
        lowest, highest = ctypes.c_long(), ctypes.c_long()
        automation.SafeArrayGetLBound(ctypes.c_void_p(array), dimension, ctypes.byref(lowest))
        automation.SafeArrayGetUBound(ctypes.c_void_p(array), dimension, ctypes.byref(highest))
        bounds.append((lowest.value, highest.value))
    sizes = [highest - lowest + 1 for lowest, highest in bounds]
    rows, columns = (1, *sizes) if dimensions == 1 else sizes
    place = ctypes.c_void_p()
    automation.SafeArrayAccessData(ctypes.c_void_p(array), ctypes.byref(place))
    content = ctypes.string_at(place.value or 0, SIZE * rows * columns)
    automation.SafeArrayUnaccessData(ctypes.c_void_p(array))
    cells = [read(content[start : start + SIZE]) for start in range(0, len(content), SIZE)]
    by_row = [cells[row::rows] for row in range(rows)]
    return {"lowest": [lowest for lowest, _highest in bounds], "cells": by_row[0] if dimensions == 1 else by_row}
