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
        N_("The year starts in the calendar year that it is named for, or in the one before"),
        'IF(in_year_start="",0,IF(COUNT(in_year_start,in_fiscal_year)<2,1,'
        "1-AND(YEAR(in_year_start)<=in_fiscal_year,YEAR(in_year_start)+1>=in_fiscal_year)))",
        names.TARGETS,
        N_("Correct the fiscal year or the year start on Targets."),
    ),
    Check(
        N_("The rates of the goal are percentages: 20%, not 20"),
        "(in_growth_rate>1)+(in_attrition_rate>1)+(in_gross_margin>1)+(in_high_value_share>1)"
        "+(in_planned_proposal_ratio>1)+(in_planned_close_ratio>1)",  # a text is more than 1, too
        names.TARGETS,
        N_("Type the percentage with its sign on Targets."),
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
