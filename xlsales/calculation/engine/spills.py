"""Which formulas the engine may give several values, whatever Excel does: it then fills the cells beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xlsales.calculation.engine.ranges import (
    RETURN_ARRAYS,
    Node,
    children,
    function_name,
    is_single,
    reference_spreads,
    references_in,
    takes_range,
)
from xlsales.functions import CATALOGUE

_RETURN_AREAS = RETURN_ARRAYS | {"OFFSET", "INDIRECT", "XLOOKUP"}
_PASS_ON = frozenset(("CHOOSE", "COLUMN", "IF", "IFERROR", "IFNA", "IFS", "LET", "ROW", "SWITCH"))  # their arguments
_MAKE_REFERENCES = (":", ",", " ")


def may_fill(node: Node, is_range: Callable[[str], bool]) -> bool:
    """Whether a part of a formula may have several values; `is_range` tells whether a name stands for several cells."""
    match node["node_type"]:
        case "Reference":
            return reference_spreads(node["reference"], is_range)
        case "Function":
            return _function_may_fill(function_name(node), node["args"], is_range)
        case "UnaryOp" if node["operator"] in "@#":
            return bool(node["operator"] == "#")
        case "BinaryOp" if node["operator"] in _MAKE_REFERENCES:
            return True
        case "Array" | "Call":
            return True
        case _:
            return any(may_fill(child, is_range) for child in children(node))


def _function_may_fill(name: str, arguments: Sequence[Node], is_range: Callable[[str], bool]) -> bool:
    if name == "INDEX":
        return not _picks_one(arguments)
    if name in CATALOGUE:
        places = [place for place in range(len(arguments)) if not takes_range(name, place)]
        return CATALOGUE[name].spills or any(may_fill(arguments[place], is_range) for place in places)
    if name in _RETURN_AREAS:
        return True
    places = [place for place in range(len(arguments)) if name in _PASS_ON or is_single(name, place)]
    return any(may_fill(arguments[place], is_range) for place in places)


def _picks_one(arguments: Sequence[Node]) -> bool:
    """Whether INDEX certainly takes one cell: 0 would be a whole row or column."""
    if not all(_is_positive(argument) for argument in arguments[1:]):
        return False
    return len(arguments) > 2 or _is_line(arguments[0])


def _is_positive(node: Node) -> bool:
    if node["node_type"] == "Literal":
        return isinstance(node["value"], float) and node["value"] >= 1
    return function_name(node) in ("MATCH", "ROW", "COLUMN", "ROWS", "COLUMNS", "MONTH")


def _is_line(node: Node) -> bool:
    """Whether a part is a reference to cells in one column or row."""
    found = references_in(node["reference"]) if node["node_type"] == "Reference" else []
    if len(found) != 1:
        return False
    start, end = found[0].start, found[0].end or found[0].start
    return (start.column is not None and start.column == end.column) or (start.row is not None and start.row == end.row)
