"""`--subfolders`: which sub-folder a planner goes into, by columns of the territories, or by its territory's id.

File managers, sync clients and backups take long over a folder with very many files, and SharePoint lists 5,000.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from xlsales.batch import placing
from xlsales.batch.delivery.name_patterns import listed, text_of
from xlsales.errors import InputError
from xlsales.files.file_names import comparable, folder_name
from xlsales.findings import Finding
from xlsales.schema import TERRITORIES
from xlsales.tables.raw import near_match
from xlsales.texts import _, _n

AUTO, ALWAYS, NEVER = "auto", "always", "never"
MOST: Final = 5000  # planners in one folder
_DIGITS: Final = 2  # of the folders by ids: 256 of them


@dataclass(frozen=True)
class Subfolders:
    """What is asked for: auto, always, never, or columns of territories."""

    text: str = AUTO
    most: int = MOST  # planners in one folder, unless something else is asked for


class Grouping:
    """Takes the territories of a run, then tells the sub-folder of each planner.

    What is not asked for is as it was in the run before, and where there was none, a matter of how many there are.
    """

    def __init__(self, asked: Subfolders, own: Iterable[str], before: object) -> None:
        """Take what is asked for, the company's own columns, and what the run before says that it has done.

        Raises InputError for a column that the territories do not have.
        """
        self._most = asked.most
        self._own = own = list(own)
        word = asked.text.strip().casefold()
        self.is_asked = word != AUTO
        self._by: str | Sequence[str] | None = word if word in (ALWAYS, NEVER) else None
        if self._by is None and self.is_asked:
            self._by = self._columns(asked.text)
        elif self._by is None:
            self._by = self._as_before(before)
        self._groups: dict[str, str] = {}  # what the columns say of each territory, as a path

    def _columns(self, text: str) -> list[str]:
        """Return the columns of these names, which commas divide; that a name may hold one too is tried first."""
        there = [*(column.name for column in TERRITORIES), *self._own]
        known = {name.casefold(): name for name in there}
        texts = [text] if text.strip().casefold() in known else text.split(",")
        columns: list[str] = []
        if not any(map(str.strip, texts)):
            raise InputError(_("--subfolders: name columns of territories, such as region, or auto, always, never."))
        for one in filter(None, map(str.strip, texts)):
            if one.casefold() not in known:
                near = near_match(one, [*there, AUTO, ALWAYS, NEVER])
                names = ", ".join(name for name in there if not name.startswith("season_"))
                hint = _("did you mean {near}?") if near else _("there are auto, always, never, {names}.")
                message = _("--subfolders {text}: territories have no column {column}: {hint}")
                told = message.format(text=text, column=one, hint=hint.format(near=near, names=names))
                raise InputError(told)
            columns.append(known[one.casefold()])
        return columns

    def _as_before(self, told: object) -> str | Sequence[str] | None:
        """Return how the run before has done it; raises InputError where its columns are gone."""
        if told in (ALWAYS, NEVER):
            return str(told)
        columns = [str(name) for name in told] if isinstance(told, list) else []
        there = {*(column.name for column in TERRITORIES), *self._own}
        gone = [name for name in columns if name not in there]
        if gone:
            message = _(
                "The run before has put planners into sub-folders by {column}, a column that territories no longer "
                "have: say --subfolders, with another column, always or never."
            )
            raise InputError(message.format(column=", ".join(gone)))
        return columns or None

    @property
    def columns(self) -> Sequence[str]:
        """The columns that it looks at."""
        return self._by if isinstance(self._by, list) else ()

    @property
    def told(self) -> str | Sequence[str] | None:
        """What the run report says of it; None where all planners are in one folder, as they are if few."""
        return self._by

    def look(self, territory: Mapping[str, object], own: Mapping[str, str]) -> None:
        """Take a territory, with what is the company's own."""
        row = {**own, **territory}
        texts = filter(None, (text_of(row.get(column)) for column in self.columns))
        self._groups[sys.intern(str(territory["territory_id"]))] = sys.intern("/".join(map(folder_name, texts)))

    def placed(self, names: dict[str, str]) -> dict[str, str]:
        """Return the files by territory id, with their sub-folders."""
        if self._by is None and len(names) > self._most:
            self._by = ALWAYS
        if self._by == ALWAYS:
            return {key: placing.placed(_of_id(key), name) for key, name in names.items()}
        if not self.columns:
            return names
        alike = _spelled_alike(self._groups.values())
        return {key: placing.placed(alike[self._groups[key]], name) for key, name in names.items()}

    def findings(self, files: Mapping[str, str]) -> Iterator[Finding]:
        """Yield what is to be said of where these planners go."""
        if self._by == ALWAYS and not self.is_asked and len(files) > self._most:
            there = Counter(map(placing.folder_of, files.values()))
            message = _(
                "{count:,} planners are too many for one folder of Explorer, Finder or a sync client: each is in a "
                "sub-folder by its territory's id. --subfolders region, or another column, puts those together that "
                "belong together; --subfolders never leaves all in one folder."
            )
            if there[""]:
                message = _(
                    "{count:,} planners are too many for one folder of Explorer, Finder or a sync client: {kept:,} of "
                    "them stay where they were, and the others are in sub-folders by their territories' ids. Another "
                    "folder with --subfolders region, or another column, puts those together that belong together."
                )
            yield _finding("info", "SUBFOLDERS", message.format(count=len(files), kept=there[""]))
        if self.columns:
            yield from self._of_columns(files)

    def _of_columns(self, files: Mapping[str, str]) -> Iterator[Finding]:
        columns = ",".join(self.columns)
        empty = [key for key in files if not self._groups[key]]
        if empty:
            message = _n(
                "--subfolders {columns} says nothing of {count} territory ({keys}), whose planner is in no sub-folder: "
                "fill the column.",
                "--subfolders {columns} says nothing of {count} territories ({keys}), whose planners are in no "
                "sub-folder: fill the column.",
                len(empty),
            )
            told = message.format(columns=columns, count=len(empty), keys=listed(empty))
            yield _finding("warning", "SUBFOLDER_EMPTY", told)
        folder, most = max(Counter(map(placing.folder_of, files.values())).items(), key=lambda one: one[1])
        if most > self._most:
            message = _(
                "The sub-folder {folder} gets {count:,} planners, and Explorer, Finder and sync clients are slow with "
                "more than {most:,}: name another column behind it, such as --subfolders {columns},leader."
            )
            told = message.format(folder=folder or ".", count=most, most=self._most, columns=columns)
            yield _finding("warning", "SUBFOLDER_LARGE", told)


def _of_id(territory_id: str) -> str:
    """Return the sub-folder of a territory, which is the same whatever others there are."""
    return hashlib.sha256(territory_id.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _spelled_alike(paths: Iterable[str]) -> dict[str, str]:
    """Return each path of sub-folders so that those have one spelling which some file system takes for one."""
    spelled: dict[str, str] = {}
    every = sorted(set(paths))
    for path in every:
        parts = path.split("/")
        for depth, part in enumerate(parts, start=1):
            spelled.setdefault(comparable("/".join(parts[:depth])), part)
    return {
        path: "/".join(spelled[comparable("/".join(parts[:depth]))] for depth in range(1, len(parts) + 1))
        for path in every
        for parts in [path.split("/")]
    }


def _finding(severity: Any, code: str, message: str) -> Finding:
    return Finding(severity, code, message, table=TERRITORIES.name)
