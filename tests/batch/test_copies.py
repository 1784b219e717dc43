"""Copies made many at once are, byte for byte, those made one by one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from xlsales import memory
from xlsales.batch import Options, filled_copies, prepare
from xlsales.batch.plan import Plan, fill
from xlsales.calculation.compiled import Compiled, Room, calculated, remembered
from xlsales.calculation.compiled.calculated import Calculated
from xlsales.cells.values import Address, CellValue
from xlsales.workbook.filling import Filling
from xlsales.workbook.stamp import Stamp
from xlsales.workbook.template import Template, read, shipped


@pytest.fixture(scope="module")
def plans(crm_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Plan]:
    with prepare(crm_tables, Options(tmp_path_factory.mktemp("plans"))) as batch:
        return list(batch.plans)


@pytest.fixture(scope="module", params=["xlsm", "xlsx"])
def example(request: pytest.FixtureRequest, plans: list[Plan]) -> tuple[Template, list[Filling]]:
    """A template, and the filled cells of the CRM example's planners."""
    template = read(shipped(request.param))
    assert len(plans) == 35
    # Without macros each fifth: a planner's sheets are those of its twin with macros.
    return template, [fill(template, plan) for plan in plans[:: 1 if request.param == "xlsm" else 5]]


def made(
    template: Template, fillings: Sequence[Filling], asked: Sequence[Address] = ()
) -> list[tuple[bytes, Sequence[CellValue]]]:
    origins = [{"run_id": "1", "territory_id": str(number)} for number in range(len(fillings))]
    made = filled_copies.copies(template, "stamp", None).make(fillings, origins, asked)
    return [(content, values) for content, values, _left in made]


def test_planners_of_the_crm_example_are_the_same_bytes(example: tuple[Template, list[Filling]]) -> None:
    template, fillings = example
    # Compiled anew once: the formulas of both kinds of template are the same.
    compiled = Compiled(template) if template.name.endswith(".xlsm") else remembered.compiled(template)
    stamp = Stamp(template, compiled.calculated([{}])[0])
    asked = [template.names["out_close_ratio"], template.names["fig_revenue"]]
    values = compiled.calculated([filling.inputs for filling in fillings])
    places = [compiled.addresses.index(address) for address in asked]
    assert len(fillings) in (7, 35)
    for number, (filling, own, (content, found)) in enumerate(
        zip(fillings, values, made(template, fillings, asked), strict=True)
    ):
        if number % 5 == 0:  # all are made together, and each says what it is made of
            assert content == stamp.write(filling.inputs, own, {"run_id": "1", "territory_id": str(number)})
        assert found == [own[place] for place in places]


def test_copy_does_not_depend_on_those_made_with_it(example: tuple[Template, list[Filling]]) -> None:
    template, fillings = example
    maker = filled_copies.copies(template, "stamp", None)
    some, origins = fillings[:4], [{"run_id": "1"}] * 4
    together = [content for content, *_others in maker.make(some, origins, ())]
    turned = [content for content, *_others in maker.make(some[::-1], origins, ())]
    alone = [next(maker.make([one], origins[:1], ()))[0] for one in some]
    assert together == turned[::-1] == alone


def test_copies_do_not_depend_on_how_many_are_calculated_and_given_at_a_time(
    example: tuple[Template, list[Filling]], monkeypatch: pytest.MonkeyPatch
) -> None:
    template, fillings = example
    asked = [template.names["out_close_ratio"]]
    together = made(template, fillings[:7], asked)
    monkeypatch.setattr(calculated, "_GIVEN", 2)
    of_a_planner = filled_copies._OF_A_CELL * remembered.compiled(template).size
    monkeypatch.setattr(memory, "IN_THE_MAKING", 3 * of_a_planner)
    sizes: list[int] = []
    calculate = Compiled.filled

    def filled(self: Compiled, some: Sequence[Filling], room: Room | None = None) -> Calculated:
        sizes.append(len(some))
        return calculate(self, some, room)

    monkeypatch.setattr(Compiled, "filled", filled)
    assert made(template, fillings[:7], asked) == together
    assert sizes == [2, 2, 3]
    monkeypatch.setattr(memory, "IN_THE_MAKING", 1)  # fewer than one planner has
    assert made(template, fillings[:2], asked) == together[:2]
    assert sizes == [2, 2, 3, 1, 1]


def test_nothing_is_made_of_nothing(tiny_template: Path) -> None:
    assert made(read(tiny_template), []) == []
