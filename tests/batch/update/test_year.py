"""A year of months: managers type in LibreOffice and through openpyxl, exports change; every edit is accounted for."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import random
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import openpyxl
import pytest

from tests.batch.update.conftest import Months, Sheets
from tests.end_to_end.libreoffice_vba import CHECKOUT, bridge_needed, office_python
from tests.libreoffice import soffice
from tests.tiny import SHEET, light
from xlsales.cells.values import serial
from xlsales.workbook import package

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

Edit: TypeAlias = tuple[Any, ...]
ACCOUNTS = {"T1": "A1", "T2": "A2"}  # in which the managers type
LOOKED_AT = {"T1": "007", "T2": "A2"}


class Manager:
    """Edits planners in one LibreOffice that stays open."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def edit(self, work: Sequence[tuple[Path, list[Edit]]]) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        pickle.dump([(str(path), edits) for path, edits in work], self._process.stdin, protocol=4)
        self._process.stdin.flush()
        assert pickle.load(self._process.stdout) == "saved"


@pytest.fixture(scope="module")
def manager() -> Iterator[Manager]:
    python, program = office_python(), soffice()
    assert python is not None
    assert program is not None
    command = [str(python), str(Path(__file__).with_name("office.py")), program]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    ) as process:
        yield Manager(process)


def edit_with_openpyxl(path: Path, edits: Sequence[Edit]) -> None:
    book = openpyxl.load_workbook(path, keep_vba=path.suffix == ".xlsm")
    sheets = Sheets(book)
    for kind, *arguments in edits:
        if kind == "named":
            sheets.named(arguments[0]).value = arguments[1]
        elif kind == "typed":
            table, key, heading, value = arguments
            day = dt.date(1899, 12, 30) + dt.timedelta(days=key) if isinstance(key, int) else key
            sheets.cell(table, day, heading).value = value
        elif kind == "added":
            table, cells = arguments
            row = sheets.free(table)
            for heading, value in cells.items():
                sheet, letter = sheets.column(table, heading)
                sheet[f"{letter}{row}"] = value
    book.save(path)


class Year:
    """What managers typed last into each place, and what the tables say of the others."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.territories = [row["territory_id"] for row in tables["territories"]]
        self.typed: dict[tuple[str, ...], Any] = {}  # by territory, kind, and place
        self.deals: dict[str, list[str]] = {key: [] for key in self.territories}  # of their own
        self.chance = random.Random(17)

    def edits(self, territory_id: str, month: int) -> list[Edit]:
        """What a manager does in a month."""
        account = ACCOUNTS[territory_id]
        week = serial(dt.date(2027, 1, 4) + dt.timedelta(weeks=4 * month))
        deal = f"OWN{territory_id}{month}"
        done: list[Edit] = [
            ("typed", "tblWeeks", week, "Conversations", 10 + month),
            ("added", "tblDeals", {"Deal ID": deal, "Product": f"Idea {month}"}),
        ]
        if month % 2:
            done.append(("typed", "tblAccounts", account, "Potential", 1000 * month))
            done.append(("named", "th_dormant", 3 + month))
        else:
            done.append(("typed", "tblAccounts", account, "Owner", f"Owner {month}"))
            done.append(("named", "in_growth_rate", month / 100))
        if month == 5:
            done.append(("typed", "tblAccounts", account, "Last 12 months", None))
        self.deals[territory_id].append(deal)
        for kind, *place in done:
            if kind != "added":
                self.typed[territory_id, kind, *map(str, place[:-1])] = place[-1]
        return done

    def export(self, month: int) -> None:
        """What changes in the tables: figures of accounts, deals, goals; now and then what a manager typed, too."""
        for row in self.tables["accounts"]:
            row["recent_revenue"] = str(1000 + 100 * month + self.chance.randrange(50))
            if month % 4 == 0:
                row["potential"] = str(50 * month)
        for row in self.tables["territories"]:
            row["revenue_goal"] = str(400_000 + 1000 * month)
        new = {
            "territory_id": self.territories[-1],
            "deal_id": f"N{month}",
            "product": f"Sold {month}",
            "stage": "PROSPECT",
        }
        self.tables["deals"].append({**new, "first_appointment": "2027-01-11", "outcome": "OPEN"})
        if month % 3 == 0:
            self.tables["deals"] = [one for one in self.tables["deals"] if one["deal_id"] != f"N{month - 2}"]

    def check(self, territory_id: str, sheets: Sheets) -> None:
        """Everything that was typed is there; what was not follows the tables."""
        for (owner, kind, *place), value in self.typed.items():
            if owner == territory_id and kind == "named":
                assert sheets.named(place[0]).value == value, place
            elif owner == territory_id:
                table, key, heading = place
                day = dt.date(1899, 12, 30) + dt.timedelta(days=int(key)) if key.isdecimal() else key
                assert sheets.cell(table, day, heading).value == value, place
        account = LOOKED_AT[territory_id]
        if (territory_id, "typed", "tblAccounts", account, "Last 12 months") not in self.typed:
            [row] = [one for one in self.tables["accounts"] if one["account_id"] == account]
            assert sheets.cell("tblAccounts", account, "Last 12 months").value == float(row["recent_revenue"])
        [territory] = [one for one in self.tables["territories"] if one["territory_id"] == territory_id]
        assert sheets.named("in_revenue_goal").value == float(territory["revenue_goal"])
        wanted = [one["deal_id"] for one in self.tables["deals"] if one["territory_id"] == territory_id]
        assert sorted(sheets.keys("tblDeals", "Deal ID")) == sorted([*wanted, *self.deals[territory_id]])


@pytest.fixture(scope="module")
def template_of_lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template with the lists of a planner, and an input that no table fills."""
    parts = package.read(light("xlsx"))
    name = f'<definedName name="th_dormant">{SHEET}!$D$3</definedName>'.encode()
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</definedNames>", name + b"</definedNames>")
    path = tmp_path_factory.mktemp("template") / "Lists.xlsx"
    path.write_bytes(package.write(parts))
    return path


