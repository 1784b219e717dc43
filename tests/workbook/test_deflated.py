"""Deflate streams in pieces: joined in any order, they are the stream of the joined contents."""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import deflate
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.workbook import package
from xlsales.workbook.deflated import END, FAST, SMALL, large, last_piece, piece, small

PLANNER = Path(__file__).parents[2] / "workbook" / "Sales Planner.xlsm"
SHEETS = {
    name: content
    for name, content in package.read(PLANNER.read_bytes()).items()
    if name.startswith("xl/worksheets/") and name.endswith(".xml")
}


def read_back(pieces: list[bytes]) -> bytes:
    """Return the content of a stream of pieces, as zlib and libdeflate both read it."""
    stream = b"".join(pieces) + END
    reader = zlib.decompressobj(-zlib.MAX_WBITS)
    content = reader.decompress(stream)
    assert reader.eof
    assert reader.unused_data == b""
    assert deflate.deflate_decompress(stream, len(content)) == content
    return content


def finished(content: bytes) -> bytes:
    return bytes(deflate.deflate_compress(content, 1))


def kind(content: bytes) -> str:
    """Return what libdeflate makes of a content that is compressed alone."""
    first = finished(content)[0]
    return ("stored", "fixed", "dynamic")[first >> 1 & 3] if first & 1 else "several"


def rows(first: int, count: int) -> bytes:
    chance = random.Random(first)
    return b"".join(
        f'<row r="{r}"><c r="A{r}" s="{chance.randint(1, 9)}"><v>{chance.random():.6g}</v></c>'
        f'<c r="B{r}" s="4"/><c r="C{r}"><v>{r * r % 97}</v></c></row>'.encode()
        for r in range(first, first + count)
    )


def letters(size: int, alphabet: bytes = b"abcd", seed: int = 1) -> bytes:
    """Return letters in which matches are short, so that there are very many sequences."""
    return bytes(random.Random(seed).choices(alphabet, k=size))


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


CASES = {
    "one byte": b"a",
    "short text": b"<sheetData>",
    "short row": rows(1, 1),
    "rows": rows(1, 400),
    "many rows": rows(7, 3000),
    "few repeats": b"<row/>" * 100,
    "one byte 200,000 times": b"a" * 200_000,
    "zeros": bytes(70_000),
    "short noise": noise(300),
    "noise": noise(200_000),
    "many sequences": letters(65_000),
    "very many sequences": letters(300_000, b"ab"),
    "rows, then noise": rows(1, 300) + noise(40_000),
    "text": "Größe, 北京, «ça»\n".encode() * 50,
}


@pytest.mark.parametrize("level", [FAST, SMALL])
@pytest.mark.parametrize("content", CASES.values(), ids=CASES)
def test_piece_is_read_back(content: bytes, level: int) -> None:
    assert read_back([piece(content, level), piece(b"after")]) == content + b"after"


def test_what_is_compressed_once_is_smaller() -> None:
    assert len(piece(CASES["rows"], SMALL)) < 0.9 * len(piece(CASES["rows"]))


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("one byte", "stored"),
        ("short noise", "stored"),
        ("few repeats", "fixed"),
        ("short row", "fixed"),
        ("rows", "dynamic"),
        ("many sequences", "several"),
    ],
)
def test_cases_are_blocks_of_every_kind(case: str, expected: str) -> None:
    assert kind(CASES[case]) == expected


def test_nothing_is_an_empty_piece() -> None:
    assert piece(b"") == b""
    assert END == b"\x03\x00"
    assert read_back([]) == b""
    assert read_back([b"", piece(b"a"), piece(b"")]) == b"a"


