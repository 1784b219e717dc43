"""Formulas written again with this program's functions in place of what the calculation engine does otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlsales.calculation.engine import traits
from xlsales.calculation.engine.exact import PREFIX
from xlsales.calculation.engine.ranges import DiffersError, Node, function_name, parts_of, references_in
from xlsales.cells import letters
from xlsales.cells.digits import ends_in_brackets
from xlsales.cells.references import LAST_COLUMN, LAST_ROW
from xlsales.cells.signatures import COUNTS, GIVING_CELLS
from xlsales.functions.errors import ERROR_NUMBERS
from xlsales.texts import N_

_AMBIGUOUS = N_("a text in it reads like an error value")
_ARITHMETIC = frozenset("+-*/^")
_SIGNS = ("-", "%")
_REFERENCES = (":", ",", " ")  # operators that make references


def needs_rewriting(node: Node, text: str) -> bool:
    """Whether anything in a formula is calculated otherwise than by the engine."""
    return _ends_in_sum(node, text) or any(map(_is_taken, parts_of(node)))


def rewritten(node: Node, text: str, numbers: Iterator[int]) -> str:
    """Return a formula with this program's functions in it; each call of them gets a number of its own."""
    return _Writer(text, numbers).formula(node, _ends_in_sum(node, text))


def _ends_in_sum(node: Node, text: str) -> bool:
    """Whether the last operation is an addition: one in brackets shows what is left of it."""
    return (
        node["node_type"] == "BinaryOp"
        and node["operator"] in traits.SUMS
        and not ends_in_brackets(text)
        and not (_is_whole(node["left"]) and _is_whole(node["right"]))
        and not _is_all_columns(node)
    )


def _is_taken(node: Node) -> bool:
    if node["node_type"] == "BinaryOp" and node["operator"] in traits.COMPARISONS:
        return not any(_is_settled(node[side], node["operator"]) for side in ("left", "right")) and not (
            (_is_whole(node["left"]) and _is_whole(node["right"])) or _is_all_columns(node)
        )
    if _is_own_power(node) or any(map(_may_be_odd, _operands(node))):
        return True
    if node.get("operator") == "&" and any(_may_be_signed(node[side]) for side in ("left", "right")):
        return True
    name = function_name(node)
    if name in letters.CHANGED or (name in traits.PLACES and name not in traits.EXACT) or name in ("TEXT", "WEEKDAY"):
        return True
    if name in traits.TEXTS:
        return any(
            _reader(name, place, node["args"][place]) for place in traits.TEXTS[name] if place < len(node["args"])
        )
    if name in traits.OF_NUMBERS:
        return any(map(gives_text, node["args"]))
    if name == "COUNT":
        return any(map(_may_fail, node["args"])) or any(map(gives_text, node["args"]))
    if name == "SUMPRODUCT":
        return any(argument["node_type"] == "Reference" for argument in node["args"])
    if name in traits.LOOKUPS:
        return _may_be_truth(node["args"][0]) if lookup_kind(node) else _may_be_close(node)
    if name in traits.EXACT:
        return name in traits.PLACES or _may_be_close(node)
    if name in traits.TRUTHS:
        return any(map(_may_be_text, node["args"][traits.TRUTHS[name] : traits.TRUTHS[name] + 1]))
    others = (traits.DAYS, traits.STEPS, traits.MULTIPLES, traits.CRITERIA, traits.EQUAL)
    return any(name in one for one in others)


def _may_be_signed(node: Node) -> bool:
    """Whether a part may come to 0 with a minus, as far as its last operation tells."""
    return node.get("operator") in ("-", "%", "*", "/") or function_name(node) in traits.SIGNED


def _may_be_zero(node: Node) -> bool:
    return node["node_type"] != "Literal" or not node["value"]


def _is_own_power(node: Node) -> bool:
    """Whether it may be 0 to the power of 0, which is an error in Excel."""
    is_power = node["node_type"] == "BinaryOp" and node["operator"] == "^"
    return is_power and _may_be_zero(node["left"]) and not _is_above_zero(node["right"])


def _is_above_zero(node: Node) -> bool:
    value = node["value"] if node["node_type"] == "Literal" else None
    return isinstance(value, int | float) and value > 0


