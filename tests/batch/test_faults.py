"""Every call that can fail fails once: open, write, flush, fsync, replace, unlink. Nothing is lost, nothing is half."""

from __future__ import annotations

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.batch import folders
from xlsales.batch import Options, prepare
from xlsales.errors import DiskFull, XlsalesError

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables


class Faults:
    """Counts the calls that concern files below a folder, and lets one of them fail."""

    def __init__(self, root: Path, number: int, error: int) -> None:
        self.root, self.number, self.error = str(root), number, error
        self.calls = 0

    def count(self, path: object) -> None:
        if isinstance(path, (str, os.PathLike)) and os.fspath(path).startswith(self.root):
            self.calls += 1
            if self.calls == self.number:
                raise OSError(self.error, os.strerror(self.error), os.fspath(path))


class Failing:
    """A file whose writes are counted."""

    def __init__(self, file: Any, faults: Faults, path: object) -> None:
        self._file, self._faults, self._path = file, faults, path

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Failing:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)

    def write(self, data: Any) -> Any:
        try:
            self._faults.count(self._path)
        except OSError:
            self._file.write(data[: len(data) // 2])  # as a disk does that fills up
            self._file.flush()
            raise
        return self._file.write(data)

    def flush(self) -> None:
        self._faults.count(self._path)
        self._file.flush()


@contextmanager
def failing(root: Path, number: int, error: int) -> Iterator[Faults]:
    """Let the call of this number fail inside a `with` block."""
    faults = Faults(root, number, error)
    patch = pytest.MonkeyPatch()
    usual, paths = io.open, {}

    def opened(path: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
        if not set(mode) & set("wax+"):
            return usual(path, mode, *rest, **named)
        faults.count(path)
        file = usual(path, mode, *rest, **named)
        paths[file.fileno()] = path
        return Failing(file, faults, path) if str(path).startswith(faults.root) else file

    def counted(function: Callable[..., Any], place: Callable[..., object]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            faults.count(place(*arguments))
            return function(*arguments, **named)

        return call

    patch.setattr(io, "open", opened)
    patch.setattr(builtins, "open", opened)
    patch.setattr(os, "fsync", counted(os.fsync, lambda handle: paths.get(handle)))
    patch.setattr(os, "replace", counted(os.replace, lambda *names: names[1]))
    patch.setattr(os, "unlink", counted(os.unlink, lambda name, **_named: name))
    patch.setattr(os, "mkdir", counted(os.mkdir, lambda name, *_mode: name))
    with patch.context():
        try:
            yield faults
        finally:
            patch.undo()


class Folder:
    """A folder in which a run has been made, and what a person has done there since."""

    def __init__(self, tmp_path: Path, source: Path, template: Path) -> None:
        self.tmp_path, self.source, self.template = tmp_path, source, template

    def run(self, out: Path, **options: Any) -> None:
        with prepare(self.source, Options(out, template=self.template, workers=1, **options)) as batch:
            batch.run()


@pytest.fixture
def folder(tmp_path: Path, small_tables: Tables, small_template: Path, write_tables: WriteTables) -> Folder:
    small_tables["territories"] = small_tables["territories"][:2]
    return Folder(tmp_path, write_tables(tmp_path / "tables", small_tables), small_template)


# Each fault of a longer list is a run of its own; EVERY runs all, else a spread of them.
_EVERY = int(os.environ.get("XLSALES_FAULTS", "5"))


@pytest.mark.parametrize("overwrite", [False, True], ids=["new folder", "overwrite"])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO], ids=["disk full", "disk broken"])
def test_whatever_call_fails_nothing_is_half_and_resume_ends_it(folder: Folder, error: int, overwrite: bool) -> None:
    reference = folder.tmp_path / "reference"
    folder.run(reference)
    wanted = folders.files(reference)
    number, total = 1, 10**6
    while number <= total:
        out = folder.tmp_path / f"plans {number}"
        own: dict[str, bytes] = {}
        if overwrite:
            folder.run(out, as_of=None)
            own = {"T1 North.xlsm": b"filled by hand"}
            (out / "T1 North.xlsm").write_bytes(own["T1 North.xlsm"])
        failed: BaseException | None = None
        with failing(out, number, error) as faults:
            try:
                folder.run(out, overwrite=overwrite)
            except (XlsalesError, OSError) as raised:
                failed = raised
        if faults.calls < number:
            total = faults.calls
            break
        assert error != errno.ENOSPC or failed is None or isinstance(failed, DiskFull), repr(failed)
        folders.check(out, own)
        copies = [path.read_bytes() for path in out.glob("backup */*")]
        if overwrite:
            assert own["T1 North.xlsm"] in [*copies, *folders.files(out).values()], "what somebody wrote is lost"
        if folders.report(out).get("status") != "complete" or not overwrite:
            folder.run(out, resume=True) if folders.report(out) else folder.run(out, overwrite=True)
        _check_ended(out, wanted, overwrite=overwrite)
        number += _EVERY
    assert number > 1


def _check_ended(out: Path, wanted: dict[str, bytes], *, overwrite: bool) -> None:
    folders.check(out, {"T1 North.xlsm": b"filled by hand"})
    there = folders.files(out)
    if not overwrite:
        assert {name for name, content in wanted.items() if there.get(name) != content} == set()
        with suppress(FileNotFoundError):
            folders.check_nothing_left(out)
