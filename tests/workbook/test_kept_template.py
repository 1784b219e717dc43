"""A template that was read before is the same without reading it again, and another of the same name is another."""

from __future__ import annotations

import datetime as dt
import pickle
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from tests.one_sheet import one_sheet
from xlsales.cells.packed import packed, unpacked
from xlsales.errors import InputError
from xlsales.files import kept
from xlsales.functions import CellError
from xlsales.workbook import deflated, kept_template
from xlsales.workbook import template as templates
from xlsales.workbook.template import Template

CELLS: dict[str, Any] = {
    "A1": 5,
    "A2": 5.5,
    "A3": "é<&>\U0001f600",
    "A4": True,
    "A5": dt.datetime(2026, 3, 4),
    "A6": 2**53,
    "A7": 1e300,
    "B1": "=A1*2",
    "B2": '=A3&"é"',
    "B3": "=TODAY()",
}
NAMES = {f"in_{number}": f"S!$A${number}" for number in range(1, 8)} | {"w_1": "S!$A$1", "word_x": "S!$A$3"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for what is kept."""
    monkeypatch.setenv(kept.FOLDER, str(tmp_path))
    return tmp_path


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of templates that are read."""
    found: list[str] = []
    anew = templates.parse

    def counted(package: bytes, name: str) -> Template:
        found.append(name)
        return anew(package, name)

    monkeypatch.setattr(templates, "parse", counted)
    return found


def _all(template: Template) -> str:
    values = template.names, template.tables, dict(template.formulas), template.defaults, template.constants
    derived = template.file_format, template.asks_the_clock, template.sha256, list(template.inputs())
    return repr((values, derived, template.source, template.sheets))


def test_second_run_reads_nothing(reads: list[str]) -> None:
    package = one_sheet(CELLS, NAMES).package
    first = _all(kept_template.parsed(package, "one.xlsx"))
    again = kept_template.parsed(package, "other.xlsx")
    assert len(reads) == 1
    assert again.name == "other.xlsx"
    assert _all(again) == first
    assert _all(pickle.loads(pickle.dumps(again))) == first


def test_shipped_template_is_the_same(reads: list[str]) -> None:
    path = templates.shipped("xlsm")
    first = kept_template.read(path)
    count = len(reads)
    again = kept_template.read(path)
    assert len(reads) == count
    assert kept_template._is_same(again, first)
    assert again.source.names == first.source.names


def test_formulas_that_are_forgotten_give_back_their_memory_and_come_back() -> None:
    path = templates.shipped("xlsm")
    first = dict(kept_template.read(path).formulas)
    size = sum(map(len, first.values()))
    tracemalloc.start()
    try:
        again = kept_template.read(path)
        held, _peak = tracemalloc.get_traced_memory()
        again.forget_formulas()
        left, _peak = tracemalloc.get_traced_memory()
        assert len(again.formulas) == len(first)
        counted, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held - left > size
    assert counted - left < size / 10  # their number is known without them
    assert next(iter(first)) in again.formulas
    assert ("S", "A1") not in again.formulas
    again.forget_formulas()
    assert again.formulas == first
    assert [*again.formulas.items()] == [*first.items()]
    assert [*again.formulas.values()] == [*first.values()]
    assert "_all" not in pickle.loads(pickle.dumps(again.formulas)).__dict__


def test_another_template_of_the_same_name_is_read(reads: list[str]) -> None:
    one, other = one_sheet({"A1": 5}, NAMES).package, one_sheet({"A1": 6}, NAMES).package
    found = [kept_template.parsed(package, "mine.xlsx").defaults["S", "A1"] for package in (one, other, one, other)]
    assert found == [5, 6, 5, 6]
    assert len(reads) == 2


def test_what_is_no_workbook_is_told_each_time() -> None:
    for _time in range(2):
        with pytest.raises(InputError, match=r"mine\.xlsx"):
            kept_template.parsed(b"no workbook", "mine.xlsx")


@pytest.mark.parametrize(
    "value",
    [dt.date(2026, 1, 2), dt.datetime(2026, 1, 2, 3, 4, 5, 6), dt.time(1, 2), CellError("#N/A"), None, 0, 0.0, ""],
)
def test_value_of_a_cell_comes_back_with_its_kind(value: Any, reads: list[str]) -> None:
    template = one_sheet({"A1": 5}, NAMES)
    template.defaults["S", "A1"] = value
    content = kept_template._written(template)
    again = kept_template._read(content, template.package, template.name)
    assert again is not None
    assert repr(again.defaults) == repr(template.defaults)


@pytest.mark.parametrize("value", ["\ud800", float("inf"), float("nan"), 2**70, dt.timedelta(1), ["day", "x"]])
def test_value_that_would_not_come_back_is_not_kept(value: Any) -> None:
    template = one_sheet({"A1": 5}, NAMES)
    template.defaults["S", "A1"] = value
    assert kept_template._written(template) is None


def _changed(change: Callable[[dict[str, Any]], Any]) -> Callable[[bytes], bytes]:
    def rewritten(content: bytes) -> bytes:
        plain, arrays = unpacked(content)
        change(plain)
        return packed(plain, arrays)

    return rewritten


def _with_formulas(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def rewritten(content: bytes) -> bytes:
        plain, arrays = unpacked(content)
        return packed(plain, arrays | {"formulas": np.frombuffer(change(arrays["formulas"].tobytes()), np.uint8)})

    return rewritten


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[:-20],
        lambda _content: orjson.dumps({}),
        _changed(lambda plain: plain.pop("names")),
        _with_formulas(lambda kept: kept[:-1]),
        _with_formulas(lambda _kept: b""),
        _with_formulas(lambda _kept: deflated.small(b"[5]")),
        _with_formulas(lambda _kept: deflated.small(b'[["S", ["B1", "B2"], ["=A1"]]]')),
        _changed(lambda plain: plain.update(defaults=[["S", "A1", ["other", "1"]]])),
        _changed(lambda plain: plain.update(tables={"t": ["S"]})),
        _changed(lambda plain: plain.update(names=[])),
    ],
)
def test_what_is_no_template_is_as_if_it_were_not_there(
    reads: list[str], folder: Path, change: Callable[[bytes], bytes]
) -> None:
    package = one_sheet(CELLS, NAMES).package
    first = _all(kept_template.parsed(package, "one.xlsx"))
    (path,) = folder.rglob("*.kept")
    content = change(path.read_bytes().partition(b"\n")[2])
    path.write_bytes(kept._sealed(path.stem, content).encode() + b"\n" + content)
    assert _all(kept_template.parsed(package, "one.xlsx")) == first
    assert len(reads) == 2
