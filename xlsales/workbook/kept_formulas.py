"""The formulas of a template that was read before, as they are kept: unpacked when they are asked for."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from functools import cached_property
from itertools import groupby, repeat
from typing import Any

import orjson

from xlsales.cells.values import Address
from xlsales.workbook import deflated


class KeptFormulas(Mapping[Address, str]):
    """Formulas by their cells, in 9 MB of an enlarged template of ours; who needs them no more can forget them."""

    def __init__(self, content: bytes) -> None:
        """Take what `kept` has returned; raises ValueError, TypeError or KeyError for anything else."""
        self._content = content
        self._count = len(self._all)

    @cached_property
    def _all(self) -> dict[Address, str]:
        found: dict[Address, str] = {}
        for sheet, cells, texts in orjson.loads(deflated.large(self._content)):
            found.update(zip(zip(repeat(sheet), cells), texts, strict=True))
        return found

    def forget(self) -> None:
        """Give back the memory; who asks for a formula has all of them unpacked again."""
        vars(self).pop("_all", None)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_all"}

    def __getitem__(self, address: Address) -> str:
        return self._all[address]

    def __contains__(self, address: object) -> bool:
        return address in self._all

    def __iter__(self) -> Iterator[Address]:
        return iter(self._all)

    def __len__(self) -> int:
        return self._count

    def values(self) -> ValuesView[str]:
        """Return the formulas, in their order."""
        return self._all.values()

    def items(self) -> ItemsView[Address, str]:
        """Return the formulas with their cells, in their order."""
        return self._all.items()


def kept(formulas: Mapping[Address, str]) -> bytes:
    """Return formulas as bytes; raises TypeError or ValueError for half of a character."""
    groups = [(sheet, list(own)) for sheet, own in groupby(formulas, key=lambda address: address[0])]
    told = [[sheet, [cell for _sheet, cell in own], [*map(formulas.get, own)]] for sheet, own in groups]
    return deflated.small(orjson.dumps(told))
