"""Workbooks that no Excel wrote: one line for each, the file as it was, and the others done."""

from __future__ import annotations

import io
import os
import random
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import openpyxl
import pytest

from tests.cli.printed import Type
from xlsales.batch import Options, prepare
from xlsales.errors import InputError
from xlsales.lambdas.embed import embedded
from xlsales.recalc import recalculated
from xlsales.tables.source import read_tables
from xlsales.workbook import lint
from xlsales.workbook.template import parse

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

CHANGES = int(os.environ.get("XLSALES_CHANGES", "100"))  # to each reader's workbooks
SEED = os.environ.get("XLSALES_SEED", "")  # others with another one
PARTS = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels")


def plain() -> bytes:
    """A workbook as openpyxl writes it, with a sales function."""
    workbook = openpyxl.Workbook()
    workbook.create_sheet("territories").append(["territory_id", "territory_name"])
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


def of_template(package: bytes, path: Path) -> None:
    parse(package, path.name)


def of_recalc(package: bytes, path: Path) -> None:
    recalculated(package, path.name)


def of_tables(package: bytes, path: Path) -> None:
    path.write_bytes(package)
    read_tables(path)


def of_check(package: bytes, path: Path) -> None:
    try:
        lint.check(package, path.name)
    except lint.Unreadable as unreadable:
        raise InputError(f"{path.name}: {unreadable}") from unreadable


def of_functions(package: bytes, path: Path) -> None:
    embedded(package, path.name)


Reader: TypeAlias = Callable[[bytes, Path], None]


@pytest.mark.unsound("damaged on purpose")
@pytest.mark.parametrize("reader", [of_template, of_recalc, of_tables, of_check, of_functions])
def test_whatever_is_changed_in_a_part_is_read_or_refused_in_words(reader: Reader, tmp_path: Path) -> None:
    package, path = plain(), tmp_path / "x.xlsx"
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        parts = sorted(archive.namelist())
    chance = random.Random(reader.__name__ + SEED)
    for number in range(CHANGES):
        part = PARTS[number % len(PARTS)] if number % 2 else chance.choice(parts)
        told = _told(reader, changed(package, part, _damage(part_of(package, part), chance)), path)
        assert told is None or ("x.xlsx" in told and len(told.splitlines()) == 1)


@pytest.mark.unsound("damaged on purpose")
@pytest.mark.parametrize("reader", [of_template, of_recalc, of_tables, of_check, of_functions])
def test_whatever_is_changed_in_the_zip_is_read_or_refused_in_words(reader: Reader, tmp_path: Path) -> None:
    package, path = plain(), tmp_path / "x.xlsx"
    chance = random.Random(reader.__name__ + SEED)
    headers = [found.start() for found in re.finditer(rb"PK..", package)]
    for _ in range(CHANGES):
        place = chance.choice(headers) + chance.randrange(46)
        kept = place if place < len(package) else 0
        told = _told(reader, package[:kept] + bytes([chance.randrange(256)]) + package[kept + 1 :], path)
        assert told is None or ("x.xlsx" in told and len(told.splitlines()) == 1)


@pytest.mark.unsound("damaged on purpose")
def test_whatever_is_changed_in_a_template_planners_are_made_or_it_is_refused_in_words(
    tmp_path: Path, small_template_xlsx: Path, small_tables: Tables, write_tables: WriteTables
) -> None:
    package, path, out = small_template_xlsx.read_bytes(), tmp_path / "x.xlsx", tmp_path / "plans"
    source = write_tables(tmp_path / "tables", {"territories": small_tables["territories"][:1]})
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        parts = sorted(archive.namelist())
    chance = random.Random(SEED)
    for _ in range(max(4, CHANGES // 20)):  # each is compiled anew
        part = chance.choice(parts)
        path.write_bytes(changed(package, part, _damage(part_of(package, part), chance)))
        told, batch = "", None
        try:
            with prepare(source, Options(out, template=path, workers=1, overwrite=True)) as batch:
                batch.run()
        except InputError as error:
            told = str(error)
        assert told == "" or ("x.xlsx" in told and len(told.splitlines()) == 1)
        assert batch is None or [one.message for one in batch.findings if one.code == "PLANNER_FAILED"] == []


def _told(reader: Reader, package: bytes, path: Path) -> str | None:
    try:
        reader(package, path)
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
