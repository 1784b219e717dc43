"""Defects to plant in a planner, at least one for every rule and each of its parts."""

from __future__ import annotations

from tests.planner.rules import cells, file, formulas, look
from tests.planner.rules.planted import Added, Defect, Planted, formula

WORKBOOK, TEXTS, STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
PROPERTIES = "docProps/custom.xml"


def validation(name: str, pattern: str, replacement: str, told: str) -> Defect:
    """Damage a data validation of Team: the first is the one of the names in E7 and below."""
    return Defect(cells.every_input_is_validated, name, "Team", pattern, replacement, told)


def shared(name: str, text: str, told: str, cells: str = "L7:L8") -> Defect:
    """Let L7 and L8 on Team share a formula."""
    first, second = f'<f t="shared" si="99" ref="{cells}">{text}</f>', '<f t="shared" si="99"/>'
    replacement = rf"\1{first}\2{second}"
    pattern = r'(<c r="L7"[^>]*>)<f>.*?</f>(.*?<c r="L8"[^>]*>)<f>.*?</f>'
    rule = formulas.shared_formulas_as_excel_writes_them
    return Defect(rule, name, "Team", pattern, replacement, f"Team!L7: {told}")


_TEAM_TAB = '<tabColor rgb="FFD9A400"/>'
_NEW_SHARE = 'IF(N($I7)=0,"",{})'
_161 = "+".join(["1"] * 81)
_EXTERNAL = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="x/hyperlink" Target="https://example.com" TargetMode="External"/></Relationships>'
)

