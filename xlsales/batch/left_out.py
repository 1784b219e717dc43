"""What is said of a planner that was not made: a fault in the middle of it, or workers that ended over it."""

from __future__ import annotations

import re
import sys
import tempfile
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from xlsales.batch.packed import AnyPlan
from xlsales.batch.worker_process import WorkerLost
from xlsales.findings import Finding
from xlsales.texts import _

FAILED, QUARANTINED = "PLANNER_FAILED", "PLANNER_QUARANTINED"
ASKED_TO_END: Final = (KeyboardInterrupt, SystemExit, GeneratorExit)  # no faults, though they come as exceptions

_PACKAGE = Path(__file__).resolve().parents[1]
_LONGEST = 200
_IN_A_NAME = r"""(?:[^\\/\n"'<>|*?,;()…\s]|(?<=\w)'(?=\w))"""
_FOLDERS = re.compile(  # of a path from the root, or from a folder that is left out already
    rf"(?:\\\\|\b[A-Za-z]:[\\/]+|(?<![\w.:/\\<])/|…[\\/]+)(?:{_IN_A_NAME}(?:[ ]*{_IN_A_NAME})*[\\/]+)+"
)


def failed(territory_id: str, findings: Iterable[Finding]) -> list[str]:
    """Return the territory where a fault prevented its planner, and not what stands in its rows."""
    return [territory_id] if any(one.code in (FAILED, QUARANTINED) for one in findings) else []


def finding(plan: AnyPlan, error: BaseException) -> Finding:
    """Return the finding about a planner that this error prevented."""
    if isinstance(error, WorkerLost) and error.megabytes is not None:
        message = _(
            "The planner was left out: with its values, the template's formulas take too long, need more than "
            "{megabytes:,} MB of memory, or stop the calculation engine ({how}). Look at this territory's rows, and at "
            "the formulas that run.json lists under slower_engine; all other planners were made."
        )
        return _error(QUARANTINED, plan, message.format(how=error.how, megabytes=error.megabytes))
    if isinstance(error, WorkerLost):
        message = _(
            "The planner was left out: each worker process that made it alone was lost ({how}). "
            "Run again with --resume, which tries it once more. If that ends alike, look at this territory's rows, and "
            "make it alone with --only and --workers 1; other planners are not concerned."
        )
        return _error(QUARANTINED, plan, message.format(how=error.how))
    if isinstance(error, MemoryError):
        message = _(
            "There was not enough memory for this planner, and it was not made ({fault}). "
            "Close other programs, or run again with fewer --workers."
        )
    else:
        message = _(
            "A fault in the program prevented this planner: {fault}. "
            "Please report this sentence; the planners of other territories are not concerned."
        )
    return _error(FAILED, plan, message.format(fault=_fault(error)))


def _error(code: str, plan: AnyPlan, message: str) -> Finding:
    return Finding("error", code, message, plan.file_name or None, territory_id=plan.territory_id)


def _fault(error: BaseException) -> str:
    """Return the exception's type, text and place in one line, without a path of this computer."""
    text = _without_folders(error.strerror or "" if isinstance(error, OSError) else str(error))
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    named = f"{type(error).__name__}: {shown}" if shown else type(error).__name__
    place = _place(error)
    return _("{error}, in {place}").format(error=named, place=place) if place else named


def _without_folders(text: str) -> str:
    """Return a text with the names of files only: a folder may tell who works here, and for whom."""
    own = (Path.cwd(), _home(), Path(tempfile.gettempdir()), Path(sys.prefix), _PACKAGE.parent)
    for folder in sorted({str(path) for path in own if len(path.parts) > 1}, key=len, reverse=True):
        text = text.replace(folder, "…").replace(repr(folder)[1:-1], "…")
    return _FOLDERS.sub("…/", text)


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # no home
        return Path()


def _place(error: BaseException) -> str:
    """Return the last line of our own that it went through."""
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if _PACKAGE in Path(frame.filename).resolve().parents
    ]
    if not own:
        return ""
    path = Path(own[-1].filename).resolve().relative_to(_PACKAGE).as_posix()
    return f"{path}:{own[-1].lineno} ({own[-1].name})"
