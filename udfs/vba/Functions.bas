Attribute VB_Name = "Functions"
' The sales functions as cells call them. Made from their declarations: do not edit, run
' python -m xlsales.workbook.vba.wrappers udfs/vba/Functions.bas
Option Explicit

Public Function BREAKEVEN_REVENUE(revenue, gross_margin, discount, Optional basis)
Attribute BREAKEVEN_REVENUE.VB_Description = "Revenue that must be sold at a discount to earn the gross profit of the revenue at full price."
Attribute BREAKEVEN_REVENUE.VB_ProcData.VB_Invoke_Func = " \n20"
    BREAKEVEN_REVENUE = Answer("BREAKEVEN_REVENUE", Array(revenue, gross_margin, discount, basis))
End Function

Public Function BREAKEVEN_UPLIFT(gross_margin, discount, Optional measure)
Attribute BREAKEVEN_UPLIFT.VB_Description = "How much more must be sold at a discount to earn the same gross profit, as a fraction."
Attribute BREAKEVEN_UPLIFT.VB_ProcData.VB_Invoke_Func = " \n20"
    BREAKEVEN_UPLIFT = Answer("BREAKEVEN_UPLIFT", Array(gross_margin, discount, measure))
End Function

Public Function MARGIN_AFTER_DISCOUNT(gross_margin, discount)
Attribute MARGIN_AFTER_DISCOUNT.VB_Description = "Gross margin that is left after a cut in list price, while the cost of a unit stays."
Attribute MARGIN_AFTER_DISCOUNT.VB_ProcData.VB_Invoke_Func = " \n20"
    MARGIN_AFTER_DISCOUNT = Answer("MARGIN_AFTER_DISCOUNT", Array(gross_margin, discount))
End Function

Public Function DISCOUNT_GUARD(gross_margin, discount, minimum_margin, Optional first_sale)
Attribute DISCOUNT_GUARD.VB_Description = "Whether a discount is OK, needs APPROVAL because it buys the first sale, or is a NO."
Attribute DISCOUNT_GUARD.VB_ProcData.VB_Invoke_Func = " \n20"
    DISCOUNT_GUARD = Answer("DISCOUNT_GUARD", Array(gross_margin, discount, minimum_margin, first_sale))
End Function

Public Function PROPOSAL_RATIO(proposals, first_appointments)
Attribute PROPOSAL_RATIO.VB_Description = "Share of first appointments that reach a proposal."
Attribute PROPOSAL_RATIO.VB_ProcData.VB_Invoke_Func = " \n20"
    PROPOSAL_RATIO = Answer("PROPOSAL_RATIO", Array(proposals, first_appointments))
End Function

Public Function CLOSE_RATIO(won, proposals)
Attribute CLOSE_RATIO.VB_Description = "Share of proposals that are won."
Attribute CLOSE_RATIO.VB_ProcData.VB_Invoke_Func = " \n20"
    CLOSE_RATIO = Answer("CLOSE_RATIO", Array(won, proposals))
End Function

Public Function AVERAGE_SALE(revenue, won)
Attribute AVERAGE_SALE.VB_Description = "Revenue per sale won."
Attribute AVERAGE_SALE.VB_ProcData.VB_Invoke_Func = " \n20"
    AVERAGE_SALE = Answer("AVERAGE_SALE", Array(revenue, won))
End Function

Public Function SALES_CYCLE_DAYS(start_dates, close_dates)
Attribute SALES_CYCLE_DAYS.VB_Description = "Average number of days from start to close, over the rows that have both dates."
Attribute SALES_CYCLE_DAYS.VB_ProcData.VB_Invoke_Func = " \n20"
    SALES_CYCLE_DAYS = Answer("SALES_CYCLE_DAYS", Array(start_dates, close_dates))
End Function

Public Function MAGIC_NUMBER(revenue_goal, average_sale_value, proposal_ratio_value, close_ratio_value, Optional weeks)
Attribute MAGIC_NUMBER.VB_Description = "New opportunities (first appointments) to create each week to reach a revenue goal."
Attribute MAGIC_NUMBER.VB_ProcData.VB_Invoke_Func = " \n20"
    MAGIC_NUMBER = Answer("MAGIC_NUMBER", Array(revenue_goal, average_sale_value, proposal_ratio_value, close_ratio_value, weeks))
