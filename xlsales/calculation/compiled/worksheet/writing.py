"""TEXT, SUBSTITUTE, FIND, UPPER and other functions of texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from xlsales.calculation.compiled.coercion import as_numbers, as_texts, each
from xlsales.calculation.compiled.reading import Run
from xlsales.calculation.compiled.values import Value, fault_where, faults_of, first_fault, with_faults
from xlsales.cells import letters
from xlsales.cells.arrays import BOOL, NUMBER, TEXT
from xlsales.cells.letters import units
from xlsales.functions.errors import VALUE
from xlsales.texts import _

_LONGEST = 255  # characters that TEXT writes
_FORMAT = re.compile(r"(#,##)?0(?:\.(0+))?(%?)")


def substitute(run: Run, text: Value, old: Value, new: Value) -> Value:
    """SUBSTITUTE: every occurrence."""

    def replaced(whole: str, wanted: str, instead: str) -> str:
        return whole.replace(wanted, instead) if wanted else whole

    return _made(run, replaced, text, old, new)


def upper(run: Run, text: Value) -> Value:
    """UPPER."""
    return _made(run, letters.upper, text)


def lower(run: Run, text: Value) -> Value:
    """LOWER."""
    return _made(run, letters.lower, text)


def _made(run: Run, make: Callable[..., str | None], *values: Value) -> Value:
    """Make texts of others; where it makes none, it is not known what Excel does."""
    columns, faults = zip(*(as_texts(value, run) for value in values), strict=True)
    known, unknown = run.texts.all, set()

    def one(*given: float) -> str | None:
        found = make(*(known[int(text)] for text in given))
        if found is None:
            unknown.add(given)
        return found

    ids = run.texts.made(one, *columns, asked=run.asked_in)
    if unknown:
        run.doubt(_among(unknown, columns))
    return with_faults(TEXT, ids, first_fault(*faults, fault_where(np.less(ids, 0), VALUE)))


def _among(some: Collection[tuple[float, ...]], columns: Sequence[Any]) -> Any:
    arrays = np.broadcast_arrays(*columns)
    rows = zip(*(array.ravel().tolist() for array in arrays), strict=True)
    return np.array([row in some for row in rows], dtype=np.bool_).reshape(arrays[0].shape)


def length(run: Run, text: Value) -> Value:
    """LEN."""
    ids, faults = as_texts(text, run)
    known = run.texts.all
    found = each(lambda one: float(units(known[int(one)])), ids)
    return with_faults(NUMBER, found, faults)


def find(run: Run, wanted: Value, text: Value) -> Value:
    """FIND: the place of a text in another, its letter case counting."""
    columns, faults = zip(*(as_texts(value, run) for value in (wanted, text)), strict=True)
    known = run.texts.all

    def place(one: float, other: float) -> float:
        whole = known[int(other)]
        found = whole.find(known[int(one)])
        return units(whole[:found]) + 1.0 if found >= 0 else 0.0

    found = each(place, *columns)
    return with_faults(NUMBER, found, first_fault(*faults, fault_where(np.equal(found, 0), VALUE)))


def hyperlink(run: Run, link: Value, shown: Value | None = None) -> Value:
    """HYPERLINK: what its cell shows."""
    value = link if shown is None else shown
    ids, faults = as_texts(value, run)
    return with_faults(TEXT, ids, first_fault(faults_of(link), faults))


def written(run: Run, value: Value, layout: Value) -> Value:
    """TEXT, with formats such as 0, 0.0, 0% and #,##0."""
    if layout.kinds != TEXT or np.ndim(layout.number) or not _FORMAT.fullmatch(_text(run, layout.number)):
        raise NotImplementedError(_("TEXT with this format"))
    pattern = _text(run, layout.number)
    numbers, unread = as_numbers(value, run)
    ids = run.texts.made(lambda one: formatted(one, pattern), numbers, asked=run.asked_in)
    faults = first_fault(faults_of(value), fault_where(np.less(ids, 0), VALUE))
    if value.kinds & TEXT and unread is not None:
        own = value.has(TEXT) & np.not_equal(unread, 0)
        ids = np.where(own, value.number, ids)
    if value.kinds & BOOL:  # truths are texts to TEXT
        words = (float(run.texts.id(word)) for word in ("TRUE", "FALSE"))
        ids = np.where(value.has(BOOL), np.where(np.not_equal(value.number, 0), *words), ids)
    return with_faults(TEXT, ids, faults)


def _text(run: Run, number: Any) -> str:
    return run.texts.all[int(number)]


def formatted(number: float, layout: str) -> str | None:
    """Write a number in a format, half rounded away from zero; None where it is too large to be written."""
    found = _FORMAT.fullmatch(layout)
    assert found is not None
    grouped, decimals, percent = found.groups()
    scaled = Decimal(f"{number:.14e}") * (100 if percent else 1)
    places = len(decimals or "")
    exact = scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) if scaled.adjusted() < 20 else scaled
    exact = exact or abs(exact)  # Excel shows no minus before zeros
    text = f"{exact:{',' if grouped else ''}.{places}f}{percent}"
    return text if len(text) <= _LONGEST else None
