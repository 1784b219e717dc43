"""What a large template takes to be opened, another process takes, and ends; the planners are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.batches import PLANNERS, Run
from tests.calculation.compiled.books import book
from xlsales import bounded
from xlsales.batch import filled_copies, opened_apart
from xlsales.batch.filled_copies import copies  # as it is before it is kept for all tests
from xlsales.batch.larger import resized
from xlsales.files import kept

SMALL = book("=A1*2", '=IF(A2="","none",A2&"!")', "=SUM(A1:A4)")
SLOW = book("=A1*2", "=MEDIAN(A1:A3)+NO_SUCH(A1)", "=MEDIAN(A1:A3)")  # the engine calculates some of it


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for what is kept; any template is a large one."""
    monkeypatch.setenv(kept.FOLDER, str(tmp_path / "cache"))
    monkeypatch.setattr(opened_apart, "MANY", 1)
    return tmp_path / "cache"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The processes that were started to open templates."""
    found: list[Any] = []
    start = bounded._process

    def noted(module: str, *words: str) -> Any:
        process = start(module, *words)
        found.extend([process] if module == opened_apart.__name__ else [])
        return process

    monkeypatch.setattr(bounded, "_process", noted)
    return found


def test_large_template_is_compiled_and_cut_elsewhere(
    started: list[Any], compilations: list[str], folder: Path
) -> None:
    opened_apart.open_first(SMALL, "stamp", None)
    assert [process.poll() is not None for process in started] == [True]  # and has ended
    assert len(list(folder.rglob("*.kept"))) == 4  # the template, how its formulas are divided, the formulas, the parts
    copies(SMALL, "stamp", None)
    opened_apart.open_first(SMALL, "stamp", None)
    assert (len(started), compilations) == (1, [])


@pytest.mark.parametrize("writer", filled_copies.WRITERS)
def test_what_the_engine_is_to_calculate_is_found_out_once(started: list[Any], writer: str) -> None:
    for _turn in range(2):
        opened_apart.open_first(SLOW, writer, None)
    assert len(started) == 1


def test_several_at_once_have_one_process_open_it(started: list[Any], compilations: list[str]) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _turn: opened_apart.open_first(SMALL, "stamp", None), range(3)))
    assert (len(started), compilations) == (1, [])


@contextmanager
def _nowhere(patch: pytest.MonkeyPatch, _folder: Path) -> Iterator[None]:
    patch.setenv(kept.FOLDER, "")
    yield


@contextmanager
def _no_folder(_patch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    folder.write_bytes(b"a file")
    yield


@contextmanager
def _small(patch: pytest.MonkeyPatch, _folder: Path) -> Iterator[None]:
    patch.setattr(opened_apart, "MANY", len(SMALL.formulas) + 1)
    yield


@pytest.mark.parametrize("case", [_nowhere, _no_folder, _small])
def test_no_process_is_started_for_what_cannot_be_kept_or_is_little(
    started: list[Any], monkeypatch: pytest.MonkeyPatch, folder: Path, case: Callable[..., Any]
) -> None:
    with case(monkeypatch, folder):
        opened_apart.open_first(SMALL, "stamp", None)
    assert started == []


def test_who_asks_finds_out_what_the_other_did_not(monkeypatch: pytest.MonkeyPatch, compilations: list[str]) -> None:
    def lost(*_words: str) -> Any:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(bounded, "_process", lost)
    opened_apart.open_first(SMALL, "stamp", None)
    copies(SMALL, "stamp", None)
    assert compilations == [SMALL.name]


def test_planners_with_larger_tables_are_the_same(
    run: Run,
    tmp_path: Path,
    small_tables: Any,
    light_template: Path,
    started: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small_tables["deals"] = [{"territory_id": "T1", "deal_id": f"E{number}", "outcome": "OPEN"} for number in range(7)]
    made = {}
    enlarged: list[Any] = []

    def noted(*arguments: Any) -> Any:
        enlarged.append(resized(*arguments))
        return enlarged[-1]

    monkeypatch.setattr("xlsales.batch.larger.resized", noted)
    for many in (10**9, 1):
        monkeypatch.setenv(kept.FOLDER, str(tmp_path / f"cache {many}"))
        monkeypatch.setattr(opened_apart, "MANY", many)
        run(small_tables, folder=tmp_path / f"{many}", template=light_template)
        made[many] = [(tmp_path / f"{many}" / name).read_bytes() for name in PLANNERS]
    assert made[1] == made[10**9]
    assert len(enlarged) == 2
    assert ["_worksheets" in vars(template) for template in enlarged] == [False, False]
    assert len(started) == 2  # for the template and the larger one
