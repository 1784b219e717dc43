"""Formulas that no table of Excel's results proves, put to a second engine: those that both answer alike hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from xlsales.calculation.engine.dependents import area_referred, sheet_referred
from xlsales.calculation.engine.ranges import references_in
from xlsales.calculation.engine.readable import Readable
from xlsales.calculation.engine.values import cell_value
from xlsales.calculation.engine.witness import Question, answers
from xlsales.cells.columns import coordinate_to_tuple
from xlsales.cells.digits import alike
from xlsales.cells.formulas import Formulas
from xlsales.cells.references import Area
from xlsales.cells.values import Address, CellValue
from xlsales.functions import CATALOGUE, CellError

Place: TypeAlias = tuple[int, int, int]  # sheet, row, column
Values: TypeAlias = Callable[[str, Area], Sequence[Any]]

_MOST_CELLS = 20_000  # that a formula reads
_MOST_IN_ALL = 400_000
_REST = 1e-9
_UNKNOWN = {"error": "#NAME?"}  # what it says of functions that it does not have
# What depends on more than the cells that it names, or is ours.
_ELUSIVE = re.compile(
    rf"(?<![\w.])(?:TODAY|NOW|RAND\w*|OFFSET|INDIRECT|CELL|INFO|SUBTOTAL|AGGREGATE|SHEETS?|{'|'.join(CATALOGUE)})\s*\(",
    re.IGNORECASE,
)


# Functions that came as an add-in, the Analysis ToolPak: to them TRUE is no number, which neither engine knows.
_OF_THE_TOOLPAK = """
ACCRINTM AMORDEGRC AMORLINC BESSELI BESSELJ BESSELK BESSELY BIN2DEC BIN2HEX BIN2OCT COMPLEX CONVERT COUPDAYBS
COUPDAYS COUPDAYSNC COUPNCD COUPNUM COUPPCD CUMIPMT CUMPRINC DEC2BIN DEC2HEX DEC2OCT DELTA DISC DOLLARDE DOLLARFR
DURATION EDATE EFFECT EOMONTH ERF ERFC FACTDOUBLE FVSCHEDULE GCD GESTEP HEX2BIN HEX2DEC HEX2OCT INTRATE ISEVEN ISODD LCM
MDURATION MROUND MULTINOMIAL NETWORKDAYS NOMINAL OCT2BIN OCT2DEC OCT2HEX ODDFPRICE ODDFYIELD ODDLPRICE ODDLYIELD PRICE
PRICEDISC PRICEMAT QUOTIENT RANDBETWEEN RECEIVED SERIESSUM SQRTPI TBILLEQ TBILLPRICE TBILLYIELD WEEKNUM WORKDAY XIRR
XNPV YEARFRAC YIELD YIELDDISC YIELDMAT
"""
_TOOLPAK = re.compile(rf"(?<![\w.])(?:{'|'.join(_OF_THE_TOOLPAK.split())})\s*\(", re.IGNORECASE)
_TRUTH = re.compile(r"(?<![\w.])(?:TRUE|FALSE)(?![\w.])|[<>=]", re.IGNORECASE)


class Opinions(NamedTuple):
    """What a second engine says of some formulas."""

    agreed: set[Address]  # it gives what the first engine does
    answered: set[Address]  # it knows how to calculate them


def opinions(
    formulas: Formulas, texts: Readable, asked: Iterable[Address], values: Values, value: Callable[[Address], Any]
) -> Opinions:
    """Ask a second engine about some formulas.

    `values` are what cells hold, `value` is what the first engine gives for a formula.
    """
    sheets = {name.casefold(): number for number, name in enumerate(formulas.sizes)}
    cells: dict[Place, Any] = {}
    put: dict[Place, tuple[Address, float]] = {}  # each with the largest number that it reads
    for address in sorted(asked):
        read = _read(formulas, texts, address)
        if read is None or len(cells) + sum(_size(area) for _sheet, area in read) > _MOST_IN_ALL:
            continue
        seen = [one for sheet, area in read for one in _held(sheets[sheet.casefold()], area, values(sheet, area))]
        if _has_truth_for_toolpak(texts.texts[address], seen):
            continue
        cells.update(seen)
        largest = max((abs(held) for _place, held in seen if type(held) is float), default=0.0)
        put[sheets[address[0].casefold()], *coordinate_to_tuple(address[1])] = address, largest
    question = Question(list(formulas.sizes))
    question.cells = [(*place, held) for place, held in cells.items() if place not in put]
    question.formulas = [(*place, texts.texts[address]) for place, (address, _largest) in put.items()]
    found = Opinions(set(), set())
    for (address, largest), answer in zip(put.values(), answers(question), strict=True):
        own = cell_value(value(address))
        if _agree(own, answer) and not _is_rest(own, largest):
            found.agreed.add(address)
        if answer is not None and answer != _UNKNOWN:
            found.answered.add(address)
    return found


def _has_truth_for_toolpak(text: str, seen: Iterable[tuple[Place, Any]]) -> bool:
    return _TOOLPAK.search(text) is not None and (
        _TRUTH.search(text) is not None or any(isinstance(held, bool) for _place, held in seen)
    )


def _read(formulas: Formulas, texts: Readable, address: Address) -> list[tuple[str, Area]] | None:
    """Return the cells that a formula reads; nothing where it is not for the second engine."""
    text = texts.texts[address]
    if address in texts.named or formulas.cells[address].is_array or _ELUSIVE.search(text):
        return None
    known = {name.casefold(): name for name in formulas.sizes}
    found = []
    for reference in references_in(text):
        sheet = known.get(sheet_referred(reference, address[0]).casefold())
        if sheet is None or reference.end_prefix:
            return None
        area, (rows, columns) = area_referred(reference), formulas.sizes[sheet]
        seen = area._replace(right=min(area.right, columns), bottom=min(area.bottom, rows))
        if _size(seen):  # behind the last cell of a sheet all are blank
            found.append((sheet, seen))
    return found if sum(_size(area) for _sheet, area in found) <= _MOST_CELLS else None


def _size(area: Area) -> int:
    return max(area.right - area.left + 1, 0) * max(area.bottom - area.top + 1, 0)


def _held(sheet: int, area: Area, values: Sequence[Any]) -> Iterator[tuple[Place, Any]]:
    width = area.right - area.left + 1
    for number, value in enumerate(values):
        if value is not None:
            held = cell_value(value)
            place = (sheet, area.top + number // width, area.left + number % width)
            yield place, {"error": held.code} if isinstance(held, CellError) else held


def _is_rest(value: CellValue, largest: float) -> bool:
    """Whether a number is what large ones leave of one another: its digits depend on the order of calculation."""
    return type(value) is float and 0 < abs(value) < _REST * largest


def _agree(value: CellValue, other: Any) -> bool:
    """Whether two engines say the same; which error Excel shows is not for them to tell."""
    if isinstance(other, int) and not isinstance(other, bool):
        other = float(other)
    if type(value) is float and type(other) is float:
        return alike(value, other)
    return type(value) is type(other) and value == other
