"""Funnel and activity as LAMBDAs."""

from __future__ import annotations

from xlsales.functions.errors import DIV0, NA, NUM
from xlsales.lambdas.body import body

BODIES = {
    "PROPOSAL_RATIO": body("proposals/first_appointments", ("proposals>first_appointments", NUM)),
    "CLOSE_RATIO": body("won/proposals", ("won>proposals", NUM)),
    "AVERAGE_SALE": body("revenue/won"),
    "SALES_CYCLE_DAYS": body(
        "(SUM(close_dates)-SUM(start_dates))/pairs",
        ("pairs=0", DIV0),
        ("MIN(close_dates-start_dates)<0", NUM),
    ),
    "MAGIC_NUMBER": body("MAX(0,revenue_goal)/average_sale/close_ratio/proposal_ratio/weeks"),
    "ACTIVITY_BAROMETER": body("IF(magic_number=0,1,actual_per_week/magic_number)"),
    "SALES_VELOCITY": body("opportunities*average_sale*close_ratio/cycle_days", ("cycle_days<=0", DIV0)),
    "PIPELINE_COVERAGE": body("open_pipeline/goal_left", ("goal_left<=0", NA)),
    "SELLING_TIME": body("selling_hours/total_hours", ("selling_hours>total_hours", NUM)),
    "SELLING_TIME_STATUS": body(
        'IF(ROUND(selling_time-low,12)<0,"BELOW",IF(ROUND(selling_time-high,12)>0,"ABOVE","IN BAND"))',
        ("low>high", NUM),
    ),
}
