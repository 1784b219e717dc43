"""A workbook taken apart for the rules: its parts, what leads from one to another, its sheets, names and tables."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from lxml import etree

from xlsales.texts import _
from xlsales.workbook.lint.archive import Member, Unreadable, resolved
from xlsales.workbook.lint.places import Area, area

Element: TypeAlias = Any  # lxml has no types of its own

ANY = 1 << 40
MOST_TAGS = 12_000_000  # of a part that is read at once; the rows of a sheet are read one by one
CONTENT_TYPES = "[Content_Types].xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_RELATED = re.compile(
    rf"\{{(?:{re.escape(_OFFICE)}|{re.escape(_STRICT_OFFICE)})\}}(?:id|embed|link|pict|dm|lo|qs|cs|href)\Z"
)
_PROLOG = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DECLARED = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"']")
_LONG_TAG = re.compile(rb"<[^<>!?]{4096,}")
_MOST_ATTRIBUTES = 300
# Excel writes line breaks into VML as HTML has them.
_VML_BREAK = re.compile(rb"<br\s*>")


class Link(NamedTuple):
    """A relationship of a part."""

    id: str
    kind: str  # the last piece of its type
    target: str  # the part, or the address outside
    external: bool
    written: str  # the target as the relationship has it


class SheetEntry(NamedTuple):
    """A sheet as the workbook part lists it."""

    name: str
    sheet_id: str
    state: str
    part: str | None
    kind: str  # "worksheet", "chartsheet", …

    @property
    def is_grid(self) -> bool:
        """Whether it has cells."""
        return self.part is not None and self.kind in ("worksheet", "xlMacrosheet", "dialogsheet")


class Table(NamedTuple):
    """A table's part."""

    part: str
    sheet: str
    sheet_part: str
    root: Element
    name: str
    area: Area | None
    headers: int
    totals: int
    columns: tuple[str, ...]


class NotXml(NamedTuple):
    """Why a part is no XML that Excel reads."""

    kind: str  # "malformed", "dtd" or "encoding"
    detail: str
    line: int


