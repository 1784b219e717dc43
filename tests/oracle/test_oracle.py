"""No value is unlike Excel's own, and no fact that came out right once is lost again."""

from __future__ import annotations

import pytest

from tests.oracle.results import AT_ONCE, RIGHT, facts, found, same

KNOWN = facts()
ONCE_RIGHT = {int(line) for line in RIGHT.read_text(encoding="utf-8").split()}


@pytest.mark.parametrize("start", range(0, len(KNOWN), AT_ONCE))
def test_values_are_those_that_excel_stored_or_left_for_it(start: int) -> None:
    some = KNOWN[start : start + AT_ONCE]
    values = dict(enumerate(found(some), start))
    wrong = {
        KNOWN[number]["formula"]: (value, KNOWN[number]["excel"], KNOWN[number]["source"])
        for number, value in values.items()
        if value is not None and not same(value, KNOWN[number]["excel"])
    }
    lost = [KNOWN[n]["formula"] for n, value in values.items() if n in ONCE_RIGHT and value is None]
    assert (wrong, lost) == ({}, [])


def test_facts_span_what_planners_and_dashboards_use() -> None:
    text = " ".join(fact["formula"] for fact in KNOWN)
    common = ("SUM(", "IF(", "COUNTIF(", "SUMIF(", "VLOOKUP(", "MATCH(", "INDEX(", "ROUND(", "DATE(", "LEFT(", "TEXT(")
    assert [name for name in common if name not in text] == []
    assert all(fact["source"] and "excel" in fact for fact in KNOWN)
