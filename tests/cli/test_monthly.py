"""docs/monthly.md: the cycle in ten commands, as the page has them."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from typer.testing import CliRunner

from xlsales.cli import app

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

pytestmark = pytest.mark.unsound("planners that openpyxl saved, and their copies")

PAGE = Path(__file__).resolve().parents[2] / "docs" / "monthly.md"


def commands() -> list[list[str]]:
    blocks = re.findall(r"^```\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [shlex.split(line)[1:] for block in blocks for line in block.splitlines() if line.startswith("xlsales ")]


def _row(book: Any) -> tuple[Any, ...]:
    """The cells of the account 007."""
    return next(row for row in book["Accounts"].iter_rows(min_row=7) if row[1].value == "007")


def test_the_cycle_is_ten_commands() -> None:
    assert len(commands()) == 10


def test_the_ten_commands_run_and_what_a_manager_typed_stays(
    tmp_path: Path, small_tables: Tables, write_tables: WriteTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    account = small_tables["accounts"][1]
    for month, potential in (("january", "700"), ("february", "700"), ("march", "900")):
        account["potential"] = potential
        account["recent_revenue"] = {"january": "1000", "february": "1100", "march": "1200"}[month]
        write_tables(Path(month), small_tables)
    first, *rest = commands()
    assert CliRunner().invoke(app, first).exit_code == 0
    potentials = []
    for words in rest:
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, (words, result.output)
        if words[1:4] == ["january", "--out", "plans"] and "--dry-run" not in words:
            book = openpyxl.load_workbook("plans/T1 North.xlsm", keep_vba=True)
            _row(book)[8].value = 4321
            book.save("plans/T1 North.xlsm")
        if "--update" in words:
            row = _row(openpyxl.load_workbook("plans/T1 North.xlsm"))
            potentials.append((row[8].value, row[7].value))
    assert potentials == [(4321, 1000), (4321, 1100), (4321, 1100), (4321, 1200), (4321, 1200)]
    with Path("february.csv").open(encoding="utf-8-sig", newline="") as file:
        assert "EDITS_KEPT" in [row["code"] for row in csv.DictReader(file)]
