from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.tables import Accounting, Summary, parted, validate
from xlsales.tables.shared_accounts import DifferentAccounts, SharedAccounts

MakeFolder = Callable[..., Path]
Good = dict[str, dict[str, str]]

SHARES = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 14).map("A{}".format)), max_size=40, unique=True
)  # of territory and account


@given(SHARES, st.lists(st.integers(1, 4), min_size=10, max_size=10))
def test_shared_accounts_are_counted_and_the_first_by_name_told_whatever_the_parts(
    shares: list[tuple[int, str]], part_of: list[int]
) -> None:
    parts: dict[int, list[str]] = defaultdict(list)
    for territory, account in shares:
        parts[part_of[territory]].append(account)
    counted = SharedAccounts()
    for accounts in parts.values():
        counted.add(DifferentAccounts.of(np.array(accounts, object)))
    owners = Counter(account for _territory, account in shares)
    shared = sorted(account for account, count in owners.items() if count > 1)
    assert counted.count == len(shared)
    assert counted.examples == ", ".join(shared[:3]) + ("…" if len(shared) > 3 else "")


@pytest.fixture
def summary(make_folder: MakeFolder, good: Good) -> Summary:
    """Three territories in a part each: T2 is refused, and T3 names its account as T1 does, with a space."""
    folder = make_folder(
        territories=[
            {**good["territories"], "territory_id": "T1"},
            {**good["territories"], "territory_id": "T2", "currency": "?"},
            {**good["territories"], "territory_id": "T3"},
        ],
        accounts=[
            {**good["accounts"], "territory_id": "T3", "account_id": " A1", "last_order": "2027-01-05"},
            {**good["accounts"], "territory_id": "T2", "account_id": "A1", "last_order": "2027-01-09"},
            {**good["accounts"], "territory_id": "T1", "account_id": "A1 ", "last_order": "2027-01-04"},
        ],
    )
    summary = Summary()
    with parted(folder, rows=1) as parts:
        for part in parts:
            assert "ACCOUNT_SHARED" not in [finding.code for finding in validate(part).findings]
            summary.add(validate(part))
    return summary


def test_rows_are_added_up(summary: Summary) -> None:
    assert summary.accounting == {
        "territories": Accounting(read=3, accepted=2, refused=1),
        "accounts": Accounting(read=3, accepted=2, skipped=1),
    }
    assert summary.skipped_territories == ["T2"]


def test_the_latest_day_of_all_parts_is_the_as_of_date(summary: Summary) -> None:
    assert str(summary.as_of) == "2027-01-05"


def test_what_concerns_several_parts_is_told_once(summary: Summary) -> None:
    shared, spaces = summary.findings()
    assert (shared.code, shared.file, shared.table, shared.row) == ("ACCOUNT_SHARED", "accounts.csv", "accounts", None)
    assert shared.message.startswith("1 account is in more than one territory (A1):")
    assert (spaces.code, spaces.row, spaces.value, spaces.territory_id) == ("KEY_SPACES", 2, " A1", "T3")
    assert spaces.message == "Spaces around the identifier were removed in 2 rows, first in row 2."


def test_account_whose_hash_is_nothing_is_an_account_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlsales.tables.shared_accounts.hash_array", lambda names: np.zeros(len(names), np.uint64))
    counted = SharedAccounts()
    counted.add(DifferentAccounts.of(np.array(["A1"], object)))
    assert counted.count == 0
    counted.add(DifferentAccounts.of(np.array(["A1"], object)))
    assert (counted.count, counted.examples) == (1, "A1")
