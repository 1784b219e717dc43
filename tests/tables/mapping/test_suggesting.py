"""A draft of a map, from an export's headings and values."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from xlsales.errors import InputError
from xlsales.tables import read_tables, validate
from xlsales.tables.mapping import read_map
from xlsales.tables.mapping.suggesting import Sample
from xlsales.tables.source import suggested_map

APPLY = Sample.apply
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


def draft_of(folder: Path, **files: str) -> str:
    for name, text in files.items():
        (folder / f"{name}.csv").write_bytes(text.replace("\n", "\r\n").encode("cp1252"))
    return suggested_map(folder)


def test_headings_beneath_titles_are_found_and_so_is_the_year(tmp_path: Path) -> None:
    text = draft_of(
        tmp_path,
        Gebiete="Vertriebsgebiete, Stand 31.10.2026\n\n"
        "Gebiet-Nr.;Bezeichnung;Verkäufer;Umsatzziel 2026;Währung\n"
        "007;Köln/Bonn;Jörg Groß;1.250.000,00;EUR\nSumme;;;1.250.000,00;\n",
        Kunden="Kundennummer;Kunde;Gebiet-Nr.;Potenzial;Letzter Besuch;Bonität\n000123;Süß AG;007;;12.09.2026;1,5\n",
    )
    draft = tomllib.loads(text)
    assert draft["read"] == {"encoding": "cp1252", "dates": ["dmy"], "decimal": ",", "thousands": ["."]}
    assert draft["territories"]["header"] == 3
    assert draft["territories"]["constants"] == {"fiscal_year": 2026}
    assert "# Not used: Bonität" in text
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    validated = validate(read_tables(tmp_path, read_map(path)))
    [territory] = validated.territories
    assert [territory[name] for name in ("territory_id", "person", "revenue_goal", "fiscal_year", "currency")] == [
        "007", "Jörg Groß", 1_250_000, 2026, "EUR",
    ]  # fmt: skip
    [account] = validated.rows("accounts", "007")
    assert (account["account_id"], account["last_contact"]) == ("000123", dt.date(2026, 9, 12))
    assert [one.message for one in validated.findings if one.severity != "info"] == []


@pytest.mark.parametrize(
    ("goals", "told"),
    [("Umsatzziel 2026;Umsatz 2025", False), ("Umsatzziel", False), ("Umsatzziel 2026", True)],
)
def test_year_is_guessed_from_the_headings_where_they_name_one_alone(tmp_path: Path, goals: str, told: bool) -> None:
    draft = draft_of(tmp_path, Gebiete=f"Gebiet;Verkäufer;{goals}\n1;Ada;5\n")
    assert ("constants" in tomllib.loads(draft)["territories"]) is told
    assert ('# fiscal_year = "…"' in draft) is not told


@pytest.mark.parametrize(
    ("stage", "means"),
    [
        ("Abgeschlossen", ("CLOSED", None)),
        ("Closed", ("CLOSED", None)),
        ("Closed Won", ("CLOSED", "WON")),
        ("Cerrado", ("CLOSED", None)),
        ("Erstgespräch", ("FIRST APPOINTMENT", "OPEN")),
        ("Trattativa", ("PROPOSAL", "OPEN")),
        ("Négociation", ("PROPOSAL", "OPEN")),
        ("Phase 3", (None, None)),
    ],
)
def test_what_a_stage_means_is_guessed_where_a_word_tells_it(
    tmp_path: Path, stage: str, means: tuple[str | None, str | None]
) -> None:
    for outcome, key in (("", "stages"), ("Status", "values")):
        draft = draft_of(tmp_path, deals=f"Deal ID;Stage;{outcome}\n1;{stage};x\n")
        guessed = tomllib.loads(draft)["deals"].get(key, {})
        if outcome:
            assert guessed.get("stage", {}).get(stage) == (means[0] if stage.upper() != means[0] else None)  # as it is
            assert means[0] or f'# "{stage}" = "…"' in draft
        else:
            assert guessed == ({stage: list(means)} if None not in means else {})
            assert means[1] or f'# "{stage}" = ["{means[0] or "…"}", "…"]' in draft


@pytest.mark.parametrize(
    "headings",
    [
        "Code secteur;Nom du secteur;Commercial;Objectif annuel;Devise;Exercice",
        "Codice zona;Descrizione;Agente;Obiettivo annuo;Valuta;Esercizio",
        "Código zona;Nombre;Comercial;Objetivo anual;Moneda;Ejercicio",
        "Territory code;Territory name;Salesperson;Sales target (USD);Currency;Year",
    ],
)
def test_territories_of_other_languages_are_found(tmp_path: Path, headings: str) -> None:
    draft = tomllib.loads(draft_of(tmp_path, liste=f"{headings}\n1;A;Ada;5,5;EUR;2026\n"))
    names = ("territory_id", "territory_name", "person", "revenue_goal", "currency", "fiscal_year")
    assert draft["territories"]["columns"] == dict(zip(names, headings.split(";"), strict=True))
    assert draft["read"]["decimal"] == ","


def test_numbers_that_a_workbook_has_tell_no_marks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Clients"
    for row in (["Code client", "Raison sociale", "Potentiel"], ["C1", "Eau", "3\u202f000,50 €"], ["C2", "Vin", 0.25]):
        sheet.append(row)
    book.save(tmp_path / "Plan.xlsx")
    how = tomllib.loads(suggested_map(tmp_path / "Plan.xlsx"))["read"]
    assert how == {"decimal": ",", "thousands": [" "], "currency": ["€"]}


@pytest.mark.parametrize(
    ("unit", "times"),
    [
        ("(T€)", 1000),
        ("in TEUR", 1000),
        ("[k$]", 1000),
        ("(in thousands)", 1000),
        ("Tsd. EUR", 1000),
        ("('000)", 1000),
        ("(000s)", 1000),
        ("Mio. €", 1_000_000),
        ("(M EUR)", 1_000_000),
        ("(in millions)", 1_000_000),
        ("(EUR)", 1),
        ("", 1),
    ],
)
def test_unit_in_a_heading_multiplies_its_numbers(tmp_path: Path, unit: str, times: int) -> None:
    goal = f"Umsatzziel {unit}".strip()
    amount = f"Wert {unit}".strip()
    text = draft_of(
        tmp_path,
        Gebiete=f"Gebiet;Bezeichnung;Verkäufer;Währung;Jahr;{goal}\n1;Nord;Ada;EUR;2026;2,5\n",
        Angebote=f"Gebiet;Angebots-Nr.;Status;Phase;Erstgespräch;Abschluss;{amount}\n"
        "1;A1;Gewonnen;Gewonnen;01.02.2026;03.04.2026;1,1\n1;A2;Offen;Angebot;01.02.2026;13.04.2026;0,7\n",
    )
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    assert (f"times = {times}" in text) is (times > 1)
    validated = validate(read_tables(tmp_path, read_map(path)))
    assert [row["revenue_goal"] for row in validated.territories] == [2.5 * times]
    deals = {row["deal_id"]: row for row in validated.rows("deals", "1")}
    exactly = {1: (1.1, 0.7), 1000: (1100, 700), 1_000_000: (1_100_000, 700_000)}  # 1.1 * 1000 is more, as floats
    assert (deals["A1"]["amount"], deals["A2"]["forecast"]) == exactly[times]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_text_files_of_an_export_are_looked_at_whatever_they_are_called(tmp_path: Path, encoding: str) -> None:
    """Excel's own "Unicode Text" is .txt, with tabs."""
    text = "Gebiet\tBezeichnung\tVerkäufer\tWährung\tJahr\tUmsatzziel\n1\tNord\tAda\tEUR\t2026\t2,5\n"
    (tmp_path / "Gebiete.txt").write_bytes(text.encode(encoding))
    (tmp_path / "Kunden.tsv").write_bytes("Kundennummer\tKunde\tGebiet\n7\tMüller\t1\n".encode(encoding))
    (tmp_path / "readme.txt").write_text("Exported on Monday\n", encoding="utf-8")
    (tmp_path / "photo.txt").write_bytes(b"\x00\xff\xfe\x00" * 40)
    draft = suggested_map(tmp_path)
    assert ("# Not used: " in draft, draft.count("# Not read: photo.txt"), "readme.txt" in draft) == (False, 1, True)
    path = tmp_path / "map.toml"
    path.write_text(draft, encoding="utf-8")
    validated = validate(read_tables(tmp_path, read_map(path)))
    assert [row["revenue_goal"] for row in validated.territories] == [2.5]
    assert [row["account_id"] for row in validated.rows("accounts", "1")] == ["7"]


def test_export_of_which_nothing_can_be_read_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "photo.csv").write_bytes(b"\x00\xff\xfe\x00" * 40)
    with pytest.raises(InputError, match=r"photo\.csv"):
        suggested_map(tmp_path)


def test_table_without_rows_above_its_headings_is_looked_at_twice_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def noted(sample: Sample, file: str, *rest: Any) -> Any:
        seen.append(file)
        return APPLY(sample, file, *rest)

    monkeypatch.setattr(Sample, "apply", noted)
    pd.DataFrame({"day": [1], "rain": [2]}).to_parquet(tmp_path / "weather.parquet")
    (tmp_path / "deals.csv").write_text("Deal ID,Amount\n1,5\n", encoding="utf-8")
    assert "# Not recognised, and not used: weather.parquet." in suggested_map(tmp_path)
    assert sorted(seen) == ["deals.csv", "weather.parquet", "weather.parquet"]
