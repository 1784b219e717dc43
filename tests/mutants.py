"""`python tests --mutants`: small changes to the code that some test must notice, one at a time, in a copy.

`tests/mutants.toml` lists them: the file, the code as it stands, what it becomes, and the tests that should fail.
Names of files given as arguments choose among them. A mutant that survives is told, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.pythons import PROJECT

LIST = Path(__file__).with_name("mutants.toml")
_COPIED: tuple[str, ...] = ("xlsales", "udfs", "tests", "docs", "examples", "workbook", "benchmarks", ".ci")
_COPIED += ("pyproject.toml", "README.md", "CHANGELOG.md")
_PATIENCE = 900  # seconds; what runs on without end has been noticed too
_FAILED = 1  # pytest's exit code where tests failed


@dataclass(frozen=True)
class Mutant:
    """A change to one place of the code."""

    file: str
    code: str
    becomes: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file}: {self.code!r} -> {self.becomes!r}"

    def applied(self, source: str) -> str:
        """The source with the change; ValueError where the code does not stand there exactly once."""
        if source.count(self.code) != 1:
            raise ValueError(f"{self.file} has {source.count(self.code)} times {self.code!r}")
        return source.replace(self.code, self.becomes)


def listed() -> Iterator[Mutant]:
    """Yield all mutants of the list."""
    for one in tomllib.loads(LIST.read_text(encoding="utf-8"))["mutant"]:
        yield Mutant(one["file"], one["code"], one["becomes"], tuple(one["tests"]))


def survives(mutant: Mutant, copy: Path) -> bool:
    """Whether no test notices the change, made in a copy of the project and taken back."""
    path = copy / mutant.file
    source = path.read_text(encoding="utf-8")
    path.write_text(mutant.applied(source), encoding="utf-8", newline="\n")
    try:
        command = [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *mutant.tests]
        environment = os.environ | {"PYTHONPATH": str(copy)}
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    finally:
        path.write_text(source, encoding="utf-8", newline="\n")
    if done.returncode not in (0, _FAILED):
        raise RuntimeError(f"{mutant}: pytest stopped with exit code {done.returncode}\n{done.stdout[-2000:]}")
    return done.returncode == 0


def copied(folder: Path) -> Path:
    """Copy the project, without what git ignores."""
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", "plans")
    for name in _COPIED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copyfile(source, folder / name)
    # Compiled once; a changed file is told by what it holds, for its time and size may be the same.
    command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "xlsales"]
    subprocess.run(command, cwd=folder, check=True)
    return folder


def main(arguments: Sequence[str]) -> int:
    """Try the mutants, as many at a time as there are processors, and tell those that survive."""
    parser = argparse.ArgumentParser(prog="python tests --mutants", description=__doc__)
    parser.add_argument("files", nargs="*", help="a part of the file's name: only mutants of such files")
    chosen = parser.parse_args(arguments).files
    mutants = [one for one in listed() if not chosen or any(part in one.file for part in chosen)]
    workers = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        copies = [copied(Path(folder) / str(number)) for number in range(workers)]
        with ThreadPoolExecutor(workers) as pool:
            shares = [mutants[number::workers] for number in range(workers)]
            found = pool.map(_survivors, shares, copies)
            survivors = [mutant for share in found for mutant in share]
    sys.stdout.write(f"{len(mutants)} mutants, {len(survivors)} survived.\n")
    sys.stdout.writelines(f"survived: {mutant}\n" for mutant in survivors)
    return int(bool(survivors))


def _survivors(mutants: Sequence[Mutant], copy: Path) -> list[Mutant]:
    found = []
    for mutant in mutants:
        alive = survives(mutant, copy)
        sys.stderr.write(f"{'SURVIVED' if alive else 'noticed '} {mutant}\n")
        if alive:
            found.append(mutant)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
