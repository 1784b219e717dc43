"""How the cells of a workbook's sheets are written, values aside: other copies of it are read by comparing with that.

The rows of all sheets are one text. In it, NumPy finds the tags; each cell is looked up where it has to begin, and its
opening tag, its formula and what follows it are compared with the known ones, eight bytes at a time. So every byte is
either known or a value's. Cells that are written otherwise are told by their numbers; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np

from xlsales.cells.arrays import Array
from xlsales.workbook import sheet_part, sheet_scan
from xlsales.workbook.sheet_cells import Cell

_END = b"<end of the rows, and of all sheets: sixty-four bytes of no sheet>"  # so that every cell has bytes behind it
_WORD = 8
_LONGEST_HEAD = 24  # bytes of an opening tag that three words cover
_TAG = ord("<")
_LETTER_C = ord("c")


def _word(text: bytes) -> int:
    return int.from_bytes(text, "little")


def _mask(length: int) -> int:
    return (1 << 8 * length) - 1


_INLINE, _AFTER_INLINE = b"<is><t>", b"</t></is></c>"
_VALUE, _NO_VALUE, _END_OF_CELL, _AFTER_VALUE = b"<v>", b"<v/></c>", b"</c>", b"</v></c>"
# What follows the style of a cell in its opening tag: the type by its number here, "" first.
_OPENED = (b">", b' t="s">', b' t="str">', b' t="b">', b' t="e">', b' t="n">', b' t="inlineStr">')
_CLOSED = b"/>"
_END_OF_ROW = b"</row>"
_ROW = re.compile(rb"<row [^>]*>")
_BARE_ROW = re.compile(rb"""<row r=("[0-9]{1,7}")(?:\s[\w:.]+="[^"<&]*")*(/?)>""")
PLAIN, SHARED, TEXT, TRUTH, ERROR, NUMBER, INLINE = range(len(_OPENED))


class Run(NamedTuple):
    """Some whole rows of one sheet, one after the other."""

    cells: slice
    text: bytes  # from the first cell on, up to the next row's first cell or the end of the rows


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

    @staticmethod
    def nothing() -> Written:
        """No cells at all."""
        none = np.zeros(0, dtype=np.intp)
        return Written(none, _END, none, none.astype(np.bool_), none, none, none, ())


class _Ragged(NamedTuple):
    """Texts of different lengths, word by word."""

    owners: Array  # (words,) the cell whose word it is
    offsets: Array  # (words,) where it stands in the text
    words: Array  # (words,)

    @staticmethod
    def of(texts: Mapping[int, bytes]) -> Array:
        """Cut the texts of cells, of at least eight bytes; the last word of each may lie over the one before."""
        owners, offsets, words = [], [], []
        for owner, text in texts.items():
            for offset in (*range(0, len(text) - _WORD, _WORD), len(text) - _WORD):
                owners.append(owner)
                offsets.append(offset)
                words.append(text[offset : offset + _WORD])
        return np.stack([owners, offsets, np.frombuffer(b"".join(words), "<i8")]).astype(np.int64)

    @staticmethod
    def of_runs(all_of: Array, runs: Sequence[Run], shifts: Sequence[int]) -> _Ragged:
        """Return the texts of the cells of some runs, each moved by so many places."""
        edges = np.searchsorted(all_of[0], [(run.cells.start, run.cells.stop) for run in runs]).tolist()
        owners, offsets, words = np.concatenate([all_of[:, start:end] for start, end in edges], axis=1)
        owners += np.repeat(shifts, [end - start for start, end in edges])
        return _Ragged(owners, offsets, words.view(np.uint64))

    def differing(self, view: Array, places: Array) -> Array:
        """Return whose texts, at these places of all cells, are others."""
        found: Array = self.owners[view[places[self.owners] + self.offsets] != self.words]
        return found


class _Cells(NamedTuple):
    """How some cells are written."""

    lengths: Array  # (cells,) of the opening tags, up to the type
    heads: Array  # (3, cells) three words of these tags
    offsets: Array  # (3, cells) where in the tags
    formula_lengths: Array  # (cells,) 0 without a formula
    formula_tags: Array  # (cells,) how many tags the formula has
    gap_lengths: Array  # (cells,) of what stands between rows, behind the last cell of one
    always_odd: Array  # (cells,) bool: those that cannot be compared so
    types: Array  # (cells,) as one planner has them, `_GUESS_CLOSED` for a tag that is closed at once

    @staticmethod
    def of_runs(all_of: Array, runs: Sequence[Run]) -> _Cells:
        """Return those of some runs; `all_of` has a row for each of ours."""
        own = np.concatenate([all_of[:, run.cells] for run in runs], axis=1)
        lengths, formula_lengths, formula_tags, gap_lengths, always_odd, types = own[6:]
        return _Cells(
            lengths,
            own[:3].view(np.uint64),
            own[3:6],
            formula_lengths,
            formula_tags,
            gap_lengths,
            always_odd != 0,
            types.astype(np.int8),
        )


