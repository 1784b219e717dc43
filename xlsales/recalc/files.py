"""Recalculates one file: in place, or into another folder; whole or not at all."""

from __future__ import annotations

import datetime as dt
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from xlsales import atomic
from xlsales.errors import InputError
from xlsales.recalc import Recalculated, recalculated
from xlsales.texts import _


@dataclass(frozen=True)
class Options:
    """How files are recalculated."""

    out: Path | None = None  # a folder; else in place
    as_of: dt.date | None = None
    dry_run: bool = False
    overwrite: bool = False  # replace files in `out`


def recalculate(path: Path, options: Options) -> Recalculated:
    """Recalculate a file; raises InputError where it cannot be read, or not be replaced."""
    target = _target(path, options)
    before = _stamp(path)
    try:
        package = path.read_bytes()
    except OSError as error:
        raise InputError(_("{path} cannot be read ({error}).").format(path=path, error=error.strerror)) from error
    result = recalculated(package, str(path), options.as_of)
    if options.dry_run or (options.out is None and result.package == package):
        return result
    if _stamp(path) != before:
        message = _("{path} was saved by another program in the meantime. It was left as it is; run again.")
        raise InputError(message.format(path=path))
    _write(target, result.package)
    return result


def _target(path: Path, options: Options) -> Path:
    if path.is_dir():
        message = _("{path} is a folder. Name the workbooks in it, for example {example}.")
        raise InputError(message.format(path=path, example=path / "*.xlsx"))
    if not path.exists():
        raise InputError(_("{path}: there is no such file.").format(path=path))
    if options.out is None:
        real = path.resolve()  # a link goes on leading to the file
        if not options.dry_run:
            _refuse_locked(real)
        return real
    target = options.out / path.name
    if target.exists() and not (options.overwrite or options.dry_run):
        message = _("{target} already exists. Choose another folder, or replace it with --overwrite.")
        raise InputError(message.format(target=target))
    return target


def _refuse_locked(path: Path) -> None:
    """Raise InputError where a file is open in Excel or LibreOffice, or read-only."""
    for lock in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if lock.exists():
            message = _("{path} is open in another program. Close it there; if it is not, delete {lock}.")
            raise InputError(message.format(path=path, lock=lock))
    if not path.stat().st_mode & stat.S_IWRITE or not os.access(path, os.W_OK):
        message = _("{path} is read-only. Allow writing to it, or choose another folder with --out.")
        raise InputError(message.format(path=path))


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def _write(target: Path, content: bytes) -> None:
    mode = target.stat().st_mode if target.exists() else None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(target, content)
        if mode is not None:
            target.chmod(stat.S_IMODE(mode))
    except PermissionError as error:
        message = _("{target} cannot be replaced ({error}). Close it in other programs, or choose another folder.")
        raise InputError(message.format(target=target, error=error.strerror)) from error
