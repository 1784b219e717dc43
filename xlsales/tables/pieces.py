"""Divides rows into parts: reads come in the source's order, parts go out by territory."""

from __future__ import annotations

import pickle
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from xlsales.schema import Table
from xlsales.tables.cells import territory_keys
from xlsales.tables.order import stated
from xlsales.tables.raw import Chunk
from xlsales.tables.spool import Spool

Numbers = npt.NDArray[np.int64]
_TERRITORIES = 2500  # of a part, at most


@dataclass
class _Piece:
    """Rows of one table with the place of each row's territory in the table territories; -1 without one."""

    table: str
    places: Numbers
    chunk: Chunk


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

    def put_aside(self, part: int, table: str, chunk: Chunk) -> None:
        """Hold rows in the spool."""
        self._aside[part, table].append(self._spool.put(chunk))

    def held(self, part: int, table: str) -> list[Chunk | bytes]:
        """The rows of one part and table in the source's order, as `chunks` takes them."""
        return [*self._kept.get((part, table), ()), *map(self._spool.get_bytes, self._aside.get((part, table), ()))]


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
        self._rows = 0
        self._in_memory: list[_Piece] = []
        self._aside: list[int] = []
        self._places: dict[str | None, int] = {}  # of the territories
        self._counts = np.zeros(0, np.int64)  # rows of each territory

    def add(self, table: Table, chunk: Chunk) -> None:
        """Take some rows of a table."""
        places = self._places_of(table, chunk)
        counts = np.bincount(places[places >= 0], minlength=len(self._places))
        counts[: len(self._counts)] += self._counts
        self._counts = counts
        self._rows += len(places)
        self._in_memory.append(_Piece(table.name, places, chunk))
        if self._rows + self._least * len(self._places) > self._limit:
            self._aside += [self._spool.put(piece) for piece in self._in_memory]
            self._in_memory.clear()

    def _places_of(self, table: Table, chunk: Chunk) -> Numbers:
        """The place of each row's territory; −1 for rows of none."""
        cells = chunk.columns.get("territory_id", [None] * len(chunk.rows))
        different: list[object] = list(dict.fromkeys(cells)) if set(map(type, cells)) <= {str} else cells
        keys = territory_keys(table, different)
        if table.name == "territories":
            for key in keys:
                if key is not None:
                    self._places.setdefault(key, len(self._places))
        places = [self._places.get(key, -1) for key in keys]
        if different is not cells:
            place_of = dict(zip(different, places, strict=True))
            places = [place_of[cell] for cell in cells]
        return np.array(places, np.int64)

    def divided(self, spool: Spool) -> Pieces:
        """The rows in parts."""
        if not self._aside:
            pieces = Pieces(1, len(self._places), spool)
            for kept in self._in_memory:
                pieces.keep(0, kept.table, kept.chunk)
            return pieces
        parts = self._parts()  # by place, in whatever order the territories came
        strays = 0
        count = int(parts[-1]) + -(-(self._rows - int(self._counts.sum())) // self._limit)
        pieces = Pieces(count, len(self._places), spool)
        for place in self._aside:
            piece = self._spool.get(place)
            of_rows = parts[piece.places]  # -1 takes the last, the first part for rows without a territory
            without = np.flatnonzero(piece.places < 0)
            of_rows[without] += (strays + np.arange(len(without))) // self._limit
            strays += len(without)
            order = np.argsort(of_rows, kind="stable")
            ends = np.flatnonzero(np.diff(of_rows[order], append=-1)) + 1
            for positions in np.split(order, ends[:-1]) if len(order) else ():
                part = int(of_rows[positions[0]])
                pieces.put_aside(part, piece.table, piece.chunk.take(positions.tolist()))
        return pieces

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
