"""Why a file cannot be read or replaced, in words: it is open in Excel, it is read-only, it is a folder."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from xlsales.errors import InputError
from xlsales.texts import _

LOCKS = ("~${name}", ".~lock.{name}#")  # what Excel and LibreOffice lay beside a file that is open
_SHARING, _LOCKED, _MAPPED = 32, 33, 1224  # Windows: another program has the file, a part of it, or shows it
_LONG_NAME, _NO_PATH = 206, 3
_LONGEST_PATH = 260  # of Windows, unless it is told otherwise
_FULL_ON_WINDOWS = (39, 112, 1295)  # the disk, or what the user may have of it
_FULL = tuple(getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name))
_HELD = (errno.EBUSY, errno.ETXTBSY)
_READABLE = 0o444
_WRITABLE = 0o222


def before_writing(path: Path, called: object = None) -> str | None:
    """Return why a file that is there could not be replaced; the file stays as it is, with its time."""
    called = called or path.name
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    except OSError as error:
        if is_full(error):
            raise
        return in_writing(path, error, called)
    if stat.S_ISDIR(mode):
        return _("{name} is a folder: move it or give it another name, and run again.").format(name=called)
    if not stat.S_ISREG(mode):
        return no_ordinary_file(called)
    for lock in (path.with_name(pattern.format(name=path.name)) for pattern in LOCKS):
        if os.path.lexists(lock):
            message = _(
                "{name} is open in another program, as {lock} beside it says: close it in Excel and run again. "
                "If it is open nowhere, delete {lock}."
            )
            return message.format(name=called, lock=lock.name)
    if _read_only(path, mode):
        return _("{name} is read-only: allow writing to it and run again.").format(name=called)
    return _refusal(path, called)


def no_ordinary_file(called: object) -> str:
    """Say that what has a file's name is a device, a pipe or the like, which may never end."""
    return _("{name} is no ordinary file: move it or give it another name, and run again.").format(name=called)


def is_endless(path: Path) -> bool:
    """Whether a path leads to something that is neither a file nor a folder: whoever reads it may wait for ever."""
    mode = path.stat().st_mode
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def content(path: Path, called: object = None) -> bytes:
    """Return what an ordinary file holds; raises InputError with the reason where that cannot be read."""
    try:
        if is_endless(path):
            raise InputError(no_ordinary_file(called or path.name))
        return path.read_bytes()
    except OSError as error:
        raise InputError(in_reading(path, error, called)) from error


def _refusal(path: Path, called: object) -> str | None:
    """Try what replacing a file needs: on Windows, every other program must allow to write and to rename it."""
    try:
        with path.open("r+b"):
            pass
        with suppress(FileExistsError):
            path.rename(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        if is_full(error):
            raise
        return in_writing(path, error, called)
    return None


def concerns_one_file(error: OSError) -> bool:
    """Whether it is about one file, and not about the disk or the folder: the next one may well be written."""
    if isinstance(error, (PermissionError, IsADirectoryError)) or error.errno in (*_HELD, errno.ENAMETOOLONG):
        return True
    return _windows(error) in (_SHARING, _LOCKED, _MAPPED, _LONG_NAME) or _too_long(error)


def is_full(error: OSError) -> bool:
    """Whether there is no room left: on the disk, for the user, or for a file as large as this."""
    return error.errno in _FULL or _windows(error) in _FULL_ON_WINDOWS


def is_short(error: BaseException) -> bool:
    """Whether the computer had no memory left, or no room for another thread."""
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and "new thread" in str(error))


def in_writing(path: Path, error: OSError, called: object = None) -> str:
    """Say why a file could not be written."""
    called = called or path.name
    reason = error.strerror or str(error)
    if error.errno == errno.ENAMETOOLONG or _windows(error) == _LONG_NAME or _too_long(error):
        return _("{name}: its path is too long for this computer. Choose a folder with a shorter path.").format(
            name=called
        )
    if not concerns_one_file(error):
        return _("{name} cannot be written: {reason}.").format(name=called, reason=reason)
    with suppress(OSError):
        if path.is_dir():
            return _("{name} is a folder: move it or give it another name, and run again.").format(name=called)
        mode = path.stat().st_mode
        if _read_only(path, mode):
            return _("{name} is read-only: allow writing to it and run again.").format(name=called)
        if os.name != "posix" or os.access(path.parent, os.W_OK):
            return _("{name} is open in another program: close it in Excel and run again.").format(name=called)
    message = _("{name} cannot be written ({reason}): allow writing to its folder, or choose another one.")
    return message.format(name=called, reason=reason)


def in_reading(path: Path, error: OSError, called: object = None) -> str:
    """Say why a file could not be read."""
    called = called or path.name
    reason = error.strerror or str(error)
    if not (concerns_one_file(error) and path.is_file()):
        return _("{name} cannot be read: {reason}.").format(name=called, reason=reason)
    if os.name == "posix" and not (path.stat().st_mode & _READABLE and os.access(path, os.R_OK)):
        return _("{name} cannot be read ({reason}): allow reading it and run again.").format(name=called, reason=reason)
    message = _("{name} is open in another program, which lets nobody read it: close it in Excel and run again.")
    return message.format(name=called)


def _read_only(path: Path, mode: int) -> bool:
    return not mode & _WRITABLE or (os.name == "posix" and not os.access(path, os.W_OK))


def _windows(error: OSError) -> int | None:
    code: int | None = getattr(error, "winerror", None)  # there on Windows only
    return code


def _too_long(error: OSError) -> bool:
    return _windows(error) == _NO_PATH and len(str(error.filename or "")) >= _LONGEST_PATH
