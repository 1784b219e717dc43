"""A blank planner opened for a fiscal year: its first day on Targets, its Mondays on Activity."""

from __future__ import annotations

import datetime as dt

from xlsales.batch.filled_copies import WRITERS, copies
from xlsales.batch.plan import Plan, fill
from xlsales.schema import TABLES
from xlsales.workbook.template import Template


def workbook(template: Template, year_start: dt.date) -> bytes:
    """Return the template with a year's first day and its weeks, and nothing else filled."""
    territory = dict.fromkeys(column.name for column in TABLES["territories"])
    year = {"territory_id": None, "fiscal_year": year_start.year, "year_start": year_start}
    plan = Plan({**territory, **year}, {}, template.name, None)
    return next(copies(template, next(iter(WRITERS)), None).make([fill(template, plan)], [{}], []))[0]
