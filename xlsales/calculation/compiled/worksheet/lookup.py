"""MATCH and INDEX."""

from __future__ import annotations

from typing import Any

import numpy as np

from xlsales.calculation.compiled.coercion import as_float, as_numbers
from xlsales.calculation.compiled.reading import Run
from xlsales.calculation.compiled.texts import Texts
from xlsales.calculation.compiled.values import (
    Value,
    anywhere,
    error,
    fault_where,
    faults_of,
    first_fault,
    of,
    whole,
    with_faults,
)
from xlsales.calculation.compiled.worksheet.areas import folded, listed, shape_of
from xlsales.cells.arrays import BLANK, BOOL, EMPTY_TEXT, ERROR, NUMBER, TEXT, Array
from xlsales.cells.wildcards import pattern
from xlsales.functions.errors import NA, REF, VALUE
from xlsales.texts import _

_AT_ONCE = 4_000_000  # comparisons
_MOST_PLACES, _MOST_IN_16_BITS = 2_000_000, 2**15 - 1  # of texts and planners, in 4 MB


def match(run: Run, wanted: Value, area: Value, kind: Value | None = None) -> Value:
    """The place of a value in a row or column: the first that is equal, or with 1 the last that is not larger."""
    if wanted.is_area:
        raise NotImplementedError(_("MATCH of a range"))
    if wanted.kinds & BLANK:  # looked up as 0
        wanted = of(np.where(wanted.has(BLANK), np.int8(NUMBER), wanted.kind).astype(np.int8), wanted.number)
    area = whole(area)
    rows, columns = shape_of(area)
    if min(rows, columns) > 1:
        return error(NA)
    exact = kind is not None and not anywhere(kind.number)
    if not exact and kind is not None and anywhere(np.less(kind.number, 0)):
        raise NotImplementedError(_("MATCH with -1"))
    found = _first_equal(run, wanted, area) if exact else _last_not_larger(run, wanted, area)
    missing = np.less(found, 0)
    return with_faults(NUMBER, found + 1.0, first_fault(faults_of(wanted), fault_where(missing, NA)))


def _first_equal(run: Run, wanted: Value, area: Value) -> Any:
    """Return places from 0, -1 where there is none."""
    kinds, numbers = listed(area)
    shape = np.broadcast_shapes(np.shape(wanted.number), np.shape(wanted.kind), (1, 1))
    shape = (max(shape[0], kinds.shape[0]), run.planners)
    sought_kind, sought = np.broadcast_to(wanted.kind, shape), np.broadcast_to(as_float(wanted.number), shape)
    found = np.full(shape, -1, dtype=np.intp)
    if wanted.kinds & TEXT:
        found = np.where(sought_kind == TEXT, _equal_text(run, sought_kind, sought, area), found)
    for kind in (NUMBER, BOOL):
        if wanted.kinds & kind and area.kinds & kind:
            cells = np.where(kinds == kind, numbers, np.nan)
            found = np.where(sought_kind == kind, _equal_number(sought, cells), found)
    return found


