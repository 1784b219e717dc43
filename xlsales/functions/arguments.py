"""What an argument of a sales function is: its kind, unit, help and domain.

The constructors below stand in the `Annotated[…]` of a function's parameters; name and default come from
the parameter itself:

    weeks: Annotated[Numbers, number(N_("weeks"), N_("Selling weeks left."), at_least=0, divisor=True)] = 52
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, TypeAlias, TypedDict, Unpack

import numpy as np

from xlsales.texts import N_

# What a function takes and gives: one number or word, or an array or Series of them.
Numbers: TypeAlias = Any


class Missing:
    """The type of MISSING."""

    def __repr__(self) -> str:
        return "MISSING"

    def __reduce__(self) -> str:
        return "MISSING"  # pickled and copied, it is the same one


MISSING: Final = Missing()  # an argument that the caller left out


class Kind(StrEnum):
    """What a cell of an argument holds."""

    NUMBER = "number"
    RATE = "rate"  # a fraction, shown as a percentage
    DATE = "date"  # a serial date
    CHOICE = "choice"  # one of a few words, any letter case
    FLAG = "flag"  # TRUE or FALSE
    TEXT = "text"
    ANY = "any"  # handed over as it comes


NUMERIC = frozenset({Kind.NUMBER, Kind.RATE, Kind.DATE})
LAST_DATE = 2958466.0  # the serial after 31 December 9999


@dataclass(frozen=True)
class Argument:
    """One argument of a sales function."""

    kind: Kind
    unit: str
    help: str
    name: str = ""
    default: Any = MISSING
    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    up_to: float | None = None
    divisor: bool = False  # 0 gives #DIV/0!
    spelled_above: float | None = None  # a larger share is taken only as text with its percent sign
    blank_counts: float | None = None  # in a range, what a blank stands for where the other ranges have a value
    choices: tuple[str, ...] = ()
    is_range: bool = False
    cells: int | None = None  # how many cells the range must have
    skip_blanks: bool = False  # in a range, pairwise with the function's other ranges
    keep_blank: bool = False  # a blank reaches the function, as NaN or ""
    variadic: bool = False  # the last one, given any number of times
    omitted: str = '""'  # what the native twin has in its place, where it has no default

    @property
    def required(self) -> bool:
        """Whether the argument must be given."""
        return self.default is MISSING and not self.variadic

    @property
    def is_numeric(self) -> bool:
        """Whether the function gets numbers for it."""
        return self.kind in NUMERIC

    def admits(self, low: float, high: float) -> bool:
        """Whether all numbers from `low` to `high` are in the domain, infinity never being."""
        return (
            (low >= self.at_least if self.at_least is not None else low > float("-inf"))
            and (high <= self.up_to if self.up_to is not None else high < float("inf"))
            and (self.above is None or low > self.above)
            and (self.below is None or high < self.below)
            and (self.spelled_above is None or high <= self.spelled_above)
        )

    def outside(self, values: Any, spelled: Any = False) -> Any:
        """Which of these numbers are outside the domain; NaN, standing for a blank, is not."""
        bad = abs(values) == float("inf")
        if self.above is not None:
            bad |= values <= self.above
        if self.at_least is not None:
            bad |= values < self.at_least
        if self.below is not None:
            bad |= values >= self.below
        if self.up_to is not None:
            bad |= values > self.up_to
        if self.spelled_above is not None:
            bad |= (values > self.spelled_above) & np.logical_not(spelled)
        return bad


@dataclass(frozen=True)
class Proof:
    """What a result says of the arguments, so that a million of them need no look of their own.

    When the other arguments are in their domains, those in `never_below_0` are not, and the result is finite
    and from `at_least` to `up_to`, then the arguments `of` are in their domains too, and whatever the body
    requires by a lambda holds.
    """

    of: tuple[str, ...]
    at_least: float | None = None  # None or 0
    up_to: float = sys.float_info.max
    never_below_0: tuple[str, ...] = ()


def share_of(part: str) -> Proof:
    """A result from 0 to 1 proves that `part`, divided by a whole of 0 or more, is from 0 to the whole."""
    return Proof((part,), at_least=0, up_to=1)


def quotient_of(*dividends: str) -> Proof:
    """A finite result proves that what is divided by a finite number is finite."""
    return Proof(dividends)


class Domain(TypedDict, total=False):
    """The numbers that an argument admits."""

    above: float
    at_least: float
    below: float
    up_to: float
    divisor: bool
    spelled_above: float


def number(unit: str, help: str, **domain: Unpack[Domain]) -> Argument:
    """A plain number in this unit."""
    return Argument(Kind.NUMBER, unit, help, **domain)


def money(help: str, **domain: Unpack[Domain]) -> Argument:
    """An amount in the workbook's currency."""
    return Argument(Kind.NUMBER, N_("currency"), help, **domain)


def rate(help: str, **domain: Unpack[Domain]) -> Argument:
    """A share, ratio or margin as a fraction: 0.65, shown as 65%."""
    return Argument(Kind.RATE, N_("fraction: 0.65 = 65%"), help, **domain)


def date(help: str, *, keep_blank: bool = False) -> Argument:
    """A date: an Excel serial, a Python date, or ISO text."""
    return Argument(Kind.DATE, N_("date"), help, at_least=1, below=LAST_DATE, keep_blank=keep_blank)


def choice(help: str, *words: str) -> Argument:
    """One of these words, in any letter case."""
    return Argument(Kind.CHOICE, N_("word"), help, choices=words)


def flag(help: str) -> Argument:
    """TRUE or FALSE."""
    return Argument(Kind.FLAG, N_("TRUE or FALSE"), help)


def text(help: str, *, keep_blank: bool = False) -> Argument:
    """Any text."""
    return Argument(Kind.TEXT, N_("text"), help, keep_blank=keep_blank)


def anything(help: str) -> Argument:
    """Whatever the cell holds, handed over as it comes."""
    return Argument(Kind.ANY, N_("any value"), help)


def range_of(
    cell: Argument, *, cells: int | None = None, skip_blanks: bool = True, blank_counts: float | None = None
) -> Argument:
    """A range that the function takes whole, made of cells like this one."""
    return replace(cell, is_range=True, cells=cells, skip_blanks=skip_blanks, blank_counts=blank_counts)
