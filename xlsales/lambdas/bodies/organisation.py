"""Organisation as LAMBDAs."""

from __future__ import annotations

from xlsales.functions.errors import NUM
from xlsales.lambdas.body import Body, body, text
from xlsales.schema import ELEMENTS
from xlsales.texts import N_, _

_NO_GAPS = N_("No gaps")


def _gaps() -> Body:
    """The weakest elements, weakest first; equal scores keep the order of the list."""
    standard = "{" + ";".join(text(_(name)) for name in ELEMENTS) + "}"
    return body(
        f"IF(MIN(scores)>=below,{text(_(_NO_GAPS))},SORTBY(FILTER(named,scores<below),"
        "FILTER(scores,scores<below),1,FILTER(SEQUENCE(ROWS(scores)),scores<below),1))",
        named=f'IF(names="",{standard},names)',
    )


def bodies() -> dict[str, Body]:
    """The bodies, with texts in the language in use."""
    return {
        "ORG_HEALTH": body(
            "(AVERAGE(scores)-lowest)/(highest-lowest)",
            ("highest<=lowest", NUM),
            ("OR(MIN(scores)<lowest,MAX(scores)>highest)", NUM),
        ),
        "ORG_GAPS": _gaps(),
        "ACCOUNT_LOAD": body("INT(selling_hours/hours_per_account+1E-9)"),
        "SUPPORT_NEEDED": body("0-INT(1E-9-support_hours/hours_per_person)"),
        "ASSISTANT_PAYBACK": body("monthly_cost/gross_profit_per_deal"),
        "TURNOVER_RATE": body("leavers/average_headcount"),
        "RAMP_MONTHS": body(
            "IF(end>=day_of_month,whole+(end-day_of_month)/(next_month-day_of_month),"
            "whole-(day_of_month-end)/(day_of_month-EDATE(start,whole-1)))",
            ("INT(first_full_month)<INT(hired)", NUM),
            start="INT(hired)",
            end="INT(first_full_month)",
            whole="(YEAR(end)-YEAR(start))*12+MONTH(end)-MONTH(start)",
            day_of_month="EDATE(start,whole)",
            next_month="IFERROR(EDATE(start,whole+1),2958465+DAY(start))",  # January after Excel's last year
        ),
        "INCENTIVE_PAYOUT": body(
            "IF(ROUND(reached-threshold,12)<0,0,target_pay*(MIN(1,reached)+accelerator*MAX(0,reached-1)))",
            reached="actual/target",
        ),
    }
