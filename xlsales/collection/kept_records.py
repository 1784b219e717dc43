"""What was read of many planners, kept outside the memory: what tells them apart stays at hand."""

from __future__ import annotations

import pickle
import tempfile
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from weakref import finalize

from xlsales.collection.planner import Planner

_IN_MEMORY = 64 << 20  # bytes that need no file
_AT_HAND = 8  # values that were read last


class Records:
    """Keeps records in a file of its own, which goes with them."""

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        """Keep so many bytes in memory; what is more goes to a file."""
        self._file = tempfile.SpooledTemporaryFile(max_size=in_memory)  # noqa: SIM115
        finalize(self, self._file.close)  # it goes with the last record
        self._end = 0
        self._names: dict[tuple[str, ...], dict[str, int]] = {}  # much the same for all records
        self._at_hand: OrderedDict[int, Any] = OrderedDict()

    def kept(self, planner: Planner) -> Planner:
        """Return the record, its values kept here; where the disk is full it stays as it is."""
        with suppress(OSError):
            return replace(
                planner,
                inputs=self._mapping([planner.inputs]),
                assumptions=self._mapping([planner.assumptions]),
                figures=self._mapping([planner.figures]),
                tables=self._mapping([{name: table} for name, table in planner.tables.items()]),
            )
        return planner

    def _mapping(self, pieces: list[Any]) -> Mapping[str, Any]:
        places: dict[str, tuple[int, int]] = {}
        for piece in pieces:
            content = pickle.dumps(list(piece.values()), protocol=pickle.HIGHEST_PROTOCOL)
            self._file.seek(self._end)
            self._file.write(content)
            places |= {key: (self._end, number) for number, key in enumerate(piece)}
            self._end += len(content)
        names = self._names.setdefault(tuple(places), {name: place for place, name in enumerate(places)})
        return _Kept(self, names, tuple(dict.fromkeys(start for start, _number in places.values())))

    def read(self, start: int) -> Any:
        """Return the values that were kept at a place."""
        found = self._at_hand.get(start)
        if found is None:
            self._file.seek(start)
            found = self._at_hand[start] = pickle.load(self._file)
            if len(self._at_hand) > _AT_HAND:
                self._at_hand.popitem(last=False)
        return found


class _Kept(Mapping[str, Any]):
    """Values by name: all of them in one place, or each in its own."""

    __slots__ = ("_names", "_records", "_starts")

    def __init__(self, records: Records, names: dict[str, int], starts: tuple[int, ...]) -> None:
        self._records, self._names, self._starts = records, names, starts

    def __getitem__(self, name: str) -> Any:
        place = self._names[name]
        if len(self._starts) == len(self._names):
            return self._records.read(self._starts[place])[0]
        return self._records.read(self._starts[0])[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> Any:
        return dict, (dict(self),)
