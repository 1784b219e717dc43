"""How the cells of a workbook's sheets are written, values aside: other copies of it are read by comparing with that.

NumPy has found where cells begin; the opening tag of each, its formula, its end and what follows it are compared with
the known ones. So every byte is either known or a value's, and that no value has a tag in it is seen by their number.
Cells that are written otherwise are told by their numbers; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, repeat
from typing import NamedTuple

import numpy as np

from xlsales.cells.arrays import Array
from xlsales.workbook import sheet_part, sheet_scan
from xlsales.workbook.returned.cell_texts import END, WORD, CellTexts, mask, word, word_at, words_at
from xlsales.workbook.sheet_cells import Cell

_LONGEST_HEAD = 24  # bytes of an opening tag that three words cover
_LONG_PIECE = 32  # bytes of a formula that are compared at once, where it has as many
_INLINE, _AFTER_INLINE = b"<is><t>", b"</t></is></c>"
_VALUE, _NO_VALUE, _END_OF_CELL, _AFTER_VALUE = b"<v>", b"<v/></c>", b"</c>", b"</v></c>"
# What follows the style of a cell in its opening tag: the type by its number here, "" first.
_OPENED = (b">", b' t="s">', b' t="str">', b' t="b">', b' t="e">', b' t="n">', b' t="inlineStr">')
_CLOSED = b"/>"
_END_OF_ROW = b"</row>"
_ROW = re.compile(rb"<row [^>]*>")
_BARE_ROW = re.compile(rb"""<row r=("[0-9]{1,7}")(?:\s[\w:.]+="[^"<&]*")*(/?)>""")
PLAIN, SHARED, TEXT, TRUTH, ERROR, NUMBER, INLINE = range(len(_OPENED))


class Written(NamedTuple):
    """What stands in the cells of some rows, value by value."""

    cells: Array  # their numbers among all
    text: bytes
    types: Array  # (cells,) places in the list of types
    has_element: Array  # (cells,) whether there is an element for the value, be it empty
    starts: Array  # (cells,) of the values' texts
    ends: Array
    odd: Array  # the cells that are written otherwise, by their places in `cells`
    pieces: Sequence[bytes]  # these cells' bytes


