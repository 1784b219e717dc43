"""Functions and operators that the calculation engine leaves to this program, which does what Excel does.

Comparisons see 15 digits, a formula that ends in an addition shows 0 where nothing remains, and criteria find errors.
Where what Excel does is not known for certain, the place of the call is noted as doubtful.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

import formualizer

from xlsales.calculation.certainty import DoubtError, as_number, is_odd, jumps, says_number
from xlsales.calculation.engine.criteria import met
from xlsales.calculation.engine.traits import CRITERIA, DAYS, MULTIPLES
from xlsales.calculation.engine.values import received, sent
from xlsales.calculation.engine.words import FUNCTIONS
from xlsales.cells import letters
from xlsales.cells.digits import alike, remainder
from xlsales.epoch import FIRST_OF_MARCH
from xlsales.functions import CellError
from xlsales.functions.errors import DIV0, NUM, VALUE

PREFIX = "XLSALES."
_ANY_TEXT = "a"
_FIRST_YEAR, _LAST_YEAR, _DAYS_OF_YEAR = 1901, 9999, 365.25
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "EQ": operator.eq,
    "NE": operator.ne,
    "LT": operator.lt,
    "LE": operator.le,
    "GT": operator.gt,
    "GE": operator.ge,
}


class Doubts(set[int]):
    """The calls, by number, that were in doubt when they were last calculated."""

    def __init__(self) -> None:
        super().__init__()
        self.sought: dict[int, float | str] = {}  # the numbers and texts that were looked for, by the numbers of calls


def register(workbook: formualizer.Workbook, doubts: Doubts) -> None:
    """Let a workbook's formulas call these functions; the first argument of each is its number."""
    functions: dict[str, Callable[..., Any]] = {name: partial(_compared, name) for name in _OPERATORS}
    functions |= {"PLUS": partial(_added, 1.0), "MINUS": partial(_added, -1.0)}
    functions |= {name: partial(_by_criteria, name) for name in CRITERIA}
    functions |= {name: partial(_multiple, name) for name in MULTIPLES}
    functions |= FUNCTIONS
    functions |= {
        "POWER": _raised,
        "STEP": _step,
        "TRUTH": _truth,
        "KEY": _key,
        "NUMERIC": _numeric,
        "DAY": _day,
        "DISTINCT": _distinct,
    }
    workbook.register_function(PREFIX + "EXACTLY", partial(_exactly, doubts), min_args=0, max_args=None)
    for name, function in functions.items():
        call = partial(_called, doubts, function)
        workbook.register_function(PREFIX + name, call, min_args=0, max_args=None)


def _exactly(doubts: Doubts, number: float, sought: Any) -> Any:
    """Note what is looked for exactly: Excel sees all digits, and the engine does not; texts may be alike to Excel."""
    doubts.sought.pop(int(number), None)
    if isinstance(sought, int | float) and not isinstance(sought, bool):
        doubts.sought[int(number)] = float(sought)
    elif isinstance(sought, str):
        doubts.sought[int(number)] = sought
    return sought


def _called(doubts: Doubts, function: Callable[..., Any], number: float, *arguments: Any) -> Any:
    doubts.discard(int(number))
    try:
        found = function(*map(received, arguments))
    except (DoubtError, ArithmeticError, ValueError):
        doubts.add(int(number))
        found = CellError(VALUE)
    return sent(found)


