"""Rows that are divided as lines come out of them as they do when each is taken apart at once."""

from __future__ import annotations

import csv
import pickle
from collections.abc import Iterable
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.depth import examples
from xlsales.schema import TABLES
from xlsales.tables import delimited
from xlsales.tables.delimited import read_csv
from xlsales.tables.lines import Form, LineChunk, lines_of
from xlsales.tables.raw import Chunk

HEADERS = ("territory_id,name,role", "name,Territory_ID ,role", "name,role,territory_id", "territory_id;name;role")
_CELL = st.sampled_from(
    ("T1", "T1", "T2", "T02", " T1 ", "", "  ", "a", "1,5", "é\u2028x", "\x0b", "\x1cT1", "\0", "=1", "x" * 140_000)
)
_SHORT = _CELL.filter(lambda cell: len(cell) < 100)
_AS_WRITTEN = st.sampled_from(
    ("{}", "{}", "{}", '"{}"', '"{},{}"', '"{}\n{}"', '{}"', '"{}', '"{}"x', '""{}', '"{}""{}"')
)
_ROW = st.lists(st.tuples(_CELL, _AS_WRITTEN).map(lambda one: one[1].replace("{}", one[0])), min_size=1, max_size=4)
_END = st.sampled_from(("\n", "\n", "\r\n", "\r", "\n\n", ""))


def rows_of(chunks: Iterable[Chunk]) -> Chunk:
    whole = Chunk()
    for chunk in chunks:
        whole.append(chunk.parsed())
    return whole


def both_ways(path: Path, rows: int) -> tuple[Chunk, Chunk, list[Chunk]]:
    """What is read at once, and what is divided and put aside before."""
    at_once = rows_of(read_csv(TABLES["team"], path).chunks(None))
    divided = list(read_csv(TABLES["team"], path).chunks(rows, divides=True))
    every = [chunk.take([*range(len(chunk.rows))]) for chunk in divided]
    return at_once, rows_of(pickle.loads(pickle.dumps(chunk)) for chunk in every), divided


@settings(max_examples=examples(60), deadline=None)
@given(
    header=st.sampled_from(HEADERS),
    lines=st.lists(st.tuples(_ROW, _END), min_size=1, max_size=12),
    at_a_time=st.integers(1, 5),
    rows=st.integers(1, 7),
)
def test_any_lines_are_read_alike(
    tmp_path_factory: pytest.TempPathFactory, header: str, lines: list[tuple[list[str], str]], at_a_time: int, rows: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "team.csv"
    delimiter = ";" if ";" in header else ","
    path.write_text(
        f"{header}\n" + "".join(delimiter.join(cells) + end for cells, end in lines), encoding="utf-8", newline=""
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(delimited, "_LINES", at_a_time)
        at_once, divided, _chunks = both_ways(path, rows)
    assert divided.rows == at_once.rows
    assert divided.damaged == at_once.damaged
    assert divided.columns == at_once.columns or not at_once.rows


@example([["T1", "a", "b"]], ["\r"])
@example([["T1", "", ""], ["", "", ""], ['"T1"', "a", "b"]], ["\r\n", "\n", "\n"])
@settings(max_examples=examples(60), deadline=None)
@given(
    cells=st.lists(st.tuples(_SHORT, _SHORT, _SHORT.map('"{}"'.format) | _SHORT).map(list), min_size=1, max_size=900),
    ends=st.lists(st.sampled_from(("\n", "\r\n", "\r")), min_size=1, max_size=5),
)
def test_lines_are_taken_apart_as_a_reader_of_csv_files_does_it(cells: list[list[str]], ends: list[str]) -> None:
    lines = [";".join(row) + end for row, end in zip(cells, cycle(ends), strict=False)]
    found = lines_of(range(len(lines)), lines, Form(";", 3, -1))
    assert found is not None
    assert list(zip(*found.run().columns, strict=True)) == list(map(tuple, csv.reader(lines, delimiter=";")))


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("row", ["T1 b c", '"T1" b c', 'T1 "b ""x""" c'])
def test_plain_rows_are_divided_as_lines(tmp_path: Path, header: str, end: str, row: str) -> None:
    delimiter = ";" if ";" in header else ","
    at = header.casefold().replace(";", ",").replace(" ", "").split(",").index("territory_id")
    first, *others = row.split(" ", 1)[0], *row.split(" ", 1)[1].rsplit(" ", 1)
    others.insert(at, first)
    path = tmp_path / "team.csv"
    path.write_text(end.join([header, *[delimiter.join(others)] * 900]), encoding="utf-8", newline="")
    at_once, divided, chunks = both_ways(path, 500)
    assert divided == at_once
    assert len(divided.rows) == 900
    assert [type(chunk) for chunk in chunks] == [LineChunk, LineChunk]
    assert chunks[0].columns == {"territory_id": ["T1"] * 500}


@pytest.mark.parametrize(
    "text",
    [
        "territory_id,name,\nT1,a,note\n",
        "territory_id,territory_id,name\nT1,T1,a\n",
        "territory_id\nT1\n",
        "name,role\na,b\n",
        "territory_id,name,role\n,a,b\n",
        "territory_id,name,role\nT1,a\n",
    ],
    ids=["cells without a heading", "doubled", "one column", "no territory", "blank", "ragged"],
)
def test_other_rows_are_looked_at_whole(tmp_path: Path, text: str) -> None:
    path = tmp_path / "team.csv"
    path.write_text(text, encoding="utf-8")
    at_once, divided, chunks = both_ways(path, 5)
    assert divided == at_once
    assert not any(isinstance(chunk, LineChunk) for chunk in chunks)
