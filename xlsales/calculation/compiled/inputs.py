"""Puts the inputs of many planners into the cells of a calculation."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from xlsales.calculation.compiled.cells import Located
from xlsales.calculation.compiled.reading import Run
from xlsales.cells.arrays import NUMBER, TEXT, Array, CellArrays, coded
from xlsales.cells.columns import column_index_from_string
from xlsales.cells.rows import Rows
from xlsales.cells.values import Address, InputValue, serial
from xlsales.schema import NUMERIC, Column, Kind
from xlsales.workbook.filling import Block, Filling

TURNED = 256  # cells that are turned from rows into columns at a time, as fit into a processor's memory
_AS_NUMBERS = (*NUMERIC, Kind.DATE)


class Inputs:
    """The input cells of a template, and their places in a calculation."""

    def __init__(self, located: Located) -> None:
        self._located = located
        self._columns: dict[tuple[str, str, int], Array] = {}

    def fill(self, run: Run, many: Sequence[Filling]) -> None:
        """Fill the cells of some planners, those of a table's column of all of them at once."""
        self.fill_cells(run, [filling.single for filling in many])
        by_table: defaultdict[str, list[tuple[int, Block]]] = defaultdict(list)
        for planner, filling in enumerate(many):
            for block in filling.blocks:
                by_table[block.name].append((planner, block))
        ids = _Ids(run.texts.ids)
        for pairs in by_table.values():
            self._fill_table(run, pairs, ids)

    def fill_cells(self, run: Run, many: Sequence[Mapping[Address, InputValue]]) -> None:
        """Fill single cells; what is given for cells that are no inputs is left out, as the calculation engine does."""
        days, ids = _Days(), run.texts.ids
        for planner, given in enumerate(many):
            found = zip(self.placed([*given]).tolist(), given.values(), strict=True)
            placed = [(place, value) for place, value in found if place >= 0]
            if placed:
                places = [place for place, _value in placed]
                held = [days[v] if type(v) is dt.date else coded(v, ids) for _place, v in placed]
                kinds, numbers = zip(*held, strict=True)
                run.kinds[places, planner], run.numbers[places, planner] = kinds, numbers

    def placed(self, addresses: Sequence[Address]) -> Array:
        """Return the places of cells, -1 for cells that are no inputs."""
        return self._located.of(addresses)

    def fill_arrays(self, run: Run, places: Array, many: Sequence[CellArrays]) -> None:
        """Fill the cells at some places, each planner with texts of its own; at -1 there is none."""
        wanted = places >= 0
        places = places[wanted]
        shape = len(many), places.size
        kinds, numbers = np.empty(shape, dtype=np.int8), np.empty(shape)
        for planner, given in enumerate(many):
            kinds[planner], own = given.kinds[wanted], given.numbers[wanted]
            is_text = kinds[planner] == TEXT
            ids, texts = run.texts.ids, given.texts
            own[is_text] = [ids[texts[text]] for text in own[is_text].astype(np.intp).tolist()]
            numbers[planner] = own
        for start in range(0, places.size, TURNED):
            some = slice(start, start + TURNED)
            run.kinds[places[some]], run.numbers[places[some]] = kinds[:, some].T, numbers[:, some].T

    def _fill_table(self, run: Run, pairs: Sequence[tuple[int, Block]], ids: _Ids) -> None:
        blocks = [block for _planner, block in pairs]
        planners = np.repeat([planner for planner, _block in pairs], [len(block.indexes) for block in blocks])
        indexes = np.concatenate([np.asarray(block.indexes, dtype=np.intp) for block in blocks])
        firsts = np.cumsum([0, *(len(block.rows) for block in blocks[:-1])]).tolist()
        rows = np.concatenate(
            [np.asarray(b.order, dtype=np.intp) + first for b, first in zip(blocks, firsts, strict=True)]
        )
        for column, letter in blocks[0].columns:
            numbers = np.concatenate([_numbers(block.rows, column, ids) for block in blocks])[rows]
            given = ~np.isnan(numbers)
            if given.any():
                places = (self._column(blocks[0], letter)[indexes] * run.planners + planners)[given]
                run.kinds.ravel()[places] = NUMBER if column.kind in _AS_NUMBERS else TEXT
                run.numbers.ravel()[places] = numbers[given]

    def _column(self, block: Block, letter: str) -> Array:
        """Return the places of a column's cells, from the table's first row on."""
        sheet, first = block.target.sheet, block.target.first_row
        if (sheet, letter, first) not in self._columns:
            rows = np.arange(first, first + block.target.rows)
            places = self._located.column(sheet, rows, column_index_from_string(letter))
            if places.size and places.min() < 0:
                raise KeyError((sheet, letter))
            self._columns[sheet, letter, first] = places
        return self._columns[sheet, letter, first]


def _numbers(rows: Rows, column: Column, ids: _Ids) -> Array:
    """Return a column's values as numbers, texts by their ids; NaN for blank."""
    if column.kind in _AS_NUMBERS:
        return rows.numbers(column.name)
    return rows.array(column.name, ids.__getitem__, float)


class _Days(dict[dt.date, tuple[int, float]]):
    """Days as cells hold them; those of single cells are the same in most planners."""

    def __missing__(self, day: dt.date) -> tuple[int, float]:
        self[day] = NUMBER, float(serial(day))
        return self[day]


class _Ids(dict[Any, float]):
    """The ids of texts, NaN for blank."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        super().__init__({None: math.nan})
        self._ids = ids

    def __missing__(self, text: str) -> float:
        self[text] = found = float(self._ids[text])
        return found
