"""Lines that are looked at by their bytes hold the cells that a reader finds in them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.depth import examples
from tests.tables.test_acceptance import _said
from xlsales.schema import TABLES
from xlsales.tables import RawTables, parted, validate
from xlsales.tables.cell_bytes import CellBytes
from xlsales.tables.line_table import holding
from xlsales.tables.lines import Form, LineChunk
from xlsales.tables.pieces import chunks
from xlsales.tables.raw import Chunk, Outline

EXAMPLE = Path(__file__).parents[2] / "examples" / "crm" / "tables"
AS_OF = dt.date(2017, 12, 31)
_NAMES = ("territory_id", "account_id", "account_name")
_POSITIONS = {"territory_id": 0, "account_id": 1, "account_name": 2}
_LONG = ("12345678", "123456789", "1234567890123456", "12345678901234567", "東京都千代田区")
_CELLS = st.sampled_from(("", "A1", "A2", " A1", "Ä", "😀", "a, b; c", 'a "b"', '"', *_LONG)) | st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n\0\x1f"), max_size=70
)


def _chunk(rows: Sequence[Sequence[str]], first: int = 2, delimiter: str = ",") -> LineChunk:
    lines = [delimiter.join(row) + "\n" for row in rows]
    return LineChunk([*range(first, first + len(rows))], {}, {}, lines, Form(delimiter, 3, 0), _POSITIONS)


@settings(max_examples=examples(100), deadline=None)
@given(
    rows=st.lists(st.tuples(_CELLS, _CELLS, _CELLS), min_size=1, max_size=12),
    ends=st.sampled_from(("\n", "\r\n")),
    quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    delimiter=st.sampled_from(",;\t"),
)
@example(rows=[("a", "b", "x" * 64), ("a", "b", "x" * 65), ("a", "", "x" * 64)], ends="\n", quoting=0, delimiter=",")
@example(rows=[("1234567", "12345678", "12345"), ("1", "1234567", "")], ends="\r\n", quoting=0, delimiter=";")
@example(rows=[("a", "b, c", 'd "e"'), ("a", "b", ";")], ends="\r\n", quoting=0, delimiter=",")
def test_cells_are_those_that_a_reader_finds(
    rows: list[tuple[str, str, str]], ends: str, quoting: Literal[0, 1], delimiter: str
) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, quoting=quoting, lineterminator=ends).writerows(rows)
    cells = CellBytes.of(list(io.StringIO(written.getvalue(), newline="")), Form(delimiter, 3, 0))
    assert cells is not None
    assert len(cells) == len(rows)
    for at, column in enumerate(zip(*rows, strict=True)):
        found = cells.coded(at)
        assert [found.cells[code] for code in found.codes.tolist()] == list(column)
        assert list(found.cells) == list(dict.fromkeys(column))


@pytest.mark.parametrize("text", ["a\0,b,c\n", "a\x1f,b,c\n", "a,b\n", "a,b,c\na,b\nc,d,e\nf\n", "a,b,c"])
def test_lines_that_bytes_do_not_tell_are_left_to_a_reader(text: str) -> None:
    assert CellBytes.of(text.splitlines(keepends=True), Form(",", 3, 0)) is None
    assert CellBytes.of(["a§b§c\n"], Form("§", 3, 0)) is None


def test_rows_are_lines_where_all_of_them_are_of_one_form() -> None:
    outline = Outline(TABLES["accounts"], "accounts.csv", _NAMES)
    lines = _chunk([("T1", "A1", "Acme"), ("T1", "A2", "B")])
    others = _chunk([("T2", "A1", "C")], first=7, delimiter=";")
    parsed = Chunk([9], {"territory_id": ["T3"], "account_id": ["A1"], "account_name": ["D"]})
    assert holding(outline, [lines, _chunk([("T2", "A1", "C")], first=7)]).unread is not None
    for mixed in ([lines, others], [lines, parsed], []):
        table = holding(outline, mixed)
        assert table.unread is None
        assert table.frame.index.tolist() == [row for chunk in mixed for row in chunk.rows]


def test_some_rows_of_a_table_are_taken_apart_and_no_others() -> None:
    outline = Outline(TABLES["accounts"], "accounts.csv", _NAMES)
    table = holding(outline, [_chunk([("T1", "A1", "Acme"), ("T2", "A1", "B")]), _chunk([("T2", "A2", "C")], first=7)])
    assert (table.index.tolist(), table.columns) == ([2, 3, 7], list(_NAMES))
    some = table.some(np.array([False, True, True]))
    assert some.frame.index.tolist() == [3, 7]
    assert some.frame["account_name"].tolist() == ["B", "C"]
    assert some.unread is None
    pd.testing.assert_frame_equal(table.frame.loc[[3, 7]], some.frame)


@pytest.mark.parametrize("damage", ["", "2017-02-30", " ", "x", '"x"', "-1", "東"])
def test_a_part_of_lines_is_checked_as_its_rows_are(damage: str) -> None:
    """Whatever stands in one of its cells."""
    with parted(EXAMPLE, rows=5000) as parts:
        found = [pickle.loads(pickle.dumps(part)) for part in parts.apart()]
    are_lines = 0
    for place, part in enumerate(found):
        held = {name: [*chunks(own)] for name, own in part.held.items()}
        deals = held["deals"][0]
        assert isinstance(deals, LineChunk)
        cells = deals.lines[place].rstrip("\r\n").split(",")
        deals.lines[place] = ",".join([*cells[: place % 8 + 2], damage, *cells[place % 8 + 3 :]]) + "\n"
        tables = {name: holding(outline, held[name]) for name, outline in part.outlines.items()}
        plain = {name: outline.holding(held[name]) for name, outline in part.outlines.items()}
        are_lines += sum(table.unread is not None for table in tables.values())
        of_lines, of_frames = (RawTables(own, whole=False) for own in (tables, plain))
        assert _said(validate(of_lines, AS_OF)) == _said(validate(of_frames, AS_OF, row_by_row=True))
    assert are_lines >= 2 * len(found)
