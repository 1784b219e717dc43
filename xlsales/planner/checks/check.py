"""A rule that the plan is held against."""

from __future__ import annotations

from dataclasses import dataclass

# An error makes figures wrong; a warning asks for a decision or a deed. Code words, the same in every language.
ERROR, WARNING = "ERROR", "WARNING"


@dataclass(frozen=True)
class Check:
    """A rule: how many places break it, and where to look."""

    rule: str
    count: str  # a formula, `{tblDeals.check}` for a table's column
    sheet: str  # of `names`
    remedy: str
    severity: str = ERROR
    name: str = ""  # `state_<name>` is its status, for tiles
    judged: str = "1"  # a formula: how much there is to judge; with 0 the check is NOT YET
