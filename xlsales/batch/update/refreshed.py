"""One planner brought up to new tables: read, merged, and put into the template like any other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from xlsales.batch.plan import Plan, fill
from xlsales.batch.update import base as bases
from xlsales.batch.update import telling, theirs, without_place
from xlsales.batch.update.base import Recorder
from xlsales.batch.update.beside import Beside
from xlsales.batch.update.folder import RENAMED, left_alone
from xlsales.batch.update.inputs import Inputs, same
from xlsales.batch.update.layout import Layout, layout
from xlsales.batch.update.merging import Merged, Prefer, merge
from xlsales.batch.update.there import Readable
from xlsales.cells.values import InputValue
from xlsales.errors import InputError
from xlsales.files import obstacles
from xlsales.files.objects import UnreachableError
from xlsales.findings import Finding
from xlsales.schema import TABLES
from xlsales.texts import N_, _
from xlsales.workbook import carried, damaged, returned
from xlsales.workbook.filling import Filling
from xlsales.workbook.template import Template

if TYPE_CHECKING:
    from xlsales.workbook.returned import Returned

DELETED = "DELETED_KEPT"  # why rows of the tables do not stand in a planner: its manager has deleted them
_ROOM = 2**20

_NO_BASE = N_(
    "It does not hold what the run before wrote into it, as a planner does that an older version made, or a program "
    "saved that drops custom properties: what its manager has changed cannot be known. Put the planner as it was sent "
    "out beside it, under its own name, and run again; or make it anew with --overwrite, which keeps a copy."
)
_OTHER_MONTH = N_(
    "It no longer holds what a run wrote into it, and is of another run than the planner beside it: the two have "
    "another as-of date. What its manager has changed cannot be known."
)
_AS_OF = "in_as_of"
_DAMAGED_BASE = N_("What the run before wrote into it was changed: what its manager has changed cannot be known.")
_OTHER = N_("It was made for the territory {made}, and its cell says {told}: it cannot be known whose it is.")
_OTHER_YEAR = N_("It is the planner of {old}, and the tables are of {new}: take another folder for another year.")


@dataclass(frozen=True)
class Update:
    """How the planners of a folder are to be updated; workers get it with their job."""

    prefer: Prefer
    files: Mapping[str, str]  # by territory id: the planner that is there
    originals: Mapping[str, str] = field(default_factory=dict)  # and beside it the planner as it was sent out


@dataclass
class Refreshed:
    """What is to go into a planner, and what was found on the way."""

    file: str  # the planner as it is called now
    sha256: str
    merged: Merged
    filling: Filling  # what the tables alone say
    prefer: Prefer
    tag: str  # of the object, in object storage
    record: Mapping[str, Any]  # of what the tables say, for the next update
    needed: Mapping[str, int]  # rows of each Excel table of the template that holds fewer
    findings: list[Finding] = field(default_factory=list)

    @property
    def place(self) -> dict[str, str]:
        """The planner that is there: its file and fingerprint."""
        return {"file": self.file, "sha256": self.sha256, **({"tag": self.tag} if self.tag else {})}

    @property
    def kept(self) -> int:
        """How many values and rows stay as the manager left them."""
        conflicts = self.merged.count("conflict") if self.prefer == "planner" else 0
        return self.merged.count("kept", "gone") + conflicts


class Updater:
    """Updates planners of one template."""

    def __init__(self, template: Template, update: Update, there: Readable) -> None:
        self._template, self._update, self._there = template, update, there
        self._layout = layout(template)
        self._roomy = _roomy(template)
        self._beside = Beside(template)
        self._recorder = Recorder(self._layout, template.sha256)

    def fetched(self, plans: Sequence[Plan]) -> AbstractContextManager[None]:
        """Have the planners at hand of plans that come one after the other."""
        names = (self._update.files.get(plan.territory_id) for plan in plans)
        return self._there.fetched(filter(None, names))

    def refreshed(self, plan: Plan) -> Refreshed | Finding | None:
        """Return what goes into a territory's planner, or why it is left alone; None where there is none yet."""
        name = self._update.files.get(plan.territory_id)
        if name is None:
            return None
        try:
            read = self._there.read(name, plan.file_name)
            name = read.name
            with damaged.in_one_line(name):
                planner = returned.parse(read.content, name)
                last = self._last(planner, plan)
                before = bases.inputs(last)
                found = theirs.read(planner, self._layout, before)
                if not planner.identity.is_stamped:
                    _refuse_other_month(before, found.inputs)
                is_of_this = last.get("template") == self._template.sha256
                beside = self._beside.places(planner, found.cells) if is_of_this else []
        except InputError as error:
            return left_alone(name, str(error), plan.territory_id)
        except UnreachableError:  # which concerns all of them
            raise
        except OSError as error:
            return left_alone(name, obstacles.in_reading(Path(name), error, name), plan.territory_id)
        filling = fill(self._roomy, plan)
        record = self._recorder.record(filling)
        ours = bases.inputs(record)
        merged = merge(before, found.inputs, ours, self._update.prefer)
        findings = [
            *_renamed(name, plan),
            *([] if is_of_this else [without_place.of_template(planner, last, self._layout, plan)]),
            *telling.of_reading(found, beside, plan),
            *without_place.of_inputs(found.more, plan),
        ]
        digest, needed = hashlib.sha256(read.content).hexdigest(), self._layout.needed(merged.inputs)
        return Refreshed(name, digest, merged, filling, self._update.prefer, read.tag, record, needed, findings)

    def _last(self, planner: Returned, plan: Plan) -> Mapping[str, Any]:
        """Return what the run before wrote into a planner; InputError where it is not this territory's."""
        identity = planner.identity
        if identity.made_for and identity.made_for != identity.territory_id:
            raise InputError(_(_OTHER).format(made=identity.made_for, told=identity.territory_id or _("nothing")))
        try:
            record = carried.read(bases.NAME, planner.properties)
        except carried.DamagedError as error:
            raise InputError(_(_DAMAGED_BASE)) from error
        if record is None and plan.territory_id in self._update.originals:
            record = self._of_original(self._update.originals[plan.territory_id])
        if record is None:
            raise InputError(_(_NO_BASE))
        year = record["single"].get("in_fiscal_year")
        if year is not None and int(year) != int(str(plan.territory["fiscal_year"])):
            raise InputError(_(_OTHER_YEAR).format(old=int(year), new=plan.territory["fiscal_year"]))
        return record

    def _of_original(self, name: str) -> dict[str, Any] | None:
        """Return what the run before wrote into a planner, from the copy that nobody has changed."""
        return carried.read(bases.NAME, returned.parse(self._there.read(name, name).content, name).properties)


