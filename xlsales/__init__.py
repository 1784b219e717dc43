"""Sales planning inside Excel, and headless.

The sales functions are here by their Python names, loaded when first used: `xlsales.magic_number(…)`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from xlsales.version import __version__

if TYPE_CHECKING:
    from xlsales.functions import CATALOGUE, CellError, Checked, SalesFunctionError, check
    from xlsales.functions.accounts import (
        account_score,
        account_status,
        account_tier,
        best_in_front,
        coverage_status,
        dormant_value,
        penetration,
        revenue_at_risk,
        territory_balance,
    )
    from xlsales.functions.activity import (
        pipeline_coverage,
        sales_velocity,
        selling_time,
        selling_time_status,
    )
    from xlsales.functions.coaching import (
        coaching_tips,
        peer_flag,
        peer_gap,
        revenue_blocker,
    )
    from xlsales.functions.explain import (
        sales_explain,
    )
    from xlsales.functions.funnel import (
        activity_barometer,
        average_sale,
        close_ratio,
        magic_number,
        proposal_ratio,
        sales_cycle_days,
    )
    from xlsales.functions.growth import (
        balance_mix,
        growth_target,
        new_business_needed,
        retention_rate,
    )
    from xlsales.functions.organisation import (
        account_load,
        assistant_payback,
        incentive_payout,
        org_gaps,
        org_health,
        ramp_months,
        support_needed,
        turnover_rate,
    )
    from xlsales.functions.planning import (
        checkin_status,
        forecast_accuracy,
        mix_gap,
        next_checkin,
        plan_coverage,
        run_rate_needed,
    )
    from xlsales.functions.pricing import (
        breakeven_revenue,
        breakeven_uplift,
        discount_guard,
        margin_after_discount,
    )

__all__ = [
    "CATALOGUE",
    "CellError",
    "Checked",
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
    "check",
    "checkin_status",
    "close_ratio",
    "coaching_tips",
    "coverage_status",
    "discount_guard",
    "dormant_value",
    "forecast_accuracy",
    "growth_target",
    "incentive_payout",
    "magic_number",
    "margin_after_discount",
    "mix_gap",
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
    "ramp_months",
    "retention_rate",
    "revenue_at_risk",
    "revenue_blocker",
    "run_rate_needed",
    "sales_cycle_days",
    "sales_explain",
    "sales_velocity",
    "selling_time",
    "selling_time_status",
    "support_needed",
    "territory_balance",
    "turnover_rate",
]

_HOMES = {
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
    "xlsales.functions.planning": (
        "checkin_status",
        "forecast_accuracy",
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
