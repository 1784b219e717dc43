"""A computer without memory, or without room for another thread, ends a command in one line, never in a traceback."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

import xlsales.recalc.files
from tests.batch import folders
from tests.cli.printed import Type
from xlsales.workbook import lint

NO_ROOM = (MemoryError(), RuntimeError("can't start new thread"))


def refuse(error: BaseException) -> object:
    def refused(*_arguments: object, **_named: object) -> None:
        raise error

    return refused


@pytest.mark.parametrize("error", NO_ROOM, ids=lambda error: type(error).__name__)
def test_any_command_says_so(
    typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr(xlsales.recalc.files, "recalculate", refuse(error))
    (tmp_path / "x.xlsx").write_bytes(b"PK")
    printed = typed("recalc", tmp_path / "x.xlsx")
    assert printed.code == 1
    [line] = printed.error.splitlines()
    assert line.startswith("xlsales: The computer has no room for more work (")


def test_file_that_takes_all_memory_costs_itself_alone(
    typed: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, light_template: Path
) -> None:
    usual = lint.check_file

    def checked(path: Path) -> lint.Checked:
        if path.name == "large.xlsx":
            raise MemoryError
        return usual(path)

    monkeypatch.setattr(lint, "check_file", checked)
    printed = typed("check", tmp_path / "large.xlsx", light_template)
    assert printed.code == 2
    assert "not enough memory to check this file" in printed.out + printed.error
    assert "1 sound" in printed.out


@pytest.mark.parametrize("error", NO_ROOM, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("place", ["run.stale.planners", "overview_files.overview.overview"])
def test_batch_says_what_is_made_and_how_to_go_on(
    typed: Type,
    source: Path,
    light_template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    error: BaseException,
) -> None:
    words = ("batch", source, "--out", tmp_path / "plans", "--template", light_template, "--workers", 1)
    with monkeypatch.context() as patch:
        patch.setattr(f"xlsales.batch.{place}", refuse(error))
        printed = typed(*words)
    assert printed.code == 1
    assert "3 of 3 planners were made" in printed.error
    assert "--resume" in printed.error
    assert "Traceback" not in printed.error
    folders.check(tmp_path / "plans")
    assert typed(*words, "--resume").code == 0
    folders.check_nothing_left(tmp_path / "plans")


def test_lock_is_given_back_where_no_thread_can_show_who_holds_it(
    typed: Type, source: Path, light_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("batch", source, "--out", tmp_path / "plans", "--template", light_template, "--workers", 1)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse(NO_ROOM[1]))
        printed = typed(*words)
    assert printed.code == 1
    assert "no room for more work (can't start new thread)" in printed.error
    assert not list((tmp_path / "plans").glob("**/*"))
    assert typed(*words).code == 0
