"""Which workbooks are alike for the linter: those that tests look at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.likeness import likeness
from tests.package_edit import PackageEdit
from tests.soundness import Seen
from tests.workbook.lint.sound import sound


def edited(sheet: str, pattern: str, replacement: str) -> bytes:
    edit = PackageEdit(sound())
    part = edit.sheet(sheet)
    assert pattern in edit.text(part)
    edit.parts[part] = edit.text(part).replace(pattern, replacement, 1).encode()
    return edit.close()


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        ('<c r="A1"><v>1</v>', '<c r="A1"><v>-12.5E-7</v>'),
        ('<c r="A1"><v>1</v></c>', '<c r="A1"/>'),
        ('<c r="A1"><v>1</v></c>', '<c r="A1" t="n"></c>'),  # as openpyxl writes it
        ('<c r="A1"><v>1</v></c>', '<c r="A1" t="str"><v>Zoë &amp; Bo</v></c>'),
        ('<c r="A1"><v>1</v></c>', '<c r="A1" t="inlineStr"><is><t>Zoë</t></is></c>'),
        ('<c r="H1" t="b"><v>1', '<c r="H1" t="b"><v>0'),
    ],
)
def test_plain_values_are_alike(pattern: str, replacement: str) -> None:
    assert likeness(edited("Calc", pattern, replacement), ".xlsx") == likeness(edited("Calc", "", ""), ".xlsx")


@pytest.mark.parametrize(
    ("sheet", "pattern", "replacement"),
    [
        ("Calc", '<c r="A1"><v>1</v></c>', '<c r="A1" t="str"><v> 1</v></c>'),
        ("Calc", '<c r="A1"><v>1</v></c>', '<c r="A1" t="str"><v>_x0041_</v></c>'),
        ("Calc", '<c r="A1"><v>1</v></c>', '<c r="A1" t="e"><v>#N/A</v></c>'),
        ("Calc", '<c r="A1"><v>1</v></c>', '<c r="A1" t="s"><v>999</v></c>'),
        ("Calc", '<c r="A1"><v>1</v></c>', '<c r="A1"><f>1</f></c>'),
        ("Calc", '<c r="A1"><v>1</v></c>', '<c r="A1" s="1"/>'),
        ("Calc", '<c r="A1"><v>1</v></c>', ""),
        ("Calc", '<c r="A1"><v>1</v></c>', '<c r="A1" t="s"></c>'),
        ("Calc", '<c r="A1"><v>1</v></c>', '<c r="A1" t="inlineStr"></c>'),
        ("Data", ' t="s"><v>0</v></c>', ' t="s"><v>1</v></c>'),
        ("Data", ' t="s"><v>0</v></c>', "/>"),
    ],
)
def test_whatever_a_rule_may_tell_of_makes_a_workbook_another(sheet: str, pattern: str, replacement: str) -> None:
    assert likeness(edited(sheet, pattern, replacement), ".xlsx") != likeness(edited("Calc", "", ""), ".xlsx")


def test_another_kind_of_file_is_another() -> None:
    assert likeness(sound(), ".xlsx") != likeness(sound(), ".xlsm")


def test_a_workbook_like_a_sound_one_is_sound_and_a_broken_one_is_told_each_time(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    seen = Seen(tmp_path / "notes")
    book = tmp_path / "Book.bin"
    for content in (sound(), edited("Calc", "<v>1<", "<v>2<"), sound()):
        book.write_bytes(content)
        assert seen.faults(book.rename(tmp_path / "Book.xlsx")) == []
    broken = tmp_path / "Broken.txt"
    for _again in range(2):
        broken.write_bytes(edited("Calc", "<v>1<", "<v>NaN<"))
        (told,) = seen.faults(broken.rename(tmp_path / "Broken.xlsx"))
        assert "cell-number" in told
        broken = (tmp_path / "Broken.xlsx").rename(broken)
