"""A template compiled, as data: what is calculated step by step, and what each step reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xlsales.calculation.compiled.cells import Places
from xlsales.calculation.compiled.reading import Reading
from xlsales.calculation.compiled.tree import Node
from xlsales.cells.arrays import Array
from xlsales.cells.values import Address


class Base(NamedTuple):
    """What all cells hold without inputs."""

    numbers: Array  # (places,)
    kinds: Array


@dataclass(frozen=True)
class Step:
    """Formulas of one shape that are calculated at once."""

    node: Node
    places: Array  # their own
    rows: Array
    columns: Array
    readings: Sequence[Reading]  # in the order in which the tree has its references


@dataclass(frozen=True)
class Form:
    """The formulas of a template that depend on its inputs, and all the cells that they read."""

    places: Places
    inputs: Array  # (places,): which are inputs
    base: Base
    texts: Sequence[str]  # by their ids
    steps: Sequence[Step]  # each after all that it refers to
    slots: int  # of a run's memory
    left: Mapping[Address, str]  # the formulas that are left for Excel, each with the reason
