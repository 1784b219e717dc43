"""Whether the engine calculates a formula's ranges and arrays as Excel does.

An ordinary formula of Excel takes one cell of a range where a function or operator wants one value (implicit
intersection); the engine goes through the whole range instead. An array formula goes through the whole range in
Excel, where many of the engine's functions look at the first cell only. What differs is left for Excel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import formualizer

from xlsales.cells import references
from xlsales.cells.newer_functions import without_prefixes
from xlsales.functions import CATALOGUE
from xlsales.texts import N_

Node = Mapping[str, Any]
# Functions that take ranges, each with the places of the arguments that are single values: places from 0, "even" and
# "odd" from 1 on, for criteria that follow their ranges.
_FUNCTIONS = """
SUM COUNT COUNTA COUNTBLANK AVERAGE AVERAGEA MIN MAX MINA MAXA MEDIAN MODE MODE.SNGL PRODUCT SUMSQ
STDEV STDEV.S STDEV.P STDEVP STDEVA VAR VAR.S VAR.P VARP GEOMEAN HARMEAN DEVSQ AVEDEV SKEW KURT
CORREL PEARSON RSQ SLOPE INTERCEPT STEYX COVARIANCE.P COVARIANCE.S COVAR
AND OR XOR CONCAT ROWS COLUMNS ROW COLUMN AREAS ISREF IRR XIRR XNPV:0 NPV:0 MIRR:1,2
SUMPRODUCT SUMX2MY2 SUMX2PY2 SUMXMY2 MMULT TRANSPOSE
LARGE:1 SMALL:1 RANK:0,2 RANK.EQ:0,2 RANK.AVG:0,2 PERCENTILE:1 PERCENTILE.INC:1 PERCENTILE.EXC:1
QUARTILE:1 QUARTILE.INC:1 QUARTILE.EXC:1 PERCENTRANK:1,2 PERCENTRANK.INC:1,2 TRIMMEAN:1
FORECAST:0 FORECAST.LINEAR:0 SUBTOTAL:0 AGGREGATE:0,1,3 TEXTJOIN:0,1 WORKDAY:0,1 NETWORKDAYS:0,1
COUNTIF:1 COUNTIFS:odd SUMIF:1 SUMIFS:even AVERAGEIF:1 AVERAGEIFS:even MINIFS:even MAXIFS:even
MATCH:0,2 XMATCH:0,2,3 VLOOKUP:0,2,3 HLOOKUP:0,2,3 XLOOKUP:0,4,5 LOOKUP:0 INDEX:1,2,3 OFFSET:1,2,3,4
CHOOSE:0 IF:0 IFERROR:0,1 IFNA:0,1
FILTER SORT:1,2,3 SORTBY UNIQUE:1,2 TAKE:1,2 DROP:1,2 HSTACK VSTACK TOCOL:1,2 TOROW:1,2 ANCHORARRAY
"""
# Functions that go through their arguments even in an ordinary formula, or through those in some places.
_GO_THROUGH = frozenset(("SUMPRODUCT", "MMULT", "SUMX2MY2", "SUMX2PY2", "SUMXMY2"))
_GO_THROUGH_PLACES = frozenset((("INDEX", 0),))
# Functions that the engine applies to every cell of a range, as Excel does in an array formula.
_ELEMENTWISE = frozenset(("IF", "IFERROR", "IFNA"))
RETURN_ARRAYS = frozenset(("ANCHORARRAY", "DROP", "FILTER", "HSTACK", "MMULT", "SEQUENCE", "SORT", "SORTBY", "TAKE"))
RETURN_ARRAYS |= {"TOCOL", "TOROW", "TRANSPOSE", "UNIQUE", "VSTACK"}
_SEVERAL = N_("the calculation engine may treat its ranges otherwise than Excel")
_FIRST_ONLY = N_("the calculation engine would look only at the first cell of a range in {function}")
_OMITTED = N_("an argument of {function} is left empty")
_SEVERAL_SHEETS = N_("it refers to several sheets at once")
UNREADABLE = N_("the calculation engine cannot read it")


def _declared() -> dict[str, str]:
    found = {}
    for entry in _FUNCTIONS.split():
        name, _mark, places = entry.partition(":")
        found[name] = places
    return found


_SINGLE = _declared()


class DiffersError(Exception):
    """The engine does not calculate this as Excel does; the text, to be translated, says why."""

    def __init__(self, text: str, function: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.function = function


def parsed(formula: str) -> Node:
    """Return a formula's parts; what cannot be read raises DiffersError."""
    try:
        tree: Node = formualizer.parse(f"={formula}").to_dict()
    except (formualizer.ParserError, formualizer.TokenizerError, ValueError) as error:
        raise DiffersError(UNREADABLE) from error
    return tree


