"""The names into one file, or out of it: in place, or into another file; whole or not at all."""

from __future__ import annotations

from pathlib import Path

from xlsales.errors import InputError
from xlsales.files import atomic, obstacles
from xlsales.files.file_names import refuse_unusable
from xlsales.lambdas.embed import Embedded, embedded, removed
from xlsales.texts import _
from xlsales.workbook import opening


def embed(
    path: Path, out: Path | None = None, *, remove: bool = False, dry_run: bool = False, overwrite: bool = False
) -> Embedded:
    """Put the names into a file, or take them out; raises InputError where it cannot be read, or not be written."""
    target = _target(path, out, dry_run=dry_run, overwrite=overwrite)
    before = path.stat()
    content = opening.bytes_of(path, path)
    result = removed(content, str(path)) if remove else embedded(content, str(path))
    if dry_run or (out is None and result.package == content):
        return result
    now = path.stat()
    if (now.st_mtime_ns, now.st_size) != (before.st_mtime_ns, before.st_size):
        message = _("{path} was saved by another program in the meantime. It was left as it is; run again.")
        raise InputError(message.format(path=path))
    try:
        atomic.write(target, result.package)
    except OSError as error:
        raise InputError(obstacles.in_writing(target, error, target)) from error
    return result


def _target(path: Path, out: Path | None, *, dry_run: bool, overwrite: bool) -> Path:
    """The file to write; raises InputError where it cannot be, before the work begins."""
    refuse_unusable(path)
    if path.is_dir():
        raise InputError(_("{path} is a folder. Name one workbook in it.").format(path=path))
    if not path.exists():
        raise InputError(_("{path}: there is no such file.").format(path=path))
    target = path.resolve() if out is None else out
    if out is not None:
        refuse_unusable(out)
        if out.is_dir():
            target = out / path.name
        if target.suffix.lower() != ".xlsx":
            message = _("--out {out}: give a file name that ends with .xlsx, or a folder that is there.")
            raise InputError(message.format(out=out))
        if target.exists() and not overwrite and not dry_run:
            message = _("{target} already exists. Choose another file, or replace it with --overwrite.")
            raise InputError(message.format(target=target))
    reason = None if dry_run else obstacles.before_writing(target, target)
    if reason:
        raise InputError(reason)
    return target
