"""Divides rows into parts: reads come in the source's order, parts go out by territory."""

from __future__ import annotations

import pickle
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from xlsales.schema import Table
from xlsales.tables.order import stated
from xlsales.tables.raw import Chunk
from xlsales.tables.shares import Spread, Taken, keyed
from xlsales.tables.spool import Spool

Numbers = npt.NDArray[np.int64]
_UNWANTED = -2  # the place of rows that nobody wants
_TERRITORIES = 2500  # of a part, at most


@dataclass
class _Piece:
    """Rows of one table with the place of each row's territory in the table territories; -1 without one."""

    table: str
    places: Numbers
    chunk: Chunk | bytes


class Pieces:
    """The rows of every part and table, in memory or in a spool."""

    def __init__(self, count: int, territories: int, spool: Spool):
        self.count = count
        self.territories = territories  # how many the source names
        self._spool = spool
        self._kept: dict[tuple[int, str], list[Chunk]] = defaultdict(list)
        self._aside: dict[tuple[int, str], array[int]] = defaultdict(partial(array, "Q"))  # places in the spool

    def keep(self, part: int, table: str, chunk: Chunk) -> None:
        """Hold rows in memory."""
        self._kept[part, table].append(chunk)

    def put_aside(self, part: int, table: str, packed: bytes) -> None:
        """Hold rows in the spool."""
        self._aside[part, table].append(self._spool.put_bytes(packed))

    def held(self, part: int, table: str) -> list[Chunk | bytes]:
        """The rows of one part and table in the source's order, as `chunks` takes them."""
        return [*self._kept.get((part, table), ()), *map(self._spool.get_bytes, self._aside.get((part, table), ()))]


def split(task: tuple[str, bytes, Numbers]) -> tuple[str, list[tuple[int, bytes]]]:
    """Divide the rows of a table by their parts, in any process; −1 is none."""
    table, packed, parts = task
    chunk: Chunk = pickle.loads(packed)
    order = np.argsort(parts, kind="stable")
    order = order[np.searchsorted(parts[order], 0) :]
    ends = np.flatnonzero(np.diff(parts[order], append=-1)) + 1
    pieces = np.split(order, ends[:-1]) if len(order) else []
    return table, [(int(parts[one[0]]), _packed(chunk.take(one.tolist()))) for one in pieces]


def _packed(chunk: Chunk | bytes) -> bytes:
    return chunk if isinstance(chunk, bytes) else pickle.dumps(chunk, pickle.HIGHEST_PROTOCOL)


def chunks(held: Iterable[Chunk | bytes]) -> Iterator[Chunk]:
    """The rows that `Pieces` of this run have held."""
    for one in held:
        yield one if isinstance(one, Chunk) else pickle.loads(one)


class Divider:
    """Takes all rows of a source, the table territories first; then divides them.

    Until there are more than `rows` of them they stay in memory. A territory counts as some rows in any case: a plan
    without rows has its size too.
    """

    def __init__(self, rows: int, spool: Spool):
        self._limit = rows
        self._least = rows // _TERRITORIES
        self._spool = spool
        self.rows = 0  # that were taken
        self._in_memory: list[_Piece] = []
        self._aside: list[int] = []
        self._places: dict[str | None, int] = {}  # of the territories
        self._counts = np.zeros(0, np.int64)  # rows of each territory

    @property
    def territories(self) -> int:
        """How many territories there are."""
        return len(self._places)

    @property
    def is_full(self) -> bool:
        """Whether there are too many rows for one part."""
        return self.rows + self._least * len(self._places) > self._limit

    def add(self, table: Table, chunk: Chunk) -> None:
        """Take some rows of a table."""
        keys, places = keyed(table, chunk)
        if table.name == "territories":
            for key in keys:
                if key is not None:
                    self._places.setdefault(key, len(self._places))
        self._take(table, np.array([self._places.get(key, -1) for key in keys], np.int64)[places], chunk)

    def add_taken(self, table: Table, taken: Taken, wanted: Collection[int]) -> None:
        """Take the rows of a share whose keys are wanted; none of the table territories."""
        of_keys = [self._places.get(key, -1) if at in wanted else -2 for at, key in enumerate(taken.keys)]
        self._take(table, np.array(of_keys, np.int64)[taken.places], taken.chunk)

    def _take(self, table: Table, places: Numbers, chunk: Chunk | bytes) -> None:
        counts = np.bincount(places[places >= 0], minlength=len(self._places))
        counts[: len(self._counts)] += self._counts
        self._counts = counts
        self.rows += int((places > _UNWANTED).sum())
        self._in_memory.append(_Piece(table.name, places, chunk))
        if self.is_full:
            self._aside += [self._spool.put(replace(one, chunk=_packed(one.chunk))) for one in self._in_memory]
            self._in_memory.clear()

    def divided(self, spool: Spool, spread: Spread | None = None) -> Pieces:
        """The rows in parts."""
        if not self._aside:
            pieces = Pieces(1, len(self._places), spool)
            for kept in self._in_memory:
                [chunk] = chunks([kept.chunk])
                wanted = np.flatnonzero(kept.places > _UNWANTED).tolist()
                pieces.keep(0, kept.table, chunk if len(wanted) == len(kept.places) else chunk.take(wanted))
            return pieces
        parts = self._parts()  # by place, in whatever order the territories came
        count = int(parts[-1]) + -(-(self.rows - int(self._counts.sum())) // self._limit)
        pieces = Pieces(count, len(self._places), spool)
        tasks = self._tasks(parts)
        for table, found in map(split, tasks) if spread is None else spread(self.territories, split, tasks):
            for part, packed in found:
                pieces.put_aside(part, table, packed)
        return pieces

    def _tasks(self, parts: Numbers) -> Iterator[tuple[str, bytes, Numbers]]:
        """Yield rows, and of each the part that it belongs to."""
        strays = 0
        for place in self._aside:
            piece = self._spool.get(place)
            of_rows = parts[np.maximum(piece.places, -1)]  # −1 takes the last, the first part for rows without one
            without = np.flatnonzero(piece.places == -1)
            of_rows[without] += (strays + np.arange(len(without))) // self._limit
            of_rows[piece.places == _UNWANTED] = -1
            strays += len(without)
            yield piece.table, piece.chunk, of_rows

    def _parts(self) -> Numbers:
        """The part of each territory; at the end, the first part for rows of unknown territories."""
        names = [str(name) for name in self._places]
        counts = self._counts.tolist()
        parts = np.zeros(len(names) + 1, np.int64)
        part = filled = 0
        for place in stated("territories", {"territory_id": names}):
            size = counts[place] + self._least
            if filled and filled + size > self._limit:
                part += 1
                filled = 0
            filled += size
            parts[place] = part
        parts[-1] = part + 1 if names else 0
        return parts
