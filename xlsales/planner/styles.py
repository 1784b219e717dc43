"""The planner's one palette, type scale and number formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from xlsales.schema import Kind

# Dark enough on white for 4.5:1, and told apart in grey print and by colour-blind eyes.
INK = "#1F2933"
MUTED = "#52606D"
NAVY = "#1B3A57"
TEAL = "#0B7285"
AMBER = "#B45309"
SLATE = "#7B8794"
WHITE = "#FFFFFF"
INPUT_FILL = "#FFF9E6"
INPUT_LINE = "#E3D5A8"
CALCULATED_FILL = "#F4F6F8"
CALCULATED_LINE = "#D5DBE1"
HEADLINE_FILL = "#E6F1F4"
ALERT_FILL = "#FDE8E4"
ALERT_INK = "#9B1C1C"
GOOD_FILL = "#E3F4EA"
GOOD_INK = "#1B5E37"

FONT = "Calibri"
MARGIN_WIDTH = 2  # of column A
A4_WIDTH, A4_LENGTH = 717, 1045  # pixels between a page's margins
READABLE = 0.62  # the smallest size that can be read


class SheetKind(StrEnum):
    """What a sheet is for; its tab colour says so, and Start spells it out."""

    INPUT = "input"
    OUTPUT = "output"
    CONTROL = "control"


TAB_COLOURS = {SheetKind.INPUT: "#D9A400", SheetKind.OUTPUT: NAVY, SheetKind.CONTROL: SLATE}

NUMBER_FORMATS = {
    Kind.KEY: "@",
    Kind.TEXT: "@",
    Kind.CHOICE: "@",
    Kind.FLAG: "@",
    Kind.MONEY: "#,##0",
    Kind.RATE: "0.0%",
    Kind.COUNT: "0",
    Kind.NUMBER: "#,##0.0",
    Kind.DATE: "yyyy-mm-dd",
}


def signed(number_format: str) -> str:
    """Return the number format of a difference, which has a sign unless it is 0."""
    return f"+{number_format};-{number_format};{number_format}"


def is_signed(number_format: str) -> bool:
    """Tell whether a number format is that of a difference."""
    return number_format.startswith("+")


def no_sign(cell: str, number_format: str, look: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """Return the conditional format of differences that are 0 as they are shown: -0.03% would be -0.0%, +0.03% +0.0%.

    No number format alone does it: where its sections have conditions of their own, Excel adds the minus again.
    """
    plain = number_format.rpartition(";")[2]
    digits = len(plain.rstrip("%").partition(".")[2]) + 2 * plain.endswith("%")
    three = ";".join([plain] * 3)
    return {"type": "formula", "criteria": f"=ROUND({cell},{digits})=0", "format": look({"num_format": three})}


GAP = signed("0.0%")  # 39.8% is not flagged where 40% is
CENTRED = {Kind.CHOICE, Kind.FLAG, Kind.DATE}
TEXTUAL = {Kind.KEY, Kind.TEXT, Kind.CHOICE, Kind.FLAG}

_BASE: dict[str, Any] = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "vcenter"}
_HEADER: dict[str, Any] = {"bold": True, "font_size": 10, "text_wrap": True, "font_color": WHITE}

STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "title": {"font_size": 20, "bold": True, "font_color": WHITE, "bg_color": NAVY, "indent": 1},
    "band": {"font_color": WHITE, "bg_color": NAVY},
    "band_right": {"font_color": WHITE, "bg_color": NAVY, "align": "right", "bold": True, "indent": 1},
    "subtitle": {"font_color": MUTED, "italic": True, "indent": 1},
    "section": {"font_size": 13, "bold": True, "font_color": NAVY, "bottom": 2, "bottom_color": NAVY},
    "label": {"bottom": 1, "bottom_color": CALCULATED_LINE, "indent": 1},
    "note": {"font_color": MUTED, "font_size": 10, "text_wrap": True, "indent": 1},
    "note_line": {"font_color": MUTED, "font_size": 10, "indent": 1},
    "text": {"text_wrap": True, "indent": 1},
    "link": {"font_color": TEAL, "underline": 1, "indent": 1},
    "head_input": {**_HEADER, "bg_color": NAVY, "align": "center"},
    "head_calculated": {**_HEADER, "bg_color": MUTED, "align": "center"},
    "group_input": {"font_size": 9, "bold": True, "font_color": AMBER, "indent": 0},
    "group_calculated": {"font_size": 9, "bold": True, "font_color": MUTED, "indent": 0},
    "tile_label": {
        "font_size": 10,
        "bold": True,
        "font_color": MUTED,
        "bg_color": HEADLINE_FILL,
        "indent": 1,
    },
    "tile_value": {
        "font_size": 22,
        "bold": True,
        "font_color": NAVY,
        "bg_color": HEADLINE_FILL,
        "align": "left",
        "indent": 1,
    },
    "tile_note": {
        "font_size": 9,
        "shrink": True,
        "font_color": MUTED,
        "bg_color": HEADLINE_FILL,
        "indent": 1,
        "valign": "top",
    },
    "key_input": {"bg_color": INPUT_FILL, "border": 1, "border_color": INPUT_LINE, "indent": 1},
    "key_calculated": {
        "bg_color": CALCULATED_FILL,
        "border": 1,
        "border_color": CALCULATED_LINE,
        "indent": 1,
    },
    "key_headline": {"bg_color": HEADLINE_FILL, "bold": True, "font_color": NAVY, "indent": 1},
}


def input_style(kind: Kind, *, wrap: bool = False) -> dict[str, Any]:
    """Return the style of a cell that a person fills."""
    return {
        **_aligned(kind),
        "num_format": NUMBER_FORMATS[kind],
        "bg_color": INPUT_FILL,
        "border": 1,
        "border_color": INPUT_LINE,
        "locked": False,
        "text_wrap": wrap,
    }


def calculated_style(number_format: str, *, centred: bool = False, textual: bool = False) -> dict[str, Any]:
    """Return the style of a cell that a formula fills."""
    align: dict[str, Any] = {"align": "center"} if centred else {"indent": 1} if textual else {}
    return {
        **align,
        "num_format": number_format,
        "bg_color": CALCULATED_FILL,
        "border": 1,
        "border_color": CALCULATED_LINE,
    }


def pixels(width: float) -> int:
    """Return how wide a column is whose width is so many characters of the font."""
    return int(width * 7 + 5)


def pages_wide(widths: Iterable[float]) -> int:
    """Return how many pages of landscape A4 columns take side by side, if they are to be read."""
    return max(1, int(-(-sum(map(pixels, widths)) * READABLE // A4_LENGTH)))


def complete(style: dict[str, Any]) -> dict[str, Any]:
    """Return the style with the planner's font and colour beneath it; an indent is from the left."""
    left = {"align": "left"} if style.get("indent") and "align" not in style else {}
    return {**_BASE, **left, **style}


def _aligned(kind: Kind) -> dict[str, Any]:
    if kind in CENTRED:
        return {"align": "center"}
    return {"align": "left", "indent": 1} if kind in TEXTUAL else {"align": "right"}