@pytest.mark.parametrize("around", [32_768, 65_535, 70_000, 70_535, 140_000])
@pytest.mark.parametrize("more", [-1, 0, 1, 2])
def test_sizes_around_the_limits(around: int, more: int) -> None:
    size = around + more
    for content in (b"a" * size, noise(size), rows(1, size // 50)[:size], letters(size)):
        assert read_back([piece(content), piece(b"after")]) == content + b"after"


MAKERS: dict[str, Callable[[int], bytes]] = {
    "noise": noise,
    "letters": letters,
    "one byte": lambda size: b"a" * size,
    "rows": lambda size: rows(1, 20)[:size],
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_every_size_below_400(make: Callable[[int], bytes]) -> None:
    contents = [make(size) for size in range(400)]
    assert read_back([piece(content) for content in contents]) == b"".join(contents)
    for content in contents:
        assert read_back([piece(content)]) == content


CONTENTS = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=200).map(str.encode),
    st.builds(rows, st.integers(1, 9999), st.integers(0, 40)),
    st.builds(lambda unit, times: unit * times, st.binary(min_size=1, max_size=60), st.integers(0, 300)),
    st.builds(letters, st.integers(0, 3000), st.sampled_from([b"ab", b"0123456789.", bytes(range(64))]), st.integers()),
)


@given(st.lists(CONTENTS, max_size=6))
def test_joined_pieces_are_the_joined_contents(contents: list[bytes]) -> None:
    assert read_back([piece(content) for content in contents]) == b"".join(contents)


@given(CONTENTS)
def test_piece_is_not_final(content: bytes) -> None:
    reader = zlib.decompressobj(-zlib.MAX_WBITS)
    # All of the content is read before the stream ends: the piece ends its last byte.
    assert reader.decompress(piece(content)) == content
    assert not reader.eof
    assert reader.decompress(END) == b""
    assert reader.eof


@given(CONTENTS, CONTENTS)
def test_piece_depends_on_its_content_only(content: bytes, other: bytes) -> None:
    alone = piece(content)
    piece(other)
    assert piece(bytes(bytearray(content))) == alone
    assert read_back([alone]) == content  # also without the pieces that stand before it in other streams
    assert read_back([piece(other), alone, alone]) == other + content + content


def test_pieces_join_in_any_order() -> None:
    names = ["short row", "few repeats", "short noise", "many sequences", "rows, then noise"]
    pieces = {name: piece(CASES[name]) for name in names}
    for order in permutations(names):
        assert read_back([pieces[name] for name in order]) == b"".join(CASES[name] for name in order)


@pytest.mark.parametrize("content", CASES.values(), ids=CASES)
def test_piece_is_hardly_larger_than_a_finished_stream(content: bytes) -> None:
    chunk = content[:65_000]
    larger = len(piece(chunk)) - len(finished(chunk))
    match kind(chunk):
        case "stored":
            assert larger == 0
        case "several":
            assert larger < len(chunk) / 50
        case _:
            assert larger in (4, 5)


def test_large_repetition_stays_small() -> None:
    assert len(piece(b"a" * 200_000)) < 500
    assert len(piece(b"<row/>" * 100)) < 40


@pytest.mark.parametrize("size", [61, 499, 5_003, 20_011, 70_001])
def test_sheets_cut_anywhere_are_read_back(size: int) -> None:
    larger: Counter[int] = Counter()
    for content in SHEETS.values():
        contents = [content[start : start + size] for start in range(0, len(content), size)]
        pieces = [piece(part) for part in contents]
        assert read_back(pieces) == content
        assert read_back(pieces[::-1]) == b"".join(contents[::-1])
        larger.update(len(made) - len(finished(part)) for part, made in zip(contents, pieces, strict=True))
    assert larger[4]  # the padding holds the header of the block after it
    assert larger[5]  # it does not
    assert len(SHEETS) > 10


@pytest.mark.parametrize("before", [[], [b"a" * 100], [rows(1, 30), b""]])
def test_last_piece_ends_a_stream(before: list[bytes]) -> None:
    content = rows(40, 400)
    stream = b"".join(map(piece, before)) + last_piece(content)
    reader = zlib.decompressobj(-zlib.MAX_WBITS)
    assert reader.decompress(stream) == b"".join(before) + content
    assert reader.eof


@pytest.mark.parametrize("whole", [b"", b"x", bytes(100_000), random.Random(1).randbytes(70_000)])
def test_content_comes_back_with_its_size(whole: bytes) -> None:
    assert large(small(whole)) == whole


@pytest.mark.parametrize(
    "compressed", [b"", b"\x01", (2**40).to_bytes(8, "little") + b"\x03\x00", small(b"abc")[:-1], b"\x09" * 30]
)
def test_what_is_no_content_with_its_size_is_refused(compressed: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        large(compressed)
