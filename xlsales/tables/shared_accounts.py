"""Accounts in more than one territory, counted over the parts of a source in little memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pandas.util import hash_array

from xlsales.findings import shown

_EXAMPLES = 3


@dataclass(frozen=True)
class DifferentAccounts:
    """The accounts of some territories, each once."""

    hashes: npt.NDArray[np.uint64]  # sorted
    names: npt.NDArray[Any]
    shared: npt.NDArray[np.bool_]  # whether several of these territories have it

    @classmethod
    def of(cls, accounts: npt.NDArray[Any]) -> DifferentAccounts:
        """Look at the accounts of some territories; a territory has an account once."""
        hashes, first, counts = np.unique(hash_array(accounts.astype(object)), return_index=True, return_counts=True)
        return cls(hashes, accounts[first], counts > 1)


class SharedAccounts:
    """Counts the accounts that several territories have; 9 bytes for each account that there is.

    It knows an account by 64 bits of its identifier's hash: among a million accounts, the odds that two of them
    count as one are less than 1 in 30 million.
    """

    def __init__(self) -> None:
        self._hashes = np.empty(0, np.uint64)  # sorted
        self._shared = np.empty(0, np.bool_)
        self._examples: list[str] = []

    @property
    def count(self) -> int:
        """How many accounts are in more than one territory."""
        return int(self._shared.sum())

    @property
    def examples(self) -> str:
        """The first of them, as a text to show."""
        return ", ".join(shown(name) for name in self._examples) + ("…" if self.count > _EXAMPLES else "")

    def add(self, accounts: DifferentAccounts) -> None:
        """Add the accounts of some territories."""
        hashes = accounts.hashes
        if not len(hashes):
            return
        at = np.searchsorted(self._hashes, hashes)
        known = np.append(self._hashes, np.uint64(0))[at] == hashes
        known &= at < len(self._hashes)
        self._shared[at[known]] = True
        self._hashes = np.insert(self._hashes, at[~known], hashes[~known])
        self._shared = np.insert(self._shared, at[~known], accounts.shared[~known])
        self._choose_examples(np.searchsorted(self._hashes, hashes), accounts.names)

    def _choose_examples(self, at: npt.NDArray[np.intp], accounts: npt.NDArray[Any]) -> None:
        """Keep the shared accounts that come first by their names, whatever the order of the rows."""
        shared: list[str] = accounts[self._shared[at]].tolist()
        self._examples = sorted({*self._examples, *shared})[:_EXAMPLES]
