"""Where a LAMBDA and the function in Python differ, and why: the whole list.

docs/excel.md has it as a table. Those with a call are shown by a test; the others only Excel itself could show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsales.texts import N_


@dataclass(frozen=True)
class Difference:
    """One thing that differs."""

    what: str
    why: str
    function: str = ""
    arguments: tuple[Any, ...] = ()
    shows: Any = None  # the LAMBDA
    in_python: Any = None


DIFFERENCES = (
    Difference(
        N_("a date together with a time, as text"),
        N_("a LAMBDA reads 2027-01-31 as text, and dates with times as Excel's own numbers only"),
        "NEXT_CHECKIN",
        ("2027-01-31 10:00", "DAILY"),
        "#VALUE!",
        46419,
    ),
    Difference(
        N_("two percent signs in a text"),
        N_("Excel's NUMBERVALUE divides by 100 for each of them"),
        "PIPELINE_COVERAGE",
        ("5%%", 1),
        0.0005,
        "#VALUE!",
    ),
    Difference(
        N_("very large and very small numbers where a name is wanted"),
        N_("each host has its own way of writing a number of more than 15 digits as text"),
        "BEST_IN_FRONT",
        (1, 1e20),
        "100000000000000000000",
        "1e+20",
    ),
    Difference(
        N_("two numbers that agree in 15 digits"),
        N_("Excel takes them for equal where it compares them; Python sees the difference"),
    ),
    Difference(
        N_("dates before March 1900"),
        N_("Excel has a 29 February 1900, so months are counted from another day; there are no sales of that year"),
    ),
    Difference(
        N_("workbooks that count days from 1904"),
        N_(
            "a LAMBDA gets their numbers as they are, four years short; type dates as text, or set the workbook to 1900"
        ),
    ),
    Difference(
        N_("the language of tips and of the twelve elements"),
        N_("a LAMBDA keeps the language in which it was put into the workbook"),
    ),
    Difference(
        N_("more arguments than the function takes"),
        N_("Excel refuses the formula, or shows #VALUE!, before the LAMBDA sees it"),
    ),
)
