"""Thirty-five planners from a CRM export: complete, calculated, and right by the export itself.

What every planner must say is worked out here with pandas from the export as published, not from the input
tables that the batch reads, and by rules written a second time.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import openpyxl
import pandas as pd
import pytest

from xlsales.schema import ACCOUNTS, ACTIVITY, DEALS, Kind, Table

if TYPE_CHECKING:
    from tests.conftest import MadeBatch, RawWorkbook

TEMPLATE = Path(__file__).parents[2] / "workbook" / "Sales Planner.xlsm"
AS_OF = pd.Timestamp("2017-12-31")
LONGER = ("T01", "T10", "T24", "T31")  # planners with more deals than the template has rows for
# The planner counts whole weeks. 2017 began on a Sunday, so its first week began on Monday 26 December 2016.
YEAR_FROM = pd.Timestamp("2016-12-26")
# The 13 weeks to the as-of date begin on Mondays from 2 October to 25 December 2017.
LATELY_FROM, LATELY_WEEKS = pd.Timestamp("2017-10-02"), 13
SELLING_WEEKS, PROPOSAL_RATIO = 44, 0.65  # assumptions.toml


@pytest.fixture(scope="session")
def deals(crm_export: Path) -> pd.DataFrame:
    """The export's opportunities with list price."""
    pipeline = pd.read_csv(crm_export / "sales_pipeline.csv", parse_dates=["engage_date", "close_date"])
    products = pd.read_csv(crm_export / "products.csv")
    pipeline["product"] = pipeline["product"].replace("GTXPro", "GTX Pro")
    joined = pipeline.merge(products, on="product", how="left", validate="many_to_one")
    assert joined["sales_price"].notna().all()
    return joined


@pytest.fixture(scope="session")
def expected(crm_export: Path, deals: pd.DataFrame) -> pd.DataFrame:
    """What the planners must show, one row for each territory, a column for each defined name."""
    agents = pd.read_csv(crm_export / "sales_teams.csv")
    agents.index = pd.Index([f"T{number:02}" for number in range(1, len(agents) + 1)])
    figures = pd.DataFrame.from_records(
        [_figures(deals[deals["sales_agent"] == agent]) for agent in agents["sales_agent"]],
        index=agents.index,
    ).join(agents)
    busy = figures["fig_accounts"] > 0
    quarter = deals["close_date"].between("2017-04-01", "2017-06-30")
    won_in_quarter = deals[quarter].groupby("sales_agent")["close_value"].sum()
    pace = figures["sales_agent"].map(won_in_quarter * 10 / 3).round()
    opening = pace.fillna(round(pace.median()))
    figures["in_revenue_goal"] = (opening * 1.1).round()
    won = deals[deals["deal_stage"] == "Won"]
    company_sale = round(won["close_value"].mean(), 2)
    company_ratio = round(len(won) / deals["close_date"].notna().sum(), 4)
    figures["calc_average_sale"] = figures["out_average_sale"].where(busy, company_sale)
    figures["calc_close_ratio"] = figures["out_close_ratio"].where(busy, company_ratio)
    figures["out_magic_number"] = (
        figures["in_revenue_goal"]
        / figures["calc_average_sale"]
        / PROPOSAL_RATIO
        / figures["calc_close_ratio"]
        / SELLING_WEEKS
    )
    figures["out_activity_barometer"] = figures["fig_per_week"] / figures["out_magic_number"]
    figures["fig_goal_to_date"] = figures["in_revenue_goal"]  # the year is over
    figures["fig_trajectory"] = figures["fig_revenue"]
    # every planner asks about 100,000 at a margin of 50% and a discount of 20%
    figures["out_breakeven_profit"] = 125_000.0  # 100,000 ÷ (1 − 20%)
    figures["out_breakeven_price"] = 400_000 / 3  # 100,000 × 80% × 50% ÷ (50% − 20%)
    return figures


