"""The planner with macros: the file's kind, the VBA project, the help in Excel's function wizard, and the buttons.

The planner without macros has nothing of it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lxml import etree

from tests.planner.rules.opened import TOOLTIPS, Element, Opened
from tests.workbook.vba.olevba import modules_in, streams_in
from xlsales.functions import CATALOGUE
from xlsales.functions.arguments import Argument
from xlsales.functions.registry import CATEGORY
from xlsales.workbook.vba import lint
from xlsales.workbook.vba.project import Module, ModuleKind
from xlsales.workbook.vba.sources import ADDIN, PLANNER, modules

PROJECT, TYPES, ROOT = "xl/vbaProject.bin", "[Content_Types].xml", "_rels/.rels"
ADD_IN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
MACRO_ENABLED = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
RIBBON = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
LONGEST_HELP = 255  # characters


def has_macros(planner: Opened) -> bool:
    """Whether the planner has a VBA project."""
    return PROJECT in planner.parts


def kind_of_file(planner: Opened) -> list[str]:
    """The file is macro-enabled exactly where it has a project; every part has a type, and every link an end."""
    types = etree.fromstring(planner.parts[TYPES])
    listed = {child.get("PartName", "").lstrip("/"): child.get("ContentType") for child in types}
    defaults = {child.get("Extension"): child.get("ContentType") for child in types}
    wanted = MACRO_ENABLED if has_macros(planner) else PLAIN
    told = [] if listed.get("xl/workbook.xml") == wanted else [f"the file's kind is {listed.get('xl/workbook.xml')}"]
    untyped = (part for part in planner.parts if part not in listed and part.rpartition(".")[2] not in defaults)
    told += [f"{part}: its content type is not said" for part in untyped if part != TYPES]
    told += [f"{part}: not in the file, but its content type is said" for part in listed.keys() - {*planner.parts, ""}]
    for part, link, target in _links(planner):
        if link.get("TargetMode") != "External" and target not in planner.parts:
            told.append(f"{part}: leads to {target}, which is not there")
    kinds = {target: link.get("Type") for _part, link, target in _links(planner)}
    if has_macros(planner) and not kinds.get(PROJECT, "").endswith("/vbaProject"):
        told.append(f"{PROJECT}: the workbook does not lead to it")
    return told


def _links(planner: Opened) -> Iterator[tuple[str, Element, str]]:
    for part, content in planner.parts.items():
        if part.endswith(".rels"):
            folder = posixpath.dirname(posixpath.dirname(part))
            for link in etree.fromstring(content):
                yield part, link, posixpath.normpath(posixpath.join("/", folder, link.get("Target"))).lstrip("/")


def code_names(planner: Opened) -> list[str]:
    """The workbook and its sheets are called as the document modules of the project are, in the same order."""
    names = [("workbook", planner.book.find("{*}workbookPr").get("codeName"))]
    for sheet in planner.tabs:
        properties = sheet.find("sheetPr")
        names.append((sheet.name, None if properties is None else properties.get("codeName")))
    if not has_macros(planner):
        return [f"{place}: a code name, but no project" for place, name in names if name]
    told = [f"{place}: no code name" for place, name in names if not name]
    given = [name for _place, name in names if name]
    told += [f"{name}: two sheets have this code name" for name in sorted({n for n in given if given.count(n) > 1})]
    documents = [name for kind, name in _listed(planner) if kind == "Document"]
    if documents != given:
        told.append(f"project: its document modules are {documents}, the code names {given}")
    return told


def _listed(planner: Opened) -> list[tuple[str, str]]:
    """The modules that the project lists, each with its kind; last the project's own name."""
    listed = streams_in(planner.parts[PROJECT])["PROJECT"].decode("ascii")
    return re.findall(r"^(Document|Module|Class|Name)=\"?(\w+)", listed, re.MULTILINE)


def sources_of_the_project(planner: Opened) -> list[str]:
    """The project holds the sources of this version, unchanged."""
    if not has_macros(planner):
        return []
    names = [name for kind, name in _listed(planner) if kind == "Document"][1:]
    wanted = {module.name: module.text for module in modules(names, _buttons_of(planner))}
    found = modules_in(planner.parts[PROJECT])
    told = [f"module {name}: missing" for name in wanted.keys() - found.keys()]
    told += [f"module {name}: unknown" for name in found.keys() - wanted.keys()]
    return [
        *told,
        *(f"module {name}: another source" for name in wanted if found.get(name, "") not in ("", wanted[name])),
    ]


def _buttons_of(planner: Opened) -> str:
    """The module with the macros of this kind of file's buttons."""
    return ADDIN if ADD_IN.encode() in planner.parts[TYPES] else PLANNER


def words_of_the_project(planner: Opened) -> list[str]:
    """No word in the project has two casings, and none but a function is called like one: Excel would show it so."""
    if not has_macros(planner):
        return []
    project = next(name for kind, name in _listed(planner) if kind == "Name")
    found = modules_in(planner.parts[PROJECT]).items()
    return lint.problems(project, [Module(name, text, ModuleKind.STANDARD) for name, text in found], CATALOGUE)


