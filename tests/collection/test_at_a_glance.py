"""A planner of a shape that is known is read at a glance, and told to the last word as the plain way tells it."""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from io import BytesIO

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import rich_values
from tests.collection.conftest import SmallPlanner
from tests.rich_values import MICROSOFT, PICTURE, SPILL
from tests.workbook.returned.edits import EXAMPLE
from xlsales.collection import quickly, reading
from xlsales.collection.reference import References
from xlsales.workbook.returned import look as looks

_NAMES = ["in_revenue_goal", "in_growth_rate", "in_as_of", "in_fiscal_year", "in_territory_id", "th_close_ratio"]
_ODD = [("<v>1</v>", "b"), ("<v>2</v>", "b"), ("<v>#N/A</v>", "e"), ("<v/>", "str"), ("", "")]


def told(read: Callable[[bytes, str, References], object], package: bytes, references: References) -> str:
    try:
        return repr(read(package, "planner.xlsx", references))
    except Exception as error:  # of a kind and with words that must be the same too
        return repr(error)


def assert_the_same(package: bytes, small: SmallPlanner) -> None:
    assert_told_the_same(package, small.references)


@lru_cache(maxsize=16)  # some planners are read at a glance several times, each time otherwise
def told_in_full(package: bytes, references: References) -> str:
    return told(reading.read_bytes, package, references)


def assert_told_the_same(package: bytes, references: References) -> None:
    assert told(quickly.read_bytes, package, references) == told_in_full(package, references)


def is_glanced(package: bytes, references: References) -> bool:
    look = looks.look(package)
    known = None if look is None else references.shapes.glanced(look, "planner.xlsx")
    return known is not None and known[1] is not None


def with_sheet(small: SmallPlanner, sheet: str, changed: Callable[[str], str]) -> bytes:
    edit = small.edit()
    part = edit.sheet(sheet)
    edit.parts[part] = changed(edit.text(part)).encode()
    return edit.close()


def test_the_example_is_read_at_a_glance(references: References) -> None:
    package = EXAMPLE.read_bytes()
    assert is_glanced(package, references)
    assert_told_the_same(package, references)


def test_typed_values_leave_the_shape_as_it_is(small: SmallPlanner) -> None:
    edit = small.edit()
    edit.cell(*small.at("in_revenue_goal"), "<v>1234567.25</v>")
    edit.cell(*small.at("in_growth_rate"), "<v>0.125</v>")
    package = edit.close()
    assert is_glanced(package, small.references)
    planner = quickly.read_bytes(package, "planner.xlsx", small.references)
    assert planner.inputs["revenue_goal"] == 1234567.25
    assert "VALUES_DIFFERENT" in {finding.code for finding in planner.findings}  # nobody has calculated it
    assert_the_same(package, small)


@pytest.mark.parametrize("number", [MICROSOFT, PICTURE, SPILL])
def test_data_types_and_pictures_are_told_the_same_however_often_they_come(number: int, small: SmallPlanner) -> None:
    person, name = small.at("in_person"), ("Accounts", "C7")
    for cells in ([], [], [person], [name], [person, name]):
        edit = small.edit()
        rich_values.put(edit, *((*cell, number) for cell in cells))
        assert_the_same(edit.close(), small)


def with_formula(text: str, number: int, written: str) -> str:
    """Return a sheet one of whose formulas is written otherwise, value and all."""
    cells = list(re.finditer(r'<c r="[A-Z]+\d+"(?: s="\d+")?([^>]*)><f>[^<]+</f>.*?</c>', text))
    cell = cells[number % len(cells)]
    return text[: cell.start(1)] + written + text[cell.end() :]


@pytest.mark.parametrize(
    "written",
    ["><v>7</v></c>", ' t="str"><v>none</v></c>', "/>", "><f>1+1</f><v>2</v></c>", "><f>1+1</f></c>",
     ' t="e"><f>NA()</f><v>#N/A</v></c>', ' t="str"><f aca="false">"a"&amp;"b"</f><v>ab</v></c>'],
)  # fmt: skip
@pytest.mark.parametrize(("sheet", "number"), [("Pipeline", 1234), ("Targets", 30), ("Functions", 400)])
def test_a_planner_with_another_formula_is_read_at_a_glance(
    sheet: str, number: int, written: str, small: SmallPlanner
) -> None:
    package = with_sheet(small, sheet, lambda text: with_formula(text, number, written))
    assert is_glanced(package, small.references)
    codes = {finding.code for finding in quickly.read_bytes(package, "planner.xlsx", small.references).findings}
    assert codes & {"FORMULA_OVERWRITTEN", "FORMULA_CHANGED"}
    assert_the_same(package, small)


