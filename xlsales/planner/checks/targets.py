"""What must be set on Targets before anything means something."""

from __future__ import annotations

from xlsales.planner import names
from xlsales.planner.checks.check import WARNING, Check
from xlsales.texts import N_

CHECKS = (
    Check(
        N_("Territory, person, year, currency and goal are filled"),
        "fig_missing",
        names.TARGETS,
        N_("Fill them on Targets."),
    ),
    Check(
        N_("The season's shares add up to 100%"),
        "IF(ROUND(SUM(season_weights),2)=1,0,1)",
        names.TARGETS,
        N_("Change the shares on Targets until their total is 100%."),
    ),
    Check(
        N_("The goal is not below the growth planned"),
        "1*(ROUND(calc_goal-N(in_opening_revenue)*(1+N(in_growth_rate)),0)<0)",
        names.TARGETS,
        N_("Opening revenue times growth asks for more: raise the goal, or plan less growth."),
        WARNING,
        judged="COUNT(calc_goal)*(N(in_opening_revenue)>0)",
    ),
)
