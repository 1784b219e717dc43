"""A template that an earlier run has compiled needs no calculation engine, and gives the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.calculation.compiled.books import book, given
from xlsales.calculation.compiled import compilation, remembered
from xlsales.files import kept
from xlsales.workbook.template import Template

DAY = dt.date(2026, 9, 30)
FORMULAS = ("=A1*2", '=IF(A1>1,"ä&<"&A1,"")', "=1/0", "=MEDIAN(A1:A3)", "=C4+1", "=NO_SUCH(A1)", "=TODAY()", "=E1+1")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for what is kept."""
    monkeypatch.setenv(kept.FOLDER, str(tmp_path))
    return tmp_path


def _all(template: Template, as_of: dt.date | None = DAY) -> tuple[Any, ...]:
    found = remembered.compiled(template, as_of)
    values = found.calculated([given(1), given(2.5), given("x")])
    return values, dict(found.slow), dict(found.left), found.account.told(), found.verdict


class _OpenedError(Exception):
    pass


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where the whole template is put into the calculation engine to judge it."""

    def opened(*_arguments: object, **_options: object) -> None:
        raise _OpenedError

    monkeypatch.setattr(compilation, "Session", opened)


def test_second_run_gives_the_same_without_judging_again(request: pytest.FixtureRequest) -> None:
    template = book(*FORMULAS, E1=3)
    first = _all(template)
    assert first[1]
    assert first[2]
    request.getfixturevalue("no_engine")
    assert _all(template) == first


@pytest.mark.usefixtures("no_engine")
def test_first_run_judges() -> None:
    with pytest.raises(_OpenedError):
        remembered.compiled(book("=A1"), DAY)


def test_changed_template_is_judged_anew(request: pytest.FixtureRequest) -> None:
    remembered.compiled(book("=A1"), DAY)
    request.getfixturevalue("no_engine")
    with pytest.raises(_OpenedError):
        remembered.compiled(book("=A2"), DAY)


@pytest.mark.parametrize(("formula", "anew"), [("=TODAY()+A1", True), ("=A1", False)])
def test_another_day_is_judged_anew_where_a_formula_asks_for_it(
    formula: str, anew: bool, request: pytest.FixtureRequest
) -> None:
    template = book(formula)
    remembered.compiled(template, DAY)
    request.getfixturevalue("no_engine")
    if anew:
        with pytest.raises(_OpenedError):
            remembered.compiled(template, DAY + dt.timedelta(1))
    else:
        remembered.compiled(template, DAY + dt.timedelta(1))


def test_nothing_is_remembered_of_a_template_that_asks_the_clock(folder: Path) -> None:
    remembered.compiled(book("=NOW()+A1"), None)
    assert list(folder.rglob("*.kept")) == []


def _damages(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "no object": [],
        "nothing in it": {},
        "fewer values": {**found, "defaults": found["defaults"][1:]},
        "values of another kind": {**found, "defaults": [[1]] * len(found["defaults"])},
        "other values": {**found, "defaults": [7.0] * len(found["defaults"])},
        "unknown formulas": {**found, "slow": [[99, "x"]]},
        "none is slow": {**found, "slow": []},
        "an unknown error": {**found, "defaults": [{"fault": "#N/A"}] * len(found["defaults"])},
    }


@pytest.mark.parametrize("damage", _damages({"defaults": [0]}))
def test_what_does_not_hold_is_found_out_again(folder: Path, damage: str) -> None:
    template = book(*FORMULAS, E1=3)
    first = _all(template)
    (path,) = folder.rglob("*.kept")
    whole = path.read_bytes()
    content = orjson.dumps(_damages(orjson.loads(whole.partition(b"\n")[2]))[damage])
    path.write_bytes(kept._sealed(path.stem, content).encode() + b"\n" + content)
    assert _all(template) == first
    assert path.read_bytes() == whole
