"""What a returned planner says it is: which layout, which template, whose, of which year, made by which run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlsales.cells.stored import number
from xlsales.workbook.given import Given, Kind

PROPERTIES = ("schema_version", "template_version", "planner", "run_id", "input_hash", "as_of", "territory_id")


@dataclass(frozen=True)
class Identity:
    """What a planner is; "" and None for what it does not tell."""

    territory_id: str  # as its cell has it now
    fiscal_year: int | None
    schema_version: str = ""
    template_version: str = ""
    run_id: str = ""  # of the batch that made it
    input_hash: str = ""
    as_of: str = ""
    made_for: str = ""  # the territory that the batch made it for

    @property
    def is_stamped(self) -> bool:
        """Whether it still has the properties that it was made with."""
        return bool(self.schema_version)


def identity(inputs: Mapping[str, Given], told: Mapping[str, str]) -> Identity:
    """Return the identity, given the inputs by name and the properties."""
    return Identity(
        as_key(inputs.get("territory_id")),
        _year(inputs.get("fiscal_year")),
        told.get("schema_version", ""),
        told.get("template_version", ""),
        told.get("run_id", ""),
        told.get("input_hash", ""),
        told.get("as_of", ""),
        told.get("territory_id", ""),
    )


def as_key(given: Given | None) -> str:
    """Return an identifier as text: Excel stores one of digits alone as a number."""
    if given is None or given.value is None or given.kind in (Kind.ERROR, Kind.EMPTY_TEXT):
        return ""
    return number(float(given.value)) if given.kind is Kind.NUMBER else str(given.value).strip()


def _year(given: Given | None) -> int | None:
    text = as_key(given)
    return int(text) if text.isdecimal() and len(text) == 4 else None
