"""Planners that came back damaged: named, and the others are collected, and updated.

XLSALES_CHANGES=500 python -m pytest tests/cli/test_damaged_planners.py tries so many, XLSALES_SEED=7 others.
"""

from __future__ import annotations

import io
import random
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.batch import folders
from tests.batch.faults import Folder
from tests.cli.test_damaged import CHANGES, SEED, _damage, changed, part_of
from tests.tiny import edited
from xlsales.collection import worker

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

pytestmark = pytest.mark.unsound("damaged on purpose")
T1 = "T1 North.xlsx"


@pytest.fixture
def folder(tmp_path: Path, small_tables: Tables, tiny_template: Path, write_tables: WriteTables) -> Folder:
    two = {"territories": small_tables["territories"][:2]}
    return Folder(tmp_path, write_tables(tmp_path / "tables", two), tiny_template)


def damaged(package: bytes, name: str) -> Iterator[bytes]:
    """The workbook with changes in a part, and with changes in its zip."""
    chance = random.Random(name + SEED)
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        parts = sorted(archive.namelist())
    headers = [found.start() for found in re.finditer(rb"PK..", package)]
    for _number in range(CHANGES):
        part = chance.choice(parts)
        yield changed(package, part, _damage(part_of(package, part), chance))
        place = min(chance.choice(headers) + chance.randrange(46), len(package) - 1)
        yield package[:place] + bytes([chance.randrange(256)]) + package[place + 1 :]


@pytest.fixture
def planner(folder: Folder) -> bytes:
    """A planner that somebody has typed into."""
    folder.run(folder.tmp_path / "start")
    path = folder.tmp_path / "start" / T1
    path.write_bytes(edited(path.read_bytes(), "person", "Eve"))
    return path.read_bytes()


def test_whatever_is_changed_in_a_planner_it_is_collected_or_named_and_the_others_are_read(
    folder: Folder, planner: bytes, record_property: Callable[[str, object], None]
) -> None:
    path, other, seen = folder.tmp_path / "returned.xlsx", folder.tmp_path / "start" / "T2 South.xlsx", Counter[str]()
    for package in damaged(planner, "collect"):
        path.write_bytes(package)
        one, two = worker.answered(worker.Question((str(path), str(other)), str(folder.template)))
        assert (two.territory_id, two.is_unreadable) == ("T2", False)
        told = [finding for finding in one.findings if finding.code in ("UNREADABLE", "NO_PLANNER")]
        assert [
            str(finding) for finding in told if finding.file != str(path) or len(str(finding).splitlines()) != 1
        ] == []
        seen["unreadable" if told else "read"] += 1
    assert seen.keys() == {"read", "unreadable"}
    for how, times in seen.items():
        record_property(how, times)


@pytest.mark.parametrize("number", ["9" * 400, "1e999", "-1E+400", "NaN", "inf", "0x10", "1,5", "--1", "1e"])
@pytest.mark.parametrize("cell", ["B10", "B99"], ids=["an input", "beside the inputs"])
def test_number_that_no_cell_can_hold_is_named_and_no_fault_of_the_program(
    folder: Folder, planner: bytes, number: str, cell: str
) -> None:
    part = "xl/worksheets/sheet1.xml"
    sheet = re.sub(rb'<c r="B10".*?</c>', b"", part_of(planner, part))
    row = re.compile(rb'(<row r="10".*?)(</row>)') if cell == "B10" else re.compile(rb"()(</sheetData>)")
    typed = b'<c r="%b"><v>%b</v></c>' % (cell.encode(), number.encode())
    if cell == "B99":
        typed = b'<row r="99">%b</row>' % typed
    package = changed(planner, part, row.sub(lambda found: found[1] + typed + found[2], sheet, count=1))
    path = folder.tmp_path / "start" / T1
    path.write_bytes(package)
    batch = folder.run(folder.tmp_path / "start", update=True)
    assert {one.code for one in batch.findings if one.severity == "error"} <= {"PLANNER_LEFT_ALONE"}
    assert batch.findings
    there = [path.read_bytes(), *(copy.read_bytes() for copy in (folder.tmp_path / "start").glob("backup */*"))]
    assert package in there


def test_whatever_is_changed_in_a_planner_it_is_updated_or_left_alone_and_the_others_are_updated(
    folder: Folder, planner: bytes, record_property: Callable[[str, object], None]
) -> None:
    start, out, seen = folder.tmp_path / "start", folder.tmp_path / "plans", Counter[str]()
    tables = folder.source / "territories.csv"
    tables.write_text(tables.read_text("utf-8").replace("500000", "600000").replace("250000", "350000"), "utf-8")
    before = (start / "T2 South.xlsx").read_bytes()
    for package in list(damaged(planner, "update"))[:: 1 if SEED else 4]:
        shutil.copytree(start, out)
        (out / T1).write_bytes(package)
        batch = folder.run(out, update=True)
        assert (out / "T2 South.xlsx").read_bytes() != before
        assert [one.message for one in batch.findings if one.code == "PLANNER_FAILED"] == []
        there = [(out / T1).read_bytes(), *(path.read_bytes() for path in out.glob("backup */*"))]
        assert package in there, "what somebody sent is lost"
        left = [one for one in batch.findings if one.code == "PLANNER_LEFT_ALONE"]
        assert all(one.file == T1 and len(one.message.splitlines()) == 1 for one in left)
        assert left or folders.sha256(there[0]) in {one["sha256"] for one in folders.report(out)["planners"]}
        seen["left alone" if left else "updated"] += 1
        shutil.rmtree(out)
    assert seen.keys() == {"left alone", "updated"}
    for how, times in seen.items():
        record_property(how, times)
