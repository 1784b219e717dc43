"""Cells of plain lines as their bytes: coded column by column, with no object for a cell that came before."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlsales.tables.coded import Coded, Codes

if TYPE_CHECKING:
    from xlsales.tables.lines import Form

_WORD = 8  # bytes that are compared at once
_LONGEST = 64  # bytes of a cell that are compared so
_MASKS = np.array([2 ** (8 * size) - 1 for size in range(_WORD + 1)], np.uint64)
_LINE_FEED = 10
_BETWEEN = "\x1f"  # what separates units, in texts that have no other use of it


class CellBytes:
    """The cells of whole lines, each of which is a row of some width."""

    def __init__(self, content: bytes, delimiter: int, width: int) -> None:
        padded = np.frombuffer(content + bytes(_LONGEST + _WORD), np.uint8)
        plain = padded[: len(content)]
        ends = np.flatnonzero((plain == delimiter) | (plain == _LINE_FEED))
        self.are_rows = len(ends) % width == 0 and bool((plain[ends[width - 1 :: width]] == _LINE_FEED).all())
        self._content, self._width = content, width
        self._starts = np.append(0, ends[:-1] + 1)[: len(ends)]
        self._lengths = ends - self._starts
        # What stands from each byte on, as one number.
        self._words = np.ndarray(len(padded) - _WORD + 1, "<u8", padded, strides=(1,))

    def __len__(self) -> int:
        return len(self._starts) // self._width

    @classmethod
    def of(cls, lines: Sequence[str], form: Form) -> CellBytes | None:
        """Return the cells of lines that are rows by themselves; None where bytes alone do not tell them."""
        text, delimiter = "".join(lines), form.delimiter
        if "\0" in text or _BETWEEN in text or not delimiter.isascii():
            return None
        if '"' in text:
            text, delimiter = "".join([_unquoted(line, form) for line in lines]), _BETWEEN
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        found = cls(text.encode("utf-8", "surrogatepass"), ord(delimiter), form.width)
        return found if found.are_rows else None

    def coded(self, at: int) -> Coded:
        """Return the column at some place, its cells in the order in which they come."""
        starts, lengths = self._starts[at :: self._width], self._lengths[at :: self._width]
        longest = int(lengths.max(initial=1))
        if longest > _LONGEST:
            return self._one_by_one(starts, lengths)
        words = [self._word(starts, lengths, begin) for begin in range(0, longest, _WORD)]
        codes = reduce(_paired, (pd.factorize(word)[0] for word in words))
        first = np.empty(int(codes.max(initial=-1)) + 1, np.intp)
        first[codes[::-1]] = np.arange(len(codes))[::-1]
        cells = np.stack([word[first] for word in words], axis=1).astype("<u8").view(f"S{_WORD * len(words)}")
        return Coded(codes, _texts(b"\n".join(cells.ravel().tolist())) if len(first) else [])

    def _word(self, starts: Codes, lengths: Codes, begin: int) -> npt.NDArray[np.uint64]:
        """Return some bytes of each cell as a number, in which zeros stand behind its end."""
        found: npt.NDArray[np.uint64] = self._words[starts + begin].astype(np.uint64)
        found &= _MASKS[np.clip(lengths - begin, 0, _WORD)]
        return found

    def _one_by_one(self, starts: Codes, lengths: Codes) -> Coded:
        ends = (starts + lengths).tolist()
        cells = [self._content[start:end] for start, end in zip(starts.tolist(), ends, strict=True)]
        place_of = {cell: place for place, cell in enumerate(dict.fromkeys(cells))}
        codes = np.fromiter(map(place_of.__getitem__, cells), np.intp, len(cells))
        return Coded(codes, _texts(b"\n".join(place_of)))


def _unquoted(line: str, form: Form) -> str:
    """Return a line with what stands between its cells in no cell, and no quotation marks around these."""
    if '"' not in line:
        return line.replace(form.delimiter, _BETWEEN)
    [cells] = csv.reader([line], delimiter=form.delimiter, strict=True)
    return _BETWEEN.join(cells) + "\n"


def _texts(lines: bytes) -> list[str]:
    return lines.decode("utf-8", "surrogatepass").split("\n")


def _paired(one: Codes, other: Codes) -> Codes:
    """Return a number for each pair, in the order in which they come."""
    return np.asarray(pd.factorize(one * (int(other.max(initial=0)) + 1) + other)[0])