@pytest.mark.parametrize(
    "written", ["><f>TRUE</f><v>1</v></c>", '><f t="shared" si="0"/><v>7</v></c>', "><f> </f></c>"]
)
def test_a_formula_that_is_no_plain_one_is_told_the_same(written: str, small: SmallPlanner) -> None:
    assert_the_same(with_sheet(small, "Pipeline", lambda text: with_formula(text, 1234, written)), small)


def test_several_other_formulas_of_some_sheets_are_told_the_same(small: SmallPlanner) -> None:
    """In the order of their sheets and rows, whatever else differs."""
    edit = small.edit()
    for sheet, numbers in {
        "Pipeline": (7, 900, 2300),
        "Accounts": (1, 2, 77),
        "Functions": (3, 5),
        "Team": (4,),
    }.items():
        part = edit.sheet(sheet)
        for number in numbers:
            edit.parts[part] = with_formula(edit.text(part), number, "><v>7</v></c>").encode()
    package = edit.close()
    assert is_glanced(package, small.references)
    assert_the_same(package, small)


@pytest.fixture
def unseen(small: SmallPlanner, monkeypatch: pytest.MonkeyPatch) -> SmallPlanner:
    """The small planner, of whose shape none was read yet."""
    monkeypatch.setattr(small.references, "shapes", None)
    return small


def with_formulas(small: SmallPlanner, written: str, goal: int, more: Mapping[tuple[str, int], str]) -> bytes:
    edit = small.edit()
    edit.cell(*small.at("in_revenue_goal"), f"<v>{goal}</v>")
    for (sheet, number), one in {("Pipeline", 900): written, ("Targets", 30): written, **more}.items():
        part = edit.sheet(sheet)
        edit.parts[part] = with_formula(edit.text(part), number, one).encode()
    return edit.close()


@pytest.mark.parametrize(
    "written", ["><v>7</v></c>", "/>", "><f>1+1</f><v>2</v></c>", ' t="b"><f>TRUE()</f><v>1</v></c>', "><f>1+1</f></c>"]
)
def test_planners_that_all_have_a_formula_overwritten_are_told_the_same(written: str, unseen: SmallPlanner) -> None:
    """As whoever sent them out has changed it; others among them have more changed, or have the formulas."""
    for goal in range(3):
        assert_the_same(with_formulas(unseen, written, goal, {}), unseen)
    usual = with_formulas(unseen, written, 4, {})
    assert is_glanced(usual, unseen.references) == ("TRUE" not in written)
    codes = {finding.code for finding in quickly.read_bytes(usual, "planner.xlsx", unseen.references).findings}
    assert codes & {"FORMULA_OVERWRITTEN", "FORMULA_CHANGED"}
    for more in ({("Accounts", 3): "><v>7</v></c>"}, {("Pipeline", 900): "><f>2+2</f><v>4</v></c>"}):
        assert_the_same(with_formulas(unseen, written, 5, more), unseen)
    assert_the_same(with_formulas(unseen, "><f>1+1</f><v>3</v></c>", 6, {}), unseen)
    for _turn in range(3):
        assert_the_same(unseen.content, unseen)
    assert is_glanced(unseen.content, unseen.references)
    assert_the_same(usual, unseen)


def test_planners_that_have_their_formulas_are_learned_from_rather(unseen: SmallPlanner) -> None:
    for goal in range(2):
        unseen.read(with_formulas(unseen, "><v>7</v></c>", goal, {}))
    for _turn in range(2):
        unseen.read(unseen.content)
    look = looks.look(unseen.content)
    assert look is not None
    glance, planner = unseen.references.shapes.glanced(look, "planner.xlsx")
    assert planner is not None
    assert not planner.odd
    assert not glance.different


def test_a_column_whose_formulas_are_gone_is_told_the_same(small: SmallPlanner) -> None:
    """It is one that somebody fills, then."""

    def emptied(text: str) -> str:
        return re.sub(r'(<c r="T\d+" s="\d+")[^>]*><f>.*?</c>', r"\1><v>7</v></c>", text)

    assert_the_same(with_sheet(small, "Accounts", emptied), small)


@pytest.mark.parametrize("inside", ["<f>2*50</f><v>100</v>", "<f>2*50</f>", "<f>1/0</f><v>#DIV/0!</v>"])
@pytest.mark.parametrize(
    "name", ["in_revenue_goal", "in_as_of", "th_close_ratio", "col_deals_amount", "col_deals_account_id"]
)
def test_a_formula_in_an_input_is_told_the_same(name: str, inside: str, small: SmallPlanner) -> None:
    sheet, cell = small.at(name)
    if name.startswith("col_"):
        cell = re.sub(r"\d+", lambda row: str(int(row[0]) + 3), cell)
    edit = small.edit()
    edit.cell(sheet, cell, inside, "e" if "#" in inside else "")
    package = edit.close()
    assert is_glanced(package, small.references)
    assert_the_same(package, small)


