"""The rules of the workbook: quiet on the shipped planners, loud on a planner with one defect planted."""

from __future__ import annotations

import datetime as dt
import inspect
import io
import re
import zipfile
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from tests.planner.conftest import FreshValues
from tests.planner.rules import cells, file, formulas, language, lists, look, macros, numbers
from tests.planner.rules.defects import DEFECTS
from tests.planner.rules.language_defects import LANGUAGE_DEFECTS
from tests.planner.rules.list_defects import LIST_DEFECTS
from tests.planner.rules.macro_defects import DEFECTS_WITH_MACROS, DEFECTS_WITHOUT_MACROS
from tests.planner.rules.opened import Opened
from tests.planner.rules.planted import Defect, Planted, Rule, formula
from tests.unshared import unshared
from xlsales.batch import Options, prepare
from xlsales.batch.filled_copies import WRITERS
from xlsales.calculation.session import blank_values as calculated
from xlsales.workbook import package

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables

RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        cells.tab_colours,
        cells.styles_of_cells,
        cells.words_beside_colours,
        formulas.one_formula_in_a_column,
        formulas.no_buried_constants,
        formulas.short_formulas,
        formulas.few_nested_ifs,
        formulas.known_functions,
        formulas.plain_references,
        formulas.shared_formulas_as_excel_writes_them,
        formulas.no_external_links,
        formulas.no_circular_references,
        cells.every_input_is_validated,
        cells.protection,
        cells.inputs_are_unlocked,
        cells.nothing_hidden,
        lists.row_formulas_know_their_row_alone,
        lists.lists_are_read_whole,
        lists.new_rows_calculate,
        lists.lists_have_filters,
        lists.calculated_cells_refuse_typing,
        language.no_text_patterns,
        language.no_words_in_formulas,
        language.words_stand_once,
        language.headings_are_named,
        look.opens_well,
        look.prints_well,
        look.alt_texts,
        look.contrast,
        look.words_in_conditional_formats,
        numbers.one_look_of_a_figure,
        numbers.differences_of_nothing_have_no_sign,
        cells.whole_tables,
        file.versions,
        macros.kind_of_file,
        macros.code_names,
        macros.sources_of_the_project,
        macros.words_of_the_project,
        macros.function_help,
        macros.tooltips,
        macros.buttons,
    )
}
# What the rules allow, and why. Native twins alone: their text is the declaration of the sales function,
# tested against Python in tests/functions, and they must refuse what the function refuses.
ALLOWED = (
    ("short_formulas", r"Functions!G\d+: ", "the native twins of the bridge and the gallery"),
    ("no_buried_constants", r"Functions!G\d+: ", "the functions' default arguments, such as scores from 1 to 5"),
    ("few_nested_ifs", r"Functions!G\d+: ", "functions with several answers"),
    (
        "row_formulas_know_their_row_alone",
        r"\w+!\w+ \(\w+, (ID check|No Monday, or twice\?)\): counts rows",
        "whether an earlier row has the same key: as many of them in any order",
    ),
    (
        "row_formulas_know_their_row_alone",
        r"\S+!\w+ \(\w+, For checks: rows(, \d)?\): counts rows",
        "whether the cells that the row reads are its own",
    ),
    ("no_words_in_formulas", r"Functions!G\d+: ", "the codes that the functions return and take"),
)


@pytest.fixture(scope="module")
def shipped_planner(template_path: Path) -> Opened:
    return Opened(package.read(template_path.read_bytes()))


@pytest.fixture(scope="module")
def whole(small_template_xlsx: Path) -> Opened:
    """A small planner to plant defects in."""
    return Opened(_in_full(package.read(small_template_xlsx.read_bytes())))


@pytest.fixture(scope="module")
def whole_with_macros(small_template: Path) -> Opened:
    """The same with macros."""
    return Opened(_in_full(package.read(small_template.read_bytes())))


