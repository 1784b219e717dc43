"""Workbooks that no Excel wrote: one line for each, the file as it was, and the others done."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.cli.printed import Type
from xlsales.errors import InputError
from xlsales.recalc import recalculated
from xlsales.workbook.template import parse


def plain() -> bytes:
    """A workbook as openpyxl writes it, with a sales function."""
    workbook = openpyxl.Workbook()
    for row in ([7, 14], ["=CLOSE_RATIO(A1,B1)", "=SUM(A1:B1)"], ["text", "=A2*2"]):
        workbook.active.append(row)
    workbook.defined_names["rate"] = openpyxl.workbook.defined_name.DefinedName("rate", attr_text="Sheet!$A$2")
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def changed(package: bytes, part: str, content: bytes) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(saved, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return saved.getvalue()


def part_of(package: bytes, part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.read(part)


def far_member(package: bytes) -> bytes:
    """The directory says that the first part begins where there is nothing."""
    place = package.index(b"PK\x01\x02") + 42
    return package[:place] + struct.pack("<I", 0x7FFFFFFF) + package[place + 4 :]


def targetless(package: bytes) -> bytes:
    part = "xl/_rels/workbook.xml.rels"
    return changed(package, part, re.sub(rb' Target="[^"]*"', b"", part_of(package, part), count=1))


@pytest.mark.unsound("damaged on purpose")
@pytest.mark.parametrize("damage", [far_member, targetless])
def test_damaged_file_is_one_line_and_the_good_one_beside_it_is_done(
    typed: Type, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    bad, good = tmp_path / "bad.xlsx", tmp_path / "good.xlsx"
    bad.write_bytes(damage(plain()))
    good.write_bytes(plain())
    before = bad.read_bytes()
    printed = typed("recalc", bad, good)
    assert printed.code == 1
    [line] = printed.error.splitlines()
    assert line.startswith("xlsales: ")
    assert "bad.xlsx" in line
    assert bad.read_bytes() == before
    assert openpyxl.load_workbook(good, data_only=True).active["A2"].value == 0.5


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
def test_whatever_is_changed_in_a_part_is_calculated_or_refused_in_words(part: str) -> None:
    package = plain()
    content = part_of(package, part)
    chance = random.Random(part)
    for _ in range(150):
        damaged = changed(package, part, _damage(content, chance))
        for read in (lambda one: recalculated(one, "x.xlsx"), lambda one: parse(one, "x.xlsx")):
            told = _told(read, damaged)
            assert told is None or ("x.xlsx" in told and len(told.splitlines()) == 1)


def _told(read: Callable[[bytes], object], package: bytes) -> str | None:
    try:
        read(package)
    except InputError as error:
        return str(error)
    return None


def _damage(content: bytes, chance: random.Random) -> bytes:
    """Take something out, put something in its place, or say it twice, where a tag or a value begins."""
    places = [found.start() for found in re.finditer(rb'[<>"= /]', content)]
    start, end = sorted(chance.sample(places, 2))
    end = min(end, start + chance.choice((1, 5, 40, 400)))
    instead = chance.choice((b"", b"", b"9" * 30, b"-1", b"A0", b"&#x1;", content[start:end] * 2, b"\xff"))
    return content[:start] + instead + content[end:]