@pytest.mark.parametrize("style", [1, 14, 69])
def test_an_input_of_another_look_is_told_the_same(style: int, small: SmallPlanner) -> None:
    sheet, cell = small.at("in_revenue_goal")
    package = with_sheet(small, sheet, lambda text: re.sub(rf'(<c r="{cell}" s=")\d+', rf"\g<1>{style}", text))
    assert is_glanced(package, small.references)
    assert_the_same(package, small)


def test_a_note_where_the_planner_has_nothing_is_told_the_same(small: SmallPlanner) -> None:
    package = with_sheet(
        small, "Dashboard", lambda text: re.sub(r'(<c r="[A-Z]+\d+" s="\d+")/>', r"\1><v>7</v></c>", text, count=9)
    )
    assert_the_same(package, small)


def test_a_row_of_another_height_is_read_at_a_glance(small: SmallPlanner) -> None:
    package = with_sheet(
        small, "Targets", lambda text: re.sub(r'(<row [^>]*spans="[^"]*")>', r'\1 ht="40">', text, count=3)
    )
    assert is_glanced(package, small.references)
    assert_the_same(package, small)


def test_a_row_with_an_attribute_twice_is_told_the_same(small: SmallPlanner) -> None:
    assert_the_same(
        with_sheet(small, "Targets", lambda text: re.sub(r'(<row r="9")', r'\1 ht="4" ht="5"', text)), small
    )


@pytest.mark.parametrize(
    "value",
    ["<v>1<!-- one --></v>", "<v>1<x/></v>", "<v><![CDATA[1]]></v>", "<v>1</v><v>2</v>", "<v>1</v><x/>", "<v>1</v >",
     "/><c r", "<v>", "</v>"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["", ' t="str"'])
def test_a_value_with_a_tag_in_it_is_told_the_same(value: str, kind: str, small: SmallPlanner) -> None:
    sheet, cell = small.at("in_revenue_goal")
    written = with_sheet(
        small, sheet, lambda text: re.sub(rf'(<c r="{cell}" s="\d+").*?</c>', rf"\1{kind}>{value}</c>", text)
    )
    assert_the_same(written, small)


LONG = "7" * (1 << 20)


@pytest.mark.parametrize(
    "written",
    [f' t="str"><v>{LONG}</v></c>', f' t="str"><v>{LONG[:9000]}</v></c>', f"><v>7</v>{' ' * 9000}</c>",
     "".join(f' a{number}="{number:0>20}"' for number in range(400)) + "><v>7</v></c>"],
    ids=["a long text", "a text", "blanks", "attributes"],
)  # fmt: skip
def test_a_cell_that_is_too_long_is_told_the_same(written: str, small: SmallPlanner) -> None:
    sheet, cell = small.at("in_revenue_goal")
    package = with_sheet(small, sheet, lambda text: re.sub(rf'(<c r="{cell}" s="\d+").*?</c>', rf"\1{written}", text))
    assert_the_same(package, small)


@pytest.mark.parametrize("row", [1, 9])
def test_a_row_of_too_many_attributes_is_told_the_same(row: int, small: SmallPlanner) -> None:
    more = "".join(f' a{number}="{number:0>20}"' for number in range(400))
    assert_the_same(with_sheet(small, "Targets", lambda text: re.sub(rf'(<row r="{row}")', rf"\1{more}", text)), small)


def rows_inside(text: str) -> Iterator[re.Match[str]]:
    return re.finditer(r"<v>[^<]*</v>|<f[^>]*>[^<]*</f>|<row [^>]*>|<c [^>]*>", text)


@pytest.mark.parametrize("seed", range(10))
def test_signs_changed_within_a_sheet_are_told_the_same(seed: int, small: SmallPlanner) -> None:
    """Signs of values, formulas, addresses, styles, types and rows, in archives that are sound."""
    chance = random.Random(seed)

    def changed(text: str) -> str:
        for _sign in range(chance.choice([1, 3])):
            piece = chance.choice(list(rows_inside(text)))
            place = chance.randrange(piece.start(), piece.end())
            text = text[:place] + chance.choice("0123456789.-eE+AZ \"'<>/&_\u00e9") + text[place + 1 :]
        return text

    sheet = chance.choice(["Targets", "Accounts", "Pipeline", "Dashboard", "Functions", "Team"])
    assert_the_same(with_sheet(small, sheet, changed), small)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(_NAMES),
            st.one_of(
                st.floats(allow_nan=False, allow_infinity=False).map(lambda number: (f"<v>{number!r}</v>", "")),
                st.integers(-(10**20), 10**20).map(lambda number: (f"<v>{number}</v>", "n")),
                st.from_regex(r"\A[ +-]?[0-9_]{0,9}[.,]?[0-9]{0,3}[eE%]?\Z").map(lambda text: (f"<v>{text}</v>", "")),
                st.from_regex(r"\A[ 0-9a-z.,%&_xA]{0,9}\Z").map(lambda text: (f"<v>{text}</v>", "str")),
                st.integers(0, 3000).map(lambda place: (f"<v>{place}</v>", "s")),
                st.sampled_from(
                    [("<v>1</v>", "b"), ("<v>2</v>", "b"), ("<v>#N/A</v>", "e"), ("<v/>", "str"), ("", "")]
                ),
            ),
        ),
        min_size=3,
        max_size=6,
    )
)
def test_whatever_is_typed_is_told_the_same(small: SmallPlanner, typed: list[tuple[str, tuple[str, str]]]) -> None:
    edit = small.edit()
    for name, inside in typed:
        edit.cell(*small.at(name), *inside)
    assert_the_same(edit.close(), small)


