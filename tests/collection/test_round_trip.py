"""What a batch made comes back the same: the collected tables are input tables, and make equal planners."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.batches import PLANNERS
from tests.cells_of import cells_of
from xlsales.batch import Batch, Options, prepare
from xlsales.collection import collect
from xlsales.collection.collected import Collected
from xlsales.collection.writing import write
from xlsales.workbook import package


@pytest.fixture
def all_tables(small_tables: Any) -> Any:
    """Every table, columns of a company's own, and texts that a file of cells may spoil."""
    own = {"Telephone": "+49 170 123", "File": "=A1", "as_of": "2027", "W_Class": "007", "Class": "'-x"}
    small_tables["territories"][0] |= own | {"year_start": "2027-01-01", "planned_close_ratio": "0.3"}
    small_tables["territories"][2] |= {"Telephone": "none", "File": "@b"}
    small_tables["accounts"][0] |= {"account_name": "-5% Łódź, “x”\nand more", "plan_date": "2027-03-01"}
    small_tables["accounts"][1] |= {"wallet_share": "0.1", "potential": "1234.56", "plan_type": "MUST KEEP"}
    whose = {"territory_id": "T1"}
    small_tables["team"] = [{**whose, "name": "=Eve", "role": "Seller", "stage": "SEARCH", "hours_per_week": "12.5"}]
    talk = {**whose, "kind": "WEEKLY", "held": "2027-01-12", "topic": "'=1+1", "planned": "3", "value_to_leader": "4"}
    small_tables["checkins"] = [talk, {**whose, "kind": "MONTHLY", "held": "2027-01-29", "issue": "+more"}]
    return small_tables


@pytest.fixture
def came_back(run: Callable[..., Batch], all_tables: Any, out: Path, small_template: Path) -> Collected:
    run(all_tables)
    return collect(out, expected=out / "run.json", template=small_template, number_of_workers=1)


def planners(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in PLANNERS}


def test_batch_collect_batch_makes_equal_planners(
    came_back: Collected, out: Path, tmp_path: Path, small_template: Path
) -> None:
    assert [str(one) for one in came_back.findings if one.code != "NO_PLANNER"] == []
    assert len(came_back.planners) == len(PLANNERS)
    before = planners(out)
    for name in ("all.xlsx", "csv/territories.csv", "parquet/territories.parquet"):
        write(came_back, tmp_path / name)
        source = tmp_path / name if name.endswith("xlsx") else (tmp_path / name).parent
        again = tmp_path / f"made of {source.name}"
        with prepare(str(source), Options(again, template=small_template, workers=1)) as batch:
            batch.run()
            assert [str(one) for one in batch.findings if one.severity != "info"] == []
        assert differences(planners(again), before) == [], name


def differences(again: dict[str, bytes], before: dict[str, bytes]) -> list[Any]:
    return [told for name in again for told in _different_cells(name, again[name], before[name])]


def _different_cells(name: str, again: bytes, before: bytes) -> Iterator[Any]:
    parts, old = package.read(again), package.read(before)
    if {part for part in parts.keys() | old.keys() if parts.get(part) != old.get(part)} <= {"docProps/custom.xml"}:
        return  # the same but for their origin
    cells, old_cells = cells_of(again), cells_of(before)
    for place in cells:
        if cells[place] != old_cells.get(place):
            yield name, place, cells[place][:1], old_cells.get(place, ())[:1]


def test_the_tables_are_data_frames(came_back: Collected, small_tables: Any) -> None:
    accounts = came_back.table("accounts")
    assert isinstance(accounts, pd.DataFrame)
    wanted = [(row["territory_id"], row["account_id"]) for row in small_tables["accounts"]]
    assert sorted(zip(accounts.territory_id, accounts.account_id, strict=True)) == sorted(wanted)
    territories = came_back.territories.set_index("territory_id")
    assert territories.loc["T1", "revenue_goal"] == 500_000
    assert territories.loc["T1", "out_org_health"] == 0.75  # four of five, from one on
    assert list(territories.columns[:3]) == ["territory_name", "person", "leader"]
    assert set(territories.recalculated) == {"YES"}


def test_a_text_that_looks_like_a_formula_is_none_in_the_csv(
    run: Callable[..., Batch], small_tables: Any, out: Path, small_template: Path, tmp_path: Path
) -> None:
    small_tables["accounts"][0]["account_name"] = "=HYPERLINK(1)"
    run(small_tables)
    came_back = collect(out, template=small_template, number_of_workers=1)
    assert "=HYPERLINK(1)" in set(came_back.table("accounts").account_name)
    write(came_back, tmp_path / "all.csv")
    assert "'=HYPERLINK(1)" in (tmp_path / "all.accounts.csv").read_text(encoding="utf-8-sig")
