"""Argument sets for every function, drawn from its declaration: sound ones, odd ones, and domain edges.

They are the same in every run. A function whose arguments must fit one another, so that nearly all sets
drawn one by one would be refused, has a line in `tests/parity/hints.py`.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from tests.depth import examples
from tests.parity.hints import HINTS
from xlsales.functions import CATALOGUE, MISSING, CellError, SalesFunction
from xlsales.functions.arguments import Argument, Kind
from xlsales.functions.coercion import read_date

Cell: TypeAlias = Any  # None (blank), a number, text, TRUE or FALSE, a date and time, or a CellError
Given: TypeAlias = Any  # a cell, the rows of a range as tuples, or MISSING

RANDOM_SETS = examples(120)
DRAWN = ("sound", "odd")  # where such a set comes from
STEP = 1e-9  # beside an edge, relative to it
ERRORS = [CellError(f"#{code}") for code in ("DIV/0!", "N/A", "NAME?", "NULL!", "NUM!", "REF!", "VALUE!")]
ODD: list[Cell] = [None, None, "", "x", "12", "20%", " 0.5 ", "1,000", True, False, 0, 1, -1, 0.5, 20, 46000]
EXTREME = [1e300, -1e300, 1e-300]
ODD += [*EXTREME, -0.25, "2027-01-31", dt.datetime(2027, 1, 31), "yes", "price", *ERRORS]
ODD += [CellError("#SPILL!"), CellError("#CALC!"), " ", "\u00a0 ", "1.000", "150%"]
NAMES = ["Ann", "Bob", "Cyril & Co", "Zoë", 'the "best"', "12"]
FEW_CELLS = [(1, 1), (3, 1), (4, 1), (1, 4), (2, 3)]
TWELVE_CELLS = [(12, 1), (1, 12), (3, 4), (2, 6)]


@dataclass(frozen=True, eq=False)
class Case:
    """One call of a function; equal only to itself, since 1 and TRUE are equal to Python."""

    name: str
    given: tuple[Given, ...]
    origin: str  # "example", "options", "edge", "sound" or "odd"

    @property
    def function(self) -> SalesFunction:
        return CATALOGUE[self.name]

    def pairs(self) -> Iterator[tuple[Argument, Given]]:
        """Each value with its argument."""
        arguments = self.function.arguments
        for position, given in enumerate(self.given):
            yield arguments[min(position, len(arguments) - 1)], given

    def cells(self) -> Iterator[tuple[Argument, Cell]]:
        """Every single cell with its argument; what is left out has none."""
        for argument, given in self.pairs():
            if given is not MISSING:
                for row in rows_of(given):
                    for cell in row:
                        yield argument, cell

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(written, self.given))})"


def written(given: Given) -> str:
    """A value as a failure report shows it."""
    if isinstance(given, tuple):
        return "{" + ";".join(",".join(map(written, row)) for row in given) + "}"
    return "" if given is MISSING else str(given) if isinstance(given, CellError) else repr(given)


def rows_of(given: Given) -> tuple[tuple[Cell, ...], ...]:
    """The rows of a range; a single cell is a range of one."""
    return given if isinstance(given, tuple) else ((given,),)


@cache
def cases(name: str) -> tuple[Case, ...]:
    """All argument sets of a function."""
    function = CATALOGUE[name]
    chance = random.Random(name)
    if function.is_variadic:
        return (*_examples(function), *_about_others(function, chance))
    drawn = (_draw(function, chance, number) for number in range(RANDOM_SETS))
    return (*_examples(function), *_options(function), *_edges(function), *drawn)


def all_cases() -> list[Case]:
    """The argument sets of all functions."""
    return [case for name in CATALOGUE for case in cases(name)]


def _about_others(function: SalesFunction, chance: random.Random) -> Iterator[Case]:
    """For a function that takes the name of another and its arguments: the cases of the others."""
    others = [name for name in CATALOGUE if name != function.name]
    for number in range(RANDOM_SETS):
        name = others[number % len(others)]
        given = list(chance.choice(cases(name)).given)
        while given and given[-1] is MISSING:  # left out at the end, it is not among any number of arguments
            given.pop()
        word = chance.choice([name, name, name, name.lower(), f" {name.title()} "])
        if number % 20 == 0:
            word = chance.choice(ODD)
        yield Case(function.name, (word, *given), "odd" if number % 20 == 0 else "sound")


def _examples(function: SalesFunction) -> Iterator[Case]:
    for example in function.examples:
        yield Case(function.name, _example(function, example.arguments), "example")


def _example(function: SalesFunction, values: tuple[Any, ...]) -> tuple[Given, ...]:
    """An example's arguments as cells: lists stand in columns, dates are serials."""

    def as_cell(argument: Argument, value: Any) -> Cell:
        if value == "":
            return None
        return read_date(value) if argument.kind is Kind.DATE and value is not None else value

    given: list[Given] = []
    for position, value in enumerate(values):
        argument = function.arguments[min(position, len(function.arguments) - 1)]
        if isinstance(value, (list, tuple)):
            nested = [row if isinstance(row, (list, tuple)) else [row] for row in value]
            given.append(tuple(tuple(as_cell(argument, cell) for cell in row) for row in nested))
        else:
            given.append(as_cell(argument, value))
    return tuple(given)