End Function

Public Function ACTIVITY_BAROMETER(actual_per_week, magic_number_value)
Attribute ACTIVITY_BAROMETER.VB_Description = "Activity as a share of the magic number; 100% is the standard."
Attribute ACTIVITY_BAROMETER.VB_ProcData.VB_Invoke_Func = " \n20"
    ACTIVITY_BAROMETER = Answer("ACTIVITY_BAROMETER", Array(actual_per_week, magic_number_value))
End Function

Public Function CONVERSATION_RATIO(first_appointments, conversations)
Attribute CONVERSATION_RATIO.VB_Description = "Share of conversations that lead to a first appointment."
Attribute CONVERSATION_RATIO.VB_ProcData.VB_Invoke_Func = " \n20"
    CONVERSATION_RATIO = Answer("CONVERSATION_RATIO", Array(first_appointments, conversations))
End Function

Public Function STAGE_WIN_RATE(won, entered)
Attribute STAGE_WIN_RATE.VB_Description = "Share of the deals that entered a stage of the sale and were won in the end."
Attribute STAGE_WIN_RATE.VB_ProcData.VB_Invoke_Func = " \n20"
    STAGE_WIN_RATE = Answer("STAGE_WIN_RATE", Array(won, entered))
End Function

Public Function WEIGHTED_PIPELINE(amounts, probabilities)
Attribute WEIGHTED_PIPELINE.VB_Description = "Value of the open pipeline, each amount weighted with the probability that it is won."
Attribute WEIGHTED_PIPELINE.VB_ProcData.VB_Invoke_Func = " \n20"
    WEIGHTED_PIPELINE = Answer("WEIGHTED_PIPELINE", Array(amounts, probabilities))
End Function

Public Function CATCH_UP_NUMBER(goal_left, average_sale_value, proposal_ratio_value, close_ratio_value, weeks_left)
Attribute CATCH_UP_NUMBER.VB_Description = "First appointments to create each week from now on to still reach the goal."
Attribute CATCH_UP_NUMBER.VB_ProcData.VB_Invoke_Func = " \n20"
    CATCH_UP_NUMBER = Answer("CATCH_UP_NUMBER", Array(goal_left, average_sale_value, proposal_ratio_value, close_ratio_value, weeks_left))
End Function

Public Function PEER_GAP(value, peers)
Attribute PEER_GAP.VB_Description = "How far a value lies above or below the mean of the peers, as a fraction."
Attribute PEER_GAP.VB_ProcData.VB_Invoke_Func = " \n20"
    PEER_GAP = Answer("PEER_GAP", Array(value, peers))
End Function

Public Function PEER_FLAG(kpi, value, peers, Optional threshold)
Attribute PEER_FLAG.VB_Description = "Whether a figure differs so much from the peers that it needs a look or is worth copying."
Attribute PEER_FLAG.VB_ProcData.VB_Invoke_Func = " \n20"
    PEER_FLAG = Answer("PEER_FLAG", Array(kpi, value, peers, threshold))
End Function

Public Function COACHING_TIPS(kpi, value, Optional threshold)
Attribute COACHING_TIPS.VB_Description = "Tips for coaching where a ratio is below its standard, one in each row."
Attribute COACHING_TIPS.VB_ProcData.VB_Invoke_Func = " \n20"
    COACHING_TIPS = Answer("COACHING_TIPS", Array(kpi, value, threshold))
End Function

Public Function REVENUE_BLOCKER(first_appointments, proposal_ratio_value, close_ratio_value, average_sale_value, appointments_standard, average_sale_standard, Optional proposal_standard, Optional close_standard)
Attribute REVENUE_BLOCKER.VB_Description = "The one lever that brings most revenue when raised to its standard, and how much."
Attribute REVENUE_BLOCKER.VB_ProcData.VB_Invoke_Func = " \n20"
    REVENUE_BLOCKER = Answer("REVENUE_BLOCKER", Array(first_appointments, proposal_ratio_value, close_ratio_value, average_sale_value, appointments_standard, average_sale_standard, proposal_standard, close_standard))
