from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.printed import Printed, Type
from xlsales.cli import main

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    """Run the command line in this process, from its entry point."""

    def run(*words: object) -> Printed:
        monkeypatch.setattr(sys, "argv", ["xlsales", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        return Printed(int(end.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def source(tmp_path: Path, small_tables: Tables, write_tables: WriteTables) -> Path:
    """Three good territories."""
    return write_tables(tmp_path / "crm", small_tables)


@pytest.fixture
def batch(typed: Type, tmp_path: Path, light_template: Path) -> Type:
    """Run `xlsales batch` with a light template into the folder `plans`."""
    return _batch(typed, tmp_path, light_template)


@pytest.fixture
def whole_batch(typed: Type, tmp_path: Path, small_template: Path) -> Type:
    """The same with a template that has all the sheets of a planner."""
    return _batch(typed, tmp_path, small_template)


def _batch(typed: Type, tmp_path: Path, template: Path) -> Type:
    def run(tables: object, *words: object) -> Printed:
        return typed("batch", tables, "--out", tmp_path / "plans", "--template", template, "--workers", 1, *words)

    return run
