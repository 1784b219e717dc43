"""Quotas and commission as LAMBDAs."""

from __future__ import annotations

from xlsales.functions.errors import DIV0, NUM
from xlsales.lambdas.body import body

BODIES = {
    "QUOTA_ATTAINMENT": body("actual/quota"),
    "RAMPED_QUOTA": body("IF(months_since_hire>=ramp_months,full_quota,full_quota*(months_since_hire/ramp_months))"),
    "SEASONAL_GOAL": body(
        "goal*SUM(weights*IF(begun<0,0,IF(begun>1,1,begun)))/SUM(weights)",
        ("SUM(weights)<=0", DIV0),
        ("months_gone>ROWS(weights)", NUM),
        begun="months_gone+1-SEQUENCE(ROWS(weights))",
    ),
    # Each tier adds what its rate is above that of the tier before, on all sales above its threshold.
    "COMMISSION": body(
        "SUM(more*IF(over>0,over,0))",
        ("IF(ROWS(thresholds)=1,FALSE,MIN(DROP(thresholds,1)-DROP(thresholds,-1))<=0)", NUM),
        more="IF(ROWS(rates)=1,rates,rates-VSTACK(0,DROP(rates,-1)))",
        over="actual-thresholds*quota",
    ),
}
