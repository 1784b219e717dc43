"""What goes into a planner has one fingerprint, however its rows are held."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from xlsales.batch import fingerprints
from xlsales.batch.checking import Asked, check, plans_of
from xlsales.batch.packed import Chunk
from xlsales.batch.plan import Plan
from xlsales.cells.rows import Rows
from xlsales.cells.values import InputValue
from xlsales.schema import ACCOUNTS
from xlsales.tables import parted, read_tables, validate

EXAMPLE = Path(__file__).parents[2] / "examples" / "crm" / "tables"


def test_the_fingerprint_of_rows_is_that_of_their_numbers_and_texts() -> None:
    cells: dict[str, Sequence[InputValue]] = {
        "territory_id": ["T1", "T1"],
        "account_id": ["A1", "Ä2"],
        "account_name": ["Acme", "B"],
        "segment": [None, None],
        "recent_revenue": [5.0, None],
        "last_order": [dt.date(2027, 1, 4), None],
    }
    told = {**cells, "segment": [], "recent_revenue": ["recent_revenue"], "last_order": ["2027-01-04", None]}
    texts = [told.get(column.name, []) for column in ACCOUNTS]
    rows = Rows(cells, 2)
    content = b"accounts 2\n" + bytes.fromhex("0000000000001440000000000000f87f") + json.dumps(texts).encode()
    own = b'[["Mail", "t1@x.org"]]'
    assert fingerprints.of_rows({"accounts": rows}, {}) == hashlib.sha256(content).hexdigest()
    assert fingerprints.of_rows({"accounts": rows}, {"Mail": "t1@x.org"}) == hashlib.sha256(content + own).hexdigest()


def test_the_fingerprint_is_the_same_for_rows_that_share_their_columns_and_for_others() -> None:
    apart = {
        plan.territory_id: Plan(plan.territory, {n: _alone(rows) for n, rows in plan.rows.items()}, "", None)
        for plan in plans_of(validate(read_tables(EXAMPLE)))
    }
    with parted(EXAMPLE) as parts:
        chunk = check(next(parts.apart()), Asked(None, packed=False)).chunk
    assert isinstance(chunk, Chunk)
    assert len(chunk.plans) == len(apart)
    assert all(plan.content_hash == apart[plan.territory_id].content_hash for plan in chunk.plans)


def _alone(rows: Rows) -> Rows:
    return Rows({name: list(cells) for name, cells in rows.columns.items()}, len(rows))