# Planners of lists for a whole year; and a whole planner for a month in each program.
@bridge_needed()
@pytest.mark.unsound("planners that LibreOffice and openpyxl saved, and their copies")
@pytest.mark.parametrize(
    ("kind", "territories", "through", "conflicts"),
    [
        # Both accounts: three times another potential in the tables, and eight months another revenue than none.
        ("template_of_lists", ["T1", "T2"], range(1, 13), 2 * (3 + 8)),
        ("small_template", ["T1"], range(4, 6), 1),
    ],
    ids=["a year of lists", "two months of a whole planner"],
)
def test_after_a_year_of_months_every_edit_is_accounted_for(
    tmp_path: Path,
    small_tables: Tables,
    write_tables: WriteTables,
    manager: Manager,
    kind: str,
    territories: Sequence[str],
    through: Sequence[int],
    conflicts: int,
    request: pytest.FixtureRequest,
) -> None:
    tables = {name: [row for row in rows if row["territory_id"] in territories] for name, rows in small_tables.items()}
    months = Months(tmp_path, tables, request.getfixturevalue(kind), write_tables)
    planners = {one.territory_id: one.file_name or "" for one in months.run().made}
    assert list(planners) == territories
    year, found = Year(months.tables), 0
    for month in through:
        work = [(months.out / name, year.edits(key, month)) for key, name in planners.items()]
        if month in (4, 9):
            sort: Edit = ("sorted", "tblDeals", "Deal ID", month % 2 == 0)
            manager.edit([(path, [*edits, ("inserted", "tblAccounts", 1), sort]) for path, edits in work])
        else:
            for path, edits in work:
                edit_with_openpyxl(path, edits)
        year.export(month)
        batch = months.update()
        assert not batch.failed, [str(one) for one in batch.findings]
        for key, name in planners.items():
            year.check(key, months.read(name))
        found += sum(one.code == "EDIT_CONFLICT" for one in batch.findings)
    assert found == conflicts
    again = months.update()
    assert [one.code for one in again.findings if one.code in ("EDIT_CONFLICT", "ROWS_GONE")] == []
    for key, name in planners.items():
        year.check(key, months.read(name))


@bridge_needed()
@pytest.mark.unsound("planners that LibreOffice and openpyxl saved, and their copies")
def test_planners_that_were_only_opened_and_saved_hold_no_edit(
    tmp_path: Path, small_tables: Tables, small_template: Path, write_tables: WriteTables, manager: Manager
) -> None:
    small_tables["territories"] = small_tables["territories"][:2]
    strange = {"potential": "0.30000000000000004", "segment": " two\nlines ", "wallet_share": "0.1"}
    small_tables["accounts"][0] |= strange
    months = Months(tmp_path, small_tables, small_template, write_tables)
    months.run()
    before = {path.name: path.read_bytes() for path in months.out.glob("T*")}
    manager.edit([(months.out / "T1 North.xlsm", [])])
    edit_with_openpyxl(months.out / "T2 South.xlsm", [])
    assert before != {path.name: path.read_bytes() for path in months.out.glob("T*")}
    batch = months.update()
    assert [str(one) for one in batch.findings if one.territory_id and one.code != "TABLE_ENLARGED"] == []
    assert {path.name: path.read_bytes() for path in months.out.glob("T*")} == before
