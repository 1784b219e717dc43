"""A batch fills the means of the peers: of the other territories, with the same currency, in the year of each."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.batches import PLANNERS, Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import RawWorkbook, Tables

    ReadRaw = Callable[[Path], RawWorkbook]


@pytest.fixture
def run_template(light_template: Path) -> Path:
    """What the planners show is all the same here."""
    return light_template


def deal(
    territory: str, number: int, amount: str, first: str = "2027-01-04", close: str = "2027-01-14"
) -> dict[str, str]:
    row = {"territory_id": territory, "deal_id": f"P{number}", "first_appointment": first, "close_date": close}
    return {**row, "outcome": "WON", "amount": amount}


@pytest.fixture
def tables(small_tables: Tables) -> Tables:
    """T1 and T2 in EUR, T3 in USD: T1 sells 5,000 on average in 20 days, T2 1,000 in 10, T3 700 in 40."""
    small_tables["activity"] = []
    small_tables["deals"] = [
        deal("T1", 1, "4000", close="2027-01-14"),
        deal("T1", 2, "6000", close="2027-02-03"),
        deal("T1", 3, "90000", first="2026-01-01", close="2026-02-01"),  # the year before
        deal("T2", 4, "1500"),
        deal("T2", 5, "-500"),  # a credit note: less revenue, no sale more
        deal("T3", 6, "700", close="2027-02-13"),
    ]
    return small_tables


def means(out: Path, read_raw: ReadRaw) -> list[tuple[object, object]]:
    books = [read_raw(out / name) for name in PLANNERS]
    return [(book.named("in_peer_average_sale"), book.named("in_peer_cycle_days")) for book in books]


def test_each_territory_gets_the_means_of_the_others_with_its_currency(
    run: Run, out: Path, tables: Tables, read_raw: ReadRaw
) -> None:
    run(tables)
    (one, two, alone) = means(out, read_raw)
    assert one == (1000, 10)
    assert two == (5000, 20)
    assert alone == (None, None)


def test_a_mean_below_nothing_is_none(run: Run, out: Path, tables: Tables, read_raw: ReadRaw) -> None:
    """Credit notes of more than was sold: no cell of a planner takes that, and nobody can be compared with it."""
    tables["deals"].append(deal("T2", 7, "-9000"))
    run(tables)
    assert means(out, read_raw)[:2] == [(None, 10), (5000, 20)]


def test_means_that_the_territory_names_itself_stay(run: Run, out: Path, tables: Tables, read_raw: ReadRaw) -> None:
    tables["territories"][0] |= {"peer_average_sale": "1234", "peer_cycle_days": "0"}
    run(tables)
    assert means(out, read_raw)[0] == (1234, 0)


def test_weeks_say_what_the_peers_sell_where_no_deal_is_won(
    run: Run, out: Path, tables: Tables, read_raw: ReadRaw
) -> None:
    tables["deals"] = [row for row in tables["deals"] if row["territory_id"] != "T2"]
    tables["activity"] = [
        {"territory_id": "T2", "week_start": "2027-01-18", "first_appointments": "3", "proposals": "3", "won": "2"}
        | {"revenue": "600"}
    ]
    run(tables)
    assert means(out, read_raw)[0] == (300, None)


def test_week_that_begins_with_the_next_year_is_not_of_this_one(
    run: Run, out: Path, tables: Tables, read_raw: ReadRaw
) -> None:
    tables["deals"] = []
    tables["territories"][1] |= {"fiscal_year": "2026", "year_start": "2026-03-01"}
    week = {"territory_id": "T2", "first_appointments": "3", "proposals": "3", "won": "2"}
    tables["activity"] = [
        {**week, "week_start": "2027-02-22", "revenue": "600"},
        {**week, "week_start": "2027-03-01", "revenue": "60000"},  # a Monday, and the first day of the next year
    ]
    run(tables)
    assert means(out, read_raw)[0] == (300, None)


def test_peers_belong_to_what_a_planner_is_made_of(run: Run, tmp_path: Path, tables: Tables) -> None:
    before = run(tables, tmp_path / "before")
    tables["deals"][3]["amount"] = "2500"  # of T2
    after = run(tables, tmp_path / "after")
    changed = [a.territory_id for a, b in zip(before.made, after.made, strict=True) if a.input_sha256 != b.input_sha256]
    assert changed == ["T1", "T2"]


def test_order_of_the_rows_changes_no_mean(run: Run, tmp_path: Path, tables: Tables) -> None:
    tables["deals"] += [deal("T2", number, f"{0.1 * number:.1f}") for number in range(7, 17)]
    before = run(tables, tmp_path / "before")
    tables["deals"].reverse()
    after = run(tables, tmp_path / "after")
    assert [one.sha256 for one in before.made] == [one.sha256 for one in after.made]


@pytest.mark.parametrize("as_of", [dt.date(2027, 2, 10), dt.date(2027, 3, 31), None])
def test_means_are_of_what_the_others_planners_show(
    run: Run, out: Path, tables: Tables, small_template: Path, read_raw: ReadRaw, as_of: dt.date | None
) -> None:
    """Typed weeks beside deals, each column by itself; deals after the day, in the first and last week of the year."""
    tables["territories"][2]["currency"] = "EUR"
    week = {"first_appointments": "3", "proposals": "3"}
    tables["activity"] = [
        {
            "territory_id": "T1",
            "week_start": "2027-01-11",
            **week,
            "won": "5",
            "revenue": "800",
        },  # not as the deals say
        {
            "territory_id": "T1",
            "week_start": "2026-12-28",
            **week,
            "won": "2",
            "revenue": "700",
        },  # begins before the year
        {"territory_id": "T2", "week_start": "2027-01-11", **week, "revenue": "4000"},  # sales are those of the deals
        {"territory_id": "T2", "week_start": "2027-03-01", **week, "won": "1"},
        {"territory_id": "T3", "week_start": "2027-02-22", **week, "won": "2", "revenue": "900"},
    ]
    tables["deals"] += [
        deal("T1", 11, "7000", close="2027-02-10"),
        deal("T1", 12, "9000", close="2027-02-11"),
        deal("T2", 13, "", close="2027-01-01"),  # a sale, of which nobody knows what it brings
        deal("T3", 14, "300", close="2027-03-31"),
        deal("T3", 15, "450", close="2027-01-20"),
    ]
    run(tables, as_of=as_of, template=small_template)
    books = [read_raw(out / name) for name in PLANNERS]
    for own, given in (("out_average_sale", "in_peer_average_sale"), ("out_sales_cycle_days", "in_peer_cycle_days")):
        shown = [float(str(book.named(own))) for book in books]
        found = [book.named(given) for book in books]
        assert found == pytest.approx([(sum(shown) - one) / 2 for one in shown]), own
