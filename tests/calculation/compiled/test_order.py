"""Formulas come after all that they read; those that go round in a circle are told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.calculation.compiled.groups import Access, Group
from xlsales.calculation.compiled.order import CircularError, Readers, blocks, reached
from xlsales.calculation.compiled.tree import Literal

_SIZE = 12
# For each place the places that its formula reads; a place without any is an input or a constant.
_READ = st.lists(st.lists(st.integers(0, _SIZE - 1), max_size=3), min_size=_SIZE, max_size=_SIZE)


def _groups(read: list[list[int]], together: int) -> list[Group]:
    """Formulas that read as many places each, so many of them in a group."""
    found = []
    for count in (1, 2, 3):
        places = [place for place, own in enumerate(read) if len(own) == count]
        for start in range(0, len(places), together):
            own = np.array(places[start : start + together])
            accesses = [Access(np.array([read[place][number] for place in own])) for number in range(count)]
            found.append(Group("S", Literal(1.0), own, own, own, accesses))
    return found


def _depths(read: list[list[int]]) -> list[int] | None:
    """How many formulas stand one after the other up to each place; None where they go round in a circle."""
    depths = [0] * _SIZE
    for _round in range(_SIZE + 1):
        new = [1 + max(depths[other] for other in own) if own else 0 for own in read]
        if new == depths:
            return depths
        depths = new
    return None


@given(_READ, st.integers(1, 4), st.booleans())
def test_formulas_come_after_what_they_read(read: list[list[int]], together: int, turned: bool) -> None:
    groups = _groups(read, together)[:: -1 if turned else 1]
    wanted = np.ones(_SIZE, dtype=np.bool_)
    readers = Readers(groups, _SIZE)
    depths = _depths(read)
    if depths is None:
        with pytest.raises(CircularError):
            blocks(groups, wanted, readers)
        return
    places = [place for block in blocks(groups, wanted, readers) for place in block.places.tolist()]
    assert sorted(places) == [place for place, own in enumerate(read) if own]
    assert [depths[place] for place in places] == sorted(depths[place] for place in places)


@given(_READ, st.integers(1, 4), st.sets(st.integers(0, _SIZE - 1), max_size=3))
def test_what_reads_an_input_directly_or_not_depends_on_it(
    read: list[list[int]], together: int, inputs: set[int]
) -> None:
    found = set(inputs)
    for _round in range(_SIZE):
        found |= {place for place, own in enumerate(read) if found.intersection(own)}
    groups = _groups(read, together)
    assert set(np.flatnonzero(reached(groups, inputs, _SIZE, Readers(groups, _SIZE))).tolist()) == found
