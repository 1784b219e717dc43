"""The week that This week looks at, what waits in it, and the check-in that is due."""

from __future__ import annotations

from xlsales.planner.figures.figure import Figure
from xlsales.texts import N_

_KIND = "INDEX({tblCheckins.kind},fig_meeting)"


def in_meeting(column: str) -> str:
    """Return the sum of a weekly figure over the weeks that the check-in looks back on; nothing where none has it."""
    cells = f"{{tblWeeks.{column}}},{{tblWeeks.in_meeting}},1"
    return f'IF(ISERROR(AVERAGEIFS({cells})),"",SUMIFS({cells}))'


def percent(figure: str) -> str:
    """Return a share in percent for a sentence, rounded as the Dashboard shows it."""
    return f"ROUND(100*{figure},1)"


def now_against(now: str, standard: str) -> str:
    """Return the sentence that says where a figure stands."""
    return f'SUBSTITUTE(SUBSTITUTE(say_now,"#",{percent(now)}),"@",{percent(standard)})'


FIGURES = (
    Figure(
        "week_start",
        N_("Week looked at: its Monday"),
        "yyyy-mm-dd",
        'IF(ISNUMBER(calc_as_of),INT(calc_as_of)+2-WEEKDAY(INT(calc_as_of)+1,2),"")',
        N_("Of the as-of date; on a Sunday, the next day."),
    ),
    Figure(
        "week_end", N_("Week looked at: its Sunday"), "yyyy-mm-dd", 'IF(ISNUMBER(fig_week_start),fig_week_start+7-1,"")'
    ),
    Figure(
        "days_ahead",
        N_("Week looked at: days to its Sunday"),
        "0",
        'IF(ISNUMBER(fig_week_end),fig_week_end-calc_as_of,"")',
        N_("As of today."),
    ),
    Figure(
        "week_number",
        N_("Week looked at: number in the year"),
        "0",
        'IF(COUNT(fig_week_start,calc_first_week)<2,"",(fig_week_start-calc_first_week)/7-calc_history_weeks+1)',
        N_("1 is the week of the year's first day."),
    ),
    Figure(
        "week_goal",
        N_("Goal of the week"),
        "#,##0",
        'IF(OR(N(calc_goal)=0,fig_week_start>calc_year_end),"",IFERROR(AVERAGEIFS({tblWeeks.goal},{tblWeeks.week_start},fig_week_start),""))',
        N_("By the season on Targets, day by day."),
    ),
    Figure(
        "catch_up_planned",
        N_("Catch-up number: typed or measured"),
        "@",
        "IF(COUNT(in_planned_average_sale,in_planned_proposal_ratio,in_planned_close_ratio)>0,word_typed,word_measured)",
        N_("TYPED where the sale or a ratio is planned on Targets."),
    ),
    Figure(
        "catch_up_basis",
        N_("Catch-up number: what it rests on"),
        "@",
        "IF(OR(calc_proposal_ratio_basis=word_standard,calc_close_ratio_basis=word_standard),"
        "word_standard,fig_catch_up_planned)",
        N_("STANDARD where a ratio is not measured."),
    ),
    Figure(
        "weighted_forecast",
        N_("Open pipeline, weighted"),
        "#,##0",
        'IF(ISNUMBER(fig_open_deals),SUM({tblDeals.weighted}),"")',
        N_("Each open deal times the chance of its stage on Targets."),
    ),
    Figure(
        "undated",
        N_("Open deals without date or next action"),
        "0",
        "SUM({tblDeals.undated})",
        N_("Fill Expected close and Next action."),
    ),
    Figure("unfilled", N_("Weeks without an entry"), "0", "COUNT({tblWeeks.no_entry})", N_("Gone by, this year.")),
    Figure(
        "waiting",
        N_("Actions that wait"),
        "0",
        "COUNT({tblAccounts.call_turn},{tblDeals.move_turn},{tblCheckins.hold_turn})+COUNT({tblDevelopment.coach_turn})"
        "+(fig_unfilled>0)+(fig_undated>0)+0*SUM(cand_score)",
        N_("Calls, deals, check-ins, coaching, and what to fill in."),
    ),
    Figure(
        "something",
        N_("Rows to draw actions from"),
        "0",
        "fig_accounts+COUNTA({tblDeals.deal_id})+COUNT({tblWeeks.recorded})",
        N_("Accounts, deals and weeks filled."),
    ),
    Figure(
        "week_ready",
        N_("Is there enough to judge?"),
        "0",
        'IF(OR(fig_missing>0,fig_something=0,calc_as_of=""),0,1)',
        N_("1 when Targets is filled, something is listed, and the as-of date is known."),
    ),
    Figure(
        "week_first",
        N_("What to fill in first"),
        "@",
        "IF(fig_missing>0,say_week_targets,IF(fig_something=0,say_week_lists,say_set_as_of))",
        sentence=True,
    ),
    Figure(
        "week_says",
        N_("What This week says first"),
        "@",
        'IF(fig_week_ready=0,fig_week_first,IF(fig_waiting=0,say_week_free,SUBSTITUTE(say_week_do,"#",fig_waiting)))',
        sentence=True,
    ),
    Figure(
        "coach",
        N_("To coach first"),
        "@",
        'IF(COUNT({tblDevelopment.coach_turn})=0,"",INDEX({tblDevelopment.kpi},MATCH(1,{tblDevelopment.coach_turn},0)))',
        N_("The figure furthest below its standard."),
    ),
    Figure(
        "coach_now",
        N_("To coach first: now"),
        "0.0%",
        'IF(fig_coach="","",INDEX({tblDevelopment.now},MATCH(fig_coach,{tblDevelopment.kpi},0)))',
    ),
    Figure(
        "coach_standard",
        N_("To coach first: standard"),
        "0.0%",
        'IF(fig_coach="","",INDEX({tblDevelopment.standard},MATCH(fig_coach,{tblDevelopment.kpi},0)))',
    ),
    Figure(
        "coach_says",
        N_("To coach first: what This week says"),
        "@",
        'IF(fig_coach="",IF(COUNT({tblDevelopment.now})=0,say_nothing_measured,say_all_on_standard),fig_coach_words)',
        sentence=True,
    ),
    Figure(
        "coach_words",
        N_("To coach first: against its standard"),
        "@",
        f'IF(fig_coach="","",{now_against("fig_coach_now", "fig_coach_standard")})',
        sentence=True,
    ),
    Figure(
        "meeting",
        N_("Check-in due: its row"),
        "0",
        'IF(COUNT({tblCheckins.hold_turn})=0,"",MATCH(1,{tblCheckins.hold_turn},0))',
        N_("Counted from the first."),
    ),
    Figure(
        "meeting_says",
        N_("Check-in due: what This week says"),
        "@",
        "IF(NOT(ISNUMBER(calc_as_of)),word_not_yet,"
        'IF(fig_meeting="",say_no_meeting,SUBSTITUTE(say_meeting,"#",fig_meeting_kind)))',
        sentence=True,
    ),
    Figure("meeting_kind", N_("Check-in due: kind"), "@", f'IF(fig_meeting="","",{_KIND})'),
    Figure(
        "meeting_months",
        N_("Check-in due: months that it looks back on"),
        "0",
        'IF(fig_meeting="","",INDEX(cad_months,MATCH(fig_meeting_kind,list_weekly,0)))',
        N_("0: weeks."),
    ),
    Figure(
        "meeting_apart",
        N_("Check-in due: weeks that it looks back on"),
        "0",
        'IF(fig_meeting="","",INDEX(cad_weeks,MATCH(fig_meeting_kind,list_weekly,0)))',
        N_("0: months."),
    ),
    Figure(
        "meeting_to",
        N_("Check-in due: it looks back to"),
        "yyyy-mm-dd",
        'IF(fig_meeting="","",INDEX({tblCheckins.planned_for},fig_meeting)-(fig_meeting_months=0))',
        N_("The day before a weekly one; the end of the month, quarter or half year."),
    ),
    Figure(
        "meeting_from",
        N_("Check-in due: it looks back from"),
        "yyyy-mm-dd",
        'IF(fig_meeting="","",IF(fig_meeting_months=0,fig_meeting_to+1-7*fig_meeting_apart,EDATE(fig_meeting_to+1,-fig_meeting_months)))',
    ),
    Figure(
        "meeting_weeks",
        N_("Check-in due: weeks that begin in between"),
        "0",
        'IF(fig_meeting="","",SUM({tblWeeks.in_meeting}))',
        N_("Plan and actual are those of these weeks."),
    ),
    Figure(
        "meeting_plan",
        N_("Check-in due: first appointments planned"),
        "0.0",
        'IF(COUNT(out_magic_number,fig_meeting_weeks)<2,"",out_magic_number*fig_meeting_weeks*'
        "IF(fig_meeting_months=0,1,calc_selling_weeks/52))",
        N_("The magic number, in its selling weeks."),
    ),
    Figure(
        "meeting_plan_proposals",
        N_("Check-in due: proposals planned"),
        "0.0",
        'IF(ISNUMBER(fig_meeting_plan),fig_meeting_plan*calc_proposal_ratio,"")',
    ),
    Figure(
        "meeting_plan_won",
        N_("Check-in due: sales planned"),
        "0.0",
        'IF(ISNUMBER(fig_meeting_plan),fig_meeting_plan_proposals*calc_close_ratio,"")',
    ),
    *(
        Figure(f"meeting_{name}", label, number_format, in_meeting(column))
        for name, column, label, number_format in (
            ("goal", "goal", N_("Check-in due: goal of these weeks"), "#,##0"),
            ("first_appointments", "first_appointments_used", N_("Check-in due: first appointments"), "#,##0"),
            ("proposals", "proposals_used", N_("Check-in due: proposals decided"), "#,##0"),
            ("won", "won_used", N_("Check-in due: sales won"), "#,##0"),
            ("revenue", "revenue_used", N_("Check-in due: revenue"), "#,##0"),
        )
    ),
)
