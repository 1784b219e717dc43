"""What `xlsales check` says of a planner that somebody has filled in: how complete it is, and where it was edited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlsales.errors import XlsalesError
from xlsales.texts import _, _n

if TYPE_CHECKING:
    from xlsales.collection.planner import Planner

_SHOWN = 5  # findings of a kind


def of_file(path: Path) -> Planner | None:
    """Return what a planner says; None for any other workbook, and for a planner of nobody yet."""
    from xlsales.workbook import defined_names, opening  # heavy: openpyxl, lxml

    try:
        package = opening.bytes_of(path)
        outline = defined_names.outline(opening.opened(package, path.name, is_any=True), path.name)
    except (XlsalesError, ArithmeticError, LookupError, ValueError):
        return None
    if "in_territory_id" not in outline.cells():
        return None
    return _read(path)


def _read(path: Path) -> Planner | None:
    from xlsales.collection import BOUNDS, workers

    (planner,) = workers.read([path], 1, BOUNDS, "", lambda _count: None)
    return planner if planner.territory_id or planner.is_unreadable else None


def is_worth_a_look(planner: Planner) -> bool:
    """Whether something was found that a person should look at."""
    return any(finding.severity != "info" for finding in planner.findings)


def lines(planner: Planner) -> Iterator[str]:
    """Yield what is said of a planner."""
    if planner.completeness is not None:
        message = _("  the plan of {territory} for {year}: {share:.0%} complete.")
        year = planner.fiscal_year or _("no year")
        yield message.format(territory=planner.territory_id, year=year, share=planner.completeness)
    if not planner.is_edited and not planner.is_unreadable:
        yield _("    nothing was edited but inputs.")
    for _kind, several in groupby(planner.findings, key=lambda one: one.code):
        findings = list(several)
        for finding in findings[:_SHOWN]:
            yield f"    {finding.severity:8}{replace(finding, file='')}"
        others = len(findings) - _SHOWN
        if others > 0:
            more = _n("    … and {count} more; --json lists it.", "    … and {count} more; --json lists them.", others)
            yield more.format(count=others)


def as_json(planner: Planner) -> dict[str, Any]:
    """Return the same for JSON."""
    found = [{**vars(one), "severity": one.severity, "message": one.message} for one in planner.findings]
    return {
        "planner": {
            "territory_id": planner.territory_id,
            "fiscal_year": planner.fiscal_year,
            "completeness": planner.completeness,
            "edited": planner.is_edited,
            "findings": found,
        }
    }