def _in_full(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Each formula told in full, so that a defect can be planted in one of them."""
    for name, content in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            sheet = etree.fromstring(content)
            unshared(sheet)
            parts[name] = etree.tostring(sheet, xml_declaration=True, encoding="UTF-8", standalone=True)
    return parts


def violations(rule: Rule, planner: Opened) -> list[str]:
    """What the rule says, but for what is allowed."""
    allowed = [re.compile(places) for name, places, _why in ALLOWED if name == rule.__name__]
    return [told for told in rule(planner) if not any(places.match(told) for places in allowed)]


@pytest.mark.parametrize("rule", RULES)
def test_shipped_planner_keeps_the_rule(shipped_planner: Opened, rule: str) -> None:
    assert violations(RULES[rule], shipped_planner) == []


@pytest.mark.parametrize(("rule", "places"), [(name, places) for name, places, _why in ALLOWED])
def test_every_exception_is_needed(shipped_planner: Opened, rule: str, places: str) -> None:
    assert any(re.match(places, told) for told in RULES[rule](shipped_planner))


def _id(defect: Planted) -> str:
    return f"{defect.rule.__name__}: {defect.name}"


@cache
def opened(template: Path) -> Opened:
    """A template as it is, opened once."""
    return Opened(package.read(template.read_bytes()))


@cache
def told_before(rule: Rule, whole: Opened) -> frozenset[str]:
    """What a rule says of the planner in which nothing is planted, found out once."""
    return frozenset(violations(rule, whole))


def _told_only_then(defect: Planted, whole: Opened) -> None:
    before = told_before(defect.rule, whole)
    told = [line for line in violations(defect.rule, defect.planted(whole)) if line not in before]
    assert any(defect.told in line for line in told), told


@pytest.mark.parametrize("defect", [*DEFECTS, *LANGUAGE_DEFECTS, *LIST_DEFECTS, *DEFECTS_WITHOUT_MACROS], ids=_id)
def test_planted_defect_is_found(whole: Opened, defect: Planted) -> None:
    _told_only_then(defect, whole)


@pytest.mark.parametrize("defect", DEFECTS_WITH_MACROS, ids=_id)
def test_planted_defect_is_found_with_macros(whole_with_macros: Opened, defect: Planted) -> None:
    _told_only_then(defect, whole_with_macros)


def test_every_rule_has_a_defect_and_every_function_of_a_module_is_a_rule() -> None:
    planted = (*DEFECTS, *LANGUAGE_DEFECTS, *LIST_DEFECTS, *DEFECTS_WITH_MACROS)
    assert {defect.rule.__name__ for defect in planted} == RULES.keys()
    public = {
        name
        for module in (cells, formulas, language, lists, look, macros, numbers)
        for name, found in inspect.getmembers(module, inspect.isfunction)
        if found.__module__ == module.__name__ and inspect.signature(found).parameters.keys() == {"planner"}
    }
    assert {name for name in public if not name.startswith(("_", "has_"))} <= RULES.keys()


@pytest.mark.parametrize(
    "text",
    [
        "IF($I7>0,-1,ROUND(2*$J7/100,2))",  # the numbers that are allowed
        "IF($I7<=7,12,IF($I7>24,52,1))",
        'IF($I7="65%","5 ÷ 65","0.00%")',  # numbers in texts
        "'Org health'!$G$10+Q1+$AA65",  # and in references
        'COUNTIF($I$7:$I$18,">0")',
        'COUNTIF($I$7:$I$18,"[÷")',
        "th_a_cut+in_season_05",  # and in names
        "12+" + "+".join("1" * 79),  # 160 characters
        "IF($I7>0,IF($I7>1,IF($I7>2,1,0),0),0)",  # two nested in the first
        "IF($I7>0,1,0)+IF($I7>1,1,0)+IF($I7>2,1,0)+IF($J7>2,1,0)",  # side by side
        "SUM(ROW($L$7),ROW($L7))",  # where a cell stands is not what it holds
    ],
)
def test_sound_formula_is_left_in_peace(whole: Opened, text: str) -> None:
    names = (
        "no_buried_constants",
        "short_formulas",
        "few_nested_ifs",
        "known_functions",
        "plain_references",
        "no_words_in_formulas",
    )
    planted = formula(RULES[names[0]], text, "L7", text, "").planted(whole)
    for name in (*names, "no_circular_references"):
        assert set(violations(RULES[name], planted)) == told_before(RULES[name], whole)


@pytest.mark.parametrize(
    ("ink", "ground", "contrast"),
    [
        ("000000", "FFFFFF", 21.0),
        ("FFFFFF", "FFFFFF", 1.0),
        ("FA7D00", "F2F2F2", 2.35),  # Excel's own style "Calculation"
        ("FFFFFF", "A5A5A5", 2.46),  # and its "Check Cell"
        ("767676", "FFFFFF", 4.54),  # the lightest grey that passes
        ("777777", "FFFFFF", 4.48),
    ],
)
def test_contrast_is_that_of_the_standard(ink: str, ground: str, contrast: float) -> None:
    assert round(look.ratio(ink, ground), 2) == contrast


# 9. Provenance


@pytest.mark.parametrize(
    ("template_fixture", "writer"),
    [*product(["small_template"], WRITERS), ("small_template_xlsx", "stamp")],  # openpyxl's: tests/workbook/stamp
)
def test_generated_planner_says_where_it_comes_from_and_keeps_every_rule(
    tmp_path: Path,
    small_tables: Tables,
    template_fixture: str,
    writer: str,
    request: pytest.FixtureRequest,
    write_tables: WriteTables,
) -> None:
    template: Path = request.getfixturevalue(template_fixture)
    whole = opened(template)
    options = Options(tmp_path / "plans", workers=1, template=template, writer=writer)
    batch = prepare(
        write_tables(tmp_path / "tables", {**small_tables, "territories": small_tables["territories"][:1]}), options
    )
    batch.run()
    planner = Opened(package.read((tmp_path / "plans" / f"T1 North{template.suffix}").read_bytes()))
    assert file.provenance(planner) == []
    assert planner.parts.get(macros.PROJECT) == whole.parts.get(macros.PROJECT)
    told = {name: set(violations(rule, planner)) - told_before(rule, whole) for name, rule in RULES.items()}
    assert {name: lines for name, lines in told.items() if lines} == {}


def test_blank_planner_comes_from_no_run(whole: Opened) -> None:
    assert file.provenance(whole) == [
        f"custom property {name}: missing" for name in ("run_id", "input_hash", "as_of", "territory_id")
    ]


# 10. The same bytes


def test_shipped_planner_knows_no_time(template_path: Path) -> None:
    """Built another time, it has the same bytes: test_build."""
    assert file.fixed_times(template_path.read_bytes()) == []


def test_other_bytes_are_told_by_their_part(whole: Opened) -> None:
    content = package.write(whole.parts)
    other = package.write({**whole.parts, "docProps/core.xml": b"<core>2026-01-01T10:00:00Z</core>"})
    assert file.same_bytes(content, other) == ["docProps/core.xml"]
    assert file.fixed_times(other) == ["docProps/core.xml: 2026-01-01T10:00:00Z"]
    assert file.same_bytes(content, _zipped(whole.parts)) == ["the zip around the parts"]
    assert len(file.fixed_times(_zipped(whole.parts))) == len(whole.parts)


def _zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, dt.datetime(2026, 1, 1).timetuple()[:6]), content)
    return target.getvalue()


# 11. The stored values. LibreOffice's are compared in tests/parity.


def test_stored_values_are_those_of_a_fresh_calculation(shipped_planner: Opened, fresh_values: FreshValues) -> None:
    assert file.stored_values(shipped_planner, fresh_values) == []


@cache
def fresh_values_of(planner: Opened) -> FreshValues:
    """The values of a planner, calculated anew."""
    return calculated(package.write(planner.parts))


@pytest.mark.parametrize(
    ("cell", "pattern", "replacement", "told"),
    [
        ("C9", r"</f><v>[^<]*</v>", "</f><v>9</v>", "Checks!C9: stored '9', calculated 0.0"),
        ("C9", r"</f><v>[^<]*</v>", "</f>", "Checks!C9: no value is stored"),
        ("C9", r"<f>", '<f x="e">', ""),
        ("D9", r"</f><v>[^<]*</v>", "</f><v>LOOK</v>", "Checks!D9: stored 'LOOK', calculated 'OK'"),
        ("D9", ' t="str"', ' t="e"', "Checks!D9: shows OK"),
    ],
)
def test_wrong_stored_value_is_found(whole: Opened, cell: str, pattern: str, replacement: str, told: str) -> None:
    fresh = fresh_values_of(whole)
    planted = Defect(
        formulas.short_formulas, cell, "Checks", rf'(<c r="{cell}"(?:(?!</c>).)*?){pattern}', rf"\1{replacement}", ""
    )
    assert file.stored_values(planted.planted(whole), fresh) == ([told] if told else [])