def test_planners_that_openpyxl_saved_are_read_at_a_glance(small: SmallPlanner) -> None:
    """They have no values of formulas, and another layout; the first of them is read the plain way."""
    book = openpyxl.load_workbook(BytesIO(small.content))
    sheet, cell = small.at("in_revenue_goal")
    packages = []
    for goal in (None, 2_000_000):
        if goal is not None:
            book[sheet][cell] = goal
        content = BytesIO()
        book.save(content)
        packages.append(content.getvalue())
    first, second = packages
    assert_the_same(first, small)
    assert is_glanced(second, small.references)
    assert_the_same(second, small)
    planner = quickly.read_bytes(second, "planner.xlsx", small.references)
    assert planner.inputs["revenue_goal"] == 2_000_000
    assert "NOT_CALCULATED" in {finding.code for finding in planner.findings}


def with_archive(small: SmallPlanner, write: Callable[[zipfile.ZipFile, str, bytes], None]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(BytesIO(small.content)) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            write(new, name, old.read(name))
    return content.getvalue()


def stored(new: zipfile.ZipFile, name: str, content: bytes) -> None:
    new.writestr(name, content)


def twice(new: zipfile.ZipFile, name: str, content: bytes) -> None:
    new.writestr(name, content)
    if name == "xl/styles.xml":
        new.writestr("XL/styles.xml", content)


def as_a_link(new: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name)
    info.external_attr = (0xA << 28) if name == "xl/styles.xml" else 0
    new.writestr(info, content)


def outside(new: zipfile.ZipFile, name: str, content: bytes) -> None:
    new.writestr("../" + name if name.startswith("docProps/app") else name, content)


def with_a_document_type(new: zipfile.ZipFile, name: str, content: bytes) -> None:
    new.writestr(name, b"<!DOCTYPE x>" + content if name == "xl/theme/theme1.xml" else content)


def without_styles(new: zipfile.ZipFile, name: str, content: bytes) -> None:
    if name != "xl/styles.xml":
        new.writestr(name, content)


def with_broken_styles(new: zipfile.ZipFile, name: str, content: bytes) -> None:
    new.writestr(name, content[:-30] if name == "xl/styles.xml" else content)


def with_broken_texts(new: zipfile.ZipFile, name: str, content: bytes) -> None:
    new.writestr(name, content.replace(b"</t></si>", b"&nothing;</t></si>", 1) if "sharedStrings" in name else content)


def with_fewer_texts(new: zipfile.ZipFile, name: str, content: bytes) -> None:
    new.writestr(name, re.sub(rb"<si>(?:(?!<si>).)*</si></sst>", b"</sst>", content) if "Strings" in name else content)


def with_a_hidden_sheet(new: zipfile.ZipFile, name: str, content: bytes) -> None:
    new.writestr(
        name, content.replace(b'sheetId="2"', b'sheetId="2" state="hidden"') if name == "xl/workbook.xml" else content
    )


def with_other_identifiers(new: zipfile.ZipFile, name: str, content: bytes) -> None:
    mark = b' xr:uid="{00000000-0001-0000-0000-000000000000}"'
    new.writestr(name, content.replace(b"<table ", b"<table" + mark + b" ", 1) if "/tables/" in name else content)


@pytest.mark.parametrize(
    "write",
    [stored, twice, as_a_link, outside, with_a_document_type, without_styles, with_broken_styles, with_broken_texts,
     with_fewer_texts, with_a_hidden_sheet, with_other_identifiers],
)  # fmt: skip
def test_an_odd_archive_is_told_the_same(
    write: Callable[[zipfile.ZipFile, str, bytes], None], small: SmallPlanner
) -> None:
    assert_the_same(with_archive(small, write), small)
