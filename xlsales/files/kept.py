"""What took long to find out, kept in the user's cache folder from one run to the next; losing it costs time alone.

A file there holds data, never anything that is run, and what cannot be read, or is not this user's own, is as if it
were not there.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import sysconfig
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from xlsales import texts
from xlsales.files import atomic
from xlsales.version import __version__

FOLDER = "XLSALES_CACHE_DIR"  # the variable that names another folder; where it is empty, nothing is kept
_MOST_FILES, _MOST_BYTES = 48, 96 * 1024**2
_OTHERS_MAY_WRITE = 0o022
_SUFFIX = ".kept"
_PATIENCE = 300  # seconds
_OWN = Path(__file__).resolve().parents[1]
_PACKAGES = ("deflate", "formualizer", "lxml", "numpy", "openpyxl", "orjson")
_SECOND_ENGINE = "ironcalc"  # which not every computer has


def name(*parts: str) -> str:
    """Return the name under which the outcome of this program's work on some inputs is kept; "" where none can be told.

    It is another one for another version of the program, or of what it calculates and reads with, and for another
    language, in which reasons are told.
    """
    code = _code()
    return _digest("\n".join([code, texts.used(), *parts]).encode()) if code else ""


@cache
def _code() -> str:
    """Return a fingerprint of this program's files and of the packages that it works with; nothing without files."""
    try:
        versions = [sys.version, sys.platform, sysconfig.get_platform(), zlib.ZLIB_RUNTIME_VERSION]
        versions += [f"{one} {_version(one)}" for one in _PACKAGES]
        with suppress(PackageNotFoundError):
            versions.append(f"{_SECOND_ENGINE} {_version(_SECOND_ENGINE)}")
        told = sorted(_files(str(_OWN), ""))
    except (OSError, PackageNotFoundError):
        return ""
    return _digest("\n".join([*versions, *told]).encode()) if told else ""


def _version(package: str) -> str:
    """Return a package's version as its own files tell it: parsing all that they say takes milliseconds."""
    found = distribution(package)
    told = re.search(r"^Version: *(\S+)", found.read_text("METADATA") or "", re.MULTILINE)
    return told[1] if told else found.version


def _files(folder: str, place: str) -> Iterator[str]:
    """Yield the name, size and time of each of this program's files."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                found = entry.stat()
                yield f"{place}{entry.name} {found.st_size} {found.st_mtime_ns}"
            elif entry.is_dir() and entry.name != "__pycache__":
                yield from _files(entry.path, f"{place}{entry.name}/")


def load(name: str) -> bytes | None:
    """Return what was kept under a name; None where there is nothing, or not the whole of it."""
    folder = _folder()
    if folder is None or not name:
        return None
    path = folder / f"{name}{_SUFFIX}"
    with suppress(OSError):
        if _is_own(folder) and _is_own(path):
            digest, _line, content = path.read_bytes().partition(b"\n")
            if digest.decode(errors="replace") == _sealed(name, content):
                os.utime(path)  # what was not used for longest goes first
                return content
    return None


def has(name: str) -> bool:
    """Whether something is kept under a name; it may still turn out to be damaged."""
    folder = _folder()
    return folder is not None and bool(name) and (folder / f"{name}{_SUFFIX}").is_file()


def is_possible() -> bool:
    """Whether anything can be kept here, as far as that can be told before it is."""
    folder = _folder()
    with suppress(OSError):
        return folder is not None and _is_made(folder) and os.access(folder, os.W_OK)
    return False


def keep(name: str, content: bytes | None) -> None:
    """Keep a content under a name, as far as that is possible; what has not been used for long makes room for it."""
    folder = _folder()
    if folder is None or not name or content is None or len(content) > _MOST_BYTES:
        return
    with suppress(OSError):
        if _is_made(folder):
            atomic.write(folder / f"{name}{_SUFFIX}", f"{_sealed(name, content)}\n".encode() + content)
            _trim(folder)


@contextmanager
def found_out_once(name: str, way: str = "") -> Iterator[None]:
    """Let one process at a time find out what is kept under a name: others wait, and then load it.

    Where that cannot be told to the others, or takes very long, each finds it out by itself. Who has another process
    find it out names the `way`: that other one waits for nobody who waits for it.
    """
    with ExitStack() as held:
        folder = _folder()
        if folder is not None and name:
            from filelock import FileLock  # as platformdirs is

            with suppress(OSError, NotImplementedError):  # its Timeout is an OSError
                if _is_made(folder):
                    held.enter_context(FileLock(folder / f"{way}{name[0]}.lock", timeout=_PATIENCE))
        yield


def _folder() -> Path | None:
    wanted = os.environ.get(FOLDER)
    if wanted is not None:
        return Path(wanted) / __version__ if wanted else None
    try:
        from platformdirs import user_cache_path
    except ModuleNotFoundError:  # the functions run without it
        return None
    return user_cache_path("xlsales", appauthor=False) / __version__


def _is_made(folder: Path) -> bool:
    """Make the folder where it is not there; return whether it is this user's own."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _is_own(folder)


def _is_own(path: Path) -> bool:
    """Whether nobody else can have written here, as far as the system tells; on Windows the folder is the user's."""
    if not hasattr(os, "getuid"):
        return True
    found = path.stat(follow_symlinks=False)
    return found.st_uid == os.getuid() and not found.st_mode & _OTHERS_MAY_WRITE


def _sealed(name: str, content: bytes) -> str:
    """Return a checksum of a content under its name: another file's content is as good as damaged."""
    found = hashlib.sha256(f"{name}\n".encode())
    found.update(content)
    return found.hexdigest()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _trim(folder: Path) -> None:
    files = [(path.stat(), path) for path in folder.glob(f"*{_SUFFIX}")]
    size = 0
    for place, (found, path) in enumerate(sorted(files, key=lambda pair: -pair[0].st_mtime_ns)):
        size += found.st_size
        if place >= _MOST_FILES or size > _MOST_BYTES:
            path.unlink(missing_ok=True)
