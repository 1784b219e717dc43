"""The planner's tables: the inputs of xlsales.schema and the columns that formulas fill beside them."""

from __future__ import annotations

from xlsales.planner.areas import Computed, Layout
from xlsales.planner.sizes import HISTORY_WEEKS, YEAR_WEEKS, Sizes
from xlsales.schema import ACCOUNTS, ACTIVITY, DEALS, ORG_HEALTH, Column, Kind
from xlsales.texts import N_

WHOLE = "#,##0"
SHARE = "0.0%"
DAY = "yyyy-mm-dd"

ACCOUNTS_SHEET = "Accounts"
PIPELINE_SHEET = "Pipeline"
ACTIVITY_SHEET = "Activity"
ORG_HEALTH_SHEET = "Org health"


def layouts(sizes: Sizes) -> tuple[Layout, ...]:
    """Return the planner's tables with these numbers of rows."""
    return (
        Layout("tblAccounts", ACCOUNTS_SHEET, (*ACCOUNTS.inputs, *_accounts()), sizes.accounts),
        Layout("tblDeals", PIPELINE_SHEET, (*DEALS.inputs, *_deals(sizes)), sizes.deals),
        Layout("tblWeeks", ACTIVITY_SHEET, (*_calendar(), *_activity_inputs(), *_activity()), WEEKS),
        Layout("tblOrgHealth", ORG_HEALTH_SHEET, _org_health(), rows=12, head=8),
    )


WEEKS = HISTORY_WEEKS + YEAR_WEEKS


def _accounts() -> tuple[Computed, ...]:
    return (
        Computed(
            "status",
            N_("Status"),
            kind=Kind.CHOICE,
            formula='IF(OR({account_id}="",NOT(ISNUMBER(calc_as_of))),"",IF({last_order}="","NEVER",'
            "CHOOSE(1+MAX(2*(EDATE({last_order},th_dormant_months)<calc_as_of),"
            "1*AND({prior_revenue}>0,{recent_revenue}<={prior_revenue}*(1-th_decline))),"
            '"ACTIVE","DECLINING","DORMANT")))',
        ),
        Computed(
            "coverage",
            N_("Coverage"),
            kind=Kind.CHOICE,
            formula='IF(OR({account_id}="",{touches_required}=""),"",CHOOSE(1+({touches_required}>0)*'
            'MAX(2*OR({owner}="",N({touches_planned})=0),1*(N({touches_planned})<{touches_required})),'
            '"COVERED","UNDER","UNCOVERED"))',
        ),
        Computed(
            "days_silent",
            N_("Days since contact"),
            number_format="0",
            kind=Kind.COUNT,
            formula='IF(OR({last_contact}="",NOT(ISNUMBER(calc_as_of))),"",calc_as_of-{last_contact})',
        ),
        Computed(
            "talk",
            N_("Contact"),
            kind=Kind.CHOICE,
            formula='IF({days_silent}="","",IF({days_silent}>th_silence_days,"SILENT","OK"))',
        ),
        Computed(
            "rank",
            N_("Revenue rank"),
            number_format="0",
            kind=Kind.COUNT,
            formula='IF(N({recent_revenue})=0,"",'
            "RANK({recent_revenue},{recent_revenue.all})+COUNTIF({recent_revenue.down},{recent_revenue})-1)",
        ),
        Computed(
            "check",
            N_("Check"),
            kind=Kind.CHOICE,
            formula='IF({account_id}="","",IF(MATCH({account_id},{account_id.all},0)<ROW()-ROW({account_id.head}),'
            '"DUPLICATE ID","OK"))',
        ),
    )


def _deals(sizes: Sizes) -> tuple[Computed, ...]:
    accounts = Layout("tblAccounts", ACCOUNTS_SHEET, ACCOUNTS.inputs, sizes.accounts)
    first, last = accounts.head + 2, accounts.head + 1 + accounts.rows
    ids, names = f"{ACCOUNTS_SHEET}!$B${first}:$B${last}", f"{ACCOUNTS_SHEET}!$C${first}:$C${last}"
    return (
        Computed(
            "account_name",
            N_("Account"),
            formula=f'IF({{account_id}}="","",IFERROR(INDEX({names},MATCH({{account_id}},{ids},0)),"UNKNOWN"))',
        ),
        Computed(
            "cycle_days",
            N_("Cycle, days"),
            number_format="0",
            kind=Kind.COUNT,
            formula='IF(COUNT({first_appointment},{close_date})<2,"",{close_date}-{first_appointment})',
        ),
        Computed(
            "days_open",
            N_("Days open"),
            number_format="0",
            kind=Kind.COUNT,
            formula='IF(OR({outcome}<>"OPEN",COUNT({first_appointment},calc_as_of)<2),"",'
            "calc_as_of-{first_appointment})",
        ),
        Computed(
            "margin_after",
            N_("Margin after discount"),
            number_format=SHARE,
            kind=Kind.RATE,
            formula='IF(OR({deal_id}="",NOT(ISNUMBER({discount}))),"",'
            'IF({discount}<1,(in_gross_margin-{discount})/(1-{discount}),""))',
        ),
        Computed(
            "guard",
            N_("Discount guard"),
            kind=Kind.CHOICE,
            formula='IF(NOT(ISNUMBER({margin_after})),"",IF({margin_after}<th_minimum_margin,"NO",'
            'IF(AND({first_sale}="YES",{discount}>0),"APPROVAL","OK")))',
        ),
        Computed(
            "check",
            N_("ID check"),
            kind=Kind.CHOICE,
            formula='IF({deal_id}="","",IF(MATCH({deal_id},{deal_id.all},0)<ROW()-ROW({deal_id.head}),'
            '"DUPLICATE ID",IF({account_name}="UNKNOWN","UNKNOWN ACCOUNT","OK")))',
        ),
        Computed(
            "date_check",
            N_("Date check"),
            kind=Kind.CHOICE,
            formula='IF({deal_id}="","",IF(AND({outcome}="WON",COUNT({close_date},{amount})<2),'
            '"NO DATE OR AMOUNT",IF(N({cycle_days})<0,"CLOSED TOO EARLY","OK")))',
        ),
    )


