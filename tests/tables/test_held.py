"""A table that another program keeps to itself is named, the file and not its folder; names that Windows keeps."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlsales.errors import InputError
from xlsales.tables import read_tables

MakeFolder = Callable[..., Path]
ACCOUNTS = "territory_id,account_id,account_name\nT1,A1,x\n"
CLOSE = "is open in another program, which lets nobody read it: close it in Excel and run again."


def hold(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let a file be held, as Windows says it when it is opened."""
    opened = Path.open

    def refused(path: Path, *words: Any, **named: Any) -> Any:
        if path.name == name:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path, *words, **named)

    monkeypatch.setattr(Path, "open", refused)


def test_held_csv_file_is_named(make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_folder(accounts=ACCOUNTS)
    hold(monkeypatch, "accounts.csv")
    with pytest.raises(InputError) as refusal:
        read_tables(folder)
    assert str(refusal.value) == f"accounts.csv {CLOSE}"


def test_csv_file_that_fails_while_it_is_read_is_named(
    make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing:
        """A file whose second line is on a bad sector."""

        def __enter__(self) -> Failing:
            return self

        def __exit__(self, *_error: object) -> None:
            return

        def __iter__(self) -> Any:
            yield ACCOUNTS.splitlines(keepends=True)[0]
            raise OSError(errno.EIO, "Input/output error")

    folder = make_folder(accounts=ACCOUNTS)
    opened = Path.open

    def failing(path: Path, *words: Any, **named: Any) -> Any:
        return Failing() if path.name == "accounts.csv" and not words else opened(path, *words, **named)

    monkeypatch.setattr(Path, "open", failing)
    with pytest.raises(InputError, match=r"^accounts\.csv cannot be read: Input/output error\.$"):
        read_tables(folder)


def test_held_parquet_file_is_not_called_damaged(make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow")
    folder = make_folder()
    (folder / "accounts.parquet").write_bytes(b"PAR1")
    hold(monkeypatch, "accounts.parquet")
    with pytest.raises(InputError) as refusal:
        read_tables(folder)
    assert str(refusal.value) == f"accounts.parquet {CLOSE}"


def test_held_workbook_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "crm.xlsx"
    openpyxl.Workbook().save(path)
    hold(monkeypatch, "crm.xlsx")
    with pytest.raises(InputError) as refusal:
        read_tables(path)
    assert str(refusal.value) == f"{path} {CLOSE}"


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_file_without_the_right_to_read_it_is_told_apart(
    make_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_folder(accounts=ACCOUNTS)
    (folder / "accounts.csv").chmod(0)
    hold(monkeypatch, "accounts.csv")  # for those who may read everything
    with pytest.raises(InputError, match=r"^accounts\.csv cannot be read \(Permission denied\): allow reading it"):
        read_tables(folder)


@pytest.mark.parametrize("name", ["NUL", "con.xlsx", "crm."])
def test_name_that_windows_keeps_is_refused_in_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"Windows .*Choose a"):
        read_tables(tmp_path / name)
