"""The filled example planner, read as it comes back, and edited."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.workbook.returned.edits import EXAMPLE, PlannerEdit
from xlsales.collection import quickly, reading
from xlsales.collection.planner import Planner
from xlsales.collection.reference import References

ReadPlanner = Callable[[PlannerEdit | bytes], Planner]


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
