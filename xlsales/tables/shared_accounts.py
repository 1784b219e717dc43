"""Accounts in more than one territory, counted over the parts of a source in little memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from pandas.util import hash_array

from xlsales.findings import shown

_EXAMPLES = 3


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

    def add(self, accounts: npt.NDArray[Any]) -> None:
        """Add the accounts of some territories; a territory has an account once."""
        if not len(accounts):
            return
        hashes, first, counts = np.unique(hash_array(accounts.astype(object)), return_index=True, return_counts=True)
        at = np.searchsorted(self._hashes, hashes)
        known = np.append(self._hashes, np.uint64(0))[at] == hashes
        known &= at < len(self._hashes)
        self._shared[at[known]] = True
        self._hashes = np.insert(self._hashes, at[~known], hashes[~known])
        self._shared = np.insert(self._shared, at[~known], counts[~known] > 1)
        self._choose_examples(np.searchsorted(self._hashes, hashes), accounts[first])

    def _choose_examples(self, at: npt.NDArray[np.intp], accounts: npt.NDArray[Any]) -> None:
        """Keep the shared accounts that come first by their names, whatever the order of the rows."""
        shared: list[str] = accounts[self._shared[at]].tolist()
        self._examples = sorted({*self._examples, *shared})[:_EXAMPLES]
