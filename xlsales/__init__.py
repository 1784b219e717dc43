"""Sales planning inside Excel, and headless.

The sales functions are here by their Python names, loaded when first used: `xlsales.magic_number(…)`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from xlsales.version import __version__

if TYPE_CHECKING:
    from xlsales.functions import CATALOGUE, CellError, Checked, SalesFunctionError, check
    from xlsales.functions.funnel import (
        activity_barometer,
        average_sale,
        close_ratio,
        magic_number,
        proposal_ratio,
        sales_cycle_days,
    )
    from xlsales.functions.organisation import org_health
    from xlsales.functions.pricing import breakeven_revenue, breakeven_uplift

__all__ = [
    "CATALOGUE",
    "CellError",
    "Checked",
    "SalesFunctionError",
    "__version__",
    "activity_barometer",
    "average_sale",
    "breakeven_revenue",
    "breakeven_uplift",
    "check",
    "close_ratio",
    "magic_number",
    "org_health",
    "proposal_ratio",
    "sales_cycle_days",
]

_HOMES = {
    "xlsales.functions": ("CATALOGUE", "CellError", "Checked", "SalesFunctionError", "check"),
    "xlsales.functions.funnel": (
        "activity_barometer",
        "average_sale",
        "close_ratio",
        "magic_number",
        "proposal_ratio",
        "sales_cycle_days",
    ),
    "xlsales.functions.organisation": ("org_health",),
    "xlsales.functions.pricing": ("breakeven_revenue", "breakeven_uplift"),
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
