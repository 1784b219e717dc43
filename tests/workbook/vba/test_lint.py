"""What VBA would change in silence in the words of a project."""

from __future__ import annotations

import pytest

from xlsales.errors import XlsalesError
from xlsales.functions import CATALOGUE
from xlsales.workbook.vba import attach
from xlsales.workbook.vba.lint import problems, words
from xlsales.workbook.vba.project import Module, ModuleKind
from xlsales.workbook.vba.sources import ADDIN, PLANNER, modules

FUNCTION = "Public Function CLOSE_RATIO(won)\nEnd Function\n"


def module(source: str, name: str = "Other") -> Module:
    return Module(name, source, ModuleKind.STANDARD)


@pytest.mark.parametrize(
    "source",
    [
        "Sub One(close_ratio)\nEnd Sub\n",
        "Sub One(ByVal Close_Ratio As Double)\nEnd Sub\n",
        "Sub One()\n    Dim close_ratio As Long\nEnd Sub\n",
        "Sub One()\nclose_ratio:\nEnd Sub\n",
        "Private Const close_ratio As Long = 1\n",
        "Private Type Deal\n    close_ratio As Double\nEnd Type\n",
        "Private Enum Kind\n    close_ratio\nEnd Enum\n",
        "Sub One(deal)\n    deal.close_ratio = 1\nEnd Sub\n",
        "Sub One(won, _\n    close_ratio)\nEnd Sub\n",
        "Sub close_ratio()\nEnd Sub\n",
        'Sub One()\n    x = "it\'s": close_ratio = 1\nEnd Sub\n',
        "Sub One()\n    x = #1/2/2026#: close_ratio = &H1F\nEnd Sub\n",
        "#If close_ratio Then\n#End If\n",
        "Private Enum Kind\n    [close_ratio]\nEnd Enum\n",
        "Sub One(sheet)\n    sheet!close_ratio = 1#: b# = 2\nEnd Sub\n",
        "Sub One()\n    Remember = close_ratio\nEnd Sub\n",
        "Sub One()\n    Print #1, close_ratio: Close #1\nEnd Sub\n",
    ],
)
def test_a_word_written_like_a_function_is_told(source: str) -> None:
    [told] = problems("project", [module(FUNCTION, "Functions"), module(source)], ["CLOSE_RATIO"])
    assert told.startswith("module Other: with “")
    assert told.endswith("in cells; rename it.")
    assert "Excel shows the function CLOSE_RATIO as =" in told


@pytest.mark.parametrize(
    "source",
    [
        "' the close_ratio\n",
        "Rem the close_ratio\n",
        "Sub One(): Rem close_ratio\nEnd Sub\n",
        "' the _\nclose_ratio\n",
        'Sub One()\n    x = "the close_ratio, ""close_ratio"""\nEnd Sub\n',
        "Sub One()\n    close_ratios = close_ratio_ & CLOSE_RATIO(1)\nEnd Sub\n",
    ],
)
def test_what_is_no_word_of_the_project_is_not(source: str) -> None:
    assert problems("project", [module(FUNCTION, "Functions"), module(source)], ["CLOSE_RATIO"]) == []


def test_a_word_with_two_casings_is_told_with_both_places() -> None:
    first = module('Declare PtrSafe Function LoadLibraryW Lib "kernel32" ()\n', "Windows")
    second = module("Sub One(loadlibraryw)\n    loadlibraryw = 1\nEnd Sub\n")
    assert problems("project", [first, second], []) == [
        "module Other: “loadlibraryw” is “LoadLibraryW” in module Windows; VBA keeps one casing for a word. "
        "Write both alike."
    ]


def test_names_of_modules_and_of_the_project_are_words_too() -> None:
    told = problems("close_ratio", [module("Sub One(calls)\nEnd Sub\n", "Calls")], ["CLOSE_RATIO"])
    assert [one.split(":")[0] for one in told] == [
        "project",
        "module Calls",
        "“close_ratio” is a function's name; cells could not call it in a project or module called so.",
    ]
    assert problems("project", [module("", "CLOSE_RATIO")], ["CLOSE_RATIO"])


def test_words_are_those_of_code() -> None:
    source = 'Attribute VB_Name = "x"\nIf a = 1.5E3 & .5 & &HFF& Then [b] = "c" \' d\n'
    assert list(words(source)) == ["Attribute", "VB_Name", "If", "a", "Then", "b"]


@pytest.mark.parametrize("buttons", [PLANNER, ADDIN])
def test_our_projects_have_no_problems(buttons: str) -> None:
    assert problems("xlsales_project", modules(["Sheet1", "Sheet2"], buttons), CATALOGUE) == []


def test_nothing_is_built_of_a_project_that_has_some(monkeypatch: pytest.MonkeyPatch) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook()
    monkeypatch.setattr(attach, "modules", lambda _code_names, _buttons: [module("Sub One(close_ratio)\nEnd Sub\n")])
    with pytest.raises(
        XlsalesError, match="The VBA project cannot be shown to Excel: module Other: with “close_ratio”"
    ):
        attach.add_project(book, "project", PLANNER)
