"""`python tests --wheels`: whether everything that xlsales needs can be installed without a compiler, and where.

The newest version of every dependency, those of dependencies too, as uv would install it; nothing is downloaded.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging import tags
from packaging.markers import Marker
from packaging.utils import parse_wheel_filename

from tests.table import printed

PROJECT = Path(__file__).resolve().parents[1]
PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))
_OLDEST_GLIBC, _NEWEST_GLIBC = 5, 28  # of 2.x; Linux distributions since 2018 have 2.28 or a newer one


@dataclass(frozen=True)
class Computer:
    """A kind of computer, as wheels and markers name it."""

    name: str
    sys_platform: str
    machine: str
    promised: bool = True

    def platforms(self) -> list[str]:
        """The platform tags of the wheels that it can use."""
        if self.sys_platform == "win32":
            return [f"win_{self.machine.lower()}"]
        if self.sys_platform == "darwin":
            return list(tags.mac_platforms((13, 0), self.machine))
        years = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}
        named = [years[minor] for minor in years]
        numbered = [f"manylinux_2_{minor}" for minor in range(_OLDEST_GLIBC, _NEWEST_GLIBC + 1)]
        return [f"{tag}_{self.machine}" for tag in (*numbered, *named)]

    def markers(self, python: tuple[int, int]) -> dict[str, str]:
        """What the environment markers of requirements ask for."""
        version = ".".join(map(str, python))
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{version}.0",
            "os_name": "nt" if self.sys_platform == "win32" else "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": {"win32": "Windows", "darwin": "Darwin", "linux": "Linux"}[self.sys_platform],
            "platform_version": "",
            "python_full_version": f"{version}.0",
            "python_version": version,
            "sys_platform": self.sys_platform,
        }

    def tags(self, python: tuple[int, int]) -> frozenset[tags.Tag]:
        """The tags of the wheels that a Python on this computer can use."""
        platforms = self.platforms()
        interpreter = f"cp{python[0]}{python[1]}"
        return frozenset(
            (
                *tags.cpython_tags(python, platforms=platforms),
                *tags.compatible_tags(python, interpreter, platforms=platforms),
            )
        )


COMPUTERS = (
    Computer("Windows x64", "win32", "AMD64"),
    Computer("macOS on Apple silicon", "darwin", "arm64"),
    Computer("macOS on Intel", "darwin", "x86_64"),
    Computer("Linux x86_64", "linux", "x86_64"),
    Computer("Linux aarch64", "linux", "aarch64"),
    Computer("Windows ARM64", "win32", "ARM64", promised=False),
)
_INSTEAD = {"Windows ARM64": "the Python for x64 runs there, and the line Windows x64 holds for it"}


def without_wheel(
    packages: Sequence[Mapping[str, Any]], python: tuple[int, int], computer: Computer
) -> Iterator[tuple[str, str]]:
    """The packages, with their versions, that have no wheel for a Python on a computer; of a lock in PEP 751's form."""
    markers, usable = computer.markers(python), computer.tags(python)
    for package in packages:
        if "marker" in package and not Marker(package["marker"]).evaluate(dict(markers)):
            continue
        names = [wheel.get("name") or wheel["url"].rpartition("/")[2] for wheel in package.get("wheels", ())]
        if not any(parse_wheel_filename(name)[3] & usable for name in names):
            yield package["name"], package["version"]


def locked() -> list[dict[str, Any]]:
    """The newest versions of all that xlsales needs, with their wheels."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--universal"]
    command += ["--python-version", ".".join(map(str, PYTHONS[0])), "--extra", "all"]
    command += ["--format", "pylock.toml"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        sys.exit(f"uv found no versions that go together; it said:\n{done.stderr}")
    packages: list[dict[str, Any]] = tomllib.loads(done.stdout)["packages"]
    return packages


def main() -> int:
    """Print the table, and say in words what has no wheel; 1 where something promised is missing."""
    packages = locked()
    rows: list[tuple[str, ...]] = []
    sentences: list[str] = []
    broken = False
    for computer in COMPUTERS:
        found = {python: list(without_wheel(packages, python, computer)) for python in PYTHONS}
        cells = [f"{len(missing)} missing" if missing else "all" for missing in found.values()]
        rows.append((computer.name, *cells))
        sentences += _sentences(computer, found)
        broken |= computer.promised and any(found.values())
    headings = ("wheels for", *(f"Python {'.'.join(map(str, python))}" for python in PYTHONS))
    sys.stdout.write(f"{printed((headings, *rows))}\n")
    sys.stdout.writelines(f"{sentence}\n" for sentence in sentences or ["Every dependency has a wheel everywhere."])
    return int(broken)


def _sentences(computer: Computer, found: Mapping[tuple[int, int], Sequence[tuple[str, str]]]) -> Iterator[str]:
    lacking: dict[tuple[str, str], list[str]] = {}
    for python, missing in found.items():
        for package in missing:
            lacking.setdefault(package, []).append(".".join(map(str, python)))
    for (name, version), pythons in lacking.items():
        instead = f"; {_INSTEAD[computer.name]}" if computer.name in _INSTEAD else ""
        yield f"{computer.name}: {name} {version} has no wheel for Python {', '.join(pythons)}{instead}."


if __name__ == "__main__":
    sys.exit(main())
