"""Tables that a map counts from deals: what accounts have bought, and what weeks have brought."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from xlsales.errors import InputError
from xlsales.tables import Validated, parted, read_tables, validate
from xlsales.tables.mapping import read_map
from xlsales.tables.selection import selection
from xlsales.tables.years import FiscalYears

TERRITORIES = """territory_id,territory_name,person,fiscal_year,currency,revenue_goal
T1,North,Ada,2026,EUR,500000
T2,South,Bo,2026,EUR,500000
T3,West,Cy,2026,EUR,500000
"""
DEALS = """Id,Who,Firm,Product,Met,Closed,Value,Result
1,T1,A1,Box,2025-01-06,2025-02-03,100,Won
2,T1,A1,Bag,2026-01-07,2026-01-14,200,Won
3,T1,A1,Bag,2026-01-08,2026-01-15,999,Lost
4,T1,A2,Box,2026-01-21,2026-01-28,-50.5,Won
5,T1,A2,Box,2026-01-22,2026-01-29,150.5,Won
6,T1,A3,Box,2026-01-20,,70,Open
7,T1,,Box,2026-01-20,2026-01-20,5,Won
8,T2,A1,Can,2026-02-02,2026-02-03,300,Won
9,T2,A9,Can,2026-99-02,2026-02-04,400,Won
10,T9,A1,Can,2026-02-02,2026-02-03,300,Won
"""
FIRMS = "Id,Name\nA1,Acme\nA2,Bolt\n"
MAP = """
[deals]
from = "pipeline"
[deals.columns]
territory_id = "Who"
deal_id = "Id"
account_id = "Firm"
product = "Product"
stage = "Result"
first_appointment = "Met"
close_date = "Closed"
amount = { column = "Value", when = { outcome = "WON" } }
[deals.stages]
Won = ["CLOSED", "WON"]
Lost = ["CLOSED", "LOST"]
Open = ["PROPOSAL", "OPEN"]
[accounts]
count = "deals"
[accounts.columns]
owner = { column = "territory_id", lookup = { from = "territories", key = "territory_id", take = "person" } }
recent_revenue = { sum = "amount", within = { close_date = 12 } }
prior_revenue = { sum = "amount" }
last_order = { last = "close_date", when = { outcome = "WON" } }
last_contact = { last = ["first_appointment", "close_date"] }
plan_date = { first = "first_appointment" }
products_sold = { different = "product", when = { outcome = "WON" } }
touches_required = { count = "deal_id" }
high_value = { largest = "recent_revenue", share = 0.6 }
[accounts.columns.account_name]
column = "account_id"
lookup = { from = "firms", key = "Id", take = "Name", spelling = { A3 = "A2" } }
[activity]
count = "deals"
complete = true
[activity.columns]
first_appointments = { count = "first_appointment" }
proposals = { count = "close_date" }
won = { count = "close_date", when = { outcome = "WON" } }
revenue = { sum = "amount", week = "close_date" }
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    for name, text in {"territories": TERRITORIES, "pipeline": DEALS, "firms": FIRMS}.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def mapped(export: Path, text: str = MAP) -> Path:
    (export / "map.toml").write_text(text, encoding="utf-8")
    return export / "map.toml"


def read(export: Path, text: str = MAP, as_of: dt.date | None = None) -> Validated:
    return validate(read_tables(export, read_map(mapped(export, text))), as_of)


def test_accounts_hold_what_their_accepted_deals_say(export: Path) -> None:
    accounts = {row["account_id"]: row for row in read(export).rows("accounts", "T1")}
    assert accounts.keys() == {"A1", "A2", "A3"}
    first, second, third = accounts["A1"], accounts["A2"], accounts["A3"]
    names = ("account_name", "recent_revenue", "prior_revenue", "products_sold", "touches_required", "high_value")
    assert [first[name] for name in names] == ["Acme", 200.0, 300.0, 2, 3, "YES"]
    assert [second[name] for name in names] == ["Bolt", 100.0, 100.0, 1, 2, "NO"]
    assert [third[name] for name in names] == ["Bolt", 0.0, 0.0, 0, 1, "NO"]
    days = ("last_order", "last_contact", "plan_date")
    assert [first[name] for name in days] == [dt.date(2026, 1, 14), dt.date(2026, 1, 15), dt.date(2025, 1, 6)]
    assert [third[name] for name in days] == [None, dt.date(2026, 1, 20), dt.date(2026, 1, 20)]


