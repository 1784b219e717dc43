"""Rules 6 and 7: how a sheet opens, prints, and can be read by everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from openpyxl.utils.cell import column_index_from_string

from tests.planner.rules.opened import Element, Opened, Sheet

CONTRAST = 4.5
SHORTEST = 20  # characters that can say what a chart shows
CHART_BACKGROUND = "FFFFFF"


def opens_well(planner: Opened) -> list[str]:
    """A sheet opens with its header frozen, at a zoom of at most 100, with the cursor at the start."""
    told = []
    for sheet in planner.sheets:
        view, pane = sheet.find("sheetView"), sheet.find("pane")
        if pane is None or pane.get("state") != "frozen" or not float(pane.get("ySplit", 0)):
            told.append(f"{sheet.name}: its header is not frozen")
        zooms = [int(view.get(name, 100)) for name in ("zoomScale", "zoomScaleNormal")] if view is not None else []
        told += [f"{sheet.name}: zoom {zoom}" for zoom in zooms if zoom > 100]
        active = [s.get("activeCell", "A1") for s in sheet.iter("selection") if _is_active(s, pane)]
        if active and active[0] != "A1":
            told.append(f"{sheet.name}: the cursor is at {active[0]}")
    return told


def _is_active(selection: Element, pane: Element | None) -> bool:
    return bool(selection.get("pane", "topLeft") == ("topLeft" if pane is None else pane.get("activePane", "topLeft")))


UPRIGHT = ("Dashboard",)
ACROSS = ("Accounts", "Pipeline", "Activity", "Check-ins", "Lists")  # wider than a page that can be read
BAND = 2  # rows: the title and the subtitle
SMALLEST = 0.6  # of the size on screen: text of 10 points is 6 on paper
A4_LONG, A4_SHORT, A4_HEIGHT = 1045, 717, 1016  # pixels between the margins: landscape, portrait across, portrait down


def prints_well(planner: Opened) -> list[str]:
    """A sheet has a print area, is landscape on A4, is large enough to read, repeats its header, numbers its pages.

    Sheets that are longer than wide fit one upright page instead.
    """
    areas, titles = planner.local_names("_xlnm.Print_Area"), planner.local_names("_xlnm.Print_Titles")
    told = []
    for sheet in planner.sheets:
        setup, fit = sheet.find("pageSetup"), sheet.find("pageSetUpPr")
        footer = "".join(element.text or "" for element in sheet.iter("oddFooter"))
        upright = sheet.name in UPRIGHT
        fits = fit is not None and fit.get("fitToPage") == "1" and setup is not None
        problems = {
            "no print area": sheet.name not in areas,
            "not landscape": setup is None or setup.get("orientation") != ("portrait" if upright else "landscape"),
            "not on A4": setup is None or setup.get("paperSize") != "9",
            "not fitted to pages": not fits,
            "too small to read on paper": setup is not None and _scale(sheet, setup, upright=upright) < SMALLEST,
            "its header is not repeated": not re.search(r"\$\d+:\$\d+", titles.get(sheet.name, "")),
            "pages across without the names of the rows": fits
            and setup is not None
            and setup.get("fitToWidth", "1") != "1"
            and bool(sheet.tables)
            and not re.search(r"\$[A-Z]+:\$[A-Z]+", titles.get(sheet.name, "")),
            "a second page across": fits
            and setup is not None
            and setup.get("fitToWidth", "1") != "1"
            and sheet.name not in ACROSS,
            "a text is cut where every page repeats it": any(_cut(sheet, titles.get(sheet.name, ""))),
            "no page number": "&P" not in footer,
        }
        told += [f"{sheet.name}: {problem}" for problem, is_so in problems.items() if is_so]
    return told


def _cut(sheet: Sheet, titles: str) -> Iterator[bool]:
    """Whether the texts above a list are wider than the columns that stand on every page; a title's letters are two."""
    repeated = re.search(r"\$([A-Z]+):\$([A-Z]+)", titles)
    if not repeated:
        return
    last = column_index_from_string(repeated[2])
    widths = _widths(sheet)
    for (row, column), cell in sheet.cells.items():
        if row <= BAND and column <= last and cell.kind == "s" and cell.stored:
            room = sum(widths.get(number, 0) for number in range(column, last + 1))
            yield len(cell.stored) * (2 if row == 1 else 1) > room


