"""Rules of the growth plan."""

from __future__ import annotations

from xlsales.planner import names
from xlsales.planner.checks.check import Check
from xlsales.texts import N_

CHECKS = (
    Check(
        N_("The rates of the product lines are percentages: 20%, not 20"),
        'COUNTIF({tblProducts.growth__protected},">1")',
        names.GROWTH,
        N_("Type the percentage with its sign: 5% or 0.05."),
        judged="COUNT({tblProducts.growth__protected})",
    ),
    Check(
        N_("The product lines' goals add up to the revenue goal"),
        "1*(ROUND(SUM({tblProducts.goal})-N(in_revenue_goal),0)<>0)",
        names.GROWTH,
        N_("Change the goals of the product lines, or the revenue goal."),
        judged="COUNT({tblProducts.goal})",
    ),
)
