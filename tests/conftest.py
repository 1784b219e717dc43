"""What several tests share: the CRM example's batch, a set of small good tables, a reader of raw cells."""

from __future__ import annotations

import csv
import gc
import io
import posixpath
import signal
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest
from hypothesis import HealthCheck, settings
from lxml import etree

from tests.compilations import compilations  # noqa: F401 - a fixture
from tests.depth import FEW, examples
from tests.disks import disks_that_are_not_waited_for  # noqa: F401 - a fixture
from tests.forked_workers import forked_workers, spawned_workers  # noqa: F401 - fixtures
from tests.macro_archives import let_macro_archives_go
from tests.made_once import made_once
from tests.prepared_once import prepared_once  # noqa: F401 - a fixture
from tests.same_time import stop_the_clock_of_openpyxl
from tests.soundness import seen, sound_workbooks  # noqa: F401 - fixtures
from tests.tiny import light, tiny
from tests.unshared import moved
from xlsales.batch import Batch, Options, prepare
from xlsales.calculation.session import blank_values
from xlsales.planner.build import build
from xlsales.planner.sizes import Sizes

# A computer under load is slow, not wrong: no example fails for the time that it took.
settings.register_profile(
    "here", max_examples=examples(FEW), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("here")
# Tests keep workbooks and templates by the million objects, and look them through in vain: a tenth of their time.
gc.set_threshold(50_000, 50, 50)
stop_the_clock_of_openpyxl()
let_macro_archives_go()
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell starts what runs in its background deaf to Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ["pytester", "tests.on_workers"]

SMALL, LARGER = Sizes(accounts=5, deals=6), Sizes(accounts=9, deals=14)
_LONG = 40  # bytes


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A whole file is no name for a test: it may hold the time at which it was made."""
    return argname if isinstance(val, bytes) and len(val) > _LONG else None


Tables: TypeAlias = dict[str, list[dict[str, str]]]
WriteTables: TypeAlias = Callable[[Path, Tables], Path]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_FORMULA, _VALUE, _INLINE = f"{_MAIN}f", f"{_MAIN}v", f"{_MAIN}is"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Cell(NamedTuple):
    """A cell as the file has it."""

    kind: str  # the XML's `t`: "", "n", "str", "inlineStr", "s", "b" or "e"
    formula: str | None
    stored: str | None  # the text of its value; None without one

    @property
    def value(self) -> float | str | None:
        """The value: a number, or a text."""
        if self.stored is None or self.kind in ("str", "inlineStr", "s", "b", "e"):
            return self.stored
        return float(self.stored)


class RawSheets(Mapping[str, Mapping[str, Cell]]):
    """The cells of each sheet, read when somebody asks for them."""

    def __init__(self, parts: Mapping[str, str], read: Callable[[str], Mapping[str, Cell]]) -> None:
        self._parts, self._read = parts, cache(read)

    def __getitem__(self, name: str) -> Mapping[str, Cell]:
        return self._read(self._parts[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


class RawWorkbook:
    """A workbook read from its XML alone, so that nothing of what is tested reads it."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        book = etree.fromstring(self.parts["xl/workbook.xml"])
        targets = {
            link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target"))).lstrip("/")
            for link in etree.fromstring(self.parts["xl/_rels/workbook.xml.rels"])
        }
        shared = self.parts.get("xl/sharedStrings.xml")
        self._shared = [_text(item) for item in etree.fromstring(shared)] if shared else []
        self.sheets = RawSheets(
            {sheet.get("name"): targets[sheet.get(_RELATIONSHIP)] for sheet in book.iter(f"{_MAIN}sheet")},
            lambda part: dict(self._cells(self.parts[part])),
        )
        self.names = {name.get("name"): name.text for name in book.iter(f"{_MAIN}definedName")}

    def _cells(self, part: bytes) -> Iterator[tuple[str, Cell]]:
        masters: dict[str | None, tuple[str, str]] = {}  # of formulas that cells share
        for cell in etree.fromstring(part).iter(f"{_MAIN}c"):
            reference = cell.get("r")
            formula = value = inline = None
            for child in cell:
                tag = child.tag
                if tag == _VALUE:
                    value = child
                elif tag == _FORMULA:
                    formula = child.text
                    if child.get("t") == "shared" and formula:
                        masters[child.get("si")] = formula, reference
                    elif child.get("t") == "shared" and child.get("si") in masters:
                        formula = moved(*masters[child.get("si")], reference)
                elif tag == _INLINE:
                    inline = child
            kind = cell.get("t", "")
            stored = None if value is None else value.text or ""
            if kind == "s":
                stored = self._shared[int(stored or 0)]
            elif inline is not None:
                stored = _text(inline)
            yield reference, Cell(kind, formula, stored)

    def named(self, name: str) -> float | str | None:
        """The value of a named cell."""
        sheet, _mark, cell = self.names[name].replace("$", "").replace("'", "").partition("!")
        found = self.sheets[sheet].get(cell)
        return None if found is None else found.value

    def formulas(self) -> Iterator[tuple[str, Cell]]:
        """Every cell that has a formula, as `Sheet!A1`."""
        for sheet, cells in self.sheets.items():
            for address, cell in cells.items():
                if cell.formula is not None:
                    yield f"{sheet}!{address}", cell


def _text(item: etree._Element) -> str:
    return "".join(run.text or "" for run in item.iter(f"{_MAIN}t"))


@dataclass(frozen=True)
class MadeBatch:
    """A batch that was run, and its folder."""

    folder: Path
    batch: Batch
    planners: Mapping[str, RawWorkbook]  # by territory id


@pytest.fixture(scope="session")
def crm_export() -> Path:
    return Path(__file__).resolve().parents[1] / "examples" / "crm" / "export"


@pytest.fixture(scope="session")
def crm_tables() -> Path:
    return Path(__file__).resolve().parents[1] / "examples" / "crm" / "tables"


@pytest.fixture(scope="session")
def crm_batch(crm_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> MadeBatch:
    """The planners of the whole CRM example, made once in a session."""
    folder = tmp_path_factory.mktemp("crm") / "plans"
    batch = prepare(crm_tables, Options(folder, workers=1))  # two make the same: tests of small ones
    batch.run()
    planners = {one.territory_id: RawWorkbook(folder / (one.file_name or "")) for one in batch.made}
    return MadeBatch(folder, batch, planners)


@pytest.fixture(scope="session")
def read_raw() -> Callable[[Path], RawWorkbook]:
    return RawWorkbook


def _template(tmp_path_factory: pytest.TempPathFactory, file_format: str, name: str = "Small") -> Path:
    sizes = {"Small": SMALL, "Larger": LARGER}[name]
    return made_once(tmp_path_factory, f"{name} Planner.{file_format}", lambda: build(file_format, blank_values, sizes))


@pytest.fixture(scope="session")
def small_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A planner with room for 5 accounts and 6 deals, made once for all processes of a run."""
    return _template(tmp_path_factory, "xlsm")


@pytest.fixture(scope="session")
def small_template_xlsx(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _template(tmp_path_factory, "xlsx")


@pytest.fixture(scope="session")
def larger_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A planner with room for 9 accounts and 14 deals."""
    return _template(tmp_path_factory, "xlsm", "Larger")


@pytest.fixture(scope="session")
def larger_template_xlsx(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _template(tmp_path_factory, "xlsx", "Larger")


@pytest.fixture(scope="session")
def tiny_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template with which a run costs next to nothing: for what is tried hundreds of times."""
    return made_once(tmp_path_factory, "Tiny Planner.xlsx", tiny)


@pytest.fixture(scope="session")
def light_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template with the lists of a planner and next to no formulas: for what concerns no figure."""
    return made_once(tmp_path_factory, "Light Planner.xlsm", light)


@pytest.fixture
def small_tables() -> Tables:
    """Three good territories, to be damaged: T1 has something of everything, T2 a little, T3 nothing."""
    return three_territories()


def three_territories() -> Tables:
    return {
        "territories": [
            _territory("T1", "North", "Ada", "EUR", "500000"),
            _territory("T2", "South", "Bo", "EUR", "250000"),
            _territory("T3", "West", "Cy", "USD", "100000"),
        ],
        "accounts": [
            _row("T1", account_id="A1", account_name="Acme", recent_revenue="1000", last_order="2027-02-10"),
            _row("T1", account_id="007", account_name="Bond", recent_revenue="3000", high_value="YES"),
            _row("T2", account_id="A2", account_name="Corta", recent_revenue="500", last_order="2026-03-01"),
        ],
        "deals": [
            _deal("T1", "D1", "A1", "2027-01-11", "2027-02-10", "WON", amount="5000"),
            _deal("T1", "1E5", "007", "2027-01-12", "2027-02-01", "LOST"),
            _deal("T1", "D3", "", "2027-02-01", "", "OPEN", forecast="700"),
            _deal("T2", "D4", "A2", "2027-02-15", "", "OPEN", forecast="300"),
        ],
        "activity": [
            # Each week says what its deals say: two first appointments, one lost, one won, and a week without deals.
            _row("T1", week_start="2027-01-11", first_appointments="2"),
            _row("T1", week_start="2027-02-01", first_appointments="1", proposals="1", won="0", revenue="0"),
            _row("T1", week_start="2027-02-08", first_appointments="0", proposals="1", won="1", revenue="5000"),
            _row("T1", week_start="2027-02-22", first_appointments="3", proposals="0", won="0", revenue="0"),
            _row("T2", week_start="2027-02-15", first_appointments="1"),
        ],
        "org_health": [_row("T1", element=str(number), score="4") for number in range(1, 13)],
    }


def _row(territory_id: str, **cells: str) -> dict[str, str]:
    return {"territory_id": territory_id, **cells}


def _territory(territory_id: str, name: str, person: str, currency: str, goal: str) -> dict[str, str]:
    return _row(
        territory_id,
        territory_name=name,
        person=person,
        fiscal_year="2027",
        currency=currency,
        revenue_goal=goal,
        growth_rate="0.10",
        attrition_rate="0.17",
        gross_margin="0.5",
        selling_weeks="52",
    )


def _deal(
    territory_id: str, deal_id: str, account_id: str, first: str, close: str, outcome: str, **cells: str
) -> dict[str, str]:
    return _row(
        territory_id,
        deal_id=deal_id,
        account_id=account_id,
        first_appointment=first,
        close_date=close,
        outcome=outcome,
        **cells,
    )


@pytest.fixture(scope="session")
def write_tables() -> WriteTables:
    """Write tables as CSV files into a folder and return it."""

    def write(folder: Path, tables: Tables) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in tables.items():
            text = io.StringIO(newline="")
            columns = list(dict.fromkeys(column for row in rows for column in row))
            writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
            if any("\r" in cell for row in rows for cell in row.values()):  # which Python does not put into marks
                writer = csv.DictWriter(text, columns, restval="", lineterminator="\n", quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(rows)
            (folder / f"{name}.csv").write_bytes(text.getvalue().encode("utf-8"))
        return folder

    return write


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where `run` makes its planners."""
    return tmp_path / "plans"


@pytest.fixture
def run_template(small_template: Path) -> Path:
    """What `run` fills where a test names no other template."""
    return small_template


@pytest.fixture
def run(tmp_path: Path, out: Path, run_template: Path, write_tables: WriteTables) -> Iterator[Callable[..., Batch]]:
    """Write tables, make their planners and return the batch."""
    batches = ExitStack()

    def run(tables: Tables, folder: Path = out, **options: Any) -> Batch:
        source = write_tables(tmp_path / "tables", tables)
        chosen = {"template": run_template, "workers": 1, **options}
        batch = batches.enter_context(prepare(source, Options(folder, **chosen)))
        batch.run()
        return batch

    with batches:
        yield run
