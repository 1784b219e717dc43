"""However many copies are written one after the other, what stands in memory of them is that of a few."""

from __future__ import annotations

import weakref
from collections.abc import Sequence

import pytest

from tests.one_sheet import one_sheet
from xlsales import memory
from xlsales.cells.arrays import TextIds, arrays_of
from xlsales.workbook.stamp import Stamp
from xlsales.workbook.stamp import stamp as stamps
from xlsales.workbook.stamp.segments import Runs

_COPIES = 50


class _Contents(list[bytes]):
    """Worksheets that wait to be compressed."""


@pytest.mark.parametrize(("room", "together"), [(100, 8), (3, 3), (0, 1)])
def test_no_more_worksheets_are_held_than_there_is_room_for(
    room: int, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = one_sheet({"A1": 5, "B1": "=A1*2", "C1": "x" * 3_000}, {"in_one": "S!$A$1"})
    ids = TextIds()
    size = len(Stamp(template, [10.0], ids).prepared.segments.content)
    monkeypatch.setattr(memory, "IN_THE_MAKING", 3 * room * size)
    stamp = Stamp(template, [10.0], ids)
    held: weakref.WeakValueDictionary[int, _Contents] = weakref.WeakValueDictionary()
    most = made = 0
    anew = Stamp._joined

    def joined(self: Stamp, one: stamps._Rendered) -> tuple[Runs, Sequence[bytes]]:
        nonlocal most, made
        runs, contents = anew(self, one)
        made, found = made + 1, _Contents(contents)
        held[made] = found
        most = max(most, len(held))
        return runs, found

    monkeypatch.setattr(Stamp, "_joined", joined)
    cells = (arrays_of([float(number), 2.0 * number], ids) for number in range(_COPIES))
    assert len({*stamp.stamped(cells, ({"run_id": str(number)} for number in range(_COPIES)))}) == _COPIES
    assert most == together
