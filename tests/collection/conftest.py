"""The filled example planner, read as it comes back, and edited."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.workbook.returned.edits import EXAMPLE, PlannerEdit
from xlsales.collection.planner import Planner
from xlsales.collection.reading import read_bytes
from xlsales.collection.reference import References

ReadPlanner = Callable[[PlannerEdit | bytes], Planner]


@pytest.fixture(scope="session")
def references() -> References:
    return References()


@pytest.fixture(scope="session")
def read_planner(references: References) -> ReadPlanner:
    """Read a planner that was edited."""

    def read(edit: PlannerEdit | bytes) -> Planner:
        package = edit if isinstance(edit, bytes) else edit.close()
        return read_bytes(package, "planner.xlsx", references)

    return read


@pytest.fixture(scope="session")
def example(read_planner: ReadPlanner) -> Planner:
    """The planner as it was made."""
    return read_planner(EXAMPLE.read_bytes())
