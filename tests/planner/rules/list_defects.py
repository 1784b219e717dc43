"""Defects to plant in the lists of a planner: those that a person sorts, filters, lengthens and shortens."""

from __future__ import annotations

from tests.planner.rules import lists
from tests.planner.rules.defects import WORKBOOK
from tests.planner.rules.planted import Defect, Planted, formula

LIST_DEFECTS: tuple[Planted, ...] = (
    *(
        formula(lists.row_formulas_know_their_row_alone, name, "L7", text, f"Team!L7 (tblTeam, Of target): {told}")
        for name, text, told in (
            ("the row above", "N($J6)", "$J6 is a row that moves"),
            ("the row below", "N($J8)+$I7", "$J8 is a row that moves"),
            ("a fixed row of the list", "N($J$8)", "$J$8 is a part of a column"),
            ("all rows so far", "SUM($J$7:$J7)", "$J$7:$J7 is a row that moves"),
            ("all but the first row", "SUM($J$8:$J$9)", "$J$8:$J$9 is a part of a column"),
            ("another row with the sheet's name", "Team!$J8", "Team!$J8 is a row that moves"),
            ("the place of the row", "ROW()-ROW($L$6)", "counts rows"),
            ("how many rows above", "ROWS($L$7:$L$9)", "counts rows"),
        )
    ),
    *(
        formula(lists.lists_are_read_whole, name, "C8", text, f"Checks!C8: {told}", sheet="Checks")
        for name, text, told in (
            ("one cell of a list", "N(Team!$J$8)", "Team!$J$8 is a part of tblTeam"),
            ("a list without its last row", "SUM(Team!$J$7:$J$8)", "Team!$J$7:$J$8 is a part of tblTeam"),
            ("a list and the row beneath", "SUM(Team!$J$7:$J$10)", "Team!$J$7:$J$10 is a part of tblTeam"),
            ("a list and its heading", "COUNT(Team!$J$6:$J$9)", "Team!$J$6:$J$9 is a part of tblTeam"),
        )
    ),
    Defect(
        lists.lists_are_read_whole,
        "a name of a list's row",
        WORKBOOK,
        '"cad_topics">[^<]*<',
        '"cad_topics">Team!$E$7:$E$8<',
        "the name cad_topics: Team!$E$7:$E$8 is a part of tblTeam",
    ),
    Defect(
        lists.lists_are_read_whole,
        "a chart of some rows",
        "xl/charts/chart1.xml",
        "<c:f>[^<]*</c:f>",
        "<c:f>Activity!$F$9:$F$12</c:f>",
        "xl/charts/chart1.xml: Activity!$F$9:$F$12 is a part of tblWeeks",
    ),
    *(
        Defect(
            lists.new_rows_calculate,
            name,
            "xl/tables/table1.xml",
            "<calculatedColumnFormula>.*?</calculatedColumnFormula>",
            replacement,
            "Accounts (tblAccounts, Points: revenue): new rows get",
        )
        for name, replacement in (
            ("no formula for new rows", ""),
            ("another formula for new rows", "<calculatedColumnFormula>1</calculatedColumnFormula>"),
            ("a short table reference", "<calculatedColumnFormula>[@Potential]</calculatedColumnFormula>"),
        )
    ),
    Defect(
        lists.new_rows_calculate,
        "a formula for a column to fill",
        "xl/tables/table1.xml",
        '(<tableColumn id="1" name="Account ID")/>',
        r"\1><calculatedColumnFormula>1</calculatedColumnFormula></tableColumn>",
        "Accounts (tblAccounts, Account ID): new rows get 1, the first has None",
    ),
    Defect(
        lists.lists_have_filters,
        "no buttons",
        "xl/tables/table1.xml",
        "<autoFilter [^>]*/>",
        "",
        "Accounts (tblAccounts): no buttons",
    ),
    Defect(
        lists.calculated_cells_refuse_typing,
        "open to typing",
        "Team",
        '<dataValidation type="custom".*?</dataValidation>',
        "",
        "Team!L7: a formula that anybody overwrites",
    ),
    Defect(
        lists.calculated_cells_refuse_typing,
        "closed to typing",
        "Team",
        '(<dataValidation type="custom"[^>]* sqref=")',
        r"\1E7 ",
        "Team!E7: nothing can be typed",
    ),
)
