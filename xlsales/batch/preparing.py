"""Reads and checks the tables and the template: what a batch is to be made of."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from xlsales.batch import alike, checking, earlier, out_folder, template_check
from xlsales.batch.assumptions import Assumptions
from xlsales.batch.checking import Asked
from xlsales.batch.delivery import pdf
from xlsales.batch.delivery.receiving import Receiving
from xlsales.batch.options import Options
from xlsales.batch.packed import Chunk
from xlsales.batch.peers import Peers
from xlsales.batch.place import Place
from xlsales.batch.plan import rooms
from xlsales.batch.run import Batch
from xlsales.batch.runners import Kept
from xlsales.calculation.compiled import Account, Verdict, judging
from xlsales.errors import InputError
from xlsales.files.file_names import refuse_unusable
from xlsales.files.objects import is_url
from xlsales.findings import Finding, FindingsLog
from xlsales.tables import Parts, Summary, parted
from xlsales.tables.selection import selection
from xlsales.tables.spool import Spool
from xlsales.tables.years import FiscalYears
from xlsales.texts import _
from xlsales.workbook import kept_template
from xlsales.workbook import template as templates
from xlsales.workbook.template import Template


def prepare(source: str | Path, options: Options) -> Batch:
    """Read and validate the tables and the template; raises InputError when nothing can be made of them."""
    place = _place(options)
    try:
        if options.scheduler:
            from xlsales.batch.cluster import client  # Dask, which a local run does without

            client.refuse_unusable(options.scheduler)
        return _prepared(source, options, place)
    except BaseException:
        place.close()
        raise


def _prepared(source: str | Path, options: Options, place: Place) -> Batch:
    template, template_findings = _template(options, place)
    printing = pdf.printing(options.pdf, template.package) if options.pdf is not None else None
    with ExitStack() as opened:
        opened.callback(place.close)
        kept = Kept()
        opened.callback(kept.close)
        spread = partial(checking.spread, options.workers, options.scheduler, kept)
        chosen = selection(options.only)
        parts = opened.enter_context(
            parted(source, mapping=options.mapping, selected=chosen, years=_years(options), spread=spread)
        )
        _refuse_unusable(parts)
        summary, log = Summary(), FindingsLog()
        log.add(first_findings := [*template_findings, *parts.findings])
        receiving = Receiving(options, parts, earlier.places(place.folder))
        inputs = 0
        end: dt.date | None = None
        spool = opened.enter_context(Spool())
        loads: list[Callable[[], Chunk]] = []
        gaps, assumptions = template_check.Gaps(template), Assumptions(template)
        columns = receiving.columns | assumptions.columns
        asked = Asked(options.as_of, _chosen(parts), gaps.places, columns, has_room=rooms(template))
        peers, last_day = _of_all(source, options, receiving, parts, kept) if options.only else (Peers(), None)
        for checked in checking.each(parts, asked, options.workers, options.scheduler, kept):
            summary.take(checked.told)
            log.add(checked.findings)
            receiving.look(checked.territories, checked.own)
            end = max(filter(None, (end, checked.end)), default=None)
            gaps.note(checked.lost)
            assumptions.look(checked.territories)
            if not options.only:
                peers.join(checked.peers)
            inputs = (inputs + checked.inputs) % 2**256  # the same in any order
            loads.append(_loaded(checked.chunk, spool))
        as_of = _day(options, last_day or summary.as_of, end)
        gaps.look_at_day(as_of)
        gaps.refuse()
        log.add(assumed := list(assumptions.findings()))
        log.add(summary.findings())
        account, verdict = _calculation(template, options, as_of)
        log.add(calculated := template_check.calculation(template, account))
        names = receiving.settled(place, template.file_format)
        log.add(delivered := list(receiving.findings(template, as_of)))
        log.add(places := list(_places(options, names)))
        return Batch(
            options,
            template,
            parts,
            summary,
            as_of,
            [*first_findings, *calculated, *assumed, *delivered, *places],
            names,
            f"{inputs:064x}",
            _fingerprint(inputs, summary, peers, receiving.fingerprint),
            log,
            peers,
            opened.pop_all(),
            loads,
            kept,
            account,
            verdict,
            deliveries=receiving.deliveries(as_of, printing),
            place=place,
        )


def _place(options: Options) -> Place:
    if is_url(options.out):
        from xlsales.batch.objects.place import ObjectPlace

        return ObjectPlace(options)
    refuse_unusable(options.out)
    return Place(options.out)


def _places(options: Options, names: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is to be said of whose planners there are, and of where they go."""
    yield from alike.findings(names)
    if not is_url(options.out):
        yield from out_folder.not_shared(options.out)
        yield from out_folder.too_long(options.out, names)


