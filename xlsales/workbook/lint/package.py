"""Rules of the package: content types, relationships, the kind of file, and XML that can be read."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from xlsales.texts import N_
from xlsales.workbook.lint.archive import rule
from xlsales.workbook.lint.book import CONTENT_TYPES, Book, Element, elements, local, namespace, relations
from xlsales.workbook.lint.rules import Fault

NO_TYPES = rule(
    "no-content-types",
    N_("Excel refuses a package without [Content_Types].xml."),
    N_("Save the workbook again; a program stopped before it was written."),
    "ECMA-376-2, content types stream",
)
UNTYPED = rule(
    "part-without-content-type",
    N_("Excel cannot tell what a part is without its content type, and calls the workbook corrupt."),
    N_("Add an Override for the part, or a Default for its extension, to [Content_Types].xml."),
    "ECMA-376-2, content types stream",
)
TYPE_TWICE = rule(
    "content-type-twice",
    N_("Excel refuses a workbook that says one part's, or one extension's, content type twice."),
    N_("Keep one Override for each part and one Default for each extension."),
    "ECMA-376-2, content types stream; Open XML SDK refuses it",
)
TYPE_OF_NOTHING = rule(
    "content-type-of-nothing",
    N_("Excel never writes the content type of a part that is not there; a part was lost."),
    N_("Put the part back, or remove its Override from [Content_Types].xml."),
    "seen in no file that Excel saved",
)
WRONG_TYPE = rule(
    "content-type-of-another-kind",
    N_("Excel reads a part by its content type; one that says another kind makes it drop the part or refuse the file."),
    N_("Give the part the content type that its relationship asks for."),
    "ECMA-376-1 part 1, 12.3 (part summary)",
)
WRONG_KIND = rule(
    "kind-against-extension",
    N_("Excel refuses a file whose extension says another kind of workbook than its content type."),
    N_("Rename the file, or give its main part the content type of the extension."),
    "Excel: 'the file format or file extension is not valid'; Microsoft Support, file formats of Excel",
)
NO_WORKBOOK = rule(
    "no-workbook",
    N_("Excel finds no workbook in the package and refuses it."),
    N_("Save it from the program that made it again; _rels/.rels must lead to the workbook part."),
    "ECMA-376-1 part 1, 12.3.23",
)
MISSING_TARGET = rule(
    "missing-target",
    N_("Excel follows a relationship to a part that is not there, and offers to repair."),
    N_("Put the part back, or remove the relationship and what names its id."),
    "ECMA-376-2, relationships; both validators refuse it",
)
RELATION_TWICE = rule(
    "relationship-id-twice",
    N_("Excel refuses two relationships of one id."),
    N_("Give each relationship of a part an id of its own."),
    "ECMA-376-2, Relationship element (Id is xsd:ID)",
)
RELATION_ID = rule(
    "relationship-id",
    N_("Excel refuses a relationship without an id, or whose id does not begin with a letter."),
    N_("Name relationships rId1, rId2 and so on."),
    "ECMA-376-2, Relationship element (Id is xsd:ID)",
)
DANGLING = rule(
    "dangling-relationship-id",
    N_("Excel looks for a relationship that the part names and does not have, and repairs the part by dropping it."),
    N_("Add the relationship, or remove the element that names it."),
    "ECMA-376-1 part 1, 22.8.2.1; both validators refuse it",
)
LOST_RELATIONS = rule(
    "relationships-of-nothing",
    N_("Excel never writes the relationships of a part that is not there; a part was lost."),
    N_("Put the part back, or remove its relationships."),
    "seen in no file that Excel saved",
)
UNREACHED = rule(
    "unreached-part",
    N_("Excel follows relationships only: it drops this part the next time it saves."),
    N_("Add the relationship that leads to the part, or remove the part."),
    "ECMA-376-2, relationships",
)
EXTERNAL = rule(
    "address-as-part",
    N_('Excel looks for a web address inside the package where TargetMode="External" is missing, and repairs.'),
    N_('Add TargetMode="External" to the relationship.'),
    "ECMA-376-2, Relationship element (TargetMode)",
)
MALFORMED = rule(
    "malformed-xml",
    N_("Excel cannot read the part and offers to repair by dropping all of it."),
    N_("Write the part as XML; escape what stands in it (& < > and characters that XML forbids)."),
    "XML 1.0, 2.1; ECMA-376-2, XML usage",
)
DTD = rule(
    "document-type",
    N_("Excel refuses a part with a document type declaration."),
    N_("Remove <!DOCTYPE …> from the part."),
    "ECMA-376-2, XML usage (no document types)",
)
ENCODING = rule(
    "xml-encoding",
    N_("Excel reads parts in UTF-8 and UTF-16 alone, and calls others malformed."),
    N_("Write the part in UTF-8."),
    "ECMA-376-2, XML usage (UTF-8 or UTF-16)",
)
IGNORABLE = rule(
    "ignorable-prefix",
    N_("Excel calls a part malformed that ignores a prefix which it does not declare."),
    N_("Declare the prefix with xmlns:, or take it out of mc:Ignorable."),
    "ECMA-376-3, Ignorable attribute; Open XML SDK refuses it",
)
REQUIRES = rule(
    "required-prefix",
    N_("Excel calls a part malformed that requires a prefix which it does not declare."),
    N_("Declare the prefix where mc:Choice stands."),
    "ECMA-376-3, Choice element",
)

_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_KINDS = {
    ".xlsx": {f"{_SHEET_ML}sheet.main+xml"},
    ".xlsm": {"application/vnd.ms-excel.sheet.macroEnabled.main+xml"},
    ".xltx": {f"{_SHEET_ML}template.main+xml"},
    ".xltm": {"application/vnd.ms-excel.template.macroEnabled.main+xml"},
    ".xlam": {"application/vnd.ms-excel.addin.macroEnabled.main+xml"},
}
MAIN_TYPES = frozenset().union(*_KINDS.values())
BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
# What a relationship of a kind leads to.
_TYPES = {
    "worksheet": f"{_SHEET_ML}worksheet+xml",
    "chartsheet": f"{_SHEET_ML}chartsheet+xml",
    "styles": f"{_SHEET_ML}styles+xml",
    "sharedStrings": f"{_SHEET_ML}sharedStrings+xml",
    "table": f"{_SHEET_ML}table+xml",
    "comments": f"{_SHEET_ML}comments+xml",
    "calcChain": f"{_SHEET_ML}calcChain+xml",
    "externalLink": f"{_SHEET_ML}externalLink+xml",
    "pivotTable": f"{_SHEET_ML}pivotTable+xml",
    "sheetMetadata": f"{_SHEET_ML}sheetMetadata+xml",
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
    "drawing": "application/vnd.openxmlformats-officedocument.drawing+xml",
    "chart": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
    "vmlDrawing": "application/vnd.openxmlformats-officedocument.vmlDrawing",
    "vbaProject": "application/vnd.ms-office.vbaProject",
}
_ADDRESS = re.compile(r"\A(?:https?|ftp|mailto|file|javascript):", re.IGNORECASE)
_IDENTIFIER = re.compile(r"[^\W\d][\w.\-·]*")


def content_types(book: Book) -> Iterator[Fault]:
    """Every part has one content type, and only parts have."""
    if CONTENT_TYPES not in book.parts:
        yield NO_TYPES.at(CONTENT_TYPES)
        return
    if book.root(CONTENT_TYPES) is None:
        return
    seen = set()
    for child in elements(book.root(CONTENT_TYPES)):
        key = (local(child), (child.get("PartName") or child.get("Extension") or "").casefold())
        if key in seen:
            yield TYPE_TWICE.at(CONTENT_TYPES, key[1])
        seen.add(key)
    there = {name.casefold() for name in book.parts}
    for name in book.types[1]:
        if name not in there:
            yield TYPE_OF_NOTHING.at(CONTENT_TYPES, name)
    for name in book.parts:
        if name != CONTENT_TYPES and not book.content_type(name):
            yield UNTYPED.at(name)


def kind_of_file(book: Book) -> Iterator[Fault]:
    """The file is what its name and its main part say."""
    if book.workbook not in book.parts:
        yield NO_WORKBOOK.at("_rels/.rels", book.workbook)
        return
    said = book.content_type(book.workbook)
    extension = posixpath.splitext(book.name.casefold())[1]
    if said and said not in MAIN_TYPES:
        yield WRONG_TYPE.at(book.workbook, said)
    elif said and extension in _KINDS and said not in _KINDS[extension]:
        yield WRONG_KIND.at(book.workbook, f"{extension}: {said}")


def relationships(book: Book) -> Iterator[Fault]:
    """Relationships have ids of their own and lead to parts that are there and of their kind."""
    reached = set()
    for holder in book.parts:
        if not holder.endswith(".rels"):
            continue
        folder, name = posixpath.split(holder)
        source = posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels")).lstrip("/")
        if source and source.casefold() not in book.spelled:
            yield LOST_RELATIONS.at(holder, source)
            continue
        seen: set[str] = set()
        for link in book.links(source):
            if link.id in seen:
                yield RELATION_TWICE.at(holder, link.id)
            seen.add(link.id)
            if not _IDENTIFIER.fullmatch(link.id):
                yield RELATION_ID.at(holder, link.id)
            if link.external:
                continue
            reached.add(link.target)
            if _ADDRESS.match(link.written):
                yield EXTERNAL.at(holder, link.written)
            elif link.target not in book.parts:
                yield MISSING_TARGET.at(holder, f"{link.id}: {link.target}")
            elif (wanted := _TYPES.get(link.kind)) and (book.content_type(link.target) or wanted) != wanted:
                yield WRONG_TYPE.at(link.target, book.content_type(link.target))
    for name in book.parts:
        if name not in reached and name != CONTENT_TYPES and not name.endswith(".rels"):
            yield UNREACHED.at(name)


def ids_of(book: Book, part: str, root: Element) -> Iterator[Fault]:
    """Relationship ids that the part names exist."""
    known = {link.id for link in book.links(part)}
    for element in root.iter("*"):
        for identifier in relations(element):
            if identifier and identifier not in known:
                yield DANGLING.at(part, f"{local(element)} {identifier}")


def compatibility_of(part: str, root: Element) -> Iterator[Fault]:
    """Prefixes that markup compatibility names are declared."""
    for element in root.iter("*"):
        for prefix in element.get(f"{{{_MC}}}Ignorable", "").split():
            if prefix not in element.nsmap:
                yield IGNORABLE.at(part, prefix)
        if local(element) == "Choice" and namespace(element) == _MC:
            for prefix in element.get("Requires", "").split():
                if prefix not in element.nsmap:
                    yield REQUIRES.at(part, prefix)


def malformed(book: Book) -> Iterator[Fault]:
    """Parts that are no XML as Excel reads it; asked after all others were read."""
    kinds = {"malformed": MALFORMED, "dtd": DTD, "encoding": ENCODING}
    for part, problem in book.broken.items():
        detail = f"line {problem.line}: {problem.detail}" if problem.line else problem.detail
        yield kinds[problem.kind].at(part, detail)
