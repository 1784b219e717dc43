"""What the rest of the year asks for: the first appointments a week that still reach the goal."""

from __future__ import annotations

from xlsales.planner.figures.figure import Figure
from xlsales.texts import N_

FIGURES = (
    Figure(
        "catch_up_weeks",
        N_("Selling weeks left in the year"),
        "0.0",
        "IF(ISNUMBER(fig_weeks_left),IF(N(in_selling_weeks)>0,in_selling_weeks,52)*"
        'MIN(1,7*fig_weeks_left/(calc_year_end-calc_year_start+1)),"")',
        N_("The share of the year that is left, of the selling weeks on Targets."),
    ),
    Figure(
        "catch_up",
        N_("Catch-up number: first appointments a week from now on"),
        "0.0",
        'IF(fig_goal_left="","",IF(fig_goal_left=0,0,'
        'IFERROR(fig_goal_left/calc_average_sale/calc_proposal_ratio/calc_close_ratio/fig_catch_up_weeks,"")))',
        N_("Goal still open ÷ average sale ÷ ratios ÷ selling weeks left; 0 when the goal is reached."),
    ),
)
