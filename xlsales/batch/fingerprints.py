"""Fingerprints of what goes into planners: the same for the same rows, whatever they were read from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any

from xlsales.cells.arrays import Array
from xlsales.cells.rows import Rows
from xlsales.cells.table_columns import Columns
from xlsales.schema import NUMERIC, TABLES, Kind


def of_rows(tables: Mapping[str, Rows], own: Mapping[str, str]) -> str:
    """Return the fingerprint of a territory: its rows of each table, which stand in their stated order, its own first.

    `own` are its details, by the company's own headings.
    """
    content = hashlib.sha256()
    for name, rows in tables.items():
        content.update(f"{name} {len(rows)}\n".encode())
        if rows:
            _add(content, name, rows)
    if own:
        content.update(json.dumps([*own.items()]).encode())
    return content.hexdigest()


def _add(content: hashlib._Hash, table: str, rows: Rows) -> None:
    """Add the columns of a table: numbers as they are stored, all else as JSON."""
    some, filled = rows.place, rows.filled
    texts: list[str] = []
    for name, numbers, told in rows.all.kept(_told, table):
        if name not in filled:
            texts.append("[]")
        elif numbers is not None:
            content.update(numbers[some].data)
            texts.append(f'["{name}"]')
        else:
            texts.append(f"[{', '.join(told[some])}]")
    content.update(f"[{', '.join(texts)}]".encode())


def _told(columns: Columns, table: str) -> list[tuple[str, Array | None, Sequence[str]]]:
    """Return the columns of a table that many territories share: of each its numbers, or its values as JSON."""
    told: list[tuple[str, Array | None, Sequence[str]]] = []
    for column in TABLES[table]:
        name = column.name
        if name not in columns:
            told.append((name, None, ()))
        elif column.kind in NUMERIC:
            told.append((name, columns.numbers(name), ()))
        else:
            told.append((name, None, columns.mapped(name, _day if column.kind is Kind.DATE else _text)))
    return told


@lru_cache(65_536)
def _day(day: object) -> str:
    return "null" if day is None else _quoted(str(day))


def _text(value: Any) -> str:
    if value is None:
        return "null"
    return _quoted(value) if isinstance(value, str) else json.dumps(value, default=str)
