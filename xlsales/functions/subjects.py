"""The sales functions by subject, in the order of the documentation; all but the one that explains them."""

from __future__ import annotations

from xlsales.functions.accounts import ACCOUNTS
from xlsales.functions.activity import ACTIVITY
from xlsales.functions.coaching import COACHING
from xlsales.functions.customers import CUSTOMERS
from xlsales.functions.funnel import FUNNEL
from xlsales.functions.growth import GROWTH
from xlsales.functions.organisation import ORGANISATION
from xlsales.functions.pipeline import PIPELINE
from xlsales.functions.planning import PLANNING
from xlsales.functions.pricing import PRICING
from xlsales.functions.quotas import QUOTAS

SUBJECTS = (
    PRICING,
    FUNNEL,
    PIPELINE,
    COACHING,
    ACTIVITY,
    GROWTH,
    CUSTOMERS,
    PLANNING,
    QUOTAS,
    ACCOUNTS,
    ORGANISATION,
)
