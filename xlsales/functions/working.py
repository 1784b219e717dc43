"""A formula as a person works it on paper: the numbers in the place of the names."""

from __future__ import annotations

import ast
import re
from typing import Any

import numpy as np

from xlsales.functions import messages
from xlsales.functions.arguments import Kind
from xlsales.functions.coercion import is_blank
from xlsales.functions.formulas import GATHERING, Numbers, names
from xlsales.texts import _

MOST = 12  # values of a range that are listed
_ARGUMENT = re.compile(r"\b[a-z_]+\b")
_SIGNS: dict[type[ast.AST], tuple[str, int]] = {
    ast.Add: ("+", 1),
    ast.Sub: ("−", 1),
    ast.Mult: ("×", 2),
    ast.Div: ("÷", 2),
    ast.Pow: ("^", 3),
}
_RELATIONS: dict[type[ast.AST], str] = {
    ast.Lt: "<",
    ast.LtE: "≤",
    ast.Gt: ">",
    ast.GtE: "≥",
    ast.Eq: "=",
    ast.NotEq: "≠",
}
_OPPOSITES = {"<": "≥", "≤": ">", ">": "≤", "≥": "<", "=": "≠", "≠": "="}


def written(kind: Kind, value: Any, *, decimals: int = 6) -> str:
    """A value as a person writes it: 12,500 · 20% · 2027-01-31 · PRICE · a range in parentheses."""
    if isinstance(value, np.ndarray):
        return f"({_several(kind, value)})"
    if is_blank(value):
        return _("blank")
    if isinstance(value, (str, bool)):
        return str(value) if isinstance(value, str) else str(value).upper()
    if kind is Kind.RATE:
        return _number(float(value) * 100, decimals) + "%"
    if kind is Kind.DATE:
        return messages.shown(kind, float(value))
    return _number(float(value), decimals)


def _several(kind: Kind, cells: np.ndarray[Any, Any]) -> str:
    if cells.size > MOST:
        return _("{count} values").format(count=f"{cells.size:,}")
    return "; ".join(written(kind, cell) for cell in cells.ravel().tolist())


def _number(value: float, decimals: int) -> str:
    size = abs(value)
    if decimals < 4 and size < 1:
        decimals = 4
    text = f"{size:,.{decimals}f}" if size < 1e15 else f"{size:.6g}"
    text = text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
    if text == "0" and size:
        text = f"{size:.3g}"
    return ("−" if value < 0 and text != "0" else "") + text


def listed(parts: list[str]) -> str:
    """Several things in one sentence: a, b and c."""
    if len(parts) < 2:
        return "".join(parts)
    return _("{first} and {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


def spoken(text: str) -> str:
    """A formula without the underscores of its names."""
    return _ARGUMENT.sub(lambda match: match[0].replace("_", " "), text)


def worked(numbers: Numbers, node: ast.expr) -> str:
    """An expression with the numbers put in; what gathers a range is given as its number."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        name = node.func.id
        if name in GATHERING and isinstance(cells := numbers.value(node.args[0]), np.ndarray):
            return f"{name}({_several(numbers.kind(node.args[0]), cells)})"
        if name in ("max", "min", "EDATE"):
            return f"{name}({', '.join(_part(numbers, part, 0) for part in node.args)})"
    return _part(numbers, node, 0)


def _part(numbers: Numbers, node: ast.expr, outer: int, *, right: bool = False) -> str:
    if isinstance(node, ast.BinOp):
        sign, level = _SIGNS[type(node.op)]
        left = _part(numbers, node.left, level)
        text = f"{left} {sign} {_part(numbers, node.right, level, right=True)}"
        tight = level < outer or (right and level == outer)
        return f"({text})" if tight else text
    kind, value = numbers.kind(node), numbers.value(node)
    text = written(kind, value)
    return f"({text})" if text.startswith("−") and outer else text


def reason(numbers: Numbers, node: ast.expr, *, holds: bool) -> list[str]:
    """Why a condition holds, or does not: the parts that decide, each with its numbers."""
    if isinstance(node, ast.BoolOp):
        every = isinstance(node.op, ast.And) == holds
        parts = [part for part in node.values if every or numbers.is_true(part) == holds]
        return [text for part in parts for text in reason(numbers, part, holds=holds)]
    if unknown := numbers.unknown(node):
        return [_("{name} is not given").format(name=spoken(name)) for name in sorted(unknown)]
    if isinstance(node, ast.Compare):
        relation = _RELATIONS[type(node.ops[0])]
        sides = [node.left, node.comparators[0]]
        kinds = {numbers.kind(side) for side in sides}
        kind = next((k for k in (Kind.RATE, Kind.DATE) if k in kinds), Kind.NUMBER)
        first, second = (_named(numbers, side, kind, decimals=2) for side in sides)
        if _rounded_away(numbers, sides, kind):
            first, second = (_named(numbers, side, kind, decimals=6) for side in sides)
        if relation == "=" and holds and second == written(kind, numbers.value(node.left)):
            first = spoken(_symbols(node.left))
        return [f"{first} {relation if holds else _OPPOSITES[relation]} {second}"]
    if isinstance(node, ast.Name):
        flag = _("{name} is TRUE") if holds else _("{name} is FALSE")
        return [flag.format(name=spoken(node.id))]
    if isinstance(node, ast.Call) and holds:
        return [_("{name} is blank").format(name=spoken(ast.unparse(node.args[0])))]
    return []


def _rounded_away(numbers: Numbers, sides: list[ast.expr], kind: Kind) -> bool:
    """Whether two different values look the same when rounded."""
    first, second = (numbers.value(side) for side in sides)
    return bool(first != second) and written(kind, first, decimals=2) == written(kind, second, decimals=2)


def _named(numbers: Numbers, side: ast.expr, kind: Kind, *, decimals: int) -> str:
    exact = isinstance(side, (ast.Name, ast.Constant))
    value = written(kind, numbers.value(side), decimals=6 if exact else decimals)
    if not names(side) & numbers.values.keys():
        return value
    return f"{spoken(_symbols(side))} ({value})"


def _symbols(node: ast.expr) -> str:
    text = ast.unparse(node)
    for plain, symbol in ((" - ", " − "), (" * ", " × "), (" / ", " ÷ "), (" ** ", " ^ ")):
        text = text.replace(plain, symbol)
    return text
