"""What a command of the command line printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Printed:
    """What a command printed, and its exit code."""

    code: int
    out: str
    error: str

    def stopped(self) -> str:
        """The one line that says why nothing was made."""
        assert self.code == 2
        assert self.out == ""
        (line,) = self.error.splitlines()
        assert line.startswith("xlsales: ")
        assert "Traceback" not in line
        return line


Type: TypeAlias = Callable[..., Printed]