def _refuse_other_month(before: Inputs, theirs: Inputs) -> None:
    """Raise InputError where a planner that lost what it carried is not of the run that its original is of."""
    days = [inputs.single.get(_AS_OF) for inputs in (before, theirs)]
    if not same(*days):
        raise InputError(_(_OTHER_MONTH))


def filled(at: Layout, plan: Plan, refreshed: Refreshed) -> Filling:
    """Return what goes into the cells of a template that is large enough."""
    inputs = refreshed.merged.inputs
    told = telling.of_merging(refreshed.merged, at, plan, refreshed.prefer, refreshed.kept)
    lacking = without_place.of_rows(at, inputs, refreshed.filling.placed, plan)
    filling = Filling(findings=[*refreshed.filling.findings, *refreshed.findings, *told, *lacking])
    filling.single = {place: cast("InputValue", value) for place, value in at.cells(inputs).items()}
    filling.left_out = {table: dict(reasons) for table, reasons in refreshed.filling.left_out.items()}
    filling.placed = dict(refreshed.filling.placed)
    for table, count in refreshed.merged.deleted.items():
        known = min(count, filling.placed.get(table, 0))
        if known and table in TABLES:
            filling.placed[table] -= known
            filling.left_out.setdefault(table, {})[DELETED] = known
    return filling


def _renamed(name: str, plan: Plan) -> Iterator[Finding]:
    if name != plan.file_name:
        message = _("It was called {name} before; that file is in the backup.").format(name=name)
        yield Finding("info", RENAMED, message, plan.file_name, territory_id=plan.territory_id)


def _roomy(template: Template) -> Template:
    """Return a template whose lists have room for any rows: its cells are never written."""
    tables = {
        name: replace(table, rows=_ROOM) if name in _lists(template) else table
        for name, table in template.tables.items()
    }
    return replace(template, tables=tables)


def _lists(template: Template) -> Sequence[str]:
    growing = (template.table(TABLES[name]) for name in ("accounts", "deals", "team"))
    targets = [target for target in growing if target is not None]
    return [name for name, table in template.tables.items() if table in targets]
