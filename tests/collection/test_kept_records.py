"""What was read of many planners is kept outside the memory, and is what it was."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest

from tests.collection.conftest import ReadPlanner
from xlsales.collection.collected import Collected, collected
from xlsales.collection.kept_records import Records
from xlsales.collection.planner import Planner, unreadable

PLANNERS = [
    Planner(
        f"T{number:02}.xlsx",
        f"T{number:02}",
        2027,
        inputs={"revenue_goal": 1000.0 + number, "leader": "Łódź <1>", "hired": dt.date(2027, 1, number + 1)},
        assumptions={"th_close_ratio": 0.25},
        figures={"out_magic_number": None, "out_revenue": "#DIV/0!"},
        tables={"accounts": {"account_id": ["A", "B"], "prior": [1.0, None]}, "deals": {"deal_id": []}},
    )
    for number in range(20)
]


@pytest.mark.parametrize("in_memory", [1, 1 << 20], ids=["in a file", "in memory"])
def test_records_are_what_they_were(in_memory: int) -> None:
    records = Records(in_memory)
    kept = [records.kept(planner) for planner in [*PLANNERS, unreadable("x.xlsx", "it is empty")]]
    assert kept[:-1] == PLANNERS
    assert [repr(planner) for planner in reversed(kept[:-1])] == [repr(planner) for planner in reversed(PLANNERS)]
    assert kept[-1].is_unreadable
    assert pickle.loads(pickle.dumps(kept[3])) == PLANNERS[3]


def test_tables_are_the_same_of_kept_records(example: Planner, read_planner: ReadPlanner) -> None:
    records = Records(1)

    def rows(of: Collected) -> list[list[list[object]]]:
        return [[list(row) for row in of.rows(name)] for name in of.names()]

    one = records.kept(example)
    assert rows(collected([one], [one], [])) == rows(collected([example], [example], []))


def test_values_stay_at_hand_where_the_disk_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    records = Records(1)
    monkeypatch.setattr(records._file, "write", full)
    assert records.kept(PLANNERS[0]) is PLANNERS[0]
