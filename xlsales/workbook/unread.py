"""Parts of which nothing is ever read: pictures, embedded objects, data of other programs.

They are copied as they are, so what would cost a parser much, and a photograph of a white wall does not, is no harm in
them. Which parts they are, relationships and content types say, not names: a sheet may be called picture.png.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property

from lxml import etree

from xlsales.workbook import limits, parts

_UNREAD = {"image", "oleObject", "package", "control", "activeXControlBinary", "printerSettings", "customXml"}
_DATA = "customXml"  # which stands beside the workbook, and is XML
_OVERRIDE = "{*}Override"


class Unread:
    """Knows them, in the parts of a package."""

    def __init__(self, contents: Mapping[str, bytes], large: Collection[str] = ()) -> None:
        """Take the parts; those that are `large` are not looked into."""
        self._contents = contents
        self._large = large

    def __contains__(self, part: object) -> bool:
        """Whether nothing but what reads none of it leads to a part; of one to which nothing leads, it is not known."""
        kinds = self._kinds.get(str(part), frozenset())
        return bool(kinds) and kinds <= _UNREAD and part not in self._typed

    def may_hold(self, part: str, harm: str) -> bool:
        """Whether what is harm elsewhere is none in a part: a picture may declare a document type, data may not."""
        if part not in self:
            return False
        return harm != limits.DOCUMENT_TYPE or _DATA not in self._kinds[part]

    @cached_property
    def _kinds(self) -> Mapping[str, frozenset[str]]:
        """The kinds of the relationships that lead to each part."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        workbook = parts.workbook_part(self._contents) if self._is_harmless(parts.PACKAGE_RELATIONSHIPS) else ""
        for name in self._contents:
            folder, own = posixpath.split(name)
            if posixpath.basename(folder) != "_rels" or not own.endswith(".rels") or not self._is_harmless(name):
                continue
            source = posixpath.join(posixpath.dirname(folder), own.removesuffix(".rels"))
            for kind, target in self._targets(source):
                is_of_workbook = source in ("", workbook) and kind != _DATA  # a reader may take it for a sheet
                found[target].add("" if is_of_workbook else kind)
        return {target: frozenset(kinds) for target, kinds in found.items()}

    def _targets(self, source: str) -> list[tuple[str, str]]:
        try:
            links = parts.targets(self._contents, source).values()
        except (SyntaxError, ValueError):  # whoever needs it says so
            return []
        return [(kind.rpartition("/")[2], target) for kind, target in links]

    @cached_property
    def _typed(self) -> frozenset[str]:
        """The parts that have an XML content type of their own, by which some readers find what they read."""
        types = self._contents.get(parts.CONTENT_TYPES)
        if types is None or not self._is_harmless(parts.CONTENT_TYPES):
            return frozenset()
        try:
            overrides: list[etree._Element] = parts.parse(types).findall(_OVERRIDE)
        except SyntaxError:
            return frozenset()
        kinds = {one.get("PartName", "").lstrip("/"): one.get("ContentType", "") for one in overrides}
        return frozenset(
            part for part, kind in kinds.items() if kind.endswith("+xml") and not kind.startswith("image/")
        )

    def _is_harmless(self, part: str) -> bool:
        return part in self._contents and part not in self._large and not limits.harm_in(self._contents[part])
