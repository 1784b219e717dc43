"""The figures of the year that formulas count from the tables, each a named cell `fig_…` on the sheet Functions.

To add one, add a `Figure` to the module of its subject; formulas anywhere read it by its name.
"""

from __future__ import annotations

from xlsales.planner.figures import accounts, activity, guards, moves, people, pipeline, sales, week
from xlsales.planner.figures.figure import Figure
from xlsales.planner.figures.sales import NEEDED

FIGURES = (
    *sales.FIGURES,
    *pipeline.FIGURES,
    *accounts.FIGURES,
    *activity.FIGURES,
    *guards.FIGURES,
    *guards.VALUES,
    *moves.FIGURES,
    *people.FIGURES,
    *week.FIGURES,
)

__all__ = ["FIGURES", "NEEDED", "Figure"]
