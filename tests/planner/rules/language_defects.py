"""Defects to plant in what a planner says, so that everybody can read it, in every language."""

from __future__ import annotations

from tests.planner.rules import language, look, numbers
from tests.planner.rules.defects import STYLES, WORKBOOK
from tests.planner.rules.planted import Defect, Planted, formula

LANGUAGE_DEFECTS: tuple[Planted, ...] = (
    Defect(
        look.alt_texts,
        "no alt text",
        "xl/drawings/drawing1.xml",
        ' descr="[^"]*"',
        "",
        "drawing1.xml: Chart 1 has no alt text",
    ),
    Defect(
        look.alt_texts,
        "a word is no alt text",
        "xl/drawings/drawing1.xml",
        ' descr="[^"]*"',
        ' descr="Chart"',
        "Chart 1 has no",
    ),
    Defect(
        look.contrast,
        "faint notes",
        STYLES,
        '(<color rgb=)"FF52606D"',
        r'\1"FFA0A8B0"',
        "A0A8B0 on FFFFFF has a contrast of",
    ),
    Defect(look.contrast, "dark ground", STYLES, "FFF4F6F8", "FF556677", "on 556677 has a contrast of"),
    Defect(
        look.contrast,
        "faint alert",
        STYLES,
        "FF9B1C1C",
        "FFE08080",
        "conditional format 1: E08080 on FDE8E4 has a contrast",
    ),
    Defect(
        look.contrast, "alert without ink", STYLES, '<font><color rgb="FF9B1C1C"/></font>', "", "no colour on FDE8E4"
    ),
    Defect(
        look.contrast,
        "faint axis",
        "xl/charts/chart1.xml",
        'val="52606D"',
        'val="B0B8C0"',
        "chart1.xml: B0B8C0 on FFFFFF",
    ),
    Defect(
        look.words_in_conditional_formats,
        "colour scale",
        "Team",
        '<cfRule type="cellIs"[^>]*>.*?</cfRule>',
        '<cfRule type="colorScale" priority="1"/>',
        "colour without a word (colorScale)",
    ),
    Defect(
        look.words_in_conditional_formats,
        "colour by number",
        "Team",
        'operator="equal"><formula>word_ok</formula>',
        'operator="lessThan"><formula>1</formula>',
        "colour without a word (cellIs)",
    ),
    Defect(
        look.words_in_conditional_formats,
        "no word",
        "Team",
        "<formula>word_ok</formula>",
        '<formula>""</formula>',
        "colour without",
    ),
    Defect(
        look.words_in_conditional_formats,
        "a word that stands nowhere",
        "Team",
        "<formula>word_ok</formula>",
        "<formula>word_fine</formula>",
        "colour without",
    ),
    Defect(
        numbers.one_look_of_a_figure,
        "a figure with fewer digits on another sheet",
        "Dashboard",
        r'( s=")\d+("[^>]*><f>IF\(ISNUMBER\(out_org_health\))',
        r"\g<1>0\2",
        "is shown as",
    ),
    Defect(
        numbers.differences_of_nothing_have_no_sign,
        "a gap of -0.03% as -0.0%",
        "Team",
        r'<conditionalFormatting sqref="[^"]*"><cfRule type="expression".*?</conditionalFormatting>',
        "",
        "Team!H",
    ),
    # Other languages
    formula(language.no_text_patterns, "a number as text", "L7", 'TEXT(N($I7),"0.0")', "TEXT in"),
    formula(language.no_text_patterns, "a date as text, in small letters", "L7", 'text($I7,"yyyy")', "TEXT in text("),
    formula(language.no_words_in_formulas, "a word", "L7", 'IF(N($I7)=0,"NONE",1)', "the text NONE in"),
    formula(language.no_words_in_formulas, "a sentence", "L7", 'N($I7)&" sales ""won"""', "sales"),
    Defect(
        language.words_stand_once,
        "a word twice",
        WORKBOOK,
        r'(<definedName name="word_lost">)[^<]*(.*<definedName name="word_won">)([^<]*)',
        r"\1\3\2\3",
        "cells say WON",
    ),
    Defect(
        language.words_stand_once,
        "a word without a cell",
        WORKBOOK,
        r'(<definedName name="word_won">)[^<]*',
        r"\1Lists!$Z$99",
        "word_won is no text",
    ),
    Defect(
        language.headings_are_named,
        "a heading without a name",
        WORKBOOK,
        'name="col_team_role"',
        'name="x_team_role"',
        "Team!F6 (tblTeam, Role): no name",
    ),
)
