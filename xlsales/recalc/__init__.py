"""Recalculates workbooks that use the sales functions, whoever made them, and touches nothing but the values.

    book, formulas      what a workbook's formulas are and refer to
    calculated          their values, and what is left for Excel
    writing             the values in the workbook's parts
    files               one file after another

A formula that cannot be calculated here as Excel would gets no value, nor does one that depends on it; the
workbook then asks Excel to calculate when it opens.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from xlsales.cells.values import Address
from xlsales.recalc import book, calculated, writing
from xlsales.workbook import damaged, seals


@dataclass(frozen=True)
class Recalculated:
    """A recalculated workbook."""

    package: bytes
    formulas: int
    changed: int  # formulas that show something else than before
    left: Mapping[Address, str] = field(default_factory=dict)  # those left for Excel, each with the reason
    dependent: Set[Address] = field(default_factory=frozenset)  # those among them that only depend on others
    kept: Set[Address] = field(default_factory=frozenset)  # formulas with the value that they had, some of them left
    breaks_signature: bool = False  # whether the workbook had a digital signature, which no longer holds

    @property
    def recalculated(self) -> int:
        """How many formulas have a value that was calculated here."""
        return self.formulas - len(self.left.keys() | self.kept)


def recalculated(package: bytes, name: str, as_of: dt.date | None = None, *, everything: bool = False) -> Recalculated:
    """Recalculate a workbook's bytes; `as_of` is what TODAY() says, else the computer's clock; `name` is for errors.

    A value that Excel stored is kept unless something changed that it depends on, or `everything` is wanted.
    Raises InputError where the bytes are no workbook that can be read.
    """
    today = dt.datetime.now() if as_of is None else dt.datetime.combine(as_of, dt.time())
    with damaged.in_one_line(name):
        read = book.read(package, name)
        if not read.formulas.cells:
            return Recalculated(package, 0, 0)
        result = calculated.calculate(read, today, everything=everything)
        done = writing.written(read, result)
    left = dict(sorted(result.left.items()))
    is_broken = done.package != package and seals.is_signed(read.parts)
    count = len(read.formulas.cells)
    return Recalculated(done.package, count, done.changed, left, result.dependent, result.kept, is_broken)