def test_refused_deals_and_unknown_territories_are_counted_nowhere(export: Path) -> None:
    validated = read(export)
    assert [row["account_id"] for row in validated.rows("accounts", "T2")] == ["A1"]
    assert {"T1", "T2"} == set(validated.frames["accounts"]["territory_id"])


def test_every_week_counts_from_the_first_to_the_as_of_date_and_blank_before_anything_was_closed(export: Path) -> None:
    weeks = {row["week_start"]: row for row in read(export).rows("activity", "T1")}
    assert list(weeks) == [dt.date(2025, 1, 6) + dt.timedelta(weeks=number) for number in range(57)]
    names = ("first_appointments", "proposals", "won", "revenue")
    assert [weeks[dt.date(2025, 1, 6)][name] for name in names] == [1, None, None, None]
    assert [weeks[dt.date(2025, 2, 3)][name] for name in names] == [0, 1, 1, 100.0]
    assert [weeks[dt.date(2026, 1, 12)][name] for name in names] == [0, 2, 1, 200.0]
    assert [weeks[dt.date(2026, 2, 2)][name] for name in names] == [0, 0, 0, 0.0]
    assert list(read(export).rows("activity", "T3")) == []


def test_without_complete_only_weeks_with_something_are_listed_and_the_rest_stays_unknown(export: Path) -> None:
    weeks = list(read(export, MAP.replace("complete = true", "")).rows("activity", "T2"))
    assert [(one["week_start"], one["first_appointments"], one["won"]) for one in weeks] == [
        (dt.date(2026, 2, 2), 1, 1)
    ]
    [_one, *more] = read(export, MAP.replace("complete = true", "")).rows("activity", "T1")
    assert more[0]["first_appointments"] is None


def test_months_and_weeks_are_counted_to_the_day_that_is_asked_for(export: Path) -> None:
    validated = read(export, as_of=dt.date(2026, 2, 3))
    [first, *_rest] = (row for row in validated.rows("accounts", "T1") if row["account_id"] == "A1")
    assert first["recent_revenue"] == 200.0  # 3 February 2025 is the first day that is no longer in it
    on_the_day = read(export, as_of=dt.date(2026, 2, 2))
    [first, *_rest] = (row for row in on_the_day.rows("accounts", "T1") if row["account_id"] == "A1")
    assert first["recent_revenue"] == 300.0


def test_parts_and_a_selection_give_the_rows_of_the_whole(export: Path) -> None:
    whole, mapping = read(export), read_map(mapped(export))
    with parted(export, 3, mapping) as parts:
        assert parts.count > 1
        for validated in map(validate, parts):
            for key in validated.territory_ids:
                for name in ("accounts", "activity"):
                    assert list(validated.rows(name, key)) == list(whole.rows(name, key))
    with parted(export, mapping=mapping, selected=selection(["T2"])) as parts:
        [validated] = map(validate, parts)
        assert list(validated.rows("accounts", "T2")) == list(whole.rows("accounts", "T2"))


def test_a_year_that_is_over_is_counted_to_its_last_day(export: Path) -> None:
    earlier = [line.replace(",2026,", ",2025,") for line in TERRITORIES.splitlines()[1:]]
    (export / "territories.csv").write_text("\n".join([TERRITORIES.rstrip(), *earlier, ""]), encoding="utf-8")
    with parted(export, mapping=read_map(mapped(export)), years=FiscalYears(2025)) as parts:
        [validated] = map(validate, parts)
    [first] = (row for row in validated.rows("accounts", "T1") if row["account_id"] == "A1")
    assert (first["recent_revenue"], first["last_order"]) == (100.0, dt.date(2025, 2, 3))
    [*_weeks, last] = validated.rows("activity", "T1")
    assert last["week_start"] == dt.date(2025, 12, 29)


