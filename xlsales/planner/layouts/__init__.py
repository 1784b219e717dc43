"""The planner's tables: the inputs of xlsales.schema and the columns that formulas fill beside them."""

from __future__ import annotations

from xlsales.planner.areas import Layout
from xlsales.planner.layouts import calendar, people, plan, sales
from xlsales.planner.sizes import Sizes


def layouts(sizes: Sizes) -> tuple[Layout, ...]:
    """Return the planner's tables with these numbers of rows."""
    return (
        sales.accounts(sizes.accounts),
        sales.deals(sizes.deals),
        calendar.weeks(),
        calendar.checkins(),
        people.org_health(),
        people.team(sizes.team),
        people.stages(),
        people.functions(),
        people.support(),
        plan.goals(),
        plan.actions(),
        plan.relations(),
        plan.development(),
        plan.products(),
        plan.segments(),
    )
