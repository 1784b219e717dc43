"""`xlsales tables`: which input tables there are, and what their columns hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlsales.cli import told
from xlsales.cli.template import written
from xlsales.errors import InputError, XlsalesError
from xlsales.schema import BESIDE, TABLES, Column, Kind, Table
from xlsales.texts import N_, _

if TYPE_CHECKING:
    from xlsales.tables.mapping.shape import ColumnMap, Condition, TableMap

KINDS = {
    Kind.KEY: N_("identifier, kept as text"),
    Kind.TEXT: N_("text"),
    Kind.CHOICE: N_("one of {choices}"),
    Kind.MONEY: N_("amount, {low} or more"),
    Kind.RATE: N_("rate from {low} to {high}, as 0.20 or 20%"),
    Kind.COUNT: N_("whole number from {low} to {high}"),
    Kind.NUMBER: N_("number from {low} to {high}"),
    Kind.DATE: N_("date, as 2027-01-31"),
    Kind.FLAG: N_("YES or NO"),
}
CREDIT = N_("amount; less than 0 for a credit note")
INTRODUCTION = N_("""\
# Input tables

`xlsales batch TABLES` reads a folder of `.csv`, `.tsv` or `.parquet` files with these names, one workbook with
sheets of these names, or a database URL such as `sqlite:///crm.db` with tables of these names. Only
`territories` is required; without another table the planners' sheet for it is blank.

- CSV is UTF-8 (or UTF-16 with its mark), separated by commas, semicolons or tabs, or by what a first
  line such as `sep=|` says. Dates are ISO (`2027-01-31`), numbers plain (`1234.5`): no currency sign,
  no thousands separator, a decimal point. `1.250` is 1.25; where all amounts of a column look like that, it is told
  (THOUSANDS), because they may be meant as thousands: say so in a [map](maps.md).
- Rates are fractions: `0.20`, or `20%`. A `20` is refused, because it would mean 2000%.
- Identifiers stay as they are: `007` keeps its zeros, `1e5` is no number.
- A text that begins with `=`, `+`, `-` or `@` stays a text; it never becomes a formula.
- A row with a problem is left out and reported in `findings.csv` and `findings.xlsx` with its file, row
  and column; the other rows are used. A territory whose own row has a problem gets no planner. Columns that
  are not listed here are reported and ignored, but those of `territories`: they are your own, and stand as texts on
  the sheet Details of the planner and in `recipients.csv` ([deliver.md](deliver.md)).
- What `territories` leaves blank, a planner takes from its template (growth 10%, attrition 17%, margin 50%, 52
  selling weeks): `findings.csv` says for how many planners. Planners exist in English; another `language` is reported.
- A deal that is WON with an amount below 0 is a credit note: it lowers the revenue of the week that it is closed in,
  and is neither a sale won nor a proposal decided. The `revenue` of a week may be below 0 for the same reason.
- Every row that is read is in a planner, left out because the planner has no place for it (a week outside its calendar,
  a second check-in for one row), refused, or skipped because its territory gets no planner: `run.json`, the sheet Rows
  of `findings.xlsx` and the last lines on the screen count them table by table.
- The order of the rows does not matter: the same rows give the same planners, whatever their order. Each table below
  says in which order they come. Of rows with one key the one with most cells filled stays, then the one with the
  latest days; the others are refused.
- Where `territories` names several fiscal years, `xlsales batch` makes each of them in a folder of its own, `2026`,
  `2027`, with its own overview and `run.json`. A row of `territories` belongs to its `fiscal_year`; `accounts`, `team`
  and `org_health` go into every year of their territory. Weeks and check-ins stand in the year that they lie in, weeks
  also where the next year looks back on them; deals stand in every year that they begin before the end of. What
  belongs to another year of the same territory is counted as left out, not reported. A year that is over is seen from
  its last day.
