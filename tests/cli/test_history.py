"""`xlsales collect --history`, as typed: what is no earlier result is refused before any planner is read."""

from __future__ import annotations

from pathlib import Path

from tests.cli.printed import Type


def test_history_needs_the_workbook_of_the_rollup(typed: Type, tmp_path: Path) -> None:
    for more in ((), ("--out", tmp_path / "all.csv")):
        printed = typed("collect", tmp_path, "--history", tmp_path / "May.xlsx", *more)
        assert printed.code == 2
        assert "give --out a name that ends in .xlsx" in printed.error


def test_history_that_is_no_result_is_named(typed: Type, tmp_path: Path) -> None:
    path = tmp_path / "May.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "planner.xlsx").write_bytes(b"none")
    for history, said in ((path, "no earlier result"), (tmp_path / "gone.xlsx", "gone.xlsx")):
        printed = typed("collect", tmp_path / "planner.xlsx", "--history", history, "--out", tmp_path / "all.xlsx")
        assert printed.code == 2
        assert said in printed.error
        assert not (tmp_path / "all.xlsx").exists()
