"""Parts cut in segments: a copy is the joined pieces, whichever of them differ."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.depth import examples
from xlsales.workbook import archive
from xlsales.workbook.stamp.segments import Segments
from xlsales.workbook.stamp.slots import HEAD, SECTIONS, Span

SIZES = (1, 700, 3, 90)  # pieces of the parts: the second has several segments


def _pieces(chance: random.Random) -> np.ndarray:
    pieces = np.full((sum(SIZES), SECTIONS), b"", dtype=object)
    for row in pieces:
        row[HEAD] = f'<c r="A{chance.randint(1, 9)}" s="3"><v>{chance.random()}</v></c>'.encode()
    return pieces


def _spans() -> list[Span]:
    starts = np.cumsum([0, *SIZES]).tolist()
    pairs = pairwise(starts)
    return [Span(f"part{number}.xml", start, stop) for number, (start, stop) in enumerate(pairs)]


PIECES = _pieces(random.Random(1))
SEGMENTS = Segments.of(_spans(), PIECES)


def written(places: list[int]) -> dict[str, bytes]:
    """The parts of a copy whose pieces at these places differ, as an archive gives them back."""
    new = np.full((len(places), SECTIONS), b"", dtype=object)
    for row, place in zip(new, places, strict=True):
        row[HEAD:] = b'<c r="B', str(place).encode() * (place % 5), b'"/>'
    return {m.name.decode(): archive.content(m) for m in SEGMENTS.members(np.array(places, dtype=np.intp), new)}


def wanted(places: list[int]) -> dict[str, bytes]:
    found = {}
    for span in _spans():
        if any(span.start <= place < span.stop for place in places):
            found[span.part] = b"".join(
                b'<c r="B' + str(place).encode() * (place % 5) + b'"/>' if place in places else PIECES[place, HEAD]
                for place in range(span.start, span.stop)
            )
    return found


LAST = sum(SIZES) - 1


@pytest.mark.parametrize(
    "places",
    [[], [0], [LAST], [1], [700], [1, 700], [701, 702, 703], [0, LAST], [350], [5, 6, 7, 350], list(range(LAST + 1))],
)
def test_copy_is_its_joined_pieces(places: list[int]) -> None:
    assert written(places) == wanted(places)


@settings(max_examples=examples(20), deadline=None)
@given(st.sets(st.integers(0, LAST), max_size=200))
def test_copy_of_any_differences_is_its_joined_pieces(places: set[int]) -> None:
    assert written(sorted(places)) == wanted(sorted(places))


def test_contents_are_the_templates() -> None:
    assert SEGMENTS.contents == wanted_whole()


def wanted_whole() -> dict[str, bytes]:
    return {span.part: b"".join(PIECES[span.start : span.stop, HEAD]) for span in _spans()}


@pytest.mark.parametrize("places", [[3], [1, 350, 700], list(range(800 - 90, 790))])
def test_checksums_are_those_of_the_contents(places: list[int]) -> None:
    new = np.full((len(places), SECTIONS), b"x", dtype=object)
    for member in SEGMENTS.members(np.array(places), new):
        content = archive.content(member)
        assert (member.crc, member.size) == (archive.checksum(content), len(content))
