"""Prepares a template once, and writes filled copies of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from xlsales.cells.arrays import BLANK, CellArrays, TextIds, arrays_of
from xlsales.cells.values import Address, CellValue, InputValue
from xlsales.memory import uncollected
from xlsales.workbook import archive, properties, shared_strings
from xlsales.workbook import parts as parts_of
from xlsales.workbook.parts import NewPart
from xlsales.workbook.properties import CUSTOM_PROPERTIES
from xlsales.workbook.shared_strings import SHARED_STRINGS
from xlsales.workbook.stamp.rendering import Renderer
from xlsales.workbook.stamp.segments import Segments
from xlsales.workbook.stamp.slots import cut
from xlsales.workbook.template import Template


class Stamp:
    """A template prepared for filled copies."""

    def __init__(self, template: Template, base: Sequence[CellValue], ids: TextIds | None = None) -> None:
        """Prepare a template; `base` are its formulas' values without inputs, in the order of `template.formulas`.

        `ids` are those of the texts in the cells that `stamped` gets.
        """
        with uncollected():
            self._prepare(template, base, ids)

    def _prepare(self, template: Template, base: Sequence[CellValue], ids: TextIds | None) -> None:
        read = archive.opened(template.package, template.name)
        parts = dict(read)
        workbook = parts_of.workbook_part(parts)
        strings = _with_part(parts, workbook, "sharedStrings", SHARED_STRINGS)
        custom = _with_part(parts, "", "custom-properties", CUSTOM_PROPERTIES)
        self._workbook, self._strings, self._custom = workbook, strings, custom
        self._texts = shared_strings.Template(parts[strings])
        self._properties = parts[custom]
        self._asking = parts_of.asking_for_full_calculation(parts[workbook])
        self._slots = cut(template, parts)
        self._renderer = Renderer(self._slots)
        self._formulas = np.flatnonzero(~self._slots.is_input)
        self._order = tuple(template.formulas)
        self._defaults = template.defaults
        self._ids = TextIds() if ids is None else ids
        self._base = self._arrays({}, base, self._ids)
        pieces = self._slots.pieces
        pieces[self._slots.places[self._formulas]] = self._renderer.rendered(self._formulas, self._base, 0)[0]
        self._segments = Segments(self._slots.spans, pieces)
        parts |= self._segments.contents
        self._archive = archive.Prepared(read.with_contents(parts))

    @property
    def addresses(self) -> Sequence[Address]:
        """The cells that can differ between copies, inputs and formulas, in the order in which `stamped` takes them."""
        return self._slots.addresses

    def write(
        self, inputs: Mapping[Address, InputValue], values: Sequence[CellValue], provenance: Mapping[str, str]
    ) -> bytes:
        """Return the bytes of a filled copy: inputs, formulas, and the formulas' values.

        A value of None is one that could not be calculated here: the copy asks Excel to calculate.
        """
        return self.stamped(self._arrays(inputs, values, TextIds(self._ids)), provenance)

    def stamped(self, cells: CellArrays, provenance: Mapping[str, str]) -> bytes:
        """Return the bytes of a filled copy, given what the cells of `addresses` hold."""
        base = self._base
        changed = np.flatnonzero((cells.kinds != base.kinds) | (cells.numbers != base.numbers))
        pieces, texts = self._renderer.rendered(changed, cells, self._texts.count)
        differing = list(self._segments.members(self._slots.places[changed], pieces))
        differing.append(archive.member(self._custom, properties.with_texts(self._properties, provenance)))
        if texts:
            differing.append(self._texts.with_added(self._strings, texts))
        if (cells.kinds[self._formulas] == BLANK).any():
            differing.append(archive.member(self._workbook, self._asking))
        return self._archive.write(differing)

    def _arrays(self, inputs: Mapping[Address, InputValue], values: Sequence[CellValue], ids: TextIds) -> CellArrays:
        held = {**self._defaults, **inputs, **dict(zip(self._order, values, strict=True))}
        return arrays_of([held.get(address) for address in self._slots.addresses], ids)


def _with_part(parts: dict[str, bytes], source: str, kind: str, new: NewPart) -> str:
    """Return the name of the part that a relationship leads to; where there is none yet, it is added."""
    found = parts_of.target_of_kind(parts, source, kind)
    if found is None:
        parts_of.add(parts, new, source, kind)
    return found or new.name
