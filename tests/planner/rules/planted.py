"""A defect: a change to one part of a planner, and what its rule must say of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from tests.planner.rules.opened import Opened
from xlsales.workbook.vba.project import Module, vba_project
from xlsales.workbook.vba.sources import modules

Rule: TypeAlias = Callable[[Opened], list[str]]


class Planted(Protocol):
    """Something wrong that a rule must tell of."""

    @property
    def rule(self) -> Rule:
        """The rule."""

    @property
    def name(self) -> str:
        """What is wrong."""

    @property
    def told(self) -> str:
        """What the rule must say."""

    def planted(self, whole: Opened) -> Opened:
        """The planner with the defect."""


@dataclass(frozen=True)
class Defect:
    """A change to one part, and what the rule must say of it."""

    rule: Rule
    name: str
    part: str  # a part, or the name of a sheet
    pattern: str
    replacement: str
    told: str

    def planted(self, whole: Opened) -> Opened:
        """The planner with this defect."""
        part = self.part if self.part in whole.parts else whole.sheet(self.part).part
        text, found = re.subn(self.pattern, self.replacement, whole.parts[part].decode(), count=1, flags=re.DOTALL)
        assert found, f"{self.name}: nothing in {part} looks like {self.pattern}"
        return Opened({**whole.parts, part: text.encode()}, whole)


@dataclass(frozen=True)
class Added:
    """A part that does not belong in a planner."""

    rule: Rule
    name: str
    parts: Mapping[str, str]
    told: str

    def planted(self, whole: Opened) -> Opened:
        """The planner with the part added."""
        return Opened({**whole.parts, **{name: text.encode() for name, text in self.parts.items()}}, whole)


@dataclass(frozen=True)
class Removed:
    """A part that a planner misses."""

    rule: Rule
    name: str
    part: str
    told: str

    def planted(self, whole: Opened) -> Opened:
        """The planner without the part."""
        return Opened({name: content for name, content in whole.parts.items() if name != self.part}, whole)


@dataclass(frozen=True)
class Rebuilt:
    """A change to the modules of the VBA project, or to its name."""

    rule: Rule
    name: str
    change: Callable[[list[Module]], list[Module]]
    told: str
    project: str = "xlsales_planner"

    def planted(self, whole: Opened) -> Opened:
        """The planner with the other project."""
        project = vba_project(self.project, self.change(modules([f"Sheet{n + 1}" for n in range(len(whole.tabs))])))
        return Opened({**whole.parts, "xl/vbaProject.bin": project}, whole)


def formula(rule: Rule, name: str, cell: str, text: str, told: str, sheet: str = "Team") -> Defect:
    """Put another formula into a cell; L7 on Team is the first of a table's calculated column."""
    written = text.replace("&", "&amp;").replace("<", "&lt;").replace("\\", r"\\")
    return Defect(rule, name, sheet, rf'(<c r="{cell}"[^>]*>)<f>.*?</f>', rf"\1<f>{written}</f>", told)
