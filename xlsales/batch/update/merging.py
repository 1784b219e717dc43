"""Three ways of the same inputs brought together: what the tables said, what the manager made of it, what they say now.

It knows no workbook: values go in, values and events come out. For every value: what the manager left alone follows
the tables; what the manager alone changed stays; where both changed it, the manager's stays (or with `prefer` the
tables'), and that is told. Where both say the same, nothing is to be told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Literal, TypeAlias

from xlsales.batch.update.inputs import CALENDARS, Inputs, Key, Row, Value, key_of, same, same_rows

Prefer: TypeAlias = Literal["planner", "tables"]
# kept      the manager alone changed it
# conflict  both did, and differently
# dropped   a row that is gone from the tables, and that nobody had touched: it goes
# gone      a row that is gone from the tables, but that the manager has changed
Kind: TypeAlias = Literal["kept", "conflict", "dropped", "gone"]

# The column that says which talk a row of the calendar is about: where both sides name one, a row is one side's whole.
_ABOUT = {"checkins": "held"}


@dataclass(frozen=True)
class Event:
    """What became of a value that was not simply the tables', or of a whole row where it names no column."""

    kind: Kind
    table: str  # "" for single inputs
    key: Key | None
    column: str
    base: Value = None
    theirs: Value = None
    ours: Value = None
    row: int | None = None  # where it stands among the merged rows; None where it does not


@dataclass
class Merged:
    """What comes of a merge."""

    inputs: Inputs = field(default_factory=Inputs)
    events: list[Event] = field(default_factory=list)
    deleted: dict[str, int] = field(default_factory=dict)  # rows of the tables that the manager deleted, by table

    def count(self, *kinds: Kind) -> int:
        """Return how many events are of these kinds."""
        return sum(event.kind in kinds for event in self.events)


def merge(base: Inputs, theirs: Inputs, ours: Inputs, prefer: Prefer = "planner") -> Merged:
    """Return the inputs of the updated planner, which are those that `ours` knows."""
    merged = Merged()
    for name, value in ours.single.items():
        if name not in theirs.single:
            merged.inputs.single[name] = value
            continue
        three = base.single.get(name), theirs.single[name], value
        merged.inputs.single[name], kind = _decided(*three, prefer)
        if kind:
            merged.events.append(Event(kind, "", None, name, *three))
    for table, rows in ours.tables.items():
        columns = ours.columns.get(table, frozenset())
        merged.inputs.columns[table] = columns
        if table not in theirs.tables:
            merged.inputs.tables[table] = list(rows)
            continue
        one = _Table(table, columns, theirs.columns.get(table, columns), prefer, merged)
        merged.inputs.tables[table] = one.merged(base.tables.get(table, []), theirs.tables[table], rows)
    return merged


def _decided(base: Value, theirs: Value, ours: Value, prefer: Prefer) -> tuple[Value, Kind | None]:
    if same(theirs, base) or same(theirs, ours):
        return ours, None
    if same(ours, base):
        return theirs, "kept"
    return (theirs if prefer == "planner" else ours), "conflict"


@dataclass
class _Entry:
    """A row of the result, with what happened in it."""

    row: dict[str, Value]
    key: Key | None
    events: list[Event] = field(default_factory=list)


