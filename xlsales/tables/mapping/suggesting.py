"""A first draft of a map, from the headings and values of an export: a person reads it before it is used.

What is only guessed has a comment; what is not found is listed at the end of each section.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from xlsales.schema import NUMERIC, TABLES, TERRITORIES, WORDED, Column, Kind, Table
from xlsales.tables.cells import FLAGS
from xlsales.tables.mapping.foreign_names import COLUMNS, FILES
from xlsales.tables.mapping.mapped import Mapped
from xlsales.tables.mapping.shape import How, TableMap
from xlsales.tables.raw import is_blank
from xlsales.tables.record import Record
from xlsales.texts import _

ROWS = 20_000  # of each table that are looked at
_MOST_VALUES = 40
_MORE_EXACTLY = re.compile(r" (in )?(usd|eur|gbp|chf|cad|aud|jpy|inr|brl|pln|(19|20)\d\d)$")  # a currency, a year
_FEWEST = 2  # columns by which a table is recognised
_STAGES: tuple[tuple[str, tuple[str, str | None]], ...] = (  # the first whose words a stage has
    (r"won|gewonnen|gagn|vint|ganad", ("CLOSED", "WON")),
    (r"lost|verloren|perdu|pers|perdid|abandon|cancel", ("CLOSED", "LOST")),
    (r"\bclosed\b|abgeschl|geschlossen|clôtur|\bferm|chius|cerrad", ("CLOSED", None)),
    (
        r"propos|propuest|quote|negoti|negoc|contract|offer|decision|\bclose\b|angebot|verhandl|devis|négoc|trattativa",
        ("PROPOSAL", "OPEN"),
    ),
    (r"prospect|lead|new|open|schedul|engag|interess|kontakt|contact|contatt", ("PROSPECT", "OPEN")),
    (
        r"appointment|meeting|demo|qualif|need|analy|discover|develop|present|evaluat|visit|termin|besuch|gespräch|bedarf|"
        r"rendez|besoin|incontro|\bcita|reuni",
        ("FIRST APPOINTMENT", "OPEN"),
    ),
)
SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".xlsm")
HEADINGS_UP_TO = 10  # the row in which they are looked for, where titles stand above them
_UNKNOWN = ("…", None)
# What closed and open deals have: exports hold it in one column.
_DIVIDED = (("close_date", "expected_close", '["WON", "LOST"]'), ("amount", "forecast", '"WON"'))
_WORDS: dict[str, dict[str, str]] = {  # what a word in a value tells
    "first_sale": {"new": "YES", "existing": "NO", "renew": "NO", "upgrade": "NO", "replacement": "NO"},
    "stage": {words: stage for words, (stage, _outcome) in _STAGES},
    "outcome": {
        r"won|gewonnen|gagn|vint|ganad": "WON",
        r"lost|verloren|dead|abandon|cancel|perdu|pers|perdid": "LOST",
        r"open|offen|progress|hold|ouvert|apert|abiert": "OPEN",
    },
}
_CURRENCIES = r"(?:€|\$|£|EUR|USD|GBP|CHF|CAD|AUD|BRL|PLN)"
_SCALED = (  # units in headings, and what a number in them stands for
    (
        re.compile(
            rf"[(\[]?\s*\b(?:in )?(?:[TkK] ?{_CURRENCIES}|Tsd\.? ?{_CURRENCIES}?|Tausend|thousands?|milliers|migliaia"
            rf"|miles de {_CURRENCIES}?)(?!\w)\s*[)\]]?|[(\[]\s*(?:in )?(?:[TkK]|'?000s?)\s*[)\]]",
            re.IGNORECASE,
        ),
        1000,
    ),
    (
        re.compile(
            rf"[(\[]?\s*\b(?:in )?(?:Mio\.? ?{_CURRENCIES}?|M ?{_CURRENCIES}|millions?)(?!\w)\s*[)\]]?", re.IGNORECASE
        ),
        1_000_000,
    ),
)
_YEAR = re.compile(r"\b20\d\d\b")
_FOOTER = re.compile(
    r"(grand |sub)?total|(gesamt)?summe|gesamt\b|somme\b|copyright|confidential|page \d", re.IGNORECASE
)
_LAST_ROWS = 20
_DELETED = ("isdeleted", "is deleted", "deleted")
_SLASHED = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{2,4})(?P<rest>[T ,].*)?", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?P<rest>[T ,].*)?", re.ASCII)
_MILLISECONDS = re.compile(r"1\d{12}", re.ASCII)
_AMOUNT = re.compile(
    r"(?P<before>[^\d\s().,+-]{0,4})\s?\(?-?(?P<digits>\d[\d.,'’\s]*)\)?\s?(?P<after>[^\d\s().,+%-]{0,4})"
)


class Sample(Mapped):
    """Takes the header and the first rows of a source, whatever they are."""

    def __init__(self, table: Table, encoding: str | None = None, header: int = 1) -> None:
        super().__init__(table, TableMap("", header=header), How(encoding))
        self.header: list[str] = []
        self.rows: list[Sequence[object]] = []

    def apply(
        self, file: str, header: Sequence[object], records: Iterator[Record]
    ) -> tuple[list[str], Iterator[Record]]:
        """Keep what is there, and give nothing on."""
        self.header = ["" if is_blank(cell) else str(cell).strip() for cell in header]
        self.rows = [record.cells for record in islice(records, ROWS) if record.problem is None]
        return [column.name for column in self.table], iter(())

    @property
    def is_recognised(self) -> bool:
        """Whether its headings are those of a table."""
        return any(len(matched(table, self.header)) >= _FEWEST for table in TABLES.values())

    def texts(self, heading: str) -> list[str]:
        """The filled cells of a column, as text."""
        place = self.header.index(heading)
        return [str(row[place]).strip() for row in self.rows if place < len(row) and not is_blank(row[place])]

    def written(self, heading: str) -> list[str]:
        """The filled cells of a column that the source has as texts: a workbook's numbers have no marks."""
        place = self.header.index(heading)
        cells = (row[place] for row in self.rows if place < len(row) and not is_blank(row[place]))
        return [cell.strip() for cell in cells if isinstance(cell, str)]

    def has_times(self, heading: str) -> bool:
        """Whether real dates of a column have a time of day."""
        place = self.header.index(heading)
        return any(isinstance(row[place], dt.datetime) for row in self.rows if place < len(row))


