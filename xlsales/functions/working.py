"""A formula as a person works it on paper: the numbers in the place of the names."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from itertools import repeat
from string import Formatter
from typing import Any, TypeAlias

import numpy as np

from xlsales.functions import messages
from xlsales.functions.arguments import Kind
from xlsales.functions.coercion import is_blank
from xlsales.functions.formulas import GATHERING, Numbers, names
from xlsales.texts import _

Texts: TypeAlias = list[str]  # one for each row

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


def listed_rows(columns: Sequence[Texts]) -> Texts:
    """What each row says, each thing once: a, b and c."""
    if len(columns) == 1:
        return columns[0]
    if len(columns) > 2:
        return [listed(list(dict.fromkeys(row))) for row in zip(*columns, strict=True)]
    both = filled(_("{first} and {last}"), len(columns[0]), first=columns[0], last=columns[1])
    return [first if first == last else pair for first, last, pair in zip(*columns, both, strict=True)]


def spoken(text: str) -> str:
    """A formula without the underscores of its names."""
    return _ARGUMENT.sub(lambda match: match[0].replace("_", " "), text)


def column(rows: int, kind: Kind, value: Any, *, decimals: int = 6) -> Texts:
    """A value of each row as a person writes it, equal ones written once."""
    if not isinstance(value, np.ndarray) or not value.ndim:
        single = value.item() if isinstance(value, np.ndarray) else value
        return [written(kind, single, decimals=decimals)] * rows
    texts = _each(kind, value, decimals)
    return texts if len(texts) == rows else texts * rows


def _each(kind: Kind, cells: np.ndarray[Any, Any], decimals: int) -> Texts:
    if cells.dtype.kind in "fiu" and kind is not Kind.DATE:
        return _numbers(kind, cells.astype(float), decimals)
    known: dict[Any, str] = {}
    texts = []
    for cell in cells.tolist():
        text = known.get(cell)
        if text is None:
            text = known[cell] = written(kind, cell, decimals=decimals)
        texts.append(text)
    return texts


def _numbers(kind: Kind, cells: np.ndarray[Any, Any], decimals: int) -> Texts:
    """Numbers as `written` writes each of them: most are all digits and need no more than their zeros cut off."""
    unique, places = np.unique(cells, return_inverse=True)
    with np.errstate(over="ignore"):
        sizes = np.abs(unique * 100 if kind is Kind.RATE else unique)
    write = f"{{:,.{decimals}f}}".format
    sign = "%" if kind is Kind.RATE else ""
    texts = [write(size).rstrip("0").rstrip(".") + sign for size in sizes.tolist()]
    plain = (sizes < 1e15) & (sizes >= (1 if decimals < 4 else 0.1**decimals))
    for place in np.flatnonzero(plain & (unique < 0)).tolist():
        texts[place] = "−" + texts[place]
    for place in np.flatnonzero(~plain).tolist():
        texts[place] = written(kind, float(unique[place]), decimals=decimals)
    return list(np.array(texts, dtype=object)[places.reshape(-1)])


def filled(template: str, rows: int, **parts: str | Texts) -> Texts:
    """A sentence for each row: a template whose placeholders stand for one text, or for a text of each row."""
    pieces: list[str | Texts] = []
    for text, name, _format, _conversion in Formatter().parse(template):
        pieces += [text] if name is None else [text, parts[name]]
    return joined(rows, *pieces)


def joined(rows: int, *parts: str | Texts) -> Texts:
    """The parts of each row's text, put together; a single text is every row's."""
    columns = (repeat(part, rows) if isinstance(part, str) else part for part in parts)
    return list(map("".join, zip(*columns, strict=True)))


def worked(numbers: Numbers, node: ast.expr) -> Texts:
    """An expression with the numbers put in; what gathers a range is given as its number."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        name = node.func.id
        if name in GATHERING and isinstance(cells := numbers.value(node.args[0]), np.ndarray):
            return [f"{name}({_several(numbers.kind(node.args[0]), cells)})"] * numbers.rows
        if name in ("max", "min", "EDATE"):
            parts = [_part(numbers, part, 0) for part in node.args]
            return [f"{name}({', '.join(row)})" for row in zip(*parts, strict=True)]
    return _part(numbers, node, 0)


