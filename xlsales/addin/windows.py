"""What the installation asks of Windows: the computer itself, or one simulated in a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import PureWindowsPath
from typing import Protocol


class Hive(Enum):
    """A root of the registry, by the short name that administrators use."""

    CLASSES = "HKCR"
    USER = "HKCU"
    MACHINE = "HKLM"


@dataclass(frozen=True)
class Finished:
    """What a program printed, and its exit code."""

    code: int
    out: str
    error: str


class Windows(Protocol):
    """The parts of Windows that decide whether Excel finds Python. Paths are absolute."""

    @property
    def name(self) -> str:
        """Its name and version."""

    @property
    def executable(self) -> PureWindowsPath:
        """The Python that runs this command."""

    def variable(self, name: str) -> str | None:
        """Return an environment variable."""

    def values(self, hive: Hive, key: str) -> Mapping[str, str | int]:
        """Return the values of a registry key, their names in lower case; nothing where there is no such key."""

    def subkeys(self, hive: Hive, key: str) -> Sequence[str]:
        """Return the names of the keys below a registry key."""

    def is_file(self, path: PureWindowsPath) -> bool:
        """Whether there is a file."""

    def is_folder(self, path: PureWindowsPath) -> bool:
        """Whether there is a folder."""

    def names(self, folder: PureWindowsPath) -> Sequence[str]:
        """Return the sorted names in a folder; nothing where there is no such folder."""

    def read(self, path: PureWindowsPath, limit: int = -1) -> bytes | None:
        """Return a file's bytes, or the first of them; None where there is no such file."""

    def write(self, path: PureWindowsPath, content: bytes) -> None:
        """Write a file whole or not at all; its folder is made if missing."""

    def delete(self, path: PureWindowsPath) -> None:
        """Delete a file, or an empty folder."""

    def in_ansi(self, text: str) -> bool:
        """Whether the ANSI code page of this Windows has every character of a text."""

    def short(self, path: PureWindowsPath) -> PureWindowsPath:
        """Return the 8.3 form of a path; the path itself where the drive keeps none."""

    def excel_is_open(self) -> bool:
        """Whether a window of Excel is open."""

    def run(self, *command: str) -> Finished:
        """Run a program to its end. Raises OSError where it cannot be started."""