End Function

Public Function SALES_VELOCITY(opportunities, average_sale_value, close_ratio_value, cycle_days)
Attribute SALES_VELOCITY.VB_Description = "Revenue that the funnel brings per day."
Attribute SALES_VELOCITY.VB_ProcData.VB_Invoke_Func = " \n20"
    SALES_VELOCITY = Answer("SALES_VELOCITY", Array(opportunities, average_sale_value, close_ratio_value, cycle_days))
End Function

Public Function PIPELINE_COVERAGE(open_pipeline, goal_left)
Attribute PIPELINE_COVERAGE.VB_Description = "How many times the open pipeline covers the goal that is left."
Attribute PIPELINE_COVERAGE.VB_ProcData.VB_Invoke_Func = " \n20"
    PIPELINE_COVERAGE = Answer("PIPELINE_COVERAGE", Array(open_pipeline, goal_left))
End Function

Public Function SELLING_TIME(selling_hours, total_hours)
Attribute SELLING_TIME.VB_Description = "Share of working time that is spent selling."
Attribute SELLING_TIME.VB_ProcData.VB_Invoke_Func = " \n20"
    SELLING_TIME = Answer("SELLING_TIME", Array(selling_hours, total_hours))
End Function

Public Function SELLING_TIME_STATUS(selling_time_value, Optional low, Optional high)
Attribute SELLING_TIME_STATUS.VB_Description = "Whether the share of selling time is BELOW, IN BAND or ABOVE the usual 55% to 65%."
Attribute SELLING_TIME_STATUS.VB_ProcData.VB_Invoke_Func = " \n20"
    SELLING_TIME_STATUS = Answer("SELLING_TIME_STATUS", Array(selling_time_value, low, high))
End Function

Public Function GROWTH_TARGET(opening, growth, Optional years)
Attribute GROWTH_TARGET.VB_Description = "Revenue after growing at the same rate for some years."
Attribute GROWTH_TARGET.VB_ProcData.VB_Invoke_Func = " \n20"
    GROWTH_TARGET = Answer("GROWTH_TARGET", Array(opening, growth, years))
End Function

Public Function RETENTION_RATE(kept, opening)
Attribute RETENTION_RATE.VB_Description = "Share of the opening customers or revenue that was kept."
Attribute RETENTION_RATE.VB_ProcData.VB_Invoke_Func = " \n20"
    RETENTION_RATE = Answer("RETENTION_RATE", Array(kept, opening))
End Function

Public Function NEW_BUSINESS_NEEDED(opening, growth, attrition, Optional protected_share, Optional protected_retention)
Attribute NEW_BUSINESS_NEEDED.VB_Description = "New revenue to win so that the book grows after what attrition takes."
Attribute NEW_BUSINESS_NEEDED.VB_ProcData.VB_Invoke_Func = " \n20"
    NEW_BUSINESS_NEEDED = Answer("NEW_BUSINESS_NEEDED", Array(opening, growth, attrition, protected_share, protected_retention))
End Function

Public Function BALANCE_MIX(new_revenue, existing_revenue)
Attribute BALANCE_MIX.VB_Description = "Share of revenue that comes from new customers."
Attribute BALANCE_MIX.VB_ProcData.VB_Invoke_Func = " \n20"
    BALANCE_MIX = Answer("BALANCE_MIX", Array(new_revenue, existing_revenue))
End Function

Public Function NET_REVENUE_RETENTION(opening, expansion, contraction, churn)
Attribute NET_REVENUE_RETENTION.VB_Description = "Net revenue retention: what the opening customers bring now, as a share of what they brought."
Attribute NET_REVENUE_RETENTION.VB_ProcData.VB_Invoke_Func = " \n20"
    NET_REVENUE_RETENTION = Answer("NET_REVENUE_RETENTION", Array(opening, expansion, contraction, churn))
End Function

Public Function CAC_PAYBACK_MONTHS(cost, monthly_gross_profit)
Attribute CAC_PAYBACK_MONTHS.VB_Description = "Months until the gross profit of new customers has paid what it cost to win them."
Attribute CAC_PAYBACK_MONTHS.VB_ProcData.VB_Invoke_Func = " \n20"
    CAC_PAYBACK_MONTHS = Answer("CAC_PAYBACK_MONTHS", Array(cost, monthly_gross_profit))
