"""What must be set on Targets before anything means something."""

from __future__ import annotations

from xlsales.planner import names
from xlsales.planner.checks.check import Check
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
)
