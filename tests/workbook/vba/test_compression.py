"""VBA's compression, unpacked again by oletools."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbook.vba.olevba import unpacked
from xlsales.workbook.vba.compression import compressed

CHUNK = 4096
# Nine bytes for eight: what is longer than this, at the end and without repetition, is stored as it is.
LONGEST_TAIL = 3640
VBA = b"Public Function CLOSE_RATIO(won, Optional lost)\r\n    CLOSE_RATIO = Answer(won, lost)\r\nEnd Function\r\n\r\n"


def of_kind(kind: str, size: int, seed: int) -> bytes:
    """Data of a kind: the same arguments, the same data."""
    chance = random.Random(seed)
    match kind:
        case "one byte":
            return chance.randbytes(1) * size
        case "two letters":
            return bytes(chance.choices(b"ab", k=size))
        case "a repeated run":
            return (chance.randbytes(chance.randint(1, 5000)) * size)[:size]
        case "VBA":
            return (VBA[chance.randrange(len(VBA)) :] + VBA * (size // len(VBA) + 1))[:size]
        case _:
            return chance.randbytes(size)


@pytest.mark.parametrize(
    ("section", "data", "container"),
    [
        (
            "3.2.1",
            b"abcdefghijklmnopqrstuv.",
            "01 19B0 00 6162636465666768 00 696A6B6C6D6E6F70 00 7172737475762E",
        ),
        ("3.2.3", b"a" * 73, "01 03B0 02 61 4500"),
    ],
)
def test_the_examples_of_the_specification_come_out_byte_by_byte(section: str, data: bytes, container: str) -> None:
    assert compressed(data) == bytes.fromhex(container), section


def test_the_normal_example_of_the_specification_is_as_short() -> None:
    # [MS-OVBA] 3.2.2; among equally long runs its references name others than the nearest.
    data = b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"
    assert len(compressed(data)) == 51
    assert unpacked(compressed(data)) == data


@pytest.mark.parametrize("kind", ["one byte", "two letters", "a repeated run", "VBA"])
@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 4095, 4096, 4097, 8191, 8192, 8193, 20_000])
def test_every_size_around_a_chunk_comes_back(kind: str, size: int) -> None:
    data = of_kind(kind, size, seed=1)
    assert unpacked(compressed(data)) == data


@given(
    kind=st.sampled_from(["one byte", "two letters", "a repeated run", "VBA", "random"]),
    size=st.integers(0, 20_000) | st.integers(0, 4).map(lambda chunks: chunks * CHUNK),
    seed=st.integers(0, 2**32),
)
@settings(deadline=None)
def test_data_comes_back_unchanged(kind: str, size: int, seed: int) -> None:
    data = of_kind(kind, size, seed)
    back = unpacked(compressed(data))
    assert back[:size] == data
    if back != data:  # only the format's own zeroes behind what cannot be compressed
        assert kind in ("random", "a repeated run")
        assert size % CHUNK > LONGEST_TAIL
        assert back[size:] == bytes(-size % CHUNK)


@given(st.binary(max_size=300))
def test_short_data_comes_back_unchanged(data: bytes) -> None:
    assert unpacked(compressed(data)) == data


def test_random_bytes_are_stored_as_they_are_in_chunks() -> None:
    data = of_kind("random", 2 * CHUNK, seed=3)
    container = compressed(data)
    assert container[:3] == bytes.fromhex("01FF3F")
    assert len(container) == 1 + 2 * (2 + CHUNK)


@pytest.mark.parametrize(
    ("size", "stored", "header"), [(LONGEST_TAIL, 4095, "FEBF"), (LONGEST_TAIL + 1, CHUNK, "FF3F")]
)
def test_a_chunk_is_stored_as_it_is_once_compressing_makes_it_longer(size: int, stored: int, header: str) -> None:
    data = of_kind("random", size, seed=4)
    assert len({data[place : place + 3] for place in range(size - 2)}) == size - 2, "something repeats: take a new seed"
    container = compressed(data)
    assert container[1:3] == bytes.fromhex(header)
    assert len(container) == 1 + 2 + stored


def test_repetition_is_what_makes_a_module_small() -> None:
    assert len(compressed(VBA * 600)) < len(VBA) * 600 // 10
