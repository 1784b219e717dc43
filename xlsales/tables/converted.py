"""The input tables that a map makes of an export, as CSV files: to be looked at, or kept."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from xlsales.cells.stored import number
from xlsales.findings import FindingsLog
from xlsales.schema import TABLES, TERRITORIES, Table
from xlsales.tables.mapping import Map
from xlsales.tables.partition import parted
from xlsales.tables.summary import Summary
from xlsales.tables.validated import Validated
from xlsales.tables.validation import validate


def converted(source: str | Path, mapping: Map) -> tuple[dict[str, bytes], FindingsLog]:
    """Return the accepted rows of each table as a file by its name, and what was found on the way."""
    log, summary = FindingsLog(), Summary()
    every: list[Validated] = []
    with parted(source, mapping=mapping) as parts:
        log.add(parts.findings)
        for part in parts:
            every.append(validated := validate(part))
            summary.add(validated)
            log.add(validated.findings)
    log.add(summary.findings())
    tables = [TABLES[name] for name in TABLES if any(name in one.files for one in every)]
    return {f"{table.name}.csv": _file(table, every) for table in tables}, log


def _file(table: Table, every: Sequence[Validated]) -> bytes:
    frame = pd.concat([_by_territory(one, table) for one in every])
    filled = [column.name for column in table if column.required or bool(frame[column.name].notna().any())]
    own = [name for one in every for cells in one.own.values() for name in cells] if table is TERRITORIES else []
    own = list(dict.fromkeys(own))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*filled, *own])
    details = {key: cells for one in every for key, cells in one.own.items()}
    for cells in frame[[*filled]].itertuples(index=False, name=None):
        mine = details.get(str(cells[filled.index(TERRITORIES.key[0])]), {})
        writer.writerow([*map(_cell, cells), *(mine.get(name, "") for name in own)])
    return text.getvalue().encode()


def _by_territory(validated: Validated, table: Table) -> pd.DataFrame:
    """Return the rows of each territory together, otherwise in the source's order."""
    places = {key: place for place, key in enumerate(validated.territory_ids)}
    frame = validated.frames[table.name]
    return frame.iloc[frame["territory_id"].map(places).argsort(kind="stable")]


def _cell(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return number(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)
