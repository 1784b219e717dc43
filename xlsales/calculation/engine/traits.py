"""What is known of Excel's functions and operators, by which a formula is written again for the calculation engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

COMPARISONS: Mapping[str, str] = {"=": "EQ", "<>": "NE", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE"}
SUMS: Mapping[str, str] = {"+": "PLUS", "-": "MINUS"}
# Functions of ranges and criteria, and whether a range to add up stands before or behind them, or none does.
CRITERIA: Mapping[str, str] = {
    "COUNTIF": "",
    "COUNTIFS": "",
    "SUMIF": "behind",
    "AVERAGEIF": "behind",
    "SUMIFS": "before",
    "AVERAGEIFS": "before",
    "MAXIFS": "before",
    "MINIFS": "before",
}
# Functions that jump from one number to the next: a number that is one of them in 15 digits only is in doubt.
STEPS = frozenset(("INT", "TRUNC", "MOD", "QUOTIENT", "ROUNDDOWN", "ROUNDUP"))
# Functions of dates, each with how many of its arguments are numbers; those that take holidays, with their places.
DAYS: Mapping[str, int] = {
    **dict.fromkeys(("DATE",), 3),
    **dict.fromkeys(("DATEDIF", "DAYS", "DAYS360", "EDATE", "EOMONTH"), 2),
    **dict.fromkeys(("NETWORKDAYS", "NETWORKDAYS.INTL", "WORKDAY", "WORKDAY.INTL"), 2),
    **dict.fromkeys(("ISOWEEKNUM", "WEEKNUM"), 1),
}
HOLIDAYS: Mapping[str, Sequence[int]] = {
    **dict.fromkeys(("NETWORKDAYS", "WORKDAY"), (2,)),
    **dict.fromkeys(("NETWORKDAYS.INTL", "WORKDAY.INTL"), (3,)),
}
MULTIPLES = frozenset(("CEILING", "FLOOR", "MROUND"))
# Functions of texts, each with the places of the arguments that are texts to it, whatever they are.
TEXTS: Mapping[str, Sequence[int]] = {
    **dict.fromkeys(("LEFT", "RIGHT", "MID", "LEN", "UPPER", "LOWER", "PROPER", "TRIM", "REPT", "REPLACE"), (0,)),
    **dict.fromkeys(("FIND", "SEARCH", "EXACT"), (0, 1)),
    "SUBSTITUTE": (0, 1, 2),
    "CONCATENATE": range(30),
}
# Functions that count the letters of texts.
COUNTING = frozenset(("FIND", "LEFT", "LEN", "MID", "REPLACE", "RIGHT", "SEARCH"))
# Functions of a number, or whose first argument is one.
_WITH_A_NUMBER = """
ABS DAY EXP HOUR INT LN LOG10 MINUTE MOD MONTH ROUND ROUNDDOWN ROUNDUP SECOND SIGN SQRT TRUNC WEEKDAY YEAR
"""
OF_A_NUMBER = frozenset(_WITH_A_NUMBER.split())
# Functions of an order, each with the argument that is a place in it, or says which way it goes.
PLACES: Mapping[str, int] = {"LARGE": 1, "RANK": 2, "RANK.EQ": 2, "SMALL": 1}
# Functions whose results are whole numbers: comparing two of them needs no rounding.
_WHOLE_NUMBERS = """
AREAS CODE COLUMN COLUMNS COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS DAY FIND HOUR INT LEN MATCH MINUTE MONTH RANK ROW
ROWS SEARCH SECOND SHEET SHEETS SIGN WEEKDAY WEEKNUM YEAR
"""
WHOLE = frozenset(_WHOLE_NUMBERS.split())
# Functions that may give 0 with a minus, which Excel does not know: it shows in texts.
_MAY_BE_NEGATIVE = "CEILING FLOOR INT MOD MROUND PRODUCT QUOTIENT ROUND ROUNDDOWN ROUNDUP SUMPRODUCT TRUNC"
SIGNED = frozenset(_MAY_BE_NEGATIVE.split())
# Functions that compare the first of these arguments with the others, to find what is equal; None is all behind it.
EQUAL: Mapping[str, tuple[int, int | None]] = {
    "DELTA": (0, 1),
    "GESTEP": (0, 1),
    "PERCENTRANK": (1, 0),
    "PERCENTRANK.EXC": (1, 0),
    "PERCENTRANK.INC": (1, 0),
    "SWITCH": (0, None),
}
# Functions that give texts, whatever they are given.
_GIVING_TEXTS = """
CHAR CLEAN CONCAT CONCATENATE DOLLAR LEFT LOWER MID PROPER REPLACE REPT RIGHT SUBSTITUTE T TEXT TEXTJOIN TRIM UNICHAR
UPPER
"""
GIVE_TEXTS = frozenset(_GIVING_TEXTS.split())
# Functions of numbers, which take a text that is no cell's for the number that it says.
_NUMBERS = "AVERAGE AVERAGEA LARGE MAX MEDIAN MIN PRODUCT SMALL STDEV STDEV.S SUM SUMSQ VAR VAR.S"
OF_NUMBERS = frozenset(_NUMBERS.split())
TRUTHS: Mapping[str, int] = {"IF": 0, "NOT": 0, "TEXTJOIN": 1}  # functions with the place of what is a truth to them
# Lookups, with the place of what asks for an exact match.
LOOKUPS: Mapping[str, int | None] = {"HLOOKUP": 3, "LOOKUP": None, "MATCH": 2, "VLOOKUP": 3}
EXACT = frozenset(("RANK", "RANK.EQ", "XLOOKUP", "XMATCH"))  # others that look for what is equal
# Functions that choose, with the place of the first of their choices.
CHOOSING: Mapping[str, int] = {"CHOOSE": 1, "IF": 1, "IFERROR": 0, "IFNA": 0}
# Functions that hand on what they are given, which may be texts, or that give texts.
_HANDING_ON = "CHOOSE HLOOKUP IF IFERROR IFNA INDEX INDIRECT LOOKUP OFFSET T VLOOKUP XLOOKUP"
HAND_ON = frozenset(_HANDING_ON.split()) | GIVE_TEXTS
