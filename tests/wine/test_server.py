"""The server starts by the very line that our VBA hands to xlwings' DLL, lives as long as Excel, and comes back."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.wine.conftest import SITE_PACKAGES, Ask
from tests.wine.machine import PYTHON, Machine, needed
from tests.wine.recipe import LOCAL
from xlsales.version import XLWINGS_VERSION, __version__

pytestmark = [pytest.mark.wine, needed()]

SERVER = SITE_PACKAGES / "xlsales" / "udfs" / "serve.py"
LOG = LOCAL / "xlsales" / "xlsales.log"
UNAVAILABLE = -2147023174  # RPC_S_SERVER_UNAVAILABLE as an HRESULT
E_FAIL = -2147467259


@pytest.fixture(scope="module")
def lived(ask: Ask) -> dict[str, Any]:
    """What happened in the life of a server."""
    return ask("life")  # type: ignore[no-any-return]


def test_life_of_a_server(installed: Machine, lived: dict[str, Any]) -> None:
    assert lived["line"] == f'"{PYTHON}" -B "{SERVER}" $(CLSID)'
    first, second = lived["first"], lived["second"]
    identifier = first["arguments"][1]
    assert first == {
        "process": first["process"],
        "parent": lived["excel"],  # no cmd.exe between them
        "executable": str(PYTHON),
        "arguments": [str(SERVER), identifier],
        "waited for pandas": "False",
        "versions": f"xlwings {XLWINGS_VERSION}, xlsales {__version__}",
        "answer": 25.0,
    }
    assert lived["again"] == first, "Excel has one server, however often it is asked for"
    assert lived["lost"] == [{"number": UNAVAILABLE, "description": ""}] * 2
    assert second["answer"] == 25.0
    assert (second["process"], second["arguments"][1]) != (first["process"], identifier)
    assert lived["no such program"]["description"].startswith("Could not create Python process.")
    assert not _still_running([identifier, second["arguments"][1]]), "Python must end with Excel"


def test_unexpected_errors_are_in_the_log(installed: Machine, lived: dict[str, Any]) -> None:
    assert lived["no such function"]["description"].startswith("AttributeError: module 'sales_udfs'")
    assert lived["broken"]["number"] == E_FAIL
    assert lived["broken"]["description"].startswith("KeyError: 'MAGIC_NUMBER'")
    log = installed.file(LOG).read_text(encoding="utf-8")
    assert "MAGIC_NUMBER shows #VALUE! because of this:\nTraceback (most recent call last):\n" in log
    assert "\nKeyError: 'MAGIC_NUMBER'\n" in log
    assert "15000" not in log, "the content of cells is nobody's business"


def _still_running(identifiers: list[str], patience: float = 10) -> list[str]:
    """The servers that run although Excel has ended, after some patience."""
    end = time.monotonic() + patience
    while True:
        commands = [_command(process) for process in Path("/proc").glob("[0-9]*")]
        found = [one for one in identifiers if any(one in command for command in commands)]
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.2)


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:  # it has ended
        return ""
