"""What a map takes from another file of the export by a key, what it multiplies, and what it leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest

from xlsales.errors import InputError
from xlsales.tables import Validated, parted, read_tables, validate
from xlsales.tables.mapping import read_map
from xlsales.tables.selection import selection

CRM = Path(__file__).resolve().parents[3] / "examples" / "crm"
TERRITORIES = """territory_id,territory_name,person,fiscal_year,currency,revenue_goal
T1,North,Ada,2026,EUR,500000
T2,South,Bo,2026,EUR,500000
"""
DEALS = """Id,Who,Product,Pieces,Stage
007,Ada,Box,2,Won
008,Bo,Bag,1.5,Sent
009,ada,Can,3,Won
Total,,,,
"""
PRODUCTS = """Name,List price,Code
Box,"1,250.50",="001"
Big bag,10,002
Bin,1,003
bin,2,003
"""
MAP = """
[read]
thousands = [","]
[deals]
from = "in/deals"
leave_out = [{ column = "Id", is = "Total*" }]
[deals.columns]
territory_id = { column = "Who", lookup = { from = "territories", key = "person", take = "territory_id" } }
deal_id = "Id"
product = { column = "Product", lookup = { from = "in/products", key = "Name", take = "Code" } }
stage = "Stage"
[deals.columns.forecast]
column = "Product"
times = "Pieces"
lookup = { from = "in/products", key = "Name", take = "List price", spelling = { Bag = "Big bag" } }
[deals.stages]
Won = ["PROPOSAL", "OPEN"]
"""


def export(folder: Path, mapping: str = MAP, **files: str) -> Path:
    (folder / "in").mkdir()
    given = {"deals": DEALS, "products": PRODUCTS} | files
    for name, text in given.items():
        (folder / "in" / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "territories.csv").write_text(TERRITORIES, encoding="utf-8")
    (folder / "map.toml").write_text(mapping, encoding="utf-8")
    return folder


def read(folder: Path) -> Validated:
    return validate(read_tables(folder, read_map(folder / "map.toml")))


def test_columns_come_from_other_files_by_their_keys(tmp_path: Path) -> None:
    validated = read(export(tmp_path))
    [box, can] = validated.rows("deals", "T1")
    assert (box["deal_id"], box["product"], box["forecast"]) == ("007", "001", 2501.0)
    assert (can["deal_id"], can["product"], can["forecast"]) == ("009", None, None)


def test_what_the_other_file_does_not_know_is_told_with_the_line_to_add(tmp_path: Path) -> None:
    found = [one for one in read(export(tmp_path)).findings if one.code == "MAP_LOOKUP"]
    assert [(one.severity, one.column, one.value) for one in found] == [
        ("warning", "product", "Bag"), ("warning", "product", "Can"), ("warning", "forecast", "Can"),
    ]  # fmt: skip
    assert '"Bag" = "…"' in found[0].message


def test_key_with_several_answers_gives_none(tmp_path: Path) -> None:
    validated = read(export(tmp_path, deals=DEALS.replace("Can", "BIN")))
    [_bag, finding] = [one for one in validated.findings if one.code == "MAP_LOOKUP"]
    assert (finding.column, "for several List price" in finding.message) == ("forecast", True)
    assert validated.rows("deals", "T1")[1]["product"] == "003"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('take = "Code"', 'take = "Cod"', "did you mean “Code”?"),
        ('key = "Name", take = "Code"', 'take = "Code"', "say where"),
        ('from = "in/products", key = "Name", take = "Code"', 'from = "../p", key = "a", take = "b"', "inside"),
        ('from = "in/products", key = "Name", take = "Code"', 'from = "/p", key = "a", take = "b"', "inside"),
        ('from = "in/deals"', 'from = "in/dels"', "has no “in/dels”"),
        ('take = "Code"', 'tkae = "Code"', "did you mean take?"),
        ('deal_id = "Id"', 'deal_id = { column = "Id", times = "Pieces" }', "only a number can be multiplied"),
        ('times = "Pieces"', "times = 0", "or a number above 0, as 1000"),
        ('times = "Pieces"', "times = inf", "or a number above 0, as 1000"),
        ('times = "Pieces"', "times = true", "or a number above 0, as 1000"),
        ('times = "Pieces"', 'times = " "', "give a column of the export"),
    ],
)
def test_wrong_lookup_is_one_line(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in MAP
    folder = export(tmp_path, MAP.replace(before, after))
    with pytest.raises(InputError) as refused:
        read(folder)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_map_takes_columns_of_the_company_s_own(tmp_path: Path) -> None:
    ours = '[territories]\nfrom = "people"\n[territories.columns]\n'
    ours += "".join(f'{name} = "{name}"\n' for name in TERRITORIES.splitlines()[0].split(","))
    mapping = ours + '[territories.own]\nPhone = "Mobile"\nRoom = "Rom"\n'
    (tmp_path / "map.toml").write_text(mapping, encoding="utf-8")
    head, first, second = TERRITORIES.splitlines()
    (tmp_path / "people.csv").write_text(f'{head},Mobile,Room\n{first},="0012",1\n{second},,2\n', encoding="utf-8")
    validated = read(tmp_path)
    assert validated.own == {"T1": {"Phone": "0012"}, "T2": {"Phone": ""}}
    assert [(one.code, one.column) for one in validated.findings if one.severity == "warning"] == [
        ("MAP_COLUMN_MISSING", "Rom")
    ]
    (tmp_path / "map.toml").write_text(mapping.replace("Phone =", "person ="), encoding="utf-8")
    with pytest.raises(InputError, match="name it under columns"):
        read(tmp_path)


def test_rows_that_a_map_leaves_out_are_counted(tmp_path: Path) -> None:
    with parted(export(tmp_path), mapping=read_map(tmp_path / "map.toml")) as parts:
        assert parts.left_out["deals"] == 1


def test_unknown_values_of_territories_that_are_not_made_are_not_told(tmp_path: Path) -> None:
    mapping = read_map(export(tmp_path) / "map.toml")
    for only, values in (["T1"], ["Can"]), (["T2"], ["Bag", "Sent"]), ([], ["Bag", "Can", "Sent"]):
        with parted(tmp_path, mapping=mapping, selected=selection(only)) as parts:
            told = sorted({one.value or "" for one in parts.findings if one.code.startswith("MAP_") and one.value})
        assert told == values, only


def test_crm_example_says_the_same_through_its_map_as_in_its_tables() -> None:
    tables = validate(read_tables(CRM / "tables"))
    mapped = validate(read_tables(CRM, read_map(CRM / "map.toml")))
    assert tables.accounting == mapped.accounting
    assert tables.territory_ids == mapped.territory_ids
    for territory_id in tables.territory_ids:
        for table in ("accounts", "deals", "activity"):
            assert tables.rows(table, territory_id) == mapped.rows(table, territory_id), (territory_id, table)