def _each(calculate: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """Calculate with two values, or with all those of ranges or arrays."""
    if not isinstance(left, list) and not isinstance(right, list):
        return calculate(left, right)
    a, b = (value if isinstance(value, list) else [[value]] for value in (left, right))
    rows, columns = max(len(a), len(b)), max(len(a[0]), len(b[0]))
    if any(len(x) not in (1, rows) or len(x[0]) not in (1, columns) for x in (a, b)):
        raise DoubtError
    return [[calculate(_at(a, row, column), _at(b, row, column)) for column in range(columns)] for row in range(rows)]


def _at(values: Sequence[Sequence[Any]], row: int, column: int) -> Any:
    own = values[row if len(values) > 1 else 0]
    return own[column if len(own) > 1 else 0]


def _compared(name: str, left: Any, right: Any) -> Any:
    return _each(partial(_compare, _OPERATORS[name]), left, right)


def _compare(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> Any:
    for value in (left, right):
        if isinstance(value, CellError):
            return value
    left, right = _for_blank(left, right), _for_blank(right, left)
    kinds = _kind(left), _kind(right)
    if kinds[0] != kinds[1]:
        return compare(*kinds)
    match left:
        case bool():
            return compare(left, right)
        case str():
            return _compared_texts(compare, left, right)
    if left != right and alike(left, right):
        right = left
    return compare(left, right)


def _compared_texts(compare: Callable[[Any, Any], bool], left: str, right: str) -> bool:
    if compare in (operator.eq, operator.ne):
        found = letters.same(left, right)
        place = None if found is None else int(not found)
    else:
        place = letters.order(left, right)
    if place is None:
        raise DoubtError
    return compare(place, 0)


def _for_blank(value: Any, other: Any) -> Any:
    if value is not None:
        return value
    return "" if isinstance(other, str) else False if isinstance(other, bool) else 0.0


def _kind(value: Any) -> int:
    return 2 if isinstance(value, bool) else 1 if isinstance(value, str) else 0


def _added(sign: float, left: Any, right: Any) -> Any:
    return _each(partial(_add, sign), left, right)


def _add(sign: float, left: Any, right: Any) -> Any:
    for value in (left, right):
        if isinstance(value, CellError):
            return value
    one, other = as_number(left), as_number(right)
    if one is None or other is None:
        return CellError(VALUE)
    result = remainder(one + sign * other, one, sign * other)
    return result if abs(result) < float("inf") else CellError(NUM)


def _raised(base: Any, exponent: Any) -> Any:
    return _each(_power, base, exponent)


def _power(base: Any, exponent: Any) -> Any:
    """Return a power; 0 has none to 0 or below."""
    for value in (base, exponent):
        if isinstance(value, CellError):
            return value
    one, other = as_number(base), as_number(exponent)
    if one is None or other is None:
        return CellError(VALUE)
    if not one and other <= 0:
        return CellError(DIV0 if other else NUM)
    try:
        result = one**other
    except OverflowError:
        return CellError(NUM)
    return result if isinstance(result, float) and math.isfinite(result) else CellError(NUM)


def _multiple(name: str, value: Any, unit: Any) -> Any:
    """CEILING, FLOOR and MROUND: a multiple of the unit, whose sign must be the number's where that is above 0."""
    for given in (value, unit):
        if isinstance(given, CellError):
            return given
        if isinstance(given, str | list):
            raise DoubtError
        if isinstance(given, bool) and name == "MROUND":
            return CellError(VALUE)
    number, step = float(value or 0), float(unit or 0)
    if not step:
        if name == "FLOOR" and number:
            raise DoubtError
        return 0.0
    if (number > 0 > step) or (name == "MROUND" and number < 0 < step):
        return CellError(NUM)
    scaled = number / step + (0.5 if name == "MROUND" else 0.0)
    if abs(scaled) >= 1e15 or (scaled != round(scaled) and alike(scaled, float(round(scaled)))):
        raise DoubtError
    return step * (math.ceil(scaled) if name == "CEILING" else math.floor(scaled))


def _truth(value: Any) -> Any:
    """Return a condition: a text counts where it says TRUE or FALSE."""
    if isinstance(value, str):
        if value.upper() not in ("TRUE", "FALSE"):
            return CellError(VALUE)
        return value.upper() == "TRUE"
    if isinstance(value, list):
        raise DoubtError
    return False if value is None else value


def _key(value: Any) -> Any:
    """Return what is looked up; a truth among numbers is in doubt, and a text that says one."""
    if isinstance(value, bool | list) or (isinstance(value, str) and says_number(value)):
        raise DoubtError
    if isinstance(value, str) and value and letters.order(value, _ANY_TEXT) is None:
        raise DoubtError
    return 0.0 if value is None else value


def _numeric(*given: Any) -> float:
    """Return 1; cells with truths, or with texts that say a number, are in doubt where their numbers are multiplied."""
    for value in (value for cells in given for value in _listed(cells)):
        if isinstance(value, bool) or (isinstance(value, str) and says_number(value)):
            raise DoubtError
    return 1.0


def _day(name: str, *given: Any) -> Any:
    """Doubt dates near the year 1900, which Excel counts in its own way, or behind its last; return the first."""
    values, holidays = given[: DAYS[name]], given[DAYS[name] :]
    counts_days = name in ("DAYS", "DAYS360")
    if any(isinstance(value, list) or (isinstance(value, bool) and not counts_days) for value in values):
        raise DoubtError
    if any(isinstance(day, str | bool) for cells in holidays for day in _listed(cells)):
        raise DoubtError
    numbers = [None if isinstance(value, CellError) else as_number(value) for value in values]
    if None in numbers:
        return given[0]
    known = [number for number in numbers if number is not None]
    if counts_days and not min(known) < FIRST_OF_MARCH <= max(known) + 1:
        return given[0]
    if not all(_FIRST_YEAR < year < _LAST_YEAR for year in _years(name, *known)):
        raise DoubtError
    return given[0]


def _years(name: str, first: float, second: float = 0.0, third: float = 0.0) -> Sequence[float]:
    """Return about the years from and to which a function of dates goes."""
    year = first / _DAYS_OF_YEAR + 1900
    if name == "DATE":
        return first, first + second / 12 + third / _DAYS_OF_YEAR
    if name.startswith("WORKDAY"):
        return year, year + second * 7 / 5 / _DAYS_OF_YEAR
    if name in ("EDATE", "EOMONTH"):
        return year, year + second / 12
    return (year,) if DAYS[name] == 1 else (year, second / _DAYS_OF_YEAR + 1900)


def _distinct(sought: Any, *others: Any) -> Any:
    """Return what is compared with others; what 15 digits or some languages do not tell apart is in doubt."""
    for other in (value for cells in others for value in _listed(cells)):
        for one in _listed(sought):
            if isinstance(one, str) and isinstance(other, str):
                if letters.same(one, other) is None:
                    raise DoubtError
            elif {type(one), type(other)} <= {int, float} and one != other and alike(one, other):
                raise DoubtError
    return sought


def _step(name: str, *numbers: Any) -> Any:
    """Doubt numbers that are whole multiples in 15 digits, and are not; return the first, for the engine."""
    if any(isinstance(number, list) for number in numbers):
        raise DoubtError
    if any(map(is_odd, numbers)):
        raise DoubtError
    if any(isinstance(number, CellError) for number in numbers) or None in map(as_number, numbers):
        return numbers[0]
    if jumps(name, *(as_number(number) or 0.0 for number in numbers)):
        raise DoubtError
    return numbers[0]


def _by_criteria(name: str, *arguments: Any) -> Any:
    """Calculate a function of ranges and criteria; each range is followed by the number of cells that it has."""
    given = list(arguments)
    at = 0 if CRITERIA[name] == "before" else 3
    has_sum = CRITERIA[name] == "before" or (CRITERIA[name] == "behind" and len(given) > 3)
    summed, own = (given[at], int(given[at + 1])) if has_sum else (None, 0)
    if has_sum:
        del given[at : at + 2]
    triples = [(given[i], int(given[i + 1]), given[i + 2]) for i in range(0, len(given), 3)]
    totals = {total for _cells, total, _wanted in triples} | ({own} if has_sum else set())
    ranges = [cells for cells, _total, _wanted in triples] + ([summed] if has_sum else [])
    if any(isinstance(wanted, list) for _cells, _total, wanted in triples) or not _side_by_side(ranges):
        raise DoubtError
    if len(totals) > 1:
        if name.endswith("IF"):
            raise DoubtError  # Excel takes as many cells as the first range has
        return CellError(VALUE)
    found, behind = met([(_listed(cells), total, wanted) for cells, total, wanted in triples])
    if name.startswith("COUNT"):
        return float(len(found) + behind)
    values = _listed(summed if has_sum else triples[0][0])
    return _summary(name, [values[place] for place in found if place < len(values)])


def _side_by_side(ranges: Sequence[Any]) -> bool:
    """Whether the cells of ranges belong together one by one: blank ones at the end may be missing."""
    shapes = {(len(cells), len(cells[0])) if isinstance(cells, list) else (1, 1) for cells in ranges}
    return len(shapes) == 1 or all(1 in shape for shape in shapes)


def _listed(cells: Any) -> list[Any]:
    return list(chain.from_iterable(cells)) if isinstance(cells, list) else [cells]


def _summary(name: str, values: Sequence[Any]) -> Any:
    for value in values:
        if isinstance(value, CellError):
            return value
    numbers = [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    match name:
        case "MAXIFS":
            return max(numbers, default=0.0)
        case "MINIFS":
            return min(numbers, default=0.0)
    total = 0.0
    for number in numbers:
        total += number
    if name.startswith("SUM"):
        return total
    return total / len(numbers) if numbers else CellError(DIV0)