class _Table:
    """Merges the rows of one table."""

    def __init__(
        self, name: str, columns: frozenset[str], known: frozenset[str], prefer: Prefer, merged: Merged
    ) -> None:
        self._name, self._columns, self._known = name, columns, known & columns
        self._prefer, self._merged = prefer, merged

    def merged(self, base: Sequence[Row], theirs: Sequence[Row], ours: Sequence[Row]) -> list[Row]:
        """Return the rows of the result."""
        if not any(key_of(self._name, row) for rows in (base, theirs, ours) for row in rows):
            return self._as_a_whole(base, theirs, ours)
        before = {key: row for row in base if (key := key_of(self._name, row))}
        new = {key: row for row in ours if (key := key_of(self._name, row))}
        entries = [self._entry(key, row, before) for key, row in _named(self._name, theirs, before)]
        there = {entry.key: entry for entry in entries if entry.key}
        self._note_deleted(before, new, there)
        for entry in entries:
            self._decide(entry, before, new)
        kept = [entry for entry in entries if entry.key in new or self._stays(entry, before)]
        is_sorted = [key for key in before if key in there] == [key for key in there if key in before]
        fresh = {key: _Entry(dict(row), key) for key, row in new.items() if key not in there and self._is_new(key)}
        ordered = self._in_order(kept, new, fresh, follows_tables=is_sorted or self._name in CALENDARS)
        for place, entry in enumerate(ordered):
            self._merged.events += [_at(event, place) for event in entry.events]
        return [entry.row for entry in ordered]

    def _as_a_whole(self, base: Sequence[Row], theirs: Sequence[Row], ours: Sequence[Row]) -> list[Row]:
        """Return the rows of a table that names none of them: the manager's, once anything was changed there."""
        if _alike(base, theirs, self._known) or _alike(theirs, ours, self._known):
            return list(ours)
        for place in range(max(len(base), len(theirs))):
            old, new = (rows[place] if place < len(rows) else {} for rows in (base, theirs))
            for column in sorted(self._known):
                if not same(old.get(column), new.get(column)):
                    values = old.get(column), new.get(column), None
                    self._merged.events.append(Event("kept", self._name, None, column, *values, place))
        return [dict(row) for row in theirs]

    def _entry(self, key: Key | None, row: Row, before: Mapping[Key, Row]) -> _Entry:
        """Return a row of theirs; columns that the planner has lost are as they were."""
        lost = self._columns - self._known
        old = before.get(key, {}) if key else {}
        return _Entry({**row, **{name: old[name] for name in lost if name in old}}, key)

    def _note_deleted(self, before: Mapping[Key, Row], new: Mapping[Key, Row], there: Mapping[Key, _Entry]) -> None:
        self._deleted: set[Key] = set()
        for key in before:
            if key not in new or key in there:
                continue
            changed = not same_rows(before[key], new[key])
            if changed and self._prefer == "tables":
                self._merged.events.append(Event("conflict", self._name, key, ""))
                continue
            self._deleted.add(key)
            self._merged.events.append(Event("conflict" if changed else "kept", self._name, key, ""))
        self._merged.deleted[self._name] = len(self._deleted)

    def _is_new(self, key: Key) -> bool:
        return key not in self._deleted

    def _stays(self, entry: _Entry, before: Mapping[Key, Row]) -> bool:
        """Whether a row that the tables do not have stays, and note why."""
        if entry.key is None or entry.key not in before:
            entry.events.append(Event("kept", self._name, entry.key, ""))
            return True
        if same_rows(entry.row, before[entry.key], self._known):
            self._merged.events.append(Event("dropped", self._name, entry.key, ""))
            return False
        entry.events.append(Event("gone", self._name, entry.key, ""))
        return True

    def _decide(self, entry: _Entry, before: Mapping[Key, Row], new: Mapping[Key, Row]) -> None:
        """Decide each value of a row that the tables have too."""
        if entry.key is None or entry.key not in new:
            return
        old, ours, theirs = before.get(entry.key, {}), new[entry.key], entry.row
        about = _ABOUT.get(self._name)
        if about and _tell_of_others(*(three := (old.get(about), theirs.get(about), ours.get(about)))):
            entry.events.append(Event("conflict", self._name, entry.key, about, *three))
            entry.row = dict(theirs if self._prefer == "planner" else ours)
            return
        row: dict[str, Value] = {}
        for column in sorted(self._columns):
            three = old.get(column), theirs.get(column), ours.get(column)
            row[column], kind = _decided(*three, self._prefer)
            if kind:
                entry.events.append(Event(kind, self._name, entry.key, column, *three))
        entry.row = {column: value for column, value in row.items() if value is not None}

    def _in_order(
        self, kept: Sequence[_Entry], new: Mapping[Key, Row], fresh: Mapping[Key, _Entry], *, follows_tables: bool
    ) -> list[_Entry]:
        """Return the rows in the tables' order, unless the manager has sorted them; others after their leaders."""
        if not follows_tables:
            return [*kept, *fresh.values()]
        by_key = {entry.key: entry for entry in kept if entry.key in new} | dict(fresh)
        followers: dict[int, list[_Entry]] = {}
        leader, first = None, []
        for entry in kept:
            if entry.key in new:
                leader = entry
            elif leader is None:
                first.append(entry)
            else:
                followers.setdefault(id(leader), []).append(entry)
        ordered = [by_key[key] for key in new if key in by_key]
        if self._name in CALENDARS:  # which say by themselves what each row is about
            return [*ordered, *(entry for entry in kept if entry.key not in new)]
        return [*first, *(one for entry in ordered for one in (entry, *followers.get(id(entry), ())))]


def _tell_of_others(base: Value, theirs: Value, ours: Value) -> bool:
    """Whether both sides name something, and neither what the other names nor what stood there."""
    return not any(same(*pair) for pair in ((theirs, ours), (theirs, base), (ours, base), (theirs, None), (ours, None)))


def _named(table: str, rows: Sequence[Row], before: Mapping[Key, Row]) -> Iterator[tuple[Key | None, Row]]:
    """Yield rows with their keys; of several with one key it is the untouched one, else the first: others are new."""
    keys = [key_of(table, row) for row in rows]
    chosen: dict[Key, int] = {}
    for place, key in enumerate(keys):
        if key is None:
            continue
        first = chosen.setdefault(key, place)
        if key in before and same_rows(rows[place], before[key]) and not same_rows(rows[first], before[key]):
            chosen[key] = place
    for place, row in enumerate(rows):
        key = keys[place]
        yield (key if key is not None and chosen[key] == place else None), row


def _alike(one: Sequence[Row], other: Sequence[Row], columns: frozenset[str]) -> bool:
    nothing: Row = {}
    return all(same_rows(mine, theirs, columns) for mine, theirs in zip_longest(one, other, fillvalue=nothing))


def _at(event: Event, place: int) -> Event:
    return Event(event.kind, event.table, event.key, event.column, event.base, event.theirs, event.ours, place)
