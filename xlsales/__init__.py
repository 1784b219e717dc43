"""Sales planning inside Excel, and headless.

The sales functions are here by their Python names, loaded when first used: `xlsales.magic_number(…)`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from xlsales.version import __version__

# The types of these names are in __init__.pyi.
__all__ = [
    "CATALOGUE",
    "CellError",
    "Checked",
    "Collected",
    "SalesFunctionError",
    "__version__",
    "account_load",
    "account_score",
    "account_status",
    "account_tier",
    "activity_barometer",
    "assistant_payback",
    "average_sale",
    "balance_mix",
    "best_in_front",
    "breakeven_revenue",
    "breakeven_uplift",
    "cac_payback_months",
    "catch_up_number",
    "check",
    "checkin_status",
    "close_ratio",
    "coaching_tips",
    "collect",
    "commission",
    "conversation_ratio",
    "coverage_status",
    "discount_guard",
    "dormant_value",
    "forecast_accuracy",
    "forecast_bias",
    "growth_target",
    "incentive_payout",
    "magic_number",
    "margin_after_discount",
    "mix_gap",
    "net_revenue_retention",
    "new_business_needed",
    "next_checkin",
    "org_gaps",
    "org_health",
    "peer_flag",
    "peer_gap",
    "penetration",
    "pipeline_coverage",
    "plan_coverage",
    "proposal_ratio",
    "quota_attainment",
    "ramp_months",
    "ramped_quota",
    "retention_rate",
    "revenue_at_risk",
    "revenue_blocker",
    "run_rate_needed",
    "sales_cycle_days",
    "sales_explain",
    "sales_velocity",
    "seasonal_goal",
    "selling_time",
    "selling_time_status",
    "stage_win_rate",
    "support_needed",
    "territory_balance",
    "turnover_rate",
    "weighted_pipeline",
]

_HOMES = {
    "xlsales.collection": ("Collected", "collect"),
    "xlsales.functions": ("CATALOGUE", "CellError", "Checked", "SalesFunctionError", "check"),
    "xlsales.functions.accounts": (
        "account_score",
        "account_status",
        "account_tier",
        "best_in_front",
        "coverage_status",
        "dormant_value",
        "penetration",
        "revenue_at_risk",
        "territory_balance",
    ),
    "xlsales.functions.activity": (
        "pipeline_coverage",
        "sales_velocity",
        "selling_time",
        "selling_time_status",
    ),
    "xlsales.functions.coaching": (
        "coaching_tips",
        "peer_flag",
        "peer_gap",
        "revenue_blocker",
    ),
    "xlsales.functions.customers": (
        "cac_payback_months",
        "net_revenue_retention",
    ),
    "xlsales.functions.explain": ("sales_explain",),
    "xlsales.functions.funnel": (
        "activity_barometer",
        "average_sale",
        "close_ratio",
        "magic_number",
        "proposal_ratio",
        "sales_cycle_days",
    ),
    "xlsales.functions.growth": (
        "balance_mix",
        "growth_target",
        "new_business_needed",
        "retention_rate",
    ),
    "xlsales.functions.organisation": (
        "account_load",
        "assistant_payback",
        "incentive_payout",
        "org_gaps",
        "org_health",
        "ramp_months",
        "support_needed",
        "turnover_rate",
    ),
    "xlsales.functions.pipeline": (
        "catch_up_number",
        "conversation_ratio",
        "stage_win_rate",
        "weighted_pipeline",
    ),
    "xlsales.functions.planning": (
        "checkin_status",
        "forecast_accuracy",
        "forecast_bias",
        "mix_gap",
        "next_checkin",
        "plan_coverage",
        "run_rate_needed",
    ),
    "xlsales.functions.pricing": (
        "breakeven_revenue",
        "breakeven_uplift",
        "discount_guard",
        "margin_after_discount",
    ),
    "xlsales.functions.quotas": (
        "commission",
        "quota_attainment",
        "ramped_quota",
        "seasonal_goal",
    ),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'xlsales' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
