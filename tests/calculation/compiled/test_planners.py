"""Whole planners: the CRM example, and whatever can be put into the input cells."""

from __future__ import annotations

import datetime as dt
import math
import random
import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.calculation.compiled.books import differences
from tests.depth import every, examples
from xlsales.batch import Options, prepare
from xlsales.batch.plan import fill
from xlsales.calculation.certainty import IN_DOUBT
from xlsales.calculation.compiled import Compiled
from xlsales.calculation.engine.calculation import OTHER_ERROR
from xlsales.calculation.session import Session, blank_values
from xlsales.cells.values import Address, CellValue, InputValue
from xlsales.functions import CellError
from xlsales.planner.build import build
from xlsales.planner.sizes import Sizes
from xlsales.texts import _
from xlsales.workbook.template import Template, parse, read, shipped

Planner = dict[Address, InputValue]

DAYS: tuple[InputValue, ...] = tuple(dt.date(2026, 10, 5) + dt.timedelta(days) for days in range(0, 450, 13))
COMMON: tuple[InputValue, ...] = (
    0,
    1,
    2,
    3,
    5,
    0.5,
    0.25,
    100,
    1000,
    46418,
    "A1",
    "A2",
    "a1",
    "YES",
    "NO",
    "WON",
    "OPEN",
)
WEIRD: tuple[InputValue, ...] = (
    None, -1, 7, 12, 1e-5, 1e12, 1e300, -1e300, 60, 2950000, 46419.5, 1e15, "", "x", "5", " 7 ", "1e3", "5%", "A*",
    "?", "~", "*", "TRUE", "é", "UNKNOWN", "WEEKLY", "PLAN", "PROFIT", "~*", "=1+1", "#N/A", "007", "COMBINED", "SALE",
)  # fmt: skip
# Where formulas write numbers into texts, or count years: the engine and Excel differ on these (test_deviations).
WHOLE = ("in_year_start", "in_as_of")
YEARS: tuple[InputValue, ...] = (2026, 2027, 1999.5, 27, "x", "2027", None)


# How many of the cells are filled, and how many of those with something strange.
DENSITIES, STRANGE = (0.05, 0.3, 0.7, 1.0), (0, 0.02, 0.2, 1.0)
OF_EACH_KIND = tuple(product(DENSITIES, STRANGE))


def _random(template: Template, chance: random.Random, kind: tuple[float, float] | None = None) -> Planner:
    density, weird = kind or (chance.choice(DENSITIES), chance.choice(STRANGE))
    found: Planner = {}
    for address in sorted(set(template.table_inputs())):
        if chance.random() < density:
            values = WEIRD if chance.random() < weird else chance.choice((DAYS, COMMON))
            found[address] = chance.choice(values)
    return _usual(template, found, chance)


def _usual(template: Template, planner: Planner, chance: random.Random) -> Planner:
    for name in WHOLE:
        value = planner.get(template.names[name])
        if isinstance(value, int | float):
            planner[template.names[name]] = float(int(value)) if abs(value) < 1e6 else 46000.0
    if template.names["in_fiscal_year"] in planner:
        planner[template.names["in_fiscal_year"]] = chance.choice(YEARS)
    if "?" in planner.values():  # one character: to the engine é is two
        planner |= {address: "e" for address, value in planner.items() if value == "é"}
    return planner


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:E[+-]\d+)?")


_FEW = 50  # one in so many


def _say_the_same(one: CellValue, other: CellValue) -> bool:
    """Whether two texts agree but for the last digits of numbers: Excel writes 15 digits, the engine all."""
    if not isinstance(one, str) or not isinstance(other, str) or _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(math.isclose(float(first), float(second), rel_tol=1e-13) for first, second in pairs)


def _assert_equal(template: Template, many: list[Planner], session: Session, compiled: Compiled) -> None:
    for planner, found in zip(many, compiled.calculated(many), strict=True):
        wanted = session.calculated([planner])[0]
        wrong = {
            address: pair
            for address, pair in differences(compiled.addresses, found, wanted).items()
            if pair[1] is not None and not _say_the_same(*pair)
        }
        left = {address for address, value in zip(session.addresses, wanted, strict=True) if value is None}
        left -= _in_doubt(session)
        assert len(left) <= len(wanted) / _FEW  # texts with more digits than Excel writes, and what depends on them
        first = dict(list(wrong.items())[:5])
        assert first == {}, {address: template.formulas[address] for address in first}


def _in_doubt(session: Session) -> set[Address]:
    """Return what is left for Excel as dates before 1901, mixed criteria or kinds of errors are, and what depends."""
    causes = {address for address, why in session.left_now.items() if why in (_(IN_DOUBT), _(OTHER_ERROR))}
    return {*causes, *session._calculation.dependents(causes)}


def test_planners_of_the_crm_example_are_what_the_calculation_engine_gives(crm_tables: Path, tmp_path: Path) -> None:
    """The emptiest, the fullest and some between; LibreOffice calculates some too: tests/parity."""
    template = read(shipped("xlsm"))
    with prepare(crm_tables, Options(tmp_path / "plans")) as batch:
        many = sorted((fill(template, plan).inputs for plan in batch.plans), key=len)
    assert len(many) == 35
    many = [*many[:: every(7)], many[-1]]
    session, compiled = Session(template), Compiled(template)
    for found, wanted in zip(compiled.calculated(many), session.calculated(many), strict=True):
        assert differences(compiled.addresses, found, wanted) == {}


