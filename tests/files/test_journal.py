"""A journal gives back whole records, and nothing of a torn one."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlsales.files import journal
from xlsales.files.journal import Journal

RECORDS = [{"a": 1.5}, {"name": "Süd \ud800 \u2028\n"}, {"list": [None, True, "x" * 5000]}]


def written(path: Path) -> bytes:
    with Journal(path) as opened:
        opened.append(RECORDS)
    return path.read_bytes()


def test_records_come_back_as_they_were_each_from_its_place(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    written(path)
    found = list(journal.read(path))
    assert [record for _place, record in found] == RECORDS
    assert [journal.read_one(path, place) for place, _record in found] == RECORDS


@pytest.mark.parametrize("lost", [2, 100, 5000])
def test_torn_end_costs_the_last_record_alone_and_what_follows_is_whole(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "journal"
    path.write_bytes(written(path)[:-lost])
    with Journal(path) as opened:
        opened.append([{"after": 1}])
    assert [record for _place, record in journal.read(path)] == [*RECORDS[:2], {"after": 1}]


def test_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    content = written(path)
    for place in range(0, 60):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert all(record in RECORDS for _place, record in journal.read(path))
        assert len(list(journal.read(path))) < len(RECORDS)


def test_write_that_failed_half_way_does_not_spoil_the_next(tmp_path: Path) -> None:
    path = tmp_path / "journal"

    class Full:
        def __init__(self, file: object) -> None:
            self.file, self.left = file, 1

        def write(self, data: bytes) -> int:
            if self.left:
                self.left -= 1
                return self.file.write(bytes(data)[:5])  # type: ignore[attr-defined, no-any-return]
            raise OSError(28, "No space left on device")

    with Journal(path) as opened:
        usual = opened._file
        opened._file = Full(usual)  # type: ignore[assignment]
        with pytest.raises(OSError, match="No space"):
            opened.append([RECORDS[0]])
        opened._file = usual
        opened.append([RECORDS[0]])
    assert [record for _place, record in journal.read(path)] == [RECORDS[0]]
