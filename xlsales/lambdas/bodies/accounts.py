"""Accounts and coverage as LAMBDAs."""

from __future__ import annotations

from xlsales.functions.errors import DIV0, NA, NUM
from xlsales.lambdas.body import body

BODIES = {
    "ACCOUNT_SCORE": body("SUM(values*weights)/SUM(weights)", ("SUM(weights)<=0", DIV0)),
    "ACCOUNT_TIER": body('IF(ROUND(score-b_cut,12)<0,"C",IF(ROUND(score-a_cut,12)<0,"B","A"))', ("a_cut<=b_cut", NUM)),
    "ACCOUNT_STATUS": body(
        'IF(last_order="","NEVER",IF(quiet_from<=as_of,"DORMANT",IF(falls,"DECLINING","ACTIVE")))',
        ('IF(last_order="",FALSE,INT(last_order)>INT(as_of))', NUM),
        ("months<>INT(months)", NUM),
        quiet_from="IFERROR(EDATE(last_order,months),2958466)",  # a day after Excel's last
        falls=(
            "IF(AND(ISNUMBER(recent_revenue),ISNUMBER(prior_revenue)),IF(prior_revenue>0,"
            "ROUND((prior_revenue-recent_revenue)/prior_revenue-drop,12)>=0,FALSE),FALSE)"
        ),
    ),
    "DORMANT_VALUE": body("SUM(IF(prior_revenue>recent_revenue,prior_revenue-recent_revenue,0))"),
    "COVERAGE_STATUS": body(
        'IF(required_touches=0,"COVERED",IF(OR(planned_touches=0,owner=""),"UNCOVERED",'
        'IF(planned_touches<required_touches,"UNDER","COVERED")))'
    ),
    "REVENUE_AT_RISK": body('IF(pairs=0,0,SUM(IF(status="COVERED",0,revenue)))*loss_rate'),
    "BEST_IN_FRONT": body("INDEX(names,MATCH(MAX(fit),fit,0))", ("pairs=0", NA)),
    "PENETRATION": body("sold/available", ("sold>available", NUM)),
    "TERRITORY_BALANCE": body(
        "value/MEDIAN(peers)-1", ("pairs=0", NA), ("MEDIAN(peers)=0", DIV0), ("MEDIAN(peers)<0", NUM)
    ),
}