End Function

Public Function PLAN_COVERAGE(with_plan, total)
Attribute PLAN_COVERAGE.VB_Description = "Share of people or accounts that have a written plan."
Attribute PLAN_COVERAGE.VB_ProcData.VB_Invoke_Func = " \n20"
    PLAN_COVERAGE = Answer("PLAN_COVERAGE", Array(with_plan, total))
End Function

Public Function FORECAST_ACCURACY(actuals, forecasts)
Attribute FORECAST_ACCURACY.VB_Description = "How close forecasts came to what happened, from 0% to 100%."
Attribute FORECAST_ACCURACY.VB_ProcData.VB_Invoke_Func = " \n20"
    FORECAST_ACCURACY = Answer("FORECAST_ACCURACY", Array(actuals, forecasts))
End Function

Public Function FORECAST_BIAS(actuals, forecasts)
Attribute FORECAST_BIAS.VB_Description = "How much too high (above 0) or too low (below 0) forecasts are on the whole, as a share of what happened."
Attribute FORECAST_BIAS.VB_ProcData.VB_Invoke_Func = " \n20"
    FORECAST_BIAS = Answer("FORECAST_BIAS", Array(actuals, forecasts))
End Function

Public Function MIX_GAP(actual_mix, target_mix)
Attribute MIX_GAP.VB_Description = "How far two mixes lie apart, from 0% (the same) to 100% (nothing in common)."
Attribute MIX_GAP.VB_ProcData.VB_Invoke_Func = " \n20"
    MIX_GAP = Answer("MIX_GAP", Array(actual_mix, target_mix))
End Function

Public Function RUN_RATE_NEEDED(goal, actual, weeks_left)
Attribute RUN_RATE_NEEDED.VB_Description = "Revenue per week that is still needed to reach the goal."
Attribute RUN_RATE_NEEDED.VB_ProcData.VB_Invoke_Func = " \n20"
    RUN_RATE_NEEDED = Answer("RUN_RATE_NEEDED", Array(goal, actual, weeks_left))
End Function

Public Function NEXT_CHECKIN(last, cadence)
Attribute NEXT_CHECKIN.VB_Description = "Date of the next conversation, from the last one and how often to talk."
Attribute NEXT_CHECKIN.VB_ProcData.VB_Invoke_Func = " \n20"
    NEXT_CHECKIN = Answer("NEXT_CHECKIN", Array(last, cadence))
End Function

Public Function CHECKIN_STATUS(last, cadence, as_of)
Attribute CHECKIN_STATUS.VB_Description = "Whether the next conversation is due: OK, DUE on the day, OVERDUE after it, or NEVER held."
Attribute CHECKIN_STATUS.VB_ProcData.VB_Invoke_Func = " \n20"
    CHECKIN_STATUS = Answer("CHECKIN_STATUS", Array(last, cadence, as_of))
End Function

Public Function QUOTA_ATTAINMENT(actual, quota)
Attribute QUOTA_ATTAINMENT.VB_Description = "Share of a quota that is attained; above 100% where more was sold."
Attribute QUOTA_ATTAINMENT.VB_ProcData.VB_Invoke_Func = " \n20"
    QUOTA_ATTAINMENT = Answer("QUOTA_ATTAINMENT", Array(actual, quota))
End Function

Public Function RAMPED_QUOTA(full_quota, months_since_hire, ramp_months_value)
Attribute RAMPED_QUOTA.VB_Description = "Quota of a person who is still ramping up: it rises evenly to the full quota."
Attribute RAMPED_QUOTA.VB_ProcData.VB_Invoke_Func = " \n20"
    RAMPED_QUOTA = Answer("RAMPED_QUOTA", Array(full_quota, months_since_hire, ramp_months_value))
End Function