def has_several_values(tree: Node, is_array: bool, is_range: Callable[[str], bool]) -> bool:
    """Tell whether a formula has more values than one.

    `is_range` tells whether a name stands for several cells. Raises DiffersError where the engine does not treat
    the ranges as Excel does.
    """
    several = _Walk(is_array, is_range).spreads(tree, is_array)
    if several and not is_array and function_name(tree) not in CATALOGUE:
        raise DiffersError(_SEVERAL)
    return several


class _Walk:
    """Goes through a formula and tells of each part whether it has several values."""

    def __init__(self, is_array: bool, is_range: Callable[[str], bool]) -> None:
        self._is_array = is_array
        self._is_range = is_range
        self._local: dict[str, bool] = {}  # the names of a LET

    def spreads(self, node: Node, goes_through: bool) -> bool:
        """Whether a part has several values, in a place where Excel goes through ranges or takes one cell."""
        match node["node_type"]:
            case "Reference":
                return self._reference(node["reference"])
            case "Array":
                return len(node["rows"]) > 1 or len(node["rows"][0]) > 1
            case "UnaryOp":
                return self._unary(node, goes_through)
            case "BinaryOp":
                return self._binary(node, goes_through)
            case "Function":
                return self._function(node, goes_through)
            case _:
                return False

    def _reference(self, text: str) -> bool:
        known = self._local.get(text.lower())
        if known is not None:
            return known
        if any(":" in reference.prefix for reference in references_in(text)):
            raise DiffersError(_SEVERAL_SHEETS)
        return reference_spreads(text, self._is_range)

    def _unary(self, node: Node, goes_through: bool) -> bool:
        inside = self.spreads(node["operand"], goes_through)
        if node["operator"] == "@":
            return False
        if node["operator"] == "#":
            return True
        if inside and not goes_through:
            raise DiffersError(_SEVERAL)
        return inside

    def _binary(self, node: Node, goes_through: bool) -> bool:
        left = self.spreads(node["left"], goes_through)
        right = self.spreads(node["right"], goes_through)
        if node["operator"] in (":", ",", " "):  # these make references
            return True
        if (left or right) and not goes_through:
            raise DiffersError(_SEVERAL)
        return left or right

    def _function(self, node: Node, goes_through: bool) -> bool:
        name, arguments = function_name(node), node["args"]
        if name == "LET":
            return self._let(arguments, goes_through)
        if name in CATALOGUE and any(argument["node_type"] == "Omitted" for argument in arguments):
            raise DiffersError(_OMITTED, name)
        if name == "IF":
            arguments = _possible(arguments)
        through = [
            goes_through or name in _GO_THROUGH or (name, place) in _GO_THROUGH_PLACES
            for place in range(len(arguments))
        ]
        spread = [self.spreads(argument, inner) for argument, inner in zip(arguments, through, strict=True)]
        if name in CATALOGUE:
            return CATALOGUE[name].spills or any(s and not takes_range(name, place) for place, s in enumerate(spread))
        singles = [place for place, several in enumerate(spread) if several and is_single(name, place)]
        if any(not through[place] for place in singles):
            raise DiffersError(_SEVERAL)
        if singles and name not in _ELEMENTWISE:
            raise DiffersError(_FIRST_ONLY, name)
        if name == "IF" and singles and not self._is_array:  # even SUMPRODUCT does not make IF go through a range
            raise DiffersError(_SEVERAL)
        return bool(singles) or name in RETURN_ARRAYS or (name in _ELEMENTWISE and goes_through and any(spread))

    def _let(self, arguments: Sequence[Node], goes_through: bool) -> bool:
        for name, value in zip(arguments[:-1:2], arguments[1::2], strict=False):
            self._local[str(name.get("reference", "")).lower()] = self.spreads(value, goes_through)
        return self.spreads(arguments[-1], goes_through)


def reference_spreads(text: str, is_range: Callable[[str], bool]) -> bool:
    """Whether a reference or a name stands for several cells."""
    found = references_in(text)
    return any(reference.end is not None for reference in found) if found else is_range(text)


