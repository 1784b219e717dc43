"""The bodies of all LAMBDAs by function, one module per subject."""

from __future__ import annotations

from xlsales.lambdas.bodies import accounts, coaching, funnel, growth, organisation, pricing
from xlsales.lambdas.body import Body
from xlsales.texts import N_

# Functions that can have none, and why.
NONE = {
    "SALES_EXPLAIN": N_("The sentence is put together from the function's declaration, which no formula can read."),
}


def all_bodies() -> dict[str, Body]:
    """All bodies by the function's name, with texts in the language in use."""
    return {
        **pricing.BODIES,
        **funnel.BODIES,
        **coaching.bodies(),
        **growth.BODIES,
        **accounts.BODIES,
        **organisation.bodies(),
    }
