"""Planners with more rows than the template: sizes that many share, and values that no size changes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import RawWorkbook
from tests.depth import VARIABLE
from xlsales.batch import Batch
from xlsales.calculation.compiled import Compiled
from xlsales.workbook import lint
from xlsales.workbook.table_size import resized
from xlsales.workbook.template import parse, shipped

Run = Callable[..., Batch]
PLANNERS = ("T1 North.xlsm", "T2 South.xlsm", "T3 West.xlsm")


def deals(territory_id: str, count: int) -> list[dict[str, str]]:
    return [
        {"territory_id": territory_id, "deal_id": f"E{number}", "outcome": "OPEN", "amount": str(1000 + 7 * number)}
        for number in range(count)
    ]


@pytest.fixture
def larger_tables(small_tables: Any) -> Any:
    """T1 just fills a doubled table of six rows, T2 needs one row more, T3 the most of that size."""
    small_tables["deals"] = [*deals("T1", 12), *deals("T2", 13), *deals("T3", 24)]
    return small_tables


def test_tables_are_doubled_until_there_is_room(run: Run, out: Path, larger_tables: Any) -> None:
    batch = run(larger_tables)
    told = {one.territory_id: one.message for one in batch.findings if one.code == "TABLE_ENLARGED"}
    assert {territory: message.split()[-1] for territory, message in told.items()} == {
        "T1": "12.", "T2": "24.", "T3": "24."
    }  # fmt: skip
    assert [lint.check_file(out / name).faults for name in PLANNERS] == [(), (), ()]


def test_two_workers_make_the_same_larger_planners(run: Run, tmp_path: Path, larger_tables: Any) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, workers in ((one, 1), (two, 2)):
        run(larger_tables, folder=folder, workers=workers)
    assert [(one / name).read_bytes() for name in PLANNERS] == [(two / name).read_bytes() for name in PLANNERS]


LARGER = [(17, 23)]  # both tables of the small planner are doubled twice
LARGEST = [(700, 0), (0, 3000)]  # the shipped planner's, thrice: with `python tests --deep`


@pytest.mark.parametrize(("accounts", "count"), [*LARGER, *(LARGEST if os.environ.get(VARIABLE) else ())])
def test_larger_planner_gives_what_a_table_of_its_own_size_gives(
    run: Run, out: Path, small_tables: Any, small_template_xlsx: Path, accounts: int, count: int
) -> None:
    opened = small_template_xlsx if (accounts, count) in LARGER else shipped("xlsx")
    small_tables |= {"territories": small_tables["territories"][1:2], "activity": [], "org_health": []}
    small_tables["accounts"] = [
        {"territory_id": "T2", "account_id": f"A{n}", "account_name": f"Account {n}", "recent_revenue": str(100 + n)}
        for n in range(accounts)
    ]
    small_tables["deals"] = deals("T2", count)
    batch = run(small_tables, template=opened)
    assert batch.failed is False
    made = RawWorkbook(out / "T2 South.xlsx")
    sizes = {table: rows for table, rows in (("tblAccounts", accounts), ("tblDeals", count)) if rows}
    template = parse(resized(opened.read_bytes(), sizes, values_follow=True), "exact.xlsx")
    inputs = {
        place: made.sheets[place[0]][place[1]].value for place in template.inputs() if place[1] in made.sheets[place[0]]
    }
    compiled = Compiled(template)
    wanted = dict(zip(compiled.addresses, compiled.calculated([inputs])[0], strict=True))
    named = {name: place for name, place in template.names.items() if place in wanted}
    assert len(named) > 50
    wrong = {name: place for name, place in named.items() if made.sheets[place[0]][place[1]].value != wanted[place]}
    assert wrong == {}
