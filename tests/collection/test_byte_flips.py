"""A planner of which a byte was flipped is read with the same values, or refused: never with others.

More flips than the usual ones: `XLSALES_FLIPS=4000 pytest tests/collection/test_byte_flips.py`.
"""

from __future__ import annotations

import os
import struct

import pytest

from tests.workbook.returned.edits import EXAMPLE
from xlsales.errors import InputError
from xlsales.workbook import returned
from xlsales.workbook.returned import Returned

FLIPS = int(os.environ.get("XLSALES_FLIPS", "60"))
DIRECTORY = 6_000  # bytes at the end, where the archive tells its parts

_MEMBER = b"PK\x01\x02"


def said(planner: Returned) -> object:
    tables = {
        name: [
            {column: (given.kind, given.value, given.formula) for column, given in row.items()} for row in table.rows
        ]
        for name, table in planner.tables.items()
    }
    inputs = {name: (given.kind, given.value, given.formula) for name, given in planner.inputs.items()}
    figures = {name: planner.cells.held(place) for name, place in planner.names.items() if name.startswith("out_")}
    return inputs, tables, figures, planner.missing


def flips(size: int) -> list[int]:
    """Every k-th byte, half of them where the archive tells what its parts are called and where they stand."""
    first = range(0, size, max(1, 2 * size // FLIPS))
    last = range(size - DIRECTORY, size, max(1, 2 * DIRECTORY // FLIPS))
    return [*first, *last]


def test_parts_that_a_flipped_byte_of_the_archives_list_hides_are_missed() -> None:
    package = EXAMPLE.read_bytes()
    first = package.find(_MEMBER)
    second = package.find(_MEMBER, first + 1)
    third = package.find(_MEMBER, second + 1)
    hiding = bytearray(package)
    struct.pack_into("<H", hiding, first + 32, third - second)  # a comment, which is the next member
    with pytest.raises(InputError, match="its archive tells of 70 parts"):
        returned.parse(bytes(hiding), "planner.xlsx")


@pytest.mark.parametrize("bit", [0x01, 0x80], ids=["lowest", "highest"])
def test_a_flipped_byte_gives_the_same_values_or_a_clean_error(bit: int) -> None:
    package = EXAMPLE.read_bytes()
    wanted = said(returned.parse(package, "planner.xlsx"))
    refused = same = 0
    for place in flips(len(package)):
        flipped = bytearray(package)
        flipped[place] ^= bit
        try:
            found = said(returned.parse(bytes(flipped), "planner.xlsx"))
        except InputError:
            refused += 1
            continue
        assert found == wanted, f"byte {place}"
        same += 1
    assert refused > 0
    assert refused + same == len(flips(len(package)))
