"""A column that a map takes from another file of the export, by a key: the price of a product, the id of an account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlsales.errors import InputError
from xlsales.schema import TABLES
from xlsales.tables.mapping.mapped import Found, Mapped
from xlsales.tables.mapping.shape import How, Lookup, TableMap, plain
from xlsales.tables.mapping.written import is_nothing, unquoted
from xlsales.tables.raw import is_blank, near_match
from xlsales.tables.record import Record
from xlsales.texts import _


class Entries(Mapped):
    """Reads a file for what it says about each key; stands where a table's map stands, and yields no rows."""

    def __init__(self, lookup: Lookup, how: How, place: str) -> None:
        """Take what is looked up, and the place in the map that says so."""
        super().__init__(TABLES["deals"], TableMap(lookup.source), how)
        self._lookup = lookup
        self._place = place
        self._known: dict[str, object] = {}
        self._unclear: set[str] = set()

    @property
    def headings(self) -> set[str]:
        """The headings that are needed, in small letters: by them a delimiter is known."""
        return {self._lookup.key.casefold(), self._lookup.take.casefold()}

    @property
    def keys(self) -> set[str]:
        """The headings of identifiers, in small letters: a workbook's 7 that shows 007 is 007."""
        return self.headings

    def apply(
        self, file: str, header: Sequence[object], records: Iterator[Record]
    ) -> tuple[list[str], Iterator[Record]]:
        """Take all rows; InputError names a heading that is not there."""
        headings = ["" if is_blank(cell) else str(cell).strip() for cell in header]
        places = {heading.casefold(): place for place, heading in reversed(list(enumerate(headings)))}
        for heading in (self._lookup.key, self._lookup.take):
            if heading.casefold() not in places:
                near = near_match(heading, [one for one in headings if one])
                hint = _("did you mean “{near}”?").format(near=near) if near else _("correct the map.")
                message = _("{place}: {file} has no column “{heading}”: {hint}")
                raise InputError(message.format(place=self._place, file=file, heading=heading, hint=hint))
        key_at, take_at = places[self._lookup.key.casefold()], places[self._lookup.take.casefold()]
        for record in records:
            if record.problem is None:
                self._take(record.cells[key_at], record.cells[take_at])
        return [], iter(())

    def _take(self, key: object, value: object) -> None:
        if is_blank(key) or is_blank(value) or is_nothing(value, self.how):
            return
        name, value = plain(unquoted(key)), unquoted(value)
        if self._known.setdefault(name, value) != value:
            self._unclear.add(name)

    @property
    def found(self) -> Found:
        """What the file says, by key in small letters, and the keys for which it says several things."""
        return {key: value for key, value in self._known.items() if key not in self._unclear}, self._unclear
