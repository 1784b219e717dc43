"""`xlsales addin doctor`: each check when all is well, when something is missing, and when it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PureWindowsPath

import pytest

from tests.addin.simulated import (
    ADDIN,
    APP_PATHS,
    DLL32,
    DLL64,
    EXCEL,
    HOME,
    LOG,
    OWN,
    PYTHON,
    SERVER,
    SETTINGS,
    SHIPPED,
    START,
    TRUSTED,
    VENV,
    SimulatedWindows,
    move,
    program,
    working,
    working_python,
)
from xlsales.addin.checks import Check, Result
from xlsales.addin.doctor import examine
from xlsales.addin.install import install
from xlsales.addin.windows import Finished, Hive
from xlsales.version import XLWINGS_VERSION

Damage = Callable[[SimulatedWindows], object]
NAMES = """windows excel python xlsales path xlwings pywin32 dll add-in mark loaded once settings log
macros web trusted location add-ins defender call"""
OPTIONS = r"Software\Microsoft\Office\16.0\Excel\Options"
SECURITY = r"Software\Microsoft\Office\16.0\Excel\Security"
POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
CLOUD = r"Software\Policies\Microsoft\Cloud\Office\16.0\Excel\Security"
DEFENDER = r"Software\Policies\Microsoft\Windows Defender"
ASR = rf"{DEFENDER}\Windows Defender Exploit Guard\ASR\Rules"
LOCAL_ASR = r"Software\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
CHILDREN = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
API_CALLS = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"
OTHER_RULE = "3b576869-a4ec-4529-8536-b80a7769e899"
OK, NOTE, FAILS = Result.OK, Result.NOTE, Result.FAILS


def diagnosed(windows: SimulatedWindows) -> dict[str, Check]:
    return {check.name: check for check in examine(windows, SHIPPED)}


def test_where_all_is_well_every_check_is_ok_and_asks_for_nothing(installed: SimulatedWindows) -> None:
    checks = list(examine(installed, SHIPPED))
    assert [(check.name, check.found) for check in checks if check.result is not OK] == []
    assert " ".join(check.name for check in checks) == " ".join(NAMES.split())
    assert {check.remedy for check in checks} == {""}


def test_doctor_changes_nothing(installed: SimulatedWindows) -> None:
    before = dict(installed.files)
    diagnosed(installed)
    assert installed.files == before


def test_the_live_call_starts_what_excel_starts(installed: SimulatedWindows) -> None:
    diagnosed(installed)
    assert installed.started[-1] == (str(PYTHON), "-B", str(SERVER), "--check")


def _registry(hive: Hive, key: str, **values: str | int) -> Damage:
    return lambda windows: windows.set(hive, key, **values)


def _policy(**values: str | int) -> Damage:
    return _registry(Hive.USER, POLICY, **values)


def _rule(key: str, rule: str, state: str) -> Damage:
    return _registry(Hive.MACHINE, key, **{rule: state})


def _says(**description: object) -> Damage:
    return lambda windows: windows.pythons[PYTHON].description.update(description)


def _answers(code: int, out: str, error: str = "") -> Damage:
    def damage(windows: SimulatedWindows) -> None:
        windows.pythons[PYTHON].checked = Finished(code, out, error)

    return damage


def _file(path: PureWindowsPath, content: bytes) -> Damage:
    return lambda windows: windows.files.update({path: content})


def _without(*paths: PureWindowsPath) -> Damage:
    return lambda windows: [windows.files.pop(path) for path in paths]


def _both(*damages: Damage) -> Damage:
    return lambda windows: [damage(windows) for damage in damages]


def _no_trusted_locations(windows: SimulatedWindows) -> None:
    del windows.registry[Hive.USER, rf"{TRUSTED}\Location2".lower()]


def _version_of_excel(number: str) -> Damage:
    def damage(windows: SimulatedWindows) -> None:
        windows.registry[Hive.CLASSES, r"excel.application\curver"][""] = f"Excel.Application.{number}"

    return damage


def _in_another_python(windows: SimulatedWindows) -> None:
    windows.executable = PureWindowsPath("D:/other/python.exe")


def _settings_of_another_version(windows: SimulatedWindows) -> None:
    text = windows.files[SETTINGS].decode("utf-16").replace(f"xlwings={XLWINGS_VERSION}", "xlwings=0.30.0")
    windows.files[SETTINGS] = text.encode("utf-16")


def _older_addin(windows: SimulatedWindows) -> None:
    list(install(windows, b"older"))


def _excel_only_for_this_user(windows: SimulatedWindows) -> None:
    windows.registry[Hive.USER, APP_PATHS.lower()] = windows.registry.pop((Hive.MACHINE, APP_PATHS.lower()))


def _unsayable(windows: SimulatedWindows) -> None:
    windows.code_page = "ascii"


def _short(windows: SimulatedWindows) -> None:
    windows.code_page = "ascii"
    windows.short_names = {"Zoë Müller": "ZOMLLE~1"}


ZONE = PureWindowsPath(f"{ADDIN}:Zone.Identifier")
CLICK_TO_RUN = r"Software\Microsoft\Office\ClickToRun\Configuration"
# What was done to a Windows with the add-in; the check that sees it, its result, and words that it says.
CASES: list[tuple[str, Damage, str, Result, tuple[str, ...]]] = [
    ("64-bit", _both(), "excel", OK, (str(EXCEL), "64-bit")),
    ("32-bit", _file(EXCEL, program(0x014C)), "excel", OK, ("32-bit",)),
    ("for this user only", _excel_only_for_this_user, "excel", OK, (str(EXCEL),)),
    (
        "no program header, Click-to-Run says 32-bit",
        _both(_file(EXCEL, b"?"), _registry(Hive.MACHINE, CLICK_TO_RUN, platform="x86")),
        "excel",
        OK,
        ("32-bit",),
    ),
    ("none", lambda w: w.registry.clear(), "excel", FAILS, ("not installed", "Excel 2016")),
    ("registered but gone", _without(EXCEL), "excel", FAILS, ("not installed",)),
    ("Excel 2013", _version_of_excel("15"), "excel", FAILS, ("Excel 2016",)),
    ("found", _both(), "python", OK, (str(PYTHON), "3.12.4", "64-bit", "virtual")),
    ("32-bit Python", _says(bits=32), "python", OK, ("32-bit",)),
    ("gone", _without(PYTHON), "python", FAILS, ("no such file", "addin install")),
    ("broken", lambda w: w.pythons.clear(), "python", FAILS, ("not a valid Win32 application",)),
    ("too old", _says(version="3.9.1"), "python", FAILS, ("3.9.1", "3.11")),
    ("silent", lambda w: w.pythons[PYTHON].description.clear(), "python", FAILS, ("nothing of itself", "--python")),
    ("Store", _says(base=r"C:\Program Files\WindowsApps\Python"), "python", FAILS, ("Microsoft Store", "python.org")),
    ("no xlsales", _says(package="", xlsales=""), "xlsales", FAILS, ("no xlsales", "pip install")),
    ("other xlsales", _says(xlsales="9.9"), "xlsales", FAILS, ("9.9", "pip install")),
    ("no server", _without(SERVER), "xlsales", FAILS, ("serve.py",)),
    ("short name", _short, "path", OK, ("8.3",)),
    ("no short name", _unsayable, "path", FAILS, ("Zoë", "plain letters")),
    ("no xlwings", _says(xlwings=""), "xlwings", FAILS, ("not installed", XLWINGS_VERSION)),
    ("other xlwings", _says(xlwings="0.30.0"), "xlwings", FAILS, ("0.30.0", XLWINGS_VERSION)),
    ("no pywin32", _says(pywin32="DLL load failed."), "pywin32", FAILS, ("DLL load failed.", "pip install")),
    ("for 64-bit Excel", _both(), "dll", OK, (str(DLL64),)),
    ("for 32-bit Excel", _file(EXCEL, program(0x014C)), "dll", OK, (str(DLL32),)),
    ("no DLL", _without(DLL64), "dll", FAILS, (DLL64.name, "pip install")),
    ("DLL of unknown Excel", lambda w: w.registry.clear(), "dll", NOTE, (str(DLL64), "not found")),
    ("no add-in", _without(ADDIN), "add-in", FAILS, (str(ADDIN), "xlsales addin install")),
    ("of another version", _older_addin, "add-in", FAILS, ("Close Excel", "xlsales addin install")),
    ("signed since", _file(ADDIN, b"signed"), "add-in", NOTE, ("changed after", "xlsales addin install")),
    ("marked", _file(ZONE, b"[ZoneTransfer]\r\nZoneId=3\r\n"), "mark", FAILS, ("Unblock-File", str(ADDIN))),
    ("mark without zone", _file(ZONE, b""), "mark", OK, ()),
    (
        "ticked elsewhere",
        _registry(Hive.USER, OPTIONS, open1=r'/R "C:\AddIns\xlsales.xlam"'),
        "loaded once",
        NOTE,
        (r"C:\AddIns\xlsales.xlam", "untick"),
    ),
    (
        "ticked in Excel's own folder",
        _registry(Hive.USER, OPTIONS, open="/R xlsales.xlam"),
        "loaded once",
        NOTE,
        (),
    ),
    ("ticked here", _registry(Hive.USER, OPTIONS, open=f'"{ADDIN}"'), "loaded once", OK, ()),
    ("another add-in", _registry(Hive.USER, OPTIONS, open='"C:\\solver.xlam"'), "loaded once", OK, ()),
    (
        "in the second start folder",
        _both(
            _registry(Hive.USER, OPTIONS, altstartup="D:\\start"),
            _file(PureWindowsPath("D:/start/xlsales.xlam"), b""),
        ),
        "loaded once",
        NOTE,
        (r"D:\start\xlsales.xlam",),
    ),
    ("no settings", _without(SETTINGS), "settings", FAILS, ("There are none", "xlsales addin install")),
    ("unreadable", _file(SETTINGS, b"\xff"), "settings", FAILS, ("cannot be read", "xlsales addin install")),
    ("of another version", _settings_of_another_version, "settings", FAILS, ("0.30.0", "xlsales addin install")),
    ("server gone", _without(SERVER), "settings", FAILS, (str(SERVER), "xlsales addin install")),
    ("other DLL gone", _without(DLL32), "settings", FAILS, (str(DLL32), "xlsales addin install")),
    ("another Python", _in_another_python, "settings", NOTE, (str(PYTHON), r"D:\other\python.exe")),
    ("no log yet", _both(), "log", OK, (str(LOG), "nothing")),
    ("a log", _file(LOG, bytes(1234)), "log", OK, (str(LOG), "1,234 bytes")),
    ("asks", _registry(Hive.USER, SECURITY, vbawarnings=2), "macros", OK, ()),
    ("all", _registry(Hive.USER, SECURITY, vbawarnings=1), "macros", OK, ("VBAWarnings 1",)),
    ("signed only", _policy(vbawarnings=3), "macros", NOTE, ("signed", "trusted location")),
    ("none", _policy(vbawarnings=4), "macros", NOTE, ("no macros", "trusted location")),
    (
        "policy before the user's setting",
        _both(_policy(vbawarnings=4), _registry(Hive.USER, SECURITY, vbawarnings=1)),
        "macros",
        NOTE,
        ("VBAWarnings 4",),
    ),
    (
        "cloud before group policy",
        _both(_registry(Hive.USER, CLOUD, vbawarnings=1), _policy(vbawarnings=4)),
        "macros",
        OK,
        (),
    ),
    (
        "no VBA",
        _registry(Hive.MACHINE, r"Software\Policies\Microsoft\Office\16.0\Common", vbaoff=1),
        "macros",
        FAILS,
        ("VBAOff", "Ask IT"),
    ),
    ("blocked by IT", _policy(blockcontentexecutionfrominternet=1), "web", NOTE, ("planners", "trusted location")),
    ("not blocked by IT", _policy(blockcontentexecutionfrominternet=0), "web", OK, ()),
    ("none listed", _no_trusted_locations, "trusted location", NOTE, ("first starts",)),
    (
        "another one",
        _both(_no_trusted_locations, _registry(Hive.USER, rf"{TRUSTED}\Location0", path="D:\\trusted\\")),
        "trusted location",
        NOTE,
        (str(START), "Trust Center"),
    ),
    (
        "a folder above, with folders below",
        _both(
            _no_trusted_locations,
            _registry(Hive.USER, rf"{POLICY}\Trusted Locations\Location0", path=str(HOME), allowsubfolders=1),
        ),
        "trusted location",
        OK,
        (),
    ),
    (
        "a folder above, alone",
        _both(_no_trusted_locations, _registry(Hive.USER, rf"{TRUSTED}\Location0", path=str(HOME))),
        "trusted location",
        NOTE,
        (),
    ),
    (
        "switched off",
        _registry(Hive.USER, rf"{POLICY}\Trusted Locations", alllocationsdisabled=1),
        "trusted location",
        NOTE,
        ("AllLocationsDisabled",),
    ),
    (
        "switched off, and signed macros only",
        _both(
            _registry(Hive.USER, rf"{POLICY}\Trusted Locations", alllocationsdisabled=1),
            _policy(vbawarnings=3),
        ),
        "trusted location",
        FAILS,
        ("Ask IT",),
    ),
    ("no add-ins at all", _policy(disablealladdins=1), "add-ins", FAILS, ("DisableAllAddins", "Ask IT")),
    ("signed add-ins only", _policy(requireaddinsig=1), "add-ins", FAILS, ("RequireAddinSig", "sign")),
    ("blocks", _rule(ASR, CHILDREN, "1"), "defender", FAILS, ("child processes", CHILDREN, "exception")),
    ("warns", _rule(ASR, API_CALLS, "6"), "defender", FAILS, ("Win32 API", API_CALLS)),
    ("watches", _rule(ASR, CHILDREN, "2"), "defender", NOTE, ("watches",)),
    ("off", _rule(ASR, CHILDREN, "0"), "defender", OK, ()),
    ("another rule", _rule(ASR, OTHER_RULE, "1"), "defender", OK, ()),
    ("set locally", _rule(LOCAL_ASR, CHILDREN, "1"), "defender", FAILS, (CHILDREN,)),
    (
        "group policy before local",
        _both(_rule(LOCAL_ASR, CHILDREN, "1"), _rule(ASR, CHILDREN, "0")),
        "defender",
        OK,
        (),
    ),
    (
        "by Intune",
        _registry(Hive.MACHINE, rf"{DEFENDER}\Policy Manager", asrrules=f"{OTHER_RULE}=1|{CHILDREN.upper()}=1"),
        "defender",
        FAILS,
        (CHILDREN,),
    ),
    ("answers", _both(), "call", OK, ("25",)),
    ("fails", _answers(1, "", "Traceback …\nImportError: numpy\n"), "call", FAILS, ("ImportError: numpy", str(LOG))),
    ("says another number", _answers(0, '{"MAGIC_NUMBER": 24.0}'), "call", FAILS, ("24.0",)),
    ("says nothing", _answers(0, ""), "call", FAILS, ("nothing",)),
    ("no Python", _both(lambda w: w.pythons.clear()), "call", FAILS, ("valid Win32", "xlsales addin install")),
    ("not installed", _without(SETTINGS), "call", FAILS, ("no settings", "xlsales addin install")),
]


@pytest.mark.parametrize(
    ("damage", "name", "result", "words"),
    [case[1:] for case in CASES],
    ids=[f"{case[2]}: {case[0]}" for case in CASES],
)
def test_a_check_sees(
    installed: SimulatedWindows, damage: Damage, name: str, result: Result, words: tuple[str, ...]
) -> None:
    damage(installed)
    check = diagnosed(installed)[name]
    assert check.result is result, check
    assert [word for word in words if word not in f"{check.found} {check.remedy}"] == []


def test_every_check_that_can_fail_says_what_to_do(installed: SimulatedWindows) -> None:
    failing = []
    for _title, damage, *_rest in CASES:
        windows = working()
        list(install(windows, SHIPPED))
        damage(windows)
        failing += [check for check in examine(windows, SHIPPED) if check.result is FAILS]
    assert {check.name for check in failing} == set(diagnosed(installed)) - {"windows", "loaded once", "log", "web"}
    assert [check for check in failing if not check.remedy] == []


def test_before_installing_the_python_of_the_command_is_examined(windows: SimulatedWindows) -> None:
    checks = diagnosed(windows)
    assert checks["python"].result is OK
    assert {name for name, check in checks.items() if check.result is FAILS} == {"add-in", "settings", "call"}


def test_settings_that_name_a_python_by_its_short_name_agree_with_it(windows: SimulatedWindows) -> None:
    move(windows, VENV, PureWindowsPath("C:/Users/佐藤/.venv"))
    windows.short_names = {"佐藤": "4F2A~1"}
    list(install(windows, SHIPPED))
    short = PureWindowsPath("C:/Users/4F2A~1/.venv")
    # the drive knows its files by both names
    windows.files |= {windows.short(path): content for path, content in windows.files.items()}
    windows.pythons[short / "Scripts/python.exe"] = working_python(short)
    assert [check for check in examine(windows, SHIPPED) if check.result is not OK] == []


def test_the_folder_of_the_log_is_that_of_the_settings() -> None:
    assert (LOG.parent, SETTINGS.parent) == (OWN, OWN)