@dataclass(frozen=True)
class Layout:
    """The cells of all sheets, in their order, and how they are written."""

    leads: Sequence[bytes]  # what stands before the first cell of each sheet
    rows: Sequence[Sequence[range]]  # the cells of each row that has any, sheet by sheet
    gap_texts: Mapping[int, bytes]  # what stands behind the last cell of a row, by that cell
    padding: int  # bytes behind the rows in which places may be looked up
    # As integers, what `_Cells` has, and the words of formulas and of gaps that have eight bytes.
    _cells: Array
    _formulas: Array
    _gaps: Array

    @property
    def size(self) -> int:
        """How many cells there are."""
        return int(self._cells.shape[1])

    def least(self, row: range) -> int:
        """Return how many bytes the cells of a row have, values aside."""
        lengths, formula_lengths = self._cells[6:8, row.start : row.stop]
        return int((lengths + formula_lengths).sum())

    def is_led(self, sheet: int, lead: bytes) -> bool:
        """Whether a sheet's rows may begin so."""
        return _are_alike(lead, self.leads[sheet])

    def read(self, runs: Sequence[Run], most_odd: int) -> Written | None:
        """Find the values of the cells of some runs.

        None where these are other cells, or too many of them are written otherwise.
        """
        text = b"".join([*(run.text for run in runs), _END, b" " * self.padding])
        edges = np.cumsum([0, *(len(run.text) for run in runs)])
        sizes = np.cumsum([0, *(run.cells.stop - run.cells.start for run in runs)])
        signs = np.frombuffer(text, np.uint8)
        tags = np.flatnonzero(signs == _TAG)
        at = np.flatnonzero(signs[tags + 1] == _LETTER_C)
        if at.size != sizes[-1]:
            return None
        starts = tags[at]
        if (starts[sizes[:-1]] != edges[:-1]).any():
            return None
        own = _Cells.of_runs(self._cells, runs)
        shifts = [int(size) - run.cells.start for size, run in zip(sizes[:-1], runs, strict=True)]
        formulas, gaps = (_Ragged.of_runs(some, runs, shifts) for some in (self._formulas, self._gaps))
        view = np.ndarray((len(text) - _WORD + 1,), "<u8", text, strides=(1,))
        wrong = own.always_odd
        for words, offsets in zip(own.heads, own.offsets, strict=True):
            wrong |= view[starts + offsets] != words
        types, opened = _opened(view, starts + own.lengths, own.types)
        formulas_at = starts + own.lengths + opened
        wrong[formulas.differing(view, formulas_at)] = True
        wrong |= (own.formula_lengths > 0) & (opened == 0)
        inside = formulas_at + own.formula_lengths
        begins, ends, over, has_element = _values(view, tags, at + own.formula_tags, inside, types)
        following = np.append(starts[1:], edges[-1])
        wrong |= over + own.gap_lengths != following
        over = np.maximum(over, 0)
        wrong[gaps.differing(view, over)] = True
        ended = np.flatnonzero(own.gap_lengths == len(_END_OF_ROW))
        wrong[ended[(view[over[ended]] & _mask(len(_END_OF_ROW))) != _word(_END_OF_ROW)]] = True
        odd = np.flatnonzero(wrong)
        if odd.size > most_odd:
            return None
        cells = np.concatenate([np.arange(run.cells.start, run.cells.stop) for run in runs])
        pieces = []
        for place in odd.tolist():
            piece = self._piece(text, int(cells[place]), int(starts[place]), int(following[place]))
            if piece is None:
                return None
            pieces.append(piece)
        return Written(cells, text, types, has_element, begins, ends, odd, pieces)

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


def _values(view: Array, tags: Array, before: Array, inside: Array, types: Array) -> tuple[Array, Array, Array, Array]:
    """Return where the values of cells begin and end, where the cells end, and which have an element for a value.

    `inside` is where it has to stand, `before` the number of the last tag before it; a cell that is written otherwise
    ends nowhere.
    """
    word = view[inside]
    tag = np.minimum(before + 1, tags.size - 2)
    ends = tags[tag + 1]
    has_value = (word & _mask(len(_VALUE))) == _word(_VALUE)
    has_value &= (tags[tag] == inside) & (view[ends] == _word(_AFTER_VALUE))
    state = has_value.astype(np.int8)
    state[word == _word(_NO_VALUE)] = 2
    state[(word & _mask(len(_END_OF_CELL))) == _word(_END_OF_CELL)] = 3
    state[(word & _mask(len(_CLOSED))) == _word(_CLOSED)] = 4
    begins = np.where(has_value, inside + len(_VALUE), ends)
    over = np.where(has_value, ends, inside) + _TAILS[state]
    inline = np.flatnonzero(types == INLINE)
    if inline.size:
        found = _inline(view, tags, before[inline], inside[inline])
        begins[inline], ends[inline], over[inline] = found
        state[inline] = 1
    return begins, ends, over, (state == 1) | (state == 2)


# How far the end of a cell is behind its value, by how that is written: not known, <v>, <v/>, none, a closed tag.
_TAILS = np.array([-(1 << 40), len(_AFTER_VALUE), len(_NO_VALUE), len(_END_OF_CELL), len(_CLOSED)])


