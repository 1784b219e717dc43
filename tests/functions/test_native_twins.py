"""The native twins, calculated by a spreadsheet engine, against the functions."""

from __future__ import annotations

import random
from typing import Any

import pytest
from formualizer import Workbook

from tests.depth import examples
from xlsales.functions import CATALOGUE, CellError, SalesFunction
from xlsales.functions.arguments import Argument, Kind

CASES = examples(40)
FUNCTIONS = [function for function in CATALOGUE.values() if function.native]
ODD = (None, "x", True, 0, 1, -1, 20, "12")

each = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)


def sensible(argument: Argument, chance: random.Random) -> Any:
    if argument.below == 0:
        return -chance.random()
    if argument.kind is Kind.RATE:
        return chance.choice([chance.random(), chance.random() / 4, 0.0, 1.0])
    if argument.kind is Kind.DATE:
        return 46000 + chance.randrange(10)
    if argument.choices:
        return chance.choice([*argument.choices, argument.choices[-1].lower()])
    if argument.name in ("lowest", "highest"):
        return {"lowest": 1, "highest": 5}[argument.name]
    if argument.name == "months_gone":
        return chance.choice([0, 0.25, 1])
    if argument.name in ("contraction", "churn"):
        return chance.randint(0, 5)
    if argument.is_range:
        return chance.randint(1, 5)
    if argument.kind is Kind.FLAG:
        return chance.choice([True, False])
    if argument.kind is Kind.TEXT:
        return chance.choice(["Ann", "Bob", "Cy"])
    return chance.choice([chance.randint(0, 40), chance.uniform(1, 1e5)])


def cells(argument: Argument, chance: random.Random) -> list[Any]:
    """The cells of one argument, some with something odd in them."""
    size = (argument.cells or chance.choice([1, 4])) if argument.is_range else 1
    later = 8 if argument.name in ("close_dates", "as_of") else 0
    values = [sensible(argument, chance) for _cell in range(size)]
    values = [value + later if later else value for value in values]
    if argument.name == "thresholds":
        values = [(place + value) / 2 for place, value in enumerate(values)]  # rising
    if chance.random() < 0.15:
        values[chance.randrange(size)] = chance.choice(ODD)
    return values


def close(expected: Any) -> Any:
    return pytest.approx(expected, rel=1e-12, abs=1e-15) if isinstance(expected, float) else expected


def rectangle(values: list[Any]) -> Any:
    return [[value] for value in values] if len(values) > 1 else values[0]


def calculate(function: SalesFunction, cases: list[list[list[Any]]], constant: str | None) -> list[Any]:
    """What the twin gives for each case, one case in each block of rows."""
    book = Workbook()
    sheet = book.sheet("Twins")
    for number, case in enumerate(cases):
        top = 1 + 14 * number
        references = {}
        for column, (argument, values) in enumerate(zip(function.arguments, case, strict=True)):
            letter = "ABCDEFGH"[column]
            last = f":${letter}${top + len(values) - 1}" if len(values) > 1 else ""
            references[argument.name] = f"${letter}${top}{last}"
            if argument.choices and constant:
                references[argument.name] = f'"{constant}"'
            for row, value in enumerate(values):
                if value is not None:
                    sheet.set_value(top + row, column + 1, value)
        sheet.set_formula(top, 10, "=" + function.native_formula(**references))
    book.evaluate_all()
    return [book.get_value("Twins", 1 + 14 * number, 10) for number in range(len(cases))]


def draw(function: SalesFunction, constant: str | None) -> list[list[list[Any]]]:
    chance = random.Random(function.name)
    drawn = []
    for _case in range(CASES):
        case = [cells(argument, chance) for argument in function.arguments]
        ranges = [len(values) for a, values in zip(function.arguments, case, strict=True) if a.is_range]
        for position, argument in enumerate(function.arguments):
            if argument.is_range and not argument.cells:
                case[position] = (case[position] * max(ranges))[: max(ranges)]
            if argument.choices and constant:
                case[position] = [constant]
        drawn.append(case)
    return drawn


@each
def test_twin_says_the_same_or_an_error(function: SalesFunction) -> None:
    for constant in (None, *(function.native_for or {})):
        cases = draw(function, constant)
        sound = 0
        for case, twin in zip(cases, calculate(function, cases, constant), strict=True):
            expected = function.call_cells(*(rectangle(values) for values in case))
            failed = isinstance(twin, dict) and twin["type"] == "Error"
            told = f"{function.name} {case}: function {expected}, twin {twin}"
            if isinstance(expected, CellError):
                assert failed, told
                continue
            plain = all(
                isinstance(value, (int, float)) and value is not True
                for argument, values in zip(function.arguments, case, strict=True)
                for value in values
                if argument.is_numeric and not (argument.skip_blanks and value is None)
            )
            words = all(values[0] for a, values in zip(function.arguments, case, strict=True) if a.choices)
            if plain and words:
                sound += 1
                assert not failed, told
            if not failed:
                assert twin == close(expected), told
        assert sound > CASES / 6


@each
def test_twin_takes_defaults_for_what_is_left_out(function: SalesFunction) -> None:
    case = [
        [[cell] for cell in value] if isinstance(value, list) else [[value]]
        for value in function.examples[0].arguments[: sum(a.required for a in function.arguments)]
    ]
    book = Workbook()
    sheet = book.sheet("Twins")
    references = {}
    for column, (argument, rows) in enumerate(zip(function.arguments, case, strict=False)):
        letter = "ABCDEFGH"[column]
        references[argument.name] = f"{letter}1:{letter}{len(rows)}" if len(rows) > 1 else f"{letter}1"
        for row, (value,) in enumerate(rows):
            sheet.set_value(row + 1, column + 1, _serial(argument, value))
    sheet.set_formula(1, 10, "=" + function.native_formula(**references))
    book.evaluate_all()
    expected = function.call_cells(*(rectangle([row[0] for row in rows]) for rows in case))
    assert book.get_value("Twins", 1, 10) == close(expected)


def _serial(argument: Argument, value: Any) -> Any:
    from xlsales.functions.coercion import read_date

    return read_date(value) if argument.kind is Kind.DATE else value


def test_expressions_are_put_in_parentheses() -> None:
    formula = CATALOGUE["AVERAGE_SALE"].native_formula(revenue="A1+B1", won="Sheet1!$C$2")
    assert formula == "IF(AND(COUNT((A1+B1),Sheet1!$C$2)=2,Sheet1!$C$2>=0),(A1+B1)/Sheet1!$C$2,NA())"


def test_wrong_references_are_refused() -> None:
    with pytest.raises(TypeError, match="needs won"):
        CATALOGUE["AVERAGE_SALE"].native_formula(revenue="A1")
    with pytest.raises(TypeError, match="has no argument price"):
        CATALOGUE["AVERAGE_SALE"].native_formula(revenue="A1", won="A2", price="A3")