def _widths(sheet: Sheet) -> dict[int, float]:
    """The widths in letters of the columns that are not folded away."""
    return {
        number: float(col.get("width", 0))
        for col in sheet.iter("col")
        for number in range(int(col.get("min", 0)), min(int(col.get("max", 0)), 200) + 1)
        if col.get("hidden") != "1"
    }


def _scale(sheet: Sheet, setup: Element, *, upright: bool) -> float:
    """At what part of its size a sheet is printed, as far as its columns and rows decide it."""
    across = int(setup.get("fitToWidth", "1"))
    scale = across * (A4_SHORT if upright else A4_LONG) / sum(width * 7 for width in _widths(sheet).values())
    if setup.get("fitToHeight", "1") == "1":
        height = sum(float(row.get("ht", 15)) * 4 / 3 for row in sheet.iter("row"))
        scale = min(scale, (A4_HEIGHT if upright else A4_SHORT) / height)
    return scale


def alt_texts(planner: Opened) -> list[str]:
    """Every chart and picture says in words what it shows."""
    told = []
    for part, content in planner.parts.items():
        if re.fullmatch(r"xl/drawings/drawing\d+\.xml", part):
            shapes = etree.fromstring(content).iter("{*}cNvPr")
            told += [f"{part}: {s.get('name')} has no alt text" for s in shapes if len(s.get("descr", "")) < SHORTEST]
    return told


def contrast(planner: Opened) -> list[str]:
    """Text stands out from its ground by 4.5:1 – in cells, in coloured words, and in charts."""
    told = []
    styles = planner.styles
    used: dict[tuple[str, str], str] = {}
    for sheet in planner.sheets:
        for cell in sheet.cells.values():
            used.setdefault((styles.fonts[cell.style], styles.fills[cell.style]), f"{sheet.name}!{cell.address}")
    told += [f"{place}: {problem}" for (ink, ground), place in used.items() for problem in _faint(ink, ground)]
    for number, (ink, ground) in enumerate(styles.conditional):
        if styles.conditional_formats[number]:
            continue  # colours nothing
        told += [f"conditional format {number}: {problem}" for problem in _faint(ink, ground)]
    for part, content in planner.parts.items():
        if part.startswith("xl/charts/chart"):
            inks = {
                ink.get("val") for ink in etree.fromstring(content).iterfind(".//{*}defRPr/{*}solidFill/{*}srgbClr")
            }
            inks |= {ink.get("val") for ink in etree.fromstring(content).iterfind(".//{*}rPr/{*}solidFill/{*}srgbClr")}
            told += [f"{part}: {problem}" for ink in sorted(inks) for problem in _faint(ink, CHART_BACKGROUND)]
    return told


def _faint(ink: str, ground: str) -> Iterator[str]:
    if not (re.fullmatch("[0-9A-Fa-f]{6}", ink) and re.fullmatch("[0-9A-Fa-f]{6}", ground)):
        yield f"{ink or 'no colour'} on {ground or 'no colour'} cannot be judged"
    elif ratio(ink, ground) < CONTRAST:
        yield f"{ink} on {ground} has a contrast of {ratio(ink, ground):.2f}"


def ratio(ink: str, ground: str) -> float:
    """The contrast of two colours as WCAG 2 defines it: 1 for the same, 21 for black on white."""
    lighter, darker = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def words_in_conditional_formats(planner: Opened) -> list[str]:
    """A conditional format colours a word or a sign that the cell shows, and nothing else."""
    told = []
    for sheet in planner.sheets:
        for area in sheet.iter("conditionalFormatting"):
            for rule in area.iter("{*}cfRule"):
                if planner.styles.conditional_formats[int(rule.get("dxfId", 0))]:
                    continue  # how a number is shown
                is_word = rule.get("type") == "cellIs" and rule.get("operator") == "equal"
                held = rule.findtext("{*}formula") or ""
                said = (held, None) in planner.names and held.startswith("word_")
                if not (is_word and (said or re.fullmatch(r'"[^"\w]+"', held))):
                    told.append(f"{sheet.name}!{area.get('sqref')}: colour without a word ({rule.get('type')})")
    return told
