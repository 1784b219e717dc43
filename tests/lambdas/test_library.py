"""Which functions have a LAMBDA, and whether Excel can take each as it is written."""

from __future__ import annotations

import re

import pytest
import xlsxwriter

from xlsales.functions import CATALOGUE
from xlsales.functions.excel_names import BUILT_IN
from xlsales.functions.lint import is_cell_address
from xlsales.lambdas.bodies import NONE, all_bodies
from xlsales.lambdas.embed import comment
from xlsales.lambdas.library import Lambda, library, without
from xlsales.lambdas.stored import stored, variables
from xlsales.lambdas.writing import LONGEST

LIBRARY = library()


def test_every_function_has_a_lambda_or_a_reason_why_it_can_have_none() -> None:
    assert set(without()) == {"SALES_EXPLAIN"}, "write its body in xlsales/lambdas/bodies, or its reason in NONE there"
    assert LIBRARY.keys() | NONE.keys() == CATALOGUE.keys()
    assert all_bodies().keys() <= CATALOGUE.keys()


@pytest.mark.parametrize("one", LIBRARY.values(), ids=LIBRARY)
def test_excel_can_take_it(one: Lambda) -> None:
    assert len(one.stored) <= LONGEST
    assert len(comment(one)) <= 255
    assert not one.stored.startswith("=")
    longest_text = max((len(text) for text in re.findall(r'"(?:[^"]|"")*"', one.typed)), default=0)
    assert longest_text - 2 <= 255
    assert _depth(one.typed) < 64


def _depth(formula: str) -> int:
    depth = deepest = 0
    for character in re.sub(r'"(?:[^"]|"")*"', "", formula):
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    assert depth == 0
    return deepest


@pytest.mark.parametrize("one", LIBRARY.values(), ids=LIBRARY)
def test_no_variable_is_a_function_or_a_cell(one: Lambda) -> None:
    taken = {name for name in variables(one.typed) if name.upper() in BUILT_IN or is_cell_address(name)}
    assert taken == set()
    assert {name for name in variables(one.typed) if name.upper() in CATALOGUE} == set()


@pytest.mark.parametrize("one", LIBRARY.values(), ids=LIBRARY)
def test_the_prefixes_are_those_that_xlsxwriter_took_from_excel(one: Lambda) -> None:
    sheet = xlsxwriter.Workbook("unused.xlsx", {"in_memory": True}).add_worksheet()
    bare = re.sub(r"\[(\w+)\]", r"\1", one.typed)
    expanded = sheet._prepare_formula("=" + bare, expand_future_functions=True)
    assert re.sub(r"_xl[po][mp]\.", "", one.stored) == expanded


def test_parameters_have_the_names_of_the_arguments_unless_those_are_taken() -> None:
    assert LIBRARY["MAGIC_NUMBER"].typed.startswith(
        "LAMBDA(revenue_goal,average_sale_,proposal_ratio_,close_ratio_,[weeks],"
    )
    assert LIBRARY["MAGIC_NUMBER"].stored.startswith("_xlfn.LAMBDA(_xlpm.revenue_goal,")
    assert LIBRARY["GROWTH_TARGET"].typed.startswith("LAMBDA(opening,growth_,[years],")


@pytest.mark.parametrize(
    ("typed", "in_a_file"),
    [
        ("LET(x,1,x+1)", "_xlfn.LET(_xlpm.x,1,_xlpm.x+1)"),
        (
            "LAMBDA(x,[y],IF(ISOMITTED(y),x,y))",
            "_xlfn.LAMBDA(_xlpm.x,_xlop.y,IF(_xlfn.ISOMITTED(_xlpm.y),_xlpm.x,_xlpm.y))",
        ),
        (
            'LET(f,LAMBDA(t,t&"LET(t) "),f("a""b"))',
            '_xlfn.LET(_xlpm.f,_xlfn.LAMBDA(_xlpm.t,_xlpm.t&"LET(t) "),_xlpm.f("a""b"))',
        ),
        ("IF(TRUE,#N/A,1E-9)", "IF(TRUE,#N/A,1E-9)"),
        ("FILTER(x,x>0)", "_xlfn._xlws.FILTER(_xlpm.x,_xlpm.x>0)"),
        ("#DIV/0!", "#DIV/0!"),
        ("#VALUE!", "#VALUE!"),
    ],
)
def test_a_formula_as_excel_saves_it(typed: str, in_a_file: str) -> None:
    assert stored(typed) == in_a_file
