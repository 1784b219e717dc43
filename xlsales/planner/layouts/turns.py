"""The columns that rank rows for This week: which action a row asks for, how much it counts, and its turn.

The score is the points of the action on Targets, up to twice as many for the largest of its list; equal scores take
their turn from top to bottom. A row that stands twice has the same turn twice, and is listed once.
"""

from __future__ import annotations

from xlsales.planner.areas import Computed
from xlsales.planner.layouts.columns import count, day, level, money, word
from xlsales.texts import N_

_DIGITS = 7  # of a score: rounded, equal scores are equal to the last bit
_POINTS = "INDEX(act_points,MATCH({{{kind}}},act_words,0))"


def _score(name: str, header: str, kind: str, share: str) -> Computed:
    points = _POINTS.format(kind=kind)
    return level(name, header, f'IF({{{kind}}}="","",ROUND({points}*(1+{share}),{_DIGITS}))', "0.00")


def _turn(name: str, header: str, score: str, place: str = "place") -> Computed:
    ties = f'COUNTIFS({{{score}.all}},{{{score}}},{{{place}.all}},"<"&{{{place}}})'
    return count(name, header, f'IF({{{score}}}="","",RANK({{{score}}},{{{score}.all}})+{ties})')


CALLS = (
    word(
        "call",
        N_("Call because"),
        'IF({status}=word_dormant,word_dormant,IF(AND({talk}=word_silent,{account_id}<>""),word_silent,'
        'IF({coverage}=word_uncovered,word_uncovered,"")))',
    ),
    count(
        "call_figure",
        N_("Days, or conversations missing"),
        'IF({call}="","",CHOOSE(MATCH({call},act_words,0),calc_as_of-N({last_order}),{days_silent},{touch_gap}))',
    ),
    money(
        "call_worth",
        N_("Worth calling for"),
        'IF({call}="","",MAX(0,N({prior_revenue}),N({recent_revenue})))',
    ),
    _score("call_score", N_("Call: score"), "call", "{call_worth}/MAX(1,MAX({call_worth.all}))"),
    _turn("call_turn", N_("Call: turn"), "call_score"),
)
MOVES = (
    count(
        "days_in_stage",
        N_("Days in stage"),
        'IF(OR({outcome}<>word_open,COUNT({first_appointment},{proposal_date})=0,NOT(ISNUMBER(calc_as_of))),"",'
        "calc_as_of-MAX({first_appointment},{proposal_date}))",
    ),
    count(
        "days_to_close",
        N_("Days to expected close"),
        'IF(OR({outcome}<>word_open,COUNT({expected_close},calc_as_of)<2),"",{expected_close}-calc_as_of)',
    ),
    money(
        "open_worth",
        N_("Worth while open"),
        'IF(OR({deal_id}="",{outcome}<>word_open),"",IF(ISNUMBER({forecast}),{forecast},MAX(0,N({amount}))))',
    ),
    money(
        "weighted",
        N_("Weighted"),
        'IF(OR({open_worth}="",ISNA(MATCH({stage},list_prospect,0))),"",'
        "{open_worth}*INDEX(stage_chances,MATCH({stage},list_prospect,0)))",
    ),
    word(
        "move",
        N_("Move because"),
        'IF({open_worth}="","",IF(AND(ISNUMBER({days_to_close}),N({days_to_close})<=N(fig_days_ahead)),'
        'IF({days_to_close}<0,word_close_passed,word_closing),IF(N({days_in_stage})>th_stage_days,word_stuck,"")))',
    ),
    _score("move_score", N_("Move: score"), "move", "{open_worth}/MAX(1,MAX({open_worth.all}))"),
    count("place", N_("Place in the list"), 'IF({deal_id}="","",MATCH({deal_id},{deal_id.all},0))'),
    _turn("move_turn", N_("Move: turn"), "move_score"),
    count(
        "undated",
        N_("No date or next action"),
        'IF({open_worth}="","",IF(OR({expected_close}="",{next_action}=""),1,""))',
    ),
)
WEEKS = (
    day(
        "no_entry",
        N_("No entry"),
        'IF(OR({month}="",{entry}<>"",fig_week_start=""),"",IF({week_start}<fig_week_start,{week_start},""))',
    ),
    count(
        "in_meeting",
        N_("In the check-in"),
        'IF(OR({week_start}="",fig_meeting=""),"",1*AND({week_start}>=fig_meeting_from,{week_start}<=fig_meeting_to))',
    ),
)
MEETINGS = (
    word(
        "hold",
        N_("Hold because"),
        'IF(OR({held}<>"",COUNT({planned_for},fig_week_end)<2),"",'
        'IF({planned_for}>fig_week_end,"",IF({planned_for}+7<=fig_week_start,word_missed,word_due)))',
    ),
    level(
        "hold_share",
        N_("Hold: rarity, or how lately missed"),
        'IF({hold}="","",IF({hold}=word_due,N({months})/12,'
        "({planned_for}-calc_year_start)/(fig_week_end-calc_year_start)))",
    ),
    _score("hold_score", N_("Hold: score"), "hold", "{hold_share}"),
    count(
        "hold_place",
        N_("Place in the calendar"),
        'IF(OR({kind}="",NOT(ISNUMBER({turn}))),"",100*MATCH({kind},list_weekly,0)+{turn})',
    ),
    _turn("hold_turn", N_("Hold: turn"), "hold_score", "hold_place"),
)
COACHING = (
    level(
        "coach_score",
        N_("Coach: score"),
        f'IF({{verdict}}=word_coach,ROUND(w_below*(2-{{now}}/{{standard}}),{_DIGITS}),"")',
        "0.00",
    ),
    _turn("coach_turn", N_("Coach: turn"), "coach_score", "ordinal"),
)
