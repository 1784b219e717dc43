"""What the function wizard and the tooltips say. tests/planner/rules/macros.py looks at it in every planner."""

from __future__ import annotations

import pytest

from xlsales.functions import CATALOGUE
from xlsales.functions.arguments import Argument, Kind
from xlsales.workbook.parts import parse
from xlsales.workbook.vba import wizard

WORKBOOK = b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/><calcPr/></workbook>'


@pytest.mark.parametrize(
    ("function", "argument", "help"),
    [
        ("MAGIC_NUMBER", "revenue_goal", "Revenue still to be won in these weeks; 0 or less means met. (currency)"),
        (
            "MAGIC_NUMBER",
            "weeks",
            "Selling weeks in which to reach the goal, above 0 unless it is met. (weeks, optional, 52 if left out)",
        ),
        (
            "NEXT_CHECKIN",
            "cadence",
            "How often to talk; BIWEEKLY is every two weeks. "
            "(DAILY · WEEKLY · BIWEEKLY · MONTHLY · QUARTERLY · HALF-YEARLY · YEARLY)",
        ),
        ("ORG_HEALTH", "scores", "The twelve scores, one cell each, none of them blank. (points, range)"),
    ],
)
def test_argument_is_told_with_its_unit_its_words_and_its_default(function: str, argument: str, help: str) -> None:
    found = next(one for one in CATALOGUE[function].arguments if one.name == argument)
    assert wizard.argument_help(found) == help


@pytest.mark.parametrize(("length", "shown"), [(245, 255), (246, 246)])
def test_unit_is_told_only_where_the_wizard_has_room(length: int, shown: int) -> None:
    assert len(wizard.argument_help(Argument(Kind.NUMBER, "dollars", "x" * length))) == shown


def test_words_are_stored_as_they_are_with_their_signs() -> None:
    root = parse(wizard.with_help(WORKBOOK))
    texts = [text.text for text in root.iter("{*}argumentDescription")]
    assert len(texts) == sum(len(function.arguments) for function in CATALOGUE.values())
    assert any('"PROFIT" if left out' in text for text in texts)
    assert [child.tag.rpartition("}")[2] for child in root] == ["sheets", "functionGroups", "calcPr", "extLst"]


def test_tooltips_count_on_where_an_argument_may_come_again() -> None:
    rows = {row[0]: row for row in wizard.intellisense_rows()}
    assert rows["FunctionInfo"] == ["FunctionInfo", 1]
    assert rows["SALES_EXPLAIN"][3::2] == ["function_name", "argument1", "..."]
    assert rows["MAGIC_NUMBER"][3::2] == [
        "revenue_goal",
        "average_sale",
        "proposal_ratio",
        "close_ratio",
        "[weeks]",
    ]
