"""The account list and the deal list."""

from __future__ import annotations

from xlsales.planner.areas import Layout
from xlsales.planner.layouts.columns import count, day, money, points, share, text, word
from xlsales.planner.layouts.turns import CALLS, MOVES
from xlsales.schema import ACCOUNTS, DEALS
from xlsales.texts import N_

# From 1 for nothing to the top for the one best; accounts with the same amount share the points of their places.
_RANKED = (
    'IF(NOT(ISNUMBER({{{name}}})),"",IF({{{name}}}<=0,1,1+(calc_top_points-1)*(COUNTIF({{{name}.all}},"<"&{{{name}}})'
    "+(COUNTIF({{{name}.all}},{{{name}}})+1)/2)/COUNT({{{name}.all}})))"
)
# The Monday of the week that a date of the year so far counts in; the old year's days of the week that the year
# starts in count in the week before.
_WEEK = (
    'IF(OR(COUNT({{{date}}},calc_until)<2,N({{{date}}})<1,N({{{date}}})>=N(calc_until)+1{unless}),"",'
    "INT({{{date}}})-MOD(INT({{{date}}})-2,7)-7*AND({{{date}}}<calc_year_start,{{{date}}}>=calc_year_monday))"
)
_ACCOUNT_COLUMNS = (
    points("points_revenue", N_("Points: revenue"), _RANKED.format(name="recent_revenue")),
    points("points_potential", N_("Points: potential"), _RANKED.format(name="potential")),
    points(
        "points_wallet",
        N_("Points: wallet"),
        'IF({wallet_share}="","",1+(calc_top_points-1)*{wallet_share})',
    ),
    points(
        "points_high_value",
        N_("Points: high value"),
        'IF({high_value}="","",IF({high_value}=word_yes,calc_top_points,1))',
    ),
    points(
        "score",
        N_("Score"),
        'IF(COUNT({points_revenue}:{points_high_value})=0,"",SUMPRODUCT({points_revenue}:{points_high_value},weights)'
        '/SUMPRODUCT(({points_revenue}:{points_high_value}<>"")*weights))',
    ),
    word(
        "tier",
        N_("Tier"),
        'IF({score}="","",IF({score}>=th_a_cut,word_tier_a,IF({score}>=th_b_cut,word_tier_b,word_tier_c)))',
    ),
    word(
        "status",
        N_("Status"),
        'IF(COUNT(calc_as_of,{last_order})<2,IF(OR({account_id}="",calc_as_of=""),"",word_never),'
        "IF(EDATE({last_order},th_dormant)<=calc_as_of,word_dormant,IF({declining}=1,word_declining,word_active)))",
    ),
    count(
        "declining",
        N_("Declining?"),
        'IF({account_id}="","",1*AND(N({prior_revenue})>0,ISNUMBER({recent_revenue}),'
        "N({recent_revenue})<=N({prior_revenue})*(1-th_decline)))",
    ),
    count(
        "touch_gap",
        N_("Touches missing"),
        'IF(OR({account_id}="",{touches_required}=""),"",MAX(0,{touches_required}-N({touches_planned})))',
    ),
    word(
        "coverage",
        N_("Coverage"),
        'IF({touch_gap}="","",CHOOSE(1+({touches_required}>0)*'
        'MAX(2*OR({owner}="",N({touches_planned})=0),1*({touch_gap}>0)),word_covered,word_under,word_uncovered))',
    ),
    count(
        "days_silent",
        N_("Days since contact"),
        'IF(COUNT({last_contact},calc_as_of)<2,"",calc_as_of-{last_contact})',
    ),
    word("talk", N_("Contact"), 'IF({days_silent}="","",IF({days_silent}>th_silence_days,word_silent,word_ok))'),
    count(
        "rank",
        N_("Revenue rank"),
        'IF(N({recent_revenue})=0,"",'
        'RANK({recent_revenue},{recent_revenue.all})+COUNTIFS({recent_revenue.all},{recent_revenue},{place.all},"<"&{place}))',
    ),
    count("place", N_("Place in the list"), 'IF({account_id}="","",MATCH({account_id},{account_id.all},0))'),
    word(
        "plan",
        N_("Plan"),
        'IF({account_id}="","",IF(OR({plan_date}<>"",ISNUMBER(MATCH({account_id},{tblRelations.account_id},0))),'
        'word_planned,IF({plan_needed}=1,word_missing,"")))',
    ),
    count(
        "plan_needed",
        N_("Plan needed?"),
        'IF({account_id}="","",1*OR({plan_type}<>"",{high_value}=word_yes,AND(N({rank})>0,N({rank})<=th_top_accounts)))',
    ),
    count(
        "wake_turn",
        N_("Wake-up turn"),
        'IF({status}=word_dormant,1+COUNTIFS({status.all},word_dormant,{prior_revenue.all},">"&N({prior_revenue})),"")',
    ),
    word(
        "check",
        N_("ID check"),
        'IF({place}="","",IF({place}<ROW()-ROW({account_id.head}),word_duplicate_id,word_ok))',
    ),
)
_DEAL_COLUMNS = (
    text(
        "account_name",
        N_("Account"),
        'IF({account_id}="","",IFERROR(INDEX({tblAccounts.account_name},'
        'MATCH({account_id},{tblAccounts.account_id},0))&"",word_unknown))',
    ),
    count(
        "decided_this_year",
        N_("Decided this year?"),
        'IF({outcome}="","",1*AND(ISNUMBER({decided_week}),N({close_date})>=N(calc_year_start)))',
    ),
    count(
        "cycle_days",
        N_("Cycle, days"),
        'IF(COUNT({first_appointment},{close_date})<2,"",{close_date}-{first_appointment})',
    ),
    count(
        "days_open",
        N_("Days open"),
        'IF(OR({outcome}<>word_open,COUNT({first_appointment},calc_as_of)<2),"",calc_as_of-{first_appointment})',
    ),
    share(
        "margin_after",
        N_("Margin after discount"),
        'IF(OR({deal_id}="",NOT(ISNUMBER({discount}))),"",'
        'IF({discount}<1,(in_gross_margin-{discount})/(1-{discount}),""))',
    ),
    word(
        "guard",
        N_("Discount guard"),
        'IF(NOT(ISNUMBER({margin_after})),"",IF({margin_after}<th_minimum_margin,word_no,'
        "IF(AND({first_sale}=word_yes,{discount}>0),word_approval,word_ok)))",
    ),
    money(
        "forecast_off",
        N_("Forecast off by"),
        "IF(AND(N({forecast})>0,OR(ISNUMBER({won_this_year}),AND({outcome}=word_lost,{decided_this_year}=1))),"
        'ABS(N({won_this_year})-{forecast}),"")',
    ),
    day("first_week", N_("Week of the first appointment"), _WEEK.format(date="first_appointment", unless="")),
    day(
        "decided_week",
        N_("Week of the decision"),
        _WEEK.format(date="close_date", unless=",{decided}=0"),
    ),
    count("decided", N_("Decided?"), 'IF({outcome}="","",1*OR({outcome}=word_won,{outcome}=word_lost))'),
    money(
        "won_this_year",
        N_("Won this year"),
        'IF(AND({outcome}=word_won,{decided_this_year}=1,ISNUMBER({amount})),{amount},"")',
    ),
    word(
        "check",
        N_("ID check"),
        'IF({deal_id}="","",IF(MATCH({deal_id},{deal_id.all},0)<ROW()-ROW({deal_id.head}),'
        "word_duplicate_id,IF({account_name}=word_unknown,word_unknown_account,word_ok)))",
    ),
    word(
        "date_check",
        N_("Date check"),
        'IF({deal_id}="","",IF(AND({outcome}=word_won,COUNT({close_date},{amount})<2),'
        "word_no_date_or_amount,IF(N({cycle_days})<0,word_closed_too_early,word_ok)))",
    ),
)


def accounts(rows: int) -> Layout:
    """Return the account list."""
    return Layout("tblAccounts", ACCOUNTS.name, (*ACCOUNTS.inputs, *_ACCOUNT_COLUMNS, *CALLS), rows)


def deals(rows: int) -> Layout:
    """Return the deal list."""
    return Layout("tblDeals", DEALS.name, (*DEALS.inputs, *_DEAL_COLUMNS, *MOVES), rows)
