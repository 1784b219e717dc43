"""What stands in the tables arrives in the planner: texts, names, days and numbers, as three readers see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.cell import coordinate_to_tuple
from python_calamine import CalamineWorkbook

from tests import libreoffice
from tests.batches import Run
from tests.depth import examples
from xlsales.epoch import EPOCH
from xlsales.schema import ACCOUNTS
from xlsales.workbook.template import Template, read

if TYPE_CHECKING:
    from tests.conftest import Tables

COLUMNS = ("account_id", "account_name", "owner", "segment", "last_order", "potential", "products_sold")
STORABLE = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
# Without x005F_, which openpyxl drops wherever it stands.
TRICKY = (
    ["=1+1", "+49 30 1", "-5", "@SUM(A1)", "#N/A", "TRUE", "007", "1e5", "_x0041_", "<&>\"'", "]]>", "a\nb",
     "\ta ", " a", "a  b", "mailto:a@b.c", "{=1}", "2027-01-05", "50%", "http://x.y", "\ufeff", "😀", "Ｆ", "İıß",
     "a\u2028b", "e\u0301", "é", "\u05d0\u200fb", "\u202eabc", "a\u200db", "_xD83D__xDE00_", "\u3000x", "\x7f", "\x85",
     "x" * 32_767, "😀" * 16_383, "-0", "0,5", "1.234,50", "31.02.2027", "\xa0x", "'=1", "''", "_x", "x_"]
)  # fmt: skip
HARD = st.sampled_from(TRICKY)
TEXTS = st.one_of(HARD, st.text(STORABLE, max_size=30)).filter(lambda text: not text.isspace())
NAMES = TEXTS.filter(bool)
DAYS = st.dates(dt.date(1900, 3, 1), dt.date(2027, 2, 28))
NUMBERS = st.one_of(
    st.floats(0, 1e12),
    st.integers(0, 10**12).map(float),
    st.sampled_from([0.1 + 0.2, 1 / 3, 1e-300, 123456789.12345678]),
)
HARDEST = ("=1+1", "_x0041_", " a", dt.date(1900, 3, 1), 1 / 3, 0)
ACCOUNT = st.tuples(NAMES, TEXTS, TEXTS, st.none() | DAYS, st.none() | NUMBERS, st.none() | st.integers(0, 10**6))


def in_a_cell(value: object) -> object:
    """A value as a workbook has it: a day is a number, nothing is no text."""
    if isinstance(value, dt.date):
        return (value.date() if isinstance(value, dt.datetime) else value).toordinal() - EPOCH.toordinal()
    return None if value == "" else value


def with_our_reader(path: Path, places: list[tuple[str, str]]) -> Iterator[object]:
    """The template reader of a batch, which reads a planner as it reads any template."""
    planner = read(path)
    for place in places:
        value = planner.defaults.get(place)
        yield in_a_cell(value)


def with_openpyxl(path: Path, places: list[tuple[str, str]]) -> Iterator[object]:
    book = openpyxl.load_workbook(path)
    for sheet, cell in places:
        found = book[sheet][cell]
        assert found.data_type in "snd"
        yield in_a_cell(found.value)


def with_calamine(path: Path, places: list[tuple[str, str]]) -> Iterator[object]:
    book = CalamineWorkbook.from_path(str(path))
    sheets = {sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) for sheet, _cell in places}
    for sheet, cell in places:
        row, column = coordinate_to_tuple(cell)
        yield in_a_cell(sheets[sheet][row - 1][column - 1])


READERS = {"ours": with_our_reader, "openpyxl": with_openpyxl, "calamine": with_calamine}


@settings(
    deadline=None,
    max_examples=examples(6),
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
@given(accounts=st.lists(ACCOUNT, min_size=5, max_size=5), person=NAMES, name=NAMES)
@example([HARDEST] * 5, "#N/A", "../=1+1")
def test_what_stands_in_the_tables_arrives_in_the_planner(
    run: Run,
    tmp_path_factory: pytest.TempPathFactory,
    small_tables: Tables,
    light_template: Path,
    accounts: list[tuple[object, ...]],
    person: str,
    name: str,
) -> None:
    out = tmp_path_factory.mktemp("round trip") / "plans"
    check_arrival(partial(run, folder=out), small_tables, light_template, accounts, person, name)


def test_what_stands_in_the_tables_arrives_in_a_whole_planner(
    run: Run, out: Path, small_tables: Tables, small_template: Path
) -> None:
    check_arrival(partial(run, folder=out), small_tables, small_template, [HARDEST] * 5, "#N/A", "../=1+1")


def check_arrival(
    run: Run, small_tables: Tables, template: Path, accounts: list[tuple[object, ...]], person: str, name: str
) -> None:
    """Make a planner, and read it with all readers."""
    rows = [(f"A{number}", *account) for number, account in enumerate(accounts)]
    territory = {**small_tables["territories"][0], "person": person, "territory_name": name}
    cells = [["" if value is None else str(value) for value in row] for row in rows]
    tables = {
        "territories": [territory],
        "accounts": [{"territory_id": "T1", **dict(zip(COLUMNS, row, strict=True))} for row in cells],
    }
    batch = run(tables, template=template)
    assert [finding for finding in batch.findings if finding.severity == "error"] == []
    planner = read(template)
    target = planner.table(ACCOUNTS)
    assert target is not None
    headings = [planner.heading("accounts", target, ACCOUNTS[column]) or "" for column in COLUMNS]
    ordered = sorted(rows, key=lambda row: (str(row[1]), row[0]))
    expected = [in_a_cell(value) for row in ordered for value in row]
    places = [target.cell(heading, row) for row in range(len(rows)) for heading in headings]
    singles = [planner.names["in_person"], planner.names["in_territory_name"]]
    (path,) = batch.options.out.glob("*.xlsm")
    for reader, read_cells in READERS.items():
        assert list(read_cells(path, [*places, *singles])) == [*expected, person, name], reader


def accounts_of(texts: Sequence[str]) -> list[dict[str, str]]:
    """An account of the first territory for every text."""
    return [
        {"territory_id": "T1", "account_id": f"A{number:03}", "account_name": text} for number, text in enumerate(texts)
    ]


def names_in(planner: Template, cells: Callable[[str, str], object], rows: int = 5) -> dict[object, object]:
    """The names of the accounts in a planner, by their ids."""
    target = planner.table(ACCOUNTS)
    assert target is not None
    one, other = (planner.heading("accounts", target, ACCOUNTS[name]) or "" for name in ("account_id", "account_name"))
    return {cells(*target.cell(one, row)): cells(*target.cell(other, row)) for row in range(rows)}


@libreoffice.needed()
def test_texts_arrive_as_libreoffice_sees_them(
    run: Run, out: Path, tmp_path: Path, small_tables: Tables, light_template: Path
) -> None:
    texts = [text for text in TRICKY if not text.isspace()]
    accounts = accounts_of(texts)
    batch = run({"territories": small_tables["territories"][:1], "accounts": accounts}, template=light_template)
    assert not batch.failed
    (path,) = libreoffice.recalculated(list(out.glob("T*.xlsm")), tmp_path / "seen")
    book = openpyxl.load_workbook(path)
    seen = names_in(read(light_template), lambda sheet, cell: book[sheet][cell].value, len(accounts))
    assert {account["account_id"]: seen[account["account_id"]] for account in accounts} == {
        account["account_id"]: account["account_name"] for account in accounts
    }


def test_carriage_returns_arrive(run: Run, out: Path, small_tables: Tables, small_template: Path) -> None:
    accounts = accounts_of(["a\rb", "a\r\nb", "a\r"])
    run({"territories": small_tables["territories"][:1], "accounts": accounts})
    (path,) = out.glob("*.xlsm")
    planner = read(small_template)
    for reader in (with_our_reader, with_calamine):  # openpyxl leaves it as it is stored
        found = names_in(planner, lambda *place, reader=reader: next(reader(path, [place])))
        assert {account["account_id"]: found[account["account_id"]] for account in accounts} == {
            account["account_id"]: account["account_name"] for account in accounts
        }
