"""Files as they are replaced: whole or not at all, and refused with what to do."""

from __future__ import annotations

import importlib
import io
import stat
import zipfile
from pathlib import Path

import pytest

from tests.recalc.books import AS_OF, openpyxl_book, parts, shown, with_parts
from xlsales.errors import InputError
from xlsales.recalc import Recalculated, recalculated
from xlsales.recalc.files import Options, recalculate
from xlsales.recalc.worker import Recalculator
from xlsales.workbook import limits

PACKAGE = openpyxl_book({"A1": "=1+1"})
IN_PLACE = Options(as_of=AS_OF)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A workbook in a folder with blanks and letters in its name."""
    folder = tmp_path / "Größen Folder"
    folder.mkdir()
    (folder / "my book.xlsx").write_bytes(PACKAGE)
    return folder / "my book.xlsx"


def refused(path: Path, options: Options = IN_PLACE) -> str:
    """Why a file is refused; it and its folder stay as they are."""
    before = {one: one.read_bytes() for one in path.parent.glob("*") if one.is_file()}
    with pytest.raises(InputError) as refusal:
        recalculate(path, options)
    assert before == {one: one.read_bytes() for one in path.parent.glob("*") if one.is_file()}
    assert str(path) in str(refusal.value)
    return str(refusal.value)


def test_file_is_replaced_whole(path: Path) -> None:
    path.chmod(0o640)
    mode = path.stat().st_mode
    assert recalculate(path, IN_PLACE).changed == 1
    assert shown(path.read_bytes()) == {"A1": 2}
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert path.stat().st_mode == mode


def test_file_without_changes_is_not_written(path: Path) -> None:
    recalculate(path, IN_PLACE)
    path.with_name("before").write_bytes(b"")
    before = path.stat()
    assert recalculate(path, IN_PLACE).changed == 0
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_dry_run_tells_what_would_change_in_a_file_that_is_open_or_read_only(path: Path) -> None:
    path.with_name("~$my book.xlsx").write_bytes(b"Ann")
    assert recalculate(path, Options(dry_run=True)).changed == 1
    path.with_name("~$my book.xlsx").unlink()
    path.chmod(stat.S_IREAD)
    assert recalculate(path, Options(dry_run=True)).changed == 1
    path.chmod(stat.S_IREAD | stat.S_IWRITE)
    assert path.read_bytes() == PACKAGE


def test_dry_run_writes_nothing(path: Path, tmp_path: Path) -> None:
    assert recalculate(path, Options(dry_run=True)).changed == 1
    assert recalculate(path, Options(dry_run=True, out=tmp_path / "out")).changed == 1
    assert path.read_bytes() == PACKAGE
    assert not (tmp_path / "out").exists()


def test_result_goes_into_a_folder_and_replaces_nothing_there_unasked(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "new"
    recalculate(path, Options(out=out))
    assert path.read_bytes() == PACKAGE
    assert shown((out / path.name).read_bytes()) == {"A1": 2}
    (out / path.name).write_bytes(b"mine")
    with pytest.raises(InputError, match="already exists"):
        recalculate(path, Options(out=out))
    assert (out / path.name).read_bytes() == b"mine"
    recalculate(path, Options(out=out, overwrite=True))
    assert shown((out / path.name).read_bytes()) == {"A1": 2}


def test_result_replaces_a_file_whose_name_differs_in_letter_case_only_when_asked(path: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "MY BOOK.xlsx").write_bytes(b"mine")
    with pytest.raises(InputError, match=r"MY BOOK\.xlsx already exists"):
        recalculate(path, Options(out=tmp_path / "out"))
    recalculate(path, Options(out=tmp_path / "out", overwrite=True))
    assert {one.name: one.read_bytes()[:2] for one in (tmp_path / "out").iterdir()} == {"my book.xlsx": b"PK"}


def test_result_that_is_held_is_named_before_the_work_begins(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    for name in (path.name, f"~${path.name}"):
        (tmp_path / "out" / name).write_bytes(b"mine")
    monkeypatch.delattr(Recalculator, "recalculated")
    with pytest.raises(InputError, match="close it in Excel and run again"):
        recalculate(path, Options(out=tmp_path / "out", overwrite=True))
    assert (tmp_path / "out" / path.name).read_bytes() == b"mine"


@pytest.mark.parametrize("step", ["open", "replace"])
def test_file_that_is_held_as_on_windows_is_named(path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def refused(*_arguments: object, **_named: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, step, refused)
    with pytest.raises(InputError) as refusal:
        recalculate(path, IN_PLACE)
    monkeypatch.undo()
    assert str(refusal.value) == f"{path} is open in another program: close it in Excel and run again."
    assert {one.name: one.read_bytes() for one in path.parent.iterdir()} == {path.name: PACKAGE}


@pytest.mark.parametrize("name", ["NUL", "nul.xlsx", "book.xlsx."])
def test_name_that_windows_keeps_is_refused_in_words(tmp_path: Path, name: str) -> None:
    assert "Windows" in refused(tmp_path / name)


def test_link_goes_on_leading_to_the_file(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.xlsx"
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("this computer does not let us make links")
    recalculate(link, IN_PLACE)
    assert link.is_symlink()
    assert shown(path.read_bytes()) == {"A1": 2}


@pytest.mark.parametrize("lock", ["~$my book.xlsx", ".~lock.my book.xlsx#"])
def test_file_open_elsewhere_is_refused(path: Path, lock: str) -> None:
    path.with_name(lock).write_bytes(b"Ann")
    assert "open in another program" in refused(path)
    path.with_name(lock).unlink()
    assert recalculate(path, IN_PLACE).changed == 1


def test_read_only_file_is_refused(path: Path) -> None:
    path.chmod(stat.S_IREAD)
    assert "read-only" in refused(path)
    path.chmod(stat.S_IREAD | stat.S_IWRITE)


@pytest.mark.unsound("bytes after the zip")
def test_file_saved_in_the_meantime_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(_recalculator: Recalculator, package: bytes, *_rest: object, **_options: object) -> Recalculated:
        path.write_bytes(package + b"more")
        return recalculated(package, "book.xlsx")

    monkeypatch.setattr(Recalculator, "recalculated", slowly)
    with pytest.raises(InputError, match="in the meantime"):
        recalculate(path, IN_PLACE)
    assert path.read_bytes() == PACKAGE + b"more"


def encrypted() -> bytes:
    saved = io.BytesIO()
    importlib.import_module("msoffcrypto.format.ooxml").OOXMLFile(io.BytesIO(PACKAGE)).encrypt("secret", saved)
    return saved.getvalue()


def damaged() -> bytes:
    with zipfile.ZipFile(io.BytesIO(PACKAGE)) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 80
    return PACKAGE[:start] + bytes([PACKAGE[start] ^ 255]) + PACKAGE[start + 1 :]


def with_sheet(sheet: bytes) -> bytes:
    return with_parts(PACKAGE, {"xl/worksheets/sheet1.xml": sheet})


@pytest.mark.unsound("what is refused")
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not an Excel workbook"),
        (b"a,b\n1,2\n", "not an Excel workbook"),
        (PACKAGE[:900], "not an Excel workbook"),
        (with_parts(b"PK\x05\x06" + bytes(18), {"a.txt": b"x"}), "a zip archive without a workbook"),
        (encrypted(), "protected with a password"),
        (damaged(), "is damaged"),
        (with_sheet(b"<worksheet><sheetData>"), "cannot be read"),
        (with_sheet(b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'), "declares a document type"),
        (with_sheet(parts(PACKAGE)["xl/worksheets/sheet1.xml"].decode().encode("utf-16")), "UTF-16"),
        (with_parts(PACKAGE, {"xl/workbook.xml": b"<workbook>"}), "not a workbook that can be read"),
        (with_parts(PACKAGE, {"xl/workbook.xml": parts(PACKAGE)["xl/workbook.xml"].replace(
            b"<calcPr ", b'<calcPr fullPrecision="0" ')}), "precision as displayed"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
def test_what_is_no_sound_workbook_is_refused(path: Path, content: bytes, reason: str) -> None:
    path.write_bytes(content)
    assert reason in refused(path)


@pytest.mark.unsound("a picture of zeros")
def test_workbook_that_unpacks_to_too_much_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "USUAL", limits.Sizes(part=100_000))
    with pytest.raises(InputError, match="unpacks to"):
        recalculated(with_parts(PACKAGE, {"xl/media/image1.png": bytes(100_001)}), path.name)


@pytest.mark.unsound("a lie about a size")
def test_part_that_unpacks_to_more_than_it_says_is_refused(path: Path) -> None:
    package = with_parts(PACKAGE, {"xl/worksheets/sheet1.xml": bytes(1_000_000)})
    size = (1_000_000).to_bytes(4, "little")
    path.write_bytes(package.replace(size, (1000).to_bytes(4, "little")))
    assert "is damaged" in refused(path)


def test_folder_and_missing_file_are_refused(tmp_path: Path) -> None:
    assert "is a folder" in refused(tmp_path)
    assert "no such file" in refused(tmp_path / "none.xlsx")