def _of_all(
    source: str | Path, options: Options, receiving: Receiving, chosen: Parts, kept: Kept
) -> tuple[Peers, dt.date | None]:
    """Return what a planner takes from territories that are not made: its peers, and the day that all look from."""
    peers, summary = Peers(), Summary()
    spread = partial(checking.spread, options.workers, options.scheduler, kept)
    with parted(source, mapping=options.mapping, years=_years(options), spread=spread) as parts:
        asked = Asked(options.as_of, _chosen(parts), columns=receiving.columns, plans=False)
        for checked in checking.each(parts, asked, options.workers, options.scheduler, kept):
            summary.take(checked.told)
            receiving.look_at_others(checked.territories, checked.own)
            peers.join(checked.peers)
        if chosen.counting is not None and parts.counting is not None:
            chosen.counting.facts = parts.counting.facts
    return peers, summary.as_of


def _years(options: Options) -> FiscalYears:
    return FiscalYears(options.fiscal_year, is_first=options.is_first_year)


def _chosen(parts: Parts) -> FiscalYears | None:
    return None if parts.years.chosen is None else parts.years


def _day(options: Options, last: dt.date | None, end: dt.date | None) -> dt.date | None:
    """Return the day that planners look from; of several fiscal years, one that is over is seen from its last day."""
    as_of = options.as_of or last
    if options.fiscal_year is None or as_of is None or end is None:
        return as_of
    return min(as_of, end - dt.timedelta(days=1))


def _refuse_unusable(parts: Parts) -> None:
    """Raise InputError, with all that is wrong, where a column is missing or there twice: its table would be lost."""
    errors = [str(finding) for finding in parts.findings if finding.severity == "error"]
    if errors:
        raise InputError("\n".join(errors))


def _fingerprint(inputs: int, summary: Summary, peers: Peers, received: Sequence[object]) -> str:
    """Return a fingerprint of what the tables hold, what is left out of them too."""
    counted = {name: vars(counts) for name, counts in summary.accounting.items()}
    content = json.dumps([inputs, counted, summary.skipped_territories, peers.fingerprint, *received], default=str)
    return hashlib.sha256(content.encode()).hexdigest()


def _loaded(chunk: Chunk | bytes, spool: Spool) -> Callable[[], Chunk]:
    """Return how to get plans again; those that are packed are put aside."""
    if isinstance(chunk, bytes):
        return partial(spool.get, spool.put_bytes(chunk))
    return lambda: chunk


def _template(options: Options, place: Place) -> tuple[Template, list[Finding]]:
    """Read the template, whose own kind decides the planners' where none is asked for; a changed one is looked at."""
    if options.template is None:
        file_format = options.file_format or (earlier.file_format(place.folder) if options.update else None)
        return kept_template.read(templates.shipped(file_format or "xlsm")), []
    template = kept_template.read(options.template)
    if options.file_format not in (None, template.file_format):
        message = _("{name} makes .{kind} planners: leave --format out, or choose another template.")
        raise InputError(message.format(name=template.name, kind=template.file_format))
    return template, template_check.check(template)


def _calculation(template: Template, options: Options, as_of: dt.date | None) -> tuple[Account, Verdict | None]:
    """Find out what becomes of a template's formulas; all those of our own templates are compiled."""
    if options.template is None:
        return Account(len(template.formulas), {}, {}), None
    verdict = judging.verdict(template, as_of)
    return verdict.account, verdict
