"""How tests are shared among pytest-xdist's workers, and what a build server makes of a skipped test.

Tests that share something dear – a Windows computer in Wine, a recalculation by LibreOffice, a batch – stay together,
so that it is made once; the others go one by one to whoever is free. The longest begin, so that nobody waits at the
end.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator
from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling

_WINDOWS = "tests/wine"  # there is one such computer; it makes the planners of the example, too
_DEAR = {"crm_batch": _WINDOWS}  # fixtures for all folders, with their groups
_FIRST = ("tests/wine", "tests/end_to_end", "tests/parity", "tests/test_foreign_templates.py", "tests/planner")
_LONG_SINGLES = (
    *("tests/batch", "tests/cli", "tests/recalc", "tests/workbook/stamp", "tests/workbook/test_table_size.py"),
)
_SHORT = len(_FIRST) + 2


class Shares(LoadGroupScheduling):  # type: ignore[misc]
    """Groups as pytest-xdist shares them out; the short tests of one function are a group too."""

    def _split_scope(self, nodeid: str) -> str:
        group: str = super()._split_scope(nodeid)
        return nodeid.partition("[")[0] if group == nodeid and rank(nodeid, "") == _SHORT else group

    def _pending_of(self, workload: dict[str, dict[str, bool]]) -> int:
        """The tests that a worker has yet to run, counted after each test: no group before one that is done has any."""
        pending = 0
        for tests in reversed(workload.values()):
            left = list(tests.values()).count(False)
            if not left:
                break
            pending += left
        return pending


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Shares | None:
    return Shares(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not hasattr(config, "workerinput"):
        return
    ranks = {}
    for item in items:
        group = group_of(item.nodeid, fixtures_of(item))
        if group:
            item.add_marker(pytest.mark.xdist_group(group))
        ranks[item] = rank(item.nodeid, group)
    items.sort(key=ranks.__getitem__)


def fixtures_of(item: pytest.Item) -> Iterator[tuple[str, str, str]]:
    """The fixtures that a test uses: name, scope and the folder or file where each is defined."""
    known: dict[str, Any] = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
    for definitions in known.values():
        yield definitions[-1].argname, definitions[-1].scope, definitions[-1].baseid


def group_of(nodeid: str, fixtures: Iterator[tuple[str, str, str]]) -> str:
    """What a test stays together with: the widest of the places that share a fixture with it; "" for nothing."""
    if nodeid.startswith(f"{_WINDOWS}/"):
        return _WINDOWS
    places = []
    for name, scope, place in fixtures:
        if name in _DEAR:
            return _DEAR[name]
        if scope in ("module", "package", "session") and place.startswith("tests/"):
            places.append(place)
    return min(places, key=len, default="")


def rank(nodeid: str, group: str) -> int:
    """The smaller, the earlier: what takes long, then groups, then what is long by itself."""
    for number, place in enumerate(_FIRST):
        if nodeid.startswith(place):
            return number
    if group:
        return len(_FIRST)
    return len(_FIRST) + 1 if nodeid.startswith(_LONG_SINGLES) else _SHORT


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if is_failure(report, os.environ.get("CI", ""), sys.platform):
        report.outcome = "failed"
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.longrepr = f"{item.nodeid} was not run, and on the build server every test must be: {reason}"
    return report


def is_failure(report: pytest.TestReport, ci: str, platform: str) -> bool:
    """Whether a test that was skipped has failed: on the build server, a Linux that has all that tests need."""
    return report.skipped and not hasattr(report, "wasxfail") and bool(ci) and platform == "linux"
