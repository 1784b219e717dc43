"""Long tables as workbooks: text stays text, links work, full sheets are followed by others, the bytes are the same."""

from __future__ import annotations

import io
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

from xlsales.batch import table_book
from xlsales.batch.table_book import TableBook, TableCell, TableColumn

COLUMNS = [TableColumn("name", 20), TableColumn("amount", 10, "#,##0")]


def saved(rows: list[list[TableCell]], links: dict[int, str] | None = None) -> bytes:
    file = io.BytesIO()
    with TableBook("Table", COLUMNS) as book:
        for row in rows:
            book.add(row, links)
        book.save(file)
    return file.getvalue()


def read(package: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(package))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "{=1}",
        "+1",
        "-1",
        "@SUM(A1)",
        "http://example.com",
        "mailto:a@b.c",
        "#N/A",
        "1e5",
        " x ",
        "a\nb",
        "<&>",
        "😀",
    ],
)
def test_text_stays_the_text_that_it_is(text: str) -> None:
    cell = read(saved([[text, 1]]))["Table"]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_numbers_blanks_and_truth_keep_their_kind() -> None:
    rows: list[list[TableCell]] = [["a", 1.5], [None, None], ["", 0], ["b", True]]
    table = list(read(saved(rows))["Table"].values)
    assert table == [("name", "amount"), ("a", 1.5), (None, None), (None, 0), ("b", True)]


@pytest.mark.parametrize("text", ["x" * 32_768, "😀" * 20_000, "a" + "😀" * 20_000])
def test_text_that_no_cell_can_hold_is_cut_where_a_character_ends(text: str) -> None:
    value = str(read(saved([[text, 1]]))["Table"]["A2"].value)
    assert value.endswith("…")
    assert text.startswith(value[:-1])
    assert len(value.encode("utf-16-le")) // 2 in (32_766, 32_767)


def test_part_that_grows_beyond_a_plain_zip_is_written_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["\x0b" * 2000 + str(number) for number in range(4)]  # each takes seven times as many characters
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 20_000)
    package = saved([[text, 1] for text in texts])
    monkeypatch.undo()
    assert [str(cell.value).count("_x000B_") for cell in read(package)["Table"]["A"][1:]] == [2000] * 4


def test_full_sheet_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_book, "MOST_ROWS", 4)
    monkeypatch.setattr(table_book, "MOST_LINKS", 2)
    book = read(saved([[f"n{number}", number] for number in range(7)], {0: "a%20b.xlsx"}))
    assert book.sheetnames == ["Table", "Table 2", "Table 3"]
    assert [cell.value for sheet in book for cell in sheet["A"][1:]] == [f"n{number}" for number in range(7)]
    assert [sheet.auto_filter.ref for sheet in book] == ["A1:B4", "A1:B4", "A1:B2"]
    assert [sheet.freeze_panes for sheet in book] == ["A2"] * 3
    linked = [cell.hyperlink is not None for sheet in book for cell in sheet["A"][1:]]
    assert linked == [True, True, False, True, True, False, True]
    assert book["Table"]["A2"].hyperlink.target == "a%20b.xlsx"


def test_bytes_are_the_same_every_time_and_hold_line_ends_of_one_kind() -> None:
    package = saved([["a\r\nb", 1], ["c", 2]])
    assert package == saved([["a\r\nb", 1], ["c", 2]])
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert not [name for name in archive.namelist() if b"\r" in archive.read(name)]


@pytest.mark.parametrize("size", range(1, 8))
def test_line_ends_of_windows_become_those_of_linux_wherever_a_block_ends(size: int) -> None:
    content = b"<a>\r\n<b/>\r\n</a>\r\n"
    blocks = [content[start : start + size] for start in range(0, len(content), size)]
    assert b"".join(table_book._lines_ended_alike(blocks)) == content.replace(b"\r\n", b"\n")


def test_nothing_stays_in_the_folder_for_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    saved([["a", 1]])
    with suppress(KeyboardInterrupt), TableBook("Table", COLUMNS) as book:
        book.add(["a", 1])
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
