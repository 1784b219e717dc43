"""A workbook's package edited part by part, as text: what Excel would have saved, with nothing else touched."""

from __future__ import annotations

import posixpath
import re
from xml.sax.saxutils import escape

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries

from xlsales.workbook import archive

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
_NO_LINKS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
# What may follow in a worksheet, in the schema's order, from the merged cells on.
_ORDER = (
    "mergeCells", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "ignoredErrors", "drawing", "legacyDrawing", "controls", "tableParts", "extLst",
)  # fmt: skip


class PackageEdit:
    """The parts of one workbook, being changed."""

    def __init__(self, content: bytes) -> None:
        self._before = archive.opened(content, "The workbook")
        self.parts = dict(self._before)
        self._as_they_were = dict(self.parts)

    def close(self) -> bytes:
        """The changed workbook; what is as it was is not compressed again."""
        order = sorted(self.parts, key=lambda name: name != TYPES)
        return archive.write(self._member(name) for name in order)

    def _member(self, name: str) -> archive.Member:
        content = self.parts[name]
        unchanged = content == self._as_they_were.get(name)
        return self._before.members[name] if unchanged else archive.member(name, content)

    def text(self, part: str) -> str:
        """A part's text."""
        return self.parts[part].decode("utf-8")

    def replace(self, part: str, old: str, new: str) -> None:
        """Replace a text that stands in the part exactly once."""
        text = self.text(part)
        assert text.count(old) == 1, f"{part}: {old} stands there {text.count(old)} times"
        self.parts[part] = text.replace(old, new).encode("utf-8")

    def insert(self, part: str, new: str, *before: str) -> None:
        """Put a text before the first of these elements, or at the end of the part's root."""
        text = self.text(part)
        found = re.search("|".join(rf"<{tag}\b" for tag in before), text) if before else None
        place = found.start() if found else text.rindex("</")
        self.parts[part] = (text[:place] + new + text[place:]).encode("utf-8")

    def into_sheet(self, sheet: str, element: str, new: str) -> None:
        """Put a new element into a sheet where the schema wants it; `element` is its name there."""
        part = self.sheet(sheet)
        after = _ORDER[_ORDER.index(element) + 1 :]
        data, rest = self.text(part).split("</sheetData>")
        found = re.search("|".join(rf"<{tag}\b" for tag in after), rest) if after else None
        place = found.start() if found else rest.rindex("</worksheet>")
        self.parts[part] = f"{data}</sheetData>{rest[:place]}{new}{rest[place:]}".encode()

    def add(self, name: str, content: str | bytes, content_type: str) -> None:
        """Add a part."""
        assert name not in self.parts, name
        self.parts[name] = content if isinstance(content, bytes) else content.encode("utf-8")
        self.insert(TYPES, f'<Override PartName="/{name}" ContentType="{content_type}"/>')

    def link(self, source: str, kind: str, target: str, *, external: bool = False) -> str:
        """Add a relationship; a short kind is one of Office's own. Its id."""
        folder, name = posixpath.split(source)
        part = f"{folder}/_rels/{name}.rels"
        self.parts.setdefault(part, _NO_LINKS.encode())
        identifier = f"rId{len(re.findall('<Relationship ', self.text(part))) + 1}"
        address = target if external else posixpath.relpath(f"/{target}", f"/{folder}")
        mode = ' TargetMode="External"' if external else ""
        uri = kind if ":" in kind else f"{OFFICE}/{kind}"
        self.insert(part, f'<Relationship Id="{identifier}" Type="{uri}" Target="{escape(address)}"{mode}/>')
        return identifier

    def sheet(self, name: str) -> str:
        """The part of a sheet."""
        found = re.search(rf'<sheet name="{re.escape(name)}"[^>]*r:id="(\w+)"', self.text(WORKBOOK))
        assert found, name
        links = self.text("xl/_rels/workbook.xml.rels")
        (link,) = [one for one in re.findall("<Relationship [^>]*>", links) if f'Id="{found[1]}"' in one]
        target = re.search('Target="([^"]+)"', link)
        assert target
        return posixpath.normpath(posixpath.join("/xl", target[1])).lstrip("/")

    def put_cells(self, sheet: str, row: int, cells: str) -> None:
        """Add cells at the end of a row, which is made where there is none."""
        part = self.sheet(sheet)
        text = self.text(part)
        whole = re.search(rf'<row r="{row}"(?: [^>]*[^/])?>.*?(?=</row>)', text)
        if whole:
            text = text[: whole.end()] + cells + text[whole.end() :]
        else:
            later = [found for found in re.finditer(r'<row r="(\d+)"', text) if int(found[1]) > row]
            place = later[0].start() if later else text.index("</sheetData>")
            text = f'{text[:place]}<row r="{row}">{cells}</row>{text[place:]}'
        text = re.sub(r' spans="[^"]*"', "", text)
        self.parts[part] = re.sub(
            r'(?<=<dimension ref=")[^"]*', lambda old: _widened(old[0], cells), text, count=1
        ).encode()


def _widened(dimension: str, cells: str) -> str:
    left, top, right, bottom = range_boundaries(dimension)
    columns = [coordinate_to_tuple(cell)[1] for cell in re.findall(r'<c r="(\w+)"', cells)]
    return f"{get_column_letter(left)}{top}:{get_column_letter(max(right, *columns))}{bottom}"
