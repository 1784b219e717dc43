"""Territories whose identifiers look alike are told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from xlsales.batch import alike
from xlsales.batch.options import Options
from xlsales.batch.preparing import prepare

if TYPE_CHECKING:
    from tests.conftest import Tables, WriteTables


@pytest.mark.parametrize(
    "keys",
    [
        ("T2", "t2"), ("T 6", "T\xa06"), ("T 6", "T  6"), ("T4", "T\u200b4"), ("Zo\u00eb", "Zoe\u0308"),
        ("\uff345", "T5"),
        ("stra\u00dfe", "STRASSE"), ("A", "a", "A\u200d", "a\u200b"),
    ],
)  # fmt: skip
def test_identifiers_that_look_alike_are_one_finding(keys: tuple[str, ...]) -> None:
    [finding] = alike.findings(["T1", *keys, "T10"])
    assert (finding.severity, finding.code) == ("warning", "ID_ALIKE")
    assert "T10" not in finding.message


def test_what_cannot_be_seen_is_spelled_out() -> None:
    [finding] = alike.findings(["Zo\u00eb", "Zoe\u0308", "ZO\u00cb", "zo\u00eb\u200b"])
    assert "Zoe\u0308 (U+0308)" in finding.message
    assert "…" in finding.message


def test_others_are_none() -> None:
    assert list(alike.findings(["T1", "T2", "T12", "Zoe", "Zo\u00eb", "e", "\u00e9", "A-B", "AB", "1", "01"])) == []


def test_a_batch_tells_them(
    small_tables: Tables, write_tables: WriteTables, tmp_path: Path, tiny_template: Path
) -> None:
    small_tables["territories"].append({**small_tables["territories"][0], "territory_id": "t1"})
    source = write_tables(tmp_path / "tables", {"territories": small_tables["territories"]})
    with prepare(source, Options(tmp_path / "out", template=tiny_template, workers=1)) as batch:
        batch.rehearse()
    assert [one.message.split(" have")[0] for one in batch.findings if one.code == "ID_ALIKE"] == [
        "The territories T1, t1"
    ]
