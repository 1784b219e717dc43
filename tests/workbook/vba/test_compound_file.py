"""Compound files, opened again by olefile."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.depth import examples
from tests.workbook.vba.olevba import streams_in
from xlsales.errors import XlsalesError
from xlsales.workbook.vba.compound_file import compound_file

NOTHING = 0xFFFFFFFF
FAT_SECTOR = 0xFFFFFFFD
RED = 0
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_ "
NAMES = st.text(LETTERS, min_size=1, max_size=31)
SIZES = st.sampled_from([0, 1, 63, 64, 65, 511, 512, 513, 4032, 4095, 4096, 4097, 4608, 9000]) | st.integers(0, 10_000)


def filled(sizes: Mapping[str, int]) -> dict[str, bytes]:
    """Streams of these sizes, each with its own bytes."""
    return {path: (bytes([7 + n % 240]) * size) for n, (path, size) in enumerate(sizes.items())}


@st.composite
def sizes_by_path(draw: st.DrawFn) -> dict[str, int]:
    """Streams at the top, in storages and in storages within them."""
    names = draw(st.lists(NAMES, min_size=1, max_size=40, unique_by=str.upper))
    sizes: dict[str, int] = {}
    storages = [""]
    for name in names:
        path = draw(st.sampled_from(storages)) + name
        if draw(st.integers(0, 4)) == 0:
            storages.append(f"{path}/")
            path += "/inner"
        sizes[path] = draw(SIZES)
    return sizes


@given(sizes_by_path())
@settings(deadline=None, max_examples=examples(20))
def test_streams_come_back_from_their_storages(sizes: dict[str, int]) -> None:
    streams = filled(sizes)
    assert streams_in(compound_file(streams)) == streams


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097, 65_024, 65_025, 1_000_000])
def test_one_stream_of_any_size_comes_back(size: int) -> None:
    streams = {"VBA/dir": bytes(range(251)) * (size // 251) + bytes(range(size % 251))}
    assert streams_in(compound_file(streams)) == streams


def test_no_streams_make_an_empty_file() -> None:
    assert streams_in(compound_file({})) == {}


def test_the_largest_file_that_the_header_can_list_comes_back() -> None:
    sectors = 109 * 127 - 1  # one for the directory
    streams = {"Large": bytes(range(256)) * (sectors * 2)}
    file = compound_file(streams)
    assert streams_in(file) == streams
    assert struct.unpack_from("<I", file, 44) == (109,)
    with pytest.raises(XlsalesError, match=r"more than 7,087,616 bytes.*shorten its modules"):
        compound_file({"Large": streams["Large"] + b"."})


def test_same_streams_give_the_same_bytes_in_any_order() -> None:
    streams = filled({"PROJECT": 600, "VBA/dir": 5000, "VBA/Module1": 70})
    assert len(compound_file(streams)) % 512 == 0
    small = {name: streams[name] for name in ("VBA/Module1", "PROJECT")}
    assert compound_file(small) == compound_file(dict(reversed(small.items())))


@pytest.mark.parametrize("name", ["", "a" * 32, "a:b", "a!b", "a\\b", "Tabelle€", "a\nb", "VBA/", "/dir"])
def test_a_name_that_no_stream_may_have_is_refused(name: str) -> None:
    with pytest.raises(XlsalesError, match="cannot name a stream: use 1 to 31 ASCII"):
        compound_file({name: b"."})


@pytest.mark.parametrize("names", [("dir", "DIR"), ("VBA", "VBA/dir"), ("VBA/dir", "vba/x"), ("S/a", "S/A")])
def test_names_that_differ_only_in_capital_letters_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(XlsalesError, match="capital letters make no difference"):
        compound_file(dict.fromkeys(names, b"."))


def test_the_table_accounts_for_every_sector_of_the_file() -> None:
    file = compound_file(filled({"PROJECT": 600, "VBA/dir": 5000, "VBA/Module1": 90_000}))
    fats = struct.unpack_from("<I", file, 44)[0]
    places = struct.unpack_from("<109I", file, 76)
    sectors = len(file) // 512 - 1
    assert places == (*range(sectors - fats, sectors), *[NOTHING] * (109 - fats))
    table = struct.unpack(f"<{128 * fats}I", b"".join(file[512 * (n + 1) : 512 * (n + 2)] for n in places[:fats]))
    assert table[sectors - fats : sectors] == (FAT_SECTOR,) * fats
    assert NOTHING not in table[:sectors]
    assert set(table[sectors:]) <= {NOTHING}
    followed = [number for number in table if number < sectors]
    assert len(followed) == len(set(followed))  # no sector belongs to two chains


# The tree of a storage's members, read from the bytes


class Entry:
    """A directory entry as the file has it."""

    def __init__(self, packed: bytes) -> None:
        size, self.kind, self.colour, self.left, self.right, self.child = struct.unpack_from("<HBB3I", packed, 64)
        self.name = packed[: max(size - 2, 0)].decode("utf-16-le")


def directory(file: bytes) -> list[Entry]:
    """The entries; the writer puts the directory's sectors one behind the other, right before the FAT."""
    (start,) = struct.unpack_from("<I", file, 48)
    (fat,) = struct.unpack_from("<I", file, 76)
    packed = file[512 * (start + 1) : 512 * (fat + 1)]
    return [Entry(packed[place : place + 128]) for place in range(0, len(packed), 128)]


def blacks_on_the_way(entries: list[Entry], number: int, above: int) -> Iterator[int]:
    """How many black entries every way down passes; two red ones in a row fail."""
    if number == NOTHING:
        yield 0
        return
    entry = entries[number]
    assert not above == entry.colour == RED
    for below in (entry.left, entry.right):
        for count in blacks_on_the_way(entries, below, entry.colour):
            yield count + entry.colour


def in_order(entries: list[Entry], number: int) -> list[str]:
    if number == NOTHING:
        return []
    entry = entries[number]
    return [*in_order(entries, entry.left), entry.name, *in_order(entries, entry.right)]


@pytest.mark.parametrize("count", range(1, 34))
def test_members_stand_in_a_valid_red_black_tree(count: int) -> None:
    names = [f"{'abcDEF'[n % 6]}{n}" for n in range(count)]
    entries = directory(compound_file(dict.fromkeys(names, b".")))
    top = entries[0].child
    assert entries[top].colour != RED
    assert len(set(blacks_on_the_way(entries, top, RED))) == 1
    assert in_order(entries, top) == sorted(names, key=lambda name: (len(name), name.upper()))
    assert {entry.kind for entry in entries[count + 1 :]} <= {0}
    assert {(entry.left, entry.right, entry.child) for entry in entries[count + 1 :]} <= {(NOTHING,) * 3}
