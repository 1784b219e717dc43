"""The formulas of the declarations, read so that they can be worked with the numbers of one call.

A formula is one expression, or cases, each on a line: `condition: expression`, the first that holds being
taken and `otherwise:` holding always. A condition may be a word of a choice (`PRICE: …`). What does not read
as arithmetic is prose, and only quoted.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from xlsales.functions.arguments import Kind
from xlsales.functions.months import add_months

OTHERWISE = "otherwise"
_CASE = re.compile(r"([^:]+): (.+)")
_WORD = re.compile(r"[A-Z][A-Z /-]*")  # a result such as BEST PRACTICE
_SYMBOLS = (
    (re.compile(r"(\d+(?:\.\d+)?)%"), r"percent(\1)"),
    (re.compile(r"\|([^|]+)\|"), r"abs(\1)"),
    (re.compile(r"(\w+) is blank"), r"blank(\1)"),
    (re.compile("−"), "-"),
    (re.compile("[×·]"), "*"),
    (re.compile("÷"), "/"),
    (re.compile(r"\^"), "**"),
    (re.compile("≤"), "<="),
    (re.compile("≥"), ">="),
    (re.compile("≠"), "!="),
    (re.compile("(?<![<>!=])=(?!=)"), "=="),
)
_NOISE = 5e-13  # as in verdicts


@dataclass(frozen=True)
class Case:
    """One line of a formula."""

    condition: ast.expr | None  # None: holds always
    word: str  # the word of a choice that is the condition
    text: str  # the expression as written
    expression: ast.expr | None  # None: a word or prose
    rounding: str = ""  # down or up, which the text says too


@cache
def cases(formula: str) -> tuple[Case, ...]:
    """The cases of a formula, one without a condition where there are none."""
    lines: list[str] = []
    for line in formula.splitlines():
        if lines and not _CASE.fullmatch(line):
            lines[-1] += " " + line
        else:
            lines.append(line)
    return tuple(_case(line) for line in lines)


def _case(line: str) -> Case:
    match = _CASE.fullmatch(line)
    condition, text = (match[1], match[2]) if match else ("", line)
    plain, _comma, rounding = text.partition(", rounded ")
    expression = None if _WORD.fullmatch(text) else _read(plain)
    if condition in ("", OTHERWISE):
        return Case(None, "", text, expression, rounding)
    word = condition if _WORD.fullmatch(condition) else ""
    return Case(None if word else _read(condition), word, text, expression, rounding)


def is_word(text: str) -> bool:
    """Whether a case's result is a word, such as BEST PRACTICE."""
    return _WORD.fullmatch(text) is not None


def condition(text: str) -> ast.expr | None:
    """A condition such as `discount ≥ gross_margin`, read; None where it is prose."""
    return _read(text)


@cache
def _read(text: str) -> ast.expr | None:
    for pattern, replacement in _SYMBOLS:
        text = pattern.sub(replacement, text)
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None


def missing(value: Any) -> Any:
    """Whether a value, or each value of an array, is none."""
    if isinstance(value, np.ndarray) and value.dtype == object:
        return np.array([cell is None or cell != cell for cell in value.tolist()], dtype=bool)
    return value is None or (isinstance(value, (float, np.ndarray)) and np.isnan(value))


def _atoms(condition: ast.expr) -> Iterator[ast.expr]:
    """The parts that `and` and `or` join."""
    if isinstance(condition, ast.BoolOp):
        for part in condition.values:
            yield from _atoms(part)
    else:
        yield condition


def names(node: ast.expr) -> set[str]:
    """The names in an expression that are not those of functions."""
    called = {part.func for part in ast.walk(node) if isinstance(part, ast.Call)}
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and part not in called}


class UnreadableError(Exception):
    """A formula that does not read as arithmetic."""


_OPERATIONS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: np.divide,
    ast.Pow: operator.pow,
}
_COMPARISONS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Lt: lambda a, b: a - b <= -_NOISE,
    ast.LtE: lambda a, b: a - b < _NOISE,
    ast.Gt: lambda a, b: b - a <= -_NOISE,
    ast.GtE: lambda a, b: b - a < _NOISE,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