def _operands(node: Node) -> Sequence[Node]:
    """Return the parts that are calculated with as they are."""
    if node["node_type"] == "BinaryOp" and node["operator"] in _ARITHMETIC:
        return node["left"], node["right"]
    if node["node_type"] == "UnaryOp" and node["operator"] in _SIGNS:
        return (node["operand"],)
    return node["args"][:1] if function_name(node) in traits.OF_A_NUMBER else ()


def _may_be_odd(node: Node) -> bool:
    """Whether a part is one cell, whose text may be a number to the engine and not to Excel, or the other way round."""
    if node["node_type"] != "Reference":
        return False
    found = references_in(node["reference"])
    return len(found) == 1 and found[0].end is None and found[0].start.row is not None


def _reader(name: str, place: int, node: Node) -> str:
    """Return what reads a text that a function gets; nothing where the engine may have it as it is."""
    is_plain = node["node_type"] in ("Literal", "Omitted") and str(node.get("value", "")).isascii()
    if name == "SEARCH" and place == 0 and not is_plain:
        return "SOUGHT"
    if name in traits.COUNTING and not (is_plain and not _may_be_number(node)):
        return "COUNTED"
    return "WORD" if _may_be_number(node) else ""


def _may_be_number(node: Node) -> bool:
    """Whether a part that is taken for a text may be a number or a truth."""
    if node["node_type"] in ("Literal", "Omitted"):
        return node["node_type"] == "Literal" and not isinstance(node["value"], str)
    return not gives_text(node)


def lookup_kind(node: Node) -> int:
    """Return 1 for an approximate lookup in rising cells, -1 in falling ones, 0 for an exact one."""
    place, arguments = traits.LOOKUPS[function_name(node)], node["args"]
    if place is None or len(arguments) <= place:
        return 1
    kind = arguments[place]
    if kind["node_type"] == "Omitted":
        return 0
    if kind["node_type"] == "UnaryOp" and kind["operator"] == "-":
        return -1
    return 0 if kind["node_type"] == "Literal" and not kind["value"] else 1


def _may_be_truth(node: Node) -> bool:
    """Whether what is looked for may be a truth, or a text that not every language puts in the same place."""
    return node["node_type"] != "Literal" or isinstance(node["value"], bool) or not str(node["value"]).isascii()


def _may_be_close(node: Node) -> bool:
    """Whether what is looked for may be a number that is close to others, or a text that is like others."""
    sought = node["args"][0] if node["args"] else node
    is_plain = sought["node_type"] == "Literal" and isinstance(sought["value"], str | bool)
    return not (is_plain and str(sought["value"]).isascii()) and sought["node_type"] not in ("Array", "Omitted")


def _may_fail(node: Node) -> bool:
    """Whether a part is calculated, so that it may be an error that stands in no cell."""
    name = function_name(node)
    return node["node_type"] in ("BinaryOp", "UnaryOp", "Function") and (
        node.get("operator") not in ("#", "@", *_REFERENCES) and name not in GIVING_CELLS
    )


def gives_text(node: Node) -> bool:
    """Whether a part is a text, as far as its last operation tells."""
    if node["node_type"] == "Literal":
        return isinstance(node["value"], str) and node["value"] not in ERROR_NUMBERS
    if function_name(node) in traits.CHOOSING:
        return any(map(gives_text, _choices(node)))
    return node.get("operator") == "&" or function_name(node) in traits.GIVE_TEXTS


def gives_text_or_cells(node: Node) -> bool:
    """Whether a part is a text or a cell, as it happens."""
    if function_name(node) not in traits.CHOOSING or not gives_text(node):
        return False
    return any(
        gives_text_or_cells(one) or (function_name(one) not in traits.CHOOSING and may_be_cells(one))
        for one in _choices(node)
    )


def _choices(node: Node) -> Sequence[Node]:
    arguments: Sequence[Node] = node["args"]
    return arguments[traits.CHOOSING[function_name(node)] :]


def may_be_cells(node: Node) -> bool:
    """Whether a part may stand where Excel wants cells: neither a constant nor what is calculated."""
    match node["node_type"]:
        case "Literal":
            return node["value"] in ERROR_NUMBERS  # a reference to cells that are gone
        case "Array" | "Omitted":
            return False
        case "UnaryOp" | "BinaryOp":
            return node["operator"] in (*_REFERENCES, "@", "#")
    name = function_name(node)
    return name not in COUNTS or name in GIVING_CELLS