class Book:
    """The parts of one workbook."""

    def __init__(self, name: str, members: Iterable[Member]) -> None:
        self.name = name
        self.parts: dict[str, bytes] = {}
        for member in members:
            self.parts.setdefault(member.name, member.content)
        self._roots: dict[str, Element | None] = {}
        self.broken: dict[str, NotXml] = {}

    def root(self, part: str) -> Element | None:
        """Return a part's root element; None where there is none to read, and `broken` says why."""
        if part not in self._roots:
            content = self.parts.get(part)
            self._roots[part] = None if content is None else self._parsed(part, content)
        return self._roots[part]

    def keep(self, part: str, root: Element | None) -> None:
        """Keep a part's root that was read elsewhere, such as a sheet's without its rows."""
        self._roots[part] = root

    def xml(self, part: str) -> bytes | None:
        """Return a part's XML with no DTD in it, to be parsed; None where it is none."""
        content = self.parts[part]
        problem, content = _checked(content)
        if problem:
            self.broken[part] = problem
            return None
        return content

    def _parsed(self, part: str, content: bytes) -> Element | None:
        xml = self.xml(part)
        if xml is None:
            return None
        if xml.count(b"<") > MOST_TAGS:
            raise Unreadable(_("{part} has more than {most:,} elements.").format(part=part, most=MOST_TAGS // 2))
        if part.casefold().endswith(".vml"):
            xml = _VML_BREAK.sub(b"<br/>", xml)
        try:
            return etree.fromstring(xml, parser())
        except etree.XMLSyntaxError as error:
            self.broken[part] = NotXml("malformed", error.msg or "", error.lineno or 0)
            return None

    @cached_property
    def types(self) -> tuple[dict[str, str], dict[str, str]]:
        """The content types: by extension, and by part, both in lower case."""
        root = self.root(CONTENT_TYPES)
        defaults, overrides = {}, {}
        for child in elements(root):
            if local(child) == "Default":
                defaults[child.get("Extension", "").casefold()] = child.get("ContentType", "")
            elif local(child) == "Override":
                overrides[child.get("PartName", "").lstrip("/").casefold()] = child.get("ContentType", "")
        return defaults, overrides

    def content_type(self, part: str) -> str | None:
        """Return a part's content type."""
        defaults, overrides = self.types
        key = part.casefold()
        return overrides.get(key, defaults.get(key.rpartition(".")[2]))

    def links(self, part: str) -> list[Link]:
        """Return a part's relationships; "" is the package."""
        if part not in self._links:
            self._links[part] = list(self._read_links(part))
        return self._links[part]

    @cached_property
    def _links(self) -> dict[str, list[Link]]:
        return {}

    @cached_property
    def spelled(self) -> dict[str, str]:
        """The parts' names by themselves in lower case."""
        return {name.casefold(): name for name in self.parts}

    def _read_links(self, part: str) -> Iterator[Link]:
        folder = posixpath.dirname(part)
        holder = self.spelled.get(relationships_of(part).casefold(), "")
        for link in elements(self.root(holder)):
            target, external = link.get("Target", ""), link.get("TargetMode") == "External"
            if not external:
                target = resolved(folder, target.partition("#")[0]) if target.partition("#")[0] else part
                target = target if target in self.parts else self.spelled.get(target.casefold(), target)
            kind = link.get("Type", "")
            yield Link(link.get("Id", ""), kind.rpartition("/")[2], target, external, link.get("Target", ""))

    def target(self, part: str, kind: str) -> str | None:
        """Return the part that the first relationship of a kind leads to."""
        return next((link.target for link in self.links(part) if link.kind == kind and not link.external), None)

    @cached_property
    def workbook(self) -> str:
        """The name of the workbook part."""
        return self.target("", "officeDocument") or "xl/workbook.xml"

    @cached_property
    def book(self) -> Element | None:
        """The workbook part's root."""
        return self.root(self.workbook)

    @cached_property
    def sheets(self) -> list[SheetEntry]:
        """The sheets in the order of their tabs."""
        links = {link.id: link for link in self.links(self.workbook)}
        found = []
        for sheet in child(self.book, "sheets"):
            if local(sheet) != "sheet":
                continue
            link = links.get(related(sheet) or "")
            part = None if link is None or link.target not in self.parts else link.target
            kind = "" if link is None else link.kind
            found.append(
                SheetEntry(sheet.get("name", ""), sheet.get("sheetId", ""), sheet.get("state", "visible"), part, kind)
            )
        return found

    @cached_property
    def names(self) -> list[Element]:
        """The defined names."""
        return [name for name in child(self.book, "definedNames") if local(name) == "definedName"]

    @cached_property
    def tables(self) -> list[Table]:
        """The tables of all sheets."""
        found = []
        for sheet in self.sheets:
            for link in self.links(sheet.part) if sheet.part else ():
                root = self.root(link.target) if link.kind == "table" and not link.external else None
                if root is not None:
                    found.append(_table(link.target, sheet, root))
        return found

    @cached_property
    def styles(self) -> Element | None:
        """The root of the styles."""
        part = self.target(self.workbook, "styles")
        return self.root(part) if part else None

    @cached_property
    def style_count(self) -> int:
        """How many cell formats there are; any number where the styles cannot be read, which is told once."""
        return sum(1 for _xf in child(self.styles, "cellXfs")) if self.reads("styles") else ANY

    @cached_property
    def dxf_count(self) -> int:
        """How many formats of conditional formats and tables there are; any number where they cannot be read."""
        return sum(1 for _dxf in child(self.styles, "dxfs")) if self.reads("styles") else ANY

    def reads(self, kind: str) -> bool:
        """Whether the workbook's part of a kind, if it has one, can be read."""
        part = self.target(self.workbook, kind)
        return part is None or part not in self.parts or self.root(part) is not None

    @cached_property
    def strings(self) -> list[Element]:
        """The items of the shared strings."""
        part = self.target(self.workbook, "sharedStrings")
        return [item for item in elements(self.root(part)) if local(item) == "si"] if part else []

    def string(self, index: str) -> str | None:
        """Return the text of a shared string; None where there is none."""
        place = whole(index)
        return None if place is None or not 0 <= place < len(self.strings) else text_of(self.strings[place])

    @cached_property
    def metadata(self) -> dict[str, int]:
        """How many records of metadata cells can name: by `cm` and by `vm`."""
        part = self.target(self.workbook, "sheetMetadata")
        root = self.root(part) if part else None
        return {
            name: sum(1 for _record in child(root, element))
            for name, element in (("cm", "cellMetadata"), ("vm", "valueMetadata"))
        }

    @cached_property
    def calculates_on_load(self) -> bool:
        """Whether the workbook asks for a full calculation on opening."""
        return any(on(found.get("fullCalcOnLoad")) for found in elements(self.book) if local(found) == "calcPr")


def _table(part: str, sheet: SheetEntry, root: Element) -> Table:
    columns = tuple(one.get("name", "") for one in child(root, "tableColumns"))
    headers, totals = whole(root.get("headerRowCount", "1")), whole(root.get("totalsRowCount", "0"))
    name = root.get("displayName") or root.get("name") or ""
    headers, totals = 1 if headers is None else headers, totals or 0
    return Table(part, sheet.name, sheet.part or "", root, name, area(root.get("ref", "")), headers, totals, columns)


def parser() -> etree.XMLParser:
    """Return a parser that reads nothing outside the part and grows nothing inside it."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )


def _checked(content: bytes) -> tuple[NotXml | None, bytes]:
    """Return why a part is not XML in an encoding of Excel's without a DTD, or else its XML in UTF-8."""
    if content[:2] in _UTF16:
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError as error:
            return NotXml("encoding", str(error), 0), content
        content = re.sub(r"\A(<\?xml[^>]*?)\s+encoding\s*=\s*[\"'][^\"']*[\"']", r"\1", text, count=1).encode(
            "utf-8", "surrogatepass"
        )
    else:
        declared = _DECLARED.match(content[:200].decode("latin-1").lstrip("ï»¿"))
        if declared and declared[1].casefold() not in ("utf-8", "us-ascii", "utf8"):
            return NotXml("encoding", declared[1], 1), content
    for tag in _LONG_TAG.finditer(content):
        if tag[0].count(b"=") > _MOST_ATTRIBUTES:  # the parser compares each attribute with each
            line = content[: tag.start()].count(b"\n") + 1
            return NotXml("malformed", f"an element of {tag[0].count(b'='):,} attributes", line), content
    prolog = _PROLOG.match(content)
    start = prolog.end() if prolog else 0
    if content[start : start + 9].upper() == b"<!DOCTYPE":
        return NotXml("dtd", "", content[:start].count(b"\n") + 1), content
    return None, content


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    tag: str = element.tag
    return tag.rpartition("}")[2]


def namespace(element: Element) -> str:
    """Return an element's namespace."""
    tag: str = element.tag
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def elements(parent: Element | None) -> Iterator[Element]:
    """Yield an element's children, no comments among them; those of nothing are none."""
    if parent is not None:
        yield from (one for one in parent if isinstance(one.tag, str))


def flat(parent: Element | None) -> Iterator[Element]:
    """Yield an element's children, and in the place of alternatives (mc:AlternateContent) their first choice's."""
    for one in elements(parent):
        if local(one) == "AlternateContent":
            yield from flat(next(elements(one), None))
        else:
            yield one


def child(parent: Element | None, name: str) -> Iterator[Element]:
    """Yield the children of all children of a name."""
    for one in elements(parent):
        if local(one) == name:
            yield from elements(one)


def related(element: Element) -> str | None:
    """Return an element's relationship id."""
    found: str | None = element.get(f"{{{_OFFICE}}}id") or element.get(f"{{{_STRICT_OFFICE}}}id")
    return found


def relations(element: Element) -> Iterator[str]:
    """Yield the relationship ids that an element names."""
    for name, value in element.attrib.items():
        if _RELATED.match(name):
            yield value


def relationships_of(part: str) -> str:
    """Return the name of the part that holds a part's relationships."""
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def text_of(item: Element) -> str:
    """Return the text of a string item: its runs together, without the phonetic ones."""
    pieces = []
    for one in elements(item):
        if local(one) == "t":
            pieces.append(one.text or "")
        elif local(one) == "r":
            pieces += [run.text or "" for run in elements(one) if local(run) == "t"]
    return "".join(pieces)


def whole(text: str | None) -> int | None:
    """Return the whole number that a text is; None where it is none."""
    text = (text or "").strip()
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,18}", text) else None


def on(text: str | None) -> bool:
    """Whether an attribute says yes."""
    return text in ("1", "true", "on")


def units(text: str) -> int:
    """Return the length of a text as Excel counts it: in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)
