"""A template compiled, as bytes to be kept, and back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from xlsales.calculation.compiled.cells import Places
from xlsales.calculation.compiled.form import Base, Form, Step
from xlsales.calculation.compiled.reading import NO_PLACES, Reading, Way
from xlsales.calculation.compiled.tree import Call, Cells, Corner, Literal, Node, Table
from xlsales.cells.arrays import Array
from xlsales.cells.packed import packed, unpacked
from xlsales.workbook import deflated

_LITERAL, _CELLS, _CALL, _TABLE = range(4)
_MOST_AXES = 3


def written(form: Form) -> bytes | None:
    """Return a form as bytes; None where it would not come back as it is."""
    nodes = list({id(step.node): step.node for step in form.steps}.values())
    numbers = {id(node): number for number, node in enumerate(nodes)}
    pool = _Pool()
    readings = [reading for step in form.steps for reading in step.readings]
    plain = {
        "nodes": [_plain(node) for node in nodes],
        "texts": list(form.texts),
        "sheets": list(form.places.keys),
        "slots": form.slots,
        "left": [[*address, reason] for address, reason in form.left.items()],
    }
    sizes = [step.places.size for step in form.steps]
    arrays = {
        "keys": _row([*form.places.keys.values()]),
        "sheets": np.array([keys.size for keys in form.places.keys.values()]),
        "inputs": form.inputs,
        "numbers": form.base.numbers,
        "kinds": form.base.kinds,
        "steps": np.array([[numbers[id(step.node)], len(step.readings)] for step in form.steps]).reshape(-1, 2),
        "sizes": np.array(sizes, dtype=np.int64),
        "places": _row([step.places for step in form.steps]).astype(np.int32),
        "rows": _row([step.rows for step in form.steps]).astype(np.int32),
        "columns": _row([step.columns for step in form.steps]).astype(np.int32),
        "readings": np.array([_numbers(one, pool) for one in readings], dtype=np.int64).reshape(-1, _READING),
        "pool": _row(pool.pieces).astype(np.int32),
    }
    try:
        content = deflated.small(packed(plain, arrays))
    except (TypeError, ValueError):  # half of a character, for example
        return None
    found = read(content)  # an infinite number would be none
    is_same = found is not None and repr([step.node for step in found.steps]) == repr([s.node for s in form.steps])
    return content if is_same else None


def read(content: bytes) -> Form | None:
    """Return the form that some bytes hold; None where they hold none."""
    try:
        return _read(*unpacked(deflated.large(content)))
    except (ValueError, TypeError, KeyError, IndexError):
        return None


def _read(plain: Any, arrays: dict[str, Array]) -> Form:
    nodes = [_node(one) for one in plain["nodes"]]
    keys = dict(zip(plain["sheets"], _parted(arrays["keys"], arrays["sheets"]), strict=True))
    pool = arrays["pool"].astype(np.intp)
    told = [_reading(one, pool) for one in arrays["readings"].tolist()]
    ends = np.cumsum(arrays["steps"][:, 1]).tolist()
    readings = [told[start:end] for start, end in pairwise([0, *ends])]
    if ends[-1:] not in ([], [len(told)]):
        raise ValueError(ends[-1])
    cells = [_parted(arrays[name].astype(np.intp), arrays["sizes"]) for name in ("places", "rows", "columns")]
    steps = [
        Step(nodes[node], places, rows, columns, own)
        for node, own, places, rows, columns in zip(arrays["steps"][:, 0].tolist(), readings, *cells, strict=True)
    ]
    left = {(sheet, cell): str(reason) for sheet, cell, reason in plain["left"]}
    base = Base(arrays["numbers"], arrays["kinds"])
    return Form(Places(keys), arrays["inputs"], base, plain["texts"], steps, int(plain["slots"]), left)


class _Pool:
    """Places of cells in a row, each of which is there once."""

    def __init__(self) -> None:
        self.pieces: list[Array] = []
        self._starts: dict[bytes, int] = {}
        self._size = 0

    def start(self, places: Array) -> int:
        """Return where some places stand."""
        content = places.astype(np.int32).tobytes()
        if content not in self._starts:
            self._starts[content] = self._size
            self.pieces.append(places.ravel())
            self._size += places.size
        return self._starts[content]


# What is told of a reading: its way, start, stop, step, slot; its places in the pool, their axes and how many those
# are; and where the numbers of its rows stand, if it has any.
_READING = 6 + _MOST_AXES + 1 + 2
_WAYS = tuple(Way)


def _numbers(reading: Reading, pool: _Pool) -> list[int]:
    way, places, start, stop, step, slot, until = reading
    axes = [*places.shape, *[0] * (_MOST_AXES - places.ndim), places.ndim]
    ends = [-1, 0] if until is None else [pool.start(until), until.size]
    return [way, start, stop, step, slot, pool.start(places), *axes, *ends]


def _reading(numbers: Sequence[int], pool: Array) -> Reading:
    way, start, stop, step, slot, first, *axes, ndim, rows, count = numbers
    places = NO_PLACES
    if axes[0] or ndim != 1:
        shape = axes[:ndim]
        places = pool[first : first + math.prod(shape)].reshape(shape)
    until = None if rows < 0 else pool[rows : rows + count].reshape(count)
    return Reading(_WAYS[way], places, start, stop, step, slot, until)


def _row(pieces: Sequence[Array]) -> Array:
    return np.concatenate([np.empty(0, dtype=np.int64), *pieces])


def _parted(row: Array, sizes: Array) -> list[Array]:
    ends = np.cumsum(sizes).tolist()
    if len(row) != sizes.sum():
        raise ValueError(sizes)
    return [row[end - size : end] for end, size in zip(ends, sizes.tolist(), strict=True)]


def _plain(node: Node) -> list[Any]:
    match node:
        case Literal(value=value, is_error=is_error):
            return [_LITERAL, value, is_error]
        case Cells(sheet=sheet, first=first, last=last, is_range=is_range):
            return [_CELLS, sheet, *_numbers_of(first), *_numbers_of(last), is_range]
        case Call(name=name, arguments=arguments):
            return [_CALL, name, *map(_plain, arguments)]
        case Table(rows=rows):
            return [_TABLE, *([_plain(cell) for cell in row] for row in rows)]


_literal = lru_cache(maxsize=None, typed=True)(Literal)  # most of them are there many times
_corner = lru_cache(maxsize=None)(Corner)


def _numbers_of(corner: Corner) -> tuple[int, int, bool, bool]:
    return corner.row, corner.column, corner.fixed_row, corner.fixed_column


def _node(plain: list[Any]) -> Node:
    kind, *rest = plain
    if kind == _LITERAL:
        return _literal(*rest)
    if kind == _CELLS:
        return Cells(rest[0], _corner(*rest[1:5]), _corner(*rest[5:9]), rest[9])
    if kind == _CALL:
        return Call(rest[0], tuple(map(_node, rest[1:])))
    return Table(tuple(tuple(Literal(*cell[1:]) for cell in row) for row in rest))
