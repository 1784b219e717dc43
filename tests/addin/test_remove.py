"""`xlsales addin remove`: what install wrote goes, everything else stays."""

from __future__ import annotations

from pathlib import PureWindowsPath

import pytest

from tests.addin.simulated import ADDIN, LOG, OWN, SETTINGS, SHIPPED, START, SimulatedWindows, working
from xlsales.addin.install import install
from xlsales.addin.remove import remove
from xlsales.errors import XlsalesError


def test_what_install_wrote_is_deleted_and_nothing_else(installed: SimulatedWindows) -> None:
    installed.files[START / "PERSONAL.XLSB"] = b"mine"
    expected = working().files | {START / "PERSONAL.XLSB": b"mine"}
    assert list(remove(installed)) == [f"Deleted {ADDIN}.", f"Deleted {SETTINGS}."]
    assert installed.files == expected


def test_an_addin_in_another_start_folder_is_found(windows: SimulatedWindows) -> None:
    list(install(windows, SHIPPED, start_folder=PureWindowsPath("D:/start")))
    list(remove(windows))
    assert windows.files == working().files


def test_an_addin_that_was_changed_since_stays(installed: SimulatedWindows) -> None:
    installed.files[ADDIN] = b"changed by hand"
    said = list(remove(installed))
    assert said[0] == f"{ADDIN} stays: it is not the file that xlsales addin install wrote. Delete it yourself."
    assert installed.files[ADDIN] == b"changed by hand"
    assert SETTINGS not in installed.files


def test_the_log_stays(installed: SimulatedWindows) -> None:
    installed.files[LOG] = b"something"
    assert f"{LOG} stays; --all deletes it." in list(remove(installed))
    assert installed.files[LOG] == b"something"


def test_with_all_the_log_and_its_older_parts_go_too(installed: SimulatedWindows) -> None:
    installed.files |= {LOG: b"1", OWN / "xlsales.log.1": b"2", OWN / "mine.txt": b"3"}
    list(remove(installed, with_log=True))
    assert installed.names(OWN) == ["mine.txt"]


def test_where_nothing_is_installed_it_says_so(windows: SimulatedWindows) -> None:
    assert list(remove(windows)) == [f"There is no add-in: {ADDIN}"]
    assert windows.files == working().files


def test_while_excel_holds_the_addin_nothing_is_removed(installed: SimulatedWindows) -> None:
    installed.held.add(ADDIN)
    before = dict(installed.files)
    with pytest.raises(XlsalesError, match="Close all windows of Excel"):
        list(remove(installed))
    assert installed.files == before


def test_while_excel_is_open_it_says_how_long_the_functions_stay(installed: SimulatedWindows) -> None:
    installed.excel_window = True
    assert list(remove(installed))[-1].startswith("Excel is open and keeps the functions")


def test_settings_that_cannot_be_read_are_deleted_but_no_addin_of_unknown_origin(installed: SimulatedWindows) -> None:
    installed.files[SETTINGS] = b"\xff"
    said = list(remove(installed))
    assert said == [
        f"{ADDIN} stays: it is not the file that xlsales addin install wrote. Delete it yourself.",
        f"Deleted {SETTINGS}.",
    ]