def children(node: Node) -> Sequence[Node]:
    """Return the parts of a part of a formula."""
    match node["node_type"]:
        case "Function":
            arguments: Sequence[Node] = node["args"]
            return arguments
        case "BinaryOp":
            return node["left"], node["right"]
        case "UnaryOp":
            return (node["operand"],)
        case "Call":
            return *node["args"], node["callee"]
    return ()


def parts_of(node: Node) -> list[Node]:
    """Return a part of a formula and all that are in it, in order."""
    found: list[Node] = []
    left = [node]
    while left:
        part = left.pop()
        found.append(part)
        left += reversed(children(part))
    return found


def functions_in(node: Node) -> list[str]:
    """Return the names of the functions that a part of a formula calls."""
    return [function_name(part) for part in parts_of(node) if part["node_type"] == "Function"]


def names_in(node: Node) -> list[str]:
    """Return the names in a part of a formula."""
    references = [part["reference"] for part in parts_of(node) if part["node_type"] == "Reference"]
    return [text for text in references if not references_in(text)]


def function_name(node: Node) -> str:
    """Return the name of the function that a part calls, without prefixes; nothing where it calls none."""
    return without_prefixes(node["name"]) if node["node_type"] == "Function" else ""


def takes_range(name: str, place: int) -> bool:
    """Whether a sales function makes one thing of all the cells that it gets in this place."""
    arguments = CATALOGUE[name].arguments
    return arguments[min(place, len(arguments) - 1)].is_range


def _possible(arguments: Sequence[Node]) -> Sequence[Node]:
    """Return the arguments of IF without the one that is never looked at, where that is certain."""
    condition = _constant(arguments[0])
    if condition is None or len(arguments) < 2:
        return arguments
    return [arguments[0], *(arguments[1:2] if condition else arguments[2:3])]


def _constant(node: Node) -> float | None:
    """Return what a part always is, as far as it is made of numbers and the sizes of ranges."""
    match node:
        case {"node_type": "Literal", "value": bool() | int() | float() as value}:
            return float(value)
        case {
            "node_type": "Function",
            "name": "ROWS" | "COLUMNS" as name,
            "args": [{"node_type": "Reference"} as inside],
        }:
            return _size(inside["reference"], name)
        case {"node_type": "BinaryOp", "operator": "*" | "=" as operator}:
            left, right = _constant(node["left"]), _constant(node["right"])
            if left is None or right is None:
                return None
            return left * right if operator == "*" else float(left == right)
        case _:
            return None


def _size(text: str, name: str) -> float | None:
    found = references_in(text)
    if len(found) != 1:
        return None
    start, end = found[0].start, found[0].end or found[0].start
    first, last = (start.row, end.row) if name == "ROWS" else (start.column, end.column)
    return None if first is None or last is None else float(abs(last - first) + 1)


def is_single(name: str, place: int) -> bool:
    """Whether a function wants one value in this place; of a function that is not listed, in all of them."""
    places = _SINGLE.get(name)
    if places is None:
        return True
    if places in ("odd", "even"):
        return place > 0 and place % 2 == (places == "odd")
    return str(place) in places.split(",")


@lru_cache(maxsize=20_000)
def references_in(text: str) -> Sequence[references.Reference]:
    """Return the references to cells in a formula or a part of one."""
    found: list[references.Reference] = []

    def note(reference: references.Reference) -> references.Reference:
        found.append(reference)
        return reference

    references.replaced(text, note)
    return tuple(found)


def in_order(reference: references.Reference) -> references.Reference:
    """Return a range from its first corner to its last: A3:A1 is A1:A3, and stops the engine."""
    start, end = reference.start, reference.end
    if end is None or reference.end_prefix or not (_falls(start.column, end.column) or _falls(start.row, end.row)):
        return reference
    return reference._replace(start=_corner(start, end, min), end=_corner(start, end, max))


def _falls(first: int | None, last: int | None) -> bool:
    return first is not None and last is not None and first > last


def _corner(one: references.Corner, other: references.Corner, chosen: Callable[..., Any]) -> references.Corner:
    column, fixed_column = chosen((one.column or 0, one.fixed_column), (other.column or 0, other.fixed_column))
    row, fixed_row = chosen((one.row or 0, one.fixed_row), (other.row or 0, other.fixed_row))
    return references.Corner(column or None, row or None, fixed_column, fixed_row)
