"""The optional table rates: totals of the overview in the group's currency."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import Tables
from xlsales.batch import Batch
from xlsales.errors import InputError

Run = Callable[..., Batch]


@pytest.fixture
def run_template(light_template: Path) -> Path:
    """What the planners show is all the same here."""
    return light_template


def rates(*rows: tuple[str, str, str]) -> list[dict[str, str]]:
    return [dict(zip(("currency", "rate", "date"), row, strict=True)) for row in rows]


def group(out: Path) -> tuple[Any, Any, list[str]]:
    """The currency and the goal of the group's total, and the lines beneath it."""
    sheet = openpyxl.load_workbook(out / "Overview.xlsx", data_only=True)["Overview"]
    rows = list(sheet.iter_rows(values_only=True))
    for at, row in enumerate(rows):
        if row[1] == "Group total":
            notes = [str(after[1]) for after in rows[at + 1 : at + 3] if after[1] and not after[0]]
            return row[5], row[6], notes
    return None, None, []


def in_currencies(tables: Tables, *currencies: str) -> Tables:
    for row, currency, goal in zip(tables["territories"], currencies, ("100", "200", "400"), strict=True):
        row |= {"currency": currency, "revenue_goal": goal}
    return tables


def told(batch: Batch) -> list[tuple[str, str]]:
    return [(one.severity, one.code) for one in batch.findings if one.table == "rates"]


def test_total_is_in_the_currency_whose_rate_is_1(run: Run, out: Path, small_tables: Tables) -> None:
    small_tables["rates"] = rates(("EUR", "1", ""), ("USD", "0.5", "2027-01-01"), ("CHF", "2", ""))
    batch = run(in_currencies(small_tables, "EUR", "USD", "CHF"))
    currency, goal, [counted] = group(out)
    assert (currency, goal) == ("EUR", 100 + 200 * 0.5 + 400 * 2)
    assert counted == "Counted in EUR: 1 CHF = 2 EUR; 1 USD = 0.5 EUR (2027-01-01)."
    assert told(batch) == []
    assert json.loads((out / "run.json").read_bytes())["rates"] == {
        "currency": "EUR",
        "rates": {
            "CHF": {"rate": 2.0, "date": None},
            "EUR": {"rate": 1.0, "date": None},
            "USD": {"rate": 0.5, "date": "2027-01-01"},
        },
    }


def test_territory_without_a_rate_is_named_and_in_no_total(run: Run, out: Path, small_tables: Tables) -> None:
    small_tables["rates"] = rates(("EUR", "1", ""), ("USD", "0.5", ""))
    batch = run(in_currencies(small_tables, "EUR", "USD", "CHF"))
    _currency, goal, [_counted, without] = group(out)
    assert goal == 200
    name = small_tables["territories"][2]["territory_name"]
    assert without == f"Not in the group total, for want of a rate: {name} (CHF)."
    assert told(batch) == [("warning", "RATE_MISSING")]


def test_latest_rate_up_to_the_day_counts(run: Run, out: Path, small_tables: Tables) -> None:
    days = (("USD", "3", "2027-03-01"), ("USD", "2", "2027-02-01"), ("USD", "1.5", ""))
    small_tables["rates"] = rates(("EUR", "1", ""), *days)
    run(in_currencies(small_tables, "EUR", "USD", "USD"))  # as of 2027-02-28
    assert group(out)[1] == 100 + 600 * 2


def test_rate_of_a_later_day_is_none(run: Run, small_tables: Tables) -> None:
    small_tables["rates"] = rates(("EUR", "1", ""), ("USD", "3", "2027-03-01"))
    assert told(run(in_currencies(small_tables, "EUR", "USD", "USD"))) == [("warning", "RATE_MISSING")]


@pytest.mark.parametrize("values", [("0.5", "2"), ("1", "1")])
def test_without_one_currency_of_rate_1_there_is_no_total(
    run: Run, out: Path, small_tables: Tables, values: tuple[str, str]
) -> None:
    small_tables["rates"] = rates(("EUR", values[0], ""), ("USD", values[1], ""))
    batch = run(in_currencies(small_tables, "EUR", "USD", "USD"))
    assert group(out) == (None, None, [])
    assert told(batch) == [("warning", "RATES_GROUP")]


def test_rows_with_a_problem_are_left_out_and_told(run: Run, out: Path, small_tables: Tables) -> None:
    bad = (("USD", "-1", ""), ("GBP", "much", ""), ("euro", "1", ""), ("CHF", "2", "soon"), ("", "3", ""))
    small_tables["rates"] = rates(("EUR", "1", ""), *bad)
    batch = run(in_currencies(small_tables, "EUR", "EUR", "USD"))
    assert [code for severity, code in told(batch) if severity == "error"] == [
        "RANGE", "NUMBER", "CURRENCY", "DATE", "MISSING",
    ]  # fmt: skip
    assert group(out)[1] == 300


def test_two_rates_of_one_day_that_differ_are_both_left_out(run: Run, out: Path, small_tables: Tables) -> None:
    small_tables["rates"] = rates(("EUR", "1", ""), ("USD", "2", ""), ("USD", "3", ""))
    batch = run(in_currencies(small_tables, "EUR", "USD", "USD"))
    assert told(batch) == [("error", "DUPLICATE"), ("error", "DUPLICATE"), ("warning", "RATE_MISSING")]
    assert group(out)[1] == 100


def test_table_without_rates_is_refused_before_anything_is_written(run: Run, out: Path, small_tables: Tables) -> None:
    small_tables["rates"] = [{"currency": "EUR"}]
    with pytest.raises(InputError, match="rate"):
        run(small_tables)
    assert not out.exists()


def test_one_currency_alone_needs_no_second_total(run: Run, out: Path, small_tables: Tables) -> None:
    small_tables["rates"] = rates(("EUR", "1", ""))
    run(in_currencies(small_tables, "EUR", "EUR", "EUR"))
    assert group(out) == (None, None, [])


def test_run_with_other_rates_is_not_the_one_to_be_resumed(run: Run, small_tables: Tables) -> None:
    small_tables["rates"] = rates(("EUR", "1", ""))
    run(small_tables)
    small_tables["rates"] = rates(("EUR", "1", ""), ("USD", "2", ""))
    with pytest.raises(InputError, match="the tables"):
        run(small_tables, resume=True)


def test_leaders_and_regions_are_added_up_in_the_groups_currency(run: Run, out: Path, small_tables: Tables) -> None:
    small_tables["rates"] = rates(("EUR", "1", ""), ("USD", "0.5", ""))
    for row, leader, region in zip(
        small_tables["territories"], ("Lee", "Lee", "Kim"), ("North", "", "North"), strict=True
    ):
        row |= {"leader": leader, "region": region}
    run(in_currencies(small_tables, "EUR", "USD", "CHF"))  # francs have no rate
    sheet = openpyxl.load_workbook(out / "Overview.xlsx", data_only=True)["Overview"]
    rows = list(sheet.iter_rows(values_only=True))
    titles = [row[0] for row in rows]
    by_leader, by_region = titles.index("By leader, in EUR"), titles.index("By region, in EUR")
    assert [rows[at][1::4][:1] + rows[at][5:7] for at in (by_leader + 1, by_leader + 2)] == [
        ("Lee", "EUR", 100 + 200 * 0.5), ("Kim", "EUR", None),
    ]  # fmt: skip
    assert (rows[by_region + 1][1], rows[by_region + 1][6]) == ("North", 100)
    assert titles.index("By leader") < by_leader < titles.index("By region") < by_region
