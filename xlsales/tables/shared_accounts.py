"""Accounts in more than one territory, counted over the parts of a source in little memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from pandas.util import hash_array

from xlsales.findings import shown

_EXAMPLES = 3


class SharedAccounts:
    """Counts the accounts that several territories have; 13 bytes for each account that there is.

    It knows an account by 64 bits of its identifier's hash: among a million accounts, the odds that two of them
    count as one are less than 1 in 30 million.
    """

    def __init__(self) -> None:
        self._hashes = np.empty(0, np.uint64)  # sorted
        self._rows = np.empty(0, np.uint32)  # the first row of each
        self._shared = np.empty(0, np.bool_)
        self._examples: dict[str, int] = {}  # with their first row

    @property
    def count(self) -> int:
        """How many accounts are in more than one territory."""
        return int(self._shared.sum())

    @property
    def examples(self) -> str:
        """The first of them, as a text to show."""
        return ", ".join(shown(name) for name in self._examples) + ("…" if self.count > _EXAMPLES else "")

    def add(self, accounts: npt.NDArray[Any], rows: npt.NDArray[Any]) -> None:
        """Add the accounts of some territories, a row of each; rows ascend, and a territory has an account once."""
        if not len(accounts):
            return
        hashes, first, counts = np.unique(hash_array(accounts.astype(object)), return_index=True, return_counts=True)
        first_rows = rows[first].astype(np.uint32)
        at = np.searchsorted(self._hashes, hashes)
        known = np.append(self._hashes, np.uint64(0))[at] == hashes
        known &= at < len(self._hashes)
        self._rows[at[known]] = np.minimum(self._rows[at[known]], first_rows[known])
        self._shared[at[known]] = True
        self._hashes = np.insert(self._hashes, at[~known], hashes[~known])
        self._rows = np.insert(self._rows, at[~known], first_rows[~known])
        self._shared = np.insert(self._shared, at[~known], counts[~known] > 1)
        self._choose_examples(np.searchsorted(self._hashes, hashes), accounts[first])

    def _choose_examples(self, at: npt.NDArray[np.intp], accounts: npt.NDArray[Any]) -> None:
        """Keep the shared accounts that come first; an account left out can only come back with a new row."""
        shared = self._shared[at]
        candidates = sorted(zip(self._rows[at[shared]].tolist(), accounts[shared].tolist(), strict=True))
        self._examples |= {name: row for row, name in candidates[:_EXAMPLES]}
        self._examples = dict(sorted(self._examples.items(), key=lambda item: item[1])[:_EXAMPLES])
