"""The faults of a call: which elements have no result, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from xlsales.functions import messages
from xlsales.functions.arguments import Argument
from xlsales.functions.errors import SalesFunctionError
from xlsales.texts import _

Shape = tuple[int, ...]
Index = tuple[int, ...]


@dataclass(frozen=True)
class Fault:
    """Why some elements have no result."""

    code: str
    argument: str
    explain: Callable[[Index], str]  # the reason for the element at this place


class Faults:
    """The faults of a call: none, one that ends it, or one per element."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.kinds: list[Fault] = []
        self.ids: np.ndarray[Any, Any] | None = None  # 0, or the number of an element's first fault

    def mark(self, where: Any, fault: Fault, *, whole: bool = False) -> None:
        """Note a fault of the elements that have none yet; of a single value, or the whole call, raise it."""
        if where is False or not np.any(where):
            return
        if whole or not self.shape:
            place = tuple(int(i) for i in np.argwhere(where)[0])
            raise SalesFunctionError(fault.code, fault.argument, fault.explain(place))
        if self.ids is None:
            self.ids = np.zeros(self.shape, dtype=np.int16)
        self.kinds.append(fault)
        self.ids[(self.ids == 0) & where] = len(self.kinds)

    def merge(self, part: Faults, elements: Any, locate: Callable[[Index], Index]) -> None:
        """Take over the faults of some elements; `locate` tells where an element is in `part`."""
        if part.ids is None:
            return
        if self.ids is None:
            self.ids = np.zeros(self.shape, dtype=np.int16)
        moved = np.where(part.ids > 0, part.ids + len(self.kinds), 0)
        before = self.ids[elements]
        self.ids[elements] = np.where(before > 0, before, moved)
        self.kinds.extend(_moved(fault, locate) for fault in part.kinds)

    def places(self) -> Iterator[tuple[Index, Fault]]:
        """Every place that has a fault, in reading order, with its fault."""
        if self.ids is not None:
            for place in map(tuple, np.argwhere(self.ids).tolist()):
                yield place, self.kinds[int(self.ids[place]) - 1]


def _moved(fault: Fault, locate: Callable[[Index], Index]) -> Fault:
    return Fault(fault.code, fault.argument, lambda place: fault.explain(locate(place)))


class Require:
    """What a function's body calls to require something of its arguments together."""

    def __init__(self, arguments: Sequence[Argument], values: Sequence[Any], faults: Faults) -> None:
        self._arguments = arguments
        self._values = values
        self._faults = faults

    def __call__(self, condition: Any, code: str, argument: str, text: str) -> None:
        """Give `code` to the elements where `condition` fails; `text` may name arguments in braces.

        A condition that the result proves (`Proof`) comes as a lambda, so that it can be left out.
        """
        if callable(condition):
            condition = condition()
        if condition is True or np.all(condition):
            return
        self._faults.mark(np.logical_not(condition), Fault(code, argument, lambda at: self._fill(text, at)))

    def _fill(self, text: str, place: Index) -> str:
        shown = {
            argument.name: messages.shown(argument.kind, element(value, self._faults.shape, place))
            for argument, value in zip(self._arguments, self._values, strict=True)
            if not argument.is_range and not argument.variadic
        }
        return _(text).format(**shown)


def element(value: Any, shape: Shape, place: Index) -> Any:
    """The value that broadcasting puts at this place."""
    if not isinstance(value, np.ndarray):
        return value
    found = np.broadcast_to(value, shape)[place] if shape else value[place]
    return found.item() if isinstance(found, np.generic) else found