def _figures(mine: pd.DataFrame) -> dict[str, float]:
    """Count one agent's figures; NaN where there is nothing to measure."""
    closed, won = mine[mine["close_date"].notna()], mine[mine["deal_stage"] == "Won"]
    engaged = mine["engage_date"]
    open_deals = mine[mine["close_date"].isna()]
    first_appointments, proposals = int((engaged >= YEAR_FROM).sum()), len(closed)
    ratio = proposals / max(first_appointments, 1)
    return {
        "fig_first_appointments": first_appointments if len(mine) else math.nan,
        "fig_proposals": proposals if len(mine) else math.nan,  # nothing is known of who has no deals
        "fig_won": len(won) if len(mine) else math.nan,
        "fig_revenue": won["close_value"].sum() if len(mine) else math.nan,
        "fig_per_week": (engaged >= LATELY_FROM).sum() / (LATELY_WEEKS * SELLING_WEEKS / 52) if len(mine) else math.nan,
        "fig_month": 12,
        "fig_share_to_date": 1,
        "fig_open_deals": len(open_deals) if len(mine) else math.nan,
        "fig_open_forecast": open_deals["sales_price"].sum() if len(mine) else math.nan,
        "fig_accounts": mine["account"].nunique(),
        # A ratio above 100% is a mistake in the data, and not shown.
        "out_proposal_ratio": ratio if 0 < ratio <= 1 else math.nan,
        "out_close_ratio": len(won) / proposals if proposals else math.nan,
        "out_average_sale": won["close_value"].mean(),
        "out_sales_cycle_days": (closed["close_date"] - closed["engage_date"]).dt.days.mean(),
    }


KPIS = (
    "fig_first_appointments", "fig_proposals", "fig_won", "fig_revenue", "fig_per_week", "fig_month",
    "fig_share_to_date", "fig_goal_to_date", "fig_trajectory", "fig_open_deals", "fig_open_forecast",
    "fig_accounts", "out_proposal_ratio", "out_close_ratio", "out_average_sale", "out_sales_cycle_days",
    "calc_average_sale", "calc_close_ratio", "out_magic_number", "out_activity_barometer",
    "out_breakeven_profit", "out_breakeven_price", "in_revenue_goal",
)  # fmt: skip


def same(found: object, wanted: float) -> bool:
    """Whether a cell shows a figure, to 1e-9 relative; nothing where there is none."""
    if math.isnan(wanted):
        return found in ("", None)
    return isinstance(found, float) and math.isclose(found, wanted, rel_tol=1e-9)


def test_every_agent_has_a_planner_named_for_the_territory(crm_batch: MadeBatch, crm_export: Path) -> None:
    with (crm_export / "sales_teams.csv").open(encoding="utf-8", newline="") as file:
        agents = [row["sales_agent"] for row in csv.DictReader(file)]
    planners = [f"T{number:02} {agent}.xlsm" for number, agent in enumerate(agents, start=1)]
    assert len(planners) == 35
    found = sorted(path.name for path in crm_batch.folder.iterdir())
    assert found == sorted([*planners, "Overview.xlsx", "findings.csv", "findings.xlsx", "run.json"])


class Written(NamedTuple):
    """A cell with a formula, as its sheet has it."""

    formula: bytes  # with the attributes of those that are shared
    value: bytes | None
    kind: bytes


CELL = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*)>(<f[^>]*/>|<f[^>]*>[^<]*</f>)(?:<v>([^<]*)</v>|(<v/>))?')
KIND = re.compile(rb' t="(\w+)"')


def written(planner: RawWorkbook) -> dict[str, Written]:
    """The cells with formulas of all sheets: 35 planners have a million of them."""
    found = {}
    for name, part in planner.parts.items():
        if name.startswith("xl/worksheets/sheet"):
            cells = CELL.findall(part)
            assert len(cells) == len(re.findall(rb"<f[ />]", part)), name
            for address, attributes, formula, value, is_empty in cells:
                kind = KIND.search(attributes)
                stored = value if value or is_empty else None
                found[f"{name}!{address.decode()}"] = Written(formula, stored, kind[1] if kind else b"")
    return found


def test_every_formula_of_every_planner_has_its_value(
    crm_batch: MadeBatch, read_raw: Callable[[Path], RawWorkbook]
) -> None:
    template = {place: cell.formula for place, cell in written(read_raw(TEMPLATE)).items()}
    assert len(template) > 4000
    for territory_id, planner in crm_batch.planners.items():
        formulas = written(planner)
        if territory_id in LONGER:
            assert len(formulas) > len(template) + 38 * 19, territory_id  # 438 deals at least, and 19 formulas in a row
        else:
            assert {place: cell.formula for place, cell in formulas.items()} == template, territory_id
        bare = [place for place, cell in formulas.items() if cell.value is None]
        assert bare == [], territory_id
        unmarked = [place for place, cell in formulas.items() if cell.value == b"" and cell.kind != b"str"]
        assert unmarked == [], f"{territory_id}: an empty text that is not marked as text"


