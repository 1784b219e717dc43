"""The planner's tables: the inputs of xlsales.schema and the columns that formulas fill beside them."""

from __future__ import annotations

from xlsales.planner.areas import Layout
from xlsales.planner.layouts import calendar, people, plan, sales
from xlsales.planner.layouts.columns import helpers_ahead
from xlsales.planner.layouts.watch import watched
from xlsales.planner.sizes import Sizes


def layouts(sizes: Sizes) -> tuple[Layout, ...]:
    """Return the planner's tables with these numbers of rows; what a person sorts and cuts is watched."""
    lists = (
        sales.accounts(sizes.accounts),
        sales.deals(sizes.deals),
        calendar.weeks(),
        calendar.checkins(),
        plan.products(),
    )
    stacked = (
        people.team(sizes.team),
        people.stages(),
        people.functions(),
        plan.goals(),
        plan.relations(),
        plan.development(),
    )
    return (
        *map(watched, lists),
        *(helpers_ahead(watched(layout)) for layout in stacked),
        people.org_health(),
        people.support(),
        people.details(),
        plan.actions(),
        plan.segments(),
    )
