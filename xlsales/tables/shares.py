"""Shares of a table that any process of a run can take apart: the leading process only divides them."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from xlsales.memory import uncollected
from xlsales.schema import TERRITORIES, Table
from xlsales.tables.cells import territory_keys
from xlsales.tables.mapping.mapped import Mapped
from xlsales.tables.raw import Chunk
from xlsales.tables.record import Deferred
from xlsales.tables.runs import FilledRows, PlainRows, Read, in_runs, one_by_one, taken_apart

# How work is spread over processes: for so many territories, what is to be done, and with what; what comes of each,
# in their order.
Spread: TypeAlias = Callable[[int, Callable[[Any], Any], Iterable[Any]], Iterator[Any]]


class Shape(NamedTuple):
    """What there is to know of a table before any of its rows is taken apart."""

    table: Table
    unnamed: Sequence[int]  # places of columns without a heading
    positions: Mapping[str, int]  # by column
    mapped: Mapped | None

    def packed(self) -> bytes:
        """Return it as all shares of a table have it."""
        return pickle.dumps(self, pickle.HIGHEST_PROTOCOL)


@dataclass(frozen=True)
class Share:
    """Some rows of a table as they come."""

    shape: bytes
    reads: Sequence[Read] = field(repr=False)

    def held(self) -> Share:
        """Return the same rows with all that it takes to take them apart, for who cannot see where they stand."""
        reads = (one.held() if isinstance(one, Deferred) else [one] for one in self.reads)
        return Share(self.shape, [*chain.from_iterable(reads)])


@dataclass(frozen=True)
class Taken:
    """What a share holds."""

    keys: Sequence[str | None]  # the territories
    places: npt.NDArray[np.int64]  # of each row, the place of its key
    chunk: bytes = field(repr=False)
    without: Mapping[int, int]  # columns that have cells and no heading, with the first row of each
    left_out: int  # rows, as a map says
    unknown: Mapping[tuple[str, str], int]  # values that a map does not know, in the order in which they are met


def taken(share: Share) -> Taken:
    """Take a share apart, in any process."""
    with uncollected():
        shape = _shape(share.shape)
        filled = FilledRows(shape.unnamed)
        mapped = None if shape.mapped is None else shape.mapped.begun_anew()
        reads = taken_apart(share.reads)
        chunk = PlainRows(shape.positions)
        for run in in_runs(filled.of(reads if mapped is None else mapped.turned(one_by_one(reads)))):
            chunk.add(run)
        keys, places = keyed(shape.table, chunk.whole())
        packed = pickle.dumps(chunk.whole(), pickle.HIGHEST_PROTOCOL)
        left_out, unknown = (0, Counter[tuple[str, str]]()) if mapped is None else (mapped.left_out, mapped.unknown)
        return Taken(keys, places, packed, filled.without, left_out, unknown)


@lru_cache(maxsize=2)
def _shape(packed: bytes) -> Shape:
    shape: Shape = pickle.loads(packed)
    return shape


def keyed(table: Table, chunk: Chunk) -> tuple[list[str | None], npt.NDArray[np.int64]]:
    """Return the territories of rows, and of each row the place of its own among them."""
    cells: Sequence[object] = chunk.columns.get(TERRITORIES.key[0], [None] * len(chunk.rows))
    are_texts = set(map(type, cells)) <= {str}  # which may be spelt in several ways
    named = cells if are_texts else territory_keys(table, cells)
    place_of = {name: place for place, name in enumerate(dict.fromkeys(named))}
    places = np.fromiter(map(place_of.__getitem__, named), np.int64, len(named))
    keys: list[Any] = list(place_of)
    return territory_keys(table, keys) if are_texts else keys, places
