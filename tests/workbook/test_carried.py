"""Data that travels in a workbook's custom properties: as it was written, or known to be damaged."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.functions.errors import CellError
from xlsales.workbook import carried

VALUES = st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=40))
DATA = st.dictionaries(st.text(max_size=8), st.lists(VALUES, max_size=60), max_size=6)


@given(DATA)
def test_what_was_written_is_read(data: dict[str, list[object]]) -> None:
    assert carried.read("inputs", {"other": "x", **carried.texts("inputs", data)}) == data


@given(DATA, st.data())
def test_whatever_character_is_changed_or_text_lost_it_is_told(
    data: dict[str, list[object]], draw: st.DataObject
) -> None:
    properties = carried.texts("inputs", data)
    name = draw.draw(st.sampled_from(sorted(properties)))
    text = properties[name]
    place = draw.draw(st.integers(0, len(text) - 1))
    other = draw.draw(st.sampled_from("AbZ09+/= ").filter(lambda one: one != text[place]))
    changed = {**properties, name: text[:place] + other + text[place + 1 :]}
    lost = {key: value for key, value in properties.items() if key != name}
    for damaged in (changed, lost):
        try:
            read = carried.read("inputs", damaged)
        except carried.DamagedError:
            continue
        assert read is None if name == "inputs" and damaged is lost else read == data


def test_no_text_is_longer_than_every_program_keeps() -> None:
    properties = carried.texts("inputs", {"rows": [f"{number * 7919} some text" for number in range(5000)]})
    assert max(map(len, properties.values())) <= 255
    assert len(properties) > 10


def test_days_and_errors_are_carried_as_cells_store_them() -> None:
    data = {"values": [dt.date(2027, 1, 31), CellError("#N/A")]}
    assert carried.read("inputs", carried.texts("inputs", data)) == {"values": [46418, {"error": "#N/A"}]}


def test_the_same_data_gives_the_same_texts() -> None:
    assert carried.texts("inputs", {"a": [1, "x"]}) == carried.texts("inputs", {"a": [1, "x"]})


def test_a_workbook_without_it_carries_nothing() -> None:
    assert carried.read("inputs", {"territory_id": "T1"}) is None


def test_what_is_no_data_is_refused() -> None:
    with pytest.raises(TypeError):
        carried.texts("inputs", {"a": object()})
