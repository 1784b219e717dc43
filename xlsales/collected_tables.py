"""The territories that were collected: what stands beside their inputs, and how the tables are known again.

Beside the columns of `schema`, each has what its planner calculates and what its file says.
"""

from __future__ import annotations

from collections.abc import Iterable

from xlsales.schema import TERRITORIES

COLLECTED = ("findings", "files")  # the tables beside that of territories, which tell of the files
OF_A_FILE = ("file", "template_version", "as_of", "completeness", "recalculated", "edited", "findings")
_OF_A_PLANNER = ("in_", "out_", "fig_", "calc_", "th_", "w_", "rollup_")  # how the headings of figures begin
_OF_A_ROLL_UP = ("plan_revenue", "counted", "not_counted_because")
_WRITTEN = frozenset(("recalculated", "edited", "completeness"))  # what stands together nowhere else
_AS_DETAIL = "detail: "  # before a company's own heading that is one of ours


def are_collected(headings: Iterable[str]) -> bool:
    """Whether these are the headings of territories that `xlsales collect` wrote."""
    return {heading.casefold() for heading in headings} >= _WRITTEN


def is_collected(heading: str) -> bool:
    """Whether a heading of collected territories is one of `xlsales collect` itself."""
    name = heading.casefold()
    return name.startswith(_OF_A_PLANNER) or name in (*OF_A_FILE, *_OF_A_ROLL_UP)


def detail_heading(name: str) -> str:
    """Return the heading of a detail in collected territories: its name, unless a column of ours is called so."""
    is_ours = is_collected(name) or name.casefold() in {column.name for column in TERRITORIES}
    return f"{_AS_DETAIL}{name}" if is_ours or name.casefold().startswith(_AS_DETAIL) else name


def detail_name(heading: str) -> str:
    """Return the name of a detail by its heading in collected territories."""
    return heading[len(_AS_DETAIL) :] if heading.casefold().startswith(_AS_DETAIL) else heading
