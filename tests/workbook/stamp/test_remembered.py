"""A template that was prepared before writes the same copies, and what was damaged is prepared anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.one_sheet import one_sheet
from xlsales.cells.arrays import TextIds
from xlsales.cells.packed import packed, unpacked
from xlsales.cells.values import Address, CellValue, InputValue
from xlsales.files import kept
from xlsales.functions import CellError
from xlsales.workbook import deflated, package
from xlsales.workbook.stamp import Stamp, remembered
from xlsales.workbook.template import Template

CELLS = {"A1": 5, "A2": "own", "B1": "=A1*2", "B2": '=A2&"!"', "B3": "=A1>3", "B4": "=1/0", "B5": '=""', "B6": "=A9"}
BASE: Sequence[CellValue] = (10.0, "own!", True, CellError("#DIV/0!"), "", None)
VALUES: Sequence[Sequence[CellValue]] = (
    BASE,
    (1.5, "é<&>!", False, CellError("#N/A"), "", None),
    (CellError("#VALUE!"), "", "x", 2.0, True, "own!"),
    (None, None, None, None, None, None),
)
INPUTS: Sequence[Mapping[Address, InputValue]] = (
    {},
    {("S", "A1"): 7, ("S", "A2"): "é<&>"},
    {("S", "A9"): "new", ("S", "A2"): None},
    {("S", "A1"): None},
)
ORIGIN = {"run_id": "r1"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for what is kept."""
    monkeypatch.setenv(kept.FOLDER, str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def template() -> Template:
    """A workbook with inputs and formulas of every kind, and an input whose cell is not there yet."""
    names = {"in_one": "S!$A$1", "in_two": "S!$A$2", "in_three": "S!$A$9"}
    return one_sheet(CELLS, names)


def _ids(*texts: str) -> TextIds:
    found = TextIds()
    for text in texts:
        _number = found[text]
    return found


def _copies(stamp: Stamp) -> list[bytes]:
    return [stamp.write(given, values, ORIGIN) for given, values in zip(INPUTS, VALUES, strict=True)]


def _never() -> Sequence[CellValue]:
    raise AssertionError


def test_second_run_writes_the_same_without_preparing(template: Template) -> None:
    fresh = _copies(Stamp(template, BASE))
    assert _copies(remembered.stamp("one", template, lambda: BASE, _ids("own", "own!"))) == fresh
    again = remembered.stamp("one", template, _never, _ids("own", "own!"))
    assert _copies(again) == fresh
    assert again.addresses == Stamp(template, BASE).addresses


def test_texts_have_the_numbers_of_this_run(template: Template) -> None:
    fresh = _copies(Stamp(template, BASE))
    remembered.stamp("one", template, lambda: BASE, _ids("own", "own!"))
    assert _copies(remembered.stamp("one", template, _never, _ids("x", "own!", "y"))) == fresh


def test_copy_does_not_depend_on_what_is_taken_for_no_inputs(template: Template) -> None:
    fresh = [package.read(copy) for copy in _copies(Stamp(template, BASE))]
    other = remembered.stamp("one", template, lambda: VALUES[2], _ids())
    assert [package.read(copy) for copy in _copies(other)] == fresh


def test_under_another_name_there_is_another_one(template: Template) -> None:
    remembered.stamp("one", template, lambda: BASE, _ids())
    with pytest.raises(AssertionError):
        remembered.stamp("other", template, _never, _ids())


def _shorter(part: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        plain, arrays = unpacked(deflated.large(content))
        return deflated.small(packed(plain, arrays | {part: arrays[part][:-1]}))

    return change


def _without(part: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        plain, arrays = unpacked(deflated.large(content))
        return deflated.small(packed({name: value for name, value in plain.items() if name != part}, arrays))

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[:-20],
        lambda _content: b"{}",
        _shorter("pieces"),
        _shorter("lengths"),
        _shorter("offsets"),
        _without("members"),
        _without("base"),
        _without("names"),
    ],
)
def test_what_is_no_prepared_template_is_as_if_it_were_not_there(
    template: Template, folder: Path, change: Callable[[bytes], bytes]
) -> None:
    fresh = _copies(remembered.stamp("one", template, lambda: BASE, _ids()))
    (path,) = folder.rglob("*.kept")
    content = change(path.read_bytes().partition(b"\n")[2])
    path.write_bytes(kept._sealed(path.stem, content).encode() + b"\n" + content)
    asked: list[int] = []

    def base() -> Sequence[CellValue]:
        asked.append(1)
        return BASE

    assert _copies(remembered.stamp("one", template, base, _ids())) == fresh
    assert asked


def test_nothing_is_kept_without_a_name(template: Template, folder: Path) -> None:
    remembered.stamp("", template, lambda: BASE, _ids())
    assert list(folder.rglob("*.kept")) == []
