"""Rules of the linter, and faults: places where a workbook breaks one."""

from __future__ import annotations

from dataclasses import dataclass

from xlsales.texts import _

_LONGEST_DETAIL = 160
RULES: dict[str, Rule] = {}  # by name, in the order of the modules that declare them


@dataclass(frozen=True)
class Rule:
    """Something that Excel does not accept, or never writes."""

    name: str
    group: str
    excel: str  # what Excel does with it, one sentence
    remedy: str
    source: str  # where it is said: a limit of Microsoft's, a section of a specification, an issue's thread

    def at(self, part: str, detail: object = "", cell: str = "") -> Fault:
        """Return a fault of this rule."""
        return Fault(self, part, cell, _shown(str(detail)))


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where a workbook breaks a rule."""

    rule: Rule
    part: str
    cell: str  # `Sheet!A1` or a range, where there is one
    detail: str  # what stands there

    def __str__(self) -> str:
        place = " ".join(piece for piece in (self.part, self.cell) if piece)
        said = f"{place}: {self.rule.name}"
        said = f"{said} ({self.detail})" if self.detail else said
        return f"{said}. {_(self.rule.excel)} {_(self.rule.remedy)}"


class Group:
    """The rules of one kind of part; calling it declares one."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, name: str, excel: str, remedy: str, source: str) -> Rule:
        """Declare a rule."""
        assert name not in RULES, name
        rule = RULES[name] = Rule(name, self.name, excel, remedy, source)
        return rule


def _shown(text: str) -> str:
    visible = "".join(
        char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode("ascii")
        for char in text[: _LONGEST_DETAIL + 1]
    )
    return visible if len(text) <= _LONGEST_DETAIL else visible[:_LONGEST_DETAIL] + "…"
