"""How a batch is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xlsales.batch.delivery.name_patterns import NamePattern
from xlsales.batch.delivery.subfolders import Subfolders
from xlsales.batch.filled_copies import WRITERS
from xlsales.batch.update.merging import Prefer
from xlsales.errors import InputError
from xlsales.files.objects import is_url, url_of
from xlsales.tables.mapping import Map
from xlsales.texts import _


@dataclass(frozen=True)
class Options:
    """How a batch is made."""

    out: Path
    file_format: str | None = None  # as the template's, else xlsm
    as_of: dt.date | None = None
    workers: int | None = None
    writer: str = next(iter(WRITERS))
    overwrite: bool = False
    template: Path | None = None
    mapping: Map | None = None  # of a foreign export
    only: Sequence[str] = ()  # territories: ids, patterns, or `leader=Lee*`
    resume: bool = False  # finish what a run that was stopped or killed has begun
    fiscal_year: int | None = None  # of a source with several, the one that is made
    is_first_year: bool = True  # whether rows of which the year cannot be told go with it
    name: NamePattern | None = None  # what planners are called, else by id and name of the territory
    subfolders: Subfolders = field(default_factory=Subfolders)  # which sub-folders planners go into
    pdf: str | None = None  # sheets to be printed of each planner: `Dashboard,Plan`
    update: bool = False  # bring the planners in the folder up to the tables, with what managers have typed
    prefer: Prefer | None = None  # whose value stays where both have changed it; the planner's, unless told
    scheduler: str | None = None  # of a Dask cluster whose workers make the planners: `tcp://host:8786`

    def __post_init__(self) -> None:
        if self.update and self.overwrite:
            raise InputError(_("--update keeps what managers have typed, --overwrite replaces it: take one."))
        if self.prefer and not self.update:
            raise InputError(_("--prefer is for --update: it says whose value stays where both have changed it."))
        if self.scheduler and self.workers:
            raise InputError(_("--workers is for this computer; with --scheduler, all workers of the cluster work."))
        if self.overwrite and self.resume:
            raise InputError(_("--resume keeps the planners that are there, --overwrite replaces them: take one."))

    @property
    def where(self) -> str:
        """Where the planners go, as people write it."""
        return url_of(self.out) if is_url(self.out) else str(self.out)

    @property
    def way_on(self) -> str:
        """What finishes a run with these options that was stopped, in words."""
        return _("--resume in the place of --overwrite") if self.overwrite else "--resume"
