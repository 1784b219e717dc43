"""`xlsales recalc`, as typed: what is printed, where, and the exit code."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from tests.cli.printed import Type
from tests.recalc.books import openpyxl_book, shown
from tests.sealed import signed
from xlsales.files import atomic


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A workbook with two formulas."""
    path = tmp_path / "good.xlsx"
    path.write_bytes(openpyxl_book({"A1": "=CLOSE_RATIO(1,4)", "A2": "=A1*2"}))
    return path


@pytest.fixture
def partly(tmp_path: Path) -> Path:
    """A workbook with a formula that is left for Excel, and seven that depend on it."""
    path = tmp_path / "partly.xlsx"
    cells = {f"A{row}": "=A9" for row in range(1, 8)}
    path.write_bytes(openpyxl_book({**cells, "A9": "=NO_SUCH(1)", "B1": "=TODAY()"}))
    return path


def test_recalc_tells_what_became_of_a_file(typed: Type, good: Path) -> None:
    printed = typed("recalc", good)
    assert (printed.code, printed.error) == (0, "")
    assert printed.out == f"{good}: 2 formulas, 2 recalculated, 2 changed, 0 kept, 0 left for Excel.\n"
    assert shown(good.read_bytes()) == {"A1": 0.25, "A2": 0.5}
    again = typed("recalc", good)
    assert again.out == f"{good}: 2 formulas, 2 recalculated, 0 changed, 0 kept, 0 left for Excel.\n"


def test_full_disk_stops_recalc_with_the_count_done_and_its_own_exit_code(
    typed: Type, good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("second.xlsx", "third.xlsx"):
        (tmp_path / name).write_bytes(good.read_bytes())
    write = atomic.write

    def no_room(path: Path, content: bytes) -> None:
        if path.name == "second.xlsx":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write(path, content)

    monkeypatch.setattr(atomic, "write", no_room)
    before = (tmp_path / "third.xlsx").read_bytes()
    printed = typed("recalc", good, tmp_path / "second.xlsx", tmp_path / "third.xlsx")
    assert printed.code == 3
    assert printed.error == (
        f"xlsales: {tmp_path / 'second.xlsx'}: the disk is full (No space left on device). Done are 1 of 3 workbooks, "
        "and the others are as they were. Make room, then run the command again with those that are left.\n"
    )
    assert shown(good.read_bytes()) == {"A1": 0.25, "A2": 0.5}
    assert (tmp_path / "second.xlsx").read_bytes() == (tmp_path / "third.xlsx").read_bytes() == before


def test_recalc_lists_what_is_left_for_excel_causes_first(typed: Type, partly: Path) -> None:
    printed = typed("recalc", partly, "--as-of", "2027-01-31")
    assert printed.code == 0
    lines = printed.out.splitlines()
    assert lines[0] == f"{partly}: 9 formulas, 1 recalculated, 1 changed, 0 kept, 8 left for Excel."
    assert lines[1] == "  S!A9: the calculation engine does not know NO_SUCH"
    assert lines[2] == "  S!A1: it depends on S!A9"
    assert lines[6:] == ["  … and 3 more; --json lists them all."]
    assert shown(partly.read_bytes()) == {"B1": 46418}


def test_recalc_goes_on_after_a_file_that_it_refuses(typed: Type, good: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"no workbook")
    printed = typed("recalc", tmp_path / "none.xlsx", bad, good)
    assert printed.code == 1
    assert [line.startswith("xlsales: ") for line in printed.error.splitlines()] == [True, True]
    assert "none.xlsx: there is no such file" in printed.error
    assert "bad.xlsx: this is not an Excel workbook" in printed.error
    assert printed.out.startswith(f"{good}: 2 formulas")
    assert typed("recalc", bad).code == 2


def test_two_workbooks_never_become_one_result(typed: Type, good: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "GOOD.xlsx"
    other.parent.mkdir()
    other.write_bytes(good.read_bytes())
    printed = typed("recalc", good, other, "--out", tmp_path / "out", "--overwrite")
    assert printed.code == 1
    assert f"{other} was left out: in {tmp_path / 'out'} its result would replace that of {good}" in printed.error
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good.xlsx"]


def test_recalc_of_a_pattern_takes_all_that_fit(typed: Type, good: Path, partly: Path, tmp_path: Path) -> None:
    (tmp_path / "~$other.xlsx").write_bytes(b"a lock file")
    printed = typed("recalc", tmp_path / "*.xlsx", "--dry-run")
    assert [line.partition(":")[0] for line in printed.out.splitlines() if line.startswith(str(tmp_path))] == [
        str(good),
        str(partly),
    ]
    assert printed.out.splitlines()[-1] == "Dry run: nothing was written."
    assert shown(good.read_bytes()) == {}
    assert "there is no such file" in typed("recalc", tmp_path / "*.xlsm").error


def test_recalc_into_a_folder(typed: Type, good: Path, tmp_path: Path) -> None:
    assert typed("recalc", good, "--out", tmp_path / "out").code == 0
    assert shown(good.read_bytes()) == {}
    assert shown((tmp_path / "out" / "good.xlsx").read_bytes()) == {"A1": 0.25, "A2": 0.5}
    assert "--overwrite" in typed("recalc", good, "--out", tmp_path / "out").error
    assert typed("recalc", good, "--out", tmp_path / "out", "--overwrite").code == 0


def test_recalc_as_json(typed: Type, partly: Path, tmp_path: Path) -> None:
    printed = typed("recalc", partly, tmp_path / "none.xlsx", "--json")
    told = json.loads(printed.out)
    assert printed.code == 1
    assert told[0] | {"left_for_excel": told[0]["left_for_excel"][-1]} == {
        "file": str(partly),
        "formulas": 9,
        "recalculated": 1,
        "kept": 0,
        "changed": 1,
        "left_for_excel": {"sheet": "S", "cell": "A9", "reason": "the calculation engine does not know NO_SUCH"},
    }
    assert told[1]["error"].endswith("none.xlsx: there is no such file.")


def test_recalc_tells_that_a_signature_no_longer_holds(typed: Type, good: Path) -> None:
    good.write_bytes(signed(good.read_bytes()))
    result = typed("recalc", good, "--dry-run")
    assert "  Its digital signature no longer holds, for the workbook was changed" in result.out
    assert json.loads(typed("recalc", good, "--json").out)[0]["breaks_signature"] is True
    assert "signature" not in typed("recalc", good).out


def test_quiet_recalc_prints_only_errors(typed: Type, good: Path, tmp_path: Path) -> None:
    printed = typed("recalc", good, tmp_path / "none.xlsx", "--quiet")
    assert (printed.code, printed.out) == (1, "")
    assert len(printed.error.splitlines()) == 1


def test_recalc_of_a_workbook_without_formulas_says_so(typed: Type, tmp_path: Path) -> None:
    path = tmp_path / "plain.xlsx"
    path.write_bytes(openpyxl_book({"A1": 1}))
    assert typed("recalc", path).out == f"{path}: no formulas.\n"


@pytest.mark.parametrize("words", [[], ["x.xlsx", "--as-of", "31.1.2027"], ["x.xlsx", "--nope"]])
def test_wrong_use_of_recalc_ends_with_2(typed: Type, words: list[str]) -> None:
    assert typed("recalc", *words).code == 2
