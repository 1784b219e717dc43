"""How the cells of a workbook's sheets are written, values aside: other copies of it are read by comparing with that.

The rows of all sheets are one text. In it, NumPy finds the tags; each cell is looked up where it has to begin, and its
opening tag, its formula and what follows it are compared with the known ones, eight bytes at a time. So every byte is
either known or a value's. Cells that are written otherwise are told by their numbers; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
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


class Written(NamedTuple):
    """What stands in the cells of some rows, value by value."""

    text: bytes
    types: Array  # (cells,) places in the list of types
    has_element: Array  # (cells,) whether there is an element for the value, be it empty
    starts: Array  # (cells,) of the values' texts
    ends: Array
    odd: Array  # the cells that are written otherwise, by their numbers
    pieces: Sequence[bytes]  # these cells' bytes


class _Ragged(NamedTuple):
    """Texts of different lengths, word by word."""

    owners: Array  # (words,) whose word it is
    offsets: Array  # (words,) where it stands in the text
    words: Array  # (words,)

    @staticmethod
    def of(texts: Sequence[bytes]) -> _Ragged:
        """Cut texts of at least eight bytes; the last word of each may lie over the one before."""
        owners, offsets, words = [], [], []
        for owner, text in enumerate(texts):
            for offset in (*range(0, len(text) - _WORD, _WORD), len(text) - _WORD):
                owners.append(owner)
                offsets.append(offset)
                words.append(text[offset : offset + _WORD])
        return _Ragged(
            np.array(owners, dtype=np.intp), np.array(offsets, dtype=np.intp), np.frombuffer(b"".join(words), "<u8")
        )

    def differing(self, view: Array, places: Array) -> Array:
        """Return which texts, at these places, are others."""
        found = view[places[self.owners] + self.offsets] != self.words
        return np.unique(self.owners[found])


@dataclass(frozen=True)
class Layout:
    """The cells of all sheets, in their order, and how they are written."""

    lead: bytes  # what stands before the first cell
    lengths: Array  # (cells,) of the opening tags, up to the type
    heads: Array  # (3, cells) three words of these tags
    offsets: Array  # (3, cells) where in the tags
    formula_cells: Array  # (formulas,)
    formula_lengths: Array  # (cells,) 0 without a formula
    formula_tags: Array  # (cells,) how many tags the formula has
    formulas: _Ragged
    gap_cells: Array  # (gaps,) after which a row ends
    gap_lengths: Array  # (cells,)
    gaps: _Ragged
    gap_texts: Sequence[bytes]
    last_cells: Array  # (sheets,)
    last_lengths: Array  # (sheets,) bytes of its rows behind the last cell
    always_odd: Array  # (cells,) bool: those that cannot be compared so
    padding: int  # bytes behind the rows in which places may be looked up

    @property
    def size(self) -> int:
        """How many cells there are."""
        return int(self.lengths.size)

    def read(self, pieces: Sequence[bytes | memoryview], most_odd: int) -> Written | None:
        """Find the values of cells, given the rows of each sheet.

        None where these are other cells, or too many of them are written otherwise.
        """
        text = b"".join([*pieces, _END, b" " * self.padding])
        sheet_ends = np.cumsum([len(piece) for piece in pieces])
        signs = np.frombuffer(text, np.uint8)
        tags = np.flatnonzero(signs == _TAG)
        at = np.flatnonzero(signs[tags + 1] == _LETTER_C)
        if at.size != self.size:
            return None
        starts = tags[at]
        if not _are_alike(text[: int(starts[0])], self.lead):
            return None
        view = np.ndarray((len(text) - _WORD + 1,), "<u8", text, strides=(1,))
        wrong = self.always_odd.copy()
        for words, offsets in zip(self.heads, self.offsets, strict=True):
            wrong |= view[starts + offsets] != words
        opened_at = starts + self.lengths
        types, opened = _opened(view, opened_at)
        formulas_at = opened_at + opened
        wrong[self.formula_cells[self.formulas.differing(view, formulas_at[self.formula_cells])]] = True
        wrong[self.formula_cells] |= opened[self.formula_cells] == 0
        inside = formulas_at + self.formula_lengths
        begins, ends, over, has_element = _values(view, tags, at + self.formula_tags, inside, types)
        following = np.append(starts[1:], sheet_ends[-1] + len(_END))
        wrong |= over + self.gap_lengths != following
        wrong[self.gap_cells[self.gaps.differing(view, np.maximum(over[self.gap_cells], 0))]] = True
        odd = np.flatnonzero(wrong)
        if odd.size > most_odd:
            return None
        whole = []
        for cell in odd.tolist():
            piece = self._piece(text, cell, int(starts[cell]), int(following[cell]))
            if piece is None:
                return None
            whole.append(piece)
            over[cell] = starts[cell] + len(piece)
        if (over[self.last_cells] + self.last_lengths != sheet_ends).any():
            return None  # rows of one sheet would be those of the next one
        return Written(text, types, has_element, begins, ends, odd, whole)

    def _piece(self, text: bytes, cell: int, start: int, end: int) -> bytes | None:
        """Return the bytes of a cell that is written otherwise; None where it is followed by other rows."""
        piece = text[start:end]
        if not self.gap_lengths[cell]:
            return piece
        own, sign, rest = piece.partition(_END_OF_ROW)
        gap = self.gap_texts[int(np.searchsorted(self.gap_cells, cell))]
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


def _opened(view: Array, places: Array) -> tuple[Array, Array]:
    """Return the types of cells, and how long the rest of their opening tags is; 0 where these are closed at once."""
    word = view[places]
    first = _BY_FIRST[word.astype(np.uint8)]
    guess = np.where(first == _BLANK, _BY_FIFTH[(word >> np.uint64(32)).astype(np.uint16)], first)
    lengths = np.where((word & _MASKS[guess]) == _STARTS[guess], _LENGTHS[guess], -1)
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
    pieces = [content[one.data[0] : one.data[1]] for content, one in zip(contents, found, strict=True)]
    sheet_ends: list[int] = np.cumsum([len(piece) for piece in pieces]).tolist()
    bases = [end - one.data[1] for end, one in zip(sheet_ends, found, strict=True)]
    cells = list(chain.from_iterable(one.cells.values() for one in found))
    starts = [base + cell.start for base, one in zip(bases, found, strict=True) for cell in one.cells.values()]
    ends = [base + cell.end for base, one in zip(bases, found, strict=True) for cell in one.cells.values()]
    if starts != sorted(starts):
        return None
    numbers = np.cumsum([len(one.cells) for one in found]) - 1
    text = b"".join([*pieces, _END])
    gaps = [text[end:start] for end, start in zip(ends, [*starts[1:], len(text)], strict=True)]
    last = [end - ends[int(number)] for end, number in zip(sheet_ends, numbers, strict=True)]
    made = _made(text, cells, starts, gaps, (numbers, np.array(last)))
    return None if made is None else (made, [list(one.cells.values()) for one in found])


def _made(
    text: bytes, cells: Sequence[Cell], starts: Sequence[int], gaps: Sequence[bytes], last: tuple[Array, Array]
) -> Layout | None:
    if any(0 < len(gap) < _WORD for gap in gaps):
        return None
    odd = [_is_odd(text, cell, start) for cell, start in zip(cells, starts, strict=True)]
    heads = [cell.head if not one else b"<c r=..>" for cell, one in zip(cells, odd, strict=True)]
    offsets = [[0, min(_WORD, len(head) - _WORD), len(head) - _WORD] for head in heads]
    words = [
        [head[places[number] : places[number] + _WORD] for head, places in zip(heads, offsets, strict=True)]
        for number in range(3)
    ]
    formula_cells = [number for number, cell in enumerate(cells) if cell.formula and not odd[number]]
    formulas = [cells[number].formula for number in formula_cells]
    is_formula = np.zeros(len(cells), dtype=np.intp)
    tags = np.zeros(len(cells), dtype=np.intp)
    is_formula[formula_cells] = [len(formula) for formula in formulas]
    tags[formula_cells] = [formula.count(b"<") for formula in formulas]
    gap_cells = [number for number, gap in enumerate(gaps) if gap]
    gap_texts = [gaps[number] for number in gap_cells]
    return Layout(
        text[: starts[0]],
        np.array([len(head) for head in heads], dtype=np.intp),
        np.stack([np.frombuffer(b"".join(one), "<u8") for one in words]),
        np.array(offsets, dtype=np.intp).T.copy(),
        np.array(formula_cells, dtype=np.intp),
        is_formula,
        tags,
        _Ragged.of(formulas),
        np.array(gap_cells, dtype=np.intp),
        np.array([len(gap) for gap in gaps], dtype=np.intp),
        _Ragged.of(gap_texts),
        gap_texts,
        last[0],
        last[1],
        np.array(odd, dtype=np.bool_),
        2 * (_LONGEST_HEAD + len(_END)) + max((len(piece) for piece in (*formulas, *gap_texts)), default=0),
    )


def _is_odd(text: bytes, cell: Cell, start: int) -> bool:
    """Whether a cell cannot be compared word by word: very short or long, or attributes stand behind its type."""
    is_short = bool(cell.formula) and len(cell.formula) < _WORD
    return is_short or not _WORD <= len(cell.head) <= _LONGEST_HEAD or not text.startswith(cell.head, start)