- Without `--as-of`, planners look from the last day with data: the latest appointment, proposal, decision, order or
  talk. The close date of a deal that is not decided is a plan, and no such day; nor is a week without figures. Where
  the last week with figures is later than all of those, weekly rows alone speak of it, and it counts to its Sunday.
- A column that is required and missing, or there twice, stops the run before anything is written.
- Columns marked * are required. Dates marked "past" cannot lie after the as-of date.
""")
FEEDS = N_("""\
Followed through the planner's own formulas, down to the columns above. A figure has no value as long as what it
needs is blank; `--as-of` is the day that the planners look from. The standards on the sheet Targets and what only a
planner holds (its plan, its product lines) are not listed.""")
RATES = N_("""\
Optional, and in no planner: with it the overview has a total in the currency of the group, the one whose rate is 1. Of
each currency the latest rate up to the as-of date counts; two rates of one day that differ are both left out. A
territory whose currency has no rate is named, and is in no total of the group.""")
EXTRAS = N_('Parquet needs `pip install "xlsales[parquet]"`, a database `pip install "xlsales[sql]"`.')


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("tables")(tables)


def tables(
    name: Annotated[str, typer.Argument(help="One table; all of them if left out.", show_default=False)] = "",
    mapping: Annotated[
        str | None,
        typer.Option(
            "--map",
            metavar="FILE.toml",
            help="Show where a map takes each column from: a file, or salesforce, hubspot, dynamics.",
            show_default=False,
        ),
    ] = None,
    suggest_map: Annotated[
        str | None,
        typer.Option(
            "--suggest-map",
            metavar="EXPORT",
            help="Write a first draft of a map for a foreign export, from its headings and values.",
            show_default=False,
        ),
    ] = None,
    starter: Annotated[
        Path | None,
        typer.Option(
            "--starter",
            metavar="FOLDER|FILE.xlsx",
            help="Write empty tables to fill: headings, notes, lists to choose from, two rows as an example.",
            show_default=False,
        ),
    ] = None,
    convert: Annotated[
        str | None,
        typer.Option(
            "--convert",
            metavar="EXPORT",
            help="Write the tables that a map makes of an export as CSV files; with --map and --out.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FOLDER", help="Where --convert writes.", show_default=False),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As the page docs/tables.md.")] = False,
) -> None:
    """List the input tables and what they hold; draft a map for a foreign export; make empty tables to fill."""
    _refuse_mixture(name, mapping, suggest_map, starter, convert, out, overwrite=overwrite, markdown=markdown)
    if markdown:
        typer.echo(page(), nl=False)
    elif convert is not None and mapping is not None and out is not None:
        _write_converted(convert, mapping, out, overwrite=overwrite)
    elif starter is not None:
        _write_starter(starter, overwrite=overwrite)
    elif suggest_map is not None:
        from xlsales.tables.source import suggested_map  # imports pandas

        typer.echo(suggested_map(suggest_map))
    else:
        _list([_find(name)] if name else list(TABLES.values()), mapping, with_help=bool(name))


def _refuse_mixture(
    name: str,
    mapping: str | None,
    suggest_map: str | None,
    starter: Path | None,
    convert: str | None,
    out: Path | None,
    *,
    overwrite: bool,
    markdown: bool,
) -> None:
    """Raise InputError where several things are asked for at once, or half of one."""
    deeds = {
        "--starter": starter is not None,
        "--suggest-map": suggest_map is not None,
        "--convert": convert is not None,
        "--markdown": markdown,
    }
    asked = [option for option, given in deeds.items() if given]
    if len(asked) > 1 or (asked and name):
        wrong = " ".join([*asked, *([name] if name else [])])
        raise InputError(_("{options} are different things: ask for one of them.").format(options=wrong))
    if convert is not None and (mapping is None or out is None):
        message = _("--convert {export} needs --map FILE.toml, which says what is what, and --out FOLDER.")
        raise InputError(message.format(export=convert))
    if mapping is not None and asked and convert is None:
        raise InputError(_("--map does not go with {option}: leave it out.").format(option=asked[0]))
    if out is not None and convert is None:
        raise InputError(_("--out is for --convert; --starter takes its folder itself."))
    if overwrite and starter is None and convert is None:
        raise InputError(_("--overwrite is for --starter and --convert: nothing else writes files."))


def _write_converted(export: str, mapping: str, out: Path, *, overwrite: bool) -> None:
    from xlsales.files import targets
    from xlsales.tables.converted import converted  # imports pandas
    from xlsales.tables.mapping import read_map

    files, log = converted(export, read_map(mapping))
    contents = {name: partial(_same, content) for name, content in files.items()}
    left = list(written(targets.write(out, contents, overwrite=overwrite)))
    if line := told.counted(log.by_code):
        typer.echo(line)
    for severity, line in told.lines(log.kept, log.by_code):
        typer.echo(line, err=severity == "error")
    if left:
        raise XlsalesError("\n".join(left))
    if log.counts["error"]:
        raise typer.Exit(1)


def _same(content: bytes) -> bytes:
    return content


def _list(chosen: Sequence[Table], mapping: str | None, *, with_help: bool) -> None:
    mapped = {}
    if mapping is not None:
        from xlsales.tables.mapping import read_map  # imports pandas

        mapped = dict(read_map(mapping).tables)
        chosen = [table for table in chosen if table.name in mapped]
    for table in chosen:
        typer.echo(_title(table))
        for column in table:
            star = "*" if column.required else " "
            text = rule(column) if mapping is None else _origin(mapped[table.name], column)
            typer.echo(f"  {star} {column.name:24}{text}".rstrip())
            if with_help:
                typer.echo(f"    {'':24}{_(column.help)}")


def _origin(shape: TableMap, column: Column) -> str:
    """Say where a map takes a column from."""
    if shape.count:
        return _counted(shape, column)
    if shape.is_ours:
        return _("{file}, as it is").format(file=shape.source)
    if column.name in shape.constants:
        return _("always {value}").format(value=shape.constants[column.name])
    one = shape.columns.get(column.name)
    if one is None:
        return _("NOT MAPPED, and needed") if column.required else ""
    return "; ".join(_taken(shape.source, one))


def _taken(source: str, one: ColumnMap) -> Iterator[str]:
    yield _("{file}: {heading}").format(file=source, heading=one.source)
    if one.lookup is not None:
        found = _("found in {file}: {take} of the row whose {key} it is")
        yield found.format(file=one.lookup.source, take=one.lookup.take, key=one.lookup.key)
    if one.times:
        yield _("times {heading}").format(heading=one.times)
    yield from _where(one.when)


def _where(conditions: Sequence[Condition]) -> Iterator[str]:
    message = _("where {column} is {values}")
    yield from (message.format(column=when.column, values=", ".join(when.texts)) for when in conditions)


def _counted(shape: TableMap, column: Column) -> str:
    """Say how a map counts a column."""
    one, largest = shape.counted.get(column.name), shape.largest.get(column.name)
    if largest is not None:
        message = _("YES for the largest by {column} that bring the first {share:.0%}")
        return message.format(column=largest.column, share=largest.share)
    if one is None:
        if column.name in shape.constants:
            return _("always {value}").format(value=shape.constants[column.name])
        taken = shape.columns.get(column.name)
        if taken is not None:
            return "; ".join(_taken(shape.count, taken))
        if column.name == "week_start":
            return _("the weeks of what is counted")
        return _("{file}: {heading}").format(file=shape.count, heading=column.name) if column.required else ""
    texts = [_("{how} of {columns} in {file}").format(how=one.how, columns=", ".join(one.columns), file=shape.count)]
    texts += [_("by the week of {column}").format(column=one.week)] if one.week else []
    texts += _where(one.when)
    if one.within is not None:
        texts.append(_("{column} in the last {months} months").format(column=one.within[0], months=one.within[1]))
    return "; ".join(texts)


def _write_starter(starter: Path, *, overwrite: bool) -> None:
    from xlsales.files import targets
    from xlsales.planner.starter import files, workbook  # imports XlsxWriter

    if starter.suffix.casefold() == ".xlsx":
        folder, contents = starter.parent, {starter.name: workbook}
    elif starter.suffix.casefold() in (".xlsm", ".xls", ".csv"):
        message = _("--starter {path}: give a name that ends in .xlsx, or a folder for CSV files.")
        raise InputError(message.format(path=starter))
    else:
        folder, contents = starter, files()
    left = list(written(targets.write(folder, contents, overwrite=overwrite)))
    if left:
        raise XlsalesError("\n".join(left))


def _find(name: str) -> Table:
    every = TABLES | BESIDE
    if name.lower() in every:
        return every[name.lower()]
    near = get_close_matches(name.lower(), every, n=1)
    hint = _(" Did you mean {near}?").format(near=near[0]) if near else ""
    message = _("There is no input table {name}; there are {names}.").format(name=name, names=", ".join(TABLES))
    raise InputError(message + hint)


def _title(table: Table) -> str:
    return _("{name}: one row for each {key}").format(name=table.name, key=", ".join(table.key))


def rule(column: Column) -> str:
    """Say what a column holds."""
    low, high = (_bound(bound or 0) for bound in (column.minimum, column.maximum))
    kind = CREDIT if column.kind is Kind.MONEY and (column.minimum or 0) < 0 else KINDS[column.kind]
    text = _(kind).format(choices=", ".join(column.choices), low=low, high=high)
    return text + (_("; past") if column.past else "")


def _bound(bound: float) -> str:
    return f"{bound:,.0f}" if bound >= 10_000 else f"{bound:g}"


def page() -> str:
    """Return docs/tables.md."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    from xlsales.tables.order import ORDERS  # imports pandas

    yield _(INTRODUCTION)
    yield _(EXTRAS)
    yield ""
    for table in TABLES.values():
        yield f"## {table.name}"
        yield ""
        order = _(ORDERS[table.name])
        text = _("One row for each {key}. In planners and reports they come in this order: {order}.")
        yield text.format(key=", ".join(f"`{part}`" for part in table.key), order=order)
        yield ""
        yield "| " + _("column | holds | meaning | in the planner") + " |"
        yield "|---|---|---|---|"
        for column in table:
            star = "\\*" if column.required else ""
            yield f"| `{column.name}`{star} | {rule(column)} | {_(column.help)} | {_(column.header)} |"
        yield ""
    yield from _beside()
    yield from _feeds()


