"""What pyright, which editors use, says of users' code; mypy checks that beside all else of this project."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from xlsales.functions.stubs import COMMAND, document

PROJECT = Path(__file__).resolve().parents[2]
USER_CODE = Path(__file__).with_name("user_code.py")
STUBS = PROJECT / "xlsales" / "__init__.pyi"
LINES = USER_CODE.read_text(encoding="utf-8").splitlines()
REFUSED = {number for number, line in enumerate(LINES, start=1) if line.endswith("# refused")}
PYRIGHT = shutil.which("basedpyright", path=str(Path(sys.executable).parent)) or shutil.which("basedpyright")


def test_committed_types_are_up_to_date() -> None:
    assert STUBS.read_text(encoding="utf-8") == document(), f"xlsales/__init__.pyi is out of date: run `{COMMAND}`"


@pytest.mark.skipif(PYRIGHT is None, reason="needs basedpyright")
def test_pyright_finds_the_mistakes_and_nothing_else(tmp_path: Path) -> None:
    pytest.importorskip("polars")
    settings = {
        "include": [USER_CODE.as_posix()],
        "extraPaths": [PROJECT.as_posix()],
        "typeCheckingMode": "standard",
        "enableTypeIgnoreComments": False,  # which are mypy's
        "reportUnnecessaryComparison": "error",
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    done = subprocess.run(
        [str(PYRIGHT), "--outputjson", "--pythonpath", sys.executable, "--project", str(tmp_path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=PROJECT,
        check=False,
    )
    report = json.loads(done.stdout)["generalDiagnostics"]
    found = {one["range"]["start"]["line"] + 1 for one in report if one["severity"] == "error"}
    assert found == REFUSED, "\n".join(f"{one['range']['start']['line'] + 1}: {one['message']}" for one in report)
