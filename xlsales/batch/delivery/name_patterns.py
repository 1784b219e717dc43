"""`--name "{territory_id} {person}"`: what a planner's file is called, from any column of the territories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from string import Formatter

from xlsales.errors import InputError
from xlsales.files.file_names import comparable, file_names, forbidden, stem
from xlsales.findings import Finding, shown
from xlsales.schema import TERRITORIES
from xlsales.tables.raw import near_match
from xlsales.texts import _, _n

_ENDINGS = (".xlsm", ".xlsx")
_EXAMPLES = 3


@dataclass(frozen=True)
class NamePattern:
    """A pattern: texts, each followed by a column in small letters; the last by none."""

    text: str
    parts: Sequence[tuple[str, str]]

    @property
    def columns(self) -> list[str]:
        """The columns that it names."""
        return [column for _text, column in self.parts if column]

    def filled(self, row: Mapping[str, object]) -> str:
        """Return the name for a territory; `row` has its cells by column, in small letters."""
        named = "".join(text + text_of(row.get(column)) for text, column in self.parts)
        return " ".join(named.split())

    def is_empty(self, row: Mapping[str, object]) -> bool:
        """Whether none of its columns says anything of a territory."""
        return not any(text_of(row.get(column)) for column in self.columns)

    def refuse_unknown(self, own: Iterable[str]) -> None:
        """Raise InputError for a column that the territories do not have; `own` are those of the company's own."""
        there = [*(column.name for column in TERRITORIES), *own]
        known = {name.casefold() for name in there}
        for column in self.columns:
            if column not in known:
                near = near_match(column, there)
                names = ", ".join(name for name in there if not name.startswith("season_"))
                hint = _("did you mean {{{near}}}?") if near else _("there are {names}.")
                message = _("--name {text}: territories have no column {column}: {hint}")
                told = message.format(text=self.text, column=column, hint=hint.format(near=near, names=names))
                raise InputError(told)


def name_pattern(text: str) -> NamePattern:
    """Read what was typed behind `--name`; raises InputError for what can be no name."""
    if PurePath(text.strip()).suffix.casefold() in _ENDINGS:
        raise InputError(_("--name {text}: leave out the ending, which --format decides.").format(text=text))
    parts: list[tuple[str, str]] = []
    try:
        for literal, field, spec, conversion in Formatter().parse(text):
            if spec or conversion or (field is not None and not field.strip()):
                raise ValueError
            parts.append((literal, (field or "").strip().casefold()))
    except ValueError:
        message = _('--name {text}: write each column in braces, such as "{{territory_id}} {{person}}".')
        raise InputError(message.format(text=text)) from None
    if not any(column for _literal, column in parts):
        message = _('--name {text}: name a column of territories in braces, such as "{{territory_id}} {{person}}".')
        raise InputError(message.format(text=text))
    if strange := next(filter(None, (forbidden(literal) for literal, _column in parts)), None):
        message = _("--name {text}: a file name cannot hold {character}: leave it out. --subfolders makes sub-folders.")
        raise InputError(message.format(text=text, character=strange))
    return NamePattern(text, parts)


class Named:
    """Takes the territories of a run, then names their planners."""

    def __init__(self, pattern: NamePattern) -> None:
        self._pattern = pattern
        self._texts: dict[str, str] = {}
        self._empty: list[str] = []

    def look(self, territory: Mapping[str, object], own: Mapping[str, str]) -> None:
        """Take a territory, with what is the company's own."""
        key = str(territory["territory_id"])
        row = {name.casefold(): value for name, value in (*own.items(), *territory.items())}
        if self._pattern.is_empty(row):
            self._empty.append(key)
        self._texts[key] = key if self._pattern.is_empty(row) else self._pattern.filled(row)

    def names(self, extension: str) -> dict[str, str]:
        """Return the file names by territory id; of several planners of one name each gets its territory's id."""
        alike = {key for keys in self._alike().values() for key in keys}
        texts = {key: f"{text} {key}" if key in alike else text for key, text in self._texts.items()}
        return file_names(texts, extension)

    def findings(self, chosen: Mapping[str, object]) -> Iterator[Finding]:
        """Yield what is to be said of the names of these territories."""
        empty = [key for key in self._empty if key in chosen]
        if empty:
            message = _n(
                "--name {text} says nothing of {count} territory ({keys}), whose planner is named by its id alone: "
                "fill one of its columns.",
                "--name {text} says nothing of {count} territories ({keys}), whose planners are named by their ids "
                "alone: fill one of their columns.",
                len(empty),
            )
            told = message.format(text=self._pattern.text, count=len(empty), keys=listed(empty))
            yield Finding("warning", "NAME_EMPTY", told, table=TERRITORIES.name)
        for keys in self._alike().values():
            if any(key in chosen for key in keys):
                message = _(
                    "--name {text} gives {count} planners the name “{name}” ({keys}): each gets its territory's id "
                    "behind it. Add a column that tells them apart, such as {{territory_id}}."
                )
                name = shown(self._texts[keys[0]])
                told = message.format(text=self._pattern.text, count=len(keys), name=name, keys=listed(keys))
                yield Finding("info", "NAME_SHARED", told, table=TERRITORIES.name)

    def _alike(self) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = defaultdict(list)
        for key, text in self._texts.items():
            groups[comparable(stem(text))].append(key)
        return {name: keys for name, keys in groups.items() if len(keys) > 1}


def listed(keys: Sequence[str]) -> str:
    """Return the first of some territories, for a person."""
    return ", ".join(shown(key) for key in keys[:_EXAMPLES]) + ("…" if len(keys) > _EXAMPLES else "")


def text_of(value: object) -> str:
    """Return what a cell of the territories says, as a part of a name."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value).strip()
