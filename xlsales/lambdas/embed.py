"""Puts the LAMBDAs into anybody's workbook as defined names, and takes them out again; nothing else in it changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from xlsales.errors import InputError
from xlsales.lambdas.library import LONGEST_COMMENT, Lambda, library
from xlsales.texts import _
from xlsales.version import __version__
from xlsales.workbook import damaged, defined_names, name_edits, opening, package, parts, seals
from xlsales.workbook.name_edits import FoundName, NewName

_MARK: Final = re.compile(r" ?\[xlsales [^\]]*\]\Z")  # at the end of a comment: the name is ours
_LAMBDA: Final = "_xlfn.lambda("


class Done(StrEnum):
    """What became of a name."""

    ADDED = "added"
    REPLACED = "replaced"  # ours, of another version
    THERE = "there"  # ours, and the same
    TAKEN = "taken"  # the workbook has a name or a table called so
    REMOVED = "removed"


@dataclass(frozen=True)
class Embedded:
    """A workbook with the names, or without them again."""

    package: bytes
    done: Mapping[str, Done]  # by function, in the catalogue's order
    breaks_signature: bool = False  # whether the workbook had a digital signature, which no longer holds

    def names(self, what: Done) -> list[str]:
        """The functions that this became of."""
        return [name for name, done in self.done.items() if done is what]


def comment(function: Lambda) -> str:
    """What Excel shows with the name; its end says whose the name is, so that it can be removed."""
    mark = f" [xlsales {__version__}]"
    return function.comment[: LONGEST_COMMENT - len(mark)] + mark


def new_name(function: Lambda) -> NewName:
    """A function as a name of a workbook."""
    return NewName(function.name, function.stored, comment(function))


def embedded(content: bytes, name: str) -> Embedded:
    """A workbook with the LAMBDAs as names; a name that it has already stays what it is.

    Raises InputError for what is no workbook, or has macros.
    """
    with damaged.in_one_line(name):
        return _embedded(content, name)


def _embedded(content: bytes, name: str) -> Embedded:
    members, part = _opened(content, name)
    _refuse_macros(members, name)
    there = {found.name.lower(): found for found in name_edits.found(members[part])}
    local = {found.name.lower() for found in name_edits.found(members[part]) if found.of_sheet}
    tables = {table.lower() for table in defined_names.tables(members)}
    ours = {function.name: new_name(function) for function in library().values()}
    done = {}
    for function, new in ours.items():
        key = function.lower()
        done[function] = _state(new, there.get(key), taken=key in tables | local)
    replaced = {name.lower() for name, state in done.items() if state is Done.REPLACED}
    wanted = [new for function, new in ours.items() if done[function] in (Done.ADDED, Done.REPLACED)]
    if not wanted:
        return Embedded(content, done)
    cleaned = name_edits.removed(members[part], lambda found: found.name.lower() in replaced)
    return Embedded(_with(members, part, name_edits.inserted(cleaned, wanted)), done, seals.is_signed(members))


def removed(content: bytes, name: str) -> Embedded:
    """A workbook without the names that `embedded` put into it, of whatever version."""
    with damaged.in_one_line(name):
        return _removed(content, name)


def _removed(content: bytes, name: str) -> Embedded:
    members, part = _opened(content, name)
    ours = [found.name for found in name_edits.found(members[part]) if is_ours(found)]
    if not ours:
        return Embedded(content, {})
    changed = name_edits.removed(members[part], is_ours)
    return Embedded(_with(members, part, changed), dict.fromkeys(ours, Done.REMOVED), seals.is_signed(members))


def is_ours(found: FoundName) -> bool:
    """Whether `embedded` put a name there."""
    marked = _MARK.search(found.comment) is not None
    return marked and not found.of_sheet and found.formula.lower().startswith(_LAMBDA)


def _state(new: NewName, found: FoundName | None, *, taken: bool) -> Done:
    if taken:
        return Done.TAKEN
    if found is None:
        return Done.ADDED
    if not is_ours(found):
        return Done.TAKEN
    return Done.THERE if (found.formula, found.comment) == (new.formula, new.comment) else Done.REPLACED


def _refuse_macros(members: Mapping[str, bytes], name: str) -> None:
    if package.MAIN_XLSM in members.get(parts.CONTENT_TYPES, b"") or package.VBA_PROJECT in members:
        message = _(
            "{name} has macros. There the functions come from the add-in (xlsales addin install) or from its own "
            "macros, and a name of the same word would stop them. Save it as “Excel Workbook (.xlsx)” first."
        )
        raise InputError(message.format(name=name))


def _opened(content: bytes, name: str) -> tuple[dict[str, bytes], str]:
    members = dict(opening.opened(content, name))
    defined_names.outline(members, name)  # refuses what is no workbook, in words
    return members, parts.workbook_part(members)


def _with(members: dict[str, bytes], part: str, content: bytes) -> bytes:
    return package.write({**members, part: content})