def _may_be_text(node: Node) -> bool:
    """Whether a condition may be a text, as far as its last operation tells."""
    return node["node_type"] == "Reference" or function_name(node) in traits.HAND_ON


def _is_settled(node: Node, operator: str) -> bool:
    """Whether the engine compares with this as Excel does, whatever it is compared with: TRUE, 0, a plain text."""
    if node["node_type"] != "Literal":
        return False
    if isinstance(node["value"], str) and node["value"]:
        return operator in ("=", "<>") and node["value"].isascii()
    return isinstance(node["value"], bool) or not node["value"]


def _is_whole(node: Node) -> bool:
    if node["node_type"] == "Literal":
        return isinstance(node["value"], int | float) and float(node["value"]).is_integer()
    return function_name(node) in traits.WHOLE


def _is_all_columns(node: Node) -> bool:
    """Whether it goes through whole columns or rows, which are not handed over as a whole."""
    references = (
        r for part in parts_of(node) if part["node_type"] == "Reference" for r in references_in(part["reference"])
    )
    return any(reference.start.row is None or reference.start.column is None for reference in references)


class _Writer:
    def __init__(self, text: str, numbers: Iterator[int]) -> None:
        self._text = text
        self._numbers = numbers

    def formula(self, node: Node, ends_in_sum: bool) -> str:
        if ends_in_sum:
            return self._call(traits.SUMS[node["operator"]], [self.of(node["left"]), self.of(node["right"])])
        return self.of(node)

    def of(self, node: Node) -> str:
        """Return a part of a formula."""
        match node["node_type"]:
            case "Literal":
                return self._literal(node["value"])
            case "Reference":
                return str(node["reference"])
            case "Omitted":
                return ""
            case "Array":
                return "{" + ";".join(",".join(self.of(cell) for cell in row) for row in node["rows"]) + "}"
            case "UnaryOp":
                sign = node["operator"]
                operand = self._operand(node["operand"]) if sign in _SIGNS else self.of(node["operand"])
                return f"({operand}{sign})" if sign in "%#" else f"({sign}{operand})"
            case "BinaryOp":
                return self._binary(node)
            case "Function":
                return self._function(node)
            case "Call":
                return f"{self.of(node['callee'])}({','.join(map(self.of, node['args']))})"
        raise DiffersError(_AMBIGUOUS)

    def _literal(self, value: object) -> str:
        match value:
            case bool():
                return "TRUE" if value else "FALSE"
            case str() if value in ERROR_NUMBERS:
                quoted = self._text.count(f'"{value}"')
                if quoted and quoted != self._text.count(value):
                    raise DiffersError(_AMBIGUOUS)
                return f'"{value}"' if quoted else value
            case str():
                return '"' + value.replace('"', '""') + '"'
            case int() | float():
                whole = float(value).is_integer() and abs(value) < 1e15
                return str(int(value)) if whole else repr(float(value))
        return ""

    def _binary(self, node: Node) -> str:
        sign = node["operator"]
        operand = self._operand if sign in _ARITHMETIC and not _is_own_power(node) else self.of
        left, right = operand(node["left"]), operand(node["right"])
        if _is_own_power(node):
            return self._call("POWER", [left, right])
        if sign in traits.COMPARISONS and _is_taken(node):
            return self._call(traits.COMPARISONS[sign], [left, right])
        if sign == "&":
            sides = ((node["left"], left), (node["right"], right))
            left, right = (f"({text}+0)" if _may_be_signed(side) else text for side, text in sides)
        pair = f"{left}{sign}{right}"
        return pair if sign == ":" else f"({pair})"

    def _operand(self, node: Node) -> str:
        """Return what is calculated with."""
        text = self.of(node)
        return self._call("NUMBER", [text]) if _may_be_odd(node) else text

    def _function(self, node: Node) -> str:
        name, given = function_name(node), node["args"]
        arguments = [self.of(argument) for argument in given]
        if name in traits.CRITERIA:
            return self._criteria(name, given, arguments)
        if name in traits.MULTIPLES or name in letters.CHANGED:
            return self._call(name, arguments)
        if name in traits.OF_A_NUMBER and name not in traits.STEPS:
            arguments[:1] = map(self._operand, given[:1])
        if name == "WEEKDAY" and arguments:
            arguments[0] = self._call("OF_CALENDAR", [self.of(given[0])])
        place = traits.PLACES.get(name, len(given))
        if place < len(given) and given[place]["node_type"] != "Omitted":
            arguments[place] = self._call("WHOLE", [arguments[place]])
        if name == "TEXT":
            arguments[0] = self._call("SHOWN", arguments[:1])
            if len(given) == 2 and (given[0]["node_type"] != "Reference" or _may_be_odd(given[0])):
                shown = self._call("SHOWN", [self.of(given[0])])
                return f"IF(ISTEXT({shown}),{shown},{node['name']}({','.join(arguments)}))"
        if name in traits.LOOKUPS and _is_taken(node):
            arguments[0] = self._call("KEY" if lookup_kind(node) else "EXACTLY", arguments[:1])
        if name in traits.EXACT and _may_be_close(node):
            arguments[0] = self._call("EXACTLY", arguments[:1])
        if name in traits.TRUTHS and _is_taken(node):
            place = traits.TRUTHS[name]
            arguments[place] = self._call("TRUTH", [arguments[place]])
        if name in traits.TEXTS:
            for place in traits.TEXTS[name]:
                reader = _reader(name, place, given[place]) if place < len(given) else ""
                if reader:
                    arguments[place] = self._call(reader, [arguments[place]])
        if name == "COUNT":
            arguments = [_without_error(*one) for one in zip(given, map(self._surely, given, arguments), strict=True)]
        if name in traits.OF_NUMBERS:
            arguments = [self._number(*one) for one in zip(given, arguments, strict=True)]
        if name in traits.DAYS and arguments and given[0]["node_type"] != "Omitted":
            places = [*range(min(traits.DAYS[name], len(arguments))), *traits.HOLIDAYS.get(name, ())]
            told = [arguments[one] for one in places if one < len(arguments) and given[one]["node_type"] != "Omitted"]
            arguments[0] = self._call("DAY", [f'"{name}"', *told])
        if name in traits.EQUAL:
            sought, others = traits.EQUAL[name]
            told = arguments[sought + 1 :: 2] if others is None else arguments[others : others + 1] or ["0"]
            if sought < len(arguments):
                arguments[sought] = self._call("DISTINCT", [arguments[sought], *filter(None, told)])
        if name in traits.STEPS and arguments:
            arguments[0] = self._call("STEP", [f'"{name}"', *arguments[:2]])
        call = f"{node['name']}({','.join(arguments)})"
        if name == "SUMPRODUCT":
            cells = [text for one, text in zip(given, arguments, strict=True) if one["node_type"] == "Reference"]
            return f"({self._call('NUMERIC', cells)}*{call})" if cells else call
        return call

    def _number(self, node: Node, text: str) -> str:
        """Write what makes a number of a text, or the error that Excel shows."""
        return self._call("PLUS", [text, "0"]) if gives_text(node) else text

    def _surely(self, node: Node, text: str) -> str:
        """Write what doubts a text that is a number in some region."""
        return self._call("SURE", [text]) if gives_text(node) else text

    def _criteria(self, name: str, given: list[Node], arguments: list[str]) -> str:
        """Write how many cells each range has behind it: it is handed over without the blank ones at its end."""
        before = traits.CRITERIA[name] == "before"
        found: list[str] = []
        for place, argument in enumerate(arguments):
            found.append(argument or '""')
            is_range = place == 0 or (place == 2 if name.endswith("IF") else place % 2 == before)
            if is_range:
                found.append(_size(given[place], argument))
        return self._call(name, found)

    def _call(self, name: str, arguments: list[str]) -> str:
        return f"{PREFIX}{name}({next(self._numbers)},{','.join(arguments)})"


def _without_error(node: Node, text: str) -> str:
    return f'IFERROR({text},"")' if _may_fail(node) else text


def _size(node: Node, text: str) -> str:
    found = references_in(node["reference"]) if node["node_type"] == "Reference" else []
    if len(found) != 1:
        return f"ROWS({text})*COLUMNS({text})"
    start, end = found[0].start, found[0].end or found[0].start
    rows = abs(end.row - start.row) + 1 if start.row and end.row else LAST_ROW
    columns = abs(end.column - start.column) + 1 if start.column and end.column else LAST_COLUMN
    return str(rows * columns)