class _Ragged(NamedTuple):
    """Texts of different lengths, cut into pieces of one width."""

    firsts: Array  # (cells + 1,) the first piece of each cell
    offsets: Array  # (pieces,) where it stands in the text
    pieces: Array  # (pieces, words)

    @staticmethod
    def of(texts: Mapping[int, bytes], cells: int, width: int = WORD) -> _Ragged:
        """Cut the texts of some of the cells, of at least a piece; the last of each may lie over the one before."""
        counts = np.zeros(cells + 1, dtype=np.intp)
        offsets: list[int] = []
        pieces: list[bytes] = []
        for cell, text in sorted(texts.items()):
            own = (*range(0, len(text) - width, width), len(text) - width)
            counts[cell + 1] = len(own)
            offsets += own
            pieces += [text[offset : offset + width] for offset in own]
        words = np.frombuffer(b"".join(pieces), "<u8").reshape(-1, width // WORD)
        return _Ragged(np.cumsum(counts), np.array(offsets, dtype=np.intp), words)

    def differing(self, text: bytes, cells: Array, places: Array) -> Array:
        """Return which of some cells have other texts at their places."""
        firsts = self.firsts.take(cells)
        counts = self.firsts.take(cells + 1) - firsts
        before = np.cumsum(counts) - counts
        owners = np.repeat(np.arange(cells.size), counts)
        which = np.arange(owners.size) + np.repeat(firsts - before, counts)
        words = self.pieces.shape[1]
        known = self.pieces.take(which, axis=0)
        differs = words_at(text, places.take(owners) + self.offsets.take(which), words) != known
        found: Array = owners[np.flatnonzero(differs) // words]
        return found


class _Cells(NamedTuple):
    """How some cells are written, as integers."""

    heads: Array  # (3, cells) the words of the opening tags, up to the type
    masks: Array  # (2, cells) the bits that count in the second and the third of these words
    lengths: Array  # (cells,) of these tags
    formula_lengths: Array  # (cells,) 0 without a formula
    gap_lengths: Array  # (cells,) of what stands between rows, behind the last cell of one
    tags: Array  # (cells,) how many tags they have, those of a value and the cell's end aside
    always_odd: Array  # (cells,) 1 for those that cannot be compared so
    types: Array  # (cells,) as one planner has them, `_GUESS_CLOSED` for a tag that is closed at once

    @staticmethod
    def of(all_of: Array, cells: Array) -> _Cells:
        """Return some cells; `all_of` has a column for each array of ours."""
        own = all_of.take(cells, axis=0).T
        words = own[:5].view(np.uint64)
        return _Cells(words[:3], words[3:], *own[5:])


@dataclass(frozen=True)
class Layout:
    """The cells of all sheets, in their order, and how they are written."""

    leads: Sequence[bytes]  # what stands before the first cell of each sheet
    rows: Sequence[Sequence[range]]  # the cells of each row that has any, sheet by sheet
    gap_texts: Mapping[int, bytes]  # what stands behind the last cell of a row, by that cell
    padding: int  # bytes behind the rows in which places may be looked up
    _cells: Array  # (cells, 11) as integers, what `_Cells` has
    _formulas: Sequence[_Ragged]  # long ones, and those of fewer bytes than a long piece
    _gaps: _Ragged

    @property
    def size(self) -> int:
        """How many cells there are."""
        return int(self._cells.shape[0])

    def least(self, row: range) -> int:
        """Return how many bytes the cells of a row have, values aside."""
        lengths, formula_lengths = self._cells[row.start : row.stop, 5:7].T
        return int((lengths + formula_lengths).sum())

    def is_led(self, sheet: int, lead: bytes) -> bool:
        """Whether a sheet's rows may begin so."""
        return _are_alike(lead, self.leads[sheet])

    def read(self, texts: CellTexts, some: Array, tags: int, most_odd: int) -> Written | None:
        """Find the values of some of these cells, which have so many tags.

        None where too many of them are written otherwise.
        """
        text, cells, starts, following = texts.text, texts.cells[some], texts.starts[some], texts.following[some]
        types, values, own_tags = self._compared(text, cells, starts, following)
        is_odd = values.ways == _OTHER
        odd = np.flatnonzero(is_odd)
        if odd.size > most_odd:
            return None
        places = zip(starts[odd].tolist(), following[odd].tolist(), strict=True)
        if tags != int(own_tags[~is_odd].sum()) + sum(text.count(b"<", *place) for place in places):
            all_tags = np.flatnonzero(texts.is_tag)
            is_odd |= np.searchsorted(all_tags, values.starts) < np.searchsorted(all_tags, values.ends)
            odd = np.flatnonzero(is_odd)
        pieces = self._pieces(text, cells[odd], starts[odd], following[odd]) if odd.size <= most_odd else None
        if pieces is None:
            return None
        return Written(cells, text, types, _HAS_ELEMENT[values.ways], values.starts, values.ends, odd, pieces)

    def _compared(self, text: bytes, cells: Array, starts: Array, following: Array) -> tuple[Array, _Values, Array]:
        """Return the types of cells, their values, and how many tags each has; of those written otherwise no way."""
        own = _Cells.of(self._cells, cells)
        wrong = own.always_odd != 0
        first, *others = words_at(text, starts, len(own.heads)).T
        wrong |= first != own.heads[0]
        for words, known, bits in zip(others, own.heads[1:], own.masks, strict=True):
            wrong |= ((words ^ known) & bits) != 0
        places = starts + own.lengths
        types, opened = _opened(text, places, own.types)
        places += opened
        for formulas in self._formulas:
            wrong[formulas.differing(text, cells, places)] = True
        wrong |= (own.formula_lengths > 0) & (opened == 0)
        ends = following - own.gap_lengths
        values = _values(text, places + own.formula_lengths, ends, types, opened)
        ends = np.maximum(ends, 0)
        wrong[self._gaps.differing(text, cells, ends)] = True
        ended = np.flatnonzero(own.gap_lengths == len(_END_OF_ROW))
        wrong[ended[(word_at(text, ends[ended]) & mask(len(_END_OF_ROW))) != word(_END_OF_ROW)]] = True
        values.ways[wrong] = _OTHER
        return types, values, own.tags + _TAGS[values.ways]

    def _pieces(self, text: bytes, cells: Array, starts: Array, ends: Array) -> list[bytes] | None:
        """Return the bytes of cells that are written otherwise; None where one is followed by other rows."""
        found = map(self._piece, repeat(text), cells.tolist(), starts.tolist(), ends.tolist())
        pieces = [piece for piece in found if piece is not None]
        return pieces if len(pieces) == cells.size else None

    def _piece(self, text: bytes, cell: int, start: int, end: int) -> bytes | None:
        """Return the bytes of a cell that is written otherwise; None where it is followed by other rows."""
        piece = text[start:end]
        gap = self.gap_texts.get(cell)
        if gap is None:
            return piece
        own, sign, rest = piece.partition(_END_OF_ROW)
        return own if _are_alike(sign + rest, gap) else None


def _are_alike(rows: bytes, known: bytes) -> bool:
    """Whether the tags of some rows are those that are known but for heights and looks."""
    if rows == known:
        return True
    tags = b"".join(tag if tag.endswith(b"/>") else tag[:-1] + b"/>" for tag in _ROW.findall(rows))
    bare, own = (_BARE_ROW.sub(rb"<row r=\1\2>", one) for one in (rows, known))
    return bare == own and sheet_scan.is_well_formed(b"<rows>%b</rows>" % tags)


class _Values(NamedTuple):
    """The values of cells: where they begin and end, and in which way each is written."""

    starts: Array
    ends: Array
    ways: Array


# The ways: none of these, <v>…</v>, <v/>, no element, a cell that is closed at once, a text that stands in its cell.
_OTHER, _FULL, _EMPTY, _NONE, _AT_ONCE, _INSIDE = range(6)
_TAGS = np.array([0, 3, 2, 1, 0, 5])  # that each has, but for the one that opens the cell
_HAS_ELEMENT = np.array([False, True, True, False, False, True])


def _values(text: bytes, inside: Array, ends: Array, types: Array, opened: Array) -> _Values:
    """Return the values of cells, given where their elements have to begin, and where the cells end."""
    first, last, lengths = word_at(text, inside), word_at(text, np.maximum(ends - WORD, 0)), ends - inside
    ways = np.zeros(inside.size, dtype=np.intp)
    is_full = ((first & mask(len(_VALUE))) == word(_VALUE)) & (last == word(_AFTER_VALUE))
    ways[is_full & (lengths >= len(_VALUE) + len(_AFTER_VALUE))] = _FULL
    for way, whole in ((_EMPTY, _NO_VALUE), (_NONE, _END_OF_CELL), (_AT_ONCE, _CLOSED)):
        ways[(lengths == len(whole)) & ((first & mask(len(whole))) == word(whole))] = way
    ways[(ways == _AT_ONCE) != (opened == 0)] = _OTHER
    starts = inside + len(_VALUE)
    stops = np.where(ways == _FULL, ends - len(_AFTER_VALUE), starts)
    inline = np.flatnonzero(types == INLINE)
    if inline.size:
        ways[inline] = np.where(_are_inline(text, inside[inline], ends[inline]), _INSIDE, _OTHER)
        starts[inline] = inside[inline] + len(_INLINE)
        stops[inline] = ends[inline] - len(_AFTER_INLINE)
    return _Values(starts, stops, ways)


def _are_inline(text: bytes, inside: Array, ends: Array) -> Array:
    """Return which cells hold their texts themselves."""
    found: Array = (word_at(text, inside) & mask(len(_INLINE))) == word(_INLINE)
    found &= ends - inside >= len(_INLINE) + len(_AFTER_INLINE)
    for offset in (0, len(_AFTER_INLINE) - WORD):
        after = np.maximum(ends - len(_AFTER_INLINE) + offset, 0)
        found &= word_at(text, after) == word(_AFTER_INLINE[offset : offset + WORD])
    return found


def _opened(text: bytes, places: Array, guesses: Array) -> tuple[Array, Array]:
    """Return the types of cells, and how long the rest of their opening tags is; 0 where these are closed at once.

    Most are what they were in another planner; the others are found out. The rest of an unknown tag has no length.
    """
    words = words_at(text, places, len(_STARTS))
    wrong = np.flatnonzero(_differ(words, guesses))
    guess = guesses
    if wrong.size:
        others = words[wrong]
        first = _BY_FIRST[others[:, 0].astype(np.uint8)]
        found = np.where(first == _BLANK, _BY_FIFTH[(others[:, 0] >> np.uint64(32)).astype(np.uint16)], first)
        guess = guesses.copy()
        guess[wrong] = found
    lengths = _LENGTHS[guess]
    if wrong.size:
        lengths[wrong[_differ(others, found)]] = -1
    return np.where(guess == _GUESS_CLOSED, PLAIN, guess).astype(np.int8), lengths


def _differ(words: Array, types: Array) -> Array:
    """Return which tags do not end as those of these types."""
    found: Array = np.zeros(types.size, dtype=np.bool_)
    for own, starts, masks in zip(words.T, _STARTS, _MASKS, strict=True):
        found |= (own & masks[types]) != starts[types]
    return found


_GUESS_CLOSED = len(_OPENED)
# Two words of each, and the bits that count in them.
_TYPE_ENDS = (*_OPENED, _CLOSED)
_STARTS = tuple(np.array([word(end[at : at + WORD]) for end in _TYPE_ENDS], dtype=np.uint64) for at in (0, WORD))
_MASKS = tuple(np.array([mask(len(end[at : at + WORD])) for end in _TYPE_ENDS], dtype=np.uint64) for at in (0, WORD))
_LENGTHS = np.array([*map(len, _OPENED), 0], dtype=np.intp)
# Types are guessed by the first sign, or where that is a blank, as in b' t="s"', by the fifth and sixth.
_BLANK = -1
_BY_FIRST = np.zeros(1 << 8, dtype=np.intp)
_BY_FIRST[ord("/")] = _GUESS_CLOSED
_BY_FIRST[ord(" ")] = _BLANK
_BY_FIFTH = np.zeros(1 << 16, dtype=np.intp)
for _number, _ending in enumerate(_OPENED[1:], 1):
    _BY_FIFTH[word(_ending[4:6])] = _number


def learned(contents: Sequence[bytes]) -> tuple[Layout, list[list[Cell]]] | None:
    """Return how the cells of these worksheet parts are written, and the cells; None where a part is unusual."""
    found = [sheet_part.read(content, "") for content in contents]
    if not found or not all(one.cells and not one.prefix for one in found):
        return None
    sheets = [list(one.cells.values()) for one in found]
    leads, rows, gaps, odd = [], [], {}, []
    number = 0
    for content, one, cells in zip(contents, found, sheets, strict=True):
        if any(cell.end > after.start for cell, after in pairwise(cells)):
            return None
        leads.append(content[one.data[0] : cells[0].start])
        first, own = number, []
        for cell, following in zip(cells, [*(cell.start for cell in cells[1:]), one.data[1]], strict=True):
            odd.append(_is_odd(content, cell))
            number += 1
            gap = content[cell.end : following]
            if gap:
                gaps[number - 1] = gap
            if gap.startswith(_END_OF_ROW):
                own.append(range(first, number))
                first = number
        if first != number:
            return None
        rows.append(own)
    if any(len(gap) < WORD and gap != _END_OF_ROW for gap in gaps.values()):
        return None
    return _made(list(chain.from_iterable(sheets)), odd, leads, rows, gaps), sheets


def _made(
    cells: Sequence[Cell],
    odd: Sequence[bool],
    leads: Sequence[bytes],
    rows: Sequence[Sequence[range]],
    gaps: Mapping[int, bytes],
) -> Layout:
    heads = [cell.head if not one else b"<c r=..>" for cell, one in zip(cells, odd, strict=True)]
    words = np.frombuffer(b"".join(head.ljust(_LONGEST_HEAD, b"\0") for head in heads), "<i8").reshape(-1, 3).T
    whole = b"".join((b"\xff" * len(head)).ljust(_LONGEST_HEAD, b"\0") for head in heads)
    masks = np.frombuffer(whole, "<i8").reshape(-1, 3).T[1:]
    formulas = {number: cell.formula for number, cell in enumerate(cells) if cell.formula and not odd[number]}
    long = {number: formula for number, formula in formulas.items() if len(formula) >= _LONG_PIECE}
    short = {number: formula for number, formula in formulas.items() if number not in long}
    lengths, tags, between = (np.zeros(len(cells), dtype=np.intp) for _array in range(3))
    lengths[list(formulas)] = [len(formula) for formula in formulas.values()]
    tags[list(formulas)] = [formula.count(b"<") for formula in formulas.values()]
    between[list(gaps)] = [len(gap) for gap in gaps.values()]
    tags[list(gaps)] += [gap.count(b"<") for gap in gaps.values()]
    sizes = [len(head) for head in heads]
    types = [_type(cell) for cell in cells]
    return Layout(
        leads,
        rows,
        gaps,
        2 * (_LONGEST_HEAD + len(END)) + max(map(len, (*formulas.values(), *gaps.values()))),
        np.vstack([words, masks, sizes, lengths, between, tags + 1, odd, types]).astype(np.int64).T.copy(),
        [_Ragged.of(long, len(cells), _LONG_PIECE), _Ragged.of(short, len(cells))],
        _Ragged.of({cell: gap for cell, gap in gaps.items() if len(gap) >= WORD}, len(cells)),
    )


def _type(cell: Cell) -> int:
    """Return which opening tag a cell is likely to have."""
    if not cell.formula and cell.shown is None:
        return _GUESS_CLOSED
    written = b' t="%b">' % cell.kind.encode() if cell.kind else b">"
    return _OPENED.index(written) if written in _OPENED else PLAIN


def _is_odd(content: bytes, cell: Cell) -> bool:
    """Whether a cell cannot be compared word by word: very short or long, or attributes stand behind its type."""
    is_short = bool(cell.formula) and len(cell.formula) < WORD
    return is_short or not WORD <= len(cell.head) <= _LONGEST_HEAD or not content.startswith(cell.head, cell.start)
