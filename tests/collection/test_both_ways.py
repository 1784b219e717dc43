"""A planner gives the same values and findings whether it is compared at a glance or one cell after another."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from tests.collection.conftest import SmallPlanner
from xlsales.collection import reading
from xlsales.collection.places import Places
from xlsales.collection.planner import Planner
from xlsales.workbook import sheet_part, sheet_values

_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"[^>]*?(?:/>|>.*?</c>)')
_HELD = (
    ("", ""),
    ("<v>7</v>", ""),
    ("<v>-0.5E1</v>", "n"),
    ("<v> 12 </v>", ""),
    ("<v>1_000</v>", ""),
    ("<v>nan</v>", ""),
    ("<v>12 %</v>", "str"),
    ("<v>1.000,50</v>", "str"),
    ("<v>_x0041_ and B</v>", "str"),
    ("<v></v>", "str"),
    ("<v>3</v>", "s"),
    ("<v>1</v>", "b"),
    ("<v>#N/A</v>", "e"),
    ("<v>2027-03-31</v>", "d"),
    ("<v>99999999</v>", "s"),
    ("<is><t>by another program</t></is>", "inlineStr"),
    ("<f>1+1</f><v>2</v>", ""),
    ("<f>1+1</f>", ""),
    ("<f>TRUE</f><v>1</v>", ""),
    ('<f>""</f><v></v>', "str"),
)


def edited(small: SmallPlanner, seed: int) -> bytes:
    """Return a planner with some cells overwritten by whatever people and programs put into cells."""
    chance, edit = random.Random(seed), small.edit()
    sheets = ["Targets", "Accounts", "Pipeline", "Functions", "Dashboard", small.at("in_growth_rate")[0]]
    for _cell in range(chance.choice([1, 12, 20])):
        sheet = chance.choice(sheets)
        reference = chance.choice(_CELL.findall(edit.text(edit.sheet(sheet))))
        edit.cell(sheet, reference, *chance.choice(_HELD))
    return edit.close()


@pytest.mark.parametrize("seed", range(12))
def test_an_edited_planner_is_told_the_same_both_ways(
    seed: int, small: SmallPlanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_both_ways(edited(small, seed), small, monkeypatch)


def assert_both_ways(package: bytes, small: SmallPlanner, monkeypatch: pytest.MonkeyPatch) -> None:
    found = planner_or_reason(small.read, package)
    with monkeypatch.context() as plain:
        plain.setattr(sheet_values, "read", sheet_part.read)
        plain.setattr(Places, "keeps_places", False)
        plain.setattr(Places, "is_identity", False)
        assert planner_or_reason(plainly(small), package) == found


def plainly(small: SmallPlanner) -> Callable[[bytes], Planner]:
    return lambda package: reading.read_bytes(package, "planner.xlsx", small.references)


def planner_or_reason(read: Callable[[bytes], Planner], package: bytes) -> str:
    try:
        return repr(read(package))
    except Exception as error:  # of a kind and with words that must be the same too
        return repr(error)


def with_a_sign_between(number: str) -> str:
    return f"{number[0]}_{number[1:]}"


def with_other_digits(number: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in number)


def with_blanks(number: str) -> str:
    return f" {number}\n"


def with_an_exponent(number: str) -> str:
    return f"{number}0E-1"


@pytest.mark.parametrize("spelled", [with_a_sign_between, with_other_digits, with_blanks, with_an_exponent])
def test_a_figure_in_an_odd_spelling_is_told_the_same_both_ways(
    spelled: Callable[[str], str], small: SmallPlanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet, reference = small.at("calc_goal")
    edit = small.edit()
    stored = re.search(rf'<c r="{reference}"[^>]*>(<f[^>]*>[^<]*</f>)<v>(\d\d+)</v>', edit.text(edit.sheet(sheet)))
    assert stored
    edit.cell(sheet, reference, f"{stored[1]}<v>{spelled(stored[2])}</v>")
    assert_both_ways(edit.close(), small, monkeypatch)
