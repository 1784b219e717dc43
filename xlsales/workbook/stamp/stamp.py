"""Prepares a template once, and writes filled copies of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple, Self

import numpy as np

from xlsales import memory
from xlsales.cells.arrays import BLANK, Array, CellArrays, TextIds, arrays_of
from xlsales.cells.values import Address, CellValue, InputValue
from xlsales.memory import uncollected
from xlsales.workbook import archive, properties
from xlsales.workbook.archive import Joined, Member
from xlsales.workbook.stamp.joints import Joints
from xlsales.workbook.stamp.prepared import Base, Prepared, prepared
from xlsales.workbook.stamp.rendering import Renderer
from xlsales.workbook.stamp.segments import Runs
from xlsales.workbook.template import Template

_TOGETHER = 8  # copies, at most


class _Rendered(NamedTuple):
    """What a copy's cells hold where they differ from the template's."""

    changed: Array  # the slots
    ways: Array
    shown: Array
    texts: Sequence[str]  # those that are added to the shared strings
    asks: bool  # whether Excel has to calculate


class Stamp:
    """A template prepared for filled copies."""

    def __init__(self, template: Template, base: Base | Sequence[CellValue], ids: TextIds | None = None) -> None:
        """Prepare a template; of a `base` without inputs its formulas' values do, in the order of `template.formulas`.

        `ids` are those of the texts in the cells that `stamped` gets.
        """
        own = TextIds() if ids is None else ids
        with uncollected():
            known = base if isinstance(base, Base) else Base(base)
            self._take(template, prepared(template, known, own), own)

    @classmethod
    def of(cls, template: Template, found: Prepared, ids: TextIds) -> Self:
        """Return a template that was prepared before."""
        self = cls.__new__(cls)
        self._take(template, found, ids)
        return self

    def _take(self, template: Template, found: Prepared, ids: TextIds) -> None:
        self.prepared = found
        self._template = template
        self._ids = ids
        self._base = found.base
        self._slots = found.slots
        self._segments = found.segments
        self._renderer = Renderer(found.slots)
        self._joints = Joints(found.slots, found.segments)
        self._is_formula = ~found.slots.is_input
        self._archive = archive.Prepared(found.members)
        self._together = min(_TOGETHER, max(1, memory.IN_THE_MAKING // 3 // max(1, len(found.segments.content))))

    @property
    def addresses(self) -> Sequence[Address]:
        """The cells that can differ between copies, inputs and formulas, in the order in which `stamped` takes them."""
        return self._slots.addresses

    def by_sheet(self) -> Iterator[tuple[str, Array, Array]]:
        """Yield the same cells in the same order as rows and columns, sheet by sheet."""
        return self._slots.by_sheet()

    def write(
        self, inputs: Mapping[Address, InputValue], values: Sequence[CellValue], provenance: Mapping[str, str]
    ) -> bytes:
        """Return the bytes of a filled copy: inputs, formulas, and the formulas' values.

        A value of None is one that could not be calculated here: the copy asks Excel to calculate.
        """
        template = self._template
        held = {**template.defaults, **inputs, **dict(zip(template.formulas, values, strict=True))}
        cells = arrays_of([held.get(address) for address in self.addresses], TextIds(self._ids))
        return next(self.stamped([cells], [provenance]))

    def stamped(self, many: Iterable[CellArrays], provenance: Iterable[Mapping[str, str]]) -> Iterator[bytes]:
        """Yield the bytes of filled copies; the cells of each are looked at before those of the next are asked for.

        Each step is done for some copies one after the other: what it needs of the template stays close at hand.
        """
        origins = iter(provenance)
        rendered = map(self._rendered, many)
        while some := deque(islice(rendered, self._together)):
            joined = deque(map(self._joined, some))
            while joined:  # what is written is not kept until the next copies are joined
                yield self._written(some.popleft(), *joined.popleft(), next(origins))

    def _rendered(self, cells: CellArrays) -> _Rendered:
        base = self._base
        changed = np.flatnonzero((cells.kinds != base.kinds) | (cells.numbers != base.numbers))
        asks = bool(((cells.kinds == BLANK) & self._is_formula).any())
        return _Rendered(changed, *self._renderer.rendered(changed, cells, self.prepared.texts.count), asks)

    def _joined(self, one: _Rendered) -> tuple[Runs, list[bytes]]:
        runs = self._segments.runs(self._slots.places[one.changed])
        return runs, self._joints.joined(one.changed, one.ways, one.shown, runs)

    def _written(self, one: _Rendered, runs: Runs, contents: Sequence[bytes], provenance: Mapping[str, str]) -> bytes:
        found = self.prepared
        differing: list[Member | Joined] = [*self._segments.members(runs, contents)]
        differing.append(archive.member(found.custom, properties.with_texts(found.properties, provenance)))
        if one.texts:
            differing.append(found.texts.with_added(found.strings, one.texts))
        if one.asks:
            differing.append(archive.member(found.workbook, found.asking))
        return self._archive.write(differing)
