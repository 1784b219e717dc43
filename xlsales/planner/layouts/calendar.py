"""The weeks of the year and the check-ins that belong to them."""

from __future__ import annotations

from xlsales.planner.areas import Computed, Layout
from xlsales.planner.layouts.columns import count, day, money, points, share, text, word
from xlsales.planner.layouts.turns import MEETINGS, WEEKS
from xlsales.planner.sizes import MONDAYS
from xlsales.schedule import checkin_turns
from xlsales.schema import ACTIVITY, CHECKINS, TURN, Column
from xlsales.texts import N_

_INPUTS = tuple(column for column in ACTIVITY.inputs if column.name != "week_start")
_HOURS = [column.name for column in _INPUTS if column.name.endswith("_hours")]
_TO_DATE = 'IF(COUNT({week_start},calc_until)<2,"",IF({week_start}>calc_until,"",'
_WINDOW = '{week_start.all},">"&{week_start}-7*th_rolling_weeks,{week_start.all},"<="&{week_start}'


def _rolling(name: str, header: str) -> Computed:
    return count(f"rolling_{name}", header, f"{_TO_DATE}SUMIFS({{{name}_used.all}},{_WINDOW})))")


def _of_deals(name: str, header: str, formula: str, *, amount: bool = False) -> Computed:
    """What the deals dated in the week say, in the one row of that week."""
    return (money if amount else count)(
        f"deal_{name}", header, f'IF(AND({{week_check}}=word_ok,ISNUMBER(calc_until)),{formula},"")'
    )


def _used(name: str, header: str, there: str, *, amount: bool = False) -> Computed:
    """What counts: the number typed, else what the deals of the week say, else nothing."""
    formula = f'IF(ISNUMBER({{{name}}}),{{{name}}},IF(N({{{there}}})>0,{{deal_{name}}},""))'
    return (money if amount else count)(f"{name}_used", header, formula)