@dataclass
class _Draft:
    """What was seen of how an export is written."""

    dates: Counter[str] = field(default_factory=Counter)
    times: bool = False
    decimal: Counter[str] = field(default_factory=Counter)
    thousands: Counter[str] = field(default_factory=Counter)
    currency: Counter[str] = field(default_factory=Counter)


def suggestion(source: str, samples: Mapping[str, Sample], unread: Sequence[str] = ()) -> str:
    """Return the draft of a map, as TOML; `unread` are the reasons why some files could not be looked at."""
    draft = _Draft()
    sections = []
    for table, name in _recognised(samples).items():
        columns = matched(TABLES[table], samples[name].header)
        if _plain(Path(name).stem) == _plain(table) and all(one == heading for one, heading in columns.items()):
            sections.append(iter(["# " + _("{file} is read as it is.").format(file=name), ""]))
            continue
        owners = _owners(table, columns, samples[name], samples)
        sections.append(_section(TABLES[table], name, samples[name], columns, owners))
        for column, heading in columns.items():
            _look(TABLES[table][column], samples[name], heading, draft)
        for heading in {*filter(None, samples[name].header)} - {*columns.values()}:
            _look_at_marks(samples[name].written(heading), draft)
    title = _("# A first draft, made from {source}. Read it line by line: headings tell little.").format(source=source)
    taken = set(_recognised(samples).values())
    rest = [name for name in samples if name not in taken]
    lines = [title, "", *_how(draft, next((one.how.encoding for one in samples.values() if one.how.encoding), None))]
    if rest:
        lines += [_("# Not recognised, and not used: {names}.").format(names=", ".join(rest))]
        lines += [_("# Where titles stand above the headings, say in which row these are: header = 3"), ""]
    if unread:
        lines += [*("# " + _("Not read: {reason}").format(reason=" ".join(reason.split())) for reason in unread), ""]
    return "\n".join([*lines, *(line for section in sections for line in section)])


