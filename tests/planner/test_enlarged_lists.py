"""A planner whose lists got more rows, or fewer: new rows that Excel adds later get the formulas of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.planner.rules import formulas, lists
from tests.planner.rules.opened import Opened
from xlsales.workbook import package, table_size


@pytest.mark.parametrize("rows", [{"tblAccounts": 40, "tblDeals": 60}, {"tblAccounts": 3, "tblDeals": 2}], ids=str)
def test_the_formula_of_new_rows_follows_the_size_of_the_list(small_template_xlsx: Path, rows: dict[str, int]) -> None:
    resized = table_size.resized(small_template_xlsx.read_bytes(), rows, values_follow=True)
    planner = Opened(package.read(resized))
    for rule in (
        lists.new_rows_calculate,
        lists.lists_have_filters,
        lists.calculated_cells_refuse_typing,
        formulas.one_formula_in_a_column,
    ):
        assert rule(planner) == []
