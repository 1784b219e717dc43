"""Fingerprints of what goes into planners: the same for the same rows, whatever they were read from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any

from xlsales.cells.rows import Rows
from xlsales.schema import NUMERIC, TABLES, Kind, Table


def of_rows(tables: Mapping[str, Rows], own: Mapping[str, str]) -> str:
    """Return the fingerprint of a territory: its rows of each table, which stand in their stated order, its own first.

    `own` are its details, by the company's own headings.
    """
    content = hashlib.sha256()
    for name, rows in tables.items():
        for part in _content(TABLES[name], rows):
            content.update(part)
    if own:
        content.update(json.dumps([*own.items()]).encode())
    return content.hexdigest()


def _content(table: Table, rows: Rows) -> Iterator[bytes | memoryview]:
    """Yield the columns of a table as bytes: numbers as they are stored, all else as JSON."""
    yield f"{table.name} {len(rows)}\n".encode()
    if not rows:
        return
    filled = rows.filled
    texts: list[str] = []
    for column in table:
        if column.name not in filled:
            texts.append("[]")
        elif column.kind in NUMERIC:
            yield rows.numbers(column.name).data
            texts.append(f'["{column.name}"]')
        else:
            told = rows.mapped(column.name, _day if column.kind is Kind.DATE else _text)
            texts.append(f"[{', '.join(told)}]")
    yield f"[{', '.join(texts)}]".encode()


@lru_cache(65_536)
def _day(day: object) -> str:
    return "null" if day is None else _quoted(str(day))


def _text(value: Any) -> str:
    if value is None:
        return "null"
    return _quoted(value) if isinstance(value, str) else json.dumps(value, default=str)
