"""A file that cannot be read costs itself alone, says why, and is never an empty plan."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.workbook.returned.edits import EXAMPLE, PlannerEdit
from xlsales.bounded import Bounds
from xlsales.collection import collect, workers
from xlsales.collection.collected import Collected
from xlsales.errors import InputError

pytestmark = pytest.mark.unsound("what cannot be read")


def _zip_of(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def _with(part: str, old: bytes, new: bytes) -> bytes:
    edit = PlannerEdit()
    assert old in edit.parts[part]
    edit.parts[part] = edit.parts[part].replace(old, new, 1)
    return _zip_of(edit.parts)


def bad_files() -> dict[str, bytes]:
    package = EXAMPLE.read_bytes()
    sheet = PlannerEdit().sheet("Accounts")
    return {
        "empty.xlsx": b"",
        "zeros.xlsx": bytes(5000),
        "text.xlsx": b"territory_id,person\r\nT1,Ann\r\n",
        "web page.xlsx": b"<!DOCTYPE html><html><body>Sign in</body></html>",
        "old.xls": bytes.fromhex("d0cf11e0a1b11ae1") + "Workbook\0".encode("utf-16-le") * 9,
        "password.xlsx": bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le") * 9,
        "cut off.xlsx": package[: len(package) // 2],
        "without end.xlsx": package[:-100],
        "zip.xlsx": _zip_of({"a.txt": b"a"}),
        "bomb.xlsx": _with(sheet, b"<sheetData>", b"<sheetData>" + b" " * (64 << 20)),
        "document type.xlsx": _with(sheet, b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'),
        "no xml.xlsx": _with(sheet, b"</sheetData>", b"</sheetDatum>"),
        "no sheet.xlsx": _zip_of({name: part for name, part in PlannerEdit().parts.items() if name != sheet}),
    }


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Collected:
    folder = tmp_path_factory.mktemp("returned")
    for name, content in bad_files().items():
        (folder / name).write_bytes(content)
    (folder / "Good.xlsx").write_bytes(EXAMPLE.read_bytes())
    (folder / "~$Good.xlsx").write_bytes(b"owner")
    (folder / ".~lock.Good.xlsx#").write_bytes(b"owner")
    found = collect([folder, folder / "old.xls", folder / "gone.xlsx"], number_of_workers=1)
    shutil.rmtree(folder)
    return found


def test_the_others_are_read(collected: Collected) -> None:
    assert [Path(one.file).name for one in collected.planners] == ["Good.xlsx"]
    assert collected.failed


@pytest.mark.parametrize("name", [*bad_files(), "gone.xlsx"])
def test_what_cannot_be_read_says_why_and_is_no_planner(name: str, collected: Collected) -> None:
    (planner,) = [one for one in collected.files if Path(one.file).name == name]
    (finding,) = planner.findings
    assert finding.code == "UNREADABLE"
    assert finding.message.startswith("unreadable: ")
    assert len(finding.got) > 8
    assert not planner.tables


def test_the_files_of_programs_are_not_looked_at(collected: Collected) -> None:
    assert not [one for one in collected.files if "~" in Path(one.file).name]


def test_a_workbook_that_is_no_planner_is_left_out_and_told(tmp_path: Path) -> None:
    (tmp_path / "Functions.xlsx").write_bytes(EXAMPLE.with_name("Sales Functions.xlsx").read_bytes())
    (finding,) = collect(tmp_path, number_of_workers=1).findings
    assert (finding.code, finding.severity) == ("NO_PLANNER", "warning")


def test_a_cell_at_the_last_place_of_a_sheet_costs_no_more_than_another(tmp_path: Path) -> None:
    edit = PlannerEdit()
    edit.put_cells("Accounts", 1_048_576, '<c r="XFD1048576"><v>1</v></c>')
    (tmp_path / "far.xlsx").write_bytes(edit.close())
    collected = collect(tmp_path, number_of_workers=1)
    assert len(collected.planners) == 1
    assert [(one.code, one.cell) for one in collected.findings] == [("OWN_CELLS", "XFD1048576")]


def test_a_reader_that_ends_or_hangs_costs_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.xlsx", "hangs.xlsx", "ends.xlsx", "z.xlsx"):
        (tmp_path / name).write_bytes(EXAMPLE.read_bytes() + name.encode())
    monkeypatch.setattr(workers, "MODULE", "tests.collection.fragile_worker")
    found = list(workers.read(sorted(tmp_path.iterdir()), 1, Bounds(4, 1024), "", lambda _count: None))
    assert {Path(one.file).name: one.is_unreadable for one in found} == {
        "a.xlsx": False,
        "ends.xlsx": True,
        "hangs.xlsx": True,
        "z.xlsx": False,
    }


def test_a_planner_saved_as_another_spreadsheet_is_told_in_a_folder(tmp_path: Path) -> None:
    sheet = _zip_of({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"})
    (tmp_path / "T1 Ann.ods").write_bytes(sheet)
    (finding,) = collect(tmp_path, number_of_workers=1).findings
    assert (finding.code, "OpenDocument spreadsheet" in finding.got) == ("UNREADABLE", True)


def test_what_is_wrong_reads_as_a_sentence(collected: Collected) -> None:
    got = {Path(one.file).name: one.got for one in collected.findings}
    assert got["bomb.xlsx"].startswith("it is not opened, for no workbook")
    assert got["old.xls"].startswith("it is an old .xls file.")


@pytest.mark.parametrize(("option", "said"), [("prefer", "none of the files"), ("template", "not an Excel workbook")])
def test_a_file_that_is_named_and_unfit_is_wrong_use_and_no_fault_of_planners(
    option: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "Good.xlsx").write_bytes(EXAMPLE.read_bytes())
    (tmp_path / "other.xlsx").write_bytes(b"")
    with pytest.raises(InputError, match=said):
        collect(tmp_path / "Good.xlsx", **{option: str(tmp_path / "other.xlsx")})  # type: ignore[arg-type]


def test_nothing_to_read_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no workbook in this folder"):
        collect(tmp_path)


def test_the_command_says_it_and_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "Good.xlsx").write_bytes(EXAMPLE.read_bytes())
    (tmp_path / "Bad.xlsx").write_bytes(b"")
    command = [sys.executable, "-m", "xlsales", "collect", str(tmp_path), "--json", "-o", str(tmp_path / "all.csv")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert [one["state"] for one in told["files"]] == ["unreadable", "counted"]
    assert (tmp_path / "all.accounts.csv").exists()
    again = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert again.returncode == 2
    assert "--overwrite" in again.stderr
