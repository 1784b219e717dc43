"""Plans that need larger tables are made together, and told among the others."""

from __future__ import annotations

import pytest

from xlsales.batch.gathering import Tasks
from xlsales.batch.made import Made
from xlsales.batch.packed import AnyPlan, packed, unpacked
from xlsales.batch.plan import Plan, is_larger
from xlsales.cells.rows import Rows
from xlsales.findings import Finding
from xlsales.schema import DEALS

ROOM = {DEALS.name: 1}


def plan(name: str) -> Plan:
    """A territory; one with a capital letter has more deals than there is room for, one that is a digit is finished."""
    rows = Rows({"deal_id": ["D1", "D2"]}, 2) if name.isupper() else Rows({"deal_id": ["D1"]}, 1)
    return Plan({"territory_id": name}, {DEALS.name: rows}, "", None)


def is_to_be_made(plan: AnyPlan) -> bool:
    return plan.territory_id.isalpha()


def told(parts: list[str], size: int, *, sent: bool) -> tuple[list[str], list[list[tuple[str, str, str]]]]:
    """The territories of each task; and after each, the chunks that are whole: their plans, what was made, findings."""
    given = [
        (packed(plans, ["territory_id"], ROOM) if sent else plans, [Finding("info", str(number), "")])
        for number, part in enumerate(parts)
        for plans in [[*map(plan, part)]]
    ]
    tasks = Tasks(ROOM, size, is_to_be_made)
    begun = list(tasks.begun(given))
    names = [["".join(one.territory_id for one in plans)] for plans in begun]
    ended = [
        [
            (
                "".join(one.territory_id for one in chunk.plans),
                "".join(one.territory_id for one in made),
                "".join(one.code for one in chunk.findings),
            )
            for chunk, made in tasks.ended([Made(one.territory_id, "") for one in reversed(task)])
        ]
        for task in begun
    ]
    return [name for [name] in names], ended


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize(
    ("parts", "size", "tasks", "ended"),
    [
        (["abcd"], 2, ["ab", "cd"], [[("ab", "ab", "0")], [("cd", "cd", "")]]),
        (
            ["aBc", "Def"],
            3,
            ["BD", "ac", "ef"],
            [[], [("aBc", "aBc", "0")], [("Def", "Def", "1")]],
        ),
        (["Ab", "c"], 9, ["A", "bc"], [[], [("Ab", "Ab", "0"), ("c", "c", "1")]]),
        (["ABC"], 3, ["ABC", ""], [[], [("ABC", "ABC", "0")]]),
        (["aBCD"], 2, ["aB", "CD"], [[("aB", "aB", "0")], [("CD", "CD", "")]]),  # many stand together as it is
        (["a1B2"], 2, ["B", "a", ""], [[], [("a1B", "aB", "0")], [("2", "", "")]]),  # two are finished
        (
            ["aBcdefghJ"],
            2,
            ["B", "a", "cd", "ef", "gh", "J", ""],
            [
                [],
                [("aB", "aB", "0")],
                [("cd", "cd", "")],
                [("ef", "ef", "")],
                [("gh", "gh", "")],
                [],
                [("J", "J", "")],
            ],
        ),
        ([], 2, [], []),
    ],
)
def test_larger_plans_of_some_tasks_make_one_and_are_told_in_the_order_of_the_tables(
    parts: list[str], size: int, tasks: list[str], ended: list[list[tuple[str, str, str]]], *, sent: bool
) -> None:
    assert told(parts, size, sent=sent) == (tasks, ended)


def test_few_larger_plans_are_packed_alone() -> None:
    plans = [plan(name) for name in "aBcdefgHi"]
    sent = packed(plans, ["territory_id"], ROOM)
    assert unpacked(sent) == plans
    assert (
        [one.is_larger for one in sent] == [is_larger(one, ROOM) for one in plans] == [*map(str.isupper, "aBcdefgHi")]
    )
    together = [one.content for one in sent if not one.is_larger]
    alone = [one.content for one in sent if one.is_larger]
    assert (len({*together}), len({*alone}), len({*together, *alone})) == (1, 2, 3)
    assert max(map(len, alone)) < len(together[0])


def test_many_larger_plans_are_packed_with_the_others() -> None:
    plans = [plan(name) for name in "aBcD"]
    sent = packed(plans, ["territory_id"], ROOM)
    assert unpacked(sent) == plans
    assert len({one.content for one in sent}) == 1