DEFECTS: tuple[Planted, ...] = (
    # 1. Kinds of sheets and cells
    Defect(cells.tab_colours, "no tab colour", "Team", _TEAM_TAB, "", "Team: its tab colour is none"),
    Defect(cells.tab_colours, "unknown tab colour", "Team", "FFD9A400", "FF00FF00", "Team: its tab colour is 00FF00"),
    Defect(
        cells.tab_colours, "inputs under a navy tab", "Team", "FFD9A400", "FF1B3A57", "Team: an output tab, but inputs"
    ),
    Defect(
        cells.tab_colours,
        "nothing under a gold tab",
        "Lists",
        "FF7B8794",
        "FFD9A400",
        "Lists: an input tab, but nothing",
    ),
    Defect(cells.styles_of_cells, "inputs are white", STYLES, "FFFFF9E6", "FFFFFFFF", "Team!E7: to fill, but FFFFFF"),
    Defect(
        cells.styles_of_cells, "results are cream", STYLES, "FFF4F6F8", "FFFFF9E6", "Team!L7: calculated, but FFF9E6"
    ),
    Defect(
        cells.styles_of_cells, "locked cells are cream", STYLES, "FFF4F6F8", "FFFFF9E6", "Team!L7: locked, but FFF9E6"
    ),
    Defect(
        cells.words_beside_colours,
        "no YOU FILL",
        "Team",
        '<c r="E5".*?</c>',
        "",
        "Team!E5 (tblTeam, Name): no word YOU FILL",
    ),
    Defect(
        cells.words_beside_colours,
        "no CALCULATED",
        "Team",
        '<c r="L5".*?</c>',
        "",
        "Team!L5 (tblTeam, Of target): no word CALC",
    ),
    Defect(cells.words_beside_colours, "tabs not explained", TEXTS, "gold", "yellow", "Start: no word gold"),
    Defect(
        cells.words_beside_colours,
        "inputs not explained",
        TEXTS,
        "<t>You fill</t>",
        "<t>Yours</t>",
        "Start: no word You fill",
    ),
    # 2. Formulas
    formula(formulas.one_formula_in_a_column, "another formula", "L8", '""', "Team!L8 (tblTeam, Of target): another"),
    formula(
        formulas.one_formula_in_a_column,
        "one reference to the row above",
        "L8",
        'IF(OR(N($I7)=0,$J8=""),"",$J8/$I8)',
        "Team!L8 (tblTeam, Of target): another",
    ),
    Defect(
        formulas.one_formula_in_a_column,
        "a number among formulas",
        "Team",
        '(<c r="L9"[^>]*) t="str"><f>.*?</c>',
        r"\1><v>1</v></c>",
        "Team!L9 (tblTeam, Of target): another",
    ),
    *(
        formula(
            formulas.no_buried_constants,
            f"constant {number}",
            "L7",
            text,
            f"(tblTeam, Of target): the number {number} in",
        )
        for number, text in (
            ("0.65", _NEW_SHARE.format("$J7*0.65")),
            ("3", _NEW_SHARE.format("3*$J7")),
            ("31", _NEW_SHARE.format("$J7-31")),
            ("1e6", _NEW_SHARE.format("$J7/1e6")),
            ("0.8", 'COUNTIF($I$7:$I$18,">=0.8")'),
            ("5", 'COUNTIF($I$7:$I$18,"5")'),
        )
    ),
    formula(formulas.short_formulas, "161 characters", "L7", _161, "Team!L7 (tblTeam, Of target): 161 characters"),
    formula(
        formulas.few_nested_ifs,
        "three nested IFs",
        "L7",
        "IF($I7>0,IF($I7>1,IF($I7>2,IF($I7>7,1,0),0),0),0)",
        "Team!L7 (tblTeam, Of target): 3 nested IFs",
    ),
    # 3. Functions and references
    *(
        formula(formulas.known_functions, text, "L7", text, f"Team!L7 (tblTeam, Of target): {name} is {what}")
        for name, text, what in (
            ("TODAY", "TODAY()-$I7", "volatile"),
            ("NOW", "NOW()", "volatile"),
            ("OFFSET", "SUM(OFFSET($I7,0,0,2,1))", "volatile"),
            ("INDIRECT", 'INDIRECT("I7")', "volatile"),
            ("RAND", "RAND()", "volatile"),
            ("RANDBETWEEN", "RANDBETWEEN(0,1)", "volatile"),
            ("_xlfn.XLOOKUP", "_xlfn.XLOOKUP($I7,$J$7:$J$18,$I$7:$I$18)", "not a function"),
            ("LET", "LET(x,$I7,x)", "not a function"),
            ("CLOSE_RATIO", "CLOSE_RATIO($I7,$J7)", "not a function"),
        )
    ),
    Defect(
        formulas.plain_references,
        "array formula",
        "Team",
        '(<c r="L7"[^>]*>)<f>',
        r'\1<f t="array" ref="L7">',
        "Team!L7: an array formula",
    ),
    formula(formulas.plain_references, "table reference", "L7", "SUM(tblTeam[Target])", "a table reference or a link"),
    formula(formulas.plain_references, "another workbook", "L7", "[1]Sheet1!A1", "a table reference or a link"),
    formula(
        formulas.plain_references, "another file", "L7", "'C:\\[Book.xlsx]Sheet1'!A1", "a table reference or a link"
    ),
    formula(formulas.plain_references, "lost reference", "L7", "SUM(#REF!,$I7)", "a reference to nowhere"),
    formula(formulas.plain_references, "array constant", "L7", "SUM({1,2})", "an array in"),
    formula(formulas.plain_references, "unknown name", "L7", "$I7*th_nothing", "no cell is named th_nothing"),
    Defect(
        formulas.plain_references,
        "name of nowhere",
        WORKBOOK,
        '"cad_topics">[^<]*<',
        '"cad_topics">#REF!<',
        "the name cad_topics: #REF!",
    ),
    *(
        shared(name, text, told)
        for name, text, told in (
            ("another sheet", "Targets!$C$4", "shared, but it leads to another sheet"),
            ("a sheet in quotes", "'Org health'!A1+$I7", "shared, but it leads to another sheet"),
            ("several sheets", "SUM(Team:Plan!A1)", "shared, but it leads to another sheet"),
            ("another workbook", "[1]Sheet1!A1", "shared, but it reads a table or another workbook"),
            ("table reference", "SUM(tblTeam[Target])", "shared, but it reads a table or another workbook"),
            ("union", "SUM(($I7,$J7))", "shared, but it unites references"),
            ("intersection", "SUM($I7:$J7 $J$1:$J$9)", "shared, but it takes the common cells of references"),
            ("range to a function", "SUM($I7:INDEX($J$7:$J$9,2))", "shared, but it makes a range of references"),
            ("range from a function", "SUM(INDEX($J$7:$J$9,2):$I7)", "shared, but it makes a range of references"),
            ("range of ranges", "SUM(A1:B2:C3)", "shared, but it makes a range of references"),
            ("array", "SUM({1,2})", "shared, but it holds an array"),
            ("lost reference", "$I7+#REF!", "shared, but it holds an error"),
            ("own function", "CLOSE_RATIO($I7,$J7)", "shared, but CLOSE_RATIO is one of the workbook's own"),
        )
    ),
    shared("no text", "", "a shared formula without a text"),
    shared("other cells", "$I7+1", "shared by L8:L9, but not all of its cells are there", cells="L8:L9"),
    Added(
        formulas.no_external_links,
        "external link",
        {"xl/externalLinks/externalLink1.xml": "<externalLink/>"},
        "xl/externalLinks/externalLink1.xml: a link to another workbook",
    ),
    Added(
        formulas.no_external_links,
        "link to the web",
        {"xl/worksheets/_rels/sheet99.xml.rels": _EXTERNAL},
        "xl/worksheets/_rels/sheet99.xml.rels: leads out of the file",
    ),
    Added(formulas.no_external_links, "connection", {"xl/connections.xml": "<connections/>"}, "a data connection"),
    formula(formulas.no_circular_references, "itself", "L7", "$L7+1", "Team!L7 → Team!L7"),
    formula(formulas.no_circular_references, "there and back", "L7", "$M7", "Team!M7 → Team!L7"),
    formula(formulas.no_circular_references, "itself in a range", "L7", "SUM($L$7:$L$18)", "Team!L7"),
    formula(formulas.no_circular_references, "by a name", "D9", "out_open_checks", "Checks!D9", sheet="Checks"),
    # 4. Inputs
    validation("no validation", "<dataValidation .*?</dataValidation>", "", "Team!E7: no data validation"),
    validation("no rule", ' type="textLength"', "", "Team!E7:E18: validation without a rule"),
    validation("no prompt", ' prompt="[^"]*"', "", "Team!E7:E18: no prompt"),
    validation("prompt switched off", ' showInputMessage="1"', "", "Team!E7:E18: no prompt"),
    validation("no message", ' error="[^"]*"', "", "Team!E7:E18: no message after a mistake"),
    validation("message switched off", ' showErrorMessage="1"', "", "Team!E7:E18: no message after a mistake"),
    validation(
        "a warning only", " errorTitle", ' errorStyle="warning" errorTitle', "a mistake gives a warning, not a stop"
    ),
    validation(
        "a message without advice", ' error="[^"]*"', ' error="Wrong!"', "the message does not say what to type: Wrong!"
    ),
    validation(
        "unknown list", "<formula1>list_search</formula1>", "<formula1>list_x</formula1>", "no list is named list_x"
    ),
    # 5. Protection
    Defect(cells.protection, "unprotected sheet", "Targets", "<sheetProtection [^>]*/>", "", "Targets: not protected"),
    Defect(cells.protection, "protection off", "Targets", ' sheet="1"', ' sheet="0"', "Targets: not protected"),
    Defect(
        cells.protection,
        "old password",
        "Targets",
        ' sheet="1"',
        ' password="CC1A" sheet="1"',
        "Targets: protected with a password",
    ),
    Defect(
        cells.protection,
        "password",
        "Targets",
        ' sheet="1"',
        ' hashValue="x" sheet="1"',
        "Targets: protected with a password",
    ),
    Defect(
        cells.protection,
        "protected list",
        "Team",
        "</sheetData>",
        '</sheetData><sheetProtection sheet="1"/>',
        "Team: protected, so that nobody can sort",
    ),
    Defect(
        cells.protection,
        "locked structure",
        WORKBOOK,
        "<bookViews>",
        "<workbookProtection/><bookViews>",
        "its structure is protected",
    ),
    Defect(
        cells.inputs_are_unlocked, "locked input", "Team", r'(<c r="E7" s=)"\d+"', r'\1"1"', "Team!E7: a locked input"
    ),
    Defect(
        cells.inputs_are_unlocked,
        "locked standard",
        "Targets",
        r'(<c r="C19" s=)"\d+"',
        r'\1"1"',
        "Targets!C19: a locked input",
    ),
    Defect(cells.inputs_are_unlocked, "everything open", STYLES, '<protection locked="0"/>', "", "a locked input"),
    Defect(
        cells.inputs_are_unlocked,
        "open formula",
        "Team",
        r'(<c r="E7" s="(\d+)".*<c r="L7" s=)"\d+"',
        r'\1"\2"',
        "Team!L7: unlocked",
    ),
    Defect(
        cells.nothing_hidden, "hidden sheet", WORKBOOK, 'name="Lists"', 'name="Lists" state="hidden"', "Lists: hidden"
    ),
    Defect(
        cells.nothing_hidden,
        "very hidden sheet",
        WORKBOOK,
        'name="Lists"',
        'name="Lists" state="veryHidden"',
        "Lists: very",
    ),
    Defect(cells.nothing_hidden, "hidden row", "Team", '<row r="8"', '<row hidden="1" r="8"', "Team: row 8 is hidden"),
    Defect(
        cells.nothing_hidden, "row of no height", "Team", '<row r="8"', '<row ht="0" r="8"', "Team: row 8 is hidden"
    ),
    Defect(
        cells.nothing_hidden,
        "hidden column",
        "Team",
        '<col min="5"',
        '<col hidden="1" min="5"',
        "Team: column 5 is hidden",
    ),
    Defect(
        cells.nothing_hidden,
        "columns folded away without a +",
        "Accounts",
        ' collapsed="1"',
        "",
        "Accounts: column 20 is hidden",
    ),
    Defect(
        cells.nothing_hidden,
        "hidden name",
        WORKBOOK,
        'name="in_person"',
        'hidden="1" name="in_person"',
        "name in_person is",
    ),
    Defect(
        cells.nothing_hidden,
        "hidden formulas",
        STYLES,
        '<protection locked="0"',
        '<protection locked="0" hidden="1"',
        "is hidden",
    ),
    # 6. Screen and print
    Defect(look.opens_well, "nothing frozen", "Team", "<pane [^>]*/>", "", "Team: its header is not frozen"),
    Defect(look.opens_well, "split, not frozen", "Team", ' state="frozen"', "", "Team: its header is not frozen"),
    Defect(look.opens_well, "zoom 120", "Team", "<sheetView ", '<sheetView zoomScale="120" ', "Team: zoom 120"),
    Defect(
        look.opens_well,
        "cursor far away",
        "Team",
        "<selection [^>]*/>",
        '<selection pane="bottomLeft" activeCell="Z99"/>',
        "Team: the cursor is at Z99",
    ),
    Defect(
        look.prints_well,
        "no print area",
        WORKBOOK,
        r'<definedName name="_xlnm.Print_Area" localSheetId="\d+">Accounts!.*?</definedName>',
        "",
        "Accounts: no print area",
    ),
    Defect(
        look.prints_well,
        "header not repeated",
        WORKBOOK,
        r'<definedName name="_xlnm.Print_Titles" localSheetId="\d+">Accounts!.*?</definedName>',
        "",
        "Accounts: its header is not repeated",
    ),
    Defect(
        look.prints_well,
        "portrait",
        "Accounts",
        'orientation="landscape"',
        'orientation="portrait"',
        "Accounts: not landscape",
    ),
    Defect(look.prints_well, "full size", "Accounts", ' fitToPage="1"', "", "Accounts: not fitted to pages"),
    Defect(
        look.prints_well,
        "text of five points",
        "Accounts",
        ' fitToWidth="2"',
        ' fitToWidth="1"',
        "Accounts: too small to read on paper",
    ),
    Defect(look.prints_well, "paper of another size", "Team", 'paperSize="9"', 'paperSize="8"', "Team: not on A4"),
    Defect(
        look.prints_well,
        "names of the rows on the first page alone",
        WORKBOOK,
        "Accounts!\\$A:\\$C,",
        "",
        "Accounts: pages across without the names of the rows",
    ),
    Defect(
        look.prints_well,
        "columns wider than a page",
        "Functions",
        ' fitToHeight="0"',
        ' fitToWidth="2" fitToHeight="0"',
        "Functions: a second page across",
    ),
    Defect(
        look.prints_well,
        "subtitle longer than the names of the rows",
        "xl/sharedStrings.xml",
        "One row for each deal[.]",
        "One row for each deal, open, won or lost.",
        "Pipeline: a text is cut where every page repeats it",
    ),
    Defect(
        look.prints_well, "no footer", "Accounts", "<headerFooter>.*?</headerFooter>", "", "Accounts: no page number"
    ),
    # 7. Tables
    Defect(cells.whole_tables, "blank row", "Team", '<row r="9".*?</row>', "", "(tblTeam): row 9 is blank"),
    Defect(
        cells.whole_tables, "blank cell", "Team", '<c r="G9" [^>]*/>', "", "(tblTeam): row 9 has cells that are neither"
    ),
    # 8. Versions
    Defect(file.versions, "no version", PROPERTIES, 'name="schema_version"', 'name="x"', "schema_version: missing"),
    Defect(
        file.versions,
        "no template version",
        PROPERTIES,
        'name="template_version"',
        'name="x"',
        "template_version: missing",
    ),
    Defect(file.versions, "version not shown", TEXTS, ", layout ", ", ", "Start: the versions are not shown"),
)
