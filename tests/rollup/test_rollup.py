"""The roll-up's workbook: sound, the same from its formulas, and readable whatever was collected."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from lxml import etree

from tests import open_xml_sdk
from tests.conftest import RawWorkbook
from tests.libreoffice import needed, recalculated
from tests.rollup.worlds import LEADERS, NAMES, Sheet, gathered, mixed, table, territory, whole, written
from xlsales.rollup.gathered import Gathered, LeftOut, Table
from xlsales.rollup.history import Earlier
from xlsales.rollup.workbook import write

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"

EMPTY = gathered([])
UNREADABLE = gathered([], left_out=[LeftOut(f"{number}.xlsx", "unreadable: no zip") for number in range(9)])
ODD = {
    "nothing at all": Gathered(Table(())),
    "nothing": EMPTY,
    "all unreadable": UNREADABLE,
    "one": gathered([territory(1)]),
    "one, known": gathered(mixed(1)),
    "no currency": gathered([territory(number, currency=None, out_org_health=0.5) for number in range(3)]),
    "many currencies": gathered(mixed(30, currencies=tuple("ABCDEFGHIJ"[at] * 3 for at in range(10)))),
    "many leaders": gathered([territory(at, leader=f"Leader {at}", revenue_goal=at * 1e4) for at in range(60)]),
    "two copies alone": gathered([territory(1), territory(1, file="Copy.xlsx")]),
}


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, rel=1e-9, abs=1e-9)
    return (one or "") == (other or "")


@needed()
def test_libreoffice_calculates_every_stored_value_again(tmp_path: Path) -> None:
    paths = [written(*(whole()[0], tmp_path / "whole.xlsx", whole()[1]))]
    paths += [written(told, tmp_path / f"{name}.xlsx") for name, told in ODD.items()]
    count = 0
    for path, again in zip(paths, recalculated(paths, tmp_path / "again"), strict=True):
        ours, theirs = RawWorkbook(path), RawWorkbook(again)
        different = [
            (place, cell.formula, cell.value, found.value if found else None)
            for place, cell in ours.formulas()
            for found in [theirs.sheets[place.rpartition("!")[0]].get(place.rpartition("!")[2])]
            if not _same(cell.value, found.value if found else None)
        ]
        assert not different, (path.name, different[:5])
        count += sum(1 for _cell in ours.formulas())
    assert count > 3000


@pytest.mark.parametrize("name", ODD)
def test_whatever_was_collected_gives_a_sound_workbook(tmp_path: Path, name: str) -> None:
    path = written(ODD[name], tmp_path / "all.xlsx")
    assert {"Summary", "Totals", "Findings", "Not counted", "territories"} <= RawWorkbook(path).sheets.keys()


def test_whole_rollup_is_valid_to_the_open_xml_sdk(tmp_path: Path) -> None:
    told, before = whole()
    assert open_xml_sdk.faults(written(told, tmp_path / "all.xlsx", before)) == []


def test_same_collection_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = (written(*(whole()[0], tmp_path / name, whole()[1])) for name in ("a.xlsx", "b.xlsx"))
    assert one.read_bytes() == other.read_bytes()


def test_texts_that_look_like_formulas_are_texts(tmp_path: Path) -> None:
    told, before = whole()
    book = RawWorkbook(written(told, tmp_path / "all.xlsx", before))
    texts = {cell.value for cells in book.sheets.values() for cell in cells.values() if cell.formula is None}
    assert {"=1+1", "=HYPERLINK(1)1", "@SUM(A1)", "=line 1", "=a.xls", "=Changed", "=x"} <= texts
    assert {"<r>b</r>", "\x01_x0041_"} & {str(openpyxl.utils.escape.unescape(str(text))) for text in texts}
    ours = ("COUNTIF", "SUMIFS", "IF(", "rollup_", "'Totals'!", '"Totals"', "Totals!")
    assert all(cell.formula.startswith(ours) for _place, cell in book.formulas() if cell.formula)


def test_sheets_have_names_that_excel_takes(tmp_path: Path) -> None:
    told, before = whole()
    names = list(RawWorkbook(written(told, tmp_path / "all.xlsx", before)).sheets)
    assert len({name.casefold() for name in names}) == len(names)
    assert max(map(len, names)) <= 31
    assert "history" not in {name.casefold() for name in names}, "Excel keeps this one for itself"
    assert {"accounts", "products", "history 2"} <= set(names)


def test_every_sheet_with_rows_can_be_filtered(tmp_path: Path) -> None:
    told, before = whole()
    path = written(told, tmp_path / "all.xlsx", before)
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        if sheet.title in ("Summary", "Standards"):
            continue
        head, last = (int("".join(filter(str.isdigit, cell))) for cell in sheet.auto_filter.ref.split(":"))
        assert sheet.cell(head, 1).value, sheet.title
        assert int("".join(filter(str.isdigit, str(sheet.freeze_panes)))) == head + 1, sheet.title
        filled = max(row for row in range(head, sheet.max_row + 1) if sheet.cell(row, 1).value is not None)
        assert filled in (last, head), sheet.title


def test_texts_above_a_list_are_not_cut_off_on_its_further_pages(tmp_path: Path) -> None:
    """Each page to the right repeats the first columns, and shows no more of a text than fits into them."""
    book = openpyxl.load_workbook(written(whole()[0], tmp_path / "whole.xlsx", whole()[1]))
    repeating = [sheet for sheet in book if sheet.print_title_cols and int(sheet.page_setup.fitToWidth or 1) > 1]
    assert len(repeating) > 3
    for sheet in repeating:
        first, _colon, last = sheet.print_title_cols.replace("$", "").partition(":")
        columns = [cells[0].column_letter for cells in sheet[f"{first}:{last}"]]
        room = sum(sheet.column_dimensions[letter].width for letter in columns)
        texts = [str(sheet[f"{letter}2"].value or "") for letter in columns]
        assert all(len(text) <= room for text in texts), (sheet.title, texts)


def test_links_lead_to_the_files_from_where_the_workbook_stands(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    file = tmp_path / "in" / "50% #1 [é].xlsx"
    file.write_bytes(b"")
    told = gathered(
        [territory(1, file=str(file)), territory(2, file=str(file))],
        findings=Table(("code", "file"), [("A", str(file)), ("MISSING", "gone.xlsx")]),
        left_out=[LeftOut(str(file), "no")],
    )
    book = openpyxl.load_workbook(written(told, tmp_path / "out" / "all.xlsx"))
    for sheet, cell in (("Ranking", "B5"), ("territories", "C2"), ("Findings", "B2"), ("Not counted", "A5")):
        target = unquote(book[sheet][cell].hyperlink.target)
        assert (tmp_path / "out" / target).resolve() == file.resolve(), sheet
    assert book["Findings"]["B3"].hyperlink is None
    assert book["Findings"]["B3"].value == "gone.xlsx"


def test_charts_show_what_their_cells_hold(tmp_path: Path) -> None:
    told, before = whole()
    path = written(told, tmp_path / "all.xlsx", before)
    book = RawWorkbook(path)
    charts = [etree.fromstring(content) for name, content in book.parts.items() if name.startswith("xl/charts/chart")]
    kept = 0
    for reference in (one for chart in charts for one in chart.iter(f"{_CHART}numRef", f"{_CHART}strRef")):
        sheet, _mark, cells = reference.findtext(f"{_CHART}f").replace("$", "").replace("'", "").rpartition("!")
        first, last = cells.split(":") if ":" in cells else (cells, cells)
        letter, top, bottom = (
            first.rstrip("0123456789"),
            *(int(one.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for one in (first, last)),
        )
        for point in reference.iter(f"{_CHART}pt"):
            cell = book.sheets[sheet][f"{letter}{top + int(point.get('idx'))}"]
            shown = point.findtext(f"{_CHART}v")
            same = shown == cell.value if isinstance(cell.value, str) else float(shown) == pytest.approx(cell.value)
            assert same, (sheet, letter, point.get("idx"))
            assert top + int(point.get("idx")) <= bottom
            kept += 1
    assert kept > 100
    titles = " ".join("".join(chart.itertext()) for chart in charts)
    for currency in ("EUR", "USD"):
        assert f"Goal against plan by leader, {currency}" in titles
    for words in ("by region, EUR", "Catch-up number and barometer", "written plan", "Organisation health", "Dormant"):
        assert words in titles
    named = {part for part in book.parts if part.startswith("xl/drawings/drawing")}
    assert all(b'descr="' in book.parts[part] for part in named)


def test_axes_of_shares_end_with_all_whatever_is_known(tmp_path: Path) -> None:
    told, before = whole()
    path = written(told, tmp_path / "all.xlsx", before)
    parts = RawWorkbook(path).parts
    ends: dict[str, set[tuple[str, ...]]] = {}
    for chart in (etree.fromstring(part) for name, part in parts.items() if name.startswith("xl/charts/chart")):
        title = "".join(chart.find(f".//{_CHART}title").itertext()).partition(" by ")[0]
        scaling = chart.find(f".//{_CHART}valAx/{_CHART}scaling")
        found = tuple(one.get("val") for one in scaling if one.tag in (f"{_CHART}min", f"{_CHART}max"))
        ends.setdefault(title, set()).add(found)
    shares = {title for title, told_of in ends.items() if told_of != {()}}
    assert shares == {"Accounts with a written plan", "Organisation health"}
    assert all(sorted(found) == ["0", "1"] for title in shares for found in ends[title])


def test_axes_of_what_nobody_knows_have_no_numbers(tmp_path: Path) -> None:
    """An axis without anything to measure would end at 12, or at 1,200%."""
    then = [Earlier("last.xlsx", table([territory(1, revenue_goal=9.0)]))]
    looks = []
    for name, pace in (("nothing", {}), ("pace", {"out_activity_barometer": 0.5, "out_magic_number": 4})):
        told = gathered([territory(1, revenue_goal=9.0, **pace)])
        parts = RawWorkbook(written(told, tmp_path / f"{name}.xlsx", then)).parts
        found: dict[str, list[str]] = {}
        for chart in (etree.fromstring(part) for name, part in parts.items() if name.startswith("xl/charts/chart")):
            title = "".join(chart.find(f".//{_CHART}title").itertext()).partition(",")[0]
            found[title] = [one.find(f"{_CHART}numFmt").get("formatCode") for one in chart.iter(f"{_CHART}valAx")]
        looks.append(found)
    numbered = {title for title, formats in looks[0].items() if formats != [";;;"] * len(formats)}
    assert numbered == {"Accounts with a written plan by leader", "Organisation health by leader"}
    paced = "Catch-up number and barometer by leader"
    assert (looks[0].pop(paced), looks[1].pop(paced)) == ([";;;", ";;;"], [";;;", "0%"])
    assert looks[0] == looks[1]
    assert len(looks[0]) == 8


def test_differences_that_are_rounded_to_nothing_have_no_sign(tmp_path: Path) -> None:
    """A gap of -0.03% is 0.0%, neither -0.0% nor +0.0%."""
    told, before = whole()
    book = openpyxl.load_workbook(written(told, tmp_path / "all.xlsx", before))
    count = 0
    for sheet in book:
        plain = {
            (cell.column, cell.row): rule.dxf.numFmt.formatCode
            for areas, rules in sheet.conditional_formatting._cf_rules.items()
            for rule in rules
            if rule.dxf.numFmt is not None and rule.formula[0].startswith("ROUND(")
            for area in areas.sqref.ranges
            for row in sheet[area.coord]
            for cell in row
        }
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.number_format.startswith("+")):
            shown = cell.number_format.rpartition(";")[2]
            assert plain[cell.column, cell.row] == f"{shown};{shown};{shown}"
            count += 1
    assert count > 500


def test_tables_stand_on_sheets_of_their_own_as_they_were_collected(tmp_path: Path) -> None:
    accounts = Table(
        ("territory_id", "account_name", "last_order", "recent_revenue", "wallet_share", "note"),
        [("T1", "Acme", dt.date(2027, 1, 2), 12.5, 0.25, True), ("T2", None, dt.date(1900, 1, 1), float("nan"), 0, "")],
    )
    told = gathered([territory(1, revenue_goal="12 %")], details={"accounts": accounts})
    book = openpyxl.load_workbook(written(told, tmp_path / "all.xlsx"))
    rows = list(book["accounts"].values)
    assert rows[0] == accounts.columns
    assert rows[1] == ("T1", "Acme", dt.datetime(2027, 1, 2), 12.5, 0.25, True)
    assert rows[2] == ("T2", None, "1900-01-01", None, 0, None)
    first, second = (dict(zip(*rows, strict=True)) for rows in [list(book["territories"].values)] * 2)
    assert first == second
    assert (first["territory_id"], first["revenue_goal"], first["counted"], first["rollup_leader"]) == (
        "T1",
        "12 %",
        "YES",
        1,
    )


def test_a_table_longer_than_a_sheet_goes_on_on_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlsales.rollup.data.MOST_ROWS", 4)
    accounts = Table(("territory_id",), [(f"T{at}",) for at in range(7)])
    book = openpyxl.load_workbook(written(gathered([], details={"accounts": accounts}), tmp_path / "all.xlsx"))
    found = [[row[0] for row in book[name].values] for name in ("accounts", "accounts 2", "accounts 3")]
    assert found == [["territory_id", "T0", "T1", "T2"], ["territory_id", "T3", "T4", "T5"], ["territory_id", "T6"]]


def test_hundreds_of_territories_are_all_there(tmp_path: Path) -> None:
    rows = mixed(400)
    book = RawWorkbook(written(gathered(rows), tmp_path / "all.xlsx"))
    assert len(Sheet(book, "Ranking").rows()) == 400
    assert sum(row["Territories"] for row in Sheet(book, "Leaders", 5).rows()) == 400


def test_frames_are_taken_as_they_are(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    rows = mixed(6)
    frame = pandas.DataFrame(rows)
    frame["calc_as_of"] = [pandas.NaT, pandas.Timestamp("2027-03-04"), *[None] * 4]
    frame["completeness"] = pandas.array([1, None, 0, 1, 1, 1], dtype="Int64")
    path = written(Gathered(Table.of(frame), {"deals": Table.of(frame)}), tmp_path / "all.xlsx")
    found = Sheet(RawWorkbook(path), "territories", 1).rows()
    assert [row["completeness"] for row in found] == [1, None, 0, 1, 1, 1]
    assert [row["calc_as_of"] for row in found][:3] == [None, 46450, None]
    assert "2027-03-04" in str(RawWorkbook(path).sheets["Summary"]["B2"].value)


def test_names_of_any_kind_keep_their_own_totals(tmp_path: Path) -> None:
    rows = mixed(48)
    book = RawWorkbook(written(gathered(rows), tmp_path / "all.xlsx"))
    named = {row["Leader"] for row in Sheet(book, "Leaders", 5).rows()}
    assert named == {*LEADERS, "(not named)"} - {"", "ines  roth"}
    assert {row["Territory"] for row in Sheet(book, "Ranking").rows()} == {
        f"{NAMES[at % len(NAMES)]}{at}" for at in range(48)
    }


def test_nothing_is_left_where_temporary_files_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    write(gathered(mixed(3)), io.BytesIO())
    with pytest.raises(RuntimeError, match="broken"):
        write(gathered([], details={"accounts": Table(("a",), _Broken())}), io.BytesIO())
    assert list(tmp_path.iterdir()) == []


class _Broken:
    def __iter__(self) -> Iterator[Sequence[object]]:
        raise RuntimeError("broken")


def test_last_collection_is_compared_by_territory(tmp_path: Path) -> None:
    day = dt.date(2027, 2, 1)
    then = [territory(1, fig_revenue=100, out_org_health=0.5, calc_as_of=day), territory(2, fig_revenue=7)]
    then += [territory(3, fig_revenue=50, currency="USD", out_open_checks=3)]
    older = Earlier("old.xlsx", table([territory(1, fig_revenue=1, calc_as_of=dt.date(2027, 1, 1))]))
    now = [territory(1, fig_revenue=180), territory(3, fig_revenue=60, out_open_checks=1), territory(4)]
    path = written(gathered(now), tmp_path / "all.xlsx", [Earlier("last.xlsx", table(then)), older])
    rows = {row["ID"]: row for row in Sheet(RawWorkbook(path), "Against last", 5).rows()}
    assert [rows[key]["State"] for key in ("T1", "T2", "T3", "T4")] == [None, "GONE", None, "NEW"]
    assert [rows["T1"][f"Revenue: {when}"] for when in ("last", "now", "change")] == [100, 180, 80]
    assert rows["T1"]["Organisation health: change"] == ""
    assert rows["T3"]["Currency"] == "USD → EUR"
    assert rows["T3"]["Revenue: change"] is None, "of two currencies there is no difference"
    assert rows["T3"]["Checks to look at: change"] == -2
    trend = Sheet(RawWorkbook(path), "Trend", 5).rows()
    assert [(row["Currency"], row["Collection"], row["Territories"], row["Checks to look at"]) for row in trend] == [
        ("EUR", "old, 2027-01-01", 1, None),
        ("EUR", "last, 2027-02-01", 2, None),
        ("EUR", "now", 3, 1),
        ("USD", "last, 2027-02-01", 1, 3),
    ]
    known = [row["Checks to look at: known"] for row in trend]
    assert known == [0, 0, 1, 1], "a total says of how many of its territories it is"
    assert [row["Organisation health: known"] for row in trend] == [0, 1, 0, 0]


def test_a_planner_that_is_not_counted_is_neither_gone_nor_new(tmp_path: Path) -> None:
    findings = Table(("code", "file", "territory_id"), [("MISSING", "3.xlsx", "T3")])
    copies = [territory(2, file="a.xlsx"), territory(2, file="b.xlsx")]
    then = Earlier("last.xlsx", table([territory(1), territory(2), territory(3), territory(4), *2 * [territory(5)]]))
    now = gathered([territory(1), *copies, territory(5), territory(6)], findings=findings, left_out=[])
    path = written(now, tmp_path / "all.xlsx", [then])
    states = {row["ID"]: row["State"] for row in Sheet(RawWorkbook(path), "Against last", 5).rows()}
    of_copies = {"T2": "NOT COUNTED", "T5": "NOT COUNTED"}
    assert states == {"T1": None, "T3": "NOT COUNTED", "T4": "GONE", "T6": "NEW", **of_copies}


def test_summary_says_how_many_have_not_come_back(tmp_path: Path) -> None:
    findings = Table(("code", "file"), [("MISSING", "a.xlsx"), ("OTHER_YEAR", "b.xlsx"), ("MISSING", "c.xlsx")])
    book = RawWorkbook(written(gathered([territory(1)], findings=findings), tmp_path / "all.xlsx"))
    assert book.sheets["Summary"]["B2"].value == "1 territory · plans of 2027 · 2 have not come back"


@pytest.mark.parametrize("folder", ["/home/me/back/", "C:\\Users\\me\\back\\", ""])
def test_summary_names_files_without_their_folders(tmp_path: Path, folder: str) -> None:
    told = gathered([], left_out=[LeftOut(f"{folder}broken.xlsx", "no zip")])
    book = RawWorkbook(written(told, tmp_path / "all.xlsx"))
    assert book.sheets["Summary"]["B3"].value == "1 file is in no total: broken.xlsx"


def test_parts_have_no_time_of_their_own(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(gathered([territory(1)]), tmp_path / "all.xlsx")) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