def _calendar() -> tuple[Computed, ...]:
    return (
        Computed(
            "week_start",
            ACTIVITY["week_start"].header,
            number_format=DAY,
            kind=Kind.DATE,
            formula='IF(ISNUMBER(calc_first_week),calc_first_week+7*(ROW()-ROW({week_start.head})-1),"")',
        ),
    )


def _activity_inputs() -> tuple[Column, ...]:
    return tuple(column for column in ACTIVITY.inputs if column.name != "week_start")


def _activity() -> tuple[Computed, ...]:
    to_date = 'IF(OR({week_start}="",NOT(ISNUMBER(calc_as_of))),"",IF({week_start}>calc_as_of,"",'
    window = '{week_start.all},">"&{week_start}-7*th_rolling_weeks,{week_start.all},"<="&{week_start}'
    inputs = ",".join(f"{{{column.name}}}" for column in _activity_inputs())
    return (
        Computed(
            "recorded",
            N_("Filled to"),
            number_format=DAY,
            kind=Kind.DATE,
            formula=f'IF(OR({{week_start}}="",COUNT({inputs})=0),"",{{week_start}}+7-1)',
        ),
        Computed(
            "year_day",
            N_("Year to"),
            number_format=DAY,
            kind=Kind.DATE,
            help=N_("Last day of the week, if it lies in the fiscal year."),
            formula='IF({week_start}="","",IF({week_start}+7>calc_year_start,'
            'MIN({week_start}+7-1,calc_year_end),""))',
        ),
        Computed(
            "month",
            N_("Month no."),
            number_format="0",
            kind=Kind.COUNT,
            formula='IF({year_day}="","",MATCH({year_day},cal_start,1))',
        ),
        Computed(
            "goal_to_date",
            N_("Goal to date"),
            number_format=WHOLE,
            kind=Kind.MONEY,
            formula='IF({month}="","",in_revenue_goal*(INDEX(cal_before,{month})+INDEX(cal_weight,{month})*'
            "({year_day}-INDEX(cal_start,{month})+1)/INDEX(cal_days,{month})))",
        ),
        Computed(
            "revenue_to_date",
            N_("Revenue to date"),
            number_format=WHOLE,
            kind=Kind.MONEY,
            formula=f'IF({{month}}="","",{to_date}SUMIFS({{revenue.down}},{{month.down}},">0"))))',
        ),
        Computed(
            "barometer",
            N_("Activity barometer"),
            number_format="0%",
            kind=Kind.RATE,
            formula='IFERROR(IF(OR({first_appointments}="",{month}=""),"",'
            'IF(out_magic_number=0,1,{first_appointments}/out_magic_number)),"")',
        ),
        Computed(
            "standard",
            N_("Standard"),
            number_format="0%",
            kind=Kind.RATE,
            formula='IF({month}="","",th_barometer)',
        ),
        *(_rolling(column, window) for column in ("first_appointments", "proposals", "won")),
        Computed(
            "proposal_ratio",
            N_("Proposal ratio, rolling"),
            number_format=SHARE,
            kind=Kind.RATE,
            help=N_("Blank where proposals outnumber first appointments."),
            formula="IF(OR(N({rolling_first_appointments})=0,N({rolling_proposals})>N({rolling_first_appointments})),"
            '"",{rolling_proposals}/{rolling_first_appointments})',
        ),
        Computed(
            "close_ratio",
            N_("Close ratio, rolling"),
            number_format=SHARE,
            kind=Kind.RATE,
            formula="IF(OR(N({rolling_proposals})=0,N({rolling_won})>N({rolling_proposals})),"
            '"",{rolling_won}/{rolling_proposals})',
        ),
        Computed(
            "selling_time",
            N_("Selling time"),
            number_format=SHARE,
            kind=Kind.RATE,
            formula="IF(SUM({selling_hours},{search_hours},{paperwork_hours},{travel_hours},{internal_hours},"
            '{surprise_hours})=0,"",{selling_hours}/SUM({selling_hours},{search_hours},{paperwork_hours},'
            "{travel_hours},{internal_hours},{surprise_hours}))",
        ),
    )


def _rolling(column: str, window: str) -> Computed:
    return Computed(
        f"rolling_{column}",
        f"{ACTIVITY[column].header}, rolling",
        number_format=WHOLE,
        kind=Kind.COUNT,
        formula='IF(OR({week_start}="",NOT(ISNUMBER(calc_as_of))),"",'
        f'IF({{week_start}}>calc_as_of,"",SUMIFS({{{column}.all}},{window})))',
    )


def _org_health() -> tuple[Column | Computed, ...]:
    return (
        Computed("element", ORG_HEALTH["element"].header, "ROW()-ROW({element.head})", "0", Kind.DATE),
        Computed("name", N_("Element"), "INDEX(list_elements,{element})"),
        *(column for column in ORG_HEALTH.inputs if column.name != "element"),
        Computed(
            "verdict",
            N_("Verdict"),
            kind=Kind.CHOICE,
            formula='IF(NOT(ISNUMBER({score})),"",IF({score}<th_element_gap,"GAP",'
            'IF({score}>th_element_gap,"STRENGTH","OK")))',
        ),
    )
