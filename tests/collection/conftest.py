"""The filled example planner, read as it comes back, and edited."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import pytest

from tests.collection.calculated_once import calculated_once  # noqa: F401 - a fixture
from tests.conftest import WriteTables, three_territories
from tests.made_once import made_once
from tests.workbook.returned.edits import EXAMPLE, PlannerEdit
from xlsales.batch import Options, prepare
from xlsales.cells.values import Address
from xlsales.collection import quickly, reading
from xlsales.collection.planner import Planner
from xlsales.collection.reference import References
from xlsales.workbook import defined_names

ReadPlanner = Callable[[PlannerEdit | bytes], Planner]


class SmallPlanner:
    """A filled planner with few rows."""

    def __init__(self, content: bytes, references: References) -> None:
        self.content = content
        self.references = references  # its template; planners of its shape are read at a glance
        self.read = _reader(references)
        self._places = defined_names.read(content, "planner.xlsx").cells()

    def edit(self) -> PlannerEdit:
        """The planner, to be edited."""
        return PlannerEdit(self.content)

    def at(self, name: str) -> Address:
        """Where a defined name stands."""
        return self._places[name]

    @cached_property
    def planner(self) -> Planner:
        """What it holds."""
        return self.read(self.content)


def _told(
    read: Callable[[bytes, str, References], Planner], package: bytes, references: References
) -> Planner | Exception:
    try:
        return read(package, "planner.xlsx", references)
    except Exception as error:
        return error


@pytest.fixture(scope="session")
def references() -> References:
    """The templates; planners of the example's shape are read at a glance."""
    found = References()
    quickly.read_bytes(EXAMPLE.read_bytes(), "planner.xlsx", found)
    return found


@pytest.fixture(scope="session")
def read_planner(references: References) -> ReadPlanner:
    """Read a planner that was edited: the plain way, and at a glance, which tells the same or refuses it the same."""
    return _reader(references)


def _reader(references: References) -> ReadPlanner:
    def read(edit: PlannerEdit | bytes) -> Planner:
        package = edit if isinstance(edit, bytes) else edit.close()
        plain = _told(reading.read_bytes, package, references)
        quick = _told(quickly.read_bytes, package, references)
        assert repr(quick) == repr(plain)
        if isinstance(plain, Exception):
            raise plain
        return plain

    return read


@pytest.fixture(scope="session")
def example(read_planner: ReadPlanner) -> Planner:
    """The planner as it was made."""
    return read_planner(EXAMPLE.read_bytes())


@pytest.fixture(scope="session")
def small(
    small_template_xlsx: Path, write_tables: WriteTables, tmp_path_factory: pytest.TempPathFactory
) -> SmallPlanner:
    """A filled planner with few rows: for what is the same in large ones, and tried often."""

    def made() -> bytes:
        folder = tmp_path_factory.mktemp("small")
        told = three_territories()
        for number in ("3", "4"):
            account, deal = told["accounts"][0], told["deals"][0]
            told["accounts"].append({**account, "account_id": f"A{number}", "account_name": f"Ltd {number}"})
            told["deals"].append({**deal, "deal_id": f"D{number}{number}", "amount": f"{number}0"})
        tables = write_tables(folder / "tables", told)
        prepare(tables, Options(folder / "plans", template=small_template_xlsx, workers=1)).run()
        return (folder / "plans" / "T1 North.xlsx").read_bytes()

    references = References(small_template_xlsx.read_bytes(), small_template_xlsx.name)
    content = made_once(tmp_path_factory, "Small Planner filled.xlsx", made).read_bytes()
    quickly.read_bytes(content, "planner.xlsx", references)
    return SmallPlanner(content, references)
