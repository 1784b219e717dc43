"""Every call that can fail fails once while planners are updated: no edit is lost, no file is half, resume ends it."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.batch import folders
from tests.batch.faults import failing
from tests.batch.test_faults import numbers
from tests.batch.update.conftest import Months
from tests.tiny import edited
from xlsales.errors import DiskFull, XlsalesError

pytestmark = pytest.mark.unsound("planners that openpyxl saved, and their copies")


def _light(months: Months) -> dict[str, bytes]:
    """A folder with one edited planner, and tables of the next month, in which two territories have new names."""
    months.tables["territories"] = months.tables["territories"][:2]
    months.run()
    with months.edited() as sheets:
        sheets.cell("tblAccounts", "A1", "Potential").value = 4321
    months.row("accounts", account_id="A1")["recent_revenue"] = "1500"
    return {"T1 North.xlsm": (months.out / "T1 North.xlsm").read_bytes()}


def _tiny(months: Months) -> dict[str, bytes]:
    """The same of planners that cost next to nothing, so that every call can fail."""
    months.tables = {"territories": months.tables["territories"][:2]}
    months.run()
    path = months.out / "T1 North.xlsx"
    path.write_bytes(edited(path.read_bytes(), "person", "Eve"))
    return {path.name: path.read_bytes()}


class Kind(NamedTuple):
    """Planners, and how many calls lie between two that fail, the one for want of room and the other for a fault."""

    template: str  # a fixture
    prepared: Callable[[Months], dict[str, bytes]]
    every: int


KINDS = {"tiny": Kind("tiny_template", _tiny, 11), "light": Kind("light_template", _light, 41)}


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO], ids=["disk full", "disk broken"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_whatever_call_fails_no_edit_is_lost_and_resume_ends_the_update(
    months: Months,
    error: int,
    kind: Kind,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    months.template = request.getfixturevalue(kind.template)
    own, tried = kind.prepared(months), 0
    for territory in months.tables["territories"]:
        territory["territory_name"] += " and more"
    start = months.out
    reference = start.with_name("reference")
    shutil.copytree(start, reference)
    months.out = reference
    months.update()
    wanted = {name: content for name, content in folders.files(reference).items() if name.startswith("T")}
    for number in numbers(2 * kind.every, 1 if error == errno.ENOSPC else 1 + kind.every):
        out = months.out = start.with_name(f"plans {number}")
        shutil.copytree(start, out)
        failed: BaseException | None = None
        with failing(out, number, error) as faults:
            try:
                months.update()
            except (XlsalesError, OSError) as raised:
                failed = raised
        if faults.calls < number:
            break
        assert error != errno.ENOSPC or failed is None or isinstance(failed, DiskFull), repr(failed)
        folders.check(out, own)
        _check_nothing_lost(out, own)
        is_complete = folders.report(out).get("status") == "complete"
        months.update(resume=not is_complete)
        if {name for name in folders.files(out) if name.startswith("T")} != wanted.keys():
            months.update()  # where a fault has cost one planner, and the run has ended without it
        there = folders.files(out)
        assert {name: there[name] for name in there if name.startswith("T")} == wanted, f"call {number}"
        _check_nothing_lost(out, own)
        shutil.rmtree(out)
        tried += 1
    assert tried
    record_property("faults", tried)


def _check_nothing_lost(out: Path, own: dict[str, bytes]) -> None:
    copies = [path.read_bytes() for path in out.glob("backup */*")]
    for content in own.values():
        assert content in [*copies, *folders.files(out).values()], "what somebody wrote is lost"
