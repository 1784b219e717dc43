"""Ctrl-C is for the leading process; how workers start on Windows, which Wine shows for one Python, holds for each."""

from __future__ import annotations

import ast
import multiprocessing
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from xlsales import stopping

GROUP = 0x200  # CREATE_NEW_PROCESS_GROUP: such a process does not hear of Ctrl-C
MODULE = "popen_spawn_win32"


def test_workers_of_windows_start_in_groups_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[Any, ...]] = []
    windows = SimpleNamespace(
        CREATE_NEW_PROCESS_GROUP=GROUP,
        CreateProcess=lambda *arguments: started.append(arguments),
        CloseHandle="as it is",
    )
    module: Any = ModuleType(MODULE)
    module._winapi = windows
    monkeypatch.setitem(sys.modules, f"multiprocessing.{MODULE}", module)
    monkeypatch.setattr(multiprocessing, MODULE, module, raising=False)
    with stopping._in_groups_of_their_own():
        module._winapi.CreateProcess("python.exe", "line", None, None, False, 4, "environment", None, "start")
        assert module._winapi.CloseHandle == "as it is"
    assert started == [("python.exe", "line", None, None, False, 4 | GROUP, "environment", None, "start")]
    assert module._winapi is windows


def test_this_python_starts_workers_of_windows_in_the_way_that_is_expected() -> None:
    source = (Path(multiprocessing.__file__).parent / f"{MODULE}.py").read_text(encoding="utf-8")
    [call] = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and "CreateProcess" in ast.dump(node.func)
    ]
    assert ast.unparse(call.func) == "_winapi.CreateProcess"
    assert (len(call.args), call.keywords) == (9, [])
    assert ast.unparse(call.args[stopping._FLAGS]) == "0"


def test_processes_that_start_after_ctrl_c_know_of_it() -> None:
    stop, before, after = stopping.Stop(), SimpleNamespace(value=0), SimpleNamespace(value=0)
    stop.tell(before)
    assert before.value == 0
    stop.ask()
    stop.tell(after)
    assert (before.value, after.value) == (1, 1)
