"""A formula as a tree, its references standing where one anchor cell sees them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from xlsales.calculation.compiled.values import FAULTS
from xlsales.cells.columns import column_index_from_string
from xlsales.cells.digits import ends_in_brackets
from xlsales.cells.newer_functions import WITHOUT_PREFIX, lacks_prefix, without_prefixes
from xlsales.cells.references import moved
from xlsales.texts import _

# Formulas that differ in nothing but where they stand read the same when moved here.
ANCHOR_ROW, ANCHOR_COLUMN = 500_000, 8_000
_CHANGING = frozenset(("CELL", "INDIRECT", "INFO", "NOW", "OFFSET", "RAND", "RANDARRAY", "RANDBETWEEN", "TODAY"))
_CORNER = r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]+)"
_REFERENCE = re.compile(rf"(?:(?P<sheet>'(?:[^']|'')+'|[^'!]+)!)?{_CORNER}(?::{_CORNER})?")


class UnsupportedFormulaError(ValueError):
    """A formula cannot be compiled; the text says why."""


@dataclass(frozen=True)
class Literal:
    """A constant; error values are errors, an argument left out is None."""

    value: float | str | bool | None
    is_error: bool = False


@dataclass(frozen=True)
class Corner:
    """A row and a column, each counted from the cell that holds the formula unless it is fixed."""

    row: int
    column: int
    fixed_row: bool
    fixed_column: bool


@dataclass(frozen=True)
class Cells:
    """A reference to one cell or a range."""

    sheet: str | None  # None is the formula's own
    first: Corner
    last: Corner
    is_range: bool


@dataclass(frozen=True)
class Call:
    """A function or an operator with its arguments; unary operators are called `u-`, `u+` and `u%`."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Table:
    """An array constant."""

    rows: tuple[tuple[Literal, ...], ...]


Node: TypeAlias = Literal | Cells | Call | Table
Names: TypeAlias = Callable[[str], Cells | None]


def canonical(formula: str, row: int, column: int) -> str:
    """Return a formula as it would read in the anchor cell; one that cannot be moved there is refused."""
    found = moved(formula, ANCHOR_ROW - row, ANCHOR_COLUMN - column)
    if found.count("#REF!") > formula.count("#REF!"):  # the anchor is in the middle of the sheet
        raise UnsupportedFormulaError(_("a reference goes too far"))
    return found


def tree(formula: str, names: Names) -> Node:
    """Read a formula that stands in the anchor cell; `names` tells what a defined name means."""
    if any(f'"{code}"' in formula for code in FAULTS):
        raise UnsupportedFormulaError(_("a text reads like an error value"))
    import formualizer  # which a template that was compiled before does without

    try:
        parsed = formualizer.parse(formula).to_dict()
    except formualizer.ParserError as error:
        raise UnsupportedFormulaError(str(error)) from error
    node = _node(parsed, names)
    if isinstance(node, Call) and node.name in ("+", "-") and ends_in_brackets(formula):
        return Call("u+", (node,))  # not what the formula ends in
    return node


def _node(parsed: Mapping[str, Any], names: Names) -> Node:
    match parsed:
        case {"node_type": "Literal", "value": value}:
            return _literal(value)
        case {"node_type": "Omitted"}:
            return Literal(None)
        case {"node_type": "Reference", "reference": text}:
            return _reference(text, names)
        case {"node_type": "BinaryOp", "operator": operator, "left": left, "right": right}:
            return Call(operator, (_node(left, names), _node(right, names)))
        case {"node_type": "UnaryOp", "operator": operator, "operand": operand}:
            return Call(f"u{operator}", (_node(operand, names),))
        case {"node_type": "Function", "name": name, "args": arguments}:
            plain = without_prefixes(name)
            if lacks_prefix(name):
                raise UnsupportedFormulaError(_(WITHOUT_PREFIX).format(function=plain))
            if plain in _CHANGING:
                raise UnsupportedFormulaError(_("{function} depends on more than its cells").format(function=plain))
            return Call(plain, tuple(_node(argument, names) for argument in arguments))
        case {"node_type": "Array", "rows": rows}:
            return Table(tuple(tuple(_constant(cell) for cell in row) for row in rows))
    raise UnsupportedFormulaError(_("{part} is not compiled").format(part=parsed.get("node_type")))


def _constant(parsed: Mapping[str, Any]) -> Literal:
    if parsed["node_type"] != "Literal":
        raise UnsupportedFormulaError(_("an array constant holds more than constants"))
    return _literal(parsed["value"])


def _literal(value: Any) -> Literal:
    if isinstance(value, str) and value in FAULTS:  # the parser gives "#N/A" and #N/A alike
        return Literal(value, is_error=True)
    return Literal(float(value) if type(value) is int else value)


def _reference(text: str, names: Names) -> Cells:
    found = _REFERENCE.fullmatch(text)
    if not found and ":" in text and "[" not in text:
        raise UnsupportedFormulaError(_("references to whole columns and rows are not compiled"))
    if not found:
        named = names(text)
        if named is None:
            raise UnsupportedFormulaError(_("the reference {text} is not compiled").format(text=text))
        return named
    sheet = found["sheet"]
    if sheet and sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    corners = found.groups()[1:]
    first = _corner(*corners[:4])
    last = _corner(*corners[4:]) if corners[4] is not None else first
    return Cells(sheet, first, last, corners[4] is not None)


def _corner(fixed_column: str, letters: str, fixed_row: str, digits: str) -> Corner:
    row, column = int(digits), column_index_from_string(letters.upper())
    return Corner(
        row if fixed_row else row - ANCHOR_ROW,
        column if fixed_column else column - ANCHOR_COLUMN,
        bool(fixed_row),
        bool(fixed_column),
    )


def fixed(sheet: str, first: tuple[int, int], last: tuple[int, int], *, is_range: bool) -> Cells:
    """Return a reference with dollars everywhere."""
    return Cells(sheet, Corner(*first, True, True), Corner(*last, True, True), is_range)


def calls(node: Node) -> Iterator[Call]:
    """Yield every function and operator of a formula."""
    if isinstance(node, Call):
        yield node
        for argument in node.arguments:
            yield from calls(argument)


def references(node: Node) -> Iterator[Cells]:
    """Yield every reference of a formula."""
    match node:
        case Cells():
            yield node
        case Call(arguments=arguments):
            for argument in arguments:
                yield from references(argument)
