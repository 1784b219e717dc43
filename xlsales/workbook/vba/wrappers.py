"""The VBA module with a wrapper for every sales function, made from their declarations.

python -m xlsales.excel.vba.wrappers udfs/vba/Functions.bas
"""

from __future__ import annotations

import sys
from pathlib import Path

from xlsales.functions import CATALOGUE, SalesFunction
from xlsales.functions.arguments import Argument
from xlsales.functions.excel_names import name_in_vba
from xlsales.workbook.vba.wizard import GROUP_NUMBER

COMMAND = "python -m xlsales.workbook.vba.wrappers udfs/vba/Functions.bas"
_HEAD = f"""\
Attribute VB_Name = "Functions"
' The sales functions as cells call them. Made from their declarations: do not edit, run
' {COMMAND}
Option Explicit
"""


def functions_module() -> str:
    """Return the source of the module `Functions`."""
    return "\n".join([_HEAD, *map(_wrapper, CATALOGUE.values())])


def _wrapper(function: SalesFunction) -> str:
    name = function.name
    parameters = ", ".join(map(_parameter, function.arguments))
    # The attributes are not shown by the VBA editor; they must follow the function's line at once.
    return f"""\
Public Function {name}({parameters})
Attribute {name}.VB_Description = {_quoted(function.summary)}
Attribute {name}.VB_ProcData.VB_Invoke_Func = " \\n{GROUP_NUMBER}"
    {name} = Answer("{name}", {_passed(function)})
End Function
"""


def _parameter(argument: Argument) -> str:
    name = name_in_vba(argument.name, CATALOGUE)
    if argument.variadic:
        return f"ParamArray {name}()"
    return name if argument.required else f"Optional {name}"


def _passed(function: SalesFunction) -> str:
    names = [name_in_vba(argument.name, CATALOGUE) for argument in function.arguments]
    if function.is_variadic:
        return f"Joined(Array({', '.join(names[:-1])}), {names[-1]})"
    return f"Array({', '.join(names)})"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(functions_module(), encoding="ascii", newline="\n")