def _equal_number(sought: Array, cells: Array) -> Array:
    found = np.empty(sought.shape, dtype=np.intp)
    step = max(1, _AT_ONCE // (cells.shape[1] * sought.shape[1]))
    for start in range(0, sought.shape[0], step):
        rows = slice(start, start + step)
        equal = cells[rows if cells.shape[0] > 1 else slice(None)] == sought[rows, None]
        first = equal.argmax(axis=1)
        found[rows] = np.where(np.take_along_axis(equal, first[:, None], axis=1)[:, 0], first, -1)
    return found


def _equal_text(run: Run, sought_kind: Array, sought: Array, area: Value) -> Array:
    """Find texts: all cells of all planners put in order once, and each looked up."""
    texts, is_text = run.texts, sought_kind == TEXT
    ids = np.where(is_text, sought, EMPTY_TEXT)
    cells = folded(texts, area)
    run.doubt(is_text & _may_be_alike(run, ids, area))
    if cells.shape[0] > 1:
        found = _equal_number(texts.folded(ids).astype(np.float64), np.where(cells < 0, np.nan, cells))
    else:
        keys = texts.folded(ids)
        look = _placed_lookup if cells.shape[2] * texts.folds <= _MOST_PLACES else _sorted_lookup
        found = look(is_text, keys, cells[0], texts.folds)
    return _with_wildcards(texts, is_text & texts.wild(ids), sought, area, found)


def _may_be_alike(run: Run, ids: Array, area: Value) -> Any:
    """Return where an area has a text that may be the same to Excel as what is looked for."""
    if not run.texts.has_doubles:
        return np.False_
    found = np.zeros(ids.shape, dtype=np.bool_)
    kinds, numbers = listed(area)
    cells = np.where(kinds == TEXT, numbers, EMPTY_TEXT)
    cells = np.broadcast_to(cells, (*cells.shape[:2], run.planners))
    for row in range(ids.shape[0]):
        own = cells[row if cells.shape[0] > 1 else 0]
        found[row] = np.any(run.texts.may_be_alike(ids[row], own), axis=0)
    return found


def _placed_lookup(is_text: Array, keys: Array, cells: Array, count: int) -> Array:
    """Find keys where they are texts, each of so many planners at a place of its own; a cell without a text is -1."""
    planners = np.arange(cells.shape[1]) * (count + 1)
    table = np.full(cells.shape[1] * (count + 1), -1, np.int16 if cells.shape[0] <= _MOST_IN_16_BITS else np.int32)
    rows = np.arange(cells.shape[0])[::-1, None]
    table[np.where(cells < 0, count, cells)[::-1] + planners] = rows  # of equal ones the first, which comes last
    return np.where(is_text, table[keys + planners], -1)


def _sorted_lookup(is_text: Array, keys: Array, cells: Array, radix: int) -> Array:
    """Find keys where they are texts; a cell without a text is -1."""
    cells = np.broadcast_to(cells, (cells.shape[0], keys.shape[1]))
    found = np.full(keys.shape, -1, dtype=np.intp)
    planners = np.arange(keys.shape[1]) * radix
    by_planner = np.ascontiguousarray(cells.T)
    places = np.flatnonzero(by_planner >= 0)
    some = (by_planner + planners[:, None]).ravel()[places]
    if some.size:
        order = some.argsort(kind="stable")
        ordered, wanted = some[order], (keys + planners)[is_text]
        place = np.minimum(np.searchsorted(ordered, wanted), ordered.size - 1)
        found[is_text] = np.where(ordered[place] == wanted, places[order[place]] % cells.shape[0], -1)
    return found


def _with_wildcards(texts: Texts, is_wild: Array, sought: Array, area: Value, found: Array) -> Array:
    if not anywhere(is_wild):
        return found
    known = texts.all
    wild = {one: pattern(known[int(one)]) for one in np.unique(sought[is_wild]).tolist()}
    kinds, numbers = (np.broadcast_to(cells, (*cells.shape[:2], found.shape[1])) for cells in listed(area))
    for row, planner in zip(*np.nonzero(is_wild), strict=True):
        own = row if kinds.shape[0] > 1 else 0
        column = zip(kinds[own, :, planner].tolist(), numbers[own, :, planner].tolist(), strict=True)
        fits = wild[float(sought[row, planner])].fullmatch
        places = (place for place, (kind, one) in enumerate(column) if kind == TEXT and fits(known[int(one)]))
        found[row, planner] = next(places, -1)
    return found


def _last_not_larger(run: Run, wanted: Value, area: Value) -> Any:
    """Return places in a sorted area; what is found in another one is in doubt."""
    kinds, numbers = listed(area)
    run.doubt(_is_mixed(kinds))
    found: Any = np.full((1, 1), -1)
    for kind in (NUMBER, TEXT):
        if wanted.kinds & kind and area.kinds & kind:
            sought, cells = wanted.number, numbers
            if kind == TEXT:
                ids = _text_ids(wanted), np.where(kinds == TEXT, cells, EMPTY_TEXT)
                strange = np.any((kinds == TEXT) & run.texts.without_order(ids[1]), axis=1)
                run.doubt(wanted.has(TEXT) & (run.texts.without_order(ids[0]) | strange))
                sought, cells = run.texts.ranks(*ids)
            place, is_sorted = _in_sorted(kinds == kind, cells, np.atleast_2d(sought))
            run.doubt(wanted.has(kind) & ~is_sorted)
            found = np.where(wanted.has(kind), place, found)
    return found


def _is_mixed(kinds: Array) -> Any:
    """Return where kinds of values do not follow each other in Excel's order: blanks aside, numbers, texts, truths."""
    so_far = np.maximum.accumulate(kinds, axis=1)
    return np.any((kinds != BLANK) & (kinds < so_far), axis=1)


def _text_ids(value: Value) -> Any:
    return np.where(value.has(TEXT), value.number, EMPTY_TEXT)


def _in_sorted(usable: Array, cells: Array, sought: Array) -> tuple[Array, Any]:
    """Return the places of the last that are not larger, and whether the cells are sorted."""
    places = np.where(usable, np.arange(cells.shape[1])[None, :, None], -1)
    so_far = np.maximum.accumulate(np.where(usable, cells, -np.inf), axis=1)
    is_sorted = (~usable | (cells >= so_far)).all(axis=1)
    fits = usable[:, None] & (cells[:, None] <= sought[None, :, None])[0] if cells.shape[0] > 1 else None
    if fits is None:
        shown = usable[0][None] & (cells[0][None] <= sought[:, None])
        last = np.where(shown, places[0][None], -1).max(axis=1)
        return np.where(is_sorted, last, -1), is_sorted
    raise NotImplementedError(_("MATCH with 1 in an area that moves"))


def index(run: Run, area: Value, row: Value, column: Value | None = None) -> Value:
    """The cell of an area in a row and column."""
    if row.is_area or (column is not None and column.is_area):
        raise NotImplementedError(_("INDEX of several cells"))
    area = whole(area)
    rows, columns = shape_of(area)
    down, faults = as_numbers(row, run)
    right: Any = 1.0
    if column is not None:
        right, wrong = as_numbers(column, run)
        faults = first_fault(faults, wrong)
    elif rows == 1:
        down, right = 1.0, down
    elif columns > 1:
        raise NotImplementedError(_("INDEX of whole rows"))
    down, right = np.trunc(down), np.trunc(right)
    outside = np.less(down, 0) | np.greater(down, rows) | np.less(right, 0) | np.greater(right, columns)
    several = (np.equal(down, 0) & (rows > 1)) | (np.equal(right, 0) & (columns > 1))
    faults = first_fault(faults, fault_where(outside, REF), fault_where(several, VALUE))
    found = _picked(run, area, np.clip(down, 1, rows), np.clip(right, 1, columns))
    if faults is None:
        return found
    wrong = np.not_equal(faults, 0)
    return Value(
        found.kinds | ERROR,
        np.where(wrong, np.int8(ERROR), found.kind),
        np.where(wrong, faults - 1.0, found.number),
        reference=True,
    )


def _picked(run: Run, area: Value, down: Any, right: Any) -> Value:
    kinds, numbers = np.broadcast_arrays(area.kind, area.number)
    if kinds.ndim != 4:
        return area
    block = np.arange(kinds.shape[0])[:, None] if kinds.shape[0] > 1 else np.zeros((1, 1), dtype=np.intp)
    planner = run.every[None, :] if kinds.shape[3] > 1 else np.zeros((1, 1), dtype=np.intp)
    place = (block, np.asarray(down, dtype=np.intp) - 1, np.asarray(right, dtype=np.intp) - 1, planner)
    kind = area.kind if isinstance(area.kind, int) else kinds[place]
    return Value(area.kinds, kind, numbers[place], reference=True)
