"""Fingerprints of what goes into planners: the same for the same rows, whatever they were read from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
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
    for name, told in _columns(table.name):
        if name not in filled:
            texts.append("[]")
        elif told is None:
            yield rows.numbers(name).data
            texts.append(f'["{name}"]')
        else:
            texts.append(f"[{', '.join(rows.mapped(name, told))}]")
    yield f"[{', '.join(texts)}]".encode()


@cache
def _columns(table: str) -> Sequence[tuple[str, Callable[[Any], str] | None]]:
    """Return the columns of a table, each with what tells its values as JSON; None for numbers."""
    return [
        (column.name, None if column.kind in NUMERIC else _day if column.kind is Kind.DATE else _text)
        for column in TABLES[table]
    ]


@lru_cache(65_536)
def _day(day: object) -> str:
    return "null" if day is None else _quoted(str(day))


def _text(value: Any) -> str:
    if value is None:
        return "null"
    return _quoted(value) if isinstance(value, str) else json.dumps(value, default=str)
