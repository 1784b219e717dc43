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
def batch(typed: Type, tmp_path: Path, small_template: Path) -> Type:
    """Run `xlsales batch` with a small template into the folder `plans`."""

    def run(tables: object, *words: object) -> Printed:
        return typed("batch", tables, "--out", tmp_path / "plans", "--template", small_template, "--workers", 1, *words)

    return run
