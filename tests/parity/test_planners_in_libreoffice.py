"""LibreOffice, calculating from scratch, agrees with the value stored in every formula cell of a planner."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Cell, RawWorkbook
from tests.libreoffice import needed, recalculated
from xlsales.batch import Options, prepare
from xlsales.functions import CATALOGUE
from xlsales.workbook.template import shipped

pytestmark = [pytest.mark.libreoffice, needed()]
PLANNERS = ("T01 Anna Snelling.xlsm", "T10 Darcel Schlecht.xlsm", "T11 Mei-Mei Johns.xlsm", "Overview.xlsx")


FILLED = "T1 North.xlsx"  # something on every sheet


@pytest.fixture(scope="module")
def filled(write_tables: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A planner with rows in every input table, as its accounts, people and check-ins would have them."""
    folder = tmp_path_factory.mktemp("filled")
    own = {"territory_id": "T1"}
    people = [("Ada", "SALE", "110000"), ("Bo", "PAPERWORK", "70000"), ("Cy", "SEARCH", "85000")]
    tables = {
        "territories": [
            own
            | {"territory_name": "North", "person": "Ada", "fiscal_year": "2027", "year_start": "2027-04-01"}
            | {"currency": "EUR", "revenue_goal": "500000", "opening_revenue": "450000", "high_value_share": "0.4"}
            | {"coverage_model": "SPECIALISED"}
        ],
        "accounts": [
            own
            | {"account_id": f"A{n}", "account_name": f"Account {n}", "owner": "Ada" if n % 3 else ""}
            | {
                "high_value": "YES" if n < 4 else "NO",
                "prior_revenue": str(900 * n),
                "recent_revenue": str(5000 - 700 * n),
            }
            | {"potential": str(3000 * n), "wallet_share": f"0.{n}", "last_order": f"2027-0{n}-11"}
            | {"last_contact": f"2027-0{n}-20", "touches_required": "12", "touches_planned": str(3 * n)}
            | {"plan_type": "MUST KEEP" if n == 2 else "", "plan_date": "2027-04-05" if n == 1 else ""}
            for n in range(1, 8)
        ],
        "deals": [
            own
            | {"deal_id": f"D{n}", "account_id": f"A{n}", "first_appointment": "2027-04-02", "outcome": outcome}
            | {"close_date": "2027-06-0" + str(n) if outcome != "OPEN" else "", "discount": f"0.{n}"}
            | {"amount": str(1000 * n), "forecast": str(900 * n), "first_sale": "YES" if n % 2 else "NO"}
            for n, outcome in enumerate(("WON", "WON", "LOST", "OPEN"), start=1)
        ],
        "activity": [
            own
            | {"week_start": f"2027-05-{day:02}", "first_appointments": "9", "proposals": "5", "won": "2"}
            | {"revenue": "4000", "selling_hours": "20", "paperwork_hours": "9", "travel_hours": "6"}
            for day in (3, 10, 17, 24, 31)
        ],
        "org_health": [own | {"element": str(n), "score": str(n % 5 + 1)} for n in range(1, 13)],
        "team": [
            own
            | {
                "name": name,
                "role": "Seller",
                "stage": stage,
                "target": "100000",
                "actual": actual,
                "target_pay": "9000",
            }
            for name, stage, actual in people
        ],
        "checkins": [
            own | {"kind": kind, "held": "2027-06-28", "planned": "10", "actual": "7"}
            for kind in ("MONTHLY", "QUARTERLY")
        ],
    }
    batch = prepare(write_tables(folder / "tables", tables), Options(folder, file_format="xlsx", workers=1))
    batch.run()
    assert {finding.severity for finding in batch.findings} <= {"info", "warning"}
    return folder / FILLED


@pytest.fixture(scope="module")
def pairs(crm_batch: Any, filled: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """Files as written and as LibreOffice recalculates them, in one start of it."""
    written = [shipped("xlsx"), filled, *(crm_batch.folder / name for name in PLANNERS)]
    return {
        path.name: (path, again)
        for path, again in zip(written, recalculated(written, tmp_path_factory.mktemp("again")), strict=True)
    }


@pytest.mark.parametrize("name", ["Sales Planner.xlsx", FILLED, *PLANNERS])
def test_every_formula_cell_agrees(pairs: dict[str, tuple[Path, Path]], name: str) -> None:
    stored, fresh = map(RawWorkbook, pairs[name])
    compared = 0
    differences = []
    for sheet, cells in stored.sheets.items():
        for address, cell in cells.items():
            if cell.formula is not None and not _python_alone(sheet, address, cells):
                mine, theirs = _plain(cell), _plain(fresh.sheets[sheet].get(address))
                compared += 1
                if not _same(mine, theirs):
                    differences.append(f"{sheet}!{address}: stored {mine!r}, LibreOffice {theirs!r}")
    assert differences == []
    assert compared > 100


def _python_alone(sheet: str, address: str, cells: Mapping[str, Cell]) -> bool:
    """Whether a cell of the bridge shows what only the Python functions give, which LibreOffice has not."""
    column, row = address.rstrip("0123456789"), address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    called, native = (_formula(cells.get(f"{letter}{row}")) for letter in "FG")
    if sheet != "Functions" or not any(f"{name}(" in called for name in CATALOGUE):
        return False
    return column in ("E", "F") or (column == "C" and native == '""')


def _formula(cell: Cell | None) -> str:
    return str((cell.formula or cell.value or "") if cell else "")


def _same(mine: float | str, theirs: float | str) -> bool:
    if isinstance(mine, float) and isinstance(theirs, float):
        return math.isclose(mine, theirs, rel_tol=1e-9, abs_tol=1e-12)
    return mine == theirs


def _plain(cell: Cell | None) -> float | str:
    """What a cell shows, a truth as its number."""
    value = cell.value if cell else None
    if cell is not None and cell.kind == "b":
        return float(value or 0)
    return "" if value is None else value
