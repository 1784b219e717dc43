from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from xlsales.cli import app
from xlsales.cli.tables import page
from xlsales.errors import InputError
from xlsales.schema import TABLES

DOCS = Path(__file__).resolve().parents[2] / "docs" / "tables.md"


def test_the_page_on_input_tables_is_what_the_schema_says() -> None:
    committed = DOCS.read_text(encoding="utf-8")
    assert committed == page(), "write it anew: xlsales tables --markdown > docs/tables.md"


def test_all_tables_are_listed_with_their_columns() -> None:
    shown = CliRunner().invoke(app, ["tables"]).output
    assert [name for name in TABLES if f"\n{name}: one row for each" not in f"\n{shown}"] == []
    assert "  * revenue_goal            amount, 0 or more\n" in shown
    assert "    gross_margin            rate from 0 to 1, as 0.20 or 20%\n" in shown


def test_one_table_is_shown_with_what_each_column_means() -> None:
    shown = CliRunner().invoke(app, ["tables", "deals"]).output
    assert "date, as 2027-01-31; past" in shown
    assert "Price cut as a share of list price: 20%." in shown
    assert "activity" not in shown


def test_an_unknown_table_is_refused_with_the_name_it_may_mean() -> None:
    result = CliRunner().invoke(app, ["tables", "deal"])
    assert isinstance(result.exception, InputError)
    assert "Did you mean deals?" in str(result.exception)
    with pytest.raises(InputError, match="there are territories, accounts"):
        raise result.exception
