"""What Excel loads through xlwings: one plain function per sales function, over the registry.

The faces carry no type hints (xlwings would convert by them) and only pass on what came. Whatever is said
about a function – its help in Excel's function wizard – comes from its declaration in `xlsales.functions`.

Errors: a single result that is an error is raised, and the exception's text begins with the code
(`#NUM! gross_margin is 20, …`); in an array the element is the code as text (`#NUM!`). Turning both into real
error values is the part of the VBA wrappers, which a later version brings; until then stock wrappers show
the text. Error cells arrive as their codes because the arguments are read with `err_to_str`.
"""

import xlwings as xw

from xlsales.functions import CATALOGUE
from xlsales.functions.cells import from_excel, to_excel
from xlsales.functions.registry import CATEGORY


def _face(function):
    """Mark a function for xlwings, with the help of its declaration; every argument may be a range."""
    declared = CATALOGUE[function.__name__]
    function.__doc__ = declared.summary
    for argument in declared.arguments:
        function = xw.arg(argument.name, ndim=2, err_to_str=True, doc=argument.help)(function)
    return xw.func(function, category=CATEGORY)  # last: xw.arg would set the category back


def _answer(name, *values):
    """What the registry says to the values that xlwings sent; `None` stands for an omitted argument."""
    return to_excel(CATALOGUE[name].call_cells(*(from_excel(value) for value in values)))


@_face
def BREAKEVEN_REVENUE(revenue, gross_margin, discount, basis=None):
    return _answer("BREAKEVEN_REVENUE", revenue, gross_margin, discount, basis)


@_face
def BREAKEVEN_UPLIFT(gross_margin, discount, measure=None):
    return _answer("BREAKEVEN_UPLIFT", gross_margin, discount, measure)


@_face
def PROPOSAL_RATIO(proposals, first_appointments):
    return _answer("PROPOSAL_RATIO", proposals, first_appointments)


@_face
def CLOSE_RATIO(won, proposals):
    return _answer("CLOSE_RATIO", won, proposals)


@_face
def AVERAGE_SALE(revenue, won):
    return _answer("AVERAGE_SALE", revenue, won)


@_face
def SALES_CYCLE_DAYS(start_dates, close_dates):
    return _answer("SALES_CYCLE_DAYS", start_dates, close_dates)


@_face
def MAGIC_NUMBER(revenue_goal, average_sale, proposal_ratio, close_ratio, weeks=None):
    return _answer("MAGIC_NUMBER", revenue_goal, average_sale, proposal_ratio, close_ratio, weeks)


@_face
def ACTIVITY_BAROMETER(actual_per_week, magic_number):
    return _answer("ACTIVITY_BAROMETER", actual_per_week, magic_number)


@_face
def ORG_HEALTH(scores, lowest=None, highest=None):
    return _answer("ORG_HEALTH", scores, lowest, highest)
