"""`xlsales addin install`: what it writes, where it finds Python, and what it refuses before writing anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PureWindowsPath

import pytest

from tests.addin.simulated import (
    ADDIN,
    DLL32,
    DLL64,
    EXCEL,
    HOME,
    PYTHON,
    SERVER,
    SETTINGS,
    SHIPPED,
    VENV,
    SimulatedWindows,
    move,
    program,
    working,
    working_python,
)
from xlsales.addin.install import install
from xlsales.addin.settings import Settings, parsed
from xlsales.addin.windows import Hive
from xlsales.errors import XlsalesError
from xlsales.version import XLWINGS_VERSION, __version__

Damage = Callable[[SimulatedWindows], object]
STORE = HOME / "AppData/Local/Microsoft/WindowsApps/python.exe"


def settings_of(windows: SimulatedWindows) -> Settings:
    settings = parsed(windows.files[SETTINGS])
    assert settings is not None
    return settings


def test_the_addin_and_its_settings_are_written_and_each_sentence_says_so(windows: SimulatedWindows) -> None:
    said = list(install(windows, SHIPPED))
    assert said == [
        f"Excel will use {PYTHON} (Python 3.12.4, 64-bit, in a virtual environment).",
        f"Wrote {ADDIN}.",
        f"Wrote {SETTINGS}.",
        "Start Excel and type =MAGIC_NUMBER(15000, 2500, 60%, 40%, 1) into a cell: it shows 25. "
        "If it does not: xlsales addin doctor",
    ]
    assert windows.files[ADDIN] == SHIPPED
    settings = settings_of(windows)
    assert (settings.interpreter, settings.server) == (str(PYTHON), str(SERVER))
    assert (settings.dll64, settings.dll32) == (str(DLL64), str(DLL32))
    assert (settings.xlwings, settings.xlsales, settings.addin) == (XLWINGS_VERSION, __version__, str(ADDIN))


def test_nothing_but_the_two_files_is_written(windows: SimulatedWindows) -> None:
    before = dict(windows.files)
    list(install(windows, SHIPPED))
    assert windows.files.keys() - before.keys() == {ADDIN, SETTINGS}
    assert {path: windows.files[path] for path in before} == before


def test_installing_again_changes_nothing(installed: SimulatedWindows) -> None:
    before = dict(installed.files)
    said = list(install(installed, SHIPPED))
    assert said[1:3] == [f"{ADDIN} is there already.", f"{SETTINGS} is there already."]
    assert installed.files == before


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(windows: SimulatedWindows) -> None:
    before = dict(windows.files)
    said = list(install(windows, SHIPPED, dry_run=True))
    assert said[1:] == [
        f"Would write {ADDIN}.",
        f"Would write {SETTINGS}.",
        "Nothing was changed. Without --dry-run, this is done.",
    ]
    assert windows.files == before


def test_an_older_addin_is_replaced(installed: SimulatedWindows) -> None:
    assert f"Replaced {ADDIN}." in list(install(installed, b"newer"))
    assert installed.files[ADDIN] == b"newer"


def test_while_excel_is_open_it_says_to_start_it_again(windows: SimulatedWindows) -> None:
    windows.excel_window = True
    assert list(install(windows, SHIPPED))[-1].startswith("Close all windows of Excel, then start it and type ")


def test_the_formula_to_try_is_written_as_this_windows_writes_lists(windows: SimulatedWindows) -> None:
    windows.set(Hive.USER, r"Control Panel\International", slist=";")
    assert " =MAGIC_NUMBER(15000; 2500; 60%; 40%; 1) " in list(install(windows, SHIPPED))[-1]


def test_an_addin_that_excel_holds_stops_with_what_to_do(installed: SimulatedWindows) -> None:
    installed.held.add(ADDIN)
    before = dict(installed.files)
    with pytest.raises(XlsalesError, match="Close all windows of Excel and run this again"):
        list(install(installed, b"newer"))
    assert installed.files == before


def test_another_start_folder_takes_the_addin_and_the_old_place_is_cleared(installed: SimulatedWindows) -> None:
    folder = PureWindowsPath("D:/Excel start")
    said = list(install(installed, SHIPPED, start_folder=folder))
    assert installed.files[folder / "xlsales.xlam"] == SHIPPED
    assert settings_of(installed).addin == r"D:\Excel start\xlsales.xlam"
    assert f"Deleted {ADDIN}." in said
    assert ADDIN not in installed.files


def test_a_file_at_the_old_place_that_is_not_ours_stays(installed: SimulatedWindows) -> None:
    installed.files[ADDIN] = b"changed by hand"
    list(install(installed, SHIPPED, start_folder=PureWindowsPath("D:/start")))
    assert installed.files[ADDIN] == b"changed by hand"


def test_another_python_can_be_named(windows: SimulatedWindows) -> None:
    other = PureWindowsPath("D:/Python313")
    windows.files |= {
        other / name: b"" for name in ("python.exe", "Lib/site-packages/xlsales/udfs/serve.py", DLL64.name)
    }
    windows.pythons[other / "python.exe"] = working_python(other)
    list(install(windows, SHIPPED, python_path=other / "python.exe"))
    settings = settings_of(windows)
    assert settings.interpreter == r"D:\Python313\python.exe"
    assert settings.server == r"D:\Python313\Lib\site-packages\xlsales\udfs\serve.py"
    assert (settings.dll64, settings.dll32) == (rf"D:\Python313\{DLL64.name}", "")


@pytest.mark.parametrize(
    ("folder", "description"),
    [
        (VENV, {}),
        (HOME / "AppData/Roaming/Python/Python312", {"data": [str(HOME / "AppData/Roaming/Python/Python312")]}),
        (VENV / "Scripts", {"data": [r"C:\elsewhere"]}),
        (VENV, {"data": [r"C:\elsewhere"]}),
    ],
    ids=["pip's data folder", "pip --user", "beside python.exe", "above python.exe"],
)
def test_the_dll_is_found_where_pip_puts_it(folder: PureWindowsPath, description: dict[str, object]) -> None:
    windows = working()
    for dll in (DLL64, DLL32):
        del windows.files[dll]
    windows.files[folder / DLL64.name] = b""
    windows.pythons[PYTHON].description |= description
    list(install(windows, SHIPPED))
    assert settings_of(windows).dll64 == str(folder / DLL64.name)


def test_in_a_checkout_the_server_lies_beside_the_package(windows: SimulatedWindows) -> None:
    windows.files[PureWindowsPath("D:/xlsales/udfs/serve.py")] = b""
    windows.pythons[PYTHON].description["package"] = r"D:\xlsales\xlsales"
    list(install(windows, SHIPPED))
    assert settings_of(windows).server == r"D:\xlsales\udfs\serve.py"


def test_letters_that_the_code_page_has_stay_as_they_are(windows: SimulatedWindows) -> None:
    windows.short_names = {"Zoë Müller": "ZOMLLE~1"}
    list(install(windows, SHIPPED))
    assert "Zoë Müller" in settings_of(windows).interpreter


def test_letters_that_the_code_page_lacks_become_short_names(windows: SimulatedWindows) -> None:
    home = PureWindowsPath("C:/Users/Зоя 佐藤/.venv")
    move(windows, VENV, home)
    windows.short_names = {"Зоя 佐藤": "4F2A~1"}
    list(install(windows, SHIPPED))
    settings = settings_of(windows)
    assert settings.interpreter == r"C:\Users\4F2A~1\.venv\Scripts\python.exe"
    assert settings.server == r"C:\Users\4F2A~1\.venv\Lib\site-packages\xlsales\udfs\serve.py"
    # VBA loads the DLL by a Unicode name
    assert settings.dll64 == str(home / DLL64.name)


def _python_without(**description: object) -> Damage:
    return lambda windows: windows.pythons[PYTHON].description.update(description)


def _without(*paths: PureWindowsPath) -> Damage:
    return lambda windows: [windows.files.pop(path) for path in paths]


def _excel_of_32_bits_without_its_dll(windows: SimulatedWindows) -> None:
    windows.files[EXCEL] = program(0x014C)
    del windows.files[DLL32]


def _store_alias(windows: SimulatedWindows) -> None:
    windows.executable = STORE
    windows.files[STORE] = b""


REFUSED: dict[str, tuple[Damage, tuple[str, ...]]] = {
    "no such file": (_without(PYTHON), (str(PYTHON), "no such file", "--python")),
    "no Python": (lambda w: w.pythons.clear(), ("not a valid Win32 application", "--python")),
    "older Python": (_python_without(version="3.10.11"), ("Python 3.10.11", "Install Python 3.11 or newer")),
    "Store": (_store_alias, (str(STORE), "Microsoft Store", "python.org")),
    "virtual environment of the Store's Python": (
        _python_without(base=r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_x64"),
        (str(PYTHON), "Microsoft Store", "python.org"),
    ),
    "no xlsales": (_python_without(package="", xlsales=""), ("no xlsales", f"-m pip install xlsales=={__version__}")),
    "other xlsales": (_python_without(xlsales="9.9"), ("xlsales 9.9", f"xlsales=={__version__}")),
    "no server": (_without(SERVER), ("udfs/serve.py", "Install xlsales again")),
    "no xlwings": (_python_without(xlwings=""), ("not installed", f"-m pip install xlwings=={XLWINGS_VERSION}")),
    "other xlwings": (_python_without(xlwings="0.30.0"), ("0.30.0", XLWINGS_VERSION)),
    "no pywin32": (_python_without(pywin32="No module named 'pythoncom'"), ("pythoncom", "pip install", "pywin32")),
    "no DLL": (_without(DLL64, DLL32), (DLL64.name, "--force-reinstall")),
    "no DLL for 32-bit Excel": (_excel_of_32_bits_without_its_dll, (DLL32.name, "--force-reinstall")),
    "no name in the code page": (
        lambda w: move(w, VENV, PureWindowsPath("C:/Users/佐藤/.venv")),
        ("佐藤", "code page", "plain letters"),
    ),
    "no APPDATA": (lambda w: w.variables.pop("APPDATA"), ("APPDATA", "Sign in")),
}


@pytest.mark.parametrize(("damage", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_work_is_refused_before_anything_is_written(damage: Damage, words: tuple[str, ...]) -> None:
    windows = working()
    damage(windows)
    before = dict(windows.files)
    with pytest.raises(XlsalesError) as refused:
        list(install(windows, SHIPPED))
    assert [word for word in words if word not in str(refused.value)] == []
    assert windows.files == before


def test_the_stub_of_the_store_is_never_started(windows: SimulatedWindows) -> None:
    _store_alias(windows)
    with pytest.raises(XlsalesError):
        list(install(windows, SHIPPED))
    assert windows.started == []


def test_without_excel_the_addin_is_installed_all_the_same(windows: SimulatedWindows) -> None:
    windows.registry.clear()
    list(install(windows, SHIPPED))
    assert ADDIN in windows.files
