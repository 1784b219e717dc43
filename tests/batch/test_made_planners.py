"""What is kept of the planners that were made is what was said of them."""

from __future__ import annotations

from hashlib import sha256

import pytest

from xlsales.batch.made_planners import MadePlanners
from xlsales.batch.run_report import Planner

LEFT = ({"formulas": 2, "first": "Start!B2", "reason": "unknown function"},)


def planner(number: int, **more: object) -> Planner:
    sums = (sha256(f"{kind}{number}".encode()).hexdigest() for kind in ("file", "input"))
    known = {"basis": {"close_ratio": "MEASURED"}, "checks": {"look": number % 2, "not_yet": 0}} | more
    return Planner(f"T{number}", f"T{number} Łódź \ud800.xlsm", *sums, **known)  # type: ignore[arg-type]


PLANNERS = [
    *map(planner, range(5)),
    planner(5, kept=3, left_for_excel=LEFT),
    Planner("", "x.xlsm", "", "", {}, {}),  # as in a report that somebody has changed
    Planner("T7", "x.xlsm", "A" * 64, "0" * 65, {}, {}),
    planner(8),
]


def test_planners_come_back_as_they_were() -> None:
    made = MadePlanners(PLANNERS)
    assert [*made] == [*MadePlanners(made)] == PLANNERS
    assert (len(made), made[0], made[-1], made[-2:]) == (9, PLANNERS[0], PLANNERS[-1], PLANNERS[-2:])
    assert PLANNERS[5] in made
    assert planner(9) not in made


@pytest.mark.parametrize("place", [9, -10])
def test_place_beyond_the_last_planner_is_none(place: int) -> None:
    with pytest.raises(IndexError):
        MadePlanners(PLANNERS)[place]


def test_nothing_made_is_nothing() -> None:
    assert not MadePlanners()
    assert [*MadePlanners()] == []
