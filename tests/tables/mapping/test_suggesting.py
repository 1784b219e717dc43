"""A draft of a map, from an export's headings and values."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from xlsales.tables import read_tables, validate
from xlsales.tables.mapping import read_map
from xlsales.tables.source import suggested_map

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@pytest.mark.parametrize("export", ["salesforce", "hubspot"])
def test_draft_for_an_export_reads_its_deals(export: str, tmp_path: Path) -> None:
    draft = tmp_path / "draft.toml"
    draft.write_text(suggested_map(EXAMPLES / "exports" / export), encoding="utf-8")
    validated = validate(read_tables(EXAMPLES / "exports" / export, read_map(draft)))
    deals = [row for territory in validated.territory_ids for row in validated.rows("deals", territory)]
    assert {row["outcome"] for row in deals} == {"WON", "LOST", "OPEN"}
    assert [
        finding for finding in validated.findings if finding.code in ("MAP_COLUMN_MISSING", "MAP_VALUE_UNKNOWN")
    ] == []


def test_draft_for_the_crm_example_finds_what_prepare_py_finds() -> None:
    draft = tomllib.loads(suggested_map(EXAMPLES / "crm" / "export"))
    assert draft["deals"]["from"] == "sales_pipeline.csv"
    assert (
        draft["deals"]["columns"] | {"deal_id": "opportunity_id", "first_appointment": "engage_date"}
        == draft["deals"]["columns"]
    )
    assert draft["deals"]["stages"]["Won"] == ["CLOSED", "WON"]
    assert draft["territories"]["columns"]["leader"] == "manager"


def test_draft_says_how_dates_and_numbers_are_written(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(
        "Deal ID;Amount;Close Date;Stage\n1;1.234,50 €;25/01/2026 10:00;Vinta\n2;99,00 €;03/02/2026 09:30;Offerta\n",
        encoding="utf-8",
    )
    how = tomllib.loads(suggested_map(tmp_path))["read"]
    assert how == {"dates": ["dmy"], "times": "drop", "decimal": ",", "thousands": ["."], "currency": ["€"]}


def test_draft_says_what_it_does_not_know(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("Deal ID,Amount,Close Date,Colour\n1,5,03/02/2026,red\n", encoding="utf-8")
    (tmp_path / "weather.csv").write_text("day,rain\n1,5\n", encoding="utf-8")
    draft = suggested_map(tmp_path)
    assert "# Day or month first? Nothing tells; dmy is a guess." in draft
    assert "# Not used: Colour" in draft
    assert "# Needed, and not found: territory_id" in draft
    assert "# Not recognised, and not used: weather.csv." in draft


def test_owners_by_name_are_found_among_the_people_of_the_territories(tmp_path: Path) -> None:
    (tmp_path / "territories.csv").write_text(
        "territory_id,territory_name,person,fiscal_year,currency,revenue_goal\nT1,North,Linh Vu,2026,USD,1\n",
        encoding="utf-8",
    )
    (tmp_path / "opportunities.csv").write_text(
        "opportunity_id,created_date,stage,amount_usd,actual_close_date,owner\n"
        "O1,2026-02-03,Closed Won,82999.75,2026-02-25,Linh Vu\n",
        encoding="utf-8",
    )
    path = tmp_path / "map.toml"
    path.write_text(suggested_map(tmp_path), encoding="utf-8")
    validated = validate(read_tables(tmp_path, read_map(path)))
    [deal] = validated.rows("deals", "T1")
    assert (deal["deal_id"], deal["amount"], deal["outcome"]) == ("O1", 82999.75, "WON")


GERMAN = (
    "Verkaufschance;Kunde;Betrag;Phase;Status;Inhaber;Erstellt am;Abschlussdatum\r\n"
    '="0001";Müller;1.234,56 €;Angebot;Offen;Zoë;31.12.2025;\r\n'
    '="0002";Müller;(2.000,00 €);Verloren;Verloren;Zoë;31.12.2025;02.01.2026\r\n'
    ";;;;;;;\r\n"
    '="0003";Müller;99,90 €;Gewonnen;Gewonnen;Zoë;05.01.2026;02.02.2026\r\n'
    "Summe;;3.234,56;;;;;\r\n"
)
ZOE = "territory_id,territory_name,person,fiscal_year,currency,revenue_goal\nT1,Nord,Zoë,2026,EUR,1000\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_draft_for_a_german_export_reads_it(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "Verkaufschancen.csv").write_bytes(GERMAN.encode(encoding))
    (tmp_path / "territories.csv").write_text(ZOE, encoding="utf-8")
    path = tmp_path / "map.toml"
    path.write_text(suggested_map(tmp_path), encoding="utf-8")
    assert (tomllib.loads(path.read_text(encoding="utf-8"))["read"].get("encoding") == "cp1252") == (
        encoding == "cp1252"
    )
    validated = validate(read_tables(tmp_path, read_map(path)))
    deals = {row["deal_id"]: row for row in validated.rows("deals", "T1")}
    assert {key: row["outcome"] for key, row in deals.items()} == {"0001": "OPEN", "0002": "LOST", "0003": "WON"}
    assert (deals["0001"]["forecast"], deals["0003"]["amount"]) == (1234.56, 99.9)
    assert deals["0003"]["close_date"] == dt.date(2026, 2, 2)
    assert [one.code for one in validated.findings if one.severity == "error"] == []


def test_draft_for_an_export_of_pipedrive_finds_its_columns(tmp_path: Path) -> None:
    names = "ID,Title,Value,Stage,Status,Owner,Organization,Expected close date,Deal created,Won time"
    head = ",".join(f"Deal - {name}" for name in names.split(","))
    rows = "7,Pilot,500,Negotiations,Won,Ada,Acme,2026-03-01,2026-01-02 10:00:00,2026-02-02 10:00:00"
    (tmp_path / "deals.csv").write_text(f"{head}\n{rows}\n", encoding="utf-8")
    draft = tomllib.loads(suggested_map(tmp_path))["deals"]
    columns = draft["columns"]
    assert columns["territory_id"] == "Deal - Owner"
    assert columns["account_id"] == "Deal - Organization"
    assert columns["amount"] == {"column": "Deal - Value", "when": {"outcome": "WON"}}
    assert columns["close_date"]["column"] == "Deal - Won time"
    assert draft["values"]["stage"] == {"Negotiations": "PROPOSAL"}


def test_draft_warns_of_an_id_that_repeats(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("Deal Name,Deal Stage\nA,Won\nA,Won\n", encoding="utf-8")
    assert "# “A” and others are there several times" in suggested_map(tmp_path)