# The goal of the year that falls due by a day: that day, the number of its month, the first day of the month.
_DUE = (
    "calc_goal*(INDEX(cal_before,{month})+INDEX(cal_weight,{month})*"
    "({day}-INDEX(cal_start,{month})+1)/INDEX(cal_days,{month}))"
)
_CHECKED = (
    word(
        "week_check",
        N_("Week check"),
        'IF({week_start}="","",IF(ISNUMBER({week_start}),CHOOSE(1+N({outside})+2*N({twice}),'
        "word_ok,word_outside,word_no_monday,word_no_monday),word_no_monday))",
    ),
    count(
        "outside",
        N_("Outside?"),
        'IF(COUNT({week_start},calc_first_week)<2,"",IF(OR({week_start}<calc_first_week,{week_start}>calc_year_end),1,""))',
    ),
    count(
        "twice",
        N_("No Monday, or twice?"),
        'IF({week_start}="","",IF(OR(MOD(N({week_start})-2,7)<>0,MATCH({week_start},{week_start.all},0)<'
        'ROW()-ROW({week_start.head})),1,""))',
    ),
)
_FROM_DEALS = (
    _of_deals(
        "first_appointments",
        N_("First appointments by deals"),
        "COUNTIF({tblDeals.first_week},{week_start})",
    ),
    # A credit note, won with less than 0, lowers the revenue, and is neither a proposal decided nor a sale.
    _of_deals("dated", N_("Deals and credit notes"), "COUNTIF({tblDeals.decided_week},{week_start})"),
    _of_deals(
        "credits",
        N_("Credit notes"),
        'COUNTIFS({tblDeals.decided_week},{week_start},{tblDeals.outcome},word_won,{tblDeals.amount},"<0")',
    ),
    _of_deals("proposals", N_("Proposals by deals"), "{deal_dated}-{deal_credits}"),
    _of_deals(
        "won",
        N_("Won by deals"),
        "COUNTIFS({tblDeals.decided_week},{week_start},{tblDeals.outcome},word_won)-{deal_credits}",
    ),
    _of_deals(
        "revenue",
        N_("Revenue by deals"),
        "SUMIFS({tblDeals.amount},{tblDeals.decided_week},{week_start},{tblDeals.outcome},word_won)",
        amount=True,
    ),
    _used("first_appointments", N_("First appointments, used"), "deal_first_appointments"),
    _used("proposals", N_("Proposals, used"), "deal_dated"),
    _used("won", N_("Won, used"), "deal_dated"),
    _used("revenue", N_("Revenue, used"), "deal_dated", amount=True),
    count(
        "compared",
        N_("Compared?"),
        'IF(OR({week_check}<>word_ok,NOT(ISNUMBER(calc_until))),"",IF(AND({week_start}>=calc_year_start,'
        '{week_start}+7<=calc_until+1),1,""))',
    ),
    count(
        "differences",
        N_("Differences"),
        "IF({compared}=1,(N({deal_first_appointments})>0)*ISNUMBER({first_appointments})*({first_appointments}<>{deal_first_appointments})+(N({deal_dated})>0)*"
        '(ISNUMBER({proposals})*({proposals}<>{deal_proposals})+ISNUMBER({won})*({won}<>{deal_won})+ISNUMBER({revenue})*(ROUND(N({revenue})-{deal_revenue},2)<>0)),"")',
    ),
    word(
        "source",
        N_("Sales from"),
        'IF(COUNT({first_appointments_used}:{revenue_used})=0,"",IF(N({differences})>0,word_different_sales,'
        "IF(COUNT({first_appointments}:{revenue})>0,word_typed,word_deals)))",
    ),
    day("different_week", N_("Differs"), 'IF(N({differences})>0,{week_start},"")'),
    day("counted_week", N_("Counted"), 'IF(ISNUMBER({first_appointments_used}),{week_start},"")'),
    count(
        "entry",
        N_("Entry?"),
        f'IF({{week_start}}="","",IF(COUNT({{{_INPUTS[0].name}}}:{{{_INPUTS[-1].name}}})'
        '+N({deal_first_appointments})+N({deal_dated})>0,1,""))',
    ),
)
_CALCULATED = (
    day(
        "recorded",
        N_("Last day entered"),
        f"IF(OR(NOT(ISNUMBER({{week_start}})),COUNT({{{_INPUTS[0].name}}}:{{{_INPUTS[-1].name}}})=0),"
        '"",{week_start}+7-1)',
    ),
    *_CHECKED,
    count("misfit", N_("Misfit?"), 'IF(OR({week_start}="",{week_check}=word_ok),"",1)'),
    *_FROM_DEALS,
    day(
        "year_day",
        N_("Year to"),
        'IF(COUNT({week_start},calc_year_end)<2,"",IF(AND({week_start}+7>calc_year_start,{week_start}<=calc_year_end),'
        'MIN({week_start}+7-1,calc_year_end),""))',
    ),
    count("month", N_("Month no."), 'IF({year_day}="","",MATCH({year_day},cal_start,1))'),
    count(
        "this_year",
        N_("Counts this year?"),
        'IF(COUNT({month},calc_until)<2,"",IF({week_start}<=calc_until,1,""))',
    ),
    count(
        "month_before",
        N_("Month before"),
        'IF({month}="","",IF({week_start}<=calc_year_start,"",MATCH({week_start}-1,cal_start,1)))',
    ),
    money(
        "goal_to_date",
        N_("Goal to date"),
        f'IF(COUNT({{month}},calc_goal)<2,"",{_DUE.replace("{day}", "{year_day}")})',
    ),
    money(
        "goal",
        N_("Goal of the week"),
        'IF({goal_to_date}="","",{goal_to_date}-N({goal_before}))',
    ),
    money(
        "goal_before",
        N_("Goal before"),
        'IF(COUNT({month_before},calc_goal)<2,"",'
        f"{_DUE.replace('{month}', '{month_before}').replace('{day}', '{week_start}-1')})",
    ),
    money(
        "revenue_to_date",
        N_("Revenue to date"),
        'IF(COUNT({month},calc_until)<2,"",IF({week_start}>calc_until,"",'
        'SUMIFS({revenue_used.all},{week_start.all},"<="&{week_start},{month.all},">0")))',
    ),
    share(
        "barometer",
        N_("Activity barometer"),
        'IF(OR({month}="",COUNT({first_appointments_used},out_magic_number)<2),"",'
        'IF(out_magic_number=0,"",{first_appointments_used}/out_magic_number))',
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
_CALENDAR = checkin_turns()
_APPOINTED = (
    CHECKINS["kind"],
    TURN,
    day(
        "planned_for",
        N_("Planned for"),
        'IF(N({appointed})=0,"",IF({months}="",calc_first_week+7*(calc_history_weeks+{turn}*{weeks}),'
        "EDATE(calc_year_start,MAX(0,MIN(12,{turn}*{months})))-1))",
    ),
    text("topics", N_("What to talk about"), 'IF({kind}="","",INDEX(cad_topics,MATCH({kind},list_weekly,0)))'),
)
_REVIEWED = (
    money("gap", N_("Gap"), 'IF(COUNT({planned},{actual})<2,"",{actual}-{planned})'),
    word(
        "status",
        N_("Status"),
        'IF({held}<>"",word_held,IF(COUNT({planned_for},calc_as_of)<2,"",'
        "CHOOSE(1+({planned_for}<=calc_as_of)+({planned_for}+7<=calc_as_of),word_later,word_due,word_missed)))",
    ),
    count(
        "months",
        N_("Months apart"),
        'IF(OR({kind}="",{weeks}<>""),"",INDEX(cad_months,MATCH({kind},list_weekly,0)))',
    ),
    count(
        "weeks",
        N_("Weeks apart"),
        'IF({kind}="","",IF(INDEX(cad_weeks,MATCH({kind},list_weekly,0))=0,"",'
        "INDEX(cad_weeks,MATCH({kind},list_weekly,0))))",
    ),
    count(
        "appointed",
        N_("Is its kind planned?"),
        'IF(OR({kind}="",COUNT({turn},calc_year_start)<2),"",INDEX(cad_planned,MATCH({kind},list_weekly,0)))',
    ),
)


def weeks() -> Layout:
    """Return the weekly record."""
    return Layout(
        "tblWeeks", ACTIVITY.name, (*ACTIVITY.inputs, *_CALCULATED, *WEEKS), len(MONDAYS), {"week_start": MONDAYS}
    )


def checkins() -> Layout:
    """Return the calendar of check-ins."""
    inputs = tuple(column for column in CHECKINS.inputs if column.name != "kind")
    columns: tuple[Column | Computed, ...] = (*_APPOINTED, *inputs, *_REVIEWED, *MEETINGS)
    values: dict[str, list[object]] = {"kind": [kind for kind, _ in _CALENDAR], "turn": [turn for _, turn in _CALENDAR]}
    return Layout("tblCheckins", CHECKINS.name, columns, len(_CALENDAR), values)
