"""Some territories of a source, chosen by id, leader, region or whatever else their table says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from xlsales.errors import InputError
from xlsales.schema import TERRITORIES, Kind, Table
from xlsales.tables.cells import parse_column, territory_keys
from xlsales.tables.raw import Chunk, near_match
from xlsales.texts import _

_BY = tuple(column.name for column in TERRITORIES if column.kind in (Kind.KEY, Kind.TEXT, Kind.CHOICE, Kind.COUNT))


@dataclass
class Selection:
    """What `--only` asks for: terms such as `T01`, `T0*` or `leader=Lee*`; a territory that one of them fits is made.

    Rows of the others are passed over, as if they were not there.
    """

    terms: Sequence[tuple[str, str]] = ()  # column and pattern, in small letters
    _others: set[str] = field(default_factory=set)
    _found: bool = False

    def keep(self, table: Table, chunk: Chunk) -> Chunk:
        """Return the rows of chosen territories; the table territories comes first."""
        if not self.terms:
            return chunk
        blank: list[object] = [None] * len(chunk.rows)
        keys = territory_keys(table, chunk.columns.get("territory_id", blank))
        if table.name == TERRITORIES.name:
            chosen = self._chosen(chunk)
            self._found |= any(chosen)
            self._others |= {key for key, wanted in zip(keys, chosen, strict=True) if key is not None and not wanted}
        else:
            chosen = [key is None or key not in self._others for key in keys]
        return chunk if all(chosen) else chunk.take([at for at, wanted in enumerate(chosen) if wanted])

    def wants(self, territory: object) -> bool:
        """Whether rows with this cell for their territory are of interest, once the table territories was read."""
        if not self.terms:
            return True
        [key] = territory_keys(TERRITORIES, [territory])
        return key is None or key not in self._others

    def refuse_nothing(self, file: str) -> None:
        """Raise InputError where no territory is chosen."""
        if self.terms and not self._found:
            terms = ", ".join(pattern if by == "territory_id" else f"{by}={pattern}" for by, pattern in self.terms)
            message = _(
                "--only {terms}: {file} has no such territory. Patterns may hold * and ?; letter case is all one."
            )
            raise InputError(message.format(terms=terms, file=file))

    def _chosen(self, chunk: Chunk) -> list[bool]:
        chosen = [False] * len(chunk.rows)
        for by, pattern in self.terms:
            cells = chunk.columns.get(by)
            if cells is not None:
                values, _problems = parse_column(TERRITORIES[by], cells)
                for at, value in enumerate(values):
                    chosen[at] |= value is not None and fnmatchcase(str(value).strip().casefold(), pattern)
        return chosen


def selection(given: Sequence[str]) -> Selection:
    """Read what was typed behind `--only`, each `T01,T07` or `leader=Lee*`; raises InputError for unknown columns."""
    terms = []
    for text in given:
        by, equals, patterns = text.partition("=")
        column = by.strip().casefold() if equals else "territory_id"
        if column not in _BY:
            near = near_match(column, _BY)
            hint = _("did you mean {near}?").format(near=near) if near else _("there are {names}.")
            message = _("--only {text}: territories have no column {column}: ") + hint
            raise InputError(message.format(text=text, column=by.strip(), names=", ".join(_BY)))
        patterns = patterns if equals else text
        terms += [(column, pattern.strip().casefold()) for pattern in patterns.split(",") if pattern.strip()]
    if given and not terms:
        raise InputError(_("--only: give ids such as T01,T07, or a column and a text such as leader=Lee*."))
    return Selection(terms)
