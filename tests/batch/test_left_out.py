"""What is said of a planner that a fault prevented says where in the program, and nothing of the computer."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlsales.batch import left_out
from xlsales.batch.plan import Plan

PLAN = Plan({"territory_id": "T"}, {}, "", None)


def told(error: BaseException) -> str:
    try:
        raise error
    except type(error) as raised:
        return left_out.finding(PLAN, raised).message


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cannot parse /srv/data of Trillian/Zaphod's Vault/plan.xlsm", "cannot parse …/plan.xlsm"),
        (r"no C:\Users\trillian\Zaphod's Vault\plan.xlsm there", r"no …/plan.xlsm there"),
        (r"'C:\\Users\\trillian\\plan.xlsm'", "'…/plan.xlsm'"),
        (r"\\heartofgold\share\plan.xlsm is held", "…/plan.xlsm is held"),
        ('"/home/trillian/a b/c.xlsx": 3', '"…/c.xlsx": 3'),
        ("Planner!A1/B2 is 5/7 of 1/1/2027", "Planner!A1/B2 is 5/7 of 1/1/2027"),
        ("see https://example.com/a/b", "see https://example.com/a/b"),
        ("xl/worksheets/sheet1.xml: </row> has no <row>", "xl/worksheets/sheet1.xml: </row> has no <row>"),
        ("division by zero", "division by zero"),
    ],
)
def test_fault_names_files_without_their_folders(text: str, shown: str) -> None:
    assert f"ValueError: {shown}" in told(ValueError(text))


def test_fault_names_none_of_the_folders_of_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault, home = tmp_path / "Zaphod's Vault, and more", tmp_path / "trillian; mcmillan"
    for folder in (vault, home):
        folder.mkdir()
    monkeypatch.chdir(vault)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    text = told(ValueError(f"{Path.cwd() / 'plan.xlsm'} and {home / 'a' / 'b.xlsx'}: {str(Path.cwd())!r}"))
    assert "plan.xlsm" in text
    assert "b.xlsx" in text
    assert all(word not in text for word in ("Zaphod", "trillian", str(tmp_path)))
