"""The workbook as a package: a zip of parts, read and written so that the same parts give the same bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xlsales.texts import _
from xlsales.workbook import archive
from xlsales.workbook.parts import CONTENT_TYPES

MAIN_XLSX = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MAIN_XLSM = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
MAIN_XLAM = b"application/vnd.ms-excel.addin.macroEnabled.main+xml"
CHARTS = "xl/charts/"
VBA_PROJECT = "xl/vbaProject.bin"


def read(package: bytes) -> dict[str, bytes]:
    """Return the parts by name, in the package's order."""
    return dict(archive.opened(package, _("The workbook")))


def write(parts: Mapping[str, bytes], level: int | None = archive.SMALL) -> bytes:
    """Return a package of these parts, with the content types first: small, for it is written once and copied often.

    None is for what is not compressed.
    """
    order = sorted(parts, key=lambda name: name != CONTENT_TYPES)
    return archive.write(archive.member(name, parts[name], level) for name in order)


_SHOW_VALUE = b'<c:showVal val="1"/>'
_SHOW_VALUE_ONLY = (
    b'<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
    b'<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
)
_LINES = re.compile(rb"<c:(lineChart|scatterChart)>.*?</c:\1>", re.DOTALL)


def explicit_charts(parts: dict[str, bytes]) -> None:
    """Let charts say what they do not want, as Excel's own files do: labels other than values, smooth lines.

    LibreOffice takes what is not mentioned as wanted.
    """
    for name, content in parts.items():
        if name.startswith(CHARTS):
            parts[name] = explicit_chart(content)


def explicit_chart(content: bytes) -> bytes:
    """Return a chart's part that says what it does not want."""
    return _LINES.sub(_straight, content.replace(_SHOW_VALUE, _SHOW_VALUE_ONLY))


def _straight(lines: re.Match[bytes]) -> bytes:
    return lines[0].replace(b"</c:ser>", b'<c:smooth val="0"/></c:ser>')


def of_kind(content_types: bytes, model: bytes) -> bytes:
    """Return content types that call the workbook macro-enabled exactly where `model` does."""
    plain = content_types.replace(MAIN_XLSM, MAIN_XLSX)
    return plain.replace(MAIN_XLSX, MAIN_XLSM) if MAIN_XLSM in model else plain