def test_an_account_that_the_lookup_does_not_know_is_refused_and_told(export: Path) -> None:
    validated = read(export, MAP.replace("A3 = ", "A4 = "))
    told = {(one.code, one.table) for one in validated.findings if one.table == "accounts"}
    assert told >= {("MAP_LOOKUP", "accounts"), ("MISSING", "accounts")}
    assert [row["account_id"] for row in validated.rows("accounts", "T1")] == ["A1", "A2"]
    assert validated.accounting["accounts"].refused == 1


WRONG = [
    ('count = "deals"\ncomplete', 'count = "teams"\ncomplete', "activity.count"),
    ("complete = true", 'complete = "yes"', "activity.complete"),
    ('account_id = "Firm"', "", "deals.columns.account_id: accounts are counted by it"),
    ('product = "Product"', "", "deals.columns.product: accounts.columns.products_sold counts it"),
    ('close_date = "Closed"', "", "deals.columns.close_date: accounts.columns.recent_revenue counts it"),
    ("complete = true", 'from = "weeks"', "activity.from"),
    ('{ count = "first_appointment" }', '{ count = "first_apointment" }', "did you mean first_appointment"),
    ('{ count = "first_appointment" }', '{ count = "deal_id" }', "say which day counts"),
    ('{ count = "first_appointment" }', '{ count = ["first_appointment", "close_date"] }', "one column"),
    ('{ count = "first_appointment" }', '{ count = "close_date", sum = "amount" }', "take one of count, sum"),
    ('{ sum = "amount", week = "close_date" }', '{ sum = "product", week = "close_date" }', "one column of numbers"),
    ('{ sum = "amount", week = "close_date" }', '{ sum = "amount", week = "product" }', "say which day counts"),
    ("within = { close_date = 12 }", "within = { close_date = 0 }", "give a column of days and months"),
    ("within = { close_date = 12 }", "within = { product = 12 }", "no such key"),
    ("within = { close_date = 12 }", "within = 12", "a section"),
    ("within = { close_date = 12 }", 'when = { outcom = "WON" }', "did you mean outcome"),
    ("within = { close_date = 12 }", 'week = "close_date"', "only a table of weeks"),
    ("share = 0.6", "share = 60", "give a share"),
    (", share = 0.6", "", "give a share of"),
    ('largest = "recent_revenue"', 'largest = "last_order"', "a column of numbers"),
    ('{ first = "first_appointment" }', '{ first = "product" }', "a column of days"),
    ('{ first = "first_appointment" }', '{ count = "product" }', "holds no number"),
    ('{ different = "product", when', '{ first = "close_date", when', "a day is no number"),
    ('[accounts.columns.account_name]\ncolumn = "a', '[accounts.columns.account_name]\ncolumn = "', "mean account_id"),
    ("[activity]", '[team]\ncount = "deals"\n[activity]', "team.count"),
    ("high_value = {", "segment = {", "only a column of YES and NO"),
    ("recent_revenue = {", 'account_id = "deal_id"\nrecent_revenue = {', "counted by it"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "told"), WRONG, ids=[told for _right, _wrong, told in WRONG])
def test_what_cannot_be_counted_is_one_line_with_its_place(export: Path, right: str, wrong: str, told: str) -> None:
    assert right in MAP
    with pytest.raises(InputError) as error:
        read_map(mapped(export, MAP.replace(right, wrong, 1)))
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert "map.toml" in str(error.value)


def test_a_name_that_is_needed_and_not_said_is_asked_for(export: Path) -> None:
    with pytest.raises(InputError, match=r"accounts\.columns\.account_name: it is needed"):
        read_map(mapped(export, MAP.replace("[accounts.columns.account_name]", "[accounts.columns.segment]")))


def test_a_table_that_is_there_and_counted_is_refused(export: Path) -> None:
    (export / "accounts.csv").write_text("territory_id,account_id,account_name\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"accounts\.csv, and the map counts accounts from deals"):
        read(export)


def test_nothing_to_count_is_refused(export: Path) -> None:
    with pytest.raises(InputError, match=r"counts accounts from deals, and .* has no deals"):
        read(export, MAP[MAP.index("[accounts]") :])
