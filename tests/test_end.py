"""A command ends at once, with its code and all that was to be done at the end; where a thread is left, as ever."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading

import pytest

import xlsales.__main__ as program
from xlsales import cli, memory


class _EndedError(Exception):
    pass


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is done at the end of a command, in order; this process itself goes on."""
    found: list[object] = []

    def ended(code: int) -> None:
        found.append(code)
        raise _EndedError

    monkeypatch.setattr(os, "_exit", ended)
    monkeypatch.setattr(atexit, "_run_exitfuncs", lambda: found.append("handlers"))
    monkeypatch.setattr(signal, "signal", lambda *_arguments: None)
    monkeypatch.setattr(memory, "rest", lambda: None)
    return found


@pytest.mark.parametrize("code", [0, 1, 2, 3, program.INTERRUPTED])
def test_command_ends_at_once_with_its_code(monkeypatch: pytest.MonkeyPatch, ends: list[object], code: int) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(cli, "main", lambda: sys.exit(code))
    with pytest.raises(_EndedError):
        program.main()
    assert ends == ["handlers", code]


def test_thread_that_is_left_is_waited_for(monkeypatch: pytest.MonkeyPatch, ends: list[object]) -> None:
    go_on = threading.Event()
    thread = threading.Thread(target=go_on.wait)
    thread.start()
    monkeypatch.setattr(cli, "main", lambda: sys.exit(1))
    with pytest.raises(SystemExit):
        program.main()
    go_on.set()
    thread.join()
    assert ends == []