Public Function SEASONAL_GOAL(goal, weights, months_gone)
Attribute SEASONAL_GOAL.VB_Description = "Part of a year's goal that is due by now, where the months do not weigh the same."
Attribute SEASONAL_GOAL.VB_ProcData.VB_Invoke_Func = " \n20"
    SEASONAL_GOAL = Answer("SEASONAL_GOAL", Array(goal, weights, months_gone))
End Function

Public Function COMMISSION(actual, quota, thresholds, rates)
Attribute COMMISSION.VB_Description = "Commission by tiers: each part of the sales earns the rate of its tier, and nothing is capped."
Attribute COMMISSION.VB_ProcData.VB_Invoke_Func = " \n20"
    COMMISSION = Answer("COMMISSION", Array(actual, quota, thresholds, rates))
End Function

Public Function ACCOUNT_SCORE(values, weights)
Attribute ACCOUNT_SCORE.VB_Description = "Weighted average of an account's ratings, over the rows that have both rating and weight."
Attribute ACCOUNT_SCORE.VB_ProcData.VB_Invoke_Func = " \n20"
    ACCOUNT_SCORE = Answer("ACCOUNT_SCORE", Array(values, weights))
End Function

Public Function ACCOUNT_TIER(score, Optional a_cut, Optional b_cut)
Attribute ACCOUNT_TIER.VB_Description = "Tier of an account by its score: A, B or C."
Attribute ACCOUNT_TIER.VB_ProcData.VB_Invoke_Func = " \n20"
    ACCOUNT_TIER = Answer("ACCOUNT_TIER", Array(score, a_cut, b_cut))
End Function

Public Function ACCOUNT_STATUS(last_order, as_of, Optional recent_revenue, Optional prior_revenue, Optional months, Optional drop)
Attribute ACCOUNT_STATUS.VB_Description = "Status of an account: NEVER ordered, DORMANT for some months, DECLINING in revenue, or ACTIVE."
Attribute ACCOUNT_STATUS.VB_ProcData.VB_Invoke_Func = " \n20"
    ACCOUNT_STATUS = Answer("ACCOUNT_STATUS", Array(last_order, as_of, recent_revenue, prior_revenue, months, drop))
End Function

Public Function DORMANT_VALUE(prior_revenue, recent_revenue)
Attribute DORMANT_VALUE.VB_Description = "Revenue that customers brought before and bring no more: the sum of the falls."
Attribute DORMANT_VALUE.VB_ProcData.VB_Invoke_Func = " \n20"
    DORMANT_VALUE = Answer("DORMANT_VALUE", Array(prior_revenue, recent_revenue))
End Function

Public Function COVERAGE_STATUS(planned_touches, required_touches, Optional owner)
Attribute COVERAGE_STATUS.VB_Description = "Whether an account is looked after: COVERED, UNDER the required touches, or UNCOVERED."
Attribute COVERAGE_STATUS.VB_ProcData.VB_Invoke_Func = " \n20"
    COVERAGE_STATUS = Answer("COVERAGE_STATUS", Array(planned_touches, required_touches, owner))
End Function

Public Function REVENUE_AT_RISK(revenue, status, Optional loss_rate)
Attribute REVENUE_AT_RISK.VB_Description = "Revenue that may be lost with accounts that are not fully covered."
Attribute REVENUE_AT_RISK.VB_ProcData.VB_Invoke_Func = " \n20"
    REVENUE_AT_RISK = Answer("REVENUE_AT_RISK", Array(revenue, status, loss_rate))
End Function

Public Function BEST_IN_FRONT(fit, names)
Attribute BEST_IN_FRONT.VB_Description = "The person who fits an account best: the name with the highest fit, the first of equals."
Attribute BEST_IN_FRONT.VB_ProcData.VB_Invoke_Func = " \n20"
    BEST_IN_FRONT = Answer("BEST_IN_FRONT", Array(fit, names))
End Function

Public Function PENETRATION(sold, available)
Attribute PENETRATION.VB_Description = "Share of the products on offer that an account buys."
Attribute PENETRATION.VB_ProcData.VB_Invoke_Func = " \n20"
    PENETRATION = Answer("PENETRATION", Array(sold, available))
End Function

