"""Archives: what is not changed is copied as it is, and every program reads what is written."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsales.errors import InputError
from xlsales.workbook import archive


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return target.getvalue()


def read_back(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


NAMES = st.text("abcé/ 北.", min_size=1, max_size=9).filter(lambda name: not name.endswith("/"))


@given(st.dictionaries(NAMES, st.binary(max_size=3000), max_size=8))
def test_written_parts_are_read_back_by_pythons_zipfile(parts: dict[str, bytes]) -> None:
    written = archive.write(archive.member(name, content) for name, content in parts.items())
    assert read_back(written) == parts
    assert {m.name.decode(): archive.content(m) for m in archive.read(written, "x")} == parts


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_copied_member_keeps_its_compressed_bytes(method: int) -> None:
    original = zipped({"a.xml": b"<a>" * 500, "b.bin": bytes(range(256))}, method)
    members = archive.read(original, "x")
    again = archive.read(archive.write(members), "x")
    assert again == members
    assert all(member.data in original for member in members)
    assert [archive.content(member) for member in again] == [b"<a>" * 500, bytes(range(256))]


def test_times_are_fixed() -> None:
    written = archive.write([archive.member("a", b"x")])
    with zipfile.ZipFile(io.BytesIO(written)) as file:
        assert [info.date_time for info in file.infolist()] == [(1980, 1, 1, 0, 0, 0)]
    assert written == archive.write([archive.member("a", b"x")])


def test_large_part_is_smaller_than_it_was() -> None:
    content = b"<c r='A1'><v>5</v></c>" * 10_000
    member = archive.member("a", content)
    assert archive.content(member) == content
    assert len(member.data) < len(content) / 20


@pytest.mark.parametrize(
    "content", [b"", b"not a zip", zipped({"a": b"x" * 99})[:-10]], ids=["empty", "text", "cut off"]
)
def test_file_that_is_no_archive_is_refused_with_its_name(content: bytes) -> None:
    with pytest.raises(InputError, match=r"plan\.xlsx: this is not an Excel workbook"):
        archive.read(content, "plan.xlsx")