@pytest.fixture(scope="module")
def small(small_template: Path) -> tuple[Template, Session, Compiled]:
    template = read(small_template)
    return template, Session(template), Compiled(template)


def test_small_planners_of_anything_are_what_the_calculation_engine_gives(small: Any) -> None:
    template, session, compiled = small
    chance = random.Random(20270131)
    kinds = OF_EACH_KIND * examples(1)
    _assert_equal(template, [_random(template, chance, kind) for kind in kinds], session, compiled)


def _assert_some_are_equal(template: Template) -> None:
    """Full and half empty, usual and strange: what the small planner has shown of each kind."""
    chance = random.Random(130)
    kinds = ((0.3, 0.02), (0.7, 0.2), (1.0, 1.0)) * examples(1)
    planners = [_random(template, chance, kind) for kind in kinds]
    _assert_equal(template, planners, Session(template), Compiled(template))


def test_planners_of_another_size_are_what_the_calculation_engine_gives() -> None:
    _assert_some_are_equal(parse(build("xlsm", lambda _package: {}, Sizes(accounts=130, deals=40, team=3)), "planner"))


def test_planners_without_macros_are_what_the_calculation_engine_gives(small_template_xlsx: Path) -> None:
    _assert_some_are_equal(read(small_template_xlsx))


@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_planner_is_what_the_calculation_engine_gives(small: Any, data: st.DataObject) -> None:
    template, session, compiled = small
    chance = random.Random(0)
    cells = st.sampled_from(sorted(set(template.table_inputs())))
    numbers = st.floats(-1e6, 1e6).map(lambda number: float(f"{number:.8g}"))
    values = st.sampled_from((*DAYS, *COMMON, *WEIRD)) | st.integers(-10, 60000) | numbers
    planner = _usual(template, data.draw(st.dictionaries(cells, values, min_size=5, max_size=60)), chance)
    _assert_equal(template, [planner], session, compiled)


def test_planner_has_the_same_bits_alone_and_among_64(small: Any) -> None:
    template, _session, compiled = small
    chance = random.Random(64)
    many = [_random(template, chance) for _planner in range(64)]
    together = [list(map(repr, values)) for values in compiled.calculated(many)]
    turned = [list(map(repr, values)) for values in compiled.calculated(many[::-1])][::-1]
    alone = [list(map(repr, compiled.calculated([planner])[0])) for planner in many[:16]]
    assert turned == together
    assert alone == together[:16]


def test_blank_planner_is_the_template(small: Any) -> None:
    template, _session, compiled = small
    assert (
        differences(compiled.addresses, compiled.calculated([{}])[0], list(blank_values(template.package).values()))
        == {}
    )
    assert compiled.calculated([]) == []


def test_values_are_what_cells_hold_and_never_nan(small: Any) -> None:
    template, _session, compiled = small
    chance = random.Random(8)
    for values in compiled.calculated([_random(template, chance) for _planner in range(16)]):
        assert {type(value) for value in values} <= {float, str, bool, CellError, type(None)}
        assert all(math.isfinite(value) and repr(value) != "-0.0" for value in values if type(value) is float)


def test_planner_does_not_remember_the_one_before(small: Any) -> None:
    template, _session, compiled = small
    chance = random.Random(5)
    one, other = _random(template, chance), _random(template, chance)
    first = compiled.calculated([one])
    compiled.calculated([other, one])
    assert compiled.calculated([one]) == first


def test_what_was_in_doubt_in_one_planner_is_calculated_in_the_next(small: Any) -> None:
    template, session, _compiled = small
    chance = random.Random(7)
    strange: Planner = dict.fromkeys(template.table_inputs(), 60)  # as a date, one that Excel counts in its own way
    usual = [_random(template, chance) for _planner in range(3)]
    fresh = [Session(template).calculated([planner])[0] for planner in usual]
    assert session.calculated([strange])[0].count(None) > session.calculated([{}])[0].count(None) == 0
    for planner, wanted in zip(usual, fresh, strict=True):
        session.calculated([strange])
        assert differences(session.addresses, session.calculated([planner])[0], wanted) == {}


@pytest.mark.parametrize(
    ("inputs", "same"),
    [
        ({"in_as_of": dt.datetime(2027, 1, 31, 15, 30)}, {"in_as_of": dt.date(2027, 1, 31)}),
        ({"in_revenue_goal": 5}, {"in_revenue_goal": 5.0}),
        ({"in_gross_margin": 0.5}, {}),  # as in the template
    ],
)
def test_inputs_are_taken_as_excel_would_hold_them(
    small: Any, inputs: Mapping[str, InputValue], same: Mapping[str, InputValue]
) -> None:
    template, _session, compiled = small
    found, wanted = (
        compiled.calculated([{template.names[name]: value for name, value in given.items()}])
        for given in (inputs, same)
    )
    assert found == wanted


def test_cells_that_are_no_inputs_are_left_alone(small: Any) -> None:
    template, session, compiled = small
    planner: Planner = {template.names["out_close_ratio"]: 7, ("No sheet", "A1"): 1, template.names["in_person"]: "Ada"}
    assert differences(compiled.addresses, compiled.calculated([planner])[0], session.calculated([planner])[0]) == {}
