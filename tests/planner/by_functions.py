"""What a planner's rows say, asked of the sales functions with the same arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import xlsales
from xlsales import standards
from xlsales.functions import SalesFunctionError

Row: TypeAlias = Mapping[
    str, Any
]  # the cells of a row by their headings, blank ones as None, and the planner's by name

MARGIN, LEAST = standards.GROSS_MARGIN, standards.MINIMUM_MARGIN
WEIGHTS = [standards.WEIGHT_REVENUE, standards.WEIGHT_POTENTIAL, standards.WEIGHT_WALLET, standards.WEIGHT_HIGH_VALUE]
POINTS = ("Points: revenue", "Points: potential", "Points: wallet", "Points: high value")


def _margin(row: Row) -> float:
    own = row["in_gross_margin"]
    return MARGIN if own is None else own


def _status(row: Row) -> Any:
    return xlsales.account_status(row["Last order"], row["calc_as_of"], row["Last 12 months"], row["Prior 12 months"])


# A table, a heading, what must be there so that the cell is not blank, and the function.
ROWS: tuple[tuple[str, str, tuple[str, ...], Callable[[Row], Any]], ...] = (
    ("tblAccounts", "Status", ("Account ID", "calc_as_of", "Last order"), _status),
    ("tblAccounts", "Score", ("Score",), lambda row: xlsales.account_score([row[name] for name in POINTS], WEIGHTS)),
    ("tblAccounts", "Tier", ("Score",), lambda row: xlsales.account_tier(row["Score"])),
    (
        "tblAccounts",
        "Coverage",
        ("Account ID", "Touches needed"),
        lambda row: xlsales.coverage_status(row["Touches planned"] or 0, row["Touches needed"], row["Owner"] or ""),
    ),
    (
        "tblDeals",
        "Margin after discount",
        ("Deal ID", "Discount"),
        lambda row: xlsales.margin_after_discount(_margin(row), row["Discount"]),
    ),
    (
        "tblDeals",
        "Discount guard",
        ("Deal ID", "Discount"),
        lambda row: xlsales.discount_guard(_margin(row), row["Discount"], LEAST, row["First sale?"] == "YES"),
    ),
    (
        "tblTeam",
        "Pay earned",
        ("Target", "Actual", "Pay at target"),
        lambda row: xlsales.incentive_payout(
            row["Actual"], row["Target"], row["Pay at target"], standards.INCENTIVE, standards.ACCELERATOR
        ),
    ),
    (
        "tblProducts",
        "Target, year 1",
        ("Product line", "Opening revenue"),
        lambda row: xlsales.growth_target(row["Opening revenue"], row["Growth used"]),
    ),
    (
        "tblProducts",
        "New business, year 1",
        ("Product line", "Opening revenue"),
        lambda row: xlsales.new_business_needed(row["Opening revenue"], row["Growth used"], row["Loss used"]),
    ),
)
# A named cell of the planner, what must be there, and the function.
CELLS: tuple[tuple[str, tuple[str, ...], Callable[[Row], Any]], ...] = (
    (
        "fig_turnover",
        ("in_headcount", "in_leavers"),
        lambda it: xlsales.turnover_rate(it["in_leavers"], it["in_headcount"]),
    ),
    (
        "out_ramp_months",
        ("in_hired", "in_productive"),
        lambda it: xlsales.ramp_months(it["in_hired"], it["in_productive"]),
    ),
    (
        "out_assistant_payback",
        ("in_assistant_cost", "calc_average_sale"),
        lambda it: xlsales.assistant_payback(it["in_assistant_cost"], it["calc_average_sale"] * _margin(it)),
    ),
    (
        "out_support_needed",
        ("in_support_hours", "in_support_week"),
        lambda it: xlsales.support_needed(it["in_support_hours"], it["in_support_week"]),
    ),
)


def asked(function: Callable[[Row], Any], row: Row, needed: tuple[str, ...]) -> Iterator[Any]:
    """Yield what a function says of a row; nothing where something is missing, or the function has no answer."""
    if any(row.get(name) in (None, "") for name in needed):
        return
    try:
        yield function(row)
    except SalesFunctionError:
        return
