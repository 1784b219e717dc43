"""A template prepared for filled copies, kept from run to run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from xlsales.cells.arrays import TEXT, Array, CellArrays, TextIds
from xlsales.cells.packed import packed, unpacked
from xlsales.cells.values import CellValue
from xlsales.files import kept
from xlsales.memory import uncollected
from xlsales.workbook import deflated, shared_strings
from xlsales.workbook.archive import Member
from xlsales.workbook.stamp.prepared import Base, Prepared
from xlsales.workbook.stamp.segments import Segment, Segments
from xlsales.workbook.stamp.slots import Sections, Slots
from xlsales.workbook.stamp.stamp import Stamp
from xlsales.workbook.template import Template


def stamp(name: str, template: Template, base: Callable[[], Base | Sequence[CellValue]], ids: TextIds) -> Stamp:
    """Return a template as an earlier run has prepared it, or prepare it and keep that under a name."""
    with uncollected():
        found = _read(kept.load(name), ids)
        if found is not None:
            return Stamp.of(template, found, ids)
    made = Stamp(template, base(), ids)
    kept.keep(name, _written(made.prepared))
    return made


def _written(found: Prepared) -> bytes | None:
    texts, slots, segments = found.texts, found.slots, found.segments
    used, numbers = _renumbered(found.base)
    pieces = {
        "texts": list(texts.own),
        "properties": [found.properties, found.asking],
        "segments": [segment.compressed for segment in segments.segments],
        "members": [member.data for member in found.members],
        "prefixes": list(slots.sections.prefixes),
        "tail": [texts.tail],
        "large": [slots.sections.content, segments.content],
    }
    plain = {
        "names": [found.workbook, found.strings, found.custom],
        "texts": [texts.count, texts.prefix],
        "base": used,
        "sheets": slots.sheets,
        "parts": [[name, own.start, own.stop] for name, own in segments.parts],
        "members": [[one.name.decode(), one.method, one.crc, one.size] for one in found.members],
        "sizes": {name: [len(piece) for piece in own] for name, own in pieces.items()},
    }
    arrays = {
        "positions": slots.positions.astype(np.int32),
        "is_input": slots.is_input,
        "places": slots.places.astype(np.int32),
        "which": slots.sections.which.astype(np.int32),
        "lengths": np.diff(slots.sections.bounds).astype(np.int32),
        "kinds": found.base.kinds,
        "numbers": numbers,
        "offsets": segments.offsets.astype(np.int64),
        "segments": np.array([[one.start, one.stop] for one in segments.segments], dtype=np.int64).reshape(-1, 2),
        "pieces": _bytes([piece for own in pieces.values() for piece in own]),
    }
    try:
        return deflated.small(packed(plain, arrays))
    except (TypeError, ValueError):  # half of a character, for example
        return None


def _read(content: bytes | None, ids: TextIds) -> Prepared | None:
    try:
        return None if content is None else _prepared(*unpacked(deflated.large(content)), ids)
    except (ValueError, TypeError, KeyError, IndexError):
        return None


def _prepared(plain: Any, arrays: dict[str, Array], ids: TextIds) -> Prepared:
    pieces = _pieces(arrays.pop("pieces").data, plain["sizes"])
    sheets = [(str(sheet), str(cells)) for sheet, cells in plain["sheets"]]
    bounds = np.cumsum(np.append(0, arrays["lengths"]))
    cells, whole = pieces["large"]
    if (len(cells), len(whole)) != (bounds[-1], arrays["offsets"][-1]):
        raise ValueError(len(cells))
    sections = Sections(cells, bounds, pieces["prefixes"], arrays["which"])
    places, positions = arrays["places"].astype(np.intp), arrays["positions"].astype(np.int64)
    slots = Slots(sheets, positions, arrays["is_input"], places, sections)
    offsets = arrays["offsets"]
    segments = [
        Segment(start, stop, compressed)
        for (start, stop), compressed in zip(arrays["segments"].tolist(), pieces["segments"], strict=True)
    ]
    parts = [(name, range(start, stop)) for name, start, stop in plain["parts"]]
    members = [
        Member(name.encode(), method, crc, size, data)
        for (name, method, crc, size), data in zip(plain["members"], pieces["members"], strict=True)
    ]
    (count, prefix), (own, compressed), (tail,) = plain["texts"], pieces["texts"], pieces["tail"]
    workbook, strings, custom = plain["names"]
    properties, asking = pieces["properties"]
    return Prepared(
        workbook,
        strings,
        custom,
        shared_strings.Template(count, prefix, (own, compressed), tail),
        properties,
        asking,
        slots,
        _base(arrays["kinds"], arrays["numbers"], plain["base"], ids),
        Segments(whole, offsets, segments, parts),
        members,
    )


def _renumbered(base: CellArrays) -> tuple[list[str], Array]:
    """Return the texts among some cells, and the cells' numbers with the places of these in place of their ids."""
    is_text = base.kinds == TEXT
    different, places = np.unique(base.numbers[is_text].astype(np.intp), return_inverse=True)
    numbers = base.numbers.copy()
    numbers[is_text] = places
    return [base.texts[one] for one in different.tolist()], numbers


def _base(kinds: Array, numbers: Array, texts: Sequence[str], ids: TextIds) -> CellArrays:
    """Return cells whose texts have the ids that they have now."""
    numbers, is_text = numbers.copy(), kinds == TEXT
    numbers[is_text] = np.array([ids[text] for text in texts], dtype=np.float64)[numbers[is_text].astype(np.intp)]
    return CellArrays(kinds, numbers, list(ids))


def _bytes(pieces: Sequence[bytes]) -> Array:
    return np.frombuffer(b"".join(pieces), dtype=np.uint8)


def _pieces(content: memoryview, sizes: dict[str, list[int]]) -> dict[str, list[bytes]]:
    ends = np.cumsum([0, *(size for own in sizes.values() for size in own)]).tolist()
    if ends[-1] != len(content):
        raise ValueError(ends[-1])
    pieces = iter([bytes(content[start:end]) for start, end in pairwise(ends)])
    return {name: [next(pieces) for _size in own] for name, own in sizes.items()}
