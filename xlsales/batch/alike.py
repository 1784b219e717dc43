"""Territories whose identifiers look alike: each is one of its own here, and one with the other to people and Excel."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from xlsales.files import file_names
from xlsales.findings import Finding, shown
from xlsales.schema import TERRITORIES
from xlsales.texts import _

_EXAMPLES = 3


def findings(territories: Iterable[str]) -> Iterator[Finding]:
    """Yield a finding for each group of identifiers that differ in letter case, blanks, accents or width only."""
    groups: dict[str, list[str]] = {}
    for key in territories:
        groups.setdefault(_seen(key), []).append(key)
    for alike in groups.values():
        if len(alike) > 1:
            message = _(
                "The territories {ids} have identifiers that look alike: each gets a planner, and when they come back, "
                "they are taken for two planners of one territory. Write it in one way."
            )
            text = message.format(ids=_listed(alike))
            yield Finding("warning", "ID_ALIKE", text, table=TERRITORIES.name, column="territory_id")


def _seen(key: str) -> str:
    """Return what identifiers have in common that a person takes for one."""
    if key.isascii():
        return " ".join(key.lower().split())
    return " ".join(unicodedata.normalize("NFKC", file_names.comparable(key)).split())


def _listed(keys: list[str]) -> str:
    told = ", ".join(_told(key) for key in keys[:_EXAMPLES])
    return f"{told}…" if len(keys) > _EXAMPLES else told


def _told(key: str) -> str:
    """Return an identifier with the accents that are letters of their own: Zoë may hold a U+0308."""
    accents = dict.fromkeys(filter(unicodedata.combining, key))
    names = " ".join(f"U+{ord(accent):04X}" for accent in accents)
    return f"{shown(key)} ({names})" if names else shown(key)
