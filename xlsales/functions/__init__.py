"""The sales functions: one definition for Excel cells, the calculation engine, Python and the terminal.

    arguments, registry                       how a function is declared
    subjects                                  the functions, one module per subject
    explain, formulas, working                any of them in one sentence, its formula worked with the numbers
    coercion, evaluation, faults, messages    what happens to a call, and what is said when it fails
    cells, analysts                           the results for spreadsheets and for Python
    reference                                 the documentation, composed from the declarations
    catalogue                                 all of them

In cells, a call gives a value or a real error value. In Python, a call with single values gives a number or
raises SalesFunctionError; with lists, arrays or Series it gives the like of them, NaN where an element has no
result, and `check` tells which error and why.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xlsales.functions.analysts import Checked
from xlsales.functions.arguments import MISSING
from xlsales.functions.catalogue import CATALOGUE
from xlsales.functions.errors import CellError, SalesFunctionError
from xlsales.functions.registry import SalesFunction

__all__ = ["CATALOGUE", "MISSING", "CellError", "Checked", "SalesFunction", "SalesFunctionError", "check"]


def check(function: str | Callable[..., Any], /, *args: Any, **kwargs: Any) -> Checked:
    """Call a function, by name or itself, without raising: values, error codes and reasons side by side.

    Parameters
    ----------
    function : str or callable
        `"MAGIC_NUMBER"`, in any letter case, or `xlsales.magic_number`.
    *args, **kwargs
        Its arguments: single values, arrays or Series.

    Returns
    -------
    Checked
        `values`, `errors` (codes such as `#NUM!`, "" where all is well) and `reasons`, each a single value,
        an array or a Series, like the function's own result. Where the call fails as a whole (ranges of
        different sizes, text in a range) all three are single values.

    Examples
    --------
    >>> import xlsales
    >>> xlsales.check("PROPOSAL_RATIO", [12, 30], [20, 20]).errors.tolist()
    ['', '#NUM!']
    """
    name = function if isinstance(function, str) else function.__name__
    try:
        found = CATALOGUE[name.upper()]
    except KeyError:
        raise LookupError(f"There is no sales function {name}; xlsales.functions.CATALOGUE has them all.") from None
    return found.check(*args, **kwargs)
