"""What Excel loads through xlwings: one plain function per sales function, over the registry.

The faces carry no type hints (xlwings would convert by them) and only pass on what came. Whatever is said
about a function – its help in Excel's function wizard – comes from its declaration in `xlsales.functions`.

Errors: a single result that is an error is raised, and the exception's text begins with the code
(`#NUM! gross_margin is 20, …`); in an array the element is the code as text (`#NUM!`). The VBA wrappers turn
both into real error values; stock wrappers of xlwings show the text. Error cells arrive as their codes because
the arguments are read with `err_to_str`.
"""

import xlwings as xw

from xlsales.functions import CATALOGUE, MISSING
from xlsales.functions.cells import from_excel, to_excel
from xlsales.functions.registry import CATEGORY
from xlsales.version import __version__

VERSIONS = f"xlwings {xw.__version__}, xlsales {__version__}"  # the VBA asks for it and compares


def _face(function):
    """Mark a function for xlwings, with the help of its declaration; every argument may be a range."""
    declared = CATALOGUE[function.__name__]
    function.__doc__ = declared.summary
    for argument in declared.arguments:
        function = xw.arg(argument.name, ndim=2, err_to_str=True, doc=argument.help)(function)
    return xw.func(function, category=CATEGORY)  # last: xw.arg would set the category back


def _answer(name, *values):
    """What the registry says to the values that xlwings sent; `None` stands for an omitted argument."""
    return to_excel(CATALOGUE[name].call_cells(*(from_excel(value) for value in values)))


@_face
def BREAKEVEN_REVENUE(revenue, gross_margin, discount, basis=None):
    return _answer("BREAKEVEN_REVENUE", revenue, gross_margin, discount, basis)


@_face
def BREAKEVEN_UPLIFT(gross_margin, discount, measure=None):
    return _answer("BREAKEVEN_UPLIFT", gross_margin, discount, measure)


@_face
def MARGIN_AFTER_DISCOUNT(gross_margin, discount):
    return _answer("MARGIN_AFTER_DISCOUNT", gross_margin, discount)


@_face
def DISCOUNT_GUARD(gross_margin, discount, minimum_margin, first_sale=None):
    return _answer("DISCOUNT_GUARD", gross_margin, discount, minimum_margin, first_sale)


@_face
def PROPOSAL_RATIO(proposals, first_appointments):
    return _answer("PROPOSAL_RATIO", proposals, first_appointments)


@_face
def CLOSE_RATIO(won, proposals):
    return _answer("CLOSE_RATIO", won, proposals)


@_face
def AVERAGE_SALE(revenue, won):
    return _answer("AVERAGE_SALE", revenue, won)


@_face
def SALES_CYCLE_DAYS(start_dates, close_dates):
    return _answer("SALES_CYCLE_DAYS", start_dates, close_dates)


@_face
def MAGIC_NUMBER(revenue_goal, average_sale, proposal_ratio, close_ratio, weeks=None):
    return _answer("MAGIC_NUMBER", revenue_goal, average_sale, proposal_ratio, close_ratio, weeks)


@_face
def ACTIVITY_BAROMETER(actual_per_week, magic_number):
    return _answer("ACTIVITY_BAROMETER", actual_per_week, magic_number)


@_face
def CONVERSATION_RATIO(first_appointments, conversations):
    return _answer("CONVERSATION_RATIO", first_appointments, conversations)


@_face
def STAGE_WIN_RATE(won, entered):
    return _answer("STAGE_WIN_RATE", won, entered)


@_face
def WEIGHTED_PIPELINE(amounts, probabilities):
    return _answer("WEIGHTED_PIPELINE", amounts, probabilities)


@_face
def CATCH_UP_NUMBER(goal_left, average_sale, proposal_ratio, close_ratio, weeks_left):
    return _answer("CATCH_UP_NUMBER", goal_left, average_sale, proposal_ratio, close_ratio, weeks_left)


@_face
def PEER_GAP(value, peers):
    return _answer("PEER_GAP", value, peers)


@_face
def PEER_FLAG(kpi, value, peers, threshold=None):
    return _answer("PEER_FLAG", kpi, value, peers, threshold)


@_face
def COACHING_TIPS(kpi, value, threshold=None):
    return _answer("COACHING_TIPS", kpi, value, threshold)


@_face
def REVENUE_BLOCKER(
    first_appointments,
    proposal_ratio,
    close_ratio,
    average_sale,
    appointments_standard,
    average_sale_standard,
    proposal_standard=None,
    close_standard=None,
):
    return _answer(
        "REVENUE_BLOCKER",
        first_appointments,
        proposal_ratio,
        close_ratio,
        average_sale,
        appointments_standard,
        average_sale_standard,
        proposal_standard,
        close_standard,
    )


@_face
def SALES_VELOCITY(opportunities, average_sale, close_ratio, cycle_days):
    return _answer("SALES_VELOCITY", opportunities, average_sale, close_ratio, cycle_days)


@_face
def PIPELINE_COVERAGE(open_pipeline, goal_left):
    return _answer("PIPELINE_COVERAGE", open_pipeline, goal_left)


@_face
def SELLING_TIME(selling_hours, total_hours):
    return _answer("SELLING_TIME", selling_hours, total_hours)


@_face
def SELLING_TIME_STATUS(selling_time, low=None, high=None):
    return _answer("SELLING_TIME_STATUS", selling_time, low, high)


