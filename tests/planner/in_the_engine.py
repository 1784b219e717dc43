"""A planner in the calculation engine: opened once by each of pytest's processes, for all tests that only fill it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from xlsales.calculation.session import Session
from xlsales.workbook.template import Template, read


@cache
def opened(path: Path) -> tuple[Template, Session]:
    """A template and its session."""
    template = read(path)
    return template, Session(template)
