"""What the weeks were spent on."""

from __future__ import annotations

from xlsales.planner.figures.figure import Figure
from xlsales.planner.figures.sales import in_year
from xlsales.texts import N_

FIGURES = (
    Figure("conversations", N_("Conversations"), "#,##0", in_year("conversations"), N_("Prospecting, this year.")),
    Figure(
        "conversation_ratio",
        N_("Conversations that become first appointments"),
        "0.0%",
        "IF(AND(N(fig_conversations)>0,ISNUMBER(fig_first_appointments),"
        'N(fig_first_appointments)<=N(fig_conversations)),fig_first_appointments/fig_conversations,"")',
        N_("A skill of its own: measure it week by week. Blank where the conversations are fewer."),
    ),
    Figure(
        "surprise_hours", N_("Hours of surprises"), "#,##0", in_year("surprise_hours"), N_("That nobody had planned.")
    ),
    Figure("hours_to_date", N_("Hours this year"), "#,##0", in_year("hours"), N_("To the as-of date.")),
    Figure(
        "surprise_share",
        N_("Surprises, of all hours"),
        "0.0%",
        'IF(AND(N(fig_hours_to_date)>0,ISNUMBER(fig_surprise_hours)),fig_surprise_hours/fig_hours_to_date,"")',
        N_("Against what Targets keeps for them."),
    ),
)