@_face
def GROWTH_TARGET(opening, growth, years=None):
    return _answer("GROWTH_TARGET", opening, growth, years)


@_face
def RETENTION_RATE(kept, opening):
    return _answer("RETENTION_RATE", kept, opening)


@_face
def NEW_BUSINESS_NEEDED(opening, growth, attrition, protected_share=None, protected_retention=None):
    return _answer("NEW_BUSINESS_NEEDED", opening, growth, attrition, protected_share, protected_retention)


@_face
def BALANCE_MIX(new_revenue, existing_revenue):
    return _answer("BALANCE_MIX", new_revenue, existing_revenue)


@_face
def NET_REVENUE_RETENTION(opening, expansion, contraction, churn):
    return _answer("NET_REVENUE_RETENTION", opening, expansion, contraction, churn)


@_face
def CAC_PAYBACK_MONTHS(cost, monthly_gross_profit):
    return _answer("CAC_PAYBACK_MONTHS", cost, monthly_gross_profit)


@_face
def PLAN_COVERAGE(with_plan, total):
    return _answer("PLAN_COVERAGE", with_plan, total)


@_face
def FORECAST_ACCURACY(actuals, forecasts):
    return _answer("FORECAST_ACCURACY", actuals, forecasts)


@_face
def FORECAST_BIAS(actuals, forecasts):
    return _answer("FORECAST_BIAS", actuals, forecasts)


@_face
def MIX_GAP(actual_mix, target_mix):
    return _answer("MIX_GAP", actual_mix, target_mix)


@_face
def RUN_RATE_NEEDED(goal, actual, weeks_left):
    return _answer("RUN_RATE_NEEDED", goal, actual, weeks_left)


@_face
def NEXT_CHECKIN(last, cadence):
    return _answer("NEXT_CHECKIN", last, cadence)


@_face
def CHECKIN_STATUS(last, cadence, as_of):
    return _answer("CHECKIN_STATUS", last, cadence, as_of)


@_face
def QUOTA_ATTAINMENT(actual, quota):
    return _answer("QUOTA_ATTAINMENT", actual, quota)


@_face
def RAMPED_QUOTA(full_quota, months_since_hire, ramp_months):
    return _answer("RAMPED_QUOTA", full_quota, months_since_hire, ramp_months)


@_face
def SEASONAL_GOAL(goal, weights, months_gone):
    return _answer("SEASONAL_GOAL", goal, weights, months_gone)


@_face
def COMMISSION(actual, quota, thresholds, rates):
    return _answer("COMMISSION", actual, quota, thresholds, rates)


@_face
def ACCOUNT_SCORE(values, weights):
    return _answer("ACCOUNT_SCORE", values, weights)


@_face
def ACCOUNT_TIER(score, a_cut=None, b_cut=None):
    return _answer("ACCOUNT_TIER", score, a_cut, b_cut)


@_face
def ACCOUNT_STATUS(last_order, as_of, recent_revenue=MISSING, prior_revenue=MISSING, months=None, drop=None):
    return _answer("ACCOUNT_STATUS", last_order, as_of, recent_revenue, prior_revenue, months, drop)


@_face
def DORMANT_VALUE(prior_revenue, recent_revenue):
    return _answer("DORMANT_VALUE", prior_revenue, recent_revenue)


@_face
def COVERAGE_STATUS(planned_touches, required_touches, owner=MISSING):
    return _answer("COVERAGE_STATUS", planned_touches, required_touches, owner)


@_face
def REVENUE_AT_RISK(revenue, status, loss_rate=None):
    return _answer("REVENUE_AT_RISK", revenue, status, loss_rate)


@_face
def BEST_IN_FRONT(fit, names):
    return _answer("BEST_IN_FRONT", fit, names)


@_face
def PENETRATION(sold, available):
    return _answer("PENETRATION", sold, available)


@_face
def TERRITORY_BALANCE(value, peers):
    return _answer("TERRITORY_BALANCE", value, peers)


@_face
def ORG_HEALTH(scores, lowest=None, highest=None):
    return _answer("ORG_HEALTH", scores, lowest, highest)


@_face
def ORG_GAPS(scores, names=MISSING, below=None):
    return _answer("ORG_GAPS", scores, names, below)


@_face
def ACCOUNT_LOAD(selling_hours, hours_per_account):
    return _answer("ACCOUNT_LOAD", selling_hours, hours_per_account)


@_face
def SUPPORT_NEEDED(support_hours, hours_per_person):
    return _answer("SUPPORT_NEEDED", support_hours, hours_per_person)


@_face
def ASSISTANT_PAYBACK(monthly_cost, gross_profit_per_deal):
    return _answer("ASSISTANT_PAYBACK", monthly_cost, gross_profit_per_deal)


@_face
def TURNOVER_RATE(leavers, average_headcount):
    return _answer("TURNOVER_RATE", leavers, average_headcount)


@_face
def RAMP_MONTHS(hired, first_full_month):
    return _answer("RAMP_MONTHS", hired, first_full_month)


@_face
def INCENTIVE_PAYOUT(actual, target, target_pay, threshold, accelerator=None):
    return _answer("INCENTIVE_PAYOUT", actual, target, target_pay, threshold, accelerator)


@_face
def SALES_EXPLAIN(function_name, *argument):
    return _answer("SALES_EXPLAIN", function_name, *argument)
