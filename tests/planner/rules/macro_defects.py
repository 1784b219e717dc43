"""Defects to plant in a planner with macros, and what does not belong in one without."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.planner.rules import macros
from tests.planner.rules.planted import Added, Defect, Planted, Rebuilt, Removed
from xlsales.version import __version__
from xlsales.workbook.vba.project import Module, ModuleKind

WORKBOOK, TYPES, LINKS, RIBBON = "xl/workbook.xml", macros.TYPES, macros.ROOT, "customUI/customUI14.xml"
_HIDDEN = 'name="_IntelliSense_"'
_TOOLTIPS = "xl/worksheets/sheet18.xml"
_FIRST_HELP = '(<x14:argumentDescription index="0">)[^<]*'


def _without(*names: str) -> Rebuilt:
    return Rebuilt(
        macros.sources_of_the_project,
        f"no module {names[0]}",
        lambda modules: [module for module in modules if module.name not in names],
        f"module {names[0]}: missing",
    )


def _changed(modules: list[Module], name: str, old: str, new: str) -> list[Module]:
    return [
        replace(module, source=module.source.replace(old, new, 1)) if module.name == name else module
        for module in modules
    ]


DEFECTS_WITH_MACROS: tuple[Planted, ...] = (
    # The kind of the file
    Defect(
        macros.kind_of_file,
        "called a workbook without macros",
        TYPES,
        re.escape(macros.MACRO_ENABLED),
        macros.PLAIN,
        f"the file's kind is {macros.PLAIN}",
    ),
    Defect(
        macros.kind_of_file,
        "called an add-in",
        TYPES,
        r"sheet\.macroEnabled",
        "addin.macroEnabled",
        "the file's kind is application/vnd.ms-excel.addin.macroEnabled",
    ),
    Defect(
        macros.kind_of_file,
        "project of no type",
        TYPES,
        '<Default Extension="bin"[^>]*/>',
        "",
        f"{macros.PROJECT}: its content type is not said",
    ),
    Defect(
        macros.kind_of_file,
        "no way to the project",
        "xl/_rels/workbook.xml.rels",
        '<Relationship [^>]*vbaProject.bin"/>',
        "",
        f"{macros.PROJECT}: the workbook does not lead to it",
    ),
    Removed(macros.kind_of_file, "no ribbon", RIBBON, f"{LINKS}: leads to {RIBBON}, which is not there"),
    Removed(macros.kind_of_file, "no chart", "xl/charts/chart1.xml", "xl/charts/chart1.xml: not in the file"),
    # Code names
    Defect(macros.code_names, "workbook without", WORKBOOK, ' codeName="ThisWorkbook"', "", "workbook: no code name"),
    Defect(macros.code_names, "sheet without", "Team", ' codeName="[^"]*"', "", "Team: no code name"),
    Defect(macros.code_names, "one name twice", "Team", 'codeName="[^"]*"', 'codeName="Sheet1"', "Sheet1: two sheets"),
    Defect(macros.code_names, "unknown name", "Team", 'codeName="[^"]*"', 'codeName="Team"', "the code names ["),
    Rebuilt(
        macros.code_names,
        "no module for a sheet",
        lambda modules: [module for module in modules if module.name != "Sheet9"],
        "project: its document modules are",
    ),
    Rebuilt(
        macros.code_names,
        "module that is no sheet's",
        lambda modules: [*modules, Module("Sheet99", "", ModuleKind.DOCUMENT_SHEET)],
        "project: its document modules are",
    ),
    # Sources
    _without("Functions"),
    _without("Connection"),
    Rebuilt(
        macros.sources_of_the_project,
        "module of another",
        lambda modules: [*modules, Module("Surprise", "' here\n", ModuleKind.STANDARD)],
        "module Surprise: unknown",
    ),
    Rebuilt(
        macros.sources_of_the_project,
        "something runs by itself",
        lambda modules: _changed(modules, "ThisWorkbook", "", "Private Sub Workbook_Open()\nEnd Sub\n"),
        "module ThisWorkbook: another source",
    ),
    Rebuilt(
        macros.sources_of_the_project,
        "another version",
        lambda modules: [replace(one, source=one.source.replace(f'"{__version__}"', '"9.9"')) for one in modules],
        ": another source",
    ),
    # Words
    Rebuilt(
        macros.words_of_the_project,
        "argument called like a function",
        lambda modules: _changed(modules, "Functions", "(won, ", "(close_ratio, "),
        "with “close_ratio”, Excel shows the function CLOSE_RATIO as =close_ratio(…)",
    ),
    Rebuilt(
        macros.words_of_the_project,
        "local variable called like a function",
        lambda modules: _changed(modules, "Calls", "Dim place As", "Dim Magic_Number As Long, place As"),
        "module Calls: with “Magic_Number”, Excel shows the function MAGIC_NUMBER",
    ),
    Rebuilt(
        macros.words_of_the_project,
        "word with two casings",
        lambda modules: _changed(modules, "Calls", "Dim place As", "Dim LOADLIBRARYW As Long, place As"),
        "module Calls: “LOADLIBRARYW” is “LoadLibraryW” in module Activation",
    ),
    Rebuilt(
        macros.words_of_the_project,
        "project called like a function",
        lambda modules: modules,
        "“MAGIC_NUMBER” is a function's name",
        project="MAGIC_NUMBER",
    ),
    # Help
    Defect(macros.function_help, "no category", WORKBOOK, "<functionGroup name=[^>]*>", "", "not in the category"),
    Defect(
        macros.function_help,
        "another category",
        WORKBOOK,
        'functionGroup name="[^"]*"',
        'functionGroup name="X"',
        "CLOSE_RATIO: not in the category Sales planning",
    ),
    Defect(
        macros.function_help, "wrong count", WORKBOOK, 'Count="19"', 'Count="16"', "CLOSE_RATIO: not in the category"
    ),
    Defect(
        macros.function_help,
        "unknown function",
        WORKBOOK,
        'definedName name="CLOSE_RATIO"><x14',
        'definedName name="CLOSED"><x14',
        "CLOSED: no such function",
    ),
    Defect(
        macros.function_help,
        "argument without help",
        WORKBOOK,
        "<x14:argumentDescription .*?</x14:argumentDescription>",
        "",
        "BREAKEVEN_REVENUE: 3 arguments are described, of 4",
    ),
    Defect(
        macros.function_help,
        "help of another",
        WORKBOOK,
        _FIRST_HELP,
        r"\1Hours.",
        "BREAKEVEN_REVENUE: revenue is described as 'Hours.'",
    ),
    Defect(
        macros.function_help,
        "long help",
        WORKBOOK,
        f"{_FIRST_HELP}<",
        rf"\g<1>Revenue at full price, 0 or more.{'x' * 255}<",
        "BREAKEVEN_REVENUE: revenue is described in 288 characters",
    ),
    Rebuilt(
        macros.function_help,
        "function not described",
        lambda modules: _changed(modules, "Functions", "VB_Description = ", "VB_HelpID = "),
        "BREAKEVEN_REVENUE: not described",
    ),
    Rebuilt(
        macros.function_help,
        "function in Excel's category",
        lambda modules: _changed(modules, "Functions", r'" \n20"', r'" \n14"'),
        "BREAKEVEN_REVENUE: not in the category",
    ),
    # Tooltips
    Defect(macros.tooltips, "shown", WORKBOOK, f'{_HIDDEN}([^>]*) state="veryHidden"', rf"{_HIDDEN}\1", "visible"),
    Defect(macros.tooltips, "can be shown", WORKBOOK, 'state="veryHidden"', 'state="hidden"', "_IntelliSense_: hidden"),
    Defect(macros.tooltips, "another name", WORKBOOK, _HIDDEN, 'name="Help"', "_IntelliSense_: not the last sheet"),
    Defect(macros.tooltips, "no heading", _TOOLTIPS, '<row r="1" .*?</row>', "", "_IntelliSense_: no heading"),
    Defect(macros.tooltips, "a function less", _TOOLTIPS, '<row r="2" .*?</row>', "", "BREAKEVEN_REVENUE is not told"),
    Defect(
        macros.tooltips, "an argument less", _TOOLTIPS, '<c r="F3".*?</c>', "", "BREAKEVEN_UPLIFT is not told of, or"
    ),
    Defect(
        macros.tooltips, "a formula", _TOOLTIPS, '<c r="B1">', '<c r="B1"><f>0+1</f>', "_IntelliSense_!B1: a formula"
    ),
    # Buttons
    Defect(macros.buttons, "no link", LINKS, '<Relationship [^>]*customUI14.xml"/>', "", f"{RIBBON}: no link leads"),
    Defect(macros.buttons, "no label", RIBBON, ' label="Refresh"', "", "button xlsalesRefresh: no label"),
    Defect(
        macros.buttons,
        "no such macro",
        RIBBON,
        "XlsalesPlannerAbout",
        "XlsalesPlannerHelp",
        "button xlsalesAbout: no macro XlsalesPlanner.XlsalesPlannerHelp",
    ),
    Defect(
        macros.buttons,
        "macro of the add-in",
        RIBBON,
        "XlsalesPlanner.XlsalesPlannerRefresh",
        "XlsalesAddin.XlsalesAddinRefresh",
        "button xlsalesRefresh: no macro XlsalesAddin.",
    ),
    Defect(
        macros.buttons,
        "macro that another workbook may have",
        RIBBON,
        "XlsalesPlanner.XlsalesPlannerRefresh",
        "Refresh",
        "button xlsalesRefresh: no macro Refresh",
    ),
    Rebuilt(
        macros.buttons,
        "macros in another module",
        lambda modules: [replace(one, name="Ribbon") if one.name == "XlsalesPlanner" else one for one in modules],
        "button xlsalesRefresh: no macro XlsalesPlanner.",
    ),
    Rebuilt(
        macros.buttons,
        "macro that no button can run",
        lambda modules: _changed(
            modules, "XlsalesPlanner", "Public Sub XlsalesPlannerAbout", "Private Sub XlsalesPlannerAbout"
        ),
        "button xlsalesAbout: no macro",
    ),
)

DEFECTS_WITHOUT_MACROS: tuple[Planted, ...] = (
    Defect(
        macros.kind_of_file, "called macro-enabled", TYPES, re.escape(macros.PLAIN), macros.MACRO_ENABLED, "kind is"
    ),
    Added(macros.kind_of_file, "part of no type", {"xl/notes.txt": "x"}, "xl/notes.txt: its content type is not said"),
    Defect(
        macros.code_names, "code name", "Team", "<sheetPr", '<sheetPr codeName="Sheet9"', "Team: a code name, but no"
    ),
    Defect(
        macros.function_help,
        "category",
        WORKBOOK,
        "</sheets>",
        '</sheets><functionGroups><functionGroup name="x"/></functionGroups>',
        "help for functions, but no project",
    ),
    Defect(macros.tooltips, "tooltips", WORKBOOK, 'name="Lists"', _HIDDEN, "_IntelliSense_: but no project"),
    Added(macros.buttons, "ribbon", {RIBBON: "<customUI/>"}, f"{RIBBON}: no link leads to it"),
    Defect(
        macros.buttons,
        "link to a ribbon",
        LINKS,
        "</Relationships>",
        f'<Relationship Id="x" Type="{macros.RIBBON}" Target="{RIBBON}"/></Relationships>',
        f"{RIBBON}: buttons, but no project",
    ),
)
