"""Worksheet parts in segments: those that stay as they are in the template are compressed once, for all copies."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, Self

import numpy as np

from xlsales.cells.arrays import Array
from xlsales.workbook import archive, deflated
from xlsales.workbook.archive import Buffer, Joined
from xlsales.workbook.stamp.slots import LARGE, Span

_SIZE = 6_000  # bytes: with smaller ones the files grow, with larger ones more is compressed for each copy
_COPIES = 4  # contents of a run that are kept, in some 4 MB: the least with which most that come again are found
_COMPARED = 150_000  # bytes: longer runs hold lists with rows, and are alike in hardly any two copies


class Segment(NamedTuple):
    """Some pieces that follow one another, as the template has them."""

    start: int
    stop: int
    compressed: bytes


class Runs(NamedTuple):
    """Segments in which pieces differ, wherever some follow one another in a part."""

    first: Array  # the first segment of each run
    last: Array
    begin: Array  # where its pieces begin among those that differ
    end: Array


class _Recent:
    """Contents of the last copies, compressed: a list without rows or the dates of a year are alike in many of them."""

    def __init__(self) -> None:
        self._known: defaultdict[tuple[int, int], deque[tuple[bytes, bytes]]]
        self._known = defaultdict(partial(deque, maxlen=_COPIES))

    def compressed(self, run: tuple[int, int], content: bytes, compress: Callable[[bytes], bytes]) -> bytes:
        """Return what a run holds in a copy, compressed."""
        if len(content) > _COMPARED:
            return compress(content)
        known = self._known[run]
        for one, compressed in known:
            if one == content:
                return compressed
        found = compress(content)
        known.append((content, found))
        return found


class Segments:
    """The worksheet parts of a template."""

    def __init__(
        self, content: bytes, offsets: Array, segments: Sequence[Segment], parts: Sequence[tuple[str, range]]
    ) -> None:
        """Take the content of all parts, and where the pieces stand in it; each part has a range of the segments."""
        self.content = content
        self.offsets = offsets
        self.segments = segments
        self.parts = parts
        self._stops = np.array([segment.stop for segment in segments])
        self._begins_part = np.isin(np.arange(len(segments)), [own.start for _name, own in parts])
        pieces = np.array([(segment.start, segment.stop) for segment in segments], dtype=np.intp).reshape(-1, 2)
        self.bounds = offsets[pieces]  # of each segment in the content
        self._compressed = [segment.compressed for segment in segments]
        self._recent = _Recent()

    @classmethod
    def of(cls, spans: Sequence[Span], pieces: Array) -> Self:
        """Divide parts, and compress what that makes."""
        whole = pieces.tolist()
        segments: list[Segment] = []
        parts: list[tuple[str, range]] = []
        for span in spans:
            first = len(segments)
            for start, stop in _divided(span, whole):
                content = b"".join(whole[start:stop])
                segments.append(Segment(start, stop, deflated.piece(content, deflated.SMALL)))
            parts.append((span.part, range(first, len(segments))))
        return cls(b"".join(whole), np.cumsum([0, *map(len, whole)]), segments, parts)

    @property
    def contents(self) -> dict[str, bytes]:
        """The parts as the template has them."""
        return {name: bytes(self._unchanged(own.start, own.stop)[0]) for name, own in self.parts}

    def runs(self, places: Array) -> Runs:
        """Return where the parts differ in a copy, given the places of the pieces that do, in ascending order."""
        counts = np.searchsorted(places, self._stops)  # of the differing pieces up to the end of each segment
        dirty = np.diff(counts, prepend=0) > 0
        begins = dirty & (self._begins_part | ~np.append(False, dirty[:-1]))
        ends = dirty & np.append(begins[1:] | ~dirty[1:], True)
        first, last = np.flatnonzero(begins), np.flatnonzero(ends)
        return Runs(first, last, np.append(0, counts)[first], counts[last])

    def members(self, runs: Runs, contents: Sequence[bytes]) -> Iterator[Joined]:
        """Yield the parts that differ in a copy, given the contents of its runs."""
        found = list(zip(runs.first.tolist(), runs.last.tolist(), contents, strict=True))
        begin = 0
        for name, own in self.parts:
            end = begin
            while end < len(found) and found[end][0] < own.stop:
                end += 1
            if begin < end:
                yield archive.joined(name, self._joined(own, found[begin:end]))
            begin = end

    def _joined(self, own: range, runs: Sequence[tuple[int, int, bytes]]) -> Iterator[tuple[Buffer, Sequence[bytes]]]:
        """Yield the contents of a part in its order, each compressed, to the end of the part."""
        number = own.start
        for first, last, content in runs:
            if number < first:
                yield self._unchanged(number, first)
            number = last + 1
            if number == own.stop:
                yield content, [self._recent.compressed((first, last), content, deflated.last_piece)]
                return
            yield content, [self._recent.compressed((first, last), content, deflated.piece)]
        if number < own.stop:
            yield self._unchanged(number, own.stop)
        yield b"", [deflated.END]

    def _unchanged(self, start: int, stop: int) -> tuple[Buffer, Sequence[bytes]]:
        """Return segments that stay as they are, and the same compressed."""
        begin, end = self.bounds[start, 0], self.bounds[stop - 1, 1]
        return memoryview(self.content)[begin:end], self._compressed[start:stop]


def _divided(span: Span, pieces: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Yield where segments of about one size start and stop; a large piece is one alone."""
    start, size = span.start, 0
    for place in range(span.start, span.stop):
        size += len(pieces[place])
        is_last = place == span.stop - 1
        if is_last or size >= _SIZE or any(len(piece) >= LARGE for piece in pieces[place : place + 2]):
            yield start, place + 1
            start, size = place + 1, 0
