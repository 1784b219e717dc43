"""A template prepared for filled copies, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from xlsales.cells.arrays import CellArrays, TextIds, arrays_of
from xlsales.cells.values import Address, CellValue
from xlsales.workbook import archive, properties, shared_strings
from xlsales.workbook import parts as parts_of
from xlsales.workbook.archive import Member
from xlsales.workbook.parts import NewPart
from xlsales.workbook.shared_strings import SHARED_STRINGS
from xlsales.workbook.stamp.rendering import Renderer
from xlsales.workbook.stamp.segments import Segments
from xlsales.workbook.stamp.slots import Slots, cut
from xlsales.workbook.template import Template


@dataclass(frozen=True)
class Base:
    """What many copies of a template hold, so that they share its bytes: a copy itself does not depend on it."""

    values: Sequence[CellValue]  # of the formulas, in the template's order, given the inputs
    inputs: Mapping[Address, float] = field(default_factory=dict)  # beside the template's own


@dataclass(frozen=True)
class Prepared:
    """What differs between copies of a template, and all that does not."""

    workbook: str  # the names of parts
    strings: str
    custom: str
    texts: shared_strings.Template
    properties: bytes
    asking: bytes  # the workbook part that asks Excel to calculate
    slots: Slots
    base: CellArrays  # what the slots hold in the parts that all copies share
    segments: Segments
    members: Sequence[Member]


def prepared(template: Template, base: Base, ids: TextIds) -> Prepared:
    """Prepare a template."""
    read = archive.opened(template.package, template.name)
    parts = dict(read)
    workbook = parts_of.workbook_part(parts)
    strings = _with_part(parts, workbook, "sharedStrings", SHARED_STRINGS)
    custom = _with_part(parts, "", "custom-properties", properties.CUSTOM_PROPERTIES)
    slots, pieces, spans = cut(template, parts)
    held = {**template.defaults, **base.inputs, **dict(zip(template.formulas, base.values, strict=True))}
    arrays = arrays_of([held.get(address) for address in slots.addresses], ids)
    filled = np.array([address in base.inputs for address in slots.addresses], dtype=np.bool_)
    written = np.flatnonzero(filled | ~slots.is_input)
    ways, shown, _texts = Renderer(slots).rendered(written, arrays, 0)
    heads, tails = slots.around(ways, written)
    pieces[slots.places[written]] = heads + shown + tails
    segments = Segments.of(spans, pieces)
    texts, own = shared_strings.Template.of(parts[strings]), parts[custom]
    asking = parts_of.asking_for_full_calculation(parts[workbook])
    parts |= segments.contents
    members = read.with_contents(parts, archive.SMALL)
    return Prepared(workbook, strings, custom, texts, own, asking, slots, arrays, segments, members)


def _with_part(parts: dict[str, bytes], source: str, kind: str, new: NewPart) -> str:
    """Return the name of the part that a relationship leads to; where there is none yet, it is added."""
    found = parts_of.target_of_kind(parts, source, kind)
    if found is None:
        parts_of.add(parts, new, source, kind)
    return found or new.name
