"""A folder that files go into: names as file systems compare them, and folders that take none."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from xlsales.errors import InputError
from xlsales.files.targets import Targets, make_folder, refuse_folder, write

NAME = "T1 Île.xlsm"
VARIANTS = ["t1 île.XLSM", unicodedata.normalize("NFD", NAME), unicodedata.normalize("NFD", "T1 ÎLE.Xlsm")]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("variant", VARIANTS)
def test_name_in_other_case_or_form_is_that_file(tmp_path: Path, variant: str) -> None:
    (tmp_path / variant).write_bytes(b"old")
    targets = Targets(tmp_path)
    assert targets.stored(NAME) == targets.existing(["T2.xlsm", NAME]) == [variant]
    assert targets.obstacle(NAME) is None
    assert targets.adopt(NAME) == variant
    assert names(tmp_path) == [NAME]
    assert (targets.stored(NAME), targets.adopt(NAME)) == ([NAME], None)


def test_obstacle_is_named_as_it_is_stored(tmp_path: Path) -> None:
    for name in ("t1.XLSM", "~$t1.XLSM"):
        (tmp_path / name).write_bytes(b"")
    assert str(Targets(tmp_path).obstacle("T1.xlsm")).startswith("t1.XLSM is open in another program")


def test_two_files_that_another_system_takes_for_one_are_both_left(tmp_path: Path) -> None:
    for name in ("T1.xlsm", "t1.XLSM"):
        (tmp_path / name).write_bytes(b"")
    if len(names(tmp_path)) == 1:
        pytest.skip("this file system takes the two names for one")
    assert Targets(tmp_path).obstacle("T1.xlsm") == (
        "T1.xlsm, t1.XLSM differ in letter case or accents only, and are one file on Windows and macOS: keep one."
    )


def test_files_in_sub_folders_are_called_by_their_places(tmp_path: Path) -> None:
    for folder in ("North", "South/Lee", "mine"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "t1.XLSM").write_bytes(b"")
    (tmp_path / "West").write_bytes(b"")
    targets = Targets(tmp_path, ["North", "South/Lee", "East", "West", "West/Lee"])
    assert targets.existing(["North/T1.xlsm", "South/Lee/T1.xlsm", "East/T1.xlsm", "mine/T1.xlsm", "T1.xlsm"]) == [
        "North/t1.XLSM",
        "South/Lee/t1.XLSM",
    ]
    assert targets.adopt("South/Lee/T1.xlsm") == "South/Lee/t1.XLSM"
    assert names(tmp_path / "South" / "Lee") == ["T1.xlsm"]
    assert targets.obstacle("East/T1.xlsm") is None
    for place in ("West/T1.xlsm", "West/Lee/T1.xlsm"):
        assert (
            targets.obstacle(place) == f"{tmp_path / 'West'} is a file, and no folder for files. Choose another folder."
        )


def test_folder_that_is_missing_holds_nothing(tmp_path: Path) -> None:
    assert Targets(tmp_path / "none").existing([NAME]) == []
    refuse_folder(tmp_path / "none" / "deeper")
    assert names(tmp_path) == []
    make_folder(tmp_path / "none" / "deeper")
    assert names(tmp_path / "none") == ["deeper"]


@pytest.mark.parametrize("place", ["file", "file/plans", "nul", "plans."])
def test_what_is_no_folder_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    for refuse in (refuse_folder, make_folder):
        with pytest.raises(InputError, match="Choose a"):
            refuse(tmp_path / place)
    assert names(tmp_path) == ["file"]


@pytest.mark.skipif(os.name != "posix", reason="a folder of Windows says nothing by its mode")
@pytest.mark.parametrize("place", ["", "plans/2027"])
def test_read_only_folder_is_refused(tmp_path: Path, place: str) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(InputError, match=r"^Nothing can be written into .* \(read-only\). Allow it, or choose another"):
        refuse_folder(tmp_path / place)
    tmp_path.chmod(0o755)
    assert names(tmp_path) == []


def test_folder_that_refuses_new_files_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"Nothing can be written into .* \(Access is denied\)"):
        refuse_folder(tmp_path)


def test_file_in_other_case_is_refused_and_with_overwrite_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.XLSX").write_bytes(b"mine")
    contents = {"A.xlsx": lambda: b"new", "B.xlsx": lambda: b"new"}
    with pytest.raises(InputError, match=r"a\.XLSX already exists"):
        list(write(tmp_path, contents, overwrite=False))
    assert names(tmp_path) == ["a.XLSX"]
    assert list(write(tmp_path, contents, overwrite=True)) == [tmp_path / "A.xlsx", tmp_path / "B.xlsx"]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"A.xlsx": b"new", "B.xlsx": b"new"}


def test_held_file_costs_itself_alone_and_all_held_cost_nothing(tmp_path: Path) -> None:
    for name in ("A.xlsx", "~$A.xlsx"):
        (tmp_path / name).write_bytes(b"mine")
    contents = {"A.xlsx": lambda: b"new", "B.xlsx": lambda: b"new"}
    told, made = write(tmp_path, contents, overwrite=True)
    assert "A.xlsx is open in another program" in str(told)
    assert (made, (tmp_path / "A.xlsx").read_bytes()) == (tmp_path / "B.xlsx", b"mine")
    (tmp_path / "~$B.xlsx").write_bytes(b"")
    with pytest.raises(InputError, match=r"close it in Excel(.|\n)*close it in Excel"):
        list(write(tmp_path, contents, overwrite=True))
