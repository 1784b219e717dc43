"""A figure that formulas of other sheets read by its name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A labelled formula, or a number that nobody changes; `{tblWeeks.won}` is that column of that table."""

    name: str  # of its cell; those of this room are `fig_<name>`
    label: str
    number_format: str
    formula: str | float
    note: str = ""
    sentence: bool = False  # without a note: it runs on over the cells on its right
