"""The inputs of a planner, free of any place: single ones by name, rows of tables by key and column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from xlsales.cells.stored import number
from xlsales.functions.errors import CellError

Value: TypeAlias = float | str | bool | CellError | None  # days are serial numbers
Row: TypeAlias = Mapping[str, Value]  # by column, without blanks
Key: TypeAlias = tuple[str, ...]

# What names a row of a table; rows of other tables have no names.
KEYS: Mapping[str, tuple[str, ...]] = {
    "accounts": ("account_id",),
    "deals": ("deal_id",),
    "activity": ("week_start",),
    "org_health": ("element",),
    "team": ("name",),
    "checkins": ("kind", "turn"),
    "stages": ("ordinal",),
    "functions": ("ordinal",),
    "goals": ("ordinal",),
    "development": ("ordinal",),
    "details": ("detail",),
}
# Tables with a row for each week, talk or theme, whatever stands in it: their order is the planner's own.
CALENDARS = frozenset({"activity", "org_health", "checkins", "stages", "functions", "goals", "development"})
# Tables whose rows a formula numbers: their place names them.
NUMBERED: Mapping[str, frozenset[str]] = {"org_health": frozenset({"element"})}
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_ENDS = re.compile(r"\r\n?|_x000D_\n?")


@dataclass
class Inputs:
    """What a planner's inputs hold; a name or a table that it does not know is not there."""

    single: dict[str, Value] = field(default_factory=dict)  # None for a blank cell
    tables: dict[str, list[Row]] = field(default_factory=dict)
    columns: dict[str, frozenset[str]] = field(default_factory=dict)  # that each table has


def key_of(table: str, row: Row) -> Key | None:
    """Return what names a row; None where it has no name."""
    names = KEYS.get(table)
    if names is None:
        return None
    values = [row.get(name) for name in names]
    if any(value is None or isinstance(value, CellError) for value in values):
        return None
    return tuple(_key(value) for value in values)


def _key(value: Value) -> str:
    if isinstance(value, (int, float)):
        return number(float(value))
    return unicodedata.normalize("NFC", str(value).strip())


def same(one: Value, other: Value) -> bool:
    """Whether two values are one to a person: whatever program saved them, as a number or as its digits."""
    if one == other and isinstance(one, bool) == isinstance(other, bool):
        return True
    if one in (None, "") or other in (None, ""):
        return one in (None, "") and other in (None, "")
    if isinstance(one, (CellError, bool)) or isinstance(other, (CellError, bool)):
        return False
    if isinstance(one, str) and isinstance(other, str):
        return _plain(one) == _plain(other)
    numbers = [_as_number(value) for value in (one, other)]
    return None not in numbers and f"{numbers[0]:.15g}" == f"{numbers[1]:.15g}"


def _plain(text: str) -> str:
    """A text with one kind of ends of lines and of accents: programs and systems write them in several ways."""
    return unicodedata.normalize("NFC", _ENDS.sub("\n", text))


def _as_number(value: Value) -> float | None:
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) and not re.match("[+-]?0[0-9]", value) else None
    return float(value) if isinstance(value, (int, float)) else None


def same_rows(one: Row, other: Row, columns: Sequence[str] | frozenset[str] | None = None) -> bool:
    """Whether two rows hold the same, in these columns or in all."""
    names = one.keys() | other.keys() if columns is None else columns
    return all(same(one.get(name), other.get(name)) for name in names)


def numbered(table: str, rows: Sequence[Row]) -> list[Row]:
    """Return rows that their place names with their numbers, blank ones left out; those of other tables as they are."""
    names = NUMBERED.get(table)
    if names is None:
        return list(rows)
    return [{**dict.fromkeys(names, float(place)), **row} for place, row in enumerate(rows, 1) if row]


def placed_rows(table: str, rows: Sequence[Row]) -> Sequence[Row]:
    """Return rows that their place names at their places, with blank ones between them; others as they are."""
    names = NUMBERED.get(table)
    if names is None:
        return rows
    [name] = names
    by_number = {number: row for row in rows if isinstance(number := row.get(name), float)}
    last = int(max(by_number, default=0))
    return [by_number.get(float(number), {}) for number in range(1, last + 1)]


def without_blank_ends(rows: Sequence[Row]) -> list[Row]:
    """Return rows up to the last in which something stands."""
    last = max((place for place, row in enumerate(rows) if row), default=-1)
    return list(rows[: last + 1])
