"""Filled copies of a template: calculated and written, many at once where template and writer allow it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Protocol, TypeAlias

from xlsales import memory
from xlsales.batch import plan
from xlsales.calculation.compiled import Compiled, Room, Verdict, remembered
from xlsales.cells.values import Address, CellValue
from xlsales.files import kept
from xlsales.workbook.filling import Filling
from xlsales.workbook.stamp import Base, Stamp
from xlsales.workbook.stamp import remembered as stamps
from xlsales.workbook.template import Template

Provenance: TypeAlias = Mapping[str, str]
Left: TypeAlias = Mapping[Address, str]  # formulas without a value in this copy alone, each with the reason
Copy: TypeAlias = tuple[bytes, Sequence[CellValue], Left]  # the workbook, and the values of the cells asked for

# The writers, each with the planners that a worker makes at a time, at most; the first is used where none is asked
# for. The more at a time, the faster each is calculated, and the less often the progress is told.
WRITERS: Mapping[str, int] = {"stamp": 96, "openpyxl": 4}
_OF_A_CELL = 9  # bytes: a number, and its kind


class Copies(Protocol):
    """Makes filled copies of one template, each from its inputs alone."""

    def make(
        self, fillings: Sequence[Filling], provenance: Iterable[Provenance], asked: Sequence[Address]
    ) -> Iterator[Copy]:
        """Yield a copy for each filling, with the values of the formulas asked for."""


def are_known(template: Template, writer: str, as_of: dt.date | None) -> bool:
    """Whether `copies` has nothing to find out that could be kept."""
    is_cut = writer == "openpyxl" or kept.has(_cut(template, as_of))
    return is_cut and remembered.is_known(template, as_of)


def copies(
    template: Template,
    writer: str,
    as_of: dt.date | None,
    known: Verdict | None = None,
    room: Room | None = None,
) -> Copies:
    """Open a template for copies: calculated many at once, and written so where the writer can.

    What is `known` of its formulas is the verdict that another process has found. They are calculated in `room`,
    which may be that of other templates too.
    """
    calculation = remembered.compiled(template, as_of, known)
    if writer == "openpyxl":
        from xlsales.batch import openpyxl_writer

        return _OneByOne(calculation, partial(openpyxl_writer.write, template))
    ids = calculation.text_ids
    return _ManyAtOnce(
        calculation,
        stamps.stamp(_cut(template, as_of), template, lambda: _usual(template, as_of, calculation), ids),
        room or Room(),
    )


def _cut(template: Template, as_of: dt.date | None) -> str:
    """Return the name under which a template's parts are kept as they were cut."""
    return remembered.name(f"stamp {_year(as_of)}", template, as_of)


def _year(as_of: dt.date | None) -> int | None:
    return None if as_of is None else as_of.year


def _usual(template: Template, as_of: dt.date | None, calculation: Compiled) -> Base:
    """Return what planners hold of a calendar year, which most have, before anything else is filled in."""
    year = _year(as_of)
    inputs = {} if year is None else plan.of_year(template, year)
    return Base(calculation.calculated([inputs])[0], inputs)


class _OneByOne:
    """Takes the values of each copy as Python's objects."""

    def __init__(self, calculation: Compiled, write: Callable[..., bytes]) -> None:
        self._calculation = calculation
        self._write = write

    def make(
        self, fillings: Sequence[Filling], provenance: Iterable[Provenance], asked: Sequence[Address]
    ) -> Iterator[Copy]:
        places = {address: place for place, address in enumerate(self._calculation.addresses)}
        wanted = [places[address] for address in asked]
        many = [filling.inputs for filling in fillings]
        if not many:
            return
        calculated = self._calculation.given(many)
        all_values = calculated.values(self._calculation.addresses)
        for inputs, values, origin, left in zip(many, all_values, provenance, calculated.left, strict=True):
            yield self._write(inputs, values, origin), [values[place] for place in wanted], left


class _ManyAtOnce:
    """Takes the values of all copies as arrays."""

    def __init__(self, calculation: Compiled, stamp: Stamp, room: Room) -> None:
        self._calculation = calculation
        self._stamp = stamp
        self._room = room
        self._places = calculation.places(stamp.by_sheet())

    def make(
        self, fillings: Sequence[Filling], provenance: Iterable[Provenance], asked: Sequence[Address]
    ) -> Iterator[Copy]:
        origins = iter(provenance)
        for start, stop in self._blocks(len(fillings)) if fillings else ():
            calculated = self._calculation.filled(fillings[start:stop], self._room)
            copies = self._stamp.stamped(calculated.arrays(self._places), origins)
            yield from zip(copies, calculated.values(asked), calculated.left, strict=True)

    def _blocks(self, planners: int) -> Iterator[tuple[int, int]]:
        """Yield where planners begin and end that are calculated together, about as many each time."""
        most = max(1, memory.IN_THE_MAKING // (_OF_A_CELL * self._calculation.size))
        count = -(-planners // most)
        return pairwise(planners * number // count for number in range(count + 1))
