"""`xlsales check` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.printed import Type
from tests.package_edit import PackageEdit
from tests.workbook.lint.sound import sound
from tests.workbook.returned.edits import PlannerEdit, at
from xlsales.workbook.lint import RULES

pytestmark = pytest.mark.unsound("what check is for")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.xlsx"
    path.write_bytes(sound())
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """Two cells with unknown errors, one formula of a sheet that is gone."""
    edit = PackageEdit(sound())
    edit.replace(edit.sheet("Calc"), "<f>A1=1</f>", "<f>Gone!A1</f>")
    edit.replace(edit.sheet("Calc"), "<v>#DIV/0!</v>", "<v>#DIV</v>")
    path = tmp_path / "bad.xlsx"
    path.write_bytes(edit.close())
    return path


@pytest.fixture
def unreadable(tmp_path: Path) -> Path:
    path = tmp_path / "unreadable.xlsx"
    path.write_bytes(b"id,name\n")
    return path


def test_check_of_a_sound_file(typed: Type, good: Path) -> None:
    printed = typed("check", good)
    assert (printed.code, printed.out, printed.error) == (0, f"{good}: sound.\n", "")


def test_check_tells_rule_part_cell_consequence_and_remedy(typed: Type, bad: Path) -> None:
    printed = typed("check", bad)
    assert printed.code == 1
    assert printed.out == (
        f"{bad}: findings: 2.\n"
        "  cell-error: Excel does not know this error value and offers to repair the cell.\n"
        "    xl/worksheets/sheet2.xml, Calc!C4: #DIV\n"
        "    → Write one of Excel's own, such as #N/A or #VALUE!.\n"
        f"  formula-unknown-sheet: {RULES['formula-unknown-sheet'].excel}\n"
        "    xl/worksheets/sheet2.xml, Calc!C3: Gone\n"
        "    → Name a sheet of the workbook; quote names with spaces.\n"
    )


def test_check_of_an_unreadable_file_says_why(typed: Type, unreadable: Path) -> None:
    printed = typed("check", unreadable)
    assert printed.code == 2
    assert printed.error.startswith(f"{unreadable}: unreadable: It is not a zip archive")


def test_one_bad_file_never_stops_the_rest(typed: Type, good: Path, bad: Path, unreadable: Path) -> None:
    printed = typed("check", unreadable, good.with_name("none.xlsx"), bad, good)
    assert printed.code == 2
    assert "none.xlsx: unreadable: There is no such file." in printed.error
    assert f"{good}: sound." in printed.out
    assert printed.out.splitlines()[-1] == "4 files: 1 sound, 1 with findings, 2 unreadable."
    assert typed("check", bad, good).code == 1


def test_check_of_a_folder_and_of_a_pattern(typed: Type, good: Path, bad: Path, unreadable: Path) -> None:
    folder = good.parent
    (folder / "below").mkdir()
    (folder / "below" / "deep.xlsx").write_bytes(sound())
    (folder / "~$good.xlsx").write_bytes(b"lock")
    (folder / "notes.txt").write_bytes(b"x")
    assert typed("check", folder).out.splitlines()[-1] == "4 files: 2 sound, 1 with findings, 1 unreadable."
    assert typed("check", folder / "*d.xlsx").out.splitlines()[-1] == "2 files: 1 sound, 1 with findings, 0 unreadable."
    assert bad.exists()
    assert unreadable.exists()


def test_a_folder_without_workbooks_is_said(typed: Type, tmp_path: Path) -> None:
    printed = typed("check", tmp_path)
    assert printed.code == 2
    assert "there is no workbook in this folder" in printed.error


def test_check_as_json(typed: Type, good: Path, bad: Path, unreadable: Path) -> None:
    printed = typed("check", good, bad, unreadable, "--json")
    first, second, third = json.loads(printed.out)
    assert printed.code == 2
    assert first == {"file": str(good), "state": "sound", "count": 0, "findings": []}
    assert (second["state"], second["count"]) == ("findings", 2)
    assert second["findings"][0] == {
        "rule": "cell-error",
        "part": "xl/worksheets/sheet2.xml",
        "cell": "Calc!C4",
        "detail": "#DIV",
        "excel": RULES["cell-error"].excel,
        "remedy": RULES["cell-error"].remedy,
    }
    assert (third["file"], third["state"]) == (str(unreadable), "unreadable")
    assert third["reason"]


def test_quiet_check_says_nothing_of_sound_files(typed: Type, good: Path, bad: Path) -> None:
    assert typed("check", good, "--quiet").out == ""
    assert typed("check", good, bad, "--quiet").out.startswith(f"{bad}: findings: 2.")


def test_the_rules_are_listed(typed: Type) -> None:
    printed = typed("check", "--rules")
    assert printed.code == 0
    assert all(f"  {name}: " in printed.out for name in RULES)
    listed = json.loads(typed("check", "--rules", "--json").out)
    assert {one["rule"] for one in listed} == RULES.keys()
    assert all(one.keys() == {"rule", "group", "excel", "remedy", "source"} for one in listed)


def test_many_places_of_one_rule_are_not_all_printed(typed: Type, good: Path) -> None:
    edit = PackageEdit(sound())
    cells = "".join(f'<c r="{column}5" t="e"><v>#X</v></c>' for column in "ABCDEFGH")
    edit.replace(edit.sheet("Calc"), "</sheetData>", f'<row r="5">{cells}</row></sheetData>')
    edit.replace(edit.sheet("Calc"), 'ref="A1:H4"', 'ref="A1:H5"')
    good.write_bytes(edit.close())
    printed = typed("check", good).out
    assert printed.count("Calc!") == 5
    assert "… and 3 more; --json lists them." in printed


@pytest.mark.parametrize("words", [[], ["--json"], ["--nope"]])
def test_wrong_use_of_check_ends_with_2(typed: Type, words: list[str]) -> None:
    assert typed("check", *words).code == 2


def test_a_planner_says_how_complete_it_is_and_where_it_was_edited(typed: Type, tmp_path: Path) -> None:
    edit = PlannerEdit()
    edit.cell("Targets", at("in_revenue_goal")[1].replace("C", "B"), "<is><t>Revenue, roughly</t></is>", "inlineStr")
    path = tmp_path / "returned.xlsx"
    path.write_bytes(edit.close())
    printed = typed("check", path)
    assert "the plan of EXAMPLE for 2027" in printed.out
    assert "% complete" in printed.out
    assert "Revenue, roughly" in printed.out
    assert printed.code == 1
