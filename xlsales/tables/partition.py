"""The tables of a source in parts, each with all rows of some territories, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from xlsales.findings import Finding
from xlsales.schema import TERRITORIES
from xlsales.tables.line_table import holding
from xlsales.tables.mapping import Map
from xlsales.tables.mapping.counting import Counting
from xlsales.tables.pieces import Divider, Pieces, chunks
from xlsales.tables.raw import Chunk, Outline, RawTable, RawTables
from xlsales.tables.selection import Selection
from xlsales.tables.shares import Spread, taken
from xlsales.tables.source import opened
from xlsales.tables.spool import Spool
from xlsales.tables.validation import validate
from xlsales.tables.years import FiscalYears
from xlsales.texts import _

ROWS = 50_000
_CHUNK = 20_000  # rows of a table read at a time
_SHARE = 10_000  # rows that another process takes apart
_SPREAD_FROM = 5000  # rows: fewer are taken apart sooner than others have started


@dataclass(frozen=True)
class Part:
    """All rows of some territories as they were put aside; any process of the run can read them."""

    outlines: Mapping[str, Outline]
    held: Mapping[str, Sequence[Chunk | bytes]]  # by table
    counting: Counting | None = None

    def tables(self) -> RawTables:
        """The rows."""
        tables = {name: holding(outline, chunks(self.held[name])) for name, outline in self.outlines.items()}
        return RawTables(tables, whole=False, counting=self.counting)


class Parts:
    """The parts of a source, in the order of the territories; they can be gone through again and again."""

    def __init__(
        self,
        outlines: Mapping[str, Outline],
        findings: Sequence[Finding],
        pieces: Pieces,
        rates: RawTable | None = None,
        years: FiscalYears | None = None,
        left_out: Mapping[str, int] = MappingProxyType({}),
        counting: Counting | None = None,
    ):
        self.findings = tuple(findings)  # about the source as a whole: columns, unknown tables
        self.left_out = left_out  # rows by table, as a map says
        self.years = years or FiscalYears()
        self.counting = counting  # tables that are counted from others
        self.rates = rates  # whole: there is a row for each currency and day
        self._outlines = outlines
        self._pieces = pieces

    @property
    def own_columns(self) -> list[str]:
        """The columns of the territories that are a company's own."""
        known = {column.name for column in TERRITORIES}
        return [name for name in self._outlines[TERRITORIES.name].columns if name not in known]

    @property
    def territories(self) -> int:
        """How many territories the source names."""
        return self._pieces.territories

    @property
    def count(self) -> int:
        """How many parts there are."""
        return self._pieces.count

    def __iter__(self) -> Iterator[RawTables]:
        return (part.tables() for part in self.apart())

    def apart(self) -> Iterator[Part]:
        """The parts as they were put aside, for whoever reads them."""
        if self.counting is not None and self.counting.facts is None:
            self.counting.look(validate(part.tables()) for part in self.uncounted())
        return self._held(self.counting)

    def uncounted(self) -> Iterator[Part]:
        """The same parts without what is counted from their rows."""
        return self._held()

    def _held(self, counting: Counting | None = None) -> Iterator[Part]:
        for part in range(self.count):
            held = {name: self._pieces.held(part, name) for name in self._outlines}
            yield Part(self._outlines, held, counting)


@contextmanager
def parted(
    source: str | Path,
    rows: int = ROWS,
    mapping: Map | None = None,
    selected: Selection | None = None,
    years: FiscalYears | None = None,
    spread: Spread | None = None,
) -> Iterator[Parts]:
    """Read a source as `read_tables` does, in parts of about so many rows; a territory is never divided.

    A source with more rows than that waits in temporary files until the end of the `with` block. A map says what a
    foreign export calls its tables, columns and values; a selection, which territories are wanted; `years`, which of
    several fiscal years; `spread` has other processes take apart what is read.
    """
    if rows < 1:
        raise ValueError(_("A part has at least one row, not {rows}.").format(rows=rows))
    with Spool() as spool:
        yield _gather(source, rows, spool, mapping, selected or Selection(), years or FiscalYears(), spread)


def _gather(
    source: str | Path,
    rows: int,
    spool: Spool,
    mapping: Map | None,
    selected: Selection,
    years: FiscalYears,
    spread: Spread | None,
) -> Parts:
    outlines: dict[str, Outline] = {}
    counting: Counting | None = None
    findings: list[Finding] = []
    left_out: dict[str, int] = {}
    spread_from = min(rows, _SPREAD_FROM)
    with Spool() as aside:
        divider = Divider(rows, aside)
        with opened(source, mapping) as tables:
            for reading in tables.readings(selected.wants):
                outline = reading.outline
                outlines[outline.table.name] = outline
                spreads = spread is not None and reading.spreads and outline.table is not TERRITORIES
                if spreads and divider.rows > spread_from:
                    reading.cut()
                at_once = spread_from if spreads else min(rows, _CHUNK)
                for chunk in reading.chunks(at_once, divides=True):
                    years.note(outline.table, chunk)
                    wanted = years.want(outline.table, selected.keep(outline.table, chunk))
                    divider.add(outline.table, years.keep(outline.table, wanted))
                    if spreads and divider.rows > spread_from:
                        reading.cut()
                if reading.is_cut and spread is not None:
                    shares = reading.shares(min(rows, _SHARE))
                    for share in spread(divider.territories, taken, shares):
                        reading.take(share)
                        keys = Chunk([*range(len(share.keys))], {TERRITORIES.key[0]: [*share.keys]})
                        kept = years.keep(outline.table, selected.keep(outline.table, keys))
                        divider.add_taken(outline.table, share, set(kept.rows))
                    reading.end()
                if outline.table is TERRITORIES:
                    selected.refuse_nothing(outline.file)
                findings += [*reading.findings, *reading.unheaded()]
                left_out[outline.table.name] = reading.left_out
            beside: list[RawTable] = []
            for reading in tables.beside():
                beside.append(reading.outline.holding(reading.chunks(None)))
                findings += [*reading.findings, *reading.unheaded()]
            findings += tables.unknown()
            counting = tables.counting(selected.wants, one_year=years.chosen is not None)
        years.settle()
        rates = next(iter(beside), None)
        return Parts(outlines, findings, divider.divided(spool, spread), rates, years, left_out, counting)
