"""A template that was compiled before is taken as it was kept, and gives the same to the last bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from tests.calculation.compiled.books import book, given
from xlsales.calculation.compiled import Compiled, compilation, remembered, written_form
from xlsales.calculation.compiled.tree import Call, Literal
from xlsales.cells.packed import packed, unpacked
from xlsales.files import kept
from xlsales.workbook import deflated

FORMULAS = (
    "=A1*2-0.1",
    '=IF(A1>1,"ä&<"&A1,"")',
    "=1/0",
    "=IFERROR(A1/A2,#N/A)",
    "=SUM(A$1:A1)",
    "=SUM(A$1:A2)",
    "=ROW()+ROWS(A1:A3)+COLUMN(A1)*A4",
    '=SUMIFS(A1:A3,A4:A6,">"&A2)',
    '=COUNTIF(B1:B6,"x")+A1',
    "=INDEX(A1:A6,MATCH(A2,{1;2;3},0))",
    "=-A1%",
    "=IF(A3,TRUE,)",
    "=SUM(several)+S!A6",
    "=C1+C3",
    "=5+6",
    "=C15",
)
GIVEN = [given(1), given(2.5, 1, 0, 4), given("x"), {}, given(-3, 2, 1, "y", 5, 6)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for what is kept."""
    monkeypatch.setenv(kept.FOLDER, str(tmp_path))
    return tmp_path


def _all(compiled: Compiled) -> str:
    left = compiled.left, compiled.slow, compiled.account.told(), compiled.verdict
    return repr((compiled.calculated(GIVEN), compiled.text_ids, compiled.addresses, left))


def test_second_run_compiles_nothing_and_gives_the_same(compilations: list[str]) -> None:
    template = book(*FORMULAS)
    first = remembered.compiled(template)
    assert not first.slow
    assert len(first.form.steps) > 5
    told = _all(first)
    assert len(compilations) == 1
    again = _all(remembered.compiled(template))
    assert len(compilations) == 1
    assert again == told


def test_formula_that_is_left_for_excel_is_left_again(compilations: list[str]) -> None:
    template = book("=NO_SUCH(1)", "=A1+1")
    told = _all(remembered.compiled(template))
    assert "C1" in told
    assert _all(remembered.compiled(template)) == told
    assert len(compilations) == 1


def test_how_it_was_divided_is_found_again_where_only_that_was_lost(folder: Path, compilations: list[str]) -> None:
    template = book(*FORMULAS)
    told = remembered.compiled(template).account.told()
    for path in folder.rglob("*.kept"):
        content = path.read_bytes().partition(b"\n")[2]
        if content.startswith(b"{"):
            path.unlink()
    again = remembered.compiled(template)
    assert len(compilations) == 1
    assert again.account.told() == told


def _rewritten(folder: Path, change: Callable[[bytes], bytes]) -> None:
    """Change what was kept of the compiled formulas; its checksum is right."""
    for path in folder.rglob("*.kept"):
        content = path.read_bytes().partition(b"\n")[2]
        if not content.startswith(b"{"):
            content = change(content)
            path.write_bytes(kept._sealed(path.stem, content).encode() + b"\n" + content)


def _without(part: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        plain, arrays = unpacked(deflated.large(content))
        plain.pop(part, None)
        return deflated.small(packed(plain, {name: array for name, array in arrays.items() if name != part}))

    return change


def _shorter(part: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        plain, arrays = unpacked(deflated.large(content))
        return deflated.small(packed(plain, arrays | {part: arrays[part][:-1]}))

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[: len(content) // 2],
        lambda _content: b"",
        lambda _content: orjson.dumps({"steps": []}),
        _without("nodes"),
        _without("texts"),
        _without("pool"),
        _shorter("readings"),
        _shorter("rows"),
        _shorter("keys"),
        _shorter("pool"),
    ],
)
def test_what_is_no_compiled_template_is_as_if_it_were_not_there(
    folder: Path, compilations: list[str], change: Callable[[bytes], bytes]
) -> None:
    template = book(*FORMULAS)
    told = _all(remembered.compiled(template))
    _rewritten(folder, change)
    assert _all(remembered.compiled(template)) == told
    assert len(compilations) == 2


def test_number_that_would_not_come_back_is_not_kept() -> None:
    found = compilation.compilation(book("=A1*2"), None, None).form
    assert written_form.written(found) is not None
    changed = [replace(step, node=Call("*", (step.node, Literal(np.inf)))) for step in found.steps]
    assert written_form.written(replace(found, steps=changed)) is None


def test_template_with_other_defaults_is_another_one(compilations: list[str]) -> None:
    one, other = book("=A1*2"), book("=A1*2")
    other.defaults["S", "A1"] = 7.0
    for template in (one, other):
        remembered.compiled(template)
    assert len(compilations) == 2
