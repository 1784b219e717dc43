"""Looks at the territories of a run for all that is delivered: names, recipients, details, one currency."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from xlsales.batch import earlier
from xlsales.batch.delivery import details
from xlsales.batch.delivery.deliveries import Deliveries
from xlsales.batch.delivery.group_currency import Conversion
from xlsales.batch.delivery.name_patterns import Named
from xlsales.batch.delivery.pdf import Printing
from xlsales.batch.delivery.recipients import PEOPLE, Recipients
from xlsales.batch.delivery.subfolders import Grouping
from xlsales.batch.earlier import PlacesBefore
from xlsales.batch.options import Options
from xlsales.batch.place import Place
from xlsales.cells.rows import Row, Rows
from xlsales.files.file_names import planner_names
from xlsales.findings import Finding
from xlsales.tables import Parts
from xlsales.tables.rates import rates_of
from xlsales.workbook.template import Template

Owned: TypeAlias = Mapping[str, Mapping[str, str]]  # by territory: cells in columns of the company's own, by heading


_COLUMNS = ("territory_id", "territory_name", "currency")


class Receiving:
    """Takes the territories part by part; the rates stand in the source as a whole."""

    def __init__(self, options: Options, parts: Parts, before: PlacesBefore) -> None:
        """Raise InputError where `--name` or `--subfolders` asks for a column that there is not."""
        self._pattern = options.name
        self._fiscal_year = options.fiscal_year
        if self._pattern is not None:
            self._pattern.refuse_unknown(parts.own_columns)
        self._before, self._updates = before, options.update
        self._grouping = Grouping(options.subfolders, parts.own_columns, before.subfolders)
        self._stay = options.update or not self._grouping.is_asked
        if options.resume and before.stay is not None:
            self._stay = before.stay
        self._named = None if self._pattern is None else Named(self._pattern)
        self._territories: dict[str, str] = {}
        self._files: dict[str, str] = {}
        self._currencies: dict[str, str] = {}
        self._has_own = bool(parts.own_columns)
        self._recipients = Recipients()
        self._rates = None if parts.rates is None else rates_of(parts.rates)
        self._conversion: Conversion | None = None

    @property
    def columns(self) -> set[str]:
        """The columns of the territories that are looked at, beside those of the company's own."""
        pattern = () if self._pattern is None else self._pattern.columns
        return {*_COLUMNS, *PEOPLE, *pattern, *self._grouping.columns}

    def look(self, territories: Rows, owned: Owned) -> None:
        """Take the territories of one more part, with what is a company's own of each."""
        for key, name, currency in zip(*(map(str, territories.columns[column]) for column in _COLUMNS), strict=True):
            self._territories[sys.intern(key)] = name  # which is kept with each of the run's own notes
            self._currencies[sys.intern(key)] = sys.intern(currency)
        for territory in territories if self._has_own else ():
            self._recipients.look(territory, owned.get(str(territory["territory_id"]), {}))
        self.look_at_others(territories, owned)

    def look_at_others(self, territories: Iterable[Row], owned: Owned) -> None:
        """Take territories that no planner is made for, but that a run for all would name planners by."""
        takers: list[Named | Grouping] = [] if self._named is None else [self._named]
        takers += [self._grouping] if self._grouping.columns else []
        for territory in territories if takers else ():
            own = owned.get(str(territory["territory_id"]), {})
            for taker in takers:
                taker.look(territory, own)

    def settled(self, place: Place, extension: str) -> dict[str, str]:
        """Return the planners' files by territory id, with their sub-folders in this place."""
        files = self._grouping.placed(self._names(extension))
        before = self._before.folders
        if self._updates and not self._before.is_known:  # a planner holds all else that an update needs to know
            before = {*before, *place.folders_with_planners()}
        self._files = place.settled(files, before, stay=self._stay)
        return self._files

    def _names(self, extension: str) -> dict[str, str]:
        if self._named is None:
            return planner_names(self._territories, extension)
        names = self._named.names(extension)
        return {key: names[key] for key in self._territories}

    def findings(self, template: Template, as_of: dt.date | None) -> Iterator[Finding]:
        """Yield what is to be said of names, details, addresses and rates."""
        if self._named is not None:
            yield from self._named.findings(self._territories)
        yield from self._grouping.findings(self._files)
        yield from details.without_place(template, self._recipients.headings)
        yield from self._recipients.findings()
        if (conversion := self._convert(as_of)) is not None:
            yield from conversion.findings()

    def deliveries(self, as_of: dt.date | None, printing: Printing | None) -> Deliveries:
        """Return what the run delivers."""
        conversion = self._convert(as_of)
        name = None if self._pattern is None else self._pattern.text
        group = None if conversion is None else conversion.group
        subfolders = (
            {} if self._grouping.told is None else {earlier.SUBFOLDERS: self._grouping.told, earlier.STAY: self._stay}
        )
        return Deliveries(name, self._fiscal_year, printing, self._recipients, group, subfolders)

    def _convert(self, as_of: dt.date | None) -> Conversion | None:
        if self._rates is not None and self._conversion is None:
            self._conversion = Conversion(self._rates, as_of, self._currencies)
        return self._conversion

    @property
    def fingerprint(self) -> list[object]:
        """What a run that resumes another must have in common with it, beside the planners' inputs."""
        return [] if self._rates is None else [self._rates.all]
