"""The functions go into anybody's workbook as names, and come out again without a trace."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import ironcalc
import openpyxl
import pytest
import xlsxwriter
from typer.testing import CliRunner

from tests import open_xml_sdk
from tests.sealed import signed
from xlsales.cli import app
from xlsales.errors import InputError
from xlsales.lambdas import embed
from xlsales.lambdas.embed import Done
from xlsales.lambdas.library import library
from xlsales.workbook import lint, name_edits, package
from xlsales.workbook.name_edits import NewName
from xlsales.workbook.template import shipped

COUNT = len(library())


@cache
def _written_by_xlsxwriter(*names: tuple[str, str]) -> bytes:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    sheet = book.add_worksheet("Figures & more")
    sheet.write_row(0, 0, [13, 20])
    for name, formula in names:
        book.define_name(name, formula)
    book.close()
    return written.getvalue()


@cache
def _written_by_openpyxl() -> bytes:
    written = io.BytesIO()
    openpyxl.Workbook().save(written)
    return written.getvalue()


def _planner() -> bytes:
    return shipped("xlsx").read_bytes()


def _with_names() -> bytes:
    return _written_by_xlsxwriter(("aaa", "=1"), ("Growth_rate", "='Figures & more'!$A$1"), ("zzz", '="a<b"'))


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "xlsxwriter": _written_by_xlsxwriter,
    "openpyxl": _written_by_openpyxl,
    "with names": _with_names,
    "planner": _planner,
}


@pytest.mark.parametrize("write", WORKBOOKS.values(), ids=WORKBOOKS)
def test_embedded_and_removed_every_part_is_as_it_was_byte_for_byte(write: Callable[[], bytes]) -> None:
    before = write()
    within = embed.embedded(before, "book.xlsx")
    assert within.names(Done.ADDED) == list(library())
    after = embed.removed(within.package, "book.xlsx")
    assert after.names(Done.REMOVED) == sorted(library(), key=str.lower)
    changed = [name for name, part in package.read(before).items() if package.read(within.package)[name] != part]
    assert changed == ["xl/workbook.xml"]
    assert package.read(after.package) == {**package.read(before), **_without_an_empty_list(before)}


def _without_an_empty_list(content: bytes) -> dict[str, bytes]:
    """The workbook part without the empty list of names that openpyxl writes, which says nothing."""
    return {"xl/workbook.xml": package.read(content)["xl/workbook.xml"].replace(b"<definedNames/>", b"")}


@pytest.mark.parametrize("write", WORKBOOKS.values(), ids=WORKBOOKS)
def test_linter_finds_nothing_new_in_it(write: Callable[[], bytes]) -> None:
    before = write()
    assert lint.check(_embedded(before), "book.xlsx") == lint.check(before, "book.xlsx")


def _embedded(content: bytes) -> bytes:
    return embed.embedded(content, "book.xlsx").package


@pytest.mark.sdk
@pytest.mark.parametrize("kind", ["xlsxwriter", "with names", "planner"])
def test_open_xml_sdk_finds_nothing_in_it(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(_embedded(WORKBOOKS[kind]()))
    assert open_xml_sdk.faults(path) == []


def test_another_engine_reads_the_file_and_calculates(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(_embedded(_with_names()))
    book = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    book.set_user_input(0, 3, 1, "=CLOSE_RATIO(A1,B1)")
    book.set_user_input(0, 4, 1, "=MAGIC_NUMBER(15000,2500,60%,40%,1)")
    book.evaluate()
    assert book.get_cell_value(0, 3, 1) == pytest.approx(0.65)
    assert book.get_cell_value(0, 4, 1) == pytest.approx(25)


def test_a_second_time_nothing_is_left_to_do() -> None:
    once = _embedded(_with_names())
    again = embed.embedded(once, "book.xlsx")
    assert again.package == once
    assert again.names(Done.THERE) == list(library())


def test_a_name_that_the_workbook_has_stays_what_it_is() -> None:
    content = _written_by_xlsxwriter(("close_ratio", "=0.5"), ("'Figures & more'!PEER_GAP", "='Figures & more'!$A$1"))
    within = embed.embedded(content, "book.xlsx")
    assert within.names(Done.TAKEN) == ["CLOSE_RATIO", "PEER_GAP"]
    assert len(within.names(Done.ADDED)) == COUNT - 2
    assert package.read(embed.removed(within.package, "book.xlsx").package) == package.read(content)


def test_the_name_of_a_table_counts_as_taken() -> None:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    book.add_worksheet().add_table(0, 0, 2, 1, {"name": "Close_Ratio"})
    book.close()
    assert embed.embedded(written.getvalue(), "book.xlsx").names(Done.TAKEN) == ["CLOSE_RATIO"]


def test_a_lambda_of_somebody_else_is_neither_replaced_nor_removed() -> None:
    content = _written_by_xlsxwriter(("CLOSE_RATIO", "=_xlfn.LAMBDA(_xlpm.x,_xlpm.x)"))
    within = embed.embedded(content, "book.xlsx")
    assert within.names(Done.TAKEN) == ["CLOSE_RATIO"]
    assert "CLOSE_RATIO" not in embed.removed(within.package, "book.xlsx").done


def test_one_of_an_older_version_is_brought_up_to_date() -> None:
    members = package.read(_embedded(_with_names()))
    members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(b"[xlsales ", b"[xlsales 0.0.", 1)
    again = embed.embedded(package.write(members), "book.xlsx")
    assert len(again.names(Done.REPLACED)) == 1
    assert package.read(again.package) == package.read(_embedded(_with_names()))


def test_a_workbook_with_macros_is_refused() -> None:
    with pytest.raises(InputError, match="macros"):
        embed.embedded(shipped("xlsm").read_bytes(), "Sales Planner.xlsm")


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"book\.xlsx"):
        embed.embedded(content, "book.xlsx")


def _workbook(inside: str, prefix: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    attribute = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    return f'<{prefix}workbook {attribute}="{space}">{inside}</{prefix}workbook>'.encode()


PARTS = {
    "no names": _workbook("<sheets><sheet name='a&gt;b' /></sheets><calcPr/>"),
    "after groups and links": _workbook(
        "<sheets/><functionGroups/><externalReferences><x/></externalReferences><calcPr/>"
    ),
    "prefix": _workbook('<x:sheets/><x:definedNames><x:definedName name="b">1</x:definedName></x:definedNames>', "x:"),
    "greater sign in an attribute": _workbook(
        '<sheets/><definedNames><definedName name="b" comment="a>b">1</definedName></definedNames>'
    ),
    "line breaks": _workbook(
        '<sheets>\r\n</sheets>\r\n<definedNames>\r\n <definedName name="b">1</definedName>\r\n</definedNames>\r\n'
    ),
}


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_names_stand_where_the_format_wants_them_and_leave_no_trace(part: bytes) -> None:
    new = [NewName("C", "1<2", 'say "x"'), NewName("a", '"&"')]
    within = name_edits.inserted(part, new)
    assert [name.name for name in name_edits.found(within)][:1] == ["a"]
    formulas = {name.name: name.formula for name in name_edits.found(within)}
    assert (formulas["C"], formulas["a"]) == ("1<2", '"&"')
    place = within.index(b"definedNames")
    assert within.index(b"sheets") < place
    if b"calcPr" in part:
        assert place < within.index(b"calcPr")
    assert name_edits.removed(within, lambda name: name.name in ("a", "C")) == part


def test_an_empty_list_of_names_is_filled() -> None:
    within = name_edits.inserted(_workbook("<sheets/><definedNames/><calcPr/>"), [NewName("a", "1")])
    assert within == _workbook('<sheets/><definedNames><definedName name="a">1</definedName></definedNames><calcPr/>')


# The command.


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["functions", *arguments])
    return result.exit_code, result.output


def test_the_command_changes_the_file_in_place_and_back(tmp_path: Path) -> None:
    path = tmp_path / "My figures.xlsx"
    path.write_bytes(_with_names())
    code, output = _run("embed", str(path))
    assert (code, f"{COUNT} functions added" in output) == (0, True)
    assert "SALES_EXPLAIN cannot be a LAMBDA" in output
    code, output = _run("embed", str(path), "--remove")
    assert (code, f"{COUNT} functions removed" in output) == (0, True)
    assert package.read(path.read_bytes()) == package.read(_with_names())


def test_a_dry_run_writes_nothing_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(_with_names())
    _code, output = _run("embed", str(path), "--dry-run")
    assert "nothing was written" in output
    assert path.read_bytes() == _with_names()
    assert [there.name for there in tmp_path.iterdir()] == ["book.xlsx"]


def test_another_file_is_written_and_one_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    path, other = tmp_path / "book.xlsx", tmp_path / "other.xlsx"
    path.write_bytes(_with_names())
    assert _run("embed", str(path), "--out", str(other))[0] == 0
    assert path.read_bytes() == _with_names()
    with pytest.raises(InputError, match="already exists"):
        CliRunner().invoke(app, ["functions", "embed", str(path), "-o", str(other)], catch_exceptions=False)


def test_taken_names_are_told_and_the_exit_code_is_1(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(_written_by_xlsxwriter(("CLOSE_RATIO", "=0.5")))
    code, output = _run("embed", str(path), "--json")
    assert (code, json.loads(output)["taken"]) == (1, ["CLOSE_RATIO"])


def test_functions_still_lists_and_shows_without_another_word() -> None:
    assert "CLOSE_RATIO" in _run()[1]
    assert _run("close-ratio") == _run("show", "CLOSE_RATIO")
    assert json.loads(_run("--json")[1])[0]["name"] == "BREAKEVEN_REVENUE"
    assert json.loads(_run("CLOSE_RATIO", "--json")[1])[0]["name"] == "CLOSE_RATIO"


def test_a_signature_that_no_longer_holds_is_told(tmp_path: Path) -> None:
    path = tmp_path / "signed.xlsx"
    path.write_bytes(signed(_written_by_openpyxl()))
    assert "digital signature no longer holds" in CliRunner().invoke(app, ["functions", "embed", str(path)]).output
    assert "no longer holds" not in CliRunner().invoke(app, ["functions", "embed", str(path)]).output
