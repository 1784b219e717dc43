"""The faults of a call: which elements have no result, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from string import Formatter
from typing import Any, TypeAlias

import numpy as np

from xlsales.functions import messages
from xlsales.functions.arguments import Argument
from xlsales.functions.errors import SalesFunctionError
from xlsales.texts import _

Shape = tuple[int, ...]
Places: TypeAlias = np.ndarray[Any, Any]  # of elements, counted in reading order
Reasons: TypeAlias = Callable[[Places], list[str]]


class Rows:
    """Some neighbouring rows of a call's elements."""

    def __init__(self, rows: slice, shape: Shape) -> None:
        self.elements = rows
        self.shape = (len(range(shape[0])[rows]), *shape[1:])
        self._shape = shape

    def of(self, cells: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """These rows of what has all of them; what broadcasts over the rows stays as it is."""
        whole = cells.ndim == len(self._shape) and len(cells) == self._shape[0]
        return cells[self.elements] if whole else cells

    def locate(self, places: Places) -> Places:
        """Where elements of the call are among these."""
        before: Places = places - self.elements.start * int(np.prod(self._shape[1:], dtype=np.intp))
        return before


class Scattered:
    """Some elements of a call in reading order, as one row."""

    def __init__(self, order: np.ndarray[Any, Any], shape: Shape) -> None:
        self.shape = order.shape
        self.elements = (order,) if len(shape) == 1 else np.unravel_index(order, shape)
        self._order = order
        self._shape = shape

    def of(self, cells: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """These elements of what broadcasts to all of them."""
        found: np.ndarray[Any, Any] = np.broadcast_to(cells, self._shape)[self.elements]
        return found

    def locate(self, places: Places) -> Places:
        """Where elements of the call are among these."""
        return np.searchsorted(self._order, places)


@dataclass(frozen=True)
class Fault:
    """Why some elements have no result."""

    code: str
    argument: str
    explain: Reasons  # the reason for each element at these places


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
            (reason,) = fault.explain(np.flatnonzero(where)[:1])
            raise SalesFunctionError(fault.code, fault.argument, reason)
        if self.ids is None:
            self.ids = np.zeros(self.shape, dtype=np.int16)
        self.kinds.append(fault)
        self.ids[(self.ids == 0) & where] = len(self.kinds)

    def mark_places(self, places: Places, fault: Fault) -> None:
        """Note a fault of the elements at these places, which have none yet."""
        if self.ids is None:
            self.ids = np.zeros(self.shape, dtype=np.int16)
        self.kinds.append(fault)
        self.ids.reshape(-1)[places] = len(self.kinds)

    def merge(self, part: Faults, some: Rows | Scattered) -> None:
        """Take over the faults of some elements, which were worked as a call of their own."""
        if part.ids is None:
            return
        if self.ids is None:
            self.ids = np.zeros(self.shape, dtype=np.int16)
        moved = np.where(part.ids > 0, part.ids + len(self.kinds), 0)
        before = self.ids[some.elements]
        self.ids[some.elements] = np.where(before > 0, before, moved)
        self.kinds.extend(_moved(fault, some.locate) for fault in part.kinds)

    def groups(self) -> Iterator[tuple[Places, Fault]]:
        """Every fault with the places of its elements, in reading order."""
        if self.ids is None:
            return
        kinds = self.ids.ravel()
        places = np.flatnonzero(kinds)
        places = places[np.argsort(kinds[places], kind="stable")]
        for some in np.split(places, np.flatnonzero(np.diff(kinds[places])) + 1):
            yield some, self.kinds[int(kinds[some[0]]) - 1]

    def reasons(self) -> Iterator[tuple[Places, list[str]]]:
        """The places of the elements that have a fault, with the reason for each."""
        for places, fault in self.groups():
            yield places, fault.explain(places)


def _moved(fault: Fault, locate: Callable[[Places], Places]) -> Fault:
    return Fault(fault.code, fault.argument, lambda places: fault.explain(locate(places)))


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
        self._faults.mark(np.logical_not(condition), Fault(code, argument, lambda places: self._fill(text, places)))

    def _fill(self, text: str, places: Places) -> list[str]:
        template = _(text)
        wanted = {field for _literal, field, _spec, _conversion in Formatter().parse(template) if field}
        columns = {
            argument.name: each_once(
                elements(value, self._faults.shape, places), partial(messages.shown, argument.kind)
            )
            for argument, value in zip(self._arguments, self._values, strict=True)
            if argument.name in wanted and not argument.is_range and not argument.variadic
        }
        rows = zip(*columns.values(), strict=True) if columns else ((),) * len(places)
        return [template.format(**dict(zip(columns, row, strict=True))) for row in rows]


def elements(value: Any, shape: Shape, places: Places) -> list[Any]:
    """The values that broadcasting puts at these places."""
    if not isinstance(value, np.ndarray):
        return [value] * len(places)
    found: list[Any] = np.broadcast_to(value, shape)[np.unravel_index(places, shape)].tolist()
    return found


def each_once(cells: Sequence[Any], told: Callable[[Any], str]) -> list[str]:
    """What is told of each cell, worked out once for cells that are the same."""
    known: dict[tuple[type, Any], str] = {}
    texts = []
    for cell in cells:
        key = (type(cell), cell)  # TRUE is no 1
        try:
            text = known[key]
        except KeyError:
            text = known[key] = told(cell)
        except TypeError:  # a list in a cell
            text = told(cell)
        texts.append(text)
    return texts
