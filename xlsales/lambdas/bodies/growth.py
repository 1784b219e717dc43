"""Growth, retention, plans and check-ins as LAMBDAs."""

from __future__ import annotations

from xlsales.functions.errors import DIV0, NUM
from xlsales.lambdas.body import body

_NEXT = {
    "DAILY": "INT(last)+1",
    "WEEKLY": "INT(last)+7",
    "MONTHLY": "EDATE(last,1)",
    "QUARTERLY": "EDATE(last,3)",
    "HALF-YEARLY": "EDATE(last,6)",
}


def _next() -> str:
    """The next conversation: the last cadence is what is left."""
    *others, (_word, formula) = _NEXT.items()
    for word, other in reversed(others):
        formula = f'IF(cadence="{word}",{other},{formula})'
    return formula


BODIES = {
    "GROWTH_TARGET": body("IFERROR(opening*(1+growth)^years,#NUM!)"),
    "RETENTION_RATE": body("kept/opening", ("kept>opening", NUM)),
    "NEW_BUSINESS_NEEDED": body(
        "MAX(0,opening*(growth+(attrition*(1-protected_share)+protected_share*(1-protected_retention))))"
    ),
    "BALANCE_MIX": body("new_revenue/(new_revenue+existing_revenue)", ("new_revenue+existing_revenue=0", DIV0)),
    "PLAN_COVERAGE": body("with_plan/total", ("with_plan>total", NUM)),
    "FORECAST_ACCURACY": body("MAX(0,1-SUM(ABS(actuals-forecasts))/SUM(actuals))", ("SUM(actuals)=0", DIV0)),
    "MIX_GAP": body(
        "SUM(ABS(actual_mix/SUM(actual_mix)-target_mix/SUM(target_mix)))/2",
        ("SUM(actual_mix)=0", DIV0),
        ("SUM(target_mix)=0", DIV0),
    ),
    "RUN_RATE_NEEDED": body("IF(actual>=goal,0,(goal-actual)/weeks_left)", ("AND(actual<goal,weeks_left<=0)", NUM)),
    "NEXT_CHECKIN": body(_next()),
    "CHECKIN_STATUS": body(
        'IF(last="","NEVER",IF(INT(as_of)<due,"OK",IF(INT(as_of)=due,"DUE","OVERDUE")))', due=_next()
    ),
}
