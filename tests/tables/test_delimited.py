from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.errors import InputError
from xlsales.schema import TABLES
from xlsales.tables import read_tables
from xlsales.tables.delimited import read_csv

MakeFolder = Callable[..., Path]

HEADER = "territory_id,account_id,account_name\n"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (f"{HEADER}T1,007,Zoë\n".encode(), "Zoë"),
        (b"\xef\xbb\xbf" + f"{HEADER}T1,007,Zoë\n".encode(), "Zoë"),
        (f"{HEADER}T1,007,Zoë\n".encode("utf-16"), "Zoë"),
        (b"\xfe\xff" + f"{HEADER}T1,007,Zoë\n".encode("utf-16-be"), "Zoë"),
        (f"{HEADER}T1,007,Zoë\n".replace("\n", "\r\n").encode(), "Zoë"),
        (f"{HEADER}T1,007,Zoë\n".replace(",", ";").encode(), "Zoë"),
        (f"{HEADER}T1,007,Zoë\n".replace(",", "\t").encode(), "Zoë"),
        (f'{HEADER}T1,007,"two\nlines"\n'.encode(), "two\nlines"),
        (f'{HEADER}T1,007,"a, ""b"" c"\n'.encode(), 'a, "b" c'),
        (b" Territory_ID , ACCOUNT_ID,account_name\nT1,007,x\n", "x"),
        (b"territory_id;account_id;account_name\nT1;007;1,5,2,3,4\n", "1,5,2,3,4"),
    ],
)
def test_csv_files_of_every_common_make_are_read(make_folder: MakeFolder, content: bytes, name: str) -> None:
    raw = read_tables(make_folder(accounts=content))
    frame = raw.tables["accounts"].frame
    assert frame.to_dict("records") == [{"territory_id": "T1", "account_id": "007", "account_name": name}]
    assert frame.index.tolist() == [2]
    assert raw.findings == ()


@pytest.mark.parametrize("separator", [";", ",", "\t", "|", "^", ":", " ", "~", "§"])
@pytest.mark.parametrize("line", ["sep={0}", "SEP={0}", '"sep={0}"', "sep={0}{0}{0}", '"sep={0}",,'])
@pytest.mark.parametrize(
    ("encoding", "end"), [("utf-8", "\n"), ("utf-8-sig", "\r\n"), ("utf-16", "\r\n"), ("utf-8", "\r")]
)
def test_separator_that_the_first_line_declares_is_used(
    make_folder: MakeFolder, separator: str, line: str, encoding: str, end: str
) -> None:
    lines = [
        line.format(separator),
        *(separator.join(cells) for cells in (HEADER.strip().split(","), ["T1", "1", "x"])),
    ]
    raw = read_tables(make_folder(accounts=end.join([*lines, ""]).encode(encoding)))
    frame = raw.tables["accounts"].frame
    assert frame.to_dict("records") == [{"territory_id": "T1", "account_id": "1", "account_name": "x"}]
    assert frame.index.tolist() == [2]  # Excel shows no row for the declaration
    assert raw.findings == ()


def test_lines_are_counted_from_the_declaration_and_rows_from_the_header(make_folder: MakeFolder) -> None:
    content = 'sep=;\nterritory_id;account_id;account_name\nT1;A1;x\nT1;A2\nT1;A3;y\nT1;A4;"z\n'
    table = read_tables(make_folder(accounts=content)).tables["accounts"]
    assert {row: problem.message[:8].rstrip() for row, problem in table.damaged.items()} == {
        3: "Line 4 h",
        5: "Line 6 c",
    }


@pytest.mark.parametrize("first", ["sep=", "sep=x", "sep=;,x", 'sep=""', "sep=;;x"])
def test_first_line_that_declares_no_separator_is_refused(make_folder: MakeFolder, first: str) -> None:
    with pytest.raises(InputError, match=r"accounts.csv, line 1: “.*” names no separator. Write one character"):
        read_tables(make_folder(accounts=f"{first}\n{HEADER}"))


def test_file_that_holds_a_declaration_only_is_empty(make_folder: MakeFolder) -> None:
    (finding,) = read_tables(make_folder(accounts="sep=;\n")).findings
    assert finding.code == "TABLE_EMPTY"


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        (b"sep=;\n" + HEADER.encode() + "T1,A1,Café\n".encode("cp1252"), "byte 52 (line 3) is not UTF-8"),
        (b'sep=;\nterritory_id;"account_id" x\nT1;A1\n', "accounts.csv, line 2: the header cannot be read"),
        # 37 bytes of header, then `T1,A1,Caf`: the bad byte is at offset 46, on line 2.
        (HEADER.encode() + "T1,A1,Café\n".encode("cp1252"), "accounts.csv: byte 46 (line 2) is not UTF-8"),
        (
            b"\xef\xbb\xbf" + HEADER.encode() + "T1,A1,Café\n".encode("cp1252"),
            "accounts.csv: byte 49 (line 2) is not UTF-8",
        ),
        (HEADER.encode("utf-16-le"), "accounts.csv: the header holds NUL characters"),
        (b'territory_id,"account_id" x\nT1,A1\n', "accounts.csv, line 1: the header cannot be read"),
    ],
)
def test_a_file_that_cannot_be_decoded_is_refused_with_the_place(
    make_folder: MakeFolder, content: bytes, fragment: str
) -> None:
    with pytest.raises(InputError) as error:
        read_tables(make_folder(accounts=content))
    assert fragment in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("encoding", "shown", "bad"),
    [("utf-8", "UTF-8", b"\xff"), ("utf-8-sig", "UTF-8", b"\xe9"), ("utf-16", "UTF-16", b"\x00\xd8")],
)
@pytest.mark.parametrize("rows", [0, 1, 2, 5, 20_000])
def test_a_bad_byte_is_found_wherever_it_is(
    make_folder: MakeFolder, encoding: str, shown: str, bad: bytes, rows: int
) -> None:
    before = (HEADER + "T1,A1,Zoë 😀\n" * rows).encode(encoding)
    after = "é,x\nT1,A2,y\n".encode(encoding.removesuffix("-sig"))
    if encoding == "utf-16":
        after = "é,x\nT1,A2,y\n".encode("utf-16-le")
    message = f"accounts.csv: byte {len(before)} (line {rows + 2}) is not {shown} text."
    with pytest.raises(InputError) as error:
        read_tables(make_folder(accounts=before + bad + after))
    assert str(error.value).startswith(message)


