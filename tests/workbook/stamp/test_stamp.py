"""Stamped planners are what openpyxl makes, cell for cell, and in everything else they are the template."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.cells_of import cells_of, properties_of
from tests.depth import examples
from tests.one_sheet import Book, one_sheet
from xlsales.batch import Options, openpyxl_writer, prepare
from xlsales.batch.plan import fill, of_year
from xlsales.calculation.session import Session
from xlsales.cells.values import Address, CellValue, InputValue, serial
from xlsales.functions import CellError
from xlsales.workbook import archive, package, properties
from xlsales.workbook.stamp import Base, Stamp
from xlsales.workbook.stamp.slots import LARGE
from xlsales.workbook.template import Template, parse, read, shipped

PROVENANCE = {"run_id": "0123", "territory_id": "T1 & Söhne <x>"}


@pytest.fixture(scope="module")
def planner() -> tuple[Template, Session, Stamp]:
    template = read(shipped("xlsm"))
    session = Session(template)
    return template, session, Stamp(template, session.calculated([{}])[0])


@pytest.fixture
def book() -> Book:
    """A workbook of one sheet, S, whose cells A1 and A2 are inputs."""
    return lambda **cells: one_sheet(cells, {"in_a": "S!$A$1", "in_b": "S!$A$2"})


def stamped(template: Template, inputs: Mapping[Address, InputValue]) -> bytes:
    session = Session(template)
    base, values = session.calculated([{}, inputs])
    return Stamp(template, base).write(inputs, values, PROVENANCE)


def _of_16_digits(value: InputValue) -> InputValue:
    """What openpyxl writes of an input; a mean from the batch has more."""
    return float(f"{value:.16g}") if isinstance(value, float) else value


def test_fullest_planner_of_the_crm_example_is_the_one_that_openpyxl_makes(
    planner: tuple[Template, Session, Stamp], crm_tables: Path, tmp_path: Path
) -> None:
    template, session, stamp = planner
    with prepare(crm_tables, Options(tmp_path, only=("T01",))) as batch:
        (plan,) = batch.plans
    inputs = {address: _of_16_digits(value) for address, value in fill(template, plan).inputs.items()}
    (values,) = session.calculated([inputs])
    fast = stamp.write(inputs, values, PROVENANCE)
    slow = openpyxl_writer.write(template, inputs, values, PROVENANCE)
    assert cells_of(fast) == cells_of(slow)
    assert properties_of(fast) == properties_of(slow)
    assert properties_of(fast).items() >= PROVENANCE.items()


# Of texts like _x0041_ openpyxl reads what is stored in its own way: others hold that they arrive.
_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"], include_characters="\n\t=+-@'\"<>&"),
    min_size=1,
    max_size=40,
).filter(lambda text: "_x" not in text)
_ODD = st.sampled_from(["=1+1", "#N/A", "00123", " lead", "TRUE", "1E5", "@SUM(A1)", "\u202e", "a\rb"])
_EXTREMES = st.sampled_from([0.1, -0.0, 1e15, 1e16, 1e300, -5e-324])
_NUMBERS = st.integers(-(10**12), 10**12).map(lambda number: number / 1000)  # openpyxl writes 16 digits of others
_ANY = st.one_of(_TEXTS, _ODD, _EXTREMES, _NUMBERS, st.integers(-(10**12), 10**12))
_DATES = st.one_of(_TEXTS, st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)))


@pytest.fixture(scope="module")
def small(small_template: Path) -> tuple[Template, Session, Stamp, set[Address]]:
    """A small planner, and its inputs that look like dates: in others openpyxl would change the look."""
    template = read(small_template)
    session = Session(template)
    looks = cells_of(template.package)
    dates = {address for address in template.inputs() if "yy" in looks[address][4]}
    return template, session, Stamp(template, session.calculated([{}])[0]), dates


@settings(max_examples=examples(2), deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    any_values=st.lists(_ANY, min_size=120, max_size=120),
    dates=st.lists(_DATES, min_size=120, max_size=120),
    random=st.randoms(use_true_random=False),
)
def test_any_inputs_give_what_openpyxl_makes(
    small: tuple[Template, Session, Stamp, set[Address]],
    any_values: list[InputValue],
    dates: list[InputValue],
    random: Random,
) -> None:
    template, session, stamp, date_slots = small
    others = sorted(set(template.inputs()) - date_slots)
    inputs = dict(zip(random.sample(others, 120), any_values, strict=True))
    inputs |= zip(random.sample(sorted(date_slots), min(120, len(date_slots))), dates, strict=False)
    (values,) = session.calculated([inputs])
    fast = stamp.write(inputs, values, PROVENANCE)
    assert cells_of(fast) == cells_of(openpyxl_writer.write(template, inputs, values, PROVENANCE))


def test_parts_without_inputs_are_the_templates_byte_for_byte(planner: tuple[Template, Session, Stamp]) -> None:
    template, session, stamp = planner
    inputs: dict[Address, InputValue] = {template.names["in_revenue_goal"]: 750000.0}
    parts = package.read(stamp.write(inputs, session.calculated([inputs])[0], PROVENANCE))
    original = package.read(template.package)
    different = {name for name in parts if parts[name] != original.get(name)}
    assert parts.keys() == original.keys()
    assert all(name.startswith("xl/worksheets/sheet") or name == "docProps/custom.xml" for name in different)
    untouched = {name for name in original if not name.startswith("xl/worksheets/sheet")} - {"docProps/custom.xml"}
    assert {"xl/vbaProject.bin", "xl/charts/chart1.xml", "xl/styles.xml", "xl/workbook.xml"} <= untouched - different


def test_what_stands_behind_the_cells_of_a_sheet_is_shared_even_where_all_of_them_differ(
    planner: tuple[Template, Session, Stamp],
) -> None:
    found = planner[2].prepared
    segments, changed = found.segments, {*found.slots.places.tolist()}
    runs = segments.runs(found.slots.places)
    within = {
        place
        for first, last in zip(runs.first.tolist(), runs.last.tolist(), strict=True)
        for place in range(segments.segments[first].start, segments.segments[last].stop)
    }
    sizes = np.diff(segments.offsets)
    large = [place for place in np.flatnonzero(sizes >= LARGE).tolist() if place not in changed]
    assert len(large) > 10  # of seventeen sheets
    assert within.isdisjoint(large)


def test_planner_without_inputs_is_the_template_but_for_its_origin(planner: tuple[Template, Session, Stamp]) -> None:
    template, session, stamp = planner
    parts = package.read(stamp.write({}, session.calculated([{}])[0], PROVENANCE))
    original = package.read(template.package)
    assert {name for name in parts if parts[name] != original[name]} == {"docProps/custom.xml"}


def test_same_inputs_give_the_same_bytes_whatever_was_stamped_before(planner: tuple[Template, Session, Stamp]) -> None:
    template, session, stamp = planner
    inputs: dict[Address, InputValue] = {
        template.names["in_territory_name"]: "Nord",
        template.names["in_revenue_goal"]: 1,
    }
    other: dict[Address, InputValue] = {template.names["in_person"]: "Ada", template.names["in_growth_rate"]: 0.2}
    values, others = session.calculated([inputs, other])
    first = stamp.write(inputs, values, PROVENANCE)
    stamp.write(other, others, PROVENANCE)
    assert stamp.write(inputs, values, PROVENANCE) == first
    assert Stamp(template, session.calculated([{}])[0]).write(inputs, values, PROVENANCE) == first


@pytest.fixture(scope="module")
def of_2026(planner: tuple[Template, Session, Stamp]) -> tuple[Mapping[Address, float], Stamp]:
    """What a calendar year gives, and the template prepared for copies that have it."""
    template, session, _stamp = planner
    inputs = of_year(template, 2026)
    return inputs, Stamp(template, Base(session.calculated([inputs])[0], inputs))


@pytest.mark.parametrize("year", [None, 2025, 2026])
def test_copies_are_the_same_whatever_year_most_of_them_have(
    planner: tuple[Template, Session, Stamp], of_2026: tuple[Mapping[Address, float], Stamp], year: int | None
) -> None:
    template, session, stamp = planner
    inputs: dict[Address, InputValue] = {} if year is None else dict(of_year(template, year))
    inputs |= {template.names["in_territory_name"]: "Nord", template.names["in_revenue_goal"]: 750000.0}
    (values,) = session.calculated([inputs])
    expected = package.read(stamp.write(inputs, values, PROVENANCE))
    assert package.read(of_2026[1].write(inputs, values, PROVENANCE)) == expected


def test_copies_of_the_usual_year_share_their_worksheets(
    planner: tuple[Template, Session, Stamp], of_2026: tuple[Mapping[Address, float], Stamp]
) -> None:
    template, session, _stamp = planner
    inputs, stamp = of_2026
    assert inputs[template.names["in_year_start"]] == serial(dt.date(2026, 1, 1))
    copy = stamp.write(inputs, session.calculated([inputs])[0], PROVENANCE)
    shared = {member.name: member for member in stamp.prepared.members}
    different = [member.name for member in archive.read(copy, "copy") if member != shared.get(member.name)]
    assert different == [b"docProps/custom.xml"]
    assert package.read(copy)["xl/worksheets/sheet6.xml"] != package.read(template.package)["xl/worksheets/sheet6.xml"]


@pytest.mark.parametrize(
    ("value", "content"),
    [
        ("=1+1", ("=1+1", "s")),
        ("#N/A", ("#N/A", "s")),
        ("", ("", "s")),
        (True, (True, "b")),
        (5, (5, "n")),
        (0.1, (0.1, "n")),
        (dt.date(2027, 1, 31), (46418, "n")),
        (" two  spaces ", (" two  spaces ", "s")),
    ],
)
def test_input_is_what_was_given_and_never_a_formula(book: Book, value: InputValue, content: tuple[Any, str]) -> None:
    cells = cells_of(stamped(book(B1="=A1"), {("S", "A1"): value}))
    assert cells["S", "A1"][:2] == content


def test_blank_cell_that_the_file_does_not_hold_yet_is_filled(book: Book) -> None:
    template = book(C3="=SUM(A1:A2)")
    cells = cells_of(stamped(template, {("S", "A1"): 2, ("S", "A2"): "x"}))
    assert {place[1]: cell[0] for place, cell in cells.items()} == {"A1": 2, "A2": "x", "C3": "=SUM(A1:A2)"}
    assert cells["S", "C3"][2] == 2


def test_default_stays_where_nothing_is_given(book: Book) -> None:
    assert cells_of(stamped(book(A1="kept", B1="=A1&A2"), {("S", "A2"): "!"}))["S", "B1"][2] == "kept!"


@pytest.mark.parametrize(
    ("formula", "before", "after"),
    [("=A1=1", False, True), ("=IF(A1=1,1,TRUE)", True, 1), ('=IF(A1=1,"","x")', "x", None), ("=1/A1", "#DIV/0!", 1)],
)
def test_stored_value_changes_with_its_type(book: Book, formula: str, before: Any, after: Any) -> None:
    template = book(B1=formula)
    blank, filled = (cells_of(stamped(template, inputs))["S", "B1"] for inputs in ({}, {("S", "A1"): 1}))
    assert (blank[2], filled[2]) == (before, after)
    assert (type(blank[2]), type(filled[2])) == (type(before), type(after))


def test_what_is_left_for_excel_has_no_value_and_excel_is_asked(book: Book) -> None:
    template = book(B1="=_xlfn.STOCKHISTORY(A1)", B2="=A1+1")
    sheet = package.read(template.package)["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")
    parts = {**package.read(template.package), "xl/workbook.xml": sheet}
    template = parse(package.write(parts), "book.xlsx")
    made = stamped(template, {("S", "A1"): 3})
    assert {place[1]: cell[2] for place, cell in cells_of(made).items()} == {"A1": 3, "B1": None, "B2": 4}
    assert b'fullCalcOnLoad="1"' in package.read(made)["xl/workbook.xml"]
    plain = stamped(parse(package.write({**parts}), "book.xlsx"), {})
    assert b'fullCalcOnLoad="1"' in package.read(plain)["xl/workbook.xml"]


def test_excel_is_not_asked_to_calculate_what_is_calculated(planner: tuple[Template, Session, Stamp]) -> None:
    _template, session, stamp = planner
    made = stamp.write({}, session.calculated([{}])[0], PROVENANCE)
    assert b"fullCalcOnLoad" not in package.read(made)["xl/workbook.xml"]


@pytest.mark.parametrize("missing", ["xl/sharedStrings.xml", "docProps/custom.xml"])
def test_part_that_a_template_lacks_is_added(book: Book, missing: str) -> None:
    parts = package.read(book(A1=1, B1="=A1&A2").package)
    parts.pop(missing, None)
    parts["xl/_rels/workbook.xml.rels"] = _without(parts["xl/_rels/workbook.xml.rels"], b"sharedStrings")
    parts["[Content_Types].xml"] = _without(parts["[Content_Types].xml"], b"sharedStrings")
    made = stamped(parse(package.write(parts), "book.xlsx"), {("S", "A2"): "text"})
    assert cells_of(made)["S", "A2"][:2] == ("text", "s")
    assert properties_of(made) == PROVENANCE


def _without(part: bytes, word: bytes) -> bytes:
    pieces = part.split(b"<")
    return b"<".join(piece for piece in pieces if word not in piece)


def test_provenance_of_an_earlier_run_is_replaced() -> None:
    part = properties.with_texts(properties.CUSTOM_PROPERTIES.content, {"run_id": "1", "kept": "yes"})
    again = properties.with_texts(part, {"run_id": "2"})
    assert again.count(b"run_id") == 1
    assert b"yes" in again
    assert b">2<" in again


def test_values_of_every_kind_are_stored(book: Book) -> None:
    template = book(B1="=A1", B2="=A1", B3="=A1", B4="=A1")
    given: list[CellValue] = ["a<b", CellError("#NUM!", "why"), -0.0, False]
    base = Session(template).calculated([{}])[0]
    write = partial(Stamp(template, base).write, {})
    cells = cells_of(write(given, PROVENANCE))
    assert [cells["S", f"B{row}"][2] for row in range(1, 5)] == ["a<b", "#NUM!", 0, False]


EXTENSION = b'<extLst><ext uri="{0}" xmlns:x="y"><x:z/></ext></extLst>'


@pytest.mark.parametrize("value", [2.5, "new", True, CellError("#N/A"), "", None])
def test_extension_list_of_a_cell_stays_behind_its_new_value(book: Book, value: CellValue) -> None:
    template = book(A1="default", A2=7, B1="=A1")
    parts = package.read(template.package)
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert sheet.count(b"</c>") == 3
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"</c>", EXTENSION + b"</c>")
    extended = parse(package.write(parts), "book.xlsx")
    inputs: dict[Address, InputValue] = {("S", "A1"): "other", ("S", "A2"): 8}
    made = package.read(Stamp(extended, ["default"]).write(inputs, [value], PROVENANCE))["xl/worksheets/sheet1.xml"]
    for cell in ("A1", "A2", "B1"):
        element = made[made.index(b'<c r="%b"' % cell.encode()) :].partition(b"</c>")[0]
        assert element.endswith(EXTENSION)
        assert element.count(b"<v") == (cell != "B1" or value is not None)


def test_formula_in_an_input_cell_stays_one_with_its_own_kind_of_value(book: Book) -> None:
    template = book(A1='="a"&A2', A2="default", B1="=A1")
    made = Stamp(template, ["adefault", "adefault"]).write({("S", "A2"): "x"}, ["ax", "ax"], PROVENANCE)
    sheet = package.read(made)["xl/worksheets/sheet1.xml"]
    assert b'<c r="A1" t="str"><f>"a"&amp;A2</f><v>ax</v></c>' in sheet
    assert b'<c r="B1" t="str"><f>A1</f><v>ax</v></c>' in sheet
