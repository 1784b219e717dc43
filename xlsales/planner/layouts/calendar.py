"""The weeks of the year and the check-ins that belong to them."""

from __future__ import annotations

from xlsales.planner.areas import Computed, Layout
from xlsales.planner.layouts.columns import count, day, money, points, share, text, word
from xlsales.planner.layouts.turns import MEETINGS, WEEKS
from xlsales.planner.sizes import HISTORY_WEEKS, YEAR_WEEKS
from xlsales.schedule import TIMES_A_YEAR
from xlsales.schema import ACTIVITY, CHECKINS
from xlsales.texts import N_

_INPUTS = tuple(column for column in ACTIVITY.inputs if column.name != "week_start")
_HOURS = [column.name for column in _INPUTS if column.name.endswith("_hours")]
_TO_DATE = 'IF(OR({week_start}="",NOT(ISNUMBER(calc_as_of))),"",IF({week_start}>calc_as_of,"",'
_WINDOW = '{week_start.all},">"&{week_start}-7*th_rolling_weeks,{week_start.all},"<="&{week_start}'


def _rolling(name: str, header: str) -> Computed:
    return count(f"rolling_{name}", header, f"{_TO_DATE}SUMIFS({{{name}.all}},{_WINDOW})))")


_WEEK = day(
    "week_start",
    ACTIVITY["week_start"].header,
    'IF(ISNUMBER(calc_first_week),calc_first_week+7*(ROW()-ROW({week_start.head})-1),"")',
)
_CALCULATED = (
    day(
        "recorded",
        N_("Filled to"),
        f'IF(OR({{week_start}}="",COUNT({{{_INPUTS[0].name}}}:{{{_INPUTS[-1].name}}})=0),"",{{week_start}}+7-1)',
    ),
    day(
        "year_day",
        N_("Year to"),
        'IF({week_start}="","",IF({week_start}+7>calc_year_start,MIN({week_start}+7-1,calc_year_end),""))',
    ),
    count("month", N_("Month no."), 'IF({year_day}="","",MATCH({year_day},cal_start,1))'),
    money(
        "goal_to_date",
        N_("Goal to date"),
        'IF({month}="","",in_revenue_goal*(INDEX(cal_before,{month})+INDEX(cal_weight,{month})*'
        "({year_day}-INDEX(cal_start,{month})+1)/INDEX(cal_days,{month})))",
    ),
    money("goal", N_("Goal of the week"), 'IF({month}="","",{goal_to_date}-N({goal_to_date.above}))'),
    money(
        "revenue_to_date",
        N_("Revenue to date"),
        'IF(OR({month}="",NOT(ISNUMBER(calc_as_of))),"",'
        'IF({week_start}>calc_as_of,"",SUMIFS({revenue.down},{month.down},">0")))',
    ),
    share(
        "barometer",
        N_("Activity barometer"),
        'IFERROR(IF(OR({first_appointments}="",{month}=""),"",'
        'IF(out_magic_number=0,1,{first_appointments}/out_magic_number)),"")',
        "0%",
    ),
    share("standard", N_("Standard"), 'IF({month}="","",th_barometer)', "0%"),
    _rolling("first_appointments", N_("First appointments, rolling")),
    _rolling("proposals", N_("Proposals, rolling")),
    _rolling("won", N_("Won, rolling")),
    share(
        "proposal_ratio",
        N_("Proposal ratio, rolling"),
        'IF(OR(N({rolling_first_appointments})=0,N({rolling_proposals})>N({rolling_first_appointments})),"",'
        "{rolling_proposals}/{rolling_first_appointments})",
    ),
    share(
        "close_ratio",
        N_("Close ratio, rolling"),
        'IF(OR(N({rolling_proposals})=0,N({rolling_won})>N({rolling_proposals})),"",{rolling_won}/{rolling_proposals})',
    ),
    points(
        "hours",
        N_("Hours"),
        f'IF(COUNT({{{_HOURS[0]}}}:{{{_HOURS[-1]}}})=0,"",SUM({{{_HOURS[0]}}}:{{{_HOURS[-1]}}}))',
    ),
    share("selling_time", N_("Selling time"), 'IF(N({hours})=0,"",N({selling_hours})/{hours})'),
)
_APPOINTED = (
    count("number", N_("No."), "ROW()-ROW({number.head})"),
    word("kind", CHECKINS["kind"].header, "INDEX(list_weekly,MATCH({number}-1,cad_before,1))"),
    count("turn", N_("Of its kind"), "{number}-INDEX(cad_before,MATCH({kind},list_weekly,0))"),
    day(
        "planned_for",
        N_("Planned for"),
        'IF(calc_year_start="","",IF({kind}=word_weekly,calc_first_week+7*(calc_history_weeks+{turn}),'
        "EDATE(calc_year_start,{turn}*INDEX(cad_months,MATCH({kind},list_weekly,0)))-1))",
    ),
    text("topics", N_("What to talk about"), "INDEX(cad_topics,MATCH({kind},list_weekly,0))"),
)
_REVIEWED = (
    money("gap", N_("Gap"), 'IF(COUNT({planned},{actual})<2,"",{actual}-{planned})'),
    word(
        "status",
        N_("Status"),
        'IF({held}<>"",word_held,IF(COUNT({planned_for},calc_as_of)<2,"",'
        "CHOOSE(1+({planned_for}<=calc_as_of)+({planned_for}+7<=calc_as_of),word_later,word_due,word_missed)))",
    ),
)


def weeks() -> Layout:
    """Return the weekly record."""
    return Layout("tblWeeks", ACTIVITY.name, (_WEEK, *_INPUTS, *_CALCULATED, *WEEKS), HISTORY_WEEKS + YEAR_WEEKS)


def checkins() -> Layout:
    """Return the calendar of check-ins."""
    inputs = tuple(column for column in CHECKINS.inputs if column.name != "kind")
    columns = (*_APPOINTED, *inputs, *_REVIEWED, *MEETINGS)
    return Layout("tblCheckins", CHECKINS.name, columns, sum(TIMES_A_YEAR.values()))