def _part(numbers: Numbers, node: ast.expr, outer: int, *, right: bool = False) -> Texts:
    if isinstance(node, ast.BinOp):
        sign, level = _SIGNS[type(node.op)]
        tight = level < outer or (right and level == outer)
        sides = _part(numbers, node.left, level), _part(numbers, node.right, level, right=True)
        opened, closed = ("(", ")") if tight else ("", "")
        return joined(numbers.rows, opened, sides[0], f" {sign} ", sides[1], closed)
    value = numbers.value(node)
    if numbers.is_range(node):
        return [written(numbers.kind(node), value)] * numbers.rows
    texts = column(numbers.rows, numbers.kind(node), value)
    return [f"({text})" if text.startswith("−") else text for text in texts] if outer else texts


def reason(numbers: Numbers, node: ast.expr, *, holds: bool) -> list[Texts]:
    """Why a condition holds, or does not: the parts that decide, each with its numbers."""
    if isinstance(node, ast.BoolOp):
        every = isinstance(node.op, ast.And) == holds
        parts = [part for part in node.values if every or numbers.is_true(part) == holds]
        return [text for part in parts for text in reason(numbers, part, holds=holds)]
    if unknown := numbers.unknown(node):
        return [[_("{name} is not given").format(name=spoken(name))] * numbers.rows for name in sorted(unknown)]
    if isinstance(node, ast.Compare):
        return [_compared(numbers, node, holds=holds)]
    if isinstance(node, ast.Name):
        flag = _("{name} is TRUE") if holds else _("{name} is FALSE")
        return [[flag.format(name=spoken(node.id))] * numbers.rows]
    if isinstance(node, ast.Call) and holds:
        return [[_("{name} is blank").format(name=spoken(ast.unparse(node.args[0])))] * numbers.rows]
    return []


def _compared(numbers: Numbers, node: ast.Compare, *, holds: bool) -> Texts:
    relation = _RELATIONS[type(node.ops[0])]
    sides = [node.left, node.comparators[0]]
    kinds = {numbers.kind(side) for side in sides}
    kind = next((k for k in (Kind.RATE, Kind.DATE) if k in kinds), Kind.NUMBER)
    texts = [_named(numbers, side, kind, decimals=2) for side in sides]
    values = [np.broadcast_to(numbers.value(side), numbers.rows) for side in sides]
    alike = _rounded_away(numbers.rows, kind, values)
    if alike.any():
        longer = [_named(numbers, side, kind, decimals=6) for side in sides]
        texts = [np.where(alike, long, short).tolist() for long, short in zip(longer, texts, strict=True)]
    first, second = texts
    if relation == "=" and holds:
        symbol, left = spoken(_symbols(node.left)), column(numbers.rows, kind, values[0])
        first = [symbol if text == own else whole for text, own, whole in zip(second, left, first, strict=True)]
    return joined(numbers.rows, first, f" {relation if holds else _OPPOSITES[relation]} ", second)


def _rounded_away(rows: int, kind: Kind, values: list[Any]) -> Any:
    """In which rows two different values look the same when rounded."""
    differ = np.asarray(values[0] != values[1], dtype=bool)
    near = differ & _near(*values) if {value.dtype.kind for value in values} <= set("fiu") else differ
    near = np.broadcast_to(near, rows).copy()
    places = np.flatnonzero(near)
    if places.size:
        first, second = (column(places.size, kind, value[places], decimals=2) for value in values)
        near[places] = [one == other for one, other in zip(first, second, strict=True)]
    return near


def _near(first: Any, second: Any) -> Any:
    """Where two numbers may look the same with two decimals; a hundredth apart, they cannot."""
    return np.abs(first - second) < 0.02


def _named(numbers: Numbers, side: ast.expr, kind: Kind, *, decimals: int) -> Texts:
    exact = isinstance(side, (ast.Name, ast.Constant))
    value = column(numbers.rows, kind, numbers.value(side), decimals=6 if exact else decimals)
    if not names(side) & numbers.values.keys():
        return value
    return joined(numbers.rows, f"{spoken(_symbols(side))} (", value, ")")


def _symbols(node: ast.expr) -> str:
    text = ast.unparse(node)
    for plain, symbol in ((" - ", " − "), (" * ", " × "), (" / ", " ÷ "), (" ** ", " ^ ")):
        text = text.replace(plain, symbol)
    return text
