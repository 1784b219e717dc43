"""What an operator or a function takes a cell's value for: a number, a truth, a text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from xlsales.calculation.certainty import DECIMALS, LONGEST, SHORTEST
from xlsales.calculation.compiled.reading import Run
from xlsales.calculation.compiled.texts import IN_DOUBT, shown
from xlsales.calculation.compiled.values import NO_ERROR, Value, anywhere, fault_where, faults_of, first_fault
from xlsales.cells.arrays import BLANK, BOOL, EMPTY_TEXT, ERROR, NUMBER, TEXT
from xlsales.functions.errors import VALUE


def as_float(numbers: Any) -> Any:
    """Return truths as 1 and 0, to be calculated with."""
    return numbers.astype(np.float64) if getattr(numbers, "dtype", None) == np.bool_ else numbers


def as_numbers(value: Value, run: Run) -> tuple[Any, Any]:
    """Return the numbers to calculate with, and where there are none the faults; texts that spell a number count."""
    numbers = as_float(value.number)
    if not value.kinds & (TEXT | ERROR):
        return numbers, None
    faults = faults_of(value)
    if value.kinds & ERROR:
        numbers = np.where(value.has(ERROR), 0.0, numbers)
    if value.kinds & TEXT:
        is_text = value.has(TEXT)
        spelled = run.texts.numbers(np.where(is_text, numbers, EMPTY_TEXT))
        doubtful = np.equal(spelled, IN_DOUBT)
        run.doubt(is_text & doubtful)
        wrong = np.isnan(spelled) | doubtful
        numbers = np.where(is_text, np.where(wrong, 0.0, spelled), numbers)
        faults = first_fault(faults, fault_where(is_text & wrong, VALUE))
    return numbers, faults


def as_truths(value: Value, run: Run) -> tuple[Any, Any]:
    """Return the truths of conditions, and the faults: of texts only TRUE and FALSE are none."""
    truths = value.number if getattr(value.number, "dtype", None) == np.bool_ else np.not_equal(value.number, 0)
    if not value.kinds & (TEXT | ERROR):
        return truths, None
    faults = faults_of(value)
    if value.kinds & TEXT:
        is_text = value.has(TEXT)
        folded = run.texts.folded(np.where(is_text, value.number, EMPTY_TEXT))
        says_true, says_false = (
            is_text & (folded == run.texts.folded(run.texts.id(word))) for word in ("TRUE", "FALSE")
        )
        truths = np.where(is_text, says_true, truths)
        faults = first_fault(faults, fault_where(is_text & ~says_true & ~says_false, VALUE))
    if faults is not None:
        truths = truths & np.equal(faults, NO_ERROR)
    return truths, faults


def as_texts(value: Value, run: Run) -> tuple[Any, Any]:
    """Return the ids of the texts that values are written as, and the faults."""
    if not value.kinds & ~(TEXT | BLANK):
        return value.number, None  # blank is 0, the id of the empty text
    faults = faults_of(value)
    ids = value.number
    if value.kinds & (NUMBER | BOOL):
        kind = value.kind if isinstance(value.kind, int) else np.where(value.has(ERROR), BLANK, value.kind)

        def written(kind: int, number: float) -> str | None:
            match kind:
                case 2:
                    return shown(number)
                case 8:
                    return "TRUE" if number else "FALSE"
            return None

        numbers = as_float(value.number)
        _doubt_written(run, value, numbers)
        made = run.texts.made(written, kind, numbers, asked=run.asked_in)
        ids = np.where(made < 0, value.number, made)
    if faults is not None:
        ids = np.where(np.equal(faults, NO_ERROR), ids, EMPTY_TEXT)
    return ids, faults


def _doubt_written(run: Run, value: Value, numbers: Any) -> None:
    """Doubt numbers that Excel may write with an exponent."""
    size = np.abs(numbers)
    small = size < SHORTEST
    if anywhere(small):
        few = np.where(small, numbers, 0.0)
        small = small & np.not_equal(few, np.round(few, DECIMALS))
    run.doubt(value.has(NUMBER) & ((size > LONGEST) | small))


def each(calculate: Callable[..., float], *arguments: Any) -> Any:
    """Calculate number by number, alike in every place of an array, where NumPy has nothing that Excel would do."""
    arrays = np.broadcast_arrays(*arguments)
    numbers = zip(*(array.ravel().tolist() for array in arrays), strict=True)
    return np.array([calculate(*given) for given in numbers], dtype=np.float64).reshape(arrays[0].shape)