def function_help(planner: Opened) -> list[str]:
    """Excel's function wizard shows the category, the description and every argument of each function."""
    groups = [group.get("name") for group in planner.book.iter("{*}functionGroup")]
    described = {
        name.get("name"): [(text.get("index"), text.text or "") for text in name.iter("{*}argumentDescription")]
        for name in planner.book.iter("{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}definedName")
    }
    if not has_macros(planner):
        return ["help for functions, but no project"] * bool(groups or described)
    told = [f"{name}: no such function" for name in described.keys() - CATALOGUE.keys()]
    source = "".join(modules_in(planner.parts[PROJECT]).values())
    for name, function in CATALOGUE.items():
        told += [f"{name}: {problem}" for problem in _wrongly_described(described.get(name, []), function.arguments)]
        number = re.search(rf'Attribute {name}\.VB_ProcData\.VB_Invoke_Func = " \\n(\d+)"', source)
        if number is None or _category(planner, int(number[1]), groups) != CATEGORY:
            told.append(f"{name}: not in the category {CATEGORY}")
        if f'Attribute {name}.VB_Description = "{function.summary.replace(chr(34), chr(34) * 2)}"' not in source:
            told.append(f"{name}: not described")
    return told


def _category(planner: Opened, number: int, groups: list[str]) -> str:
    """The name of a workbook's own category: their numbers follow those of the built-in ones."""
    built_in = int(planner.book.find("{*}functionGroups").get("builtInGroupCount")) if groups else 0
    return groups[number - built_in - 1] if 0 < number - built_in <= len(groups) else ""


def _wrongly_described(texts: list[tuple[str, str]], arguments: tuple[Argument, ...]) -> Iterator[str]:
    if [index for index, _text in texts] != [str(index) for index in range(len(arguments))]:
        yield f"{len(texts)} arguments are described, of {len(arguments)}"
    for argument, (_index, text) in zip(arguments, texts, strict=False):
        if not text.startswith(argument.help):
            yield f"{argument.name} is described as {text!r}"
        if len(text) > LONGEST_HELP:
            yield f"{argument.name} is described in {len(text)} characters"


def tooltips(planner: Opened) -> list[str]:
    """A sheet that cannot be unhidden by accident, the last one, tells Excel-DNA's tooltips of every function."""
    if not has_macros(planner):
        return [f"{TOOLTIPS}: but no project" for sheet in planner.tabs if sheet.name == TOOLTIPS]
    sheet = planner.tabs[-1]
    if sheet.name != TOOLTIPS:
        return [f"{TOOLTIPS}: not the last sheet"]
    told = [] if sheet.state == "veryHidden" else [f"{TOOLTIPS}: {sheet.state}"]
    rows: dict[int, dict[int, str | None]] = {}
    for (row, column), cell in sheet.cells.items():
        rows.setdefault(row, {})[column] = cell.stored
        told += [f"{TOOLTIPS}!{cell.address}: a formula"] * (cell.formula is not None)
    if rows.pop(1, None) != {1: "FunctionInfo", 2: "1"}:
        told.append(f"{TOOLTIPS}: no heading")
    named = {cells.get(1): cells for cells in rows.values()}
    for name, function in CATALOGUE.items():
        cells = named.get(name, {})
        names = [(cells.get(column) or "").strip("[]") for column in range(4, max(cells, default=3) + 1, 2)]
        wanted = [f"{a.name}{'1' if a.variadic else ''}" for a in function.arguments] + ["..."] * function.is_variadic
        if cells.get(2) != function.summary or names != wanted:
            told.append(f"{TOOLTIPS}: {name} is not told of, or otherwise")
    return told


def buttons(planner: Opened) -> list[str]:
    """Each button that the file adds to the ribbon has a label and runs a macro that only this kind of file has."""
    links = [(target, link.get("Type")) for part, link, target in _links(planner) if part == ROOT]
    ribbons = [target for target, kind in links if kind == RIBBON]
    told = [
        f"{part}: no link leads to it" for part in planner.parts if part.startswith("customUI/") and part not in ribbons
    ]
    if not has_macros(planner):
        return [*told, *(f"{part}: buttons, but no project" for part in ribbons)]
    if not ribbons:
        return [*told, "no buttons"]
    found = list(etree.fromstring(planner.parts[ribbons[0]]).iter("{*}button"))
    told += [f"button {button.get('id')}: no label" for button in found if not button.get("label")]
    module = _buttons_of(planner)
    source = modules_in(planner.parts[PROJECT]).get(module, "")
    for button in found:
        macro = button.get("onAction").removeprefix(f"{module}.")
        if not macro.startswith(module) or f"Public Sub {macro}(control As Object)" not in source:
            told.append(f"button {button.get('id')}: no macro {button.get('onAction')}")
    return told
