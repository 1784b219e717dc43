"""The overview of a batch: links, totals, and the long table of very many planners."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import string
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from unittest.mock import Mock
from urllib.parse import unquote

import openpyxl
import pytest

from tests.batches import PLANNERS, REPORTS, Run, contents
from tests.libreoffice import needed, recalculated
from xlsales.batch import overview, overview_values
from xlsales.batch.delivery.group_currency import GroupCurrency
from xlsales.calculation import session
from xlsales.tables.rates import Rate
from xlsales.workbook import package

if TYPE_CHECKING:
    from tests.conftest import RawWorkbook, Tables

LETTERS = [*string.ascii_uppercase, "AA", "AB", "AC"]
ReadRaw: TypeAlias = "Callable[[Path], RawWorkbook]"


@pytest.fixture
def run_template(light_template: Path) -> Path:
    """What the planners show is all the same here."""
    return light_template


def test_overview_of_very_many_planners_is_a_plain_table(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlsales.batch.overview.LONGEST", 2)
    small_tables["territories"][1]["person"] = "=1+1"
    run(small_tables)
    assert sorted(contents(out)) == sorted((*PLANNERS, "Overview.csv", *REPORTS))
    with (out / "Overview.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == list(PLANNERS)
    assert (rows[0]["territory_id"], rows[0]["fig_revenue"], rows[1]["person"]) == ("T1", "5000.0", "'=1+1")
    sheet = openpyxl.load_workbook(out / "Overview.xlsx")["Overview"]
    table = list(sheet.values)
    assert len(table) == 4
    assert [row[0] for row in table[1:]] == list(PLANNERS)
    assert table[0][:3] == ("File", "ID", "Territory")
    assert (table[1][table[0].index("Revenue")], table[2][table[0].index("Person")]) == (5000, "=1+1")
    assert [unquote(sheet.cell(row, 1).hyperlink.target) for row in (2, 3, 4)] == list(PLANNERS)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:{sheet.cell(4, len(table[0])).coordinate}")
    assert [cell.data_type for cell in sheet[3] if cell.value == "=1+1"] == ["s"]


@pytest.mark.parametrize("held", ["Overview.csv", "Overview.xlsx"])
def test_long_overview_that_is_held_leaves_its_other_form(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch, held: str
) -> None:
    monkeypatch.setattr("xlsales.batch.overview.LONGEST", 2)
    out.mkdir()
    for name in (held, f"~${held}"):
        (out / name).write_bytes(b"mine")
    batch = run(small_tables, overwrite=True)
    assert [(finding.code, finding.file) for finding in batch.findings] == [("FILE_NOT_WRITTEN", held)]
    assert contents(out)[held] == b"mine"
    (other,) = {"Overview.csv", "Overview.xlsx"} - {held}
    assert len(contents(out)[other]) > 100


def test_stopped_run_leaves_no_half_overview(
    run: Run, out: Path, small_tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlsales.batch.overview.LONGEST", 2)
    monkeypatch.setattr("xlsales.batch.overview_files.Collector.add", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run(small_tables)
    assert "Overview.xlsx" not in contents(out)
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["status"] == "stopped"
    assert not list(out.glob("*.tmp"))


@pytest.mark.parametrize("name", ["50% #1", "50%25 off", "Ünïque 北", "a [b] {c} ^d` e", "100%"])
def test_overview_links_open_files_with_unusual_names(run: Run, out: Path, small_tables: Tables, name: str) -> None:
    small_tables["territories"][0]["territory_name"] = name
    batch = run(small_tables)
    cell = openpyxl.load_workbook(out / "Overview.xlsx")["Overview"]["B6"]
    target = cell.hyperlink.target
    assert unquote(target) == batch.made[0].file_name
    assert (out / unquote(target)).is_file()
    assert not set(' #[]{}^`"<>') & set(target), "no character that a link cannot hold"
    assert cell.value == name


def test_overview_totals_each_currency_and_compares_like_with_like(
    run: Run, out: Path, small_tables: Tables, small_template: Path, read_raw: ReadRaw
) -> None:
    for territory_id, revenue in (("T2", "1000"), ("T3", "700")):
        row = {"week_start": "2027-01-18", "first_appointments": "2", "proposals": "2", "won": "1"}
        small_tables["activity"].append({"territory_id": territory_id, **row, "revenue": revenue})
    run(small_tables, template=small_template)
    sheet = read_raw(out / "Overview.xlsx").sheets["Overview"]
    totals = [[sheet[f"{letter}{row}"].value for letter in "BFGH"] for row in (9, 10)]
    assert totals == [["Total", "EUR", 750000, 6000], ["Total", "USD", 100000, 700]]
    # In EUR one sells 5,000 at a time, the other 1,000: each is the other's peer. The one in USD has no peers.
    headings = {str(sheet[f"{letter}5"].value): letter for letter in LETTERS if f"{letter}5" in sheet}
    gap, flag = headings["Average sale: gap to peers"], headings["Look at"]
    assert [sheet[f"{gap}{row}"].value for row in (6, 7)] == pytest.approx([4, -0.8])
    assert sheet[f"{gap}8"].value == ""
    assert [sheet[f"{flag}{row}"].value for row in (6, 7, 8)] == [
        "BEST PRACTICE: large average sale",
        "INVESTIGATE: small average sale",
        "",
    ]
    assert len(headings) == len(set(headings)) == sum(f"{letter}5" in sheet for letter in LETTERS), "no heading twice"


def test_overview_adds_up_leaders_and_regions_whatever_they_are_called(
    run: Run, out: Path, small_tables: Tables, read_raw: ReadRaw
) -> None:
    for row, leader, region in zip(small_tables["territories"], ("*", ">5", "*"), ("North", "", "North"), strict=True):
        row |= {"leader": leader, "region": region}
    run(small_tables)
    sheet = read_raw(out / "Overview.xlsx").sheets["Overview"]
    rows = [tuple(sheet[f"{letter}{row}"].value for letter in "BFGH") for row in (13, 14, 15, 18, 19, 20)]
    assert (sheet["A12"].value, sheet["A17"].value) == ("By leader", "By region")
    assert rows == [
        ("*", "EUR", 500000, 5000),
        (">5", "EUR", 250000, 0),
        ("*", "USD", 100000, 0),
        ("North", "EUR", 500000, 5000),
        ("North", "USD", 100000, 0),
        ("(not named)", "EUR", 250000, 0),
    ]


def test_gaps_are_those_that_each_planner_shows(
    run: Run, out: Path, small_tables: Tables, small_template: Path, read_raw: ReadRaw
) -> None:
    for territory, amount, close in (("T1", "1000", "2027-01-15"), ("T2", "550", "2027-01-09"), ("T3", "1100", "")):
        deal = {"deal_id": f"P{territory}", "outcome": "WON", "first_appointment": "2027-01-05", "amount": amount}
        small_tables["deals"].append({"territory_id": territory, **deal, "close_date": close or "2027-01-11"})
    for territory_row in small_tables["territories"]:
        territory_row["currency"] = "EUR"
    small_tables["activity"] = []
    batch = run(small_tables, template=small_template)
    sheet = read_raw(out / "Overview.xlsx").sheets["Overview"]
    headings = {str(sheet[f"{letter}5"].value): letter for letter in LETTERS if f"{letter}5" in sheet}
    gaps = [headings[name] for name in ("Average sale: gap to peers", "Cycle: gap to peers")]
    flagged = []
    for row, made in enumerate(batch.made, start=6):
        team = read_raw(out / made.file_name).sheets["Team"]
        place = next(int(cell[1:]) for cell, held in team.items() if held.value == "Verdict" and cell[0] == "J")
        shown = [team[f"H{at}"].value for at in (place + 1, place + 2)]
        assert [sheet[f"{letter}{row}"].value for letter in gaps] == pytest.approx(shown)
        flagged.append([team[f"J{at}"].value for at in (place + 1, place + 2)])
        said = str(sheet[f"{headings['Look at']}{row}"].value)
        assert [flag.partition(":")[0] for flag in said.split("; ") if flag] == [
            verdict for verdict in flagged[-1] if verdict != "OK"
        ]
    for verdicts in zip(*flagged, strict=True):
        assert {"BEST PRACTICE", "INVESTIGATE"} <= {*verdicts}


@pytest.mark.parametrize(
    ("column", "own", "flag"),
    [
        ("out_average_sale", 600.0, "INVESTIGATE: small average sale"),
        ("out_average_sale", 601.0, ""),
        ("out_average_sale", 1400.0, "BEST PRACTICE: large average sale"),
        ("out_average_sale", 1399.0, ""),
        ("out_sales_cycle_days", 700.0, "BEST PRACTICE: short sales cycle"),
        ("out_sales_cycle_days", 701.0, ""),
        ("out_sales_cycle_days", 1300.0, "INVESTIGATE: long sales cycle"),
        ("out_sales_cycle_days", 1299.0, ""),
    ],
)
def test_planners_are_flagged_from_the_limit_on_both_ways(column: str, own: float, flag: str) -> None:
    """As the roll-up and the planners flag them: 1,400 to 1,000 is a gap of 40%, though less to a computer."""
    known = overview_values.known([{"currency": "EUR", column: sale} for sale in (own, 1000.0)])
    assert known is not None
    assert known.of_row(0, "flag") == flag


def test_what_the_others_lost_is_no_measure() -> None:
    """A mean of less than 0, of credit notes, would make the best a bad one."""
    sales = [10_000.0, -2000.0, 5000.0, -4000.0]
    figures = [{"currency": "EUR" if at < 2 else "USD", "out_average_sale": sale} for at, sale in enumerate(sales)]
    known = overview_values.known(figures)
    assert known is not None
    assert [known.of_row(place, "sale_gap") for place in range(4)] == ["", pytest.approx(-1.2), "", pytest.approx(-1.8)]
    assert [known.of_row(place, "flag") for place in range(4)] == [
        *("", "INVESTIGATE: small average sale", "", "INVESTIGATE: small average sale")
    ]


@pytest.mark.parametrize(
    ("years", "said"), [(("2027",) * 3, 2027), (("2027", "2027", "2026"), "as in the last columns")]
)
def test_overview_says_of_which_year_and_as_of_when(
    run: Run,
    out: Path,
    small_tables: Tables,
    small_template: Path,
    read_raw: ReadRaw,
    years: tuple[str, ...],
    said: object,
) -> None:
    for row, year in zip(small_tables["territories"], years, strict=True):
        row["fiscal_year"] = year
    run(small_tables, as_of=dt.date(2027, 3, 1), template=small_template)
    sheet = read_raw(out / "Overview.xlsx").sheets["Overview"]
    assert (sheet["K2"].value, sheet["K3"].value) == (said, 46447)  # 1 March 2027


def test_overview_of_one_planner_compares_nobody_with_himself(
    run: Run, out: Path, small_tables: Tables, read_raw: ReadRaw
) -> None:
    tables = {name: [row for row in rows if row["territory_id"] == "T1"] for name, rows in small_tables.items()}
    run(tables)
    sheet = read_raw(out / "Overview.xlsx").sheets["Overview"]
    gaps = [letter for letter in LETTERS if f"{letter}5" in sheet and "gap to peers" in str(sheet[f"{letter}5"].value)]
    assert [sheet[f"{letter}6"].value for letter in gaps] == ["", "", ""]


def test_formulas_of_the_overview_hold_no_sentence(run: Run, out: Path, small_tables: Tables) -> None:
    run(small_tables)
    cells = [
        cell.value for row in openpyxl.load_workbook(out / "Overview.xlsx")["Overview"].iter_rows() for cell in row
    ]
    formulas = [value for value in cells if isinstance(value, str) and value.startswith("=")]
    assert [text for text in formulas if re.search("[a-z]{2}", " ".join(re.findall('"([^"]*)"', text)))] == []


def test_unknown_revenue_is_none_in_shares_and_totals(tmp_path: Path) -> None:
    planners: list[tuple[str, overview.Figures]] = [
        ("a.xlsx", _territory("T1", "EUR", "Lee", 200.0, 50.0)),
        ("b.xlsx", _territory("T2", "EUR", "Lee", 200.0, "")),
        ("c.xlsx", _territory("T3", "EUR", "Kim", 300.0, None)),
        ("d.xlsx", _territory("T4", "USD", "Kim", 400.0, "")),
    ]
    path = tmp_path / "Overview.xlsx"
    path.write_bytes(overview.overview(planners, session.blank_values))
    assert _shares(path) == {
        ("T1", "North", "EUR"): (200, 50, 0.25),
        ("T2", "North", "EUR"): (200, None, None),
        ("T3", "North", "EUR"): (300, None, None),
        ("T4", "North", "USD"): (400, None, None),
        ("", "Total", "EUR"): (700, 50, 0.25),  # of 200, not of 700
        ("", "Total", "USD"): (400, None, None),
        ("By leader", "Lee", "EUR"): (400, 50, 0.25),
        ("By leader", "Kim", "EUR"): (300, None, None),
        ("By leader", "Kim", "USD"): (400, None, None),
    }
    said = [row[2] for row in openpyxl.load_workbook(path)["Overview"].values if str(row[2]).startswith("Revenue is")]
    assert [text.partition(":")[0] for text in said] == ["Revenue is not known of 3 territories, for example North"]


@pytest.mark.parametrize(
    ("count", "currencies", "title"),
    [
        (2, ("EUR",), "Revenue against goal, by territory, EUR"),
        (2, ("EUR", "USD"), "Revenue against goal, by territory, each in its own currency"),
        (overview.MOST_BARS + 1, ("EUR",), "Revenue against goal, by leader, EUR"),
        (2, ("",), "Revenue against goal, by territory"),
    ],
)
def test_chart_says_whose_columns_it_has_and_in_which_currency(
    count: int, currencies: tuple[str, ...], title: str
) -> None:
    planners = [
        (f"{at}.xlsx", _territory(f"T{at}", currencies[at % len(currencies)], "Lee", 200.0, 50.0))
        for at in range(count)
    ]
    chart = package.read(overview.overview(planners, session.blank_values))["xl/charts/chart1.xml"].decode()
    assert re.findall(r"<a:t>(.*?)</a:t>", chart) == [title]


def test_chart_has_a_sheet_of_its_own_that_prints_on_one_page(tmp_path: Path) -> None:
    path = tmp_path / "Overview.xlsx"
    planners = [("1.xlsx", _territory("T1", "EUR", "Lee", 200.0, 50.0))]
    path.write_bytes(overview.overview(planners, session.blank_values))
    table, chart = openpyxl.load_workbook(path).worksheets
    assert (len(table._charts), len(chart._charts)) == (0, 1)
    setup = chart.page_setup
    assert (setup.orientation, setup.fitToWidth or 1, setup.fitToHeight or 1) == ("landscape", 1, 1)  # blank is 1
    assert chart.sheet_properties.pageSetUpPr.fitToPage
    assert [series.val.numRef.f for series in chart._charts[0].series] == ["Overview!$G$6:$G$6", "Overview!$H$6:$H$6"]


@pytest.mark.parametrize("in_group", [False, True])
def test_leaders_add_up_to_the_total_of_each_currency(tmp_path: Path, *, in_group: bool) -> None:
    """Whoever has no leader is there too, and one who is spelt in two ways is there once."""
    leaders = ["Lee", "", "LEE", None, "Kim"]
    planners: list[tuple[str, overview.Figures]] = [
        (f"{at}.xlsx", {**_territory(f"T{at}", currency, "", 100.0 * at + 1, 10.0 * at), "leader": leader})
        for at, (leader, currency) in enumerate(zip(leaders, ("EUR", "EUR", "EUR", "USD", "EUR"), strict=True))
    ]
    group = GroupCurrency("EUR", {"EUR": Rate(1.0, None), "USD": Rate(0.5, None)}) if in_group else None
    path = tmp_path / "Overview.xlsx"
    path.write_bytes(overview.overview(planners, session.blank_values, group))
    told = _shares(path)
    assert told["By leader", "Lee", "EUR"][:2] == (202, 20)
    assert told["By leader", "(not named)", "EUR"][:2] == (101, 10)
    for currency in ("EUR", "USD"):
        found = [goal for (section, _name, of), (goal, *_) in told.items() if (section, of) == ("By leader", currency)]
        assert sum(map(float, map(str, found))) == told["", "Total", currency][0]
    if in_group:
        found = [goal for (section, *_), (goal, *_) in told.items() if section == "By leader, in EUR"]
        assert sum(map(float, map(str, found))) == told["", "Group total", "EUR"][0]
        assert told["By leader, in EUR", "(not named)", "EUR"][:2] == (101 + 301 * 0.5, 10 + 30 * 0.5)


def test_in_the_group_s_currency_too_unknown_revenue_is_none(tmp_path: Path) -> None:
    planners: list[tuple[str, overview.Figures]] = [
        ("a.xlsx", _territory("T1", "EUR", "Lee", 200.0, 50.0)),
        ("b.xlsx", _territory("T2", "USD", "Lee", 400.0, "")),
        ("c.xlsx", _territory("T3", "USD", "Lee", 400.0, 100.0)),
        ("d.xlsx", _territory("T4", "PLN", "Kim", 900.0, 300.0)),  # no rate
    ]
    group = GroupCurrency("EUR", {"EUR": Rate(1.0, None), "USD": Rate(0.5, None)})
    path = tmp_path / "Overview.xlsx"
    path.write_bytes(overview.overview(planners, session.blank_values, group))
    told = _shares(path)
    assert told["", "Group total", "EUR"] == (600, 100, 0.25)  # 50 + 50 of 200 + 200
    assert told["By leader, in EUR", "Lee", "EUR"] == (600, 100, 0.25)
    assert told["By leader, in EUR", "Kim", "EUR"] == (None, None, None)
    assert told["", "Total", "USD"] == (800, 100, 0.25)


@needed()
@pytest.mark.libreoffice
def test_libreoffice_calculates_the_same_overviews(tmp_path: Path) -> None:
    """With one planner too, and whatever is unknown."""
    of: list[tuple[str, str, float | str | None]] = [
        *(("EUR", "Lee", 50.0), ("EUR", "*", ""), ("USD", ">5", None), ("USD", "Lee", 70.0), ("USD", "*", 90.0))
    ]
    several = [
        (f"{number}.xlsx", _territory(f"T{number}", currency, leader, 200.0 * number, revenue))
        for number, (currency, leader, revenue) in enumerate(of)
    ]
    group = GroupCurrency("EUR", {"EUR": Rate(1.0, None), "USD": Rate(0.5, None)})
    made = {
        "several": overview.overview(several, session.blank_values),
        "one": overview.overview(several[:1], session.blank_values),
        "one without revenue": overview.overview(several[1:2], session.blank_values),
        "group": overview.overview(several, session.blank_values, group),
    }
    paths = [tmp_path / f"{name}.xlsx" for name in made]
    for path, content in zip(paths, made.values(), strict=True):
        path.write_bytes(content)
    for path, again in zip(paths, recalculated(paths, tmp_path / "again"), strict=True):
        stored, found = (_formula_cells(path, values) for values in (path, again))
        assert len(stored) > 8
        assert stored.keys() == found.keys()
        for cell, value in stored.items():
            assert found[cell] == (pytest.approx(value, rel=1e-14) if isinstance(value, float) else value), cell


def _formula_cells(path: Path, values: Path) -> dict[str, object]:
    """The values that a workbook, or a copy of it, has where there are formulas; "" and none are one to openpyxl."""
    formulas, held = (
        openpyxl.load_workbook(path)["Overview"],
        openpyxl.load_workbook(values, data_only=True)["Overview"],
    )
    cells = [cell.coordinate for row in formulas.iter_rows() for cell in row if cell.data_type == "f"]
    return {cell: held[cell].value or (None if held[cell].value == "" else held[cell].value) for cell in cells}


def _territory(
    territory_id: str, currency: str, leader: str, goal: float, revenue: float | str | None
) -> overview.Figures:
    return {
        "territory_id": territory_id,
        "territory_name": "North",
        "leader": leader,
        "currency": currency,
        "revenue_goal": goal,
        "fig_revenue": revenue,
    }


def _shares(path: Path) -> dict[tuple[str, str, str], tuple[object, ...]]:
    """Goal, revenue and share of each row that has a currency, by its id or section, name and currency."""
    rows = list(openpyxl.load_workbook(path, data_only=True)["Overview"].values)
    head = next(row for row in rows if "Of goal" in row)
    name, currency, *wanted = (head.index(text) for text in ("Territory", "Currency", "Goal", "Revenue", "Of goal"))
    found, section = {}, ""
    for row in rows[rows.index(head) + 1 :]:
        if row[currency]:
            found[row[0] or section, row[name], row[currency]] = tuple(row[at] or None for at in wanted)
        section = section if row[name] else row[0] or section
    return found
