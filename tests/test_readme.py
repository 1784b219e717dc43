"""What the README says is true: its examples run, its links lead somewhere, its commands exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

import xlsales
from xlsales.cli import app

PROJECT = Path(__file__).resolve().parents[1]
PAGES = [
    PROJECT / "README.md",
    *sorted((PROJECT / "docs").glob("*.md")),
    PROJECT / "examples" / "crm" / "README.md",
]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    return [text for name, text in found if name == language]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target.replace("%20", " ")).exists(), target


def test_the_python_example_gives_what_its_comments_say() -> None:
    (block,) = _blocks("python")
    deals = pd.DataFrame({"won": [13, 5], "proposals": [20, 10]}, index=["north", "south"])
    results = []
    for line in block.splitlines():
        code = line.split("#")[0].strip()
        if code.startswith("xlsales."):
            results.append(eval(code, {"xlsales": xlsales, "deals": deals}))
    magic, revenue, ratio, reason = results
    assert magic == 25.0
    # 100,000 ÷ 0.9, ÷ 0.8 and ÷ 0.7
    assert revenue.tolist() == pytest.approx([111_111.1111111, 125_000, 142_857.1428571])
    assert ratio.to_dict() == {"north": 0.65, "south": 0.5}
    assert "30" in reason


def test_the_terminal_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line for block in _blocks("") for line in block.splitlines() if line.startswith("xlsales ")]
    offline = [shlex.split(line)[1:] for line in lines if " batch " not in line]
    monkeypatch.chdir(tmp_path)
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "=MAGIC_NUMBER(15000,2500,60%,40%,1)"
    workbook.save("My model.xlsx")
    assert offline, "the README shows no terminal example"
    outputs = [CliRunner().invoke(app, arguments) for arguments in offline]
    assert [result.exit_code for result in outputs] == [0] * len(offline)
    assert openpyxl.load_workbook("My model.xlsx", data_only=True).active["A1"].value == 25
    (magic,) = (output for output, line in zip(outputs, offline, strict=True) if line[:2] == ["calc", "MAGIC_NUMBER"])
    assert magic.output.strip() == "25"


def test_the_two_commands_are_single_lines_that_any_shell_takes() -> None:
    commands = [block.strip() for block in _blocks("")][:2]
    assert commands == ["python examples/crm", "python tests"]
    for command in commands:
        folder = PROJECT / command.split()[1]
        assert (folder / "__main__.py").exists()


def test_the_numbers_of_the_discount_table_are_those_of_the_function() -> None:
    assert "| 125,000 |" in README
    assert "| 133,333.33 |" in README
    assert xlsales.breakeven_revenue(100_000, 0.5, 0.2) == pytest.approx(125_000)
    assert xlsales.breakeven_revenue(100_000, 0.5, 0.2, "PRICE") == pytest.approx(133_333.33, abs=0.005)
