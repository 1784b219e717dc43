"""The way from an Excel cell through xlwings: what COM hands over, and what comes back."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import random
import subprocess
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.parity.cases import Cell, Given
from tests.parity.outcomes import Outcome, outcome
from xlsales.functions import MISSING, CellError
from xlsales.functions.errors import ERROR_NUMBERS
from xlsales.functions.serials import serial

PROGRAM = Path(__file__).with_name("pywin32.py")
PROJECT = Path(__file__).resolve().parents[2]
OMITTED = -2147352572
FIRST_ERROR = -2146828288  # + Excel's number of the error


def ask(question: Any) -> Any:
    """Put a question to xlwings' Windows half, in a process of its own."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM)],
        input=pickle.dumps(question),
        capture_output=True,
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"xlwings failed: {done.stderr.decode(errors='replace')}")
    return pickle.loads(done.stdout)


def answers(calls: Sequence[tuple[str, tuple[Any, ...]]]) -> list[Outcome]:
    """What xlwings gives to calls whose arguments are as COM hands them over."""
    return [_answer(*said) for said in ask(list(calls))]


def _answer(good: bool, said: Any) -> Outcome:
    if not good:
        return [[CellError(said.split(" ", 1)[0], said)]]
    return [[_received(cell) for cell in row] for row in outcome(said)]


def _received(cell: Any) -> Any:
    """In an array the code of an error is the text of the cell."""
    return CellError(cell) if isinstance(cell, str) and cell in ERROR_NUMBERS else cell


def sent(given: Given, chance: random.Random) -> Any:
    """An argument as COM hands it over: cells as they are, now and then as a range of one."""
    if given is MISSING:
        return OMITTED
    if isinstance(given, tuple):
        return tuple(tuple(sent_cell(cell, chance) for cell in row) for row in given)
    cell = sent_cell(given, chance)
    return ((cell,),) if chance.random() < 0.5 else cell


def sent_cell(cell: Cell, chance: random.Random) -> Any:
    """A cell's value as COM has it: errors as integers; currency and dates as Value or Value2 gives them."""
    if isinstance(cell, CellError):
        return FIRST_ERROR + ERROR_NUMBERS[cell.code]
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        cut = round(cell, 4)
        return Decimal(repr(cut)) if cut == cell and abs(cell) < 1e9 and chance.random() < 0.2 else float(cell)
    if isinstance(cell, dt.datetime) and chance.random() < 0.5:
        return serial(cell)
    return cell
