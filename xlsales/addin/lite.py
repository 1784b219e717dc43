"""The functions for xlwings Lite: a personal module, written from the declarations, and its requirements."""

from __future__ import annotations

from typing import Final

from xlsales.functions import CATALOGUE, SalesFunction
from xlsales.functions.arguments import Argument
from xlsales.texts import N_, _
from xlsales.version import __version__

MODULE: Final = "sales_functions.py"  # not xlsales.py, which would hide the package
REQUIREMENTS: Final = "requirements.txt"
STEPS: Final = (
    N_(
        "Install xlwings Lite from Excel's add-in store, and add the lines of requirements.txt to its requirements.txt."
    ),
    N_("Put sales_functions.py into a folder “personal”, and drag the folder onto Menu > Files > Import/Export."),
    N_("Menu > Restart. Then =MAGIC_NUMBER(15000, 2500, 60%, 40%, 1) shows 25 in any workbook."),
)
_HEAD: Final = '''\
"""The sales functions for xlwings Lite, as a personal module: every workbook sees them.

Written by xlsales {version} (`xlsales addin lite`) from the functions' declarations: do not edit it.
"""

from xlsales.functions.lite import answer
from xlwings import arg, func
'''


def module() -> bytes:
    """The personal module."""
    return "\n\n".join([_HEAD.format(version=__version__), *map(_face, CATALOGUE.values())]).encode()


def requirements() -> bytes:
    """The requirements, with the steps above them."""
    steps = [f"# {number}. {_(step)}" for number, step in enumerate(STEPS, 1)]
    return "\n".join([*steps, "xlwings", "numpy", f"xlsales=={__version__}", ""]).encode()


def _face(function: SalesFunction) -> str:
    names = [argument.name for argument in function.arguments]
    given = ", ".join(f"*{name}" if function.is_variadic and name == names[-1] else name for name in names)
    return "\n".join(
        [
            "@func",
            *(_decorator(argument) for argument in function.arguments),
            f"def {function.name}({', '.join(map(_parameter, function.arguments))}):",
            f"    {_quoted(_(function.summary))}",
            f'    return answer("{function.name}", {given})',
            "",
        ]
    )


def _decorator(argument: Argument) -> str:
    return f'@arg("{argument.name}", ndim=2, err_to_str=True, doc={_quoted(_(argument.help))})'


def _parameter(argument: Argument) -> str:
    if argument.variadic:
        return f"*{argument.name}"
    return argument.name if argument.required else f"{argument.name}=None"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