def matched(table: Table, header: Sequence[str]) -> dict[str, str]:
    """Return the heading that each column of a table probably has; each heading once, but for ids."""
    plain = {_MORE_EXACTLY.sub("", _plain(_scaled(heading)[0])): heading for heading in reversed(header) if heading}
    plain |= {_plain(heading): heading for heading in reversed(header) if heading}
    found: dict[str, str] = {}
    for column in table:
        names = (column.name, column.header, *COLUMNS.get(table.name, {}).get(column.name, ()))
        heading = next((plain[name] for name in map(_plain, names) if name in plain), None)
        if heading is not None and (heading not in found.values() or column.required):
            found[column.name] = heading
    return found


def _scaled(heading: str) -> tuple[str, int]:
    """Return a heading without the unit of its numbers, and what one of them stands for: 1000 in `Goal (T€)`."""
    for pattern, times in _SCALED:
        if pattern.search(heading):
            return pattern.sub(" ", heading), times
    return heading, 1


def _recognised(samples: Mapping[str, Sample]) -> dict[str, str]:
    """Return the source of each table: the one that has most of its columns."""
    scores = []
    for table in TABLES.values():
        for name, sample in samples.items():
            stem = _plain(Path(name).stem if name.casefold().endswith(SUFFIXES) else name)
            named = stem == _plain(table.name) or stem in FILES.get(table.name, ())
            count = len(matched(table, sample.header))
            if count >= _FEWEST:
                scores.append((named, count, table.name, name))
    found: dict[str, str] = {}
    for _named, _count, table_name, name in sorted(scores, key=lambda score: score[:2], reverse=True):
        if table_name not in found and name not in found.values():
            found[table_name] = name
    return {table: found[table] for table in TABLES if table in found}


def _owners(table: str, columns: Mapping[str, str], sample: Sample, samples: Mapping[str, Sample]) -> str:
    """Return what finds a territory by the name of its person, where rows name their owners and no territories."""
    source = _recognised(samples).get(TERRITORIES.name)
    heading = columns.get("territory_id")
    if source is None or heading is None or table == TERRITORIES.name:
        return ""
    there = matched(TERRITORIES, samples[source].header)
    if not {"territory_id", "person"} <= there.keys():
        return ""
    named = {_plain(text) for text in sample.texts(heading)}
    ids, people = ({_plain(text) for text in samples[source].texts(there[one])} for one in ("territory_id", "person"))
    if named & ids or not named & people:
        return ""
    take = f"key = {_quoted(there['person'])}, take = {_quoted(there['territory_id'])}"
    return f"{{ column = {_quoted(heading)}, lookup = {{ from = {_quoted(source)}, {take} }} }}"


def _section(table: Table, name: str, sample: Sample, columns: Mapping[str, str], owners: str = "") -> Iterator[str]:
    worded = {one.name: _choices(one, sample, columns[one.name]) for one in table if _has_values(one, columns)}
    unclear = {one for one, pairs in worded.items() if None in pairs.values() and not table[one].required}
    yield f"[{table.name}]"
    yield f"from = {_quoted(name)}"
    if sample.header_row > 1:
        yield f"header = {sample.header_row}"
    deleted = next((heading for heading in sample.header if _plain(heading) in _DELETED), None)
    rules = [f'{{ column = {_quoted(deleted)}, is = ["true", "1", "yes"] }}'] if deleted is not None else []
    rules += [f"{{ column = {_quoted(heading)}, is = {_quoted(word + '*')} }}" for heading, word in _footers(sample)]
    if rules:
        yield f"leave_out = [{', '.join(rules)}]"
    yield ""
    yield f"[{table.name}.columns]"
    divided = {name for pair in _DIVIDED for name in pair[:2]} if "stage" in columns else set()
    for column, heading in columns.items():
        if column in divided:
            continue
        if column in unclear:
            yield "# " + _("Its values are below: say what they are, then use it.")
        if column == table.key[-1] and (repeated := _repeated(sample, heading)):
            yield "# " + _("“{value}” and others are there several times: an id names one row.").format(value=repeated)
        taken = owners if owners and column == "territory_id" else _taken(table[column], heading)
        yield ("# " if column in unclear else "") + f"{column} = {taken}"
    if divided:
        columns = yield from _by_outcome(table, columns)
    unused = [heading for heading in sample.header if heading and heading not in (*columns.values(), deleted)]
    if unused:
        yield "# " + _("Not used: {names}").format(names=", ".join(unused))
    yield from _missing(table, [one.name for one in table if one.required and one.name not in columns], sample.header)
    yield ""
    if _is_in_stages(columns):
        yield f"[{table.name}.stages]  # " + _("guessed: stage and outcome of each")
        for text in _values(sample, columns["stage"]):
            stage, outcome = next((pair for words, pair in _STAGES if re.search(words, text.casefold())), _UNKNOWN)
            yield ("" if outcome else "# ") + f'{_quoted(text)} = ["{stage}", "{outcome or "…"}"]'
        yield ""
    for column, pairs in worded.items():
        if pairs:
            mark = "# " if column in unclear else ""
            yield f"{mark}[{table.name}.values.{column}]  # " + ", ".join(table[column].choices)
            for text, choice in pairs.items():
                yield ("" if choice and not mark else "# ") + f"{_quoted(text)} = {_quoted(choice or '…')}"
            yield ""


