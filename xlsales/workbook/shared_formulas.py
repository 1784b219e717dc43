"""Formulas that columns repeat, stored as Excel stores them: once, with the cells that share them.

Excel shares no formula that leads out of its sheet, joins references, or holds an array or an error: the binary
formats forbid it ([MS-XLSB] 2.5.98.98, [MS-XLS] 2.5.198.118), and of the shared formulas in files that Excel saved
none does. Such a formula is stored in each cell.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, pairwise

from lxml import etree
from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError
from openpyxl.utils import FORMULAE

from xlsales.cells.columns import coordinate_to_tuple
from xlsales.cells.copies import Copies
from xlsales.workbook import parts

_FEWEST = 3  # cells that share a formula
_CELL = r"\$?[A-Z]{1,3}\$?[0-9]+"
_ROWS_OR_COLUMNS = r"\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?[0-9]+:\$?[0-9]+"
_OF_ITS_SHEET = re.compile(
    rf"{_CELL}(?::{_CELL})?|{_ROWS_OR_COLUMNS}|(?!_xl)[\w\\][\w.?\\]*",  # or a name of the workbook
    re.IGNORECASE,
)
_NEW_FUNCTION = re.compile(r"_XLFN\.[A-Z][A-Z0-9.]*")  # of Excel 2010 and later
# Lambdas and data servers are forbidden; the others were never seen shared: Excel stores them as array formulas.
_UNSHARED = {"RTD", *(f"_XLFN.{name}" for name in ("LAMBDA", "LET", "SINGLE", "ANCHORARRAY"))}
_OPERATORS = {"+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">=", "%"}


def share(sheet: bytes) -> bytes:
    """Return the worksheet part with each formula that follows from the one above it stored as shared."""
    root = parts.parse(sheet)
    index = 0
    copies = Copies()
    for column in _columns(root):
        for run in _runs(column, copies):
            if len(run) >= _FEWEST and can_be_shared(run[0].find("{*}f").text or ""):
                _share(run, index)
                index += 1
    return parts.serialised(root)


@lru_cache(maxsize=10_000)
def can_be_shared(formula: str) -> bool:
    """Whether Excel shares such a formula: references to cells of its own sheet, names, functions, plain operators."""
    try:
        tokens = Tokenizer(f"={formula}").items
    except TokenizerError:
        return False
    return bool(tokens) and all(map(_can_be_shared, tokens)) and not _joins_references(tokens)


def _can_be_shared(token: Token) -> bool:
    value: str = token.value
    match token.type:
        case Token.OPERAND if token.subtype == Token.RANGE:
            return _OF_ITS_SHEET.fullmatch(value.strip()) is not None
        case Token.OPERAND:
            return bool(token.subtype != Token.ERROR)
        case Token.FUNC if token.subtype == Token.OPEN:
            return _is_known(value[:-1].strip())
        case Token.OP_IN | Token.OP_PRE | Token.OP_POST:
            return value.strip() in _OPERATORS
        case Token.FUNC | Token.PAREN | Token.SEP | Token.WSPACE:
            return bool(token.subtype != Token.ROW)  # a semicolon belongs to an array
        case _:
            return False


def _is_known(function: str) -> bool:
    name = function.upper()
    known = name in FORMULAE or _NEW_FUNCTION.fullmatch(name) is not None
    return known and name not in _UNSHARED


def _joins_references(tokens: Sequence[Token]) -> bool:
    """Whether a space stands between two references, where their common cells are meant."""
    solid = [token for token in tokens if token.type != Token.WSPACE]
    return any(_ends(one) and _begins(other) for one, other in pairwise(solid))


def _ends(token: Token) -> bool:
    return bool(token.type == Token.OPERAND or token.subtype == Token.CLOSE)


def _begins(token: Token) -> bool:
    return bool(token.type == Token.OPERAND or token.subtype == Token.OPEN)


def _columns(root: etree._Element) -> Iterator[list[etree._Element]]:
    """Yield each column's cells that have a plain formula, from the top."""
    cells = [cell for cell in root.iter("{*}c") if _plain(cell)]
    places = {cell: coordinate_to_tuple(cell.get("r")) for cell in cells}
    cells.sort(key=lambda cell: (places[cell][1], places[cell][0]))
    for _column, found in groupby(cells, key=lambda cell: places[cell][1]):
        yield list(found)


def _plain(cell: etree._Element) -> bool:
    formula = cell.find("{*}f")
    return formula is not None and not formula.attrib


def _runs(column: Sequence[etree._Element], copies: Copies) -> Iterator[list[etree._Element]]:
    run: list[etree._Element] = []
    above: tuple[int, Hashable] = (-1, None)
    for cell in column:
        row, _column = coordinate_to_tuple(cell.get("r"))
        form = copies.form(cell.find("{*}f").text or "", row)
        if run and above != (row - 1, form):
            yield run
            run = []
        run.append(cell)
        above = row, form
    if run:
        yield run


def _share(run: Sequence[etree._Element], index: int) -> None:
    for cell in run:
        formula = cell.find("{*}f")
        formula.set("t", "shared")
        formula.set("si", str(index))
        formula.text = formula.text if cell is run[0] else None
    run[0].find("{*}f").set("ref", f"{run[0].get('r')}:{run[-1].get('r')}")
