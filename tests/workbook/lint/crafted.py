"""Crafted broken files: the sound workbook with one defect planted, and the rule that must tell of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.likeness import likeness
from tests.package_edit import PackageEdit
from tests.workbook.lint.sound import sound
from xlsales.workbook.lint import check

CRAFTED: dict[str, list[tuple[str, str]]] = {}  # rule → (kind of defect, test module), for docs/reliability.md


@dataclass(frozen=True)
class Crafted:
    """A small edit of the sound workbook."""

    rule: str
    kind: str  # what is wrong, in a few words
    part: str  # a part, or the name of a sheet
    pattern: str = ""
    replacement: str = ""
    also: tuple[str, ...] = ()  # rules that the same defect breaks
    name: str = "Book.xlsx"
    told: str = ""  # where the fault must be: part, cell or detail

    def broken(self) -> bytes:
        """The workbook with the defect."""
        edit = PackageEdit(sound())
        part = self.part if self.part in edit.parts else edit.sheet(self.part)
        text, found = re.subn(self.pattern, self.replacement, edit.text(part), count=1, flags=re.DOTALL)
        assert found, f"{self.kind}: nothing in {part} looks like {self.pattern}"
        edit.parts[part] = text.encode("utf-8", "surrogatepass")
        return edit.close()


@dataclass(frozen=True)
class Changed:
    """A change to the sound workbook that takes more than a text."""

    rule: str
    kind: str
    change: Callable[[bytes], bytes]
    also: tuple[str, ...] = ()
    name: str = "Book.xlsx"
    told: str = ""

    def broken(self) -> bytes:
        """The workbook with the defect."""
        return self.change(sound())


def edited(change: Callable[[PackageEdit], object]) -> Callable[[bytes], bytes]:
    """A change that works on the package's parts."""

    def changed(content: bytes) -> bytes:
        edit = PackageEdit(content)
        change(edit)
        return edit.close()

    return changed


def cases(*crafted: Crafted | Changed) -> pytest.MarkDecorator:
    """Parametrize a test with crafted files."""
    return pytest.mark.parametrize("crafted", crafted, ids=[f"{one.rule}: {one.kind}" for one in crafted])


@cache
def _sound_like(suffix: str) -> str | None:
    return likeness(sound(), suffix)


def is_taken_for_sound(broken: bytes, name: str) -> bool:
    """Whether tests that look once at workbooks which are alike would not look at this one."""
    suffix = Path(name).suffix
    return likeness(broken, suffix) == _sound_like(suffix) and check(sound(), name).is_sound


def assert_told(crafted: Crafted | Changed) -> None:
    """The rule tells of the defect, and no other rule does but those named; nobody takes the file for a sound one."""
    broken = crafted.broken()
    assert not is_taken_for_sound(broken, crafted.name)
    faults = check(broken, crafted.name).faults
    found = {fault.rule.name for fault in faults}
    assert found == {crafted.rule, *crafted.also}, [str(fault) for fault in faults]
    told: Sequence[str] = [str(fault) for fault in faults if fault.rule.name == crafted.rule]
    assert any(crafted.told in line for line in told), told
