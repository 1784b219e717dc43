"""Parquet files of large row groups, as pandas and pyarrow write them: workers read them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from xlsales.batch.checking import spread
from xlsales.batch.runners import Kept
from xlsales.tables import parquet_rows, parted

ROWS = 270_000  # in one row group; pandas and pyarrow write up to 1,048,576


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Three territories, and their deals."""
    pa, files = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows = "".join(f"T{at},N{at},Ada,2027,EUR,1000\n" for at in range(3))
    header = "territory_id,territory_name,person,fiscal_year,currency,revenue_goal\n"
    (tmp_path / "territories.csv").write_text(header + rows, encoding="utf-8")
    columns = {"territory_id": [f"T{at % 3}" for at in range(ROWS)], "deal_id": [*range(ROWS)]}
    files.write_table(pa.table(columns), tmp_path / "deals.parquet")
    assert files.ParquetFile(tmp_path / "deals.parquet").num_row_groups == 1
    return tmp_path


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rows that this process has decoded."""
    noted: list[int] = []
    usual = parquet_rows.BatchRows.__init__

    def begun(rows: parquet_rows.BatchRows, *arguments: Any) -> None:
        usual(rows, *arguments)
        noted.extend(rows.rows)

    monkeypatch.setattr(parquet_rows.BatchRows, "__init__", begun)
    return noted


def test_leading_process_decodes_no_row_beyond_those_before_workers_are_asked(
    source: Path, read_here: list[int]
) -> None:
    kept = Kept()
    try:
        with parted(source, spread=partial(spread, 2, None, kept)) as parts:
            frames = [part.tables["deals"].frame for part in parts]
            assert len(frames) > 1
            assert {row: deal for one in frames for row, deal in one["deal_id"].items()} == {
                at + 2: at for at in range(ROWS)
            }
            assert all(one["territory_id"].tolist() == [f"T{at % 3}" for at in one["deal_id"]] for one in frames)
    finally:
        kept.close()
    assert read_here == [*range(2, 2 + 2 * parquet_rows.BATCH)]
