"""The values of a workbook's formulas, what keeps the value that it has, and what is left for Excel.

A value that a calculation made is kept unless something that it depends on is new or changed. What depends on a
cell that cannot be calculated keeps its value as well, as long as that cell does.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field

from xlsales.calculation.engine.calculation import Calculation
from xlsales.calculation.engine.values import cell_value
from xlsales.cells.digits import alike
from xlsales.cells.formulas import Formulas, cells_of
from xlsales.cells.references import Area
from xlsales.cells.values import Address, CellValue
from xlsales.functions import CATALOGUE
from xlsales.recalc.book import Book
from xlsales.texts import _

_CLOCK = r"TODAY|NOW"
_CALLS = re.compile(rf"(?<![\w.])(?:{'|'.join(CATALOGUE)}|{_CLOCK})\s*\(", re.IGNORECASE)
_ROUNDS = 6  # of formulas that turn out to depend on something changed, or not to


@dataclass
class Calculated:
    """What became of a workbook's formulas."""

    values: dict[Address, CellValue] = field(default_factory=dict)  # of formulas and of cells that they spill into
    areas: dict[Address, Area] = field(default_factory=dict)  # what array formulas fill now
    left: dict[Address, str] = field(default_factory=dict)  # formulas that are not calculated, each with the reason
    dependent: set[Address] = field(default_factory=set)  # those among them that only depend on others
    kept: set[Address] = field(default_factory=set)  # formulas with the value that they had


def calculate(book: Book, now: dt.datetime, *, everything: bool = False) -> Calculated:
    """Calculate what has no value or depends on something new; `now` is what TODAY() and NOW() say.

    With `everything`, what has a value is calculated as well.
    """
    stored = book.stored()
    wanted = book.formulas.cells.keys() if everything else _wanted(book.formulas, stored.keys())
    if not wanted and not book.formulas.rounds_as_shown:
        return Calculated(kept=set(stored))
    news = News(book, stored, wanted, now)
    calculation = news.calculation
    found = Calculated(kept=((calculation.left.keys() & stored.keys()) - news.dirty) | calculation.kept)
    found.dependent = {address for address in news.unknown if address not in calculation.left}
    message = _("it depends on {sheet}!{cell}")
    for address, (sheet, cell) in news.unknown.items():
        found.left[address] = calculation.left.get(address) or message.format(sheet=sheet, cell=cell)
    reasons = news.reasons | calculation.left
    found.left |= {address: reason for address, reason in reasons.items() if address in found.kept}
    for address, formula in book.formulas.cells.items():
        if address in found.left or address in found.kept:
            continue
        filled = calculation.filled(address) if formula.is_array else None
        if filled is not None:
            found.areas[address] = filled
        for place in cells_of(address, filled):
            found.values[place] = cell_value(calculation.value(place))
    return found


def _wanted(formulas: Formulas, stored: Set[Address]) -> set[Address]:
    """Return the formulas that are calculated whatever they have: those without a value, and with a sales function."""
    calls = _CALLS
    named: list[str] = []
    for _depth in range(5):  # names that stand for names
        named = [name for (_sheet, name), meaning in formulas.names.items() if calls.search(meaning)]
        calls = _mentioning(named)
    return {
        address for address, formula in formulas.cells.items() if address not in stored or calls.search(formula.text)
    }


def _mentioning(names: Collection[str]) -> re.Pattern[str]:
    """Return what finds the sales functions, the clock, and these names."""
    others = "".join(rf"|{re.escape(name)}(?![\w.])" for name in names)
    return re.compile(rf"{_CALLS.pattern}|(?<![\w.])(?:(?!){others})", re.IGNORECASE)


class News:
    """Finds out what depends on something changed: that is calculated, besides what is wanted, and nothing else."""

    def __init__(
        self, book: Book, stored: Mapping[Address, CellValue], wanted: Collection[Address], now: dt.datetime
    ) -> None:
        self._stored = stored
        self.dirty: set[Address] = set()  # they depend on something changed
        self.unknown: dict[Address, Address] = {}  # they have no value any more, because of another one or themselves
        self.reasons: dict[Address, str] = {}  # why some that are wanted keep what the file has
        kept = stored.keys() - set(wanted)
        self.calculation = Calculation(
            book.package, book.name, book.formulas, now, kept=kept, is_witnessed=True, sheets=book.sheets
        )
        sources = self._look(wanted)
        known = stored.keys() - set(wanted) | self._pinned()
        behind = self.calculation.depending(sources).keys() & known if sources else set()
        for _round in range(_ROUNDS):
            if known - behind == self.calculation.kept:
                break
            self.calculation = self.calculation.again(known - behind)
            self._look(wanted)
            known |= self._pinned()
            behind = self.dirty & known

    def _pinned(self) -> set[Address]:
        """Return what is not calculated and depends on nothing changed: it keeps what the file has."""
        found = {address for address in self.calculation.left if address in self._stored and address not in self.dirty}
        self.reasons |= {address: self.calculation.left[address] for address in found}
        return found

    def _look(self, wanted: Collection[Address]) -> set[Address]:
        """Find out what depends on something changed as things are; return what changed first."""
        calculation = self.calculation
        sources = set(filter(self._begins, wanted))
        self.dirty = set(calculation.depending(sources, self._passes_on)) if sources else set()
        while True:
            causes = {place for place in calculation.left if place not in self._stored or place in self.dirty}
            self.unknown = {place: place for place in causes}
            self.unknown |= calculation.depending(causes) if causes else {}
            if self.unknown.keys() - causes <= self.dirty:
                return sources
            self.dirty |= self.unknown.keys() - causes

    def _begins(self, address: Address) -> bool:
        """Whether a formula that is wanted has not what the file has for it."""
        if address not in self._stored:
            return True
        is_pinned = address in self.calculation.left or address in self.calculation.kept
        return not is_pinned and self._passes_on(address)

    def _passes_on(self, address: Address) -> bool:
        """Whether a formula that depends on something changed is changed itself."""
        calculation = self.calculation
        if address in calculation.left or address not in self._stored or address in calculation.kept:
            return True
        return differ(cell_value(calculation.value(address)), self._stored[address])


def differ(value: CellValue, other: CellValue) -> bool:
    """Whether two values look different in Excel: numbers that agree in 15 digits do not."""
    if type(value) is float and type(other) is float:
        return not alike(value, other)
    return type(value) is not type(other) or value != other
