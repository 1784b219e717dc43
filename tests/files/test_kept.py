"""What is kept from run to run comes back whole, or not at all, and takes no more room than it may."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from xlsales.files import kept


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for what is kept."""
    monkeypatch.setenv(kept.FOLDER, str(tmp_path / "a cache"))
    return tmp_path / "a cache"


def _file(folder: Path) -> Path:
    (found,) = [path for path in folder.rglob("*") if path.is_file()]
    return found


def test_what_was_kept_comes_back() -> None:
    assert kept.load("one") is None
    kept.keep("one", b"first\nsecond")
    kept.keep("other", b"")
    assert kept.load("one") == b"first\nsecond"
    assert kept.load("other") == b""


def test_what_several_want_is_found_out_once() -> None:
    found_out: list[int] = []

    def find_out(number: int) -> bytes | None:
        with kept.found_out_once("one"):
            if kept.load("one") is None:
                found_out.append(number)
                kept.keep("one", b"found")
        return kept.load("one")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(find_out, range(8))) == [b"found"] * 8
    assert len(found_out) == 1


def test_where_nothing_is_kept_each_finds_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kept.FOLDER, "")
    with kept.found_out_once("one"), kept.found_out_once("one"):
        assert kept.load("one") is None


@pytest.mark.parametrize("damage", [lambda whole: whole[:-1], lambda whole: b"", lambda whole: b"\xff\n" + whole])
def test_damaged_file_is_as_if_it_were_not_there(folder: Path, damage: object) -> None:
    kept.keep("one", b"first")
    path = _file(folder)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert kept.load("one") is None
    kept.keep("one", b"again")
    assert kept.load("one") == b"again"


def test_file_of_another_name_is_as_if_it_were_not_there(folder: Path) -> None:
    kept.keep("one", b"first")
    path = _file(folder)
    path.rename(path.with_stem("other"))
    assert kept.load("other") is None


def test_nothing_is_kept_where_the_variable_is_empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(kept.FOLDER, "")
    kept.keep("one", b"first")
    assert kept.load("one") is None
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_made_costs_nothing_but_time(folder: Path) -> None:
    folder.write_bytes(b"a file")
    kept.keep("one", b"first")
    assert kept.load("one") is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions of POSIX")
@pytest.mark.parametrize("which", ["folder", "file", "link"])
def test_what_others_may_have_written_is_not_read(folder: Path, which: str, tmp_path: Path) -> None:
    kept.keep("one", b"first")
    path = _file(folder)
    if which == "link":
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
        assert kept.load("one") is None
        return
    (path.parent if which == "folder" else path).chmod(0o777)
    assert kept.load("one") is None


def test_what_was_not_used_for_longest_makes_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST_FILES", 3)
    for number in range(3):
        kept.keep(f"{number}", b"x")
        os.utime(next(folder.rglob(f"{number}.*")), (number, number))
    assert kept.load("0") == b"x"
    kept.keep("3", b"x")
    assert [kept.load(f"{number}") for number in range(4)] == [b"x", None, b"x", b"x"]