Public Function TERRITORY_BALANCE(value, peers)
Attribute TERRITORY_BALANCE.VB_Description = "How far a territory lies above or below the middle one of its peers, as a fraction."
Attribute TERRITORY_BALANCE.VB_ProcData.VB_Invoke_Func = " \n20"
    TERRITORY_BALANCE = Answer("TERRITORY_BALANCE", Array(value, peers))
End Function

Public Function ORG_HEALTH(scores, Optional lowest, Optional highest)
Attribute ORG_HEALTH.VB_Description = "Health of a sales organisation from twelve scores, from 0% to 100%; all twelve weigh the same."
Attribute ORG_HEALTH.VB_ProcData.VB_Invoke_Func = " \n20"
    ORG_HEALTH = Answer("ORG_HEALTH", Array(scores, lowest, highest))
End Function

Public Function ORG_GAPS(scores, Optional names, Optional below)
Attribute ORG_GAPS.VB_Description = "The weakest of the twelve elements, weakest first, one to a cell; ""No gaps"" where none is weak."
Attribute ORG_GAPS.VB_ProcData.VB_Invoke_Func = " \n20"
    ORG_GAPS = Answer("ORG_GAPS", Array(scores, names, below))
End Function

Public Function ACCOUNT_LOAD(selling_hours, hours_per_account)
Attribute ACCOUNT_LOAD.VB_Description = "Accounts that one person can look after in the selling hours there are, in whole accounts."
Attribute ACCOUNT_LOAD.VB_ProcData.VB_Invoke_Func = " \n20"
    ACCOUNT_LOAD = Answer("ACCOUNT_LOAD", Array(selling_hours, hours_per_account))
End Function

Public Function SUPPORT_NEEDED(support_hours, hours_per_person)
Attribute SUPPORT_NEEDED.VB_Description = "Support people needed for the hours of support there are, in whole people."
Attribute SUPPORT_NEEDED.VB_ProcData.VB_Invoke_Func = " \n20"
    SUPPORT_NEEDED = Answer("SUPPORT_NEEDED", Array(support_hours, hours_per_person))
End Function

Public Function ASSISTANT_PAYBACK(monthly_cost, gross_profit_per_deal)
Attribute ASSISTANT_PAYBACK.VB_Description = "Extra deals a month whose gross profit pays for a sales assistant."
Attribute ASSISTANT_PAYBACK.VB_ProcData.VB_Invoke_Func = " \n20"
    ASSISTANT_PAYBACK = Answer("ASSISTANT_PAYBACK", Array(monthly_cost, gross_profit_per_deal))
End Function

Public Function TURNOVER_RATE(leavers, average_headcount)
Attribute TURNOVER_RATE.VB_Description = "Share of a team that left in a period; more than 100% where places were filled twice."
Attribute TURNOVER_RATE.VB_ProcData.VB_Invoke_Func = " \n20"
    TURNOVER_RATE = Answer("TURNOVER_RATE", Array(leavers, average_headcount))
End Function

Public Function RAMP_MONTHS(hired, first_full_month)
Attribute RAMP_MONTHS.VB_Description = "Whole and part months from the day of hiring to full productivity."
Attribute RAMP_MONTHS.VB_ProcData.VB_Invoke_Func = " \n20"
    RAMP_MONTHS = Answer("RAMP_MONTHS", Array(hired, first_full_month))
End Function

Public Function INCENTIVE_PAYOUT(actual, target, target_pay, threshold, Optional accelerator)
Attribute INCENTIVE_PAYOUT.VB_Description = "Incentive earned: nothing below a threshold, in proportion from there, and never a cap."
Attribute INCENTIVE_PAYOUT.VB_ProcData.VB_Invoke_Func = " \n20"
    INCENTIVE_PAYOUT = Answer("INCENTIVE_PAYOUT", Array(actual, target, target_pay, threshold, accelerator))
End Function

Public Function SALES_EXPLAIN(function_name, ParamArray argument())
Attribute SALES_EXPLAIN.VB_Description = "Another sales function in one sentence: its numbers put into the formula, and the result."
Attribute SALES_EXPLAIN.VB_ProcData.VB_Invoke_Func = " \n20"
    SALES_EXPLAIN = Answer("SALES_EXPLAIN", Joined(Array(function_name), argument))
End Function