def _taken(column: Column, heading: str, when: str = "") -> str:
    """Return what a map says of where a column comes from."""
    times = _scaled(heading)[1] if column.kind is Kind.MONEY else 1
    rest = [*([f"times = {times}"] if times > 1 else []), *([f"when = {{ outcome = {when} }}"] if when else [])]
    return f"{{ {', '.join([f'column = {_quoted(heading)}', *rest])} }}" if rest else _quoted(heading)


def _missing(table: Table, names: Sequence[str], header: Sequence[str]) -> Iterator[str]:
    """Say which columns a table needs and lacks; of which year it is may stand in a heading."""
    years = {match[0]: heading for heading in header if (match := _YEAR.search(heading))}
    guess = next(iter(years.items()), None) if len(years) == 1 and "fiscal_year" in names else None
    rest = [name for name in names if not (guess and name == "fiscal_year")]
    if rest:
        yield "# " + _("Needed, and not found: {names}; a constant may do:").format(names=", ".join(rest))
    if guess:
        yield ""
    if names:
        yield ("" if guess else "# ") + f"[{table.name}.constants]"
    if guess:
        yield f"fiscal_year = {guess[0]}  # " + _("guessed: “{heading}”").format(heading=guess[1])
    yield from (f'# {column} = "…"' for column in rest)


def _footers(sample: Sample) -> Iterator[tuple[str, str]]:
    """Find rows at the end that are no data, by how their first filled cell begins."""
    found = set()
    for row in sample.rows[-_LAST_ROWS:]:
        place, text = next(((at, str(cell).strip()) for at, cell in enumerate(row) if not is_blank(cell)), (0, ""))
        if (match := _FOOTER.match(text)) and place < len(sample.header) and sample.header[place]:
            found.add((sample.header[place], match[0]))
    yield from sorted(found)


def _repeated(sample: Sample, heading: str) -> str | None:
    """Return a value that several rows have."""
    [(text, count)] = Counter(sample.texts(heading)).most_common(1) or [("", 0)]
    return text if count > 1 else None


def _by_outcome(table: Table, columns: Mapping[str, str]) -> Generator[str, None, Mapping[str, str]]:
    """Divide dates and amounts of closed and open deals, which exports hold in one column."""
    columns = dict(columns)
    for closed, still_open, outcomes in _DIVIDED:
        heading = columns.get(closed)
        if heading is not None:
            yield f"{closed} = {_taken(table[closed], heading, outcomes)}"
            columns.setdefault(still_open, heading)
        if still_open in columns:
            yield f"{still_open} = " + _taken(table[still_open], columns[still_open], '"OPEN"')
    return columns


def _is_in_stages(columns: Mapping[str, str]) -> bool:
    return "stage" in columns and "outcome" not in columns


def _has_values(column: Column, columns: Mapping[str, str]) -> bool:
    """Whether the words of a column are to be said one by one."""
    by_stages = column.name == "stage" and _is_in_stages(columns)
    return column.name in columns and column.kind in WORDED and not by_stages


