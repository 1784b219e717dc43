"""docs/excel.md tells everything in which a LAMBDA differs from Python."""

from __future__ import annotations

from pathlib import Path

from xlsales.lambdas.differences import DIFFERENCES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "excel.md"


def test_the_page_has_the_whole_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    table = text.partition("What differs, all of it:")[2].partition("###")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert rows == [f"| {difference.what} | {difference.why} |" for difference in DIFFERENCES]
