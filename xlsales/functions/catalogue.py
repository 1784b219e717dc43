"""Every sales function, by its name in Excel, in the order of the documentation."""

from __future__ import annotations

from xlsales.functions.funnel import FUNNEL
from xlsales.functions.organisation import ORGANISATION
from xlsales.functions.pricing import PRICING
from xlsales.functions.registry import SalesFunction

SUBJECTS = (PRICING, FUNNEL, ORGANISATION)
CATALOGUE: dict[str, SalesFunction] = {function.name: function for subject in SUBJECTS for function in subject}
