"""Every rule has its crafted files, its sentence and its source; docs/reliability.md lists them all."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docs.rules import COMMAND, PAGE, page
from tests.foreign_templates import FOREIGN
from tests.package_edit import PackageEdit
from tests.soundness import Seen, told_of
from tests.workbook.lint.catalogue import crafted_files
from tests.workbook.lint.sound import sound
from xlsales.addin.shipped import shipped as shipped_addin
from xlsales.batch import Options, prepare
from xlsales.workbook.lint import RULES, Rule, Unreadable, check, check_file
from xlsales.workbook.template import shipped

if TYPE_CHECKING:
    from tests.conftest import MadeBatch, Tables, WriteTables

KINDS = 121  # of defects that were measured when the validators were compared


def test_the_sound_workbook_breaks_no_rule() -> None:
    assert check(sound(), "Book.xlsx").faults == ()


def test_every_rule_has_a_crafted_file_and_every_file_is_another() -> None:
    listed = list(crafted_files())
    assert {one.rule for one in listed} == RULES.keys()
    twice = [one for one, count in Counter((one.rule, one.kind) for one in listed).items() if count > 1]
    assert twice == []
    assert len(listed) >= 2 * KINDS


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_says_what_excel_does_and_what_to_do(rule: Rule) -> None:
    for sentence in (rule.excel, rule.remedy):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert len(sentence) <= 140
    assert "Excel" in rule.excel
    assert rule.source
    assert rule.name == rule.name.lower()


def test_the_page_of_rules_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), f"{PAGE.name} is out of date: run `{COMMAND}`"


def test_the_addin_is_sound() -> None:
    assert check_file(shipped_addin()).faults == ()


@pytest.mark.parametrize("file_format", ["xlsm", "xlsx"])
def test_the_templates_are_sound(file_format: str) -> None:
    assert told_of(shipped(file_format).read_bytes(), f"Planner.{file_format}") == []


@pytest.mark.parametrize("change", FOREIGN)
def test_planners_that_somebody_changed_are_sound(small_template: Path, change: str) -> None:
    changed = FOREIGN[change](small_template.read_bytes())
    assert told_of(changed, "Planner.xlsm") == []


def test_every_planner_of_the_example_is_sound(crm_batch: MadeBatch, seen: Seen) -> None:
    planners = sorted(crm_batch.folder.glob("*.xlsm"))
    assert len(planners) == len(crm_batch.planners)
    assert [told for path in [*planners, crm_batch.folder / "Overview.xlsx"] for told in seen.faults(path)] == []


def test_planners_of_the_example_without_macros_are_sound(crm_tables: Path, tmp_path: Path, seen: Seen) -> None:
    """Those of each size, the one without deals, and one more: but for the macros they are those above."""
    chosen = ("T01", "T02", "T10", "T11", "T24", "T31")
    batch = prepare(crm_tables, Options(tmp_path / "plans", file_format="xlsx", workers=1, only=chosen))
    batch.run()
    planners = sorted((tmp_path / "plans").glob("T*.xlsx"))
    assert len(planners) == len(batch.made) == len(chosen)
    assert [told for path in planners for told in seen.faults(path)] == []


def test_a_planner_with_larger_tables_is_sound(
    small_tables: Tables, write_tables: WriteTables, small_template: Path, tmp_path: Path, seen: Seen
) -> None:
    (first, *_others) = small_tables["accounts"]
    small_tables["accounts"] += [{**first, "account_id": f"N{number}"} for number in range(40)]
    options = Options(tmp_path / "plans", workers=1, template=small_template)
    prepare(write_tables(tmp_path / "tables", small_tables), options).run()
    grown = tmp_path / "plans" / "T1 North.xlsm"
    assert 'ref="B6:' in PackageEdit(grown.read_bytes()).text("xl/tables/table1.xml")
    assert seen.faults(grown) == []


def test_a_fault_is_one_line_with_its_place_and_remedy() -> None:
    edit = PackageEdit(sound())
    edit.replace(edit.sheet("Calc"), "<f>A1=1</f>", "<f>A1=Gone!A1&amp;&quot;\n&quot;</f>")
    (fault,) = check(edit.close(), "Book.xlsx").faults
    assert str(fault) == (
        "xl/worksheets/sheet2.xml Calc!C3: formula-unknown-sheet (Gone). Excel finds no such sheet and offers to "
        "repair the workbook by dropping the formula. Name a sheet of the workbook; quote names with spaces."
    )


def test_many_faults_of_one_rule_are_counted_and_a_hundred_listed() -> None:
    edit = PackageEdit(sound())
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="e"><v>#WHAT!</v></c></row>' for row in range(5, 305))
    edit.replace(edit.sheet("Calc"), "</sheetData>", f"{rows}</sheetData>")
    checked = check(edit.close(), "Book.xlsx")
    assert [fault.rule.name for fault in checked.faults].count("cell-error") == 100
    assert checked.count == 301  # and the used range


def answer(content: bytes) -> str:
    """What the linter says: of the workbook, or why it is unreadable."""
    try:
        return f"{check(content, 'Book.xlsx').count} faults"
    except Unreadable as error:
        return str(error)


def test_any_byte_may_be_another_and_the_linter_still_answers() -> None:
    """What the linter does not expect is unreadable or a fault, never an exception."""
    chance = random.Random(12)
    content = sound()
    for _time in range(150):
        changed = bytearray(content)
        for _byte in range(chance.randint(1, 4)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        assert answer(bytes(changed))


def test_any_attribute_may_be_another_and_the_linter_still_answers() -> None:
    """The parts are well-formed, what stands in them is nonsense."""
    chance = random.Random(34)
    strange = ("", "-1", "x", "99999999999999999999", "1e9", "A0", "#REF!", "\u0663", "A1:A", "'", "[", "NaN", "{")
    edit = PackageEdit(sound())
    parts = {name: edit.text(name) for name in edit.parts if name.endswith((".xml", ".rels", ".vml"))}
    for _time in range(250):
        name = chance.choice(list(parts))
        values = [place for place in range(len(parts[name])) if parts[name].startswith('="', place)]
        if not values:
            continue
        start = chance.choice(values) + 2
        end = parts[name].index('"', start)
        changed = parts[name][:start] + chance.choice(strange) + parts[name][end:]
        one = PackageEdit(sound())
        one.parts[name] = changed.encode()
        assert answer(one.close())
