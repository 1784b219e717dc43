"""Parts cut in segments: a copy is the joined pieces, whichever of them differ."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.depth import examples
from xlsales.workbook import archive, deflated
from xlsales.workbook.stamp.segments import Segments
from xlsales.workbook.stamp.slots import Span, object_row

SIZES = (1, 700, 3, 90)  # pieces of the parts: the second has several segments


def _pieces(chance: random.Random) -> np.ndarray:
    cells = [f'<c r="A{chance.randint(1, 9)}" s="3"><v>{chance.random()}</v></c>' for _piece in range(sum(SIZES))]
    return object_row([cell.encode() for cell in cells])


def _spans() -> list[Span]:
    starts = np.cumsum([0, *SIZES]).tolist()
    pairs = pairwise(starts)
    return [Span(f"part{number}.xml", start, stop) for number, (start, stop) in enumerate(pairs)]


PIECES = _pieces(random.Random(1))
SEGMENTS = Segments.of(_spans(), PIECES)


def _new(place: int) -> bytes:
    return b'<c r="B' + str(place).encode() * (place % 5) + b'"/>'


def members(places: list[int]) -> list[archive.Member]:
    """The parts of a copy whose pieces at these places differ."""
    runs = SEGMENTS.runs(np.array(places, dtype=np.intp))
    contents, used = [], []
    for first, last, begin, end in zip(*(numbers.tolist() for numbers in runs), strict=True):
        own = places[begin:end]
        pieces = range(SEGMENTS.segments[first].start, SEGMENTS.segments[last].stop)
        assert own == [place for place in places if place in pieces]
        contents.append(b"".join(_new(place) if place in own else PIECES[place] for place in pieces))
        used += own
    assert used == places
    return [one.member() for one in SEGMENTS.members(runs, contents)]


def written(places: list[int]) -> dict[str, bytes]:
    """The same, as an archive gives them back."""
    return {member.name.decode(): archive.content(member) for member in members(places)}


def wanted(places: list[int]) -> dict[str, bytes]:
    found = {}
    for span in _spans():
        if any(span.start <= place < span.stop for place in places):
            found[span.part] = b"".join(
                _new(place) if place in places else PIECES[place] for place in range(span.start, span.stop)
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
    return {span.part: b"".join(PIECES[span.start : span.stop]) for span in _spans()}


def test_a_large_piece_is_not_compressed_with_what_differs_beside_it() -> None:
    large = b"<dataValidation/>" * 200
    pieces = object_row([b"<c/>", large, b"<c/>", b"<c/>", large])
    segments = Segments.of([Span("part.xml", 0, 5)], pieces)
    runs = segments.runs(np.array([0, 2, 3], dtype=np.intp))
    assert [(one.start, one.stop) for one in segments.segments] == [(0, 1), (1, 2), (2, 4), (4, 5)]
    assert list(zip(runs.first.tolist(), runs.last.tolist(), strict=True)) == [(0, 0), (2, 2)]
    (found,) = segments.members(runs, [b"<new/>", b"<new/><c/>"])
    assert archive.content(found.member()) == b"<new/>" + large + b"<new/><c/>" + large


@pytest.mark.parametrize("places", [[3], [1, 350, 700], list(range(800 - 90, 790))])
def test_checksums_are_those_of_the_contents(places: list[int]) -> None:
    for member in members(places):
        content = archive.content(member)
        assert (member.crc, member.size) == (archive.checksum(content), len(content))


@pytest.mark.parametrize(("size", "others", "times"), [(9_000, 0, 1), (9_000, 3, 1), (9_000, 4, 2), (150_001, 0, 2)])
def test_what_a_run_held_in_one_of_the_last_copies_is_compressed_once(
    size: int, others: int, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    segments, content, compressed = Segments.of(_spans(), PIECES), b"x" * size, Counter[bytes]()
    runs, plain = segments.runs(np.array([350], dtype=np.intp)), deflated.piece

    def counted(content: bytes) -> bytes:
        compressed[content] += 1
        return plain(content)

    monkeypatch.setattr(deflated, "piece", counted)
    first = list(segments.members(runs, [content]))
    for other in range(others):
        assert list(segments.members(runs, [b"%d" % other * size])) != first
    assert list(segments.members(runs, [content])) == first
    assert compressed[content] == times
