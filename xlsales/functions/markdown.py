"""The reference of all functions as a Markdown document, from their declarations.

python -m xlsales.functions.markdown docs/functions.md
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from xlsales.functions import reference
from xlsales.functions.arguments import Argument, Kind
from xlsales.functions.catalogue import CATALOGUE
from xlsales.functions.messages import shown
from xlsales.functions.registry import SalesFunction

_COMPARED = ("BREAKEVEN_REVENUE", "BREAKEVEN_UPLIFT")
COMMAND = "python -m xlsales.functions.markdown docs/functions.md"

_RULES = """\
# Sales functions

Every function works the same in an Excel cell, in Python (`xlsales.magic_number(…)`), in the terminal
(`xlsales calc MAGIC_NUMBER …`) and when planners are calculated without Excel. Where a workbook must work
without Python, the *native formula* given with each function stands in for it.

This page is generated from the functions' declarations: do not edit it, run `{command}`.

## Rules for all functions

**Units.** A rate, ratio, share or margin is a fraction: type `20%` or `0.2`, never `20`. Growth of more than
100%, and an activity barometer or a commission threshold of more than 1,000%, is taken only as text with its
percent sign, such as `"150%"`: a 5 is much more often 5% typed as a whole number. Money is in the workbook's
currency. Days, weeks, months, hours and counts are plain numbers. Dates are Excel dates; in Python also `date`,
`datetime` or ISO text such as `2027-01-31`.

**Optional arguments** stand in brackets with the value they take when they are left out. A blank cell
given for one counts as left out; so does nothing between two commas, as in `=ORG_HEALTH(A1:A12,,10)`.

**Text that holds a number** is read where it can mean only one: `12`, `-1.5`, `20%`, never `1.000` or `1,234`,
which are different numbers in different countries.

**Ranges.** An argument marked *range* takes a whole range and uses all of it. Every other argument takes
one cell or a range; with ranges the result spills, one value for each element. One column against one row
gives a table of all combinations, a single cell goes with everything, and sizes that do not fit give
`#VALUE!`.

**Blanks.** A blank cell gives `#N/A` where a value is required. Inside a *range* it is skipped; where two
ranges go together, the whole row is. Text of nothing but spaces is blank. A cell that links to a blank one shows
0: as a date or a name, 0 counts as blank; as a number it is 0, because nobody can tell. A whole column with its
heading is refused: begin the range below it, such as `A2:A100`.

**Errors** are real error values, so that `IFERROR` works, and each element of a range has its own:

| error | meaning |
|---|---|
| `#VALUE!` | text that is not a number, TRUE or FALSE where a number is wanted, or sizes that do not fit |
| `#N/A` | a required value is blank, or there is nothing to answer |
| `#NUM!` | a number or word that the argument does not allow: see *allowed* with each function |
| `#DIV/0!` | nothing to divide by |
| any other | a cell that already held it: errors are passed on |

In Python a call with single values raises `SalesFunctionError` with `.code`, `.argument` and `.message`; a
call with arrays or Series has NaN there, and `xlsales.check` tells the codes and reasons. Lists, iterators,
`array.array`, NumPy arrays (masked ones too) and Arrow arrays give NumPy arrays; a Series of pandas or polars gives one
of its own kind. A dict, a set or a table is a `TypeError`.

**No surprises.** Nothing is rounded, nothing depends on today's date, nothing is remembered between calls.

**Native formulas** are ordinary formulas for any version of Excel. In a few cases they are stricter than
the functions and show an error: numbers and dates stored as text, a blank cell given for an optional
argument, words with spaces around them, text of spaces in a range, and 1, 0, YES or NO in place of TRUE or FALSE.
"""

_BASES = """\
### Two ways to read a discount

"20% discount" can mean two things, and the answers differ. `BREAKEVEN_REVENUE` and `BREAKEVEN_UPLIFT` know
both; the word `PROFIT` or `PRICE` says which.

