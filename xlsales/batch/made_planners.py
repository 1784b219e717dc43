"""The planners that a run has made, in little memory: some hundred bytes each, however many there are."""

from __future__ import annotations

import json
import re
import sys
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias, overload

from xlsales.batch.run_report import Planner

_Others: TypeAlias = tuple[Any, ...]  # what many planners have in common

_SHA256 = re.compile("[0-9a-f]{64}")
_BYTES = 32  # of a SHA-256


class MadePlanners(Sequence[Planner]):
    """Takes planners as they are made, and gives them back in this order.

    Names of territories and files are those that the run knows anyway; fingerprints are kept as bytes, and what
    planners say of their figures once for all that say the same.
    """

    def __init__(self, planners: Iterable[Planner] = ()) -> None:
        """Take some planners at once."""
        self._ids: list[str] = []
        self._files: list[str] = []
        self._sums = bytearray()  # two of each
        self._alike = array("L")  # by planner, the place of the rest
        self._places: dict[str, int] = {}
        self._rest: list[_Others] = []
        self._unusual: dict[int, tuple[str, str]] = {}  # fingerprints that are none, as in a report somebody changed
        for planner in planners:
            self.append(planner)

    def append(self, planner: Planner) -> None:
        """Take one more."""
        sums = planner.sha256, planner.input_sha256
        if all(map(_SHA256.fullmatch, sums)):
            self._sums += bytes.fromhex("".join(sums))
        else:
            self._unusual[len(self)] = sums
            self._sums += bytes(2 * _BYTES)
        rest = planner.basis, planner.checks, planner.kept, planner.left_for_excel
        place = self._places.setdefault(json.dumps(rest, default=dict), len(self._rest))
        if place == len(self._rest):
            self._rest.append(rest)
        self._alike.append(place)
        self._ids.append(sys.intern(planner.territory_id))
        self._files.append(sys.intern(planner.file_name))

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, at: int) -> Planner: ...
    @overload
    def __getitem__(self, at: slice) -> list[Planner]: ...
    def __getitem__(self, at: int | slice) -> Planner | list[Planner]:
        if isinstance(at, slice):
            return [self._planner(one) for one in range(len(self))[at]]
        return self._planner(range(len(self))[at])

    def _planner(self, at: int) -> Planner:
        sums = self._unusual.get(at)
        if sums is None:
            found = self._sums[at * 2 * _BYTES : (at + 1) * 2 * _BYTES]
            sums = found[:_BYTES].hex(), found[_BYTES:].hex()
        return Planner(self._ids[at], self._files[at], *sums, *self._rest[self._alike[at]])