def test_cells_with_formulas_are_those_that_a_reader_of_xml_finds(crm_batch: MadeBatch) -> None:
    planner = crm_batch.planners["T02"]
    found, read = written(planner), [cell for _place, cell in planner.formulas()]
    assert len(found) == len(read)
    assert Counter(cell.kind.decode() for cell in found.values()) == Counter(cell.kind for cell in read)
    assert Counter(cell.value == b"" for cell in found.values()) == Counter(cell.stored == "" for cell in read)


def test_no_cell_of_any_planner_is_an_error(crm_batch: MadeBatch) -> None:
    for territory_id, planner in crm_batch.planners.items():
        for name, part in planner.parts.items():
            if name.startswith("xl/worksheets/sheet"):
                assert b' t="e"' not in part, f"{territory_id}, {name}"


def test_openpyxl_sees_a_value_beside_each_formula(crm_batch: MadeBatch) -> None:
    path = crm_batch.folder / "T10 Darcel Schlecht.xlsm"
    formulas = openpyxl.load_workbook(path, keep_vba=False)
    values = openpyxl.load_workbook(path, data_only=True, keep_vba=False)
    raw = crm_batch.planners["T10"]
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    value = values[sheet.title][cell.coordinate].value
                    empty = raw.sheets[sheet.title][cell.coordinate].stored == ""
                    assert (value is None) == empty, f"{sheet.title}!{cell.coordinate}"
    assert values["Functions"]["C8"].value == 1_153_214  # the export's largest revenue, Darcel Schlecht's


@pytest.mark.parametrize("name", KPIS)
def test_figure_is_that_of_the_export_in_every_planner(crm_batch: MadeBatch, expected: pd.DataFrame, name: str) -> None:
    wrong = {
        territory_id: (found, wanted)
        for territory_id, wanted in expected[name].items()
        if not same(found := crm_batch.planners[str(territory_id)].named(name), wanted)
    }
    assert wrong == {}


def test_the_planners_together_are_the_export(crm_batch: MadeBatch) -> None:
    def total(name: str) -> float:
        return sum(v for p in crm_batch.planners.values() if isinstance(v := p.named(name), float))

    # 8,800 opportunities: 6,711 decided, 4,238 of them won, and 2,089 open.
    assert (total("fig_proposals"), total("fig_won"), total("fig_open_deals")) == (6711, 4238, 2089)
    assert total("fig_revenue") == 10_005_534


def test_five_agents_without_deals_plan_with_the_companys_figures(crm_batch: MadeBatch) -> None:
    idle = [key for key, planner in crm_batch.planners.items() if planner.named("fig_accounts") == 0]
    assert len(idle) == 5
    for territory_id in idle:
        planner = crm_batch.planners[territory_id]
        assert planner.named("out_average_sale") == ""
        # 10,005,534 ÷ 4,238 = 2,360.91; 4,238 ÷ 6,711 = 0.6315
        assert planner.named("in_planned_average_sale") == planner.named("calc_average_sale") == 2360.91
        assert planner.named("in_planned_close_ratio") == planner.named("calc_close_ratio") == 0.6315


def test_as_of_is_the_last_day_in_the_tables(crm_batch: MadeBatch) -> None:
    serial = (AS_OF - pd.Timestamp("1899-12-30")).days
    assert serial == 43100
    for planner in crm_batch.planners.values():
        assert planner.named("in_as_of") == planner.named("calc_as_of") == serial


def rows_of(planner: RawWorkbook, sheet: str, table: Table) -> list[dict[str, object]]:
    """Read the filled rows of a sheet's table by its headings."""
    cells = planner.sheets[sheet]
    headings = {column.header: column.name for column in table.inputs}
    letters = {
        address[:-1]: headings[str(cell.value)]
        for address, cell in cells.items()
        if address[1:] == "6" and cell.value in headings
    }
    assert sorted(letters.values()) == sorted(headings.values())
    rows: list[dict[str, object]] = []
    for row in range(7, 1000):
        values = {name: cells[f"{letter}{row}"] for letter, name in letters.items() if f"{letter}{row}" in cells}
        shown: dict[str, object] = {name: cell.value for name, cell in values.items() if cell.value is not None}
        if table is ACTIVITY and set(shown) <= {"week_start"}:
            continue
        if not shown:
            break
        rows.append(shown)
    return rows


