"""What is missing of a planner is told by what it was made with: a template of one's own may have less than ours."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.package_edit import WORKBOOK, PackageEdit
from tests.tiny import light
from xlsales.batch import Options, prepare
from xlsales.collection import quickly
from xlsales.collection.reference import References

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

pytestmark = pytest.mark.unsound("planners that openpyxl saved, and their copies")
_CODES = ("INPUT_MISSING", "TABLE_MISSING")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template without one of the inputs; it has none of the tables that no batch fills, either."""
    book, path = openpyxl.load_workbook(io.BytesIO(light("xlsx"))), tmp_path_factory.mktemp("own") / "Own.xlsx"
    del book.defined_names["in_leader"]
    book.save(path)
    return path


@pytest.fixture
def planner(tmp_path: Path, small_tables: Tables, write_tables: WriteTables, own: Path) -> bytes:
    source = write_tables(tmp_path / "tables", {**small_tables, "territories": small_tables["territories"][:1]})
    with prepare(source, Options(tmp_path / "plans", template=own, workers=1)) as batch:
        batch.run()
    return (tmp_path / "plans" / "T1 North.xlsx").read_bytes()


def missing(package: bytes, references: References) -> list[tuple[str, str]]:
    found = quickly.read_bytes(package, "planner.xlsx", references).findings
    return [(one.code, one.expected) for one in found if one.code in _CODES]


def test_what_the_template_never_had_is_not_missing(planner: bytes) -> None:
    assert missing(planner, References()) == []


def test_what_it_had_and_lost_is_named(planner: bytes, own: Path) -> None:
    edit = PackageEdit(planner)
    text, count = re.subn(r'<definedName\b[^>]*name="in_person"[^>]*>[^<]*</definedName>', "", edit.text(WORKBOOK))
    assert count == 1
    edit.parts[WORKBOOK] = text.encode()
    package = edit.close()
    assert missing(package, References()) == [("INPUT_MISSING", "person")]
    assert missing(package, References(own.read_bytes(), own.name)) == [("INPUT_MISSING", "person")]


def test_a_table_that_it_had_and_lost_is_named(planner: bytes) -> None:
    book, saved = openpyxl.load_workbook(io.BytesIO(planner)), io.BytesIO()
    del book["Team"]
    for name in [name for name in book.defined_names if name.startswith("col_team_")]:
        del book.defined_names[name]
    book.save(saved)
    assert missing(saved.getvalue(), References()) == [("TABLE_MISSING", "team")]
