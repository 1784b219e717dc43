"""Every worksheet function that is compiled, by its name in formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xlsales.calculation.compiled.values import Value
from xlsales.calculation.compiled.worksheet import criteria, dates, logical, lookup, maths, statistical, writing

# Those that get the values of their arguments.
PLAIN: Mapping[str, Callable[..., Value]] = {
    "ABS": maths.absolute,
    "AND": logical.every,
    "AVERAGE": statistical.average,
    "COUNT": statistical.count,
    "COUNTA": statistical.counta,
    "COUNTBLANK": statistical.countblank,
    "DATE": dates.date,
    "DAY": dates.day,
    "EDATE": dates.edate,
    "FALSE": logical.false,
    "FIND": writing.find,
    "HYPERLINK": writing.hyperlink,
    "INDEX": lookup.index,
    "INT": maths.integer,
    "ISBLANK": logical.is_blank,
    "ISERROR": logical.is_error,
    "ISNA": logical.is_na,
    "ISNUMBER": logical.is_number,
    "ISTEXT": logical.is_text,
    "LARGE": statistical.nth_largest,
    "LEN": writing.length,
    "LOWER": writing.lower,
    "MATCH": lookup.match,
    "MAX": statistical.largest,
    "MIN": statistical.smallest,
    "MOD": maths.modulo,
    "MONTH": dates.month,
    "N": logical.as_number,
    "NA": logical.not_available,
    "NOT": logical.negation,
    "OR": logical.some,
    "RANK": statistical.rank,
    "ROUND": maths.rounded,
    "ROUNDDOWN": maths.rounded_down,
    "ROUNDUP": maths.rounded_up,
    "SIGN": maths.sign,
    "SMALL": statistical.nth_smallest,
    "SQRT": maths.square_root,
    "SUBSTITUTE": writing.substitute,
    "SUM": statistical.total,
    "SUMPRODUCT": statistical.sumproduct,
    "TEXT": writing.written,
    "TRUE": logical.true,
    "UPPER": writing.upper,
    "WEEKDAY": dates.weekday,
    "YEAR": dates.year,
}

# Those of PLAIN that take areas; to the others an area would mean a result for each of its cells.
AREAS = frozenset(
    ("AND", "AVERAGE", "COUNT", "COUNTA", "COUNTBLANK", "INDEX", "MATCH", "MAX", "MIN", "OR", "RANK", "SUM")
) | {"LARGE", "SMALL", "SUMPRODUCT"}

# Those of AREAS to which it is all the same what cells hold, but for its kind.
KINDS_ONLY = frozenset(("COUNT", "COUNTA"))

# Those that work out their arguments themselves, some of them only where they are needed.
LAZY: Mapping[str, Callable[..., Value]] = {
    "CHOOSE": logical.choose,
    "IF": logical.choose_if,
    "IFERROR": logical.if_error,
    "IFNA": logical.if_na,
}

# Those that take ranges and criteria in turn, and whether a range to add up stands before them.
CRITERIA: Mapping[str, tuple[Callable[..., Value], bool]] = {
    "AVERAGEIFS": (criteria.averageifs, True),
    "COUNTIF": (criteria.countifs, False),
    "COUNTIFS": (criteria.countifs, False),
    "SUMIFS": (criteria.sumifs, True),
}
