"""Rules of the texts that cells hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlsales.texts import N_
from xlsales.workbook.lint.book import Book, Element, elements, local, units
from xlsales.workbook.lint.rules import Fault, Group

LONGEST_TEXT = 32_767
MOST_LINES = 253
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_EDGES = (" ", "\t", "\n", "\r")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
# What XML cannot carry, and what a reader of XML would change.
_ESCAPED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

rule = Group("characters")
SPACES = rule(
    "spaces-not-preserved",
    N_('Excel cuts the spaces at the ends of a text without xml:space="preserve".'),
    N_('Write <t xml:space="preserve"> where a text begins or ends with a space or a line feed.'),
    "XML 1.0, 2.10; seen so in every file that Excel saved",
)
TOO_LONG = rule(
    "text-too-long",
    N_("Excel offers to repair a cell of more than 32,767 characters and cuts it."),
    N_("Shorten the text, or divide it between cells."),
    "Microsoft, Excel specifications and limits",
)
LINES = rule(
    "too-many-lines",
    N_("Excel has no more than 253 line feeds in a cell; what follows is not shown."),
    N_("Divide the text between cells."),
    "Microsoft, Excel specifications and limits",
)
ESCAPE = rule(
    "literal-escape",
    N_("Excel reads _xHHHH_ in a text as one character, so that _x0041_ is shown as A."),
    N_("Write the underscore of a literal _xHHHH_ as _x005F_."),
    "ECMA-376-1 part 1, 22.9.2.19 (ST_Xstring)",
)


def text_faults(part: str, text: str, cell: str = "") -> Iterator[Fault]:
    """A stored text is no longer than Excel's, and escapes only what it must."""
    length = len(text)
    if length > MOST_LINES:
        if length > LONGEST_TEXT // 2 and units(unescaped(text)) > LONGEST_TEXT:
            yield TOO_LONG.at(part, units(unescaped(text)), cell)
        if text.count("\n") > MOST_LINES:
            yield LINES.at(part, text.count("\n"), cell)
    if "_x" in text:
        for found in _ESCAPE.finditer(text):
            char = chr(int(found[1], 16))
            if char != "_" and not _ESCAPED.match(char):
                yield ESCAPE.at(part, found[0], cell)


def unescaped(text: str) -> str:
    """Return a text with _xHHHH_ read as Excel reads it."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def space_faults(part: str, element: Element, cell: str = "") -> Iterator[Fault]:
    """Spaces at the ends of a text are asked to be kept."""
    text = element.text
    if text and (text[0] in _EDGES or text[-1] in _EDGES) and not _preserved(element):
        yield SPACES.at(part, repr(text), cell)


def _preserved(element: Element | None) -> bool:
    while element is not None:
        said = element.get(_SPACE)
        if said is not None:
            return bool(said == "preserve")
        element = element.getparent()
    return False


def item_faults(part: str, item: Element, cell: str = "") -> Iterator[Fault]:
    """The texts of a string item."""
    pieces = []
    for one in elements(item):
        runs = [one] if local(one) == "t" else [run for run in elements(one) if local(run) == "t"]
        if local(one) in ("t", "r"):
            for run in runs:
                pieces.append(run.text or "")
                yield from space_faults(part, run, cell)
    yield from text_faults(part, "".join(pieces), cell)


def shared_strings(book: Book) -> Iterator[Fault]:
    """The shared strings, one by one."""
    part = book.target(book.workbook, "sharedStrings") or ""
    for item in book.strings:
        yield from item_faults(part, item)
