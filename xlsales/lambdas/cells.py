"""How a LAMBDA reads a cell: the helpers that stand in front of it, by what an argument holds.

A reader gives a number, a word in capitals, a text, 1 or 0 for TRUE or FALSE; "" for a blank cell or text of spaces;
TRUE for what is of the wrong kind; and the error that a cell holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from xlsales.functions.arguments import Kind

# A cell of what spills, or the single cell that goes with all of them; INDEX refuses a single number in some programs.
PICK: Final = "LAMBDA(v,i,j,IF(TYPE(v)=64,INDEX(v,MIN(i,ROWS(v)),MIN(j,COLUMNS(v))),v))"
# Spaces, tabs, line breaks and no-break spaces around a text are no part of it.
_TIDY: Final = 'LAMBDA(v,TRIM(CLEAN(SUBSTITUTE(v,UNICHAR(160)," "))))'
# Digits with a decimal point, in any country's Excel; "|" stands where a separator of thousands could be.
_AS_NUMBER: Final = (
    'LET(plain,SUBSTITUTE(shown," %","%"),IF(ISNUMBER(FIND(" ",plain)),TRUE,IFERROR(NUMBERVALUE(plain,".","|"),TRUE)))'
)
_NUMBER: Final = (
    "LAMBDA(v,IF(ISERROR(v),v,IF(ISNUMBER(v),v,IF(ISLOGICAL(v),TRUE,"
    f'LET(shown,tidy(v),IF(shown="","",{_AS_NUMBER}))))))'
)
_DATE: Final = (
    "LAMBDA(v,IF(ISERROR(v),v,IF(ISNUMBER(v),v,IF(ISLOGICAL(v),TRUE,LET(shown,tidy(v),"
    "day_,IFERROR(DATE(LEFT(shown,4),MID(shown,6,2),MID(shown,9,2)),0),"
    'IF(shown="","",IF(IFERROR(AND(LEN(shown)=10,MID(shown,5,1)="-",MID(shown,8,1)="-",YEAR(day_)=VALUE(LEFT(shown,4)),'
    f"DAY(day_)=VALUE(RIGHT(shown,2))),FALSE),day_,{_AS_NUMBER})))))))"
)
_WORD: Final = "LAMBDA(v,IF(ISERROR(v),v,IF(ISNUMBER(v),TRUE,IF(ISLOGICAL(v),TRUE,UPPER(tidy(v))))))"
_FLAG: Final = (
    "LAMBDA(v,IF(ISERROR(v),v,IF(ISLOGICAL(v),IF(v,1,0),IF(ISNUMBER(v),IF(OR(v=0,v=1),v,TRUE),LET(shown,UPPER(tidy(v)),"
    'IF(shown="","",IF(OR(shown="TRUE",shown="YES"),1,IF(OR(shown="FALSE",shown="NO"),0,TRUE))))))))'
)
_TEXT: Final = 'LAMBDA(v,IF(ISERROR(v),v,IF(tidy(v)="","",v&"")))'

READER: Final = {
    Kind.NUMBER: "number",
    Kind.RATE: "number",
    Kind.DATE: "moment",
    Kind.CHOICE: "word",
    Kind.FLAG: "flag",
    Kind.TEXT: "words",
}
_READERS: Final = {"number": _NUMBER, "moment": _DATE, "word": _WORD, "flag": _FLAG, "words": _TEXT}


def readers(kinds: Iterable[Kind]) -> dict[str, str]:
    """The helpers that arguments of these kinds need, by the names that they are called by."""
    needed = dict.fromkeys(READER[kind] for kind in kinds)
    return {"tidy": _TIDY, **{name: _READERS[name] for name in needed}}
