"""Mondays that a program has turned into texts: read where the planner's own weeks leave one reading of them all."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence

from xlsales.batch.update.inputs import Value
from xlsales.cells.values import serial
from xlsales.errors import InputError
from xlsales.texts import _
from xlsales.workbook.given import Given

_DAY = re.compile(r"\s*(\d{1,4})[-./ ]+(\d{1,2})[-./ ]+(\d{1,4})\.?(?:[ T]0?0:00(?::00)?)?\s*")
_ORDERS = ((0, 1, 2), (2, 1, 0), (2, 0, 1))  # where year, month and day stand


def read_texts(rows: Sequence[dict[str, Value]], cells: Sequence[Given], known: Collection[Value]) -> None:
    """Put days in the place of the texts that name weeks; InputError where it is not certain which weeks they name."""
    texts = [place for place, row in enumerate(rows) if isinstance(row.get("week_start"), str)]
    taken = {row.get("week_start") for place, row in enumerate(rows) if place not in texts}
    free = set(known) - taken
    readings = {tuple(_day(str(rows[place]["week_start"]), order) for place in texts) for order in _ORDERS}
    certain = [days for days in readings if free.issuperset(days) and len(set(days)) == len(days)]
    if texts and len(certain) != 1:
        strange = (p for p in texts if not free & {_day(str(rows[p]["week_start"]), order) for order in _ORDERS})
        first = next(strange, texts[0])
        raise InputError(in_cell(cells[first], _("it does not say which week this is: type a date")))
    for place, day in zip(texts, certain[0] if texts else (), strict=True):
        rows[place]["week_start"] = day


def _day(text: str, order: tuple[int, int, int]) -> float | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(found[1 + place]) for place in order)
    try:
        return float(serial(dt.date(year + 2000 if year < 100 else year, month, day)))
    except ValueError:
        return None


def in_cell(given: Given, what: str) -> str:
    """Return what is wrong with a cell."""
    message = _("{sheet}!{cell}: {what}.")
    return message.format(sheet=given.sheet, cell=given.cell, what=what)
