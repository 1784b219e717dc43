"""What the cells of a planner hold, as arrays: a kind and a number for each, the texts in a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import orjson

from xlsales.cells import escapes
from xlsales.cells.arrays import BLANK, BOOL, ERROR, NUMBER, TEXT, Array
from xlsales.workbook import sheet_scan
from xlsales.workbook.given import Kind
from xlsales.workbook.given_cells import number
from xlsales.workbook.known_texts import KnownTexts
from xlsales.workbook.returned import layout
from xlsales.workbook.returned.layout import Written

NOT_CALCULATED: Final = 32  # a formula without a value; the other kinds are those of `cells.arrays`
_WORD = 8
_JSON_NUMBERS = b"0123456789.eE+-,"
_NOTHING_ELSE = 0xF0F0F0F0F0F0F0F0
_DIGITS = 0x3030303030303030


@dataclass(frozen=True)
class CellValues:
    """The cells of one workbook, in an order that is known elsewhere.

    `numbers` holds the number, 1 or 0 for TRUE and FALSE, and the place in `texts` of a text and of an error's code.
    """

    kinds: Array  # (cells,), int8
    numbers: Array  # (cells,), float64
    texts: Sequence[str]

    def value(self, cell: int) -> tuple[Kind, float | str | bool | None]:
        """Return what a cell holds, as a `Given` does."""
        own = float(self.numbers[cell])
        match int(self.kinds[cell]):
            case 2:
                return Kind.NUMBER, own
            case 4:
                text = self.texts[int(own)]
                return (Kind.TEXT if text else Kind.EMPTY_TEXT), text
            case 8:
                return Kind.BOOLEAN, bool(own)
            case 16:
                return Kind.ERROR, self.texts[int(own)]
            case 32:
                return Kind.NOT_CALCULATED, None
        return Kind.BLANK, None


def values_of(written: Written, is_formula: Array, shared: Sequence[str]) -> CellValues | None:
    """Return the values of cells, but for odd ones; None where one is not plainly what its cell should hold."""
    types, starts, ends = written.types, written.starts, written.ends
    regular = np.ones(types.size, dtype=np.bool_)
    regular[written.odd] = False
    lengths = ends - starts
    there = written.has_element & regular & (lengths > 0)
    kinds = np.where(is_formula, np.int8(NOT_CALCULATED), np.int8(BLANK))
    numbers = np.zeros(types.size)
    is_text = (types == layout.TEXT) | (types == layout.INLINE)
    spelled = there & (is_text | (types == layout.ERROR))
    is_blank_text = written.has_element & regular & (lengths == 0) & is_text
    texts = _texts(written, np.flatnonzero(spelled))
    if texts is None:
        return None
    own, places = texts
    found = [*shared, *own, ""]
    kinds[spelled] = np.where(is_text[spelled], np.int8(TEXT), np.int8(ERROR))
    numbers[spelled] = places + len(shared)
    kinds[is_blank_text], numbers[is_blank_text] = TEXT, len(found) - 1
    for wanted, kind in ((there & (types == layout.SHARED), TEXT), (there & (types == layout.TRUTH), BOOL)):
        cells = np.flatnonzero(wanted)
        whole, is_whole = _whole_numbers(written.text, ends[cells], lengths[cells])
        most = len(shared) if kind == TEXT else 2
        if not is_whole.all() or (whole >= most).any() or (kind == BOOL and (lengths[cells] > 1).any()):
            return None
        kinds[cells], numbers[cells] = kind, whole
    cells = np.flatnonzero(there & ((types == layout.PLAIN) | (types == layout.NUMBER)))
    read = _numbers(written.text, starts[cells], ends[cells])
    if read is None:
        return None
    kinds[cells], numbers[cells] = NUMBER, read
    return CellValues(kinds, numbers, found)


def _texts(written: Written, cells: Array) -> tuple[list[str], Array] | None:
    """Return the different texts that stand in cells, and which of them each has; None where they are no XML."""
    text = written.text
    if b"\0" in text:
        return None
    starts, ends = written.starts[cells], written.ends[cells]
    known: dict[bytes, int] = {}
    places = np.zeros(cells.size, dtype=np.intp)
    is_short = ends - starts <= _WORD
    short, long = np.flatnonzero(is_short), np.flatnonzero(~is_short)
    words, which = np.unique(_words(text, starts[short], ends[short]), return_inverse=True)
    own = [known.setdefault(int(word).to_bytes(_WORD, "little").rstrip(b"\0"), len(known)) for word in words.tolist()]
    if short.size:
        places[short] = np.array(own, dtype=np.intp)[which]
    pieces = zip(starts[long].tolist(), ends[long].tolist(), strict=True)
    places[long] = [known.setdefault(text[start:end], len(known)) for start, end in pieces]
    found = _KNOWN.of(list(known))
    if found is None:
        return None
    errors = np.unique(places[written.types[cells] == layout.ERROR]).tolist()
    if errors and any(b"_x" in text or b"\r" in text for text in map(list(known).__getitem__, errors)):
        return None  # a code has no escapes
    return found, places


def _shown_texts(written: Sequence[bytes]) -> Iterable[str] | None:
    """Return the texts of elements <v>; None where one is no XML."""
    if not sheet_scan.is_well_formed(b"<v>%b</v>" % b"</v><v>".join(written).join((b"<v>", b"</v>"))):
        return None
    return (as_shown(one.decode()) for one in written)


_KNOWN = KnownTexts(_shown_texts)


def _words(text: bytes, starts: Array, ends: Array) -> Array:
    """Return texts of one to eight bytes as words; none of them has a zero, which no XML can hold."""
    view = np.ndarray((len(text) - _WORD + 1,), "<u8", text, strides=(1,))
    found: Array = view[starts] & (~np.uint64(0) >> (8 * (_WORD - (ends - starts))).astype(np.uint64))
    return found


def as_shown(written: str) -> str:
    """Return the text that an element <v> holds."""
    if "&" in written or "\r" in written:
        written = sheet_scan.plain(written)
    return escapes.unescaped(written)


def _whole_numbers(text: bytes, ends: Array, lengths: Array) -> tuple[Array, Array]:
    """Return the whole numbers of up to eight digits that stand before places, and where there is one.

    All eight digits of a word at once, neighbours first: 12345678 is 12, 34, 56, 78, then 1234, 5678.
    """
    view = np.ndarray((len(text) - _WORD + 1,), "<u8", text, strides=(1,))
    word = view[np.maximum(ends - _WORD, 0)]
    before = (8 * (_WORD - np.clip(lengths, 1, _WORD))).astype(np.uint64)
    mask = (~np.uint64(0)) << before
    word = (word & mask) | (np.uint64(_DIGITS) & ~mask)
    high = np.uint64(_NOTHING_ELSE)
    is_whole = ((word & high) == _DIGITS) & (((word + np.uint64(0x0606060606060606)) & high) == _DIGITS)
    is_whole &= (lengths >= 1) & (lengths <= _WORD) & (ends >= _WORD)
    word = (word & np.uint64(0x0F0F0F0F0F0F0F0F)) * np.uint64(2561) >> np.uint64(8)
    word = (word & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(6553601) >> np.uint64(16)
    word = (word & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(42949672960001) >> np.uint64(32)
    return word.astype(np.int64), is_whole


def _numbers(text: bytes, starts: Array, ends: Array) -> Array | None:
    """Return the numbers that stand between places, to the last bit; None where something else does."""
    whole, is_whole = _whole_numbers(text, ends, ends - starts)
    found = whole.astype(np.float64)
    others = np.flatnonzero(~is_whole)
    if not others.size:
        return found
    pieces = [text[start:end] for start, end in zip(starts[others].tolist(), ends[others].tolist(), strict=True)]
    read = _read(pieces)
    if read is None:
        return None
    found[others] = read
    found += 0.0  # Excel shows no -0
    return found


def _read(pieces: Sequence[bytes]) -> Any:
    joined = b",".join(pieces)
    if not joined.translate(None, _JSON_NUMBERS):
        try:
            read = np.array(orjson.loads(b"[%b]" % joined), dtype=np.float64)
        except (orjson.JSONDecodeError, OverflowError, ValueError):
            read = np.zeros(0)
        if read.size == len(pieces) and np.isfinite(read).all():
            return read
    try:
        return [number(piece.decode()) for piece in pieces]
    except ValueError:
        return None
