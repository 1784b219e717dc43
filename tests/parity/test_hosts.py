"""Every host gives the same answer for the same arguments, in hundreds of calls of each function."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.libreoffice import needed
from tests.parity import excel
from tests.parity.allowances import IN_LIBREOFFICE, IN_THE_ENGINE, STRICTER, Allowance, applies
from tests.parity.batches import Batch, as_arrays, batches, of_numbers
from tests.parity.cases import DRAWN, RANDOM_SETS, Case, all_cases, cases
from tests.parity.outcomes import Outcome, failed, outcome, repeated, same
from tests.parity.workbook import Placed
from xlsales.functions import CATALOGUE, MISSING, CellError, SalesFunctionError

SHOWN = 3  # disagreements of a function in a report

each = pytest.mark.parametrize("name", CATALOGUE)


@cache
def in_a_cell(case: Case) -> Outcome:
    """The answer that all others are compared with."""
    return outcome(case.function.call_cells(*case.given))


def agreed(disagreements: Iterable[tuple[Case, Outcome, Outcome]]) -> None:
    """Fail with the first disagreements of each function, and how many there are."""
    found = list(disagreements)
    counted = Counter(case.name for case, _expected, _got in found)
    lines = [
        f"{case}\n    in a cell {told(expected)}, here {told(got)}"
        for name in counted
        for case, expected, got in [row for row in found if row[0].name == name][:SHOWN]
    ]
    if found:
        pytest.fail("\n".join([f"Disagreements: {dict(counted)}", *lines]), pytrace=False)


def told(answer: Any) -> str:
    """An answer as a report shows it."""
    if isinstance(answer, list) and len(answer) == 1 and len(answer[0]) == 1:
        answer = answer[0][0]
    return str(answer) if isinstance(answer, CellError) else repr(answer)


@each
def test_argument_sets_are_neither_all_refused_nor_all_accepted(name: str) -> None:
    drawn = [case for case in cases(name) if case.origin in DRAWN]
    assert len(drawn) == RANDOM_SETS
    sound = [case for case in drawn if case.origin == "sound"]
    good = sum(not failed(in_a_cell(case)) for case in sound)
    assert good >= len(sound) / 3, f"{name} refuses most argument sets: give it a line in hints.py"
    if name != "SALES_EXPLAIN":  # which explains what is wrong instead of failing
        assert any(failed(in_a_cell(case)) for case in drawn)


@each
def test_python_call(name: str) -> None:
    def answer(case: Case) -> Outcome:
        try:
            return outcome(case.function.call(*case.given))
        except SalesFunctionError as error:
            return [[error.as_cell()]]

    checked = [(case, in_a_cell(case), answer(case)) for case in cases(name)]
    agreed(row for row in checked if not same(*row[1:]))


def elements(batch: Batch, answer: Outcome) -> Iterator[tuple[Case, Outcome, Outcome]]:
    """The cases of a batch whose element in the answer is not what the case alone gives.

    A range that cannot be used is one error for the whole call, even where a case alone would have shown
    that of another argument first.
    """
    rows, whole = repeated([[cell] for row in answer for cell in row], len(batch.cases))
    for case, row in zip(batch.cases, rows, strict=True):
        expected = in_a_cell(case)
        if not same(expected, [row], codes=not whole):
            yield case, expected, [row]


@each
def test_python_arrays(name: str) -> None:
    def answer(columns: tuple[Any, ...]) -> Outcome:
        values, errors, _reasons = CATALOGUE[name].check(*columns)
        values, errors = np.atleast_1d(values), np.atleast_1d(errors)
        pairs = zip(values.tolist(), errors.tolist(), strict=True)
        return outcome([CellError(error) if error else value for value, error in pairs])

    found: list[tuple[Case, Outcome, Outcome]] = []
    for batch in batches(name):
        found += elements(batch, answer(as_arrays(batch)))
        numbers = of_numbers(batch)
        found += elements(numbers, answer(numbers.columns)) if numbers else ()
    agreed(found)


@each
def test_ranges_spill(name: str) -> None:
    found: list[tuple[Case, Outcome, Outcome]] = []
    for batch in batches(name):
        columns = [
            column if column is MISSING or argument.is_range else [[cell] for cell in column]
            for argument, column in zip(CATALOGUE[name].arguments, batch.columns, strict=False)
        ]
        found += elements(batch, outcome(CATALOGUE[name].call_cells(*columns)))
    agreed(found)


def test_engine_calls_the_registered_functions(placed: list[Placed], engine_values: Mapping[Any, Any]) -> None:
    compared = []
    for place in placed:
        given = place.case.given
        gaps = [value is MISSING for value in given]
        if any(gap and not all(gaps[position:]) for position, gap in enumerate(gaps)):
            continue  # the engine hands an argument left out between others over as 0
        expected = [[in_a_cell(place.case)[0][0]]]  # where a result fills several cells, the first
        compared.append((place.case, expected, outcome(engine_values[place.call])))
    agreed(row for row in compared if not same(*row[1:]))


def twin_answers(placed: list[Placed], values: Mapping[Any, Any]) -> Iterator[tuple[Case, Outcome, Outcome]]:
    """The twins that say something else than their function: both answers."""
    for place in placed:
        for address in (place.twin, place.constant_twin):
            if address is not None:
                expected, found = in_a_cell(place.case), outcome(values.get(address))
                if not same(expected, found, codes=False):
                    yield place.case, expected, found


def refused(
    answers: Iterable[tuple[Case, Outcome, Outcome]], *, otherwise: tuple[Allowance, ...]
) -> Iterator[tuple[Case, Outcome, Outcome]]:
    """Those that no allowance covers."""
    for case, expected, found in answers:
        stricter = failed(found) and applies(STRICTER, case)
        if not stricter and not applies(otherwise, case):
            yield case, expected, found


def test_native_twins_in_the_engine(placed: list[Placed], engine_values: Mapping[Any, Any]) -> None:
    twins = [address for place in placed for address in (place.twin, place.constant_twin) if address is not None]
    answered = {address: engine_values[address] for address in twins if engine_values[address] is not None}
    assert len(answered) > 0.9 * len(twins)  # the others are left for Excel: days near 1900, an error of another kind
    there = [
        replace(place, twin=_if_in(answered, place.twin), constant_twin=_if_in(answered, place.constant_twin))
        for place in placed
    ]
    agreed(refused(twin_answers(there, answered), otherwise=IN_THE_ENGINE))


def _if_in(answered: Mapping[Any, Any], address: Any) -> Any:
    return address if address in answered else None


@pytest.mark.libreoffice
@needed()
def test_native_twins_in_libreoffice(placed: list[Placed], libreoffice_values: Mapping[Any, Any]) -> None:
    agreed(refused(twin_answers(placed, libreoffice_values), otherwise=IN_LIBREOFFICE))


@pytest.mark.parametrize("allowance", STRICTER + IN_THE_ENGINE, ids=lambda allowance: allowance.kind)
def test_allowance_is_needed(placed: list[Placed], engine_values: Mapping[Any, Any], allowance: Allowance) -> None:
    used = [case for case, _expected, _found in twin_answers(placed, engine_values) if allowance.applies(case)]
    assert used, "no twin needs it any more: take it out of the table"


@pytest.mark.libreoffice
@needed()
@pytest.mark.parametrize("allowance", IN_LIBREOFFICE, ids=lambda allowance: allowance.kind)
def test_allowance_is_needed_in_libreoffice(
    placed: list[Placed], libreoffice_values: Mapping[Any, Any], allowance: Allowance
) -> None:
    used = refused(twin_answers(placed, libreoffice_values), otherwise=())
    assert any(allowance.applies(case) for case, *_both in used), "LibreOffice agrees now: take it out of the table"


def test_excel_calls_through_xlwings() -> None:
    chance = random.Random("cells")
    asked = all_cases()
    calls = [(case.name, tuple(excel.sent(given, chance) for given in case.given)) for case in asked]
    compared = zip(asked, map(in_a_cell, asked), excel.answers(calls), strict=True)
    agreed(row for row in compared if not same(*row[1:]))


@pytest.mark.parametrize("across", [False, True], ids=["columns", "rows"])
def test_excel_sends_ranges_through_xlwings(across: bool) -> None:
    chance = random.Random("ranges")
    listed = [batch for name in CATALOGUE for batch in batches(name)]

    def sent(batch: Batch) -> tuple[Any, ...]:
        columns = []
        for argument, column in zip(CATALOGUE[batch.name].arguments, batch.columns, strict=False):
            if column is not MISSING and not argument.is_range:
                column = (tuple(column),) if across else tuple((cell,) for cell in column)
            columns.append(excel.sent(column, chance))
        return tuple(columns)

    answers = excel.answers([(batch.name, sent(batch)) for batch in listed])
    agreed(row for batch, answer in zip(listed, answers, strict=True) for row in elements(batch, answer))
