"""What depends on the inputs, and in which order it is calculated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from xlsales.calculation.compiled.groups import Access, Group
from xlsales.calculation.compiled.tree import Node
from xlsales.cells.arrays import Array


class CircularError(ValueError):
    """Formulas depend on themselves; `places` are theirs."""

    def __init__(self, places: Array) -> None:
        super().__init__("circular")
        self.places = places


@dataclass(frozen=True)
class Block:
    """Formulas of one shape that can be calculated at once."""

    node: Node
    places: Array
    accesses: Sequence[Access]
    rows: Array
    columns: Array

    def parts(self, cells: int) -> Iterator[Block]:
        """Yield blocks of so many cells each."""
        for start in range(0, self.places.size, cells):
            some = np.arange(start, min(start + cells, self.places.size))
            accesses = [access.of(some) for access in self.accesses]
            yield Block(self.node, self.places[some], accesses, self.rows[some], self.columns[some])


class Readers:
    """Which groups read from which: one needs another look only after what it reads has changed."""

    def __init__(self, groups: Sequence[Group], size: int) -> None:
        self._of: list[list[int]] = [[] for _group in groups]
        owners = np.full(size, len(groups))
        for number, group in enumerate(groups):
            owners[group.places] = number
        for number, group in enumerate(groups):
            read = np.zeros(len(groups) + 1, dtype=np.bool_)
            for access in group.accesses:
                read[owners[access.places]] = True
            for other in np.flatnonzero(read[:-1]).tolist():
                self._of[other].append(number)

    def rounds(self, groups: Sequence[Group]) -> Iterator[Iterator[tuple[Group, Callable[[], None]]]]:
        """Yield rounds of the groups to look at, in their order, until there are none; each can be told as changed."""
        waiting = set(range(len(groups)))

        def one_round() -> Iterator[tuple[Group, Callable[[], None]]]:
            for number, group in enumerate(groups):
                if number in waiting:
                    waiting.remove(number)
                    yield group, partial(waiting.update, self._of[number])

        while waiting:
            yield one_round()


def reached(groups: Sequence[Group], inputs: Iterable[int], size: int, readers: Readers) -> Array:
    """Return which places depend on the inputs, the inputs among them."""
    found = np.zeros(size, dtype=np.bool_)
    found[list(inputs)] = True
    for some in readers.rounds(groups):
        for group, tell in some:
            new = _seen(group.accesses, found, np.logical_or) & ~found[group.places]
            if new.any():
                found[group.places] |= new
                tell()
    return found


def seeing(groups: Iterable[Group], some: Array) -> Iterator[tuple[Group, Array]]:
    """Yield the groups of which members see any of some places, with these members."""
    for group in groups:
        seen = np.broadcast_to(_seen(group.accesses, some, np.logical_or), group.places.shape)
        if seen.any():
            yield group, np.flatnonzero(seen)


def blocks(groups: Sequence[Group], wanted: Array, readers: Readers) -> list[Block]:
    """Return the wanted formulas in an order in which each comes after all that it refers to."""
    levels = _levels(groups, wanted, readers)
    found = []
    for group in groups:
        own = levels[group.places]
        for level in np.unique(own[own > 0]).tolist():
            members = np.flatnonzero(own == level)
            accesses = [access.of(members) for access in group.accesses]
            block = Block(group.node, group.places[members], accesses, group.rows[members], group.columns[members])
            found.append((level, block))
    return [block for _level, block in sorted(found, key=lambda pair: pair[0])]


def _levels(groups: Sequence[Group], wanted: Array, readers: Readers) -> Array:
    """Return for each place how many formulas stand one after the other up to it; 0 is no formula."""
    levels = np.zeros(wanted.size, dtype=np.int64)
    most = sum(int(wanted[group.places].sum()) for group in groups)
    for some in readers.rounds(groups):
        for group, tell in some:
            own = np.where(wanted[group.places], _seen(group.accesses, levels, np.maximum) + 1, 0)
            if (own != levels[group.places]).any():
                levels[group.places] = own
                tell()
        if levels.max() > most:
            raise CircularError(np.flatnonzero(levels > most))
    return levels


def _seen(accesses: Iterable[Access], values: Array, combine: np.ufunc) -> Array:
    """Combine the values of all that each cell refers to."""
    found = np.zeros(1, dtype=values.dtype)
    for access in accesses:
        seen = values[access.places]
        if access.until is not None:
            down = combine.accumulate(combine.reduce(seen[0], axis=1))
            seen = down[access.until - 1]
        elif access.is_range:
            seen = combine.reduce(seen, axis=(1, 2))
        found = combine(found, seen)
    return found