def _options(function: SalesFunction) -> Iterator[Case]:
    """Each optional argument left out, blank, and at its default, the others as in the longest example."""
    base = _longest_example(function)
    for position, argument in enumerate(function.arguments):
        if argument.required or argument.variadic:
            continue
        for value in dict.fromkeys([MISSING, None, "", argument.default]):
            given = [*base, *[MISSING] * (len(function.arguments) - len(base))]
            given[position] = value
            yield Case(function.name, tuple(given), "options")


def _longest_example(function: SalesFunction) -> tuple[Given, ...]:
    return _example(function, max((example.arguments for example in function.examples), key=len))


def _edges(function: SalesFunction) -> Iterator[Case]:
    """Each number exactly at and just beside the ends of its domain and the other numbers of the call."""
    seen = set()
    for example in (function.examples[0].arguments, function.examples[-1].arguments):
        base = _example(function, example)
        whole = [
            *base,
            *(argument.default for argument in function.arguments[len(base) :] if not argument.variadic),
        ]
        for position, argument in enumerate(function.arguments[: len(whole)]):
            for value in _edge_values(argument, whole) if argument.is_numeric else ():
                given = list(whole)
                given[position] = _with_first_cell(whole[position], value)
                case = Case(function.name, tuple(given), "edge")
                if str(case) not in seen:
                    seen.add(str(case))
                    yield case


def _edge_values(argument: Argument, others: list[Given]) -> list[float]:
    domain = (argument.above, argument.at_least, argument.below, argument.up_to)
    numbers = [other for other in others if isinstance(other, (int, float)) and not isinstance(other, bool)]
    edges = dict.fromkeys([0, *(edge for edge in domain if edge is not None), *numbers])
    steps = [(edge, STEP * max(1, abs(edge))) for edge in edges]
    return [value for edge, step in steps for value in (edge - step, edge, edge + step)]


def _with_first_cell(given: Given, value: Cell) -> Given:
    if not isinstance(given, tuple):
        return value
    return ((value, *given[0][1:]), *given[1:])


def _draw(function: SalesFunction, chance: random.Random, number: int) -> Case:
    """Half of the sets are sound, a third has one odd cell, the others several."""
    oddness = ("sound", "sound", "sound", "one", "one", "several")[number % 6]
    shapes = FEW_CELLS if all(a.cells is None for a in function.arguments) else TWELVE_CELLS
    shape = chance.choice(shapes)
    given = [_draw_argument(function, argument, shape, chance) for argument in function.arguments]
    if oddness == "one":
        position = chance.randrange(len(given))
        given[position] = _made_odd(function.arguments[position], given[position], chance)
    elif oddness == "several":
        given = [
            _made_odd(argument, value, chance) if chance.random() < 0.6 else value
            for argument, value in zip(function.arguments, given, strict=True)
        ]
    return Case(function.name, tuple(given), "sound" if oddness == "sound" else "odd")


def _draw_argument(function: SalesFunction, argument: Argument, shape: tuple[int, int], chance: random.Random) -> Given:
    if not argument.required and chance.random() < 0.3:
        return MISSING
    if not argument.is_range:
        return _sound(function, argument, chance)
    rows, columns = shape
    return tuple(
        tuple(
            None if argument.skip_blanks and chance.random() < 0.1 else _sound(function, argument, chance)
            for _column in range(columns)
        )
        for _row in range(rows)
    )


def _sound(function: SalesFunction, argument: Argument, chance: random.Random) -> Cell:
    hint = HINTS.get(function.name, {}).get(argument.name)
    if hint is not None:
        return hint(chance)
    if argument.choices:
        word = chance.choice(argument.choices)
        return chance.choice([word, word, word.lower(), word.title()])
    if argument.kind is Kind.FLAG:
        return chance.choice([True, False])
    if not argument.is_numeric:
        return chance.choice(NAMES)
    return next(value for value in _numbers(argument, chance) if argument.admits(value, value))


def _numbers(argument: Argument, chance: random.Random) -> Iterator[float]:
    while True:
        if argument.kind is Kind.DATE:
            yield 46000 + chance.choice([chance.randrange(800), chance.randrange(8000) / 4])
        elif argument.kind is Kind.RATE:
            yield chance.choice([chance.randrange(101) / 100, chance.randrange(-20, 61) / 20, 0, 1])
        else:
            yield chance.choice([chance.randint(0, 40), chance.randint(1, 5), round(chance.uniform(-1e4, 1e5), 2)])


def _made_odd(argument: Argument, given: Given, chance: random.Random) -> Given:
    """Something else in one cell; now and then a range that does not fit the others."""
    odd = chance.choice(ODD)
    if argument.choices and chance.random() < 0.3:
        odd = f" {chance.choice(argument.choices)} "
    if (argument.is_range or argument.kind is Kind.TEXT) and odd in EXTREME:
        odd = -7.5  # a sum would lose its other numbers, and programs write such numbers differently
    if not isinstance(given, tuple):
        return odd
    if chance.random() < 0.1:
        return (*given, given[-1])
    rows = [list(row) for row in given]
    rows[chance.randrange(len(rows))][chance.randrange(len(rows[0]))] = odd
    return tuple(map(tuple, rows))
