"""The list of mutants fits the code: each changes one place, is another program, and names tests that are there."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants import Mutant, copied, listed, survives
from tests.pythons import PROJECT

MUTANTS = list(listed())


def test_there_are_sixty_over_all_rooms() -> None:
    assert len(MUTANTS) >= 60
    rooms = {"/".join(mutant.file.split("/")[:2]) for mutant in MUTANTS}
    assert {f"xlsales/{room}" for room in ("batch", "calculation", "functions", "tables", "workbook")} <= rooms


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_mutant_changes_one_place_and_stays_a_program(mutant: Mutant) -> None:
    source = (PROJECT / mutant.file).read_text(encoding="utf-8")
    changed = mutant.applied(source)
    assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(source))
    assert [test for test in mutant.tests if not (PROJECT / test.partition("::")[0]).exists()] == []


def test_survivor_is_told_from_one_that_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("def half(number):\n    return number / 2  # a half\n")
    (tmp_path / "test_code.py").write_text("from code_ import half\n\n\ndef test_half():\n    assert half(4) == 2\n")
    (tmp_path / "code.py").rename(tmp_path / "code_.py")
    assert not survives(Mutant("code_.py", "number / 2", "number / 3", ("test_code.py",)), tmp_path)
    assert survives(Mutant("code_.py", "a half", "the half", ("test_code.py",)), tmp_path)
    assert "number / 2  # a half" in (tmp_path / "code_.py").read_text()  # taken back


def test_change_of_the_same_size_at_the_same_time_is_seen_by_the_tests(tmp_path: Path) -> None:
    module = copied(tmp_path) / "xlsales" / "version.py"
    before, source = module.stat(), module.read_text(encoding="utf-8")
    module.write_text(source.replace("XLWINGS_VERSION", "XLWINGS_NOTHING"), encoding="utf-8", newline="\n")
    os.utime(module, ns=(before.st_atime_ns, before.st_mtime_ns))
    command = [sys.executable, "-B", "-c", "from xlsales.version import XLWINGS_NOTHING"]
    subprocess.run(command, cwd=tmp_path, check=True)
