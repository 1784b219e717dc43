"""Which calls of functions the calculation engine is known to answer as Excel does; all others are left for Excel.

What is known comes from workbooks that Excel saved: the table of Excel's results under tests/oracle.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from xlsales.calculation.engine.ranges import DiffersError, Node, children, function_name, references_in
from xlsales.calculation.engine.rewritten import gives_text, gives_text_or_cells, may_be_cells
from xlsales.calculation.engine.traits import COMPARISONS, CRITERIA, OF_NUMBERS
from xlsales.calculation.regions import is_of_a_region
from xlsales.cells.newer_functions import WITHOUT_PREFIX, lacks_prefix
from xlsales.cells.signatures import GIVING_CELLS, takes, wants_cells
from xlsales.functions import CATALOGUE
from xlsales.functions.errors import ERROR_NUMBERS
from xlsales.texts import N_

_UNPROVEN = N_("the calculation engine is not known to calculate {function} as Excel does")
_MODE = N_("the calculation engine is not known to search as this {function} does")
_TEXT = N_("a text stands in {function} where a number or a truth is wanted")
_SIZES = N_("the ranges of {function} differ in size")
_FORMAT = N_("the calculation engine does not know its number format")
_REGION = N_("its result depends on the regional settings of the computer")
_ARGUMENTS = N_("Excel takes in no formula that gives {function} so many arguments")
_NO_CELLS = N_("Excel takes in no formula that gives {function} anything but cells there")
_ROWS = N_("the calculation engine would look only at the first cell of a range in {function}")

_NAMES = """
ABS ANCHORARRAY AND AREAS AVERAGE AVERAGEA CEILING CELL CHAR CHOOSE CLEAN CODE COLUMN COLUMNS CONCATENATE COUNT
COUNTA COUNTBLANK DATE DATEDIF DATEVALUE DAY DAYS DOLLAR EDATE EOMONTH EXACT FALSE FILTER FIND FLOOR HLOOKUP HOUR
HYPERLINK IF
IFERROR IFNA IFS INDEX INDIRECT INFO INT ISBLANK ISERR ISERROR ISLOGICAL ISNA ISNUMBER ISREF ISTEXT LARGE
LEFT LEN LET LN LOG10 LOOKUP LOWER MATCH MAX MEDIAN MID MIN MINUTE MOD MONTH MROUND N NA NETWORKDAYS NOT NOW OFFSET
OR PI PRODUCT PROPER RANK RANK.EQ REPLACE REPT RIGHT ROUND ROUNDDOWN ROUNDUP ROW ROWS SEARCH SECOND
SEQUENCE SIGN SMALL SORT SQRT STDEV STDEV.S SUBSTITUTE SUBTOTAL SUM SUMPRODUCT SUMSQ SWITCH T TEXT TEXTJOIN
TIMEVALUE TODAY TRANSPOSE TRIM TRUE TRUNC TYPE UNICHAR UNICODE UNIQUE UPPER VALUE VAR VAR.S VLOOKUP VSTACK WEEKDAY
WORKDAY XLOOKUP XMATCH XOR YEAR TIME
"""
# What two engines were seen to calculate alike and otherwise than Excel, and what is of the same kind: other sizes of
# ranges, series that are cut off elsewhere, searches that end elsewhere, numbers close to where a function jumps.
_TOGETHER = """
ACOTH BESSELI BESSELJ BESSELK BESSELY BETA.DIST BETA.INV BETADIST BETAINV COMBIN COMBINA CONFIDENCE CONFIDENCE.NORM
CONFIDENCE.T COT CSC CUMIPMT CUMPRINC EFFECT ERROR.TYPE EXPON.DIST EXPONDIST F.DIST F.DIST.RT F.INV F.INV.RT FDIST FINV
FV IPMT IRR MIRR MODE MODE.MULT MODE.SNGL MULTINOMIAL NOMINAL NORM.INV NORM.S.INV NORMINV NORMSINV NPER ODDFYIELD
ODDLYIELD PMT PPMT PV RATE RRI SEC SUMX2MY2 SUMX2PY2 SUMXMY2 T.DIST T.DIST.2T T.DIST.RT TAN TDIST XIRR YIELD
"""
_COMPLEX = "IM"  # functions of complex numbers, which are texts: their last digits are seen
WRONG_TOGETHER = frozenset(_TOGETHER.split())
SOUND = frozenset(_NAMES.split()) | frozenset(CRITERIA)
_MODES: Mapping[str, Sequence[tuple[int, float]]] = {"XLOOKUP": ((4, 0), (5, 1)), "XMATCH": ((2, 0), (3, 1))}
_ASCII = 128
_WHOLE = ("D", "M", "Y", "YM")  # what DATEDIF counts as Excel's help says; of the others Microsoft warns itself
_DATES = """
DATEDIF DAY DAYS EDATE EOMONTH HOUR MINUTE MONTH NETWORKDAYS SECOND WEEKDAY WORKDAY YEAR
"""
_OF_DATES = frozenset(_DATES.split())
_ARITHMETIC = frozenset("+-*/^")
# Formats of numbers, and of dates without names of months and days. In 0,00 the comma is a decimal mark where the
# computer writes numbers so: a workbook does not tell.
_FORMATS = re.compile(
    r"""(?: [^\w#?@\[\]\\"]{0,3} [#0]+ (?:,[#0]{3})* (?<=0) (?:\.[0#]+)? (?:[ ]?%|,)? [ ]? (?:[^\w#?@\[\]\\"])?
        | (?:yyyy|yy|(?<!m)mm?(?!m)|(?<!d)dd?(?!d)|hh?|ss|[ /:.,-]|"[^"]*")+ )""",
    re.VERBOSE | re.IGNORECASE,
)


class UnprovenError(DiffersError):
    """Nothing tells that the engine calculates as Excel does, or that it does not."""


def check(node: Node, *, is_single: bool = False) -> DiffersError | None:
    """Raise DiffersError where a formula has a call that the engine does not answer as Excel does.

    Return the first call of which nothing tells whether it does. Where `is_single`, Excel shows the first of several
    values.
    """
    return next(iter(list(_unproven(node, is_single))), None)


def _unproven(node: Node, is_single: bool) -> Iterator[DiffersError]:
    """Yield the calls of which nothing is known; raise DiffersError for the first that is known to be wrong."""
    name = function_name(node)
    passes_on = name == "IF" or node["node_type"] in ("BinaryOp", "UnaryOp")
    for child in children(node):
        yield from _unproven(child, is_single and passes_on)
    if node["node_type"] == "BinaryOp" and node["operator"] in _ARITHMETIC:
        for side in (node["left"], node["right"]):
            if _is_of_a_region(side):
                raise DiffersError(_REGION)
    if not name or name in CATALOGUE:
        return
    if lacks_prefix(node["name"]):
        raise DiffersError(WITHOUT_PREFIX, name)
    _taken_in(name, node["args"])
    if name not in SOUND:
        if name in WRONG_TOGETHER or name.startswith(_COMPLEX) or any(map(_is_text, node["args"])):
            raise DiffersError(_UNPROVEN, name)
        yield UnprovenError(_UNPROVEN, name)
        return
    if name in OF_NUMBERS and any(map(_is_text, node["args"])):
        raise DiffersError(_TEXT, name)
    if name in OF_NUMBERS and any(map(gives_text_or_cells, node["args"])):
        yield UnprovenError(_TEXT, name)
    if name in _OF_DATES and any(map(_is_of_a_region, node["args"])):
        raise DiffersError(_REGION)
    if name in ("ROW", "COLUMN") and is_single and node["args"] and node["args"][0]["node_type"] == "Reference":
        return
    if name in _CHECKS:
        try:
            _CHECKS[name](name, node["args"])
        except UnprovenError as error:
            yield error


def _taken_in(name: str, arguments: Sequence[Node]) -> None:
    """Raise DiffersError for a call that nobody can type into Excel."""
    if not takes(name, len(arguments)):
        raise DiffersError(_ARGUMENTS, name)
    if any(wants_cells(name, place) and not may_be_cells(node) for place, node in enumerate(arguments)):
        raise DiffersError(_NO_CELLS, name)


def _is_text(node: Node) -> bool:
    return node["node_type"] == "Literal" and isinstance(node["value"], str)


def _is_of_a_region(node: Node) -> bool:
    """Whether it is a text that some computers take for a number or a date."""
    return _is_text(node) and is_of_a_region(node["value"])


def _is_single(node: Node) -> bool:
    """Whether it is a constant of one value, or nothing, where several are searched."""
    return _plain(node)["node_type"] in ("Literal", "Omitted")


def _modes(name: str, arguments: Sequence[Node]) -> None:
    if any(map(_is_single, arguments[1 : 3 if name == "XLOOKUP" else 2])):
        raise DiffersError(_UNPROVEN, name)
    for place, usual in _MODES[name]:
        mode = arguments[place] if len(arguments) > place else None
        if mode is None or mode["node_type"] == "Omitted":
            continue
        if mode["node_type"] != "Literal" or mode["value"] != usual:
            raise (UnprovenError if arguments[1]["node_type"] == "Reference" else DiffersError)(_MODE, name)


def _condition(name: str, arguments: Sequence[Node]) -> None:
    given = arguments[:1] if name in ("IF", "NOT") else arguments
    if any(map(_is_text, given)):
        raise DiffersError(_TEXT, name)


def _format(_name: str, arguments: Sequence[Node]) -> None:
    if len(arguments) == 2 and not (_is_text(arguments[1]) and _FORMATS.fullmatch(arguments[1]["value"])):
        raise DiffersError(_FORMAT)


def _sizes(name: str, arguments: Sequence[Node]) -> None:
    sizes = {_size(argument) for argument in arguments} - {None}
    if len(sizes) > 1 or (len(arguments) > 1 and sizes == {(1, 1)}):
        raise DiffersError(_SIZES, name)
    for argument in arguments:
        if argument.get("operator") in COMPARISONS or gives_text(argument) or _has_others(argument):
            raise DiffersError(_TEXT, name)
        if function_name(argument) in GIVING_CELLS:
            raise UnprovenError(_TEXT, name)


def _has_others(node: Node) -> bool:
    """Whether a constant has anything but numbers."""
    cells = [cell for row in node["rows"] for cell in row] if node["node_type"] == "Array" else [node]
    return any(cell["node_type"] == "Literal" and isinstance(cell["value"], str | bool) for cell in cells)


def _size(node: Node) -> tuple[int, int] | None:
    """Return the rows and columns of a part, as far as the references in it tell."""
    match node["node_type"]:
        case "Literal":
            return (1, 1)
        case "Array":
            return len(node["rows"]), len(node["rows"][0])
        case "Reference":
            return _reference_size(node["reference"])
        case "UnaryOp":
            return _size(node["operand"])
        case "BinaryOp" if node["operator"] not in (":", ",", " "):
            left, right = _size(node["left"]), _size(node["right"])
            if left is None or right is None:
                return None
            return max(left[0], right[0]), max(left[1], right[1])
    return None


def _reference_size(text: str) -> tuple[int, int] | None:
    found = references_in(text)
    if len(found) != 1:
        return None
    start, end = found[0].start, found[0].end or found[0].start
    rows = end.row - start.row + 1 if start.row and end.row else 0
    columns = end.column - start.column + 1 if start.column and end.column else 0
    return abs(rows), abs(columns)


def _position(name: str, arguments: Sequence[Node]) -> None:
    """ROW and COLUMN of several cells: the engine knows the first only."""
    if arguments and (arguments[0]["node_type"] != "Reference" or _reference_size(arguments[0]["reference"]) != (1, 1)):
        raise DiffersError(_ROWS, name)


def _first_letters(name: str, arguments: Sequence[Node]) -> None:
    """CHAR of more than ASCII: it differs from computer to computer."""
    code = arguments[0]["value"] if len(arguments) == 1 and arguments[0]["node_type"] == "Literal" else None
    if not isinstance(code, int | float) or not 1 <= code < _ASCII:
        raise DiffersError(_REGION)


def _time(name: str, arguments: Sequence[Node]) -> None:
    """TIME of cells, which may be below 0."""
    given = [argument["value"] if argument["node_type"] == "Literal" else None for argument in arguments]
    if not all(isinstance(value, int | float) for value in given):
        raise DiffersError(_UNPROVEN, name)


def _work_days(name: str, arguments: Sequence[Node]) -> None:
    """WORKDAY and NETWORKDAYS with holidays that are no cells: one of them may be a truth."""
    if len(arguments) > 2 and arguments[2]["node_type"] not in ("Reference", "Array"):
        raise DiffersError(_UNPROVEN, name)


def _of_cells(name: str, arguments: Sequence[Node]) -> None:
    """A function of an array whose argument is neither cells nor a constant."""
    if not arguments or arguments[0]["node_type"] not in ("Reference", "Array"):
        raise UnprovenError(_UNPROVEN, name)


def _search(name: str, arguments: Sequence[Node]) -> None:
    if len(arguments) > 2:
        raise DiffersError(_MODE, name)


def _find(name: str, arguments: Sequence[Node]) -> None:
    """FIND from a place on, of a text that may be empty: Excel gives the place, and an error behind the end."""
    if len(arguments) > 2 and not (_is_text(arguments[0]) and arguments[0]["value"]):
        raise DiffersError(_MODE, name)


def _count(name: str, arguments: Sequence[Node]) -> None:
    """COUNT of texts: Excel counts those that it takes for numbers, dates and times."""
    if any(_is_text(one) and one["value"] in ERROR_NUMBERS for one in arguments) or any(
        map(_is_of_a_region, arguments)
    ):
        raise DiffersError(_TEXT, name)


def _shown(name: str, arguments: Sequence[Node]) -> None:
    """HYPERLINK that shows anything but a text or a name: a blank cell shows 0 in Excel."""
    shown = arguments[1] if len(arguments) == 2 else {"node_type": "Omitted"}
    is_name = shown["node_type"] == "Reference" and not references_in(shown["reference"])
    if not (_is_text(shown) or is_name):
        raise DiffersError(_UNPROVEN, name)


def _separator(name: str, arguments: Sequence[Node]) -> None:
    """TEXTJOIN with a text for whether it leaves out empty ones."""
    if any(map(gives_text, arguments[1:2])):
        raise DiffersError(_UNPROVEN, name)


def _table(name: str, arguments: Sequence[Node]) -> None:
    """A table to look something up in that is no range; LOOKUP in one of several rows and columns."""
    table = arguments[1] if len(arguments) > 1 else {"node_type": "Omitted"}
    size = _size(table)
    if _is_single(table) or (name == "LOOKUP" and size and 1 not in size):
        raise DiffersError(_UNPROVEN, name)


def _match(name: str, arguments: Sequence[Node]) -> None:
    if _is_single(arguments[1]):
        raise DiffersError(_UNPROVEN, name)
    kind = arguments[2] if len(arguments) > 2 else None
    if kind is not None and kind["node_type"] not in ("Literal", "Omitted") and arguments[1]["node_type"] == "Array":
        raise DiffersError(_MODE, name)  # it may fall, or is not known
    if kind is None or kind["node_type"] != "Literal" or kind["value"]:
        _in_order(name, arguments)


def _lookup(name: str, arguments: Sequence[Node]) -> None:
    _table(name, arguments)
    kind = arguments[3] if len(arguments) > 3 and name != "LOOKUP" else None
    if kind is None or kind["node_type"] != "Literal" or kind["value"]:
        _in_order(name, arguments)


def _in_order(name: str, arguments: Sequence[Node]) -> None:
    """An approximate lookup in an array constant that does not rise, or has values of several kinds."""
    array = arguments[1] if len(arguments) > 1 else {"node_type": "Omitted"}
    if array["node_type"] != "Array":
        return
    rows = array["rows"]
    down = name == "VLOOKUP" or (name != "HLOOKUP" and len(rows) >= len(rows[0]))
    cells = [row[0] for row in rows] if down else rows[0]
    values: list[Any] = [cell["value"] if cell["node_type"] == "Literal" else None for cell in map(_plain, cells)]
    kinds = {type(value) for value in values}
    folded = [value.casefold() if isinstance(value, str) else value for value in values]
    if kinds not in ({float}, {int}, {int, float}, {str}) or folded != sorted(folded):
        raise DiffersError(_UNPROVEN, name)


def _plain(node: Node) -> Node:
    """Return a constant with its sign."""
    if node["node_type"] == "UnaryOp" and node["operator"] == "-" and node["operand"]["node_type"] == "Literal":
        value = node["operand"]["value"]
        if isinstance(value, int | float):
            return {"node_type": "Literal", "value": -value}
    return node


def _index(name: str, arguments: Sequence[Node]) -> None:
    """INDEX with one number of several rows and columns: Excel gives a whole row, or an error."""
    size = _size(arguments[0])
    if _is_single(arguments[0]):
        raise DiffersError(_UNPROVEN, name)
    if len(arguments) == 2 and size and 1 not in size:
        raise DiffersError(_UNPROVEN, name)


def _letter(name: str, _arguments: Sequence[Node]) -> None:
    """CODE of what is no letter of ASCII, or no text."""
    raise UnprovenError(_UNPROVEN, name)


def _letters(name: str, arguments: Sequence[Node]) -> None:
    """LEFT, RIGHT and MID with a number that may be a text."""
    if any(argument["node_type"] == "Reference" or gives_text(argument) for argument in arguments[1:]):
        raise UnprovenError(_UNPROVEN, name)


def _put_in(name: str, arguments: Sequence[Node]) -> None:
    """REPLACE behind the end of the text, where Excel adds what is new; with a number that may be a text."""
    start = arguments[1] if len(arguments) > 1 else {"node_type": "Omitted"}
    is_first = start["node_type"] == "Literal" and start["value"] == 1
    numbers = arguments[2:3]
    if not is_first or any(one["node_type"] == "Reference" or gives_text(one) for one in numbers):
        raise UnprovenError(_UNPROVEN, name)


def _between(name: str, arguments: Sequence[Node]) -> None:
    """DATEDIF by a unit of which Excel has a way of its own."""
    unit = arguments[2] if len(arguments) == 3 else {"node_type": "Omitted"}
    if not _is_text(unit) or unit["value"].upper() not in _WHOLE:
        raise DiffersError(_UNPROVEN, name)


def _filter(name: str, arguments: Sequence[Node]) -> None:
    """FILTER by anything but a comparison: texts and errors among what it takes for truths."""
    if len(arguments) < 2 or arguments[1]["node_type"] != "BinaryOp":
        raise DiffersError(_UNPROVEN, name)


def _all_given(name: str, arguments: Sequence[Node]) -> None:
    if any(argument["node_type"] == "Omitted" for argument in arguments):
        raise DiffersError(_UNPROVEN, name)


def _kind_of_total(name: str, arguments: Sequence[Node]) -> None:
    """SUBTOTAL whose kind is no whole number, or may be none."""
    kind = arguments[0]["value"] if arguments[0]["node_type"] == "Literal" else None
    if isinstance(kind, float) and not kind.is_integer():
        raise DiffersError(_UNPROVEN, name)
    if kind is None:
        raise UnprovenError(_UNPROVEN, name)


_CHECKS: Mapping[str, Callable[[str, Sequence[Node]], None]] = {
    "XLOOKUP": _modes,
    "XMATCH": _modes,
    "IF": _condition,
    "AND": _condition,
    "OR": _condition,
    "XOR": _condition,
    "NOT": _condition,
    "TEXT": _format,
    "SUBTOTAL": _kind_of_total,
    "SUMPRODUCT": _sizes,
    "TIME": _time,
    "CHAR": _first_letters,
    "SEARCH": _search,
    "FIND": _find,
    "COUNT": _count,
    **dict.fromkeys(("MROUND", "CEILING", "FLOOR", "INT", "TRUNC", "MOD", "QUOTIENT", "ROUND"), _all_given),
    **dict.fromkeys(("LOOKUP", "VLOOKUP", "HLOOKUP"), _lookup),
    **dict.fromkeys(("LEFT", "MID", "RIGHT"), _letters),
    "CODE": _letter,
    "DATEDIF": _between,
    "REPLACE": _put_in,
    "INDEX": _index,
    "MATCH": _match,
    "FILTER": _filter,
    "HYPERLINK": _shown,
    "WORKDAY": _work_days,
    "NETWORKDAYS": _work_days,
    "ROWS": _of_cells,
    "COLUMNS": _of_cells,
    "TEXTJOIN": _separator,
    "ROW": _position,
    "COLUMN": _position,
}
