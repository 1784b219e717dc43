"""What was collected, in every shape that a roll-up has to bear, and the roll-up of it read back from its XML."""

from __future__ import annotations

import datetime as dt
import io
import random
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from tests.conftest import RawWorkbook
from xlsales.rollup.gathered import Gathered, LeftOut, Table
from xlsales.rollup.history import Earlier
from xlsales.rollup.workbook import write

COLUMNS = (
    "file", "territory_id", "territory_name", "person", "leader", "region", "fiscal_year", "currency", "revenue_goal",
    "opening_revenue", "completeness", "calc_as_of", "fig_revenue", "fig_trajectory", "fig_goal_left", "fig_accounts",
    "fig_accounts_planned", "fig_top_accounts", "fig_top_planned", "fig_open_deals", "fig_open_forecast",
    "fig_per_week", "out_magic_number", "out_catch_up_number", "out_activity_barometer", "out_proposal_ratio",
    "out_close_ratio", "out_average_sale", "out_sales_cycle_days", "out_org_health", "out_dormant_value",
    "out_weighted_pipeline", "out_open_checks", "out_unfilled_checks", "selling_weeks",
)  # fmt: skip
LEADERS = ("Ines Roth", "ines  roth", "*", ">5", "=1+1", "", "Ivan Petrov ~?", "L" * 300)
REGIONS = ("North", "NORTH", "", "South", "<>", "@SUM(A1)")
NAMES = ("Milano", "=HYPERLINK(1)", "+4", "-1", "@x", "A territory's name that is longer than a sheet's may be " * 3)
_LETTERS = tuple(map(xl_col_to_name, range(400)))
FINDINGS = ("severity", "code", "file", "territory_id", "sheet", "cell", "expected", "got", "message")


def territory(number: int, **given: Any) -> dict[str, Any]:
    """A territory of which little is known."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    about = {"file": f"Planner T{number}.xlsx", "territory_id": f"T{number}", "territory_name": f"Name {number}"}
    about |= {"person": f"Person {number}", "leader": "Ines", "region": "North"}
    return row | about | {"fiscal_year": 2027, "currency": "EUR"} | given


def mixed(count: int, seed: int = 1, currencies: tuple[Any, ...] = ("EUR", "USD", "eur ", None, "EUR")) -> list[Any]:
    """Territories with strange names, several currencies, and figures of which some are not known."""
    chance = random.Random(seed)

    def some(value: Any) -> Any:
        return value if chance.random() < 0.8 else chance.choice([None, None, "#DIV/0!", "12", float("nan")])

    rows: list[Any] = []
    for number in range(count):
        accounts, top = chance.randrange(30), chance.randrange(6)
        figures = {name: some(chance.uniform(0.1, 2)) for name in COLUMNS[10:] if name.startswith(("out", "comp"))}
        figures |= {name: some(chance.uniform(1e4, 9e5)) for name in COLUMNS if name.startswith("fig_")}
        figures |= {"fig_accounts": some(accounts), "fig_accounts_planned": some(chance.randrange(accounts + 1))}
        figures |= {"fig_top_accounts": some(top), "fig_top_planned": some(chance.randrange(top + 1))}
        figures |= {"out_average_sale": some(chance.uniform(900, 9000)), "fig_per_week": some(chance.uniform(0, 9))}
        figures |= {"out_dormant_value": some(chance.uniform(0, 1e5)), "out_open_checks": some(chance.randrange(9))}
        inputs = {"revenue_goal": some(chance.uniform(1e5, 1e6)), "opening_revenue": some(chance.uniform(1e5, 9e5))}
        about: dict[str, Any] = {"leader": LEADERS[number % len(LEADERS)], "region": REGIONS[number % len(REGIONS)]}
        about |= {"territory_name": f"{NAMES[number % len(NAMES)]}{number}", "calc_as_of": dt.date(2027, 3, 1)}
        rows.append(territory(number, **about, **inputs, **figures, currency=currencies[number % len(currencies)]))
    return rows


def table(rows: list[Any]) -> Table:
    """Rows as a table."""
    columns = [*dict.fromkeys([*COLUMNS, *(name for row in rows for name in row)])]
    return Table(columns, [[row.get(name) for name in columns] for row in rows])


def gathered(rows: list[Any], **more: Any) -> Gathered:
    """What was collected, of these territories."""
    return Gathered(table(rows), **more)


def products(*rows: tuple[Any, ...]) -> dict[str, Table]:
    """The product lines of territories."""
    return {"products": Table(("territory_id", "line", "goal"), rows)}


def whole(count: int = 40) -> tuple[Gathered, list[Earlier]]:
    """A roll-up with everything in it."""
    rows = mixed(count)
    rows += [territory(3, file="Copy of T3.xlsx"), territory(900, fiscal_year=2026, revenue_goal=1e6)]
    lines = [
        (f"T{number}", f"=line {part}", 1000.0 * number + part) for number in range(0, count, 3) for part in (1, 2)
    ]
    details = products(*lines) | {
        "accounts": Table(("territory_id", "account_name", "last_order"), [("T1", "=1+1", dt.date(2027, 1, 2))]),
        "history": Table(("territory_id", "=x"), [("T1", "<r>b</r>"), ("T2", "\x01_x0041_")]),
        "a name: longer than [any] sheet's may be": Table(("territory_id",), [("T1",)]),
        "A NAME: longer than [any] sheet's may be so": Table(("territory_id",)),
    }
    findings = [("warning", "FORMULA_OVERWRITTEN", "Planner T1.xlsx", "T1", "Targets", "C19", "=A1", "12", "=Changed")]
    findings += [("error", "MISSING", "Planner T99.xlsx", "T99", "", "", "", "", "It is missing.")]
    left_out = [LeftOut("broken [1] #2.xlsx", "unreadable: no zip"), LeftOut("=a.xls", "unreadable: an .xls file")]
    before = [Earlier("May.xlsx", table(mixed(count - 4, 2))), Earlier("April.xlsx", table(mixed(count - 9, 3)))]
    return Gathered(table(rows), details, Table(FINDINGS, findings), left_out), before


def written(told: Gathered, path: Path, earlier: list[Earlier] | None = None) -> Path:
    """Write a roll-up into a file."""
    content = io.BytesIO()
    write(told, content, earlier or [], path.parent)
    path.write_bytes(content.getvalue())
    return path


class Sheet:
    """A sheet's cells by the texts of its headings."""

    def __init__(self, book: RawWorkbook, name: str, head: int = 4) -> None:
        self._cells = book.sheets[name]
        self._head = head
        self.headings = self._row(head)

    def _row(self, row: int) -> list[Any]:
        cells = [self._cells.get(f"{letters}{row}") for letters in _LETTERS]
        return [None if cell is None else cell.value for cell in cells]

    def rows(self) -> list[dict[str, Any]]:
        """The rows under the headings, until the first that is blank."""
        found = []
        row = self._head + 1
        cells = self._row(row)
        while any(value is not None for value in cells[:4]):
            found.append({name: cells[at] for at, name in enumerate(self.headings) if name is not None})
            row += 1
            cells = self._row(row)
        return found

    def lists(self) -> list[list[Any]]:
        """The same rows as lists."""
        width = max(at for at, name in enumerate(self.headings) if name is not None) + 1
        return [self._row(self._head + 1 + at)[:width] for at in range(len(self.rows()))]
