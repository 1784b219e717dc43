"""Every workbook that a test leaves behind goes through the linter: `xlsales check` has nothing to say of it.

A test that makes broken workbooks on purpose is marked: `@pytest.mark.unsound("why")`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

import xlsales.workbook.lint as linter
from tests import likeness as likenesses
from tests.likeness import likeness
from tests.made_once import MADE_ONCE, run_folder

_ZIP = b"PK\x03\x04"
WORKBOOKS = (".xlsx", ".xlsm", ".xlam", ".xltx", ".xltm")


@cache
def _rules_version() -> str:
    """What tells one state of the rules from another."""
    sources = [*sorted(Path(linter.__file__).parent.glob("*.py")), Path(likenesses.__file__)]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def told_of(content: bytes, name: str) -> list[str]:
    """What the rules say of a workbook's bytes."""
    return [str(fault) for fault in linter.check(content, name).faults]


class Seen:
    """The workbooks found sound, kept between runs: one is checked of those that differ in plain values only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sound: set[str] = set()
        self._rules = _rules_version()

    def faults(self, workbook: Path) -> list[str]:
        """What the rules say of a workbook."""
        content = workbook.read_bytes()
        suffix = workbook.suffix.casefold()
        own = hashlib.sha256(suffix.encode() + content).hexdigest()
        if own in self._sound:
            return []
        alike = likeness(content, suffix) or own
        note = self._folder / hashlib.sha256(f"{self._rules} {alike}".encode()).hexdigest()
        if note.exists():
            self._sound.add(own)
            return []
        try:
            told = told_of(content, workbook.name)
        except linter.Unreadable as error:
            told = [f"unreadable: {error}"]
        if not told:
            self._sound.add(own)
            note.touch()
        return told


def left_behind(folder: Path) -> Iterator[Path]:
    """The workbooks in a folder, and in those below it; a few bytes under a workbook's name are none."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.casefold() in WORKBOOKS and path.is_file() and path.read_bytes()[:4] == _ZIP:
            yield path


@pytest.fixture(scope="session", autouse=True)
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """What was found sound; at the end of the session it sees what fixtures of whole modules left behind."""
    cache = getattr(request.config, "cache", None)  # none with `-p no:cacheprovider`
    seen = Seen(cache.mkdir("sound") if cache else tmp_path_factory.mktemp("sound"))
    yield seen
    base = tmp_path_factory.getbasetemp()
    shared = [path for path in left_behind(base) if not path.relative_to(base).parts[0].startswith("test_")]
    _assert_sound(shared, base, seen)
    run = run_folder(tmp_path_factory)
    _assert_sound(left_behind(run / MADE_ONCE), run, seen)


@pytest.fixture(autouse=True)
def sound_workbooks(request: pytest.FixtureRequest, seen: Seen) -> Iterator[None]:
    """After each test, the workbooks in its folder are sound."""
    folder: Path | None = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if folder is None or request.node.get_closest_marker("unsound"):
        return
    _assert_sound(left_behind(folder), folder, seen)


def _assert_sound(workbooks: Iterable[Path], folder: Path, seen: Seen) -> None:
    told = [f"{path.relative_to(folder)}: {fault}" for path in workbooks for fault in seen.faults(path)]
    if told:
        pytest.fail("\n".join(["workbooks are left behind that Excel may want to repair:", *told[:20]]), False)
