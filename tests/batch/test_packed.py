"""Tasks are full, whatever the parts of the tables."""

from __future__ import annotations

import pytest

from xlsales.batch import packed
from xlsales.batch.packed import grouped
from xlsales.batch.plan import Plan
from xlsales.findings import Finding

PARTS = ["abc", "d", "", "efgh"]  # territories; those with a capital letter are finished


def plan(name: str) -> Plan:
    return Plan({"territory_id": name}, {}, "", None)


def tasks(parts: list[str], size: int) -> list[list[tuple[str, str]]]:
    """The territories of each task's chunks, with the part whose findings go with them."""
    found = [[Finding("info", str(number), "")] for number in range(len(parts))]
    given = [([*map(plan, part)], of_part) for part, of_part in zip(parts, found, strict=True)]
    groups = grouped(given, size, lambda one: one.territory_id.islower())
    return [
        [("".join(one.territory_id for one in c.plans), "".join(one.code for one in c.findings)) for c in chunks]
        for chunks in groups
    ]


@pytest.mark.parametrize(
    ("parts", "size", "expected"),
    [
        (PARTS, 2, [[("ab", "0")], [("c", ""), ("d", "1")], [("", "2"), ("ef", "3")], [("gh", "")]]),
        (PARTS, 5, [[("abc", "0"), ("d", "1"), ("", "2"), ("e", "3")], [("fgh", "")]]),
        (PARTS, 99, [[("abc", "0"), ("d", "1"), ("", "2"), ("efgh", "3")]]),
        (["ABc", "dEf"], 2, [[("ABc", "0"), ("d", "1")], [("Ef", "")]]),
        ([""], 2, [[("", "0")]]),
        ([], 2, []),
    ],
)
def test_task_has_so_many_planners_and_each_part_its_findings_once(
    parts: list[str], size: int, expected: list[list[tuple[str, str]]]
) -> None:
    assert tasks(parts, size) == expected


def test_finished_planners_do_not_wait_for_a_task_that_is_never_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_MOST_FINISHED", 3)
    assert tasks(["ABCD", "EF"], 2) == [[("ABC", "0")], [("D", ""), ("EF", "1")]]
