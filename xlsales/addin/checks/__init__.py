"""What `xlsales addin doctor` looks at: one check for each thing that can stand between a cell and Python."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Result(Enum):
    """How a check ended."""

    OK = "ok"
    NOTE = "note"  # worth knowing; the functions may work all the same
    FAILS = "fails"


@dataclass(frozen=True)
class Check:
    """One thing looked at: what was found, and what to do about it."""

    name: str
    result: Result
    found: str
    remedy: str = ""


def ok(name: str, found: str) -> Check:
    """All is well."""
    return Check(name, Result.OK, found)


def note(name: str, found: str, remedy: str = "") -> Check:
    """Worth knowing."""
    return Check(name, Result.NOTE, found, remedy)


def fails(name: str, found: str, remedy: str) -> Check:
    """The functions will not work until this is remedied."""
    return Check(name, Result.FAILS, found, remedy)
