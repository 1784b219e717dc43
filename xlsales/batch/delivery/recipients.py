"""`recipients.csv`: who gets which file, with a company's own columns, for a mail merge."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from xlsales.findings import Finding, harmless
from xlsales.schema import TERRITORIES
from xlsales.texts import _, _n

RECIPIENTS = "recipients.csv"
COLUMNS = ("file", "territory_id", "territory_name", "person", "email")
PEOPLE = ("territory_name", "person")  # columns of the territories that name who gets a file
PDF = "pdf"
_EXAMPLES = 3
# Headings of an address, in small letters without signs between.
_ADDRESSES = frozenset(("email", "mail", "emailaddress", "mailaddress"))


class Recipients:
    """Takes the territories of a run, a line for each, where they have columns of their own."""

    def __init__(self) -> None:
        self._headings: dict[str, None] = {}
        self._people: dict[str, tuple[str, str, Mapping[str, str]]] = {}  # by territory id
        self._address: str | None = None

    @property
    def headings(self) -> list[str]:
        """The columns that are a company's own."""
        return [*self._headings]

    def look(self, territory: Mapping[str, object], own: Mapping[str, str]) -> None:
        """Take a territory, with what is the company's own."""
        self._headings |= dict.fromkeys(own)
        name, person = (str(territory.get(column) or "") for column in PEOPLE)
        self._people[str(territory["territory_id"])] = name, person, own

    @property
    def address(self) -> str | None:
        """The heading of the column of e-mail addresses; None without one."""
        return next((name for name in self._headings if _letters(name) in _ADDRESSES), None)

    def findings(self) -> Iterator[Finding]:
        """Yield which territories have no address, where the others have one."""
        column = self.address
        if column is None:
            return
        found = {key: own.get(column, "") for key, (_name, _person, own) in self._people.items()}
        missing = [key for key, text in found.items() if not text]
        if missing:
            message = _n(
                "{count} territory has no e-mail address: {keys}.",
                "{count} territories have no e-mail address: {keys}.",
                len(missing),
            )
            yield _finding("EMAIL_MISSING", message.format(count=len(missing), keys=_listed(missing)), column)
        wrong = [key for key, text in found.items() if text and not _may_be_address(text)]
        for key in wrong:
            message = _("“{text}” is no e-mail address, such as ada@example.com: correct it.")
            yield _finding("EMAIL_WRONG", message.format(text=found[key]), column, key)

    def write(self, file: BinaryIO, files: Iterable[tuple[str, str, str | None]], *, with_pdf: bool) -> None:
        """Write a line for each planner: territory id, file, and its PDF where there are any."""
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="backslashreplace", newline="")
        rows = csv.writer(text, lineterminator="\r\n")
        own = [name for name in self._headings if name != self.address]
        rows.writerow([*COLUMNS, *([PDF] if with_pdf else []), *map(harmless, own)])
        for key, file_name, pdf in files:
            name, person, held = self._people[key]
            address = held.get(self.address, "") if self.address else ""
            cells = [file_name, key, name, person, address, *([pdf or ""] if with_pdf else [])]
            rows.writerow([harmless(cell) for cell in (*cells, *(held.get(name, "") for name in own))])
        text.flush()
        text.detach()


def _letters(heading: str) -> str:
    return "".join(char for char in heading.casefold() if char.isalnum())


def _may_be_address(text: str) -> bool:
    """Whether mail could go there: one @ with something on both sides, and nothing that parts addresses."""
    name, at, host = text.rpartition("@")
    return bool(name and at and "." in host.strip(".") and not set(text) & set(" ,;<>\t\r\n") and "@" not in name)


def _finding(code: str, message: str, column: str, territory_id: str | None = None) -> Finding:
    table = TERRITORIES.name
    return Finding("warning", code, message, table=table, column=column, territory_id=territory_id)


def _listed(keys: list[str]) -> str:
    return ", ".join(keys[:_EXAMPLES]) + ("…" if len(keys) > _EXAMPLES else "")
