"""Recalculates one file: in place, or into another folder; whole or not at all."""

from __future__ import annotations

import datetime as dt
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from xlsales.bounded import Bounds
from xlsales.errors import DiskFull, InputError
from xlsales.files import atomic, obstacles
from xlsales.files.file_names import refuse_unusable
from xlsales.files.targets import Targets, make_folder, refuse_folder
from xlsales.recalc import Recalculated
from xlsales.recalc.worker import Recalculator
from xlsales.texts import _
from xlsales.workbook import opening


@dataclass(frozen=True)
class Options:
    """How files are recalculated."""

    out: Path | None = None  # a folder; else in place
    as_of: dt.date | None = None
    dry_run: bool = False
    overwrite: bool = False  # replace files in `out`
    everything: bool = False  # also what has a value that nothing has changed
    bounds: Bounds = field(default_factory=Bounds)  # what each file may cost


def recalculate(path: Path, options: Options, recalculator: Recalculator | None = None) -> Recalculated:
    """Recalculate a file; raises InputError where it cannot be read, or not be replaced.

    Without a `recalculator` that is kept for several files, one is started for this.
    """
    if recalculator is None:
        with Recalculator(options.bounds) as own:
            return recalculate(path, options, own)
    target = _target(path, options)
    before = _stamp(path)
    package = opening.bytes_of(path, path)
    result = recalculator.recalculated(package, str(path), options.as_of, everything=options.everything)
    if options.dry_run or (options.out is None and result.package == package):
        return result
    if _stamp(path) != before:
        message = _("{path} was saved by another program in the meantime. It was left as it is; run again.")
        raise InputError(message.format(path=path))
    _write(target, result.package)
    return result


def _target(path: Path, options: Options) -> Path:
    """Return the target; raises InputError where it cannot be written, before the work begins."""
    if not set("*?") & set(path.name):  # what no file fitted
        refuse_unusable(path)
    if path.is_dir():
        message = _("{path} is a folder. Name the workbooks in it, for example {example}.")
        raise InputError(message.format(path=path, example=path / "*.xlsx"))
    if not path.exists():
        raise InputError(_("{path}: there is no such file.").format(path=path))
    if options.out is None:
        real = path.resolve()  # a link goes on leading to the file
        there = Targets(real.parent).stored(real.name)
        real = real.with_name(there[0]) if there else real  # and a name keeps its letter case
        reason = obstacles.before_writing(real, real)
    else:
        real = options.out / path.name
        reason = _in_folder(real, options)
    if reason and not options.dry_run:
        raise InputError(reason)
    return real


def _in_folder(target: Path, options: Options) -> str | None:
    targets = Targets(target.parent)
    if options.dry_run:
        return None
    refuse_folder(target.parent)
    if (there := targets.stored(target.name)) and not options.overwrite:
        message = _("{target} already exists. Choose another folder, or replace it with --overwrite.")
        raise InputError(message.format(target=target.with_name(there[0])))
    return targets.obstacle(target.name, target)


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def _write(target: Path, content: bytes) -> None:
    try:
        make_folder(target.parent)
        Targets(target.parent).adopt(target.name)  # that a name in other letter case is replaced and not doubled
        mode = target.stat().st_mode if target.exists() else None
        atomic.write(target, content)
        if mode is not None:
            with suppress(OSError):  # it is written all the same
                target.chmod(stat.S_IMODE(mode))
    except OSError as error:
        if obstacles.is_full(error):
            raise full(target, error) from error
        raise InputError(obstacles.in_writing(target, error, target)) from error


def full(path: Path, error: OSError) -> DiskFull:
    """Return what is said of a file for which there is no room."""
    message = _("{path}: the disk is full ({reason}).")
    return DiskFull(message.format(path=path, reason=error.strerror or error))
