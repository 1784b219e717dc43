"""CallUDF answers every function as Python does, with everything that Excel sends: through DLL, COM and xlwings."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any, TypeAlias

import pytest

from tests.parity.batches import batches
from tests.parity.cases import Case, cases
from tests.parity.outcomes import Outcome, outcome, same
from tests.wine import sent
from tests.wine.machine import Machine, inside, needed, windows_path
from tests.wine.sent import MISSING
from xlsales.functions import CATALOGUE, CellError
from xlsales.functions.errors import ERROR_NUMBERS

pytestmark = [pytest.mark.wine, needed()]

Call: TypeAlias = tuple[str, list[Any]]
Answers: TypeAlias = Callable[[list[Call]], dict[str, Any]]

SHOWN = 20  # disagreements in a report
ROWS = 100_000
COLUMN = [[float(row)] for row in range(1, ROWS + 1)]


def sample(name: str) -> list[Case]:
    """All examples and options of a function, and some of the other cases."""
    chosen = [case for case in cases(name) if case.origin in ("example", "options")]
    others = [case for case in cases(name) if case.origin not in ("example", "options")]
    return [*chosen, *others[::6]]


@pytest.fixture(scope="module")
def answers(installed: Machine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    """Ask what cells would show, in one Excel."""
    with installed.started(*inside("calls")) as process:

        def asked(calls: list[Call]) -> dict[str, Any]:
            assert process.stdin is not None
            assert process.stdout is not None
            folder = tmp_path_factory.mktemp("calls")
            files = folder / "question.json", folder / "answer.json"
            files[0].write_text(json.dumps(calls), encoding="utf-8")
            process.stdin.write(json.dumps([windows_path(file) for file in files]).encode() + b"\n")
            process.stdin.flush()
            assert process.stdout.readline().strip() == b"answered"
            said: dict[str, Any] = json.loads(files[1].read_text(encoding="utf-8"))
            return said

        yield asked


def compared(answers: Answers, calls: list[Call], expected: list[Outcome]) -> dict[str, Any]:
    """Fail with the calls that are answered otherwise; the answers with their times."""
    said = answers(calls)
    got = [sent.answered(answer) for answer in said["answers"]]
    rows = zip(calls, expected, got, strict=True)
    wrong = [f"{call}: expected {one}, got {other}" for call, one, other in rows if not same(one, other)]
    if wrong:
        pytest.fail("\n".join([f"{len(wrong)} of {len(calls)} calls", *wrong[:SHOWN]]), pytrace=False)
    return said


def test_every_function_answers_cells(answers: Answers, record_property: Any) -> None:
    chance = random.Random("cells in Wine")
    chosen = [case for name in CATALOGUE for case in sample(name)]
    calls = [(case.name, [sent.argument(given, chance) for given in case.given]) for case in chosen]
    said = compared(answers, calls, [outcome(case.function.call_cells(*case.given)) for case in chosen])
    assert {name for name, _arguments in calls} == set(CATALOGUE)
    note(record_property, "start of the server", said["start"])
    failures = [time for time, answer in zip(said["seconds"], said["answers"], strict=True) if "number" in answer]
    note(record_property, f"a call, median of {len(calls)}", median(said["seconds"]))
    note(record_property, f"a call that gives an error, median of {len(failures)}", median(failures))


def test_every_function_answers_columns_and_rows(answers: Answers) -> None:
    chance = random.Random("ranges in Wine")
    calls: list[Call] = []
    expected: list[Outcome] = []
    for name in CATALOGUE:
        for batch in list(batches(name))[:3]:
            for spread in (as_column, as_row):
                ranges = [spread(given) if isinstance(given, list) else given for given in batch.columns]
                calls.append((name, [sent.argument(given, chance) for given in ranges]))
                expected.append(outcome(CATALOGUE[name].call_cells(*ranges)))
    compared(answers, calls, expected)


def as_column(cells: list[Any]) -> tuple[tuple[Any, ...], ...]:
    """Cells below one another."""
    return tuple((cell,) for cell in cells)


def as_row(cells: list[Any]) -> tuple[tuple[Any, ...], ...]:
    """Cells beside one another."""
    return (tuple(cells),)


def error(code: str) -> dict[str, int]:
    """An error value as COM has it."""
    return {"error": -2146828288 + ERROR_NUMBERS[code]}


EIGHTH = [[0.125], [1.0]]
KINDS: list[tuple[str, Call, Any]] = [
    ("numbers", ("MAGIC_NUMBER", [15000.0, 2500.0, 0.6, 0.4, 1.0]), 25.0),
    ("integers", ("MAGIC_NUMBER", [{"integer": 15000}, {"integer": 2500}, 0.6, 0.4, {"integer": 1}]), 25.0),
    ("currency", ("MAGIC_NUMBER", [{"currency": "15000.0000"}, {"currency": "2500.0000"}, 0.6, 0.4, 1.0]), 25.0),
    (
        "currency in a range",
        ("AVERAGE_SALE", [[[{"currency": "0.1250"}], [{"currency": "1.0000"}]], 1.0]),
        [[0.125], [1.0]],
    ),
    ("argument left out", ("MAGIC_NUMBER", [780000.0, 2500.0, 0.6, 0.4, MISSING]), 25.0),
    ("argument left out in the middle", ("SELLING_TIME_STATUS", [0.7, MISSING, 0.8]), "IN BAND"),
    ("blank for an optional argument", ("MAGIC_NUMBER", [780000.0, 2500.0, 0.6, 0.4, None]), 25.0),
    ("blank for a required argument", ("MAGIC_NUMBER", [None, 2500.0, 0.6, 0.4, 1.0]), CellError("#N/A")),
    ("empty text", ("MAGIC_NUMBER", ["", 2500.0, 0.6, 0.4, 1.0]), CellError("#N/A")),
    ("text that is a number", ("MAGIC_NUMBER", ["15000", 2500.0, "60%", 0.4, 1.0]), 25.0),
    ("text that is none", ("MAGIC_NUMBER", ["Zoë 漢字 😀", 2500.0, 0.6, 0.4, 1.0]), CellError("#VALUE!")),
    ("TRUE for a truth", ("DISCOUNT_GUARD", [0.5, 0.05, 0.3, True]), "APPROVAL"),
    ("FALSE for a truth", ("DISCOUNT_GUARD", [0.5, 0.05, 0.3, False]), "OK"),
    ("TRUE for a number", ("MAGIC_NUMBER", [True, 2500.0, 0.6, 0.4, 1.0]), CellError("#VALUE!")),
    ("dates", ("SALES_CYCLE_DAYS", [[[{"date": 46000.0}]], [[{"date": 46010.5}]]]), 10.5),
    ("serial dates", ("SALES_CYCLE_DAYS", [[[46000.0]], [[46010.5]]]), 10.5),
    ("range of one cell", ("MAGIC_NUMBER", [[[15000.0]], [[2500.0]], 0.6, 0.4, 1.0]), 25.0),
    ("words in any case", ("BREAKEVEN_REVENUE", [100000.0, 0.5, 0.2, " price "]), 400000 / 3),
    *[(f"{code} in a cell", ("MAGIC_NUMBER", [error(code), 1.0, 1.0, 1.0]), CellError(code)) for code in ERROR_NUMBERS],
]


def test_every_kind_of_value(answers: Answers) -> None:
    compared(answers, [call for _kind, call, _value in KINDS], [outcome(value) for _kind, _call, value in KINDS])


SHAPES: list[tuple[Any, Any]] = [
    ([[15000.0]], 25.0),
    ([[15000.0, 30000.0]], {"lowest": [0], "cells": [25.0, 50.0]}),  # a row comes back with one dimension
    ([[15000.0], [30000.0]], {"lowest": [0, 0], "cells": [[25.0], [50.0]]}),
    (
        [[15000.0, error("#DIV/0!")], [None, "x"]],
        {"lowest": [0, 0], "cells": [[25.0, "#DIV/0!"], ["#N/A", "#VALUE!"]]},
    ),
]


def test_shapes_as_they_reach_the_vba(answers: Answers) -> None:
    said = answers([("MAGIC_NUMBER", [given, 2500.0, 0.6, 0.4, 1.0]) for given, _expected in SHAPES])
    assert said["answers"] == [{"value": expected} for _given, expected in SHAPES]


def test_100_000_rows(answers: Answers, record_property: Any) -> None:
    rest = [2500.0, 0.6, 0.4, 1.0]
    spilled = outcome(CATALOGUE["MAGIC_NUMBER"].call_cells(COLUMN, *rest))
    total = outcome(CATALOGUE["FORECAST_ACCURACY"].call_cells(COLUMN, COLUMN))
    calls: list[Call] = [("MAGIC_NUMBER", [COLUMN, *rest]), ("FORECAST_ACCURACY", [COLUMN, COLUMN])]
    said = compared(answers, calls, [spilled, total])
    note(record_property, "100,000 rows, one result for each", said["seconds"][0])
    note(record_property, "twice 100,000 rows, one result", said["seconds"][1])


def note(record_property: Any, what: str, seconds: float) -> None:
    """Note a time in the report; nothing depends on it."""
    record_property(what, seconds)
    sys.stdout.write(f"{what}: {1000 * seconds:.1f} ms\n")