GATHERING: dict[str, Callable[..., Any]] = {"sum": np.sum, "mean": np.mean, "median": np.median}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **GATHERING,
    "max": lambda *parts: np.maximum(*parts) if len(parts) == 2 else np.max(*parts),
    "min": lambda *parts: np.minimum(*parts) if len(parts) == 2 else np.min(*parts),
    "abs": np.abs,
    "percent": lambda part: part / 100,
    "blank": lambda part: part == "" if isinstance(part, str) or np.asarray(part).dtype == object else part != part,
    "EDATE": add_months,
}


@dataclass(frozen=True)
class Numbers:
    """The clean values of a call, by argument, for working its formula: of one row, or of rows that are alike.

    Rows are alike when the same conditions hold in them.
    """

    values: Mapping[str, Any]  # an array has a value for each row, unless it is a range
    kinds: Mapping[str, Kind]
    functions: Mapping[str, Callable[..., Any]]  # the sales functions, which formulas may call; also in kinds
    ranges: frozenset[str] = frozenset()
    rows: int = 1

    def holds(self, case: Case) -> bool:
        """Whether a case's condition is true."""
        if case.word:
            return case.word in (value for value in self.values.values() if isinstance(value, str))
        return case.condition is None or self.is_true(case.condition)

    def is_true(self, node: ast.expr) -> bool:
        """Whether a condition is true; a comparison with a blank is not."""
        if isinstance(node, ast.BoolOp):
            join = all if isinstance(node.op, ast.And) else any
            return join(self.is_true(part) for part in node.values)
        return not self.unknown(node) and bool(np.ravel(self.value(node))[0])

    def unknown(self, node: ast.expr) -> set[str]:
        """The arguments in a comparison that are blank or left out."""
        if not isinstance(node, ast.Compare):
            return set()
        found = {name: self.values.get(name, 0) for name in names(node)}
        return {name for name, value in found.items() if name not in self.ranges and bool(np.ravel(missing(value))[0])}

    def is_range(self, node: ast.expr) -> bool:
        """Whether a part of a formula is a whole range, which nothing has gathered into one number."""
        match node:
            case ast.Name(id=name):
                return name in self.ranges
            case ast.Call(func=ast.Name(id=name)) if name in GATHERING:
                return False
        return any(self.is_range(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))

    def patterns(self, conditions: Sequence[ast.expr]) -> Any:
        """A number for each row, the same where the same parts of all conditions hold, and none is unknown."""
        pattern = np.zeros(self.rows, dtype=np.int64)
        atoms = [atom for condition in conditions for atom in _atoms(condition)]
        compared = {name for atom in atoms if isinstance(atom, ast.Compare) for name in names(atom)}
        blanks = {name: missing(self.values[name]) for name in compared & self.values.keys() - self.ranges}
        for name in sorted(blanks):
            pattern = pattern * 2 + blanks[name]
        for atom in atoms:
            known = not any(np.all(blanks.get(name, False)) for name in names(atom)) or not isinstance(
                atom, ast.Compare
            )
            pattern = pattern * 2 + (np.asarray(self.value(atom), dtype=bool) if known else 0)
        return pattern

    def value(self, node: ast.expr) -> Any:
        """What an expression comes to."""
        with np.errstate(all="ignore"):
            return self._value(node)

    def _value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=int() | float() as number):
                return np.float64(number)
            case ast.Name(id=name) if name in self.values:
                return self.values[name]
            case ast.Name(id=name) if name.isupper():
                return name
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
                return _OPERATIONS[type(op)](self._value(left), self._value(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._value(operand)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
                return _COMPARISONS[type(op)](self._value(left), self._value(right))
            case ast.Call(func=ast.Name(id=name), args=parts) if name in _FUNCTIONS:
                return _FUNCTIONS[name](*map(self._value, parts))
            case ast.Call(func=ast.Name(id=name), args=parts) if name in self.functions:
                return self.functions[name](*map(self._value, parts))
            case _:
                raise UnreadableError(ast.dump(node))

    def kind(self, node: ast.expr) -> Kind:
        """How a value is written: as a rate or a date where everything in it is one."""
        match node:
            case ast.Call(func=ast.Name(id="percent")):
                return Kind.RATE
            case ast.Call(func=ast.Name(id="EDATE")):
                return Kind.DATE
            case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)) if name in self.kinds:
                return self.kinds[name]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            return Kind.NUMBER
        found = {self.kinds.get(name, Kind.NUMBER) for name in names(node)}
        return Kind.RATE if found == {Kind.RATE} else Kind.NUMBER
