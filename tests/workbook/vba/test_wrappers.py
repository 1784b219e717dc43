"""The VBA wrappers say what the declarations say, and what xlwings' own generator would."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.parity import excel
from xlsales.functions import CATALOGUE
from xlsales.functions.errors import ERROR_NUMBERS
from xlsales.functions.lint import LONGEST_TEXT
from xlsales.workbook.vba.wizard import GROUP_NUMBER
from xlsales.workbook.vba.wrappers import COMMAND, functions_module

SOURCES = Path(__file__).parents[3] / "udfs" / "vba"
FUNCTION = re.compile(r"^(?:Public )?Function (\w+)\((.*)\)$", re.MULTILINE)
WRAPPER = re.compile(
    r"^Public Function (?P<name>\w+)\(.*\)\n"
    r'Attribute (?P=name)\.VB_Description = "(?P<description>.*)"\n'
    r'Attribute (?P=name)\.VB_ProcData\.VB_Invoke_Func = " \\n(?P<group>\d+)"\n'
    r'    (?P=name) = Answer\("(?P=name)", (?P<passed>.*)\)\n'
    r"End Function$",
    re.MULTILINE,
)


def signatures(module: str) -> dict[str, list[str]]:
    """Each function's parameters, one by one."""
    return {name: parameters.split(", ") for name, parameters in FUNCTION.findall(module)}


@pytest.fixture(scope="module")
def wrappers() -> dict[str, re.Match[str]]:
    return {found["name"]: found for found in WRAPPER.finditer(functions_module())}


def test_the_module_in_the_repository_is_that_of_the_declarations() -> None:
    committed = (SOURCES / "Functions.bas").read_text(encoding="ascii")
    assert committed == functions_module(), f"run: {COMMAND}"


def in_vba(name: str) -> str:
    """An argument's name in our VBA, where no word may be both an argument and a function."""
    return f"{name}_value" if name.upper() in CATALOGUE else name


def test_signatures_are_those_that_xlwings_would_import_but_for_arguments_called_like_functions() -> None:
    imported, _options = excel.ask("imported")
    theirs = signatures(imported.replace(" _\n", ""))
    assert signatures(functions_module()) == {
        name: [re.sub(r"\w+(?=\(\)$|$)", lambda word: in_vba(word[0]), one) for one in parameters]
        for name, parameters in theirs.items()
    }


def test_no_argument_is_called_like_a_function_so_that_excel_shows_it_in_capital_letters() -> None:
    for name, parameters in signatures(functions_module()).items():
        words = {word for one in parameters for word in re.findall(r"\w+", one)}
        assert not {word for word in words if word.upper() in CATALOGUE}, name
    assert "close_ratio_value" in functions_module()


def test_every_function_has_a_wrapper(wrappers: dict[str, re.Match[str]]) -> None:
    assert list(wrappers) == list(CATALOGUE)


@pytest.mark.parametrize("name", CATALOGUE)
def test_wizard_shows_the_summary_in_our_category(wrappers: dict[str, re.Match[str]], name: str) -> None:
    description = wrappers[name]["description"]
    assert description.replace('""', '"') == CATALOGUE[name].summary
    assert '"' not in description.replace('""', "")  # VBA ends the text at a single one
    assert len(CATALOGUE[name].summary) <= LONGEST_TEXT
    assert int(wrappers[name]["group"]) == GROUP_NUMBER


@pytest.mark.parametrize("name", CATALOGUE)
def test_arguments_are_passed_in_order(wrappers: dict[str, re.Match[str]], name: str) -> None:
    names = [in_vba(argument.name) for argument in CATALOGUE[name].arguments]
    if CATALOGUE[name].is_variadic:
        assert wrappers[name]["passed"] == f"Joined(Array({', '.join(names[:-1])}), {names[-1]})"
    else:
        assert wrappers[name]["passed"] == f"Array({', '.join(names)})"


def test_vba_knows_every_error_that_python_answers() -> None:
    calls = (SOURCES / "Calls.bas").read_text(encoding="ascii")
    known = re.findall(r'Case "(.*)": ErrorNumber = (\d+)', calls)
    assert {code: int(number) for code, number in known} == ERROR_NUMBERS


@pytest.mark.parametrize("path", sorted(SOURCES.glob("*.bas")), ids=lambda path: path.name)
def test_sources_are_ascii_with_every_block_closed_and_every_declared_function_for_both_bitnesses(path: Path) -> None:
    source = path.read_text(encoding="ascii")
    assert source.startswith(f'Attribute VB_Name = "{path.stem}"\n')
    assert "\nOption Explicit\n" in source
    declared = re.findall(r"\bDeclare (\w+)", source)
    assert set(declared) <= {"PtrSafe"}
    for opening, closing in (
        ("#If", "#End If"),
        ("If .* Then$", "End If"),
        ("For ", "Next"),
        ("Select Case", "End Select"),
    ):
        opened = re.findall(rf"^ *{opening}", source, re.MULTILINE)
        closed = re.findall(rf"^ *{closing}", source, re.MULTILINE)
        assert len(opened) == len(closed), opening


def code_of(path: Path) -> str:
    """The source without comments and texts."""
    return re.sub(r"'.*", "", re.sub(r'"(?:[^"\n]|"")*"', '""', path.read_text(encoding="ascii")))


@pytest.mark.parametrize("path", sorted(SOURCES.glob("*.*")), ids=lambda path: path.name)
def test_no_macro_hides_errors_selects_cells_or_runs_by_itself(path: Path) -> None:
    code = code_of(path)
    assert "Option Explicit" in code
    assert not re.findall(r"\bResume Next\b|\.(?:Select|Activate)\b|\bOnTime\b|\bGoTo 0\b", code)
    assert not re.findall(r"\bSub (?:Workbook|Worksheet|Auto)_\w+", code)


def test_message_boxes_are_opened_in_one_place() -> None:
    assert [path.name for path in sorted(SOURCES.glob("*.*")) if "MsgBox" in code_of(path)] == ["Messages.bas"]


def test_excel_is_asked_for_nothing_on_a_mac() -> None:
    code = code_of(SOURCES / "Activation.bas")
    kept, inside = [], []
    for line in code.splitlines():
        if line.startswith("#If"):
            inside.append(line == "#If Mac Then")
        elif line == "#Else":
            inside[-1] = not inside[-1]
        elif line == "#End If":
            inside.pop()
        elif all(inside):
            kept.append(line)
    assert not inside
    assert "Details" in "\n".join(kept)
    assert not [line for line in kept if "Declare" in line or "Lib " in line or "Setting(" in line]


@pytest.mark.parametrize("name", ["Calls", "Connection", "Activation", "Messages", "Buttons"])
def test_only_the_functions_are_offered_in_cells(name: str) -> None:
    assert "\nOption Private Module\n" in (SOURCES / f"{name}.bas").read_text(encoding="ascii")
