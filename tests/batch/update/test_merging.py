"""Laws of the merge, over any inputs: what nobody changed follows the tables, what one changed stays changed."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from xlsales.batch.update.inputs import CALENDARS, Inputs, Row, Value, key_of, same, same_rows
from xlsales.batch.update.merging import Prefer, merge

# Tables whose rows have names, some with an order of their own, and one whose rows have none.
TABLES = {
    "accounts": frozenset({"account_id", "potential", "owner"}),
    "checkins": frozenset({"kind", "turn", "held", "topic"}),
    "actions": frozenset({"activity", "result"}),
}
VALUES: st.SearchStrategy[Value] = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.5, "x", "y", True]))
SIDES: tuple[Prefer, ...] = ("planner", "tables")
NAMES = ("in_person", "in_growth_rate", "th_dormant")
KEYED: dict[str, list[tuple[Value, ...]]] = {
    "accounts": [("A1",), ("A2",), ("A3",), ("007",)],
    "checkins": [("WEEKLY", 1.0), ("WEEKLY", 2.0)],
}
KEY_COLUMNS = {"accounts": ("account_id",), "checkins": ("kind", "turn")}


def without_blanks(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None}


@st.composite
def rows(draw: st.DrawFn, table: str) -> list[Row]:
    columns = sorted(TABLES[table])
    if table not in KEYED:
        drawn = draw(st.lists(st.fixed_dictionaries(dict.fromkeys(columns, VALUES)), max_size=3))
        found = [without_blanks(row) for row in drawn]
        while found and not found[-1]:
            found.pop()
        return found
    keys = draw(st.permutations(KEYED[table]))[: draw(st.integers(0, len(KEYED[table])))]
    if table in CALENDARS:
        keys = sorted(keys, key=str)
    others = [name for name in columns if name not in KEY_COLUMNS[table]]
    return [
        without_blanks({**dict(zip(KEY_COLUMNS[table], key, strict=True)), **{name: draw(VALUES) for name in others}})
        for key in keys
    ]


@st.composite
def inputs(draw: st.DrawFn) -> Inputs:
    single: dict[str, Value] = {name: draw(VALUES) for name in NAMES}
    return Inputs(single, {table: draw(rows(table)) for table in TABLES}, dict(TABLES))


def alike(one: Inputs, other: Inputs) -> bool:
    return (
        one.single.keys() == other.single.keys()
        and all(same(one.single[name], other.single[name]) for name in one.single)
        and all(
            len(one.tables[table]) == len(other.tables[table])
            and all(map(same_rows, ordered(table, one.tables[table]), ordered(table, other.tables[table])))
            for table in TABLES
        )
    )


def ordered(table: str, found: Sequence[Row]) -> Sequence[Row]:
    """Rows as they stand; those of a calendar by their keys, for their order is not the manager's."""
    return sorted(found, key=lambda row: str(key_of(table, row))) if table in CALENDARS else found


def names(table: str, found: Sequence[Row]) -> list[object]:
    return [key_of(table, row) for row in found]


@given(inputs(), inputs())
def test_what_nobody_has_touched_is_what_the_tables_say(base: Inputs, ours: Inputs) -> None:
    merged = merge(base, base, ours)
    assert alike(merged.inputs, ours)
    assert merged.count("kept", "conflict", "gone") == 0


@given(inputs(), inputs())
def test_with_unchanged_tables_everything_stays_as_the_manager_left_it(base: Inputs, theirs: Inputs) -> None:
    merged = merge(base, theirs, base)
    assert alike(merged.inputs, theirs)
    assert merged.count("conflict", "gone", "dropped") == 0


@given(inputs(), inputs())
def test_where_both_say_the_same_nothing_is_told(base: Inputs, changed: Inputs) -> None:
    merged = merge(base, changed, changed)
    assert alike(merged.inputs, changed)
    assert merged.count("conflict", "gone", "dropped") == 0


@given(inputs(), inputs(), inputs())
def test_an_update_with_the_same_tables_again_changes_and_tells_nothing_new(
    base: Inputs, theirs: Inputs, ours: Inputs
) -> None:
    for prefer in SIDES:
        first = merge(base, theirs, ours, prefer)
        second = merge(ours, first.inputs, ours, prefer)
        assert alike(second.inputs, first.inputs)
        assert second.count("conflict", "gone", "dropped") == 0


@given(inputs(), inputs(), inputs())
def test_every_value_that_the_manager_changed_is_there_or_told(base: Inputs, theirs: Inputs, ours: Inputs) -> None:
    merged = merge(base, theirs, ours)
    for name, value in theirs.single.items():
        if not same(value, base.single[name]):
            assert same(merged.inputs.single[name], value)
    for row in theirs.tables["accounts"]:
        before = {key_of("accounts", one): one for one in base.tables["accounts"]}.get(key_of("accounts", row), {})
        after = {key_of("accounts", one): one for one in merged.inputs.tables["accounts"]}
        for column in TABLES["accounts"]:
            if not same(row.get(column), before.get(column)):
                assert same(after[key_of("accounts", row)].get(column), row.get(column))


@given(inputs(), inputs(), inputs())
def test_no_row_stands_twice(base: Inputs, theirs: Inputs, ours: Inputs) -> None:
    merged = merge(base, theirs, ours)
    for table in KEYED:
        keys = names(table, merged.inputs.tables[table])
        assert len(set(keys)) == len(keys)


@given(inputs(), inputs(), inputs())
def test_with_the_tables_preferred_the_same_conflicts_are_told_and_decided_the_other_way(
    base: Inputs, theirs: Inputs, ours: Inputs
) -> None:
    planner, tables = (merge(base, theirs, ours, prefer) for prefer in SIDES)
    assert planner.count("conflict") == tables.count("conflict")
    for event in tables.events:
        if event.kind == "conflict" and not event.table:
            assert same(tables.inputs.single[event.column], event.ours)