def _choices(column: Column, sample: Sample, heading: str) -> dict[str, str | None]:
    """Return what each foreign word of a column probably means; None where nothing tells."""
    known = {re.escape(choice.casefold()): choice for choice in column.choices}
    spelt = {choice.casefold() for choice in column.choices} | (FLAGS.keys() if column.kind is Kind.FLAG else set())
    words = _WORDS.get(column.name, {})
    return {
        text: next((choice for plain, choice in {**known, **words}.items() if re.search(plain, text.casefold())), None)
        for text in _values(sample, heading)
        if text.casefold() not in spelt
    }


def _values(sample: Sample, heading: str) -> list[str]:
    return [text for text, _count in Counter(sample.texts(heading)).most_common(_MOST_VALUES)]


def _look(column: Column, sample: Sample, heading: str, draft: _Draft) -> None:
    if column.kind is Kind.DATE:
        draft.times |= sample.has_times(heading)
        for text in sample.texts(heading):
            _look_at_date(text, draft)
    elif column.kind in NUMERIC:
        for text in sample.written(heading):
            _look_at_number(text, draft)


def _look_at_date(text: str, draft: _Draft) -> None:
    if match := _ISO.fullmatch(text):
        draft.dates["ymd"] += 1
        draft.times |= bool(match["rest"])
    elif _MILLISECONDS.fullmatch(text):
        draft.dates["epoch_ms"] += 1
    elif match := _SLASHED.fullmatch(text):
        draft.times |= bool(match["rest"])
        first, second = int(match[1]), int(match[2])
        months = 12
        order = "dmy" if first > months else "mdy" if second > months else "either"
        draft.dates[order] += 1


def _look_at_number(text: str, draft: _Draft) -> None:
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return
    for sign in (match["before"], match["after"]):
        if sign:
            draft.currency[sign] += 1
    digits = match["digits"].strip()
    marks = re.findall(r"[.,]", digits)
    if marks:
        last = marks[-1]
        behind = len(digits) - digits.rindex(last) - 1
        is_group = marks.count(last) > 1 or (behind == len("000") and len(set(marks)) == 1 and last == ",")
        (draft.thousands if is_group else draft.decimal)[last] += 1
        for mark in set(marks) - {last}:
            draft.thousands[mark] += 1
    if re.search(r"\d[\s\u00a0\u202f]\d", digits):
        draft.thousands[" "] += 1


def _look_at_marks(texts: Sequence[str], draft: _Draft) -> None:
    """Look at a column that is not used: its numbers too tell how the export writes them."""
    seen = _Draft()
    if texts and all(_AMOUNT.fullmatch(text) for text in texts):
        for text in texts:
            _look_at_number(text, seen)
        draft.decimal += seen.decimal
        draft.thousands += seen.thousands


def _how(draft: _Draft, encoding: str | None) -> Iterator[str]:
    yield "[read]"
    if encoding is not None:
        yield f"encoding = {_quoted(encoding)}  # " + _("guessed: it is no UTF-8")
    orders = [order for order in ("ymd", "dmy", "mdy", "epoch_ms") if draft.dates[order]]
    if draft.dates["either"] and not {"dmy", "mdy"} & set(orders):
        yield "# " + _("Day or month first? Nothing tells; dmy is a guess.")
        orders.append("dmy")
    if {"dmy", "mdy"} <= set(orders):
        yield "# " + _("Both day first and month first were seen: one of them is wrong.")
        orders.remove(min("dmy", "mdy", key=lambda order: draft.dates[order]))
    if orders:
        yield f"dates = {json.dumps(orders)}"
    if draft.times:
        yield 'times = "drop"'
    decimal = "," if draft.decimal[","] > draft.decimal["."] else "."
    if decimal == ",":
        yield 'decimal = ","'
    thousands = [mark for mark in draft.thousands if mark != decimal]
    if thousands:
        yield f"thousands = {json.dumps(sorted(thousands))}"
    if draft.currency:
        yield f"currency = {json.dumps(sorted(draft.currency), ensure_ascii=False)}"
    yield ""


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
