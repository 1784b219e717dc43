"""Rules of the document's properties."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from xlsales.texts import N_
from xlsales.workbook.lint.book import Book, elements, local, whole
from xlsales.workbook.lint.rules import Fault, Group

rule = Group("document properties")
CORE = rule(
    "core-properties",
    N_("Excel calls a workbook corrupt whose core properties have one twice, or a time that is none."),
    N_('Write each property once, times as 2027-01-31T12:00:00Z with xsi:type="dcterms:W3CDTF".'),
    "ECMA-376-2, core properties (each once; W3CDTF)",
)
CUSTOM = rule(
    "custom-properties",
    N_("Excel offers to repair custom properties that share a name or a number, or have one below 2."),
    N_("Number them from 2 and give each a name of its own."),
    "ECMA-376-1 part 1, 22.3.2.2",
)
_TIME = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?")


def properties(book: Book) -> Iterator[Fault]:
    """Core and custom properties."""
    core = book.target("", "core-properties")
    if core:
        found = list(elements(book.root(core)))
        for name, count in Counter(local(one) for one in found).items():
            if count > 1:
                yield CORE.at(core, name)
        for one in found:
            if local(one) in ("created", "modified") and not _TIME.fullmatch((one.text or "").strip()):
                yield CORE.at(core, f"{local(one)} {one.text}")
    custom = book.target("", "custom-properties")
    if custom:
        numbers: set[str] = set()
        names: set[str] = set()
        for one in elements(book.root(custom)):
            number, name = one.get("pid", ""), one.get("name", "").casefold()
            if number in numbers or (whole(number) or 0) < 2 or name in names:
                yield CUSTOM.at(custom, f"{number}: {one.get('name')}")
            numbers.add(number)
            names.add(name)
