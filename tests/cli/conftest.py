from __future__ import annotations

import sys

import pytest

from tests.cli.printed import Printed, Type
from xlsales.cli import main


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