| | `PROFIT` | `PRICE` |
|---|---|---|
| the discount is | a share of **gross profit** given away | a cut in **list price**, at the same unit cost |
| who asks | "we give a fifth of our profit away" | "we sell a fifth cheaper" |
| to earn what {revenue} at a {margin} margin earned, at {discount} | sell **{profit}** | sell **{price}** |
| that is | {profit_more} more | {price_more} more revenue, {units_more} more pieces |

They are not interchangeable. After a price cut of {discount} the margin is {after}, so {profit} of such
sales earn only {earned} of gross profit, and not the {before} of before. Whoever cuts list price needs
`PRICE`.
"""


def document() -> str:
    """The whole reference."""
    functions = list(CATALOGUE.values())
    subjects = {
        subject: [function for function in functions if function.subject == subject]
        for subject in dict.fromkeys(function.subject for function in functions)
    }
    parts = [_RULES.format(command=COMMAND), "\n".join(_contents(subjects))]
    for subject, members in subjects.items():
        parts.append(f"## {subject}\n")
        if any(function.name in _COMPARED for function in members):
            parts.append(_two_bases())
        parts += ["\n".join(_section(function)) for function in members]
    return "\n".join(parts)


def _contents(subjects: dict[str, list[SalesFunction]]) -> Iterator[str]:
    yield "## Contents"
    for subject, functions in subjects.items():
        yield from ("", f"**[{subject}](#{subject.lower().replace(' ', '-').replace(',', '')})**", "")
        for function in functions:
            yield f"- [{function.name}](#{function.name.lower()}) – {function.summary}"
    yield ""


def _two_bases() -> str:
    revenue, margin, discount = 100000.0, 0.5, 0.2
    profit, price = (
        CATALOGUE["BREAKEVEN_REVENUE"].call(revenue, margin, discount, basis) for basis in ("PROFIT", "PRICE")
    )
    more = {
        measure: CATALOGUE["BREAKEVEN_UPLIFT"].call(margin, discount, measure)
        for measure in ("PROFIT", "PRICE", "UNITS")
    }
    after = (margin - discount) / (1 - discount)
    return _BASES.format(
        revenue=f"{revenue:,.0f}",
        margin=f"{margin:.0%}",
        discount=f"{discount:.0%}",
        profit=f"{profit:,.0f}",
        price=f"{price:,.2f}",
        profit_more=f"{more['PROFIT']:.0%}",
        price_more=f"{more['PRICE']:.2%}",
        units_more=f"{more['UNITS']:.2%}",
        after=f"{after:.1%}",
        earned=f"{profit * after:,.0f}",
        before=f"{revenue * margin:,.0f}",
    )


def _section(function: SalesFunction) -> Iterator[str]:
    yield from (f"### {function.name}", "", function.summary, "", f"```\n={function.signature}\n```", "")
    yield from _table(
        ("argument", "what it is", "unit", "allowed", "if left out"), map(_argument_row, function.arguments)
    )
    yield from ("", f"**Result:** {_unit(function.unit)}{_shape(function)}", "")
    yield from ("**Formula**", "", "```", function.formula, "```", "")
    for note in _notes(function):
        yield from (note, "")
    yield from ("**Examples**", "")
    rows = (
        (f"`{reference.excel_call(function, example)}`", _result(function, example.result), example.working)
        for example in function.examples
    )
    yield from _table(("call", "result", "how"), rows)
    yield ""
    errors = list(_errors(function))
    if errors:
        yield from ("**Errors** of its own", "", *errors, "")
    yield from _native(function)
    yield from (f"**Source:** {function.source}", "")


def _notes(function: SalesFunction) -> Iterator[str]:
    """The notes, with a link in place of those that the comparison of the two discounts tells already."""
    compared = {note for name in _COMPARED for note in CATALOGUE[name].notes if name != function.name}
    if function.name in _COMPARED:
        yield "`PROFIT` and `PRICE` are [two ways to read a discount](#two-ways-to-read-a-discount)."
    for note in function.notes:
        if function.name not in _COMPARED or note not in compared:
            yield note


def _unit(unit: str) -> str:
    return unit.partition(":")[0]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


def _argument_row(argument: Argument) -> tuple[str, ...]:
    name = f"`{argument.name}`" + (" *range*" if argument.is_range else "")
    if argument.variadic:
        left_out = "any number of them"
    elif argument.required:
        left_out = ""
    else:
        left_out = "–" if argument.default is None else f"`{reference.literal(argument.default)}`"
    return name, argument.help, "" if argument.choices else _unit(argument.unit), allowed(argument), left_out


def allowed(argument: Argument) -> str:
    """What an argument admits, in words: `0% to below 100%`."""
    if argument.choices:
        return ", ".join(f"`{word}`" for word in argument.choices)
    if argument.kind is Kind.DATE:
        return "1900 to 9999"
    low, high = argument.at_least, argument.up_to
    lower = shown(argument.kind, low) if low is not None else ""
    above = f"above {shown(argument.kind, argument.above)}" if argument.above is not None else ""
    upper = shown(argument.kind, high) if high is not None else ""
    below = f"below {shown(argument.kind, argument.below)}" if argument.below is not None else ""
    text = _span(lower, above, upper, below)
    cells = f"exactly {argument.cells} cells" if argument.cells else ""
    return ", ".join(part for part in (cells, text) if part)


def _span(lower: str, above: str, upper: str, below: str) -> str:
    start = lower or above
    if not (upper or below):
        return f"{lower} or more" if lower else above
    if not start:
        return below or f"up to {upper}"
    return f"{start} to {upper or below}"


def _shape(function: SalesFunction) -> str:
    if function.spills:
        return "; it may fill several cells"
    return "; one value" if all(argument.is_range for argument in function.arguments) else ""


def _result(function: SalesFunction, result: object) -> str:
    if isinstance(result, list):
        return "<br>".join(_result(function, cell) for cell in result)
    text = reference.shown_result(function, result)
    return f"`{text}`" if isinstance(result, str) else f"**{text}**"


def _errors(function: SalesFunction) -> Iterator[str]:
    for argument in function.arguments:
        if argument.divisor:
            yield f"- `#DIV/0!` – `{argument.name}` is 0."
    for code, text in requirements(function):
        yield f"- `{code}` – {text}"


def requirements(function: SalesFunction) -> list[tuple[str, str]]:
    """What the function requires of its arguments together: the codes and texts of its `require(…)` calls."""
    names = vars(inspect.getmodule(function.body))
    source = ast.parse(textwrap.dedent(inspect.getsource(function.body)))
    found = []
    for node in ast.walk(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "require":
            code, text = (_constant(argument, names) for argument in (node.args[1], node.args[3]))
            backticked = {argument.name: f"`{argument.name}`" for argument in function.arguments}
            found.append((code, text.format(**backticked)))
    return list(dict.fromkeys(found))


def _constant(node: ast.expr, names: dict[str, object]) -> str:
    """The text that a constant, a module's constant, or either of them inside `N_(…)` stands for."""
    if isinstance(node, ast.Call):
        node = node.args[0]
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Name) and node.id in names:
        return str(names[node.id])
    raise ValueError(f"require(…) needs plain texts, so that the reference can show them: {ast.unparse(node)}")


def _native(function: SalesFunction) -> Iterator[str]:
    if not function.native:
        yield from (f"**Native formula:** none. {function.no_native}", "")
        return
    yield from ("**Native formula**, with the arguments' names for the cells", "")
    for word, formula in reference.native_examples(function):
        if word:
            yield from (f"`{word}`:", "")
        yield from ("```", formula, "```", "")


def main(arguments: list[str]) -> None:
    """Write the reference into the file named, or print it."""
    if arguments:
        Path(arguments[0]).write_text(document(), encoding="utf-8", newline="\n")
    else:
        sys.stdout.buffer.write(document().encode("utf-8"))


if __name__ == "__main__":
    main(sys.argv[1:])
