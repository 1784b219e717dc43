"""Reads planners in a process of its own: a file that aborts a reader, or never ends it, costs itself alone.

python -m xlsales.collection.worker SECONDS MEGABYTES
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from xlsales.bounded import serve
from xlsales.collection import quickly
from xlsales.collection.finding import PlannerFinding
from xlsales.collection.planner import Planner, unreadable
from xlsales.collection.reading import Reading
from xlsales.collection.reference import References
from xlsales.errors import InputError
from xlsales.texts import _
from xlsales.workbook import opening
from xlsales.workbook.returned import NoPlannerError


class Question(NamedTuple):
    """Files to be read, and the template that they are compared with if it is not a shipped one."""

    paths: tuple[str, ...]
    template: str = ""


def answered(question: Question) -> list[Planner]:
    """Read some planners."""
    references = _references(question.template)
    return quickly.calculated(_opened(Path(path), references) for path in question.paths)


def _opened(path: Path, references: References) -> Reading | Planner:
    try:
        return quickly.opened(path, str(path), references)
    except NoPlannerError:
        return Planner(str(path), findings=(PlannerFinding("NO_PLANNER", str(path)),))
    except InputError as error:
        return unreadable(str(path), reason(str(error), path))
    except OSError as error:
        return unreadable(str(path), error.strerror or str(error))


def reason(message: str, path: Path) -> str:
    """Return why a file cannot be read, without its name at the beginning."""
    for name in (str(path), path.name):
        if message.startswith(name):
            rest = message.removeprefix(name)
            return _("it {is_so}").format(is_so=rest.strip()) if rest.startswith(" ") else rest.lstrip(":, ")
    return message


@cache
def _references(template: str) -> References:
    if not template:
        return References()
    path = Path(template)
    return References(opening.bytes_of(path), path.name)


if __name__ == "__main__":
    serve(answered)