def test_a_file_that_ends_within_a_character_is_refused_with_the_place(make_folder: MakeFolder) -> None:
    content = (HEADER + "T1,A1,é").encode()[:-1]
    with pytest.raises(InputError, match=rf"byte {len(content) - 1} \(line 2\)"):
        read_tables(make_folder(accounts=content))


@pytest.mark.parametrize(
    ("content", "damaged", "whole"),
    [
        # row 3 has a cell too many, row 4 one too few; the quoted cell puts row 3 on line 4
        (
            f'{HEADER}T1,A1,"x\ny"\nT1,A2,b,c\nT1,A3\nT1,A4,d\n',
            {3: ("ROW_RAGGED", "Line 4 has 4 cells and the header 3"), 4: ("ROW_RAGGED", "Line 5 has 2")},
            {2: "A1", 5: "A4"},
        ),
        (
            f'{HEADER}T1,A1,"x" y\nT1,A2,b\n',
            {2: ("ROW_QUOTES", "Line 2 cannot be read")},
            {3: "A2"},
        ),
        # the quotation mark that is never closed costs its own line, not the rest of the file
        (
            f'{HEADER}T1,A1,a\nT1,A2,"b\nT1,A3,c\nT1,A4,d\n',
            {3: ("ROW_QUOTES", "Line 3 cannot be read")},
            {2: "A1", 4: "A3", 5: "A4"},
        ),
        (
            f"{HEADER}T1,A1,{'x' * 200_000}\nT1,A2,b\n",
            {2: ("ROW_QUOTES", "Line 2 has a cell with more than 131,072 characters")},
            {3: "A2"},
        ),
        (
            f'{HEADER}T1,A1,"{"x" * 200_000}\nT1,A2,b\n',
            {2: ("ROW_QUOTES", "a quotation mark that is never closed")},
            {3: "A2"},
        ),
        (f"{HEADER}\nT1,A1,a\n,,\n   ,\t,\nT1,A2,b\n", {}, {3: "A1", 6: "A2"}),
    ],
)
def test_damaged_lines_are_told_and_the_others_are_read(
    make_folder: MakeFolder, content: str, damaged: dict[int, tuple[str, str]], whole: dict[int, str]
) -> None:
    table = read_tables(make_folder(accounts=content)).tables["accounts"]
    assert table.damaged.keys() == damaged.keys()
    for row, (code, fragment) in damaged.items():
        assert table.damaged[row].code == code
        assert fragment in table.damaged[row].message
    read = table.frame["account_id"].drop(list(damaged))
    assert dict(zip(read.index, read, strict=True)) == whole


@pytest.mark.parametrize("mark", ["", '"'])
def test_header_without_end_is_refused_in_one_line(make_folder: MakeFolder, mark: str) -> None:
    with pytest.raises(InputError, match=r"accounts\.csv, line 1: the header cannot be read") as refusal:
        read_tables(make_folder(accounts=mark + "x" * 200_000 + "\nT1,A1,a\n"))
    assert len(str(refusal.value)) < 200


def test_quotation_marks_that_are_never_closed_cost_a_line_each(make_folder: MakeFolder) -> None:
    content = HEADER + 'T1,A1,"a\nT1,A2,b\n' * 300
    table = read_tables(make_folder(accounts=content)).tables["accounts"]
    # every mark but the last is closed by the next one, on the line after next, and then out of place
    assert list(table.damaged) == list(range(2, 602, 2))
    assert [problem.message.split()[1] for problem in table.damaged.values()] == [str(at) for at in range(2, 602, 2)]
    assert table.frame["account_id"].drop(list(table.damaged)).eq("A2").all()


@given(
    st.lists(
        st.text(st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from('",;\t\n\r'), min_size=1).filter(
            str.strip
        ),
        min_size=1,
    )
)
def test_text_comes_out_of_a_csv_file_as_it_went_in(tmp_path_factory: pytest.TempPathFactory, keys: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "team.csv"
    quoted = ["T1,r,{}\n".format('"' + key.replace('"', '""') + '"') for key in keys]
    path.write_text("territory_id,role,name\n" + "".join(quoted), encoding="utf-8", newline="")
    reading = read_csv(TABLES["team"], path)
    raw = reading.outline.holding(reading.chunks(None))
    assert raw.frame["name"].tolist() == keys
    assert reading.findings == []