def _inline(view: Array, tags: Array, before: Array, inside: Array) -> tuple[Array, Array, Array]:
    """Return where texts that stand in their cells begin and end, and where the cells end."""
    tag = np.minimum(before + 2, tags.size - 2)
    ends = tags[tag + 1]
    there = (view[inside] & _mask(len(_INLINE))) == _word(_INLINE)
    there &= tags[tag] == inside + len(_INLINE) - len(b"<t>")
    for offset in (0, len(_AFTER_INLINE) - _WORD):
        there &= view[ends + offset] == _word(_AFTER_INLINE[offset : offset + _WORD])
    return inside + len(_INLINE), ends, np.where(there, ends + len(_AFTER_INLINE), _TAILS[0])


def _opened(view: Array, places: Array, guesses: Array) -> tuple[Array, Array]:
    """Return the types of cells, and how long the rest of their opening tags is; 0 where these are closed at once.

    Most are what they were in another planner; the others are found out.
    """
    word = view[places]
    guess = guesses
    wrong = np.flatnonzero((word & _MASKS[guess]) != _STARTS[guess])
    if wrong.size:
        guess = guesses.copy()
        others = word[wrong]
        first = _BY_FIRST[others.astype(np.uint8)]
        guess[wrong] = np.where(first == _BLANK, _BY_FIFTH[(others >> np.uint64(32)).astype(np.uint16)], first)
    lengths = _LENGTHS[guess]
    lengths[wrong[(word[wrong] & _MASKS[guess[wrong]]) != _STARTS[guess[wrong]]]] = -1
    for number, ending in enumerate(_OPENED):
        if len(ending) > _WORD:
            long = np.flatnonzero(guess == number)
            lengths[long[view[places[long] + len(ending) - _WORD] != _word(ending[-_WORD:])]] = -1
    return np.where(guess == _GUESS_CLOSED, np.int8(PLAIN), guess), lengths


_GUESS_CLOSED = len(_OPENED)
_STARTS = np.array([_word(ending[:_WORD]) for ending in (*_OPENED, _CLOSED)], dtype=np.uint64)
_MASKS = np.array([_mask(min(len(ending), _WORD)) for ending in (*_OPENED, _CLOSED)], dtype=np.uint64)
_LENGTHS = np.array([*map(len, _OPENED), 0])
# Types are guessed by the first sign, or where that is a blank, as in b' t="s"', by the fifth and sixth.
_BLANK = -1
_BY_FIRST = np.zeros(1 << 8, dtype=np.int8)
_BY_FIRST[ord("/")] = _GUESS_CLOSED
_BY_FIRST[ord(" ")] = _BLANK
_BY_FIFTH = np.zeros(1 << 16, dtype=np.int8)
for _number, _ending in enumerate(_OPENED[1:], 1):
    _BY_FIFTH[_word(_ending[4:6])] = _number


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
    if any(len(gap) < _WORD and gap != _END_OF_ROW for gap in gaps.values()):
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
    offsets = [[0, min(_WORD, len(head) - _WORD), len(head) - _WORD] for head in heads]
    words = [
        [head[places[number] : places[number] + _WORD] for head, places in zip(heads, offsets, strict=True)]
        for number in range(3)
    ]
    formulas = {number: cell.formula for number, cell in enumerate(cells) if cell.formula and not odd[number]}
    lengths, tags, between = (np.zeros(len(cells), dtype=np.intp) for _array in range(3))
    lengths[list(formulas)] = [len(formula) for formula in formulas.values()]
    tags[list(formulas)] = [formula.count(b"<") for formula in formulas.values()]
    between[list(gaps)] = [len(gap) for gap in gaps.values()]
    return Layout(
        leads,
        rows,
        gaps,
        2 * (_LONGEST_HEAD + len(_END)) + max(map(len, (*formulas.values(), *gaps.values()))),
        np.stack(
            [
                *(np.frombuffer(b"".join(one), "<i8") for one in words),
                *np.array(offsets).T,
                [len(head) for head in heads],
                lengths,
                tags,
                between,
                odd,
                [_type(cell) for cell in cells],
            ]
        ).astype(np.int64),
        _Ragged.of(formulas),
        _Ragged.of({cell: gap for cell, gap in gaps.items() if len(gap) >= _WORD}),
    )


def _type(cell: Cell) -> int:
    """Return which opening tag a cell is likely to have."""
    if not cell.formula and cell.shown is None:
        return _GUESS_CLOSED
    written = b' t="%b">' % cell.kind.encode() if cell.kind else b">"
    return _OPENED.index(written) if written in _OPENED else PLAIN


def _is_odd(content: bytes, cell: Cell) -> bool:
    """Whether a cell cannot be compared word by word: very short or long, or attributes stand behind its type."""
    is_short = bool(cell.formula) and len(cell.formula) < _WORD
    return is_short or not _WORD <= len(cell.head) <= _LONGEST_HEAD or not content.startswith(cell.head, cell.start)
