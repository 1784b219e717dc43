"""Calls of the sales functions in IronCalc, which evaluates LAMBDA names, and the same calls in Python."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ironcalc

from xlsales.functions import CATALOGUE, MISSING, CellError, SalesFunction
from xlsales.functions.arguments import Argument, Kind
from xlsales.lambdas.library import library

FIRST_COLUMN = 30  # of the arguments: to the left is room for what spills


LIBRARY = library()


def model(names: Iterable[str]) -> Any:
    """A workbook with these LAMBDAs; defining all of them takes a second."""
    book = ironcalc.create("calls", "en", "UTC", "en")
    for name in sorted(set(names)):
        book.new_defined_name(name, None, "=" + LIBRARY[name].typed)
    return book


@dataclass(frozen=True)
class Call:
    """A function and its arguments: MISSING, single cells, or rows of cells."""

    function: SalesFunction
    values: tuple[Any, ...]

    def __str__(self) -> str:
        shown = ", ".join("" if value is MISSING else repr(_plain(value)) for value in self.values)
        return f"{self.function.name}({shown})"


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [[str(cell) if isinstance(cell, CellError) else cell for cell in row] for row in value]
    return str(value) if isinstance(value, CellError) else value


def in_python(call: Call) -> list[list[Any]]:
    """The result as rows of cells, errors as their codes."""
    result = call.function.call_cells(*call.values)
    rows = result if isinstance(result, list) else [[result]]
    return [[cell.code if isinstance(cell, CellError) else cell for cell in row] for row in rows]


def in_lambdas(calls: Sequence[Call]) -> Iterator[list[list[Any]]]:
    """The results of the same calls, each as large as Python's, and a row and a column more to see what else spills."""
    book = model(call.function.name for call in calls)
    row = 1
    tops = []
    for call in calls:
        arguments, column, depth = [], FIRST_COLUMN, 1
        for value in call.values:
            if value is MISSING:
                arguments.append("")
                continue
            cells = value if isinstance(value, list) else [[value]]
            _fill(book, row, column, cells)
            arguments.append(_reference(row, column, cells))
            column += len(cells[0]) + 1
            depth = max(depth, len(cells))
        expected = in_python(call)
        book.set_user_input(0, row, 1, f"={call.function.name}({','.join(arguments)})")
        tops.append((row, len(expected), len(expected[0])))
        row += max(depth, len(expected), 6) + 1
    book.evaluate()
    for top, height, width in tops:
        yield [[book.get_cell_value(0, top + down, 1 + right) for right in range(width)] for down in range(height)] + [
            [book.get_cell_value(0, top + height, 1)]
        ]


def _fill(book: Any, row: int, column: int, cells: list[list[Any]]) -> None:
    for down, line in enumerate(cells):
        for right, cell in enumerate(line):
            place = (0, row + down, column + right)
            if cell is None:
                continue
            if isinstance(cell, CellError):
                book.set_user_input(*place, f"={cell.code}")
            elif isinstance(cell, bool):
                book.update_cell_with_bool(*place, cell)
            elif isinstance(cell, str):
                book.update_cell_with_text(*place, cell)
            else:
                book.update_cell_with_number(*place, float(cell))


def _reference(row: int, column: int, cells: list[list[Any]]) -> str:
    first = f"{ironcalc.column_name_from_number(column)}{row}"
    last = f"{ironcalc.column_name_from_number(column + len(cells[0]) - 1)}{row + len(cells) - 1}"
    return first if first == last else f"{first}:{last}"


def same(found: Any, expected: Any) -> bool:
    """Whether two cells show the same."""
    if isinstance(expected, (int, float)) and not isinstance(expected, bool):
        if isinstance(found, bool) or not isinstance(found, (int, float)):
            return False
        return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)
    return bool(found == expected)