def table_rows(path: Path, table: Table) -> dict[str, list[dict[str, object]]]:
    """Read a table's CSV file by territory: texts as texts, numbers as numbers, dates as serial dates."""
    found: dict[str, list[dict[str, object]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cells = {name: _typed(table[name].kind, text) for name, text in row.items() if text}
            found.setdefault(str(cells.pop("territory_id")), []).append(cells)
    return found


def _typed(kind: Kind, text: str) -> object:
    match kind:
        case Kind.DATE:
            return float((dt.date.fromisoformat(text) - dt.date(1899, 12, 30)).days)
        case Kind.MONEY | Kind.RATE | Kind.COUNT | Kind.NUMBER:
            return float(text)
        case _:
            return text


@pytest.mark.parametrize(
    ("sheet", "table", "key"),
    [
        ("Accounts", ACCOUNTS, "account_id"),
        ("Pipeline", DEALS, "deal_id"),
        ("Activity", ACTIVITY, "week_start"),
    ],
)
def test_rows_of_the_tables_are_in_the_planners_cell_for_cell(
    crm_batch: MadeBatch, crm_tables: Path, sheet: str, table: Table, key: str
) -> None:
    tables = table_rows(crm_tables / f"{table.name}.csv", table)
    assert len(tables) == 30
    for territory_id, planner in crm_batch.planners.items():
        wanted = tables.get(territory_id, [])
        if table is ACTIVITY:  # the calendar begins 13 weeks before the week of 1 January 2017
            first = _typed(Kind.DATE, "2016-09-26")
            assert all(row[key] >= first for row in wanted)  # type: ignore[operator]
        found = rows_of(planner, sheet, table)
        assert sorted(found, key=lambda row: str(row[key])) == sorted(wanted, key=lambda row: str(row[key]))


def test_dates_are_shown_as_dates_and_ids_as_text(crm_batch: MadeBatch) -> None:
    sheet = openpyxl.load_workbook(crm_batch.folder / "T01 Anna Snelling.xlsm")["Pipeline"]
    assert sheet["B6"].value == "Deal ID"
    assert {type(sheet.cell(row, 2).value) for row in range(7, 20)} == {str}
    first, number_format = sheet["F7"].value, sheet["F7"].number_format
    assert isinstance(first, dt.datetime)
    assert number_format == "yyyy-mm-dd"


def test_open_deals_stand_first_and_the_largest_accounts(crm_batch: MadeBatch) -> None:
    for planner in crm_batch.planners.values():
        outcomes = [row["outcome"] != "OPEN" for row in rows_of(planner, "Pipeline", DEALS)]
        assert outcomes == sorted(outcomes)
        revenue = [-float(str(r["recent_revenue"])) for r in rows_of(planner, "Accounts", ACCOUNTS)]
        assert revenue == sorted(revenue)


def test_charts_names_tables_and_input_rules_are_the_templates(crm_batch: MadeBatch) -> None:
    template = openpyxl.load_workbook(TEMPLATE)
    planner = openpyxl.load_workbook(crm_batch.folder / "T02 Cecily Lampkin.xlsm")
    assert planner.sheetnames == template.sheetnames
    assert {n: d.attr_text for n, d in planner.defined_names.items()} == {
        n: d.attr_text for n, d in template.defined_names.items()
    }
    for sheet, original in zip(planner, template, strict=True):
        assert {t.displayName: t.ref for t in sheet.tables.values()} == {
            t.displayName: t.ref for t in original.tables.values()
        }
        assert rules(sheet) == rules(original), sheet.title
        assert conditions(sheet) == conditions(original), sheet.title
        assert sheet.protection.sheet == original.protection.sheet
        assert sheet.freeze_panes == original.freeze_panes
    assert sum(len(sheet.tables) for sheet in planner) == 16
    assert sum(len(rules(sheet)) for sheet in planner) > 50


def rules(sheet: Any) -> list[tuple[str, ...]]:
    found = sheet.data_validations.dataValidation
    return sorted((str(v.sqref), str(v.type), str(v.formula1), str(v.prompt), str(v.error)) for v in found)


def conditions(sheet: Any) -> list[tuple[str, ...]]:
    formats = sheet.conditional_formatting
    return sorted((str(f.sqref), str(rule.type), str(rule.formula)) for f in formats for rule in f.rules)


def test_charts_and_document_dates_are_the_templates_byte_for_byte(
    crm_batch: MadeBatch, read_raw: Callable[[Path], RawWorkbook]
) -> None:
    template = read_raw(TEMPLATE).parts
    charts = [name for name in template if name.startswith(("xl/charts/", "xl/drawings/"))]
    assert len([name for name in charts if name.startswith("xl/charts/chart")]) == 8
    for planner in crm_batch.planners.values():
        for name in (*charts, "docProps/core.xml"):
            assert planner.parts[name] == template[name], name


def test_planner_is_declared_macro_enabled_and_says_where_it_comes_from(crm_batch: MadeBatch) -> None:
    for territory_id, planner in crm_batch.planners.items():
        types = planner.parts["[Content_Types].xml"]
        assert types.count(b"application/vnd.ms-excel.sheet.macroEnabled.main+xml") == 1
        assert b"spreadsheetml.sheet.main+xml" not in types
        properties = planner.parts["docProps/custom.xml"].decode()
        for text in (territory_id, crm_batch.batch.run_id, "2017-12-31"):
            assert f">{text}</vt:lpwstr>" in properties


@pytest.fixture(scope="session")
def overview(crm_batch: MadeBatch, read_raw: Callable[[Path], RawWorkbook]) -> RawWorkbook:
    return read_raw(crm_batch.folder / "Overview.xlsx")


HEADINGS = (
    "ID", "Territory", "Person", "Leader", "Region", "Currency", "Goal", "Revenue", "Of goal",
    "Year-end at this pace", "Close ratio", "Close ratio: gap to peers", "Average sale", "Average sale: gap to peers",
    "Cycle, days", "Cycle: gap to peers", "Magic number", "Rests on a proposal ratio", "And on a close ratio",
    "Barometer", "Checks to look at", "Checks not yet filled", "Look at", "Year", "As of",
)  # fmt: skip


def overview_row(workbook: RawWorkbook, row: int) -> list[float | str | None]:
    return [workbook.sheets["Overview"][f"{letter}{row}"].value for letter in "ABCDEFGHIJKLMNOPQRSTUVWXY"]


def test_overview_lists_every_territory_with_its_figures(overview: RawWorkbook, expected: pd.DataFrame) -> None:
    assert overview_row(overview, 5) == list(HEADINGS)
    names = (
        "in_revenue_goal", "fig_revenue", "", "fig_trajectory", "out_close_ratio", "", "out_average_sale", "",
        "out_sales_cycle_days", "", "out_magic_number", "", "", "out_activity_barometer",
    )  # fmt: skip
    for row, (territory_id, wanted) in enumerate(expected.iterrows(), start=6):
        found = overview_row(overview, row)
        people = wanted[["sales_agent", "sales_agent", "manager", "regional_office"]]
        assert found[:6] == [territory_id, *people, "USD"]
        for name, value in zip(names, found[6:20], strict=True):
            assert not name or same(value, wanted[name]), (territory_id, name, value)
    assert overview_row(overview, 41)[:2] == ["", "Total"]


def test_overview_holds_each_territory_against_its_peers(overview: RawWorkbook, expected: pd.DataFrame) -> None:
    names = {11: "out_close_ratio", 13: "out_average_sale", 15: "out_sales_cycle_days"}
    own = expected[[*names.values()]].set_axis([*names], axis=1)
    gaps = own / ((own.sum() - own) / (own.count() - 1)) - 1  # to the others: all are in one currency
    gaps[8] = expected["fig_revenue"] / expected["in_revenue_goal"]
    said = (
        (13, 0.4, "INVESTIGATE: small average sale", "BEST PRACTICE: large average sale"),
        (15, 0.3, "BEST PRACTICE: short sales cycle", "INVESTIGATE: long sales cycle"),
    )
    seen: set[str] = set()
    for row, (territory_id, wanted) in enumerate(gaps.iterrows(), start=6):
        found = overview_row(overview, row)
        for column, value in wanted.items():
            assert same(found[int(str(column))], value), (territory_id, column)
        flags = [low if wanted[at] < 0 else high for at, limit, low, high in said if abs(wanted[at]) >= limit]
        assert found[22] == "; ".join(flags)
        seen |= {*flags}
    assert seen == {*said[0][2:]}, "small and large sales; all cycles are alike"


def test_overview_counts_the_checks_that_each_planner_shows(overview: RawWorkbook, crm_batch: MadeBatch) -> None:
    for row, planner in enumerate(crm_batch.planners.values(), start=6):
        looks = [cell.value for cell in planner.sheets["Checks"].values()].count("LOOK")
        assert overview_row(overview, row)[20] == looks


def test_overview_totals_are_the_companys(overview: RawWorkbook, expected: pd.DataFrame) -> None:
    goals, known = expected["in_revenue_goal"], expected["fig_revenue"].notna()
    assert (len(goals), known.sum()) == (35, 30)
    share = pytest.approx(10_005_534 / goals[known].sum())
    assert overview_row(overview, 41)[5:10] == ["USD", goals.sum(), 10_005_534, share, pytest.approx(10_005_534)]


def test_overview_is_calculated_and_has_its_chart(overview: RawWorkbook) -> None:
    formulas = list(overview.formulas())
    # Four gaps and ratios and a flag in each row; four sums for the total, for each of 6 leaders and of 3 regions.
    assert len(formulas) == 35 * 5 + 4 * (1 + 6 + 3)
    assert [place for place, cell in formulas if cell.stored is None or cell.kind == "e"] == []
    assert [place for place, cell in formulas if cell.stored == "" and cell.kind != "str"] == []
    chart = overview.parts["xl/charts/chart1.xml"].decode()
    for cells in ("Overview!$A$6:$A$40", "Overview!$G$6:$G$40", "Overview!$H$6:$H$40"):
        assert f"<c:f>{cells}</c:f>" in chart
    types = overview.parts["[Content_Types].xml"]
    assert b"spreadsheetml.sheet.main+xml" in types
    assert b"macroEnabled" not in types


def test_overview_links_open_the_planners(crm_batch: MadeBatch) -> None:
    sheet = openpyxl.load_workbook(crm_batch.folder / "Overview.xlsx")["Overview"]
    for row, one in enumerate(crm_batch.batch.made, start=6):
        target = sheet.cell(row, 2).hyperlink.target
        assert " " not in target
        assert unquote(target) == one.file_name
        assert (crm_batch.folder / unquote(target)).is_file()


def test_run_report_accounts_for_every_file_and_row(crm_batch: MadeBatch, crm_tables: Path) -> None:
    run = json.loads((crm_batch.folder / "run.json").read_text(encoding="utf-8"))
    assert (run["as_of"], run["format"], run["writer"]) == ("2017-12-31", "xlsm", "stamp")
    assert run["not_made"] == []
    assert [planner["territory_id"] for planner in run["planners"]] == [f"T{n:02}" for n in range(1, 36)]
    for planner in run["planners"]:
        content = (crm_batch.folder / planner["file"]).read_bytes()
        assert planner["sha256"] == hashlib.sha256(content).hexdigest()
    assert len({planner["input_sha256"] for planner in run["planners"]}) == 35
    template = (TEMPLATE).read_bytes()
    assert run["template"] == {
        "name": "Sales Planner.xlsm",
        "sha256": hashlib.sha256(template).hexdigest(),
    }
    for name, counts in run["rows"].items():
        with (crm_tables / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            read = sum(1 for _row in csv.DictReader(file))
        assert counts == {"read": read, "in_planners": read, "left_out": {}, "refused": 0, "skipped": 0}
    assert set(run["rows"]) == {"territories", "accounts", "deals", "activity"}


def test_findings_are_listed_in_a_file_for_excel(crm_batch: MadeBatch) -> None:
    content = (crm_batch.folder / "findings.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    # An account of the export is sold to by several agents, so it is in several planners. The weeks are counted from
    # the deals: nothing differs. Four agents have more deals than the template has rows for.
    codes = [(row["severity"], row["code"], row["territory_id"]) for row in rows]
    grown = [("info", "TABLE_ENLARGED", one) for one in LONGER]
    assert sorted(codes) == [*grown, ("warning", "ACCOUNT_SHARED", "")]
    shared = next(row for row in rows if row["code"] == "ACCOUNT_SHARED")
    assert shared["file"] == "accounts.csv"
    assert shared["message"].startswith("85 accounts are in more than one territory")
    assert crm_batch.batch.failed is False
