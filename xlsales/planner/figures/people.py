"""How fast new people are ready."""

from __future__ import annotations

from xlsales.planner.figures.figure import Figure
from xlsales.texts import N_

FIGURES = (
    Figure(
        "ramp_months",
        N_("Ramp-up: from month to month"),
        "0",
        'IF(COUNT(in_hired,in_productive)<2,"",IF(in_productive<in_hired,"",'
        "12*(YEAR(in_productive)-YEAR(in_hired))+MONTH(in_productive)-MONTH(in_hired)))",
        N_("Whatever the days of the months."),
    ),
    Figure(
        "ramp_day",
        N_("Ramp-up: the day so many months after hiring"),
        "yyyy-mm-dd",
        'IF(fig_ramp_months="","",EDATE(in_hired,fig_ramp_months))',
        N_("From there to full productivity is a part of a month."),
    ),
)
