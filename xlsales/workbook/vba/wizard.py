"""What Excel's function wizard shows of the functions, and what Excel-DNA's tooltips read from a hidden sheet.

A function's description and the number of its category stand in its module; the category's name and the help of
the arguments stand in the workbook part.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from xlsales.functions import CATALOGUE, SalesFunction
from xlsales.functions.arguments import Argument
from xlsales.functions.lint import LONGEST_TEXT
from xlsales.functions.reference import argument_line
from xlsales.functions.registry import CATEGORY
from xlsales.texts import _
from xlsales.workbook import extensions
from xlsales.workbook.parts import MAIN, parse, serialised

# Excel 2013 and later count 19 categories of their own, hidden ones included; those of a workbook follow. As Excel
# itself saves it: the first one's functions have VB_Invoke_Func = " \n20" ([MS-XLS] 2.4.30 for the files of old).
BUILT_IN_GROUPS = 19
GROUP_NUMBER = BUILT_IN_GROUPS + 1
INTELLISENSE = "_IntelliSense_"  # the sheet that https://github.com/Excel-DNA/IntelliSense looks for

_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_ARGUMENT_HELP = "{8193D73E-4604-4355-AFF4-8A2333D13BE4}"


def with_help(workbook: bytes) -> bytes:
    """Return the part `xl/workbook.xml` with the functions' category and the help of their arguments."""
    root = parse(workbook)
    groups = etree.Element(f"{{{MAIN}}}functionGroups", builtInGroupCount=str(BUILT_IN_GROUPS))
    etree.SubElement(groups, f"{{{MAIN}}}functionGroup", name=CATEGORY)
    extensions.put_function_groups(root, groups)
    extension = etree.Element(f"{{{MAIN}}}ext", uri=_ARGUMENT_HELP, nsmap={"x14": _X14})
    names = etree.SubElement(extension, f"{{{_X14}}}definedNames")
    for function in CATALOGUE.values():
        name = etree.SubElement(names, f"{{{_X14}}}definedName", name=function.name)
        texts = [argument_help(argument) for argument in function.arguments]
        described = etree.SubElement(name, f"{{{_X14}}}argumentDescriptions", count=str(len(texts)))
        for index, text in enumerate(texts):
            etree.SubElement(described, f"{{{_X14}}}argumentDescription", index=str(index)).text = text
    extensions.put_extensions(root, [extension])
    return serialised(root)


def argument_help(argument: Argument) -> str:
    """Return what an argument is, with its unit, its words or its default where the wizard has room for them."""
    text = _(argument.help)
    more = f"{text} ({argument_line(argument)})"
    return more if len(more) <= LONGEST_TEXT else text


def intellisense_rows() -> Iterator[list[str | int]]:
    """Yield the rows of the hidden sheet: the heading, then name, description, no link, arguments of each function."""
    yield ["FunctionInfo", 1]
    for function in CATALOGUE.values():
        pairs = [cell for pair in _described(function) for cell in pair]
        yield [function.name, _(function.summary), "", *pairs]


def _described(function: SalesFunction) -> Iterator[tuple[str, str]]:
    for argument in function.arguments:
        text = argument_help(argument)
        if argument.variadic:  # these two names make Excel-DNA count on: [argument1], [argument2], …
            yield from ((f"{argument.name}1", text), ("...", text))
        else:
            yield (argument.name if argument.required else f"[{argument.name}]"), text