def _beside() -> Iterator[str]:
    """List the tables that no planner holds."""
    for table in BESIDE.values():
        yield f"## {table.name}"
        yield ""
        yield _(RATES)
        yield ""
        yield "| " + _("column | holds | meaning") + " |"
        yield "|---|---|---|"
        for column in table:
            star = "\\*" if column.required else ""
            yield f"| `{column.name}`{star} | {rule(column)} | {_(column.help)} |"
        yield ""


def _feeds() -> Iterator[str]:
    """Say which inputs each figure rests on, followed through the planner's formulas."""
    from xlsales.planner.feeds import of_planner

    yield "## " + _("Which input feeds which figure")
    yield ""
    yield _(FEEDS)
    yield ""
    yield "| " + _("figure | its cell | rests on") + " |"
    yield "|---|---|---|"
    for feed in of_planner().figures():
        yield f"| {_(feed.label)} | `{feed.name}` | {_grouped(feed.inputs)} |"
    yield ""


def _grouped(inputs: Sequence[str]) -> str:
    """Name inputs table by table; the twelve months of the season are one."""
    groups: dict[str, list[str]] = {}
    for name in inputs:
        table, dot, column = name.rpartition(".")
        shown = "season_01 … season_12" if column.startswith("season_") else column
        groups.setdefault(table if dot else "", []).append(f"`{shown}`")
    return "; ".join(
        (f"{table}: " if table else "") + ", ".join(dict.fromkeys(columns)) for table, columns in groups.items()
    )