class Cells:
    """Random cells for an argument: mostly what it wants, and everything else that a sheet may hold."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def one(self, argument: Argument, *, odd: float = 0.12) -> Any:
        """One cell; `odd` is the share of cells that the argument does not want."""
        if self._chance.random() < odd:
            return self._odd(argument)
        if argument.kind is Kind.CHOICE:
            word = self._chance.choice(argument.choices)
            return self._chance.choice([word, word, word.lower(), f" {word.title()} "])
        if argument.kind is Kind.FLAG:
            return self._chance.choice([True, False, 1, 0, "yes", "No", "TRUE", "false"])
        if argument.kind is Kind.TEXT:
            return self._chance.choice(["Ann", "Bob Lee", "Zoë", "x"])
        if argument.kind is Kind.DATE:
            return self._date()
        return self._number(argument)

    def _odd(self, argument: Argument) -> Any:
        edges = [argument.above, argument.at_least, argument.below, argument.up_to]
        numbers = [bound + step for bound in edges if bound is not None for step in (-0.25, 0, 0.25)]
        others = ["", "word", True, False, -3, 0, 1, 20, 61, 5000, "12.5", "1e3", "20%", "1,5", "2027-02-30"]
        others += ["2027-02-28", None, None, "A", CellError("#N/A"), CellError("#DIV/0!"), CellError("#VALUE!")]
        return self._chance.choice(numbers + others)

    def _date(self) -> Any:
        day = self._chance.choice([46000 + self._chance.randrange(1200), 46053, 46112, 46446])
        return self._chance.choice([day, day, day + 0.75, "2027-01-31", "2028-02-29"])

    def _number(self, argument: Argument) -> float:
        low = next((bound for bound in (argument.at_least, argument.above) if bound is not None), None)
        high = next((bound for bound in (argument.up_to, argument.below) if bound is not None), None)
        if self._chance.random() < 0.15:
            return float(self._chance.choice([bound for bound in (argument.at_least, argument.up_to) if bound] or [2]))
        if argument.kind is Kind.RATE:
            low, high = -1 if low is None else low, 2 if high is None else high
            return round(self._chance.uniform(low, high), 3)
        if argument.unit in ("points", "the same unit", "months"):
            return float(self._chance.randint(1, 6))
        whole = self._chance.random() < 0.5
        number = self._chance.uniform(0 if low is not None else -20, self._chance.choice([10, 100, 5000]))
        return float(round(number)) if whole else round(number, 2)


def random_call(function: SalesFunction, chance: random.Random, shape: tuple[int, int] = (1, 1)) -> Call:
    """A call with one cell, or a block of cells, for every argument that is no range."""
    cells = Cells(chance)
    odd = chance.choice([0.0, 0.03, 0.2])
    count = chance.choice([1, 2, 3, 5])
    tall = chance.random() < 0.5
    values: list[Any] = []
    for argument in function.arguments:
        if not argument.required and chance.random() < 0.4:
            values.append(MISSING)
        elif argument.is_range:
            length = argument.cells or count
            row = [cells.one(argument, odd=odd * 0.5) for _cell in range(length)]
            values.append([[cell] for cell in row] if tall else [row])
        else:
            rows = chance.choice([1, shape[0]])
            columns = chance.choice([1, shape[1]])
            values.append([[cells.one(argument, odd=odd) for _c in range(columns)] for _r in range(rows)])
    while values and values[-1] is MISSING:
        values.pop()
    return Call(function, tuple(values))


def functions() -> list[SalesFunction]:
    """The functions that have a LAMBDA."""
    return [CATALOGUE[name] for name in LIBRARY]


def differences(calls: Sequence[Call]) -> list[str]:
    """The calls whose cells, or whose size, are not those of Python."""
    found = []
    for call, rows in zip(calls, in_lambdas(calls), strict=True):
        expected = in_python(call)
        beyond = rows.pop()
        pairs = zip(rows, expected, strict=True)
        if beyond != [None] or not all(same(a, b) for row, wanted in pairs for a, b in zip(row, wanted, strict=True)):
            found.append(f"{call} gives {rows} {beyond if beyond != [None] else ''}, and in Python {expected}")
    return found


def main(count: int) -> None:
    """Compare so many random calls of each function: python -m tests.lambdas.calls 2000."""
    for function in functions():
        chance = random.Random(f"{function.name} {count}")
        calls = [random_call(function, chance, ((1, 1), (3, 2), (4, 1))[number % 3]) for number in range(count)]
        found = differences(calls)
        sys.stdout.write(
            f"{function.name}: {len(found)} of {count} differ\n" + "".join(f"  {one}\n" for one in found[:5])
        )


if __name__ == "__main__":
    main(int(sys.argv[1]))
