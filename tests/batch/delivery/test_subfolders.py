"""`--subfolders`: planners in sub-folders, by columns of the territories or by ids, and where they are afterwards."""

from __future__ import annotations

import csv
import io
import json
import shutil
import unicodedata
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.batch import folders
from tests.batch.faults import Folder
from tests.batches import Run
from tests.conftest import Tables, WriteTables
from tests.scale.storage import PLANNERS
from tests.tiny import edited
from xlsales.batch import Batch, Options, out_folder, prepare
from xlsales.batch.delivery.subfolders import Subfolders
from xlsales.collection import collect
from xlsales.collection.files import found
from xlsales.errors import InputError
from xlsales.files import file_names

BY_REGION = Subfolders("region")
FEW = Subfolders(most=3)  # planners in one folder
BY_IDS = ("1f/T1 North.xlsx", "0f/T2 South.xlsx", "5d/T3 West.xlsx")


@pytest.fixture
def run_template(tiny_template: Path) -> Path:
    """What the planners show is all the same here."""
    return tiny_template


@pytest.fixture
def small_tables(small_tables: Tables) -> Tables:
    """Three territories, without lists."""
    return {"territories": small_tables["territories"]}


@pytest.fixture
def regions(small_tables: Tables) -> Tables:
    """Two territories in the one region and the third in another."""
    for row, region in zip(small_tables["territories"], ("Europe", "Europe", "Americas"), strict=True):
        row["region"] = region
    return small_tables


class Stopped(Folder):
    """Runs that are killed after their first planner, with the tables of the test."""

    def __init__(self, tmp_path: Path, tables: Tables, template: Path, write: WriteTables) -> None:
        super().__init__(tmp_path, tmp_path / "tables", template)
        self.write = partial(write, self.source)
        self.write(tables)


@pytest.fixture
def stopped(tmp_path: Path, regions: Tables, tiny_template: Path, write_tables: WriteTables) -> Stopped:
    return Stopped(tmp_path, regions, tiny_template, write_tables)


PLACES = ["Americas/T3 West.xlsx", "Europe/T1 North.xlsx", "Europe/T2 South.xlsx"]


def tree(out: Path) -> dict[str, bytes]:
    """All files of a folder by their places, but for those in backups."""
    files = (path for path in sorted(out.rglob("*")) if path.is_file())
    found = {path.relative_to(out).as_posix(): path.read_bytes() for path in files}
    return {name: content for name, content in found.items() if not name.startswith("backup ")}


def planners(out: Path) -> list[str]:
    return [name for name in tree(out) if (name.endswith((".xlsx", ".xlsx")) and "/" in name) or name.startswith("T")]


def add_territories(tables: Tables, *ids: str) -> None:
    for key in ids:
        tables["territories"].append({**tables["territories"][2], "territory_id": key, "territory_name": "New"})


def codes(batch: Batch) -> list[str]:
    return [one.code for one in batch.findings if one.code.startswith("SUBFOLDER") or one.severity == "error"]


def told(out: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((out / "run.json").read_bytes())
    return report


def test_planners_are_put_together_by_a_column(run: Run, out: Path, regions: Tables) -> None:
    for row in regions["territories"]:
        row["email"] = "a@example.com"
    batch = run(regions, subfolders=BY_REGION)
    assert planners(out) == PLACES
    assert codes(batch) == []
    assert [one["file"] for one in told(out)["planners"]] == [PLACES[1], PLACES[2], PLACES[0]]
    with (out / "recipients.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["file"] for row in csv.DictReader(file)] == [PLACES[1], PLACES[2], PLACES[0]]


@pytest.mark.parametrize("book", ["Overview.xlsx", "findings.xlsx"])
@pytest.mark.parametrize("longest", [2, 5000])
def test_links_lead_into_sub_folders(
    run: Run, out: Path, regions: Tables, book: str, longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlsales.batch.overview.LONGEST", longest)
    regions["territories"][0] |= {"region": "A & B #1 [50%]", "email": "none"}  # of which a finding tells
    run(regions, subfolders=BY_REGION)
    sheet = openpyxl.load_workbook(out / book).worksheets[0]
    targets = {cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    link = "A%20&%20B%20%231%20%5B50%25%5D/T1%20North.xlsx"
    others = {place.replace(" ", "%20") for place in (PLACES[0], PLACES[2])}
    assert targets == ({link} if book == "findings.xlsx" else {link} | others)


@pytest.mark.parametrize("workers", [1, 2])
def test_planners_and_findings_are_those_of_a_run_into_one_folder(
    run: Run, tmp_path: Path, regions: Tables, workers: int
) -> None:
    run(regions, tmp_path / "one")
    run(regions, tmp_path / "some", subfolders=BY_REGION, workers=workers)
    one, some = tree(tmp_path / "one"), tree(tmp_path / "some")
    different = ("run.json", "Overview.xlsx")  # which name the planners' places
    assert {name.rpartition("/")[2]: content for name, content in some.items() if name not in different} == {
        name: content for name, content in one.items() if name not in different
    }


def test_several_columns_make_folders_in_folders(run: Run, out: Path, regions: Tables) -> None:
    for row in regions["territories"]:
        row["Cost centre, old"] = "7"
    run(regions, subfolders=Subfolders("cost CENTRE, old"))
    assert planners(out) == [f"7/{name}" for name in PLANNERS]
    regions["territories"][2]["leader"] = "Lee"
    run(regions, out.with_name("more"), subfolders=Subfolders("Region, leader ,PERSON"))
    assert planners(out.with_name("more"))[0] == "Americas/Lee/Cy/T3 West.xlsx"
    assert told(out.with_name("more"))["subfolders"] == ["region", "leader", "person"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("regin", "--subfolders regin: territories have no column regin: did you mean region?"),
        ("region,xyz", "no column xyz: there are auto, always, never, territory_id, "),
        ("nevr", "did you mean never?"),
        (" ,", "--subfolders: name columns of territories, such as region, or auto, always, never."),
    ],
)
def test_column_that_is_not_there_is_refused(run: Run, regions: Tables, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words.replace("?", r"\?")):
        run(regions, subfolders=Subfolders(text))


def test_territory_without_a_group_stays_in_the_folder_and_is_told(run: Run, out: Path, regions: Tables) -> None:
    regions["territories"][0]["region"] = " "
    batch = run(regions, subfolders=BY_REGION)
    assert planners(out) == [PLACES[0], PLACES[2], PLANNERS[0]]
    assert codes(batch) == ["SUBFOLDER_EMPTY"]


def test_group_that_is_too_large_for_one_folder_is_told(run: Run, regions: Tables) -> None:
    batch = run(regions, subfolders=Subfolders("region", most=1))
    [told_of] = [one for one in batch.findings if one.code == "SUBFOLDER_LARGE"]
    assert told_of.message.startswith("The sub-folder Europe gets 2 planners")


@pytest.mark.parametrize("most", [2, 3])
def test_more_planners_than_a_folder_takes_are_divided_by_ids(
    run: Run, out: Path, small_tables: Tables, most: int
) -> None:
    batch = run(small_tables, subfolders=Subfolders(most=most))
    run(small_tables, out.with_name("usual"))
    if most == 3:
        assert tree(out) == tree(out.with_name("usual"))
        assert codes(batch) == []
    else:
        assert planners(out) == sorted(BY_IDS)
        assert codes(batch) == ["SUBFOLDERS"]
        assert told(out)["subfolders"] == "always"


def test_sub_folder_of_a_territory_does_not_depend_on_others(run: Run, out: Path, small_tables: Tables) -> None:
    run(small_tables, subfolders=Subfolders("always"), only=["T3"])
    assert planners(out) == [BY_IDS[2]]


def test_never_leaves_all_in_one_folder(run: Run, out: Path, small_tables: Tables) -> None:
    run(small_tables, subfolders=Subfolders("Never", most=1))
    assert planners(out) == list(PLANNERS)
    run(small_tables, subfolders=Subfolders(most=1), overwrite=True)  # not asked for: as before
    assert planners(out) == list(PLANNERS)


NAMES = (
    "CON|nul.txt|..|../..|.|.xlsales|North.|~North|~$North|T1 North.xlsx|run.json|desktop.ini|Forms|_vti_bin|=1+1|ae"
)
HOSTILE = [
    *NAMES.split("|"),
    "a/b\\c",
    "Backup 2027-01-31 143000",
    "backup 2027-01-31 143000",
    "x" * 300,
    "ü" * 300,
    "😀" * 200,
    "Île-de-France",
    unicodedata.normalize("NFD", "Île-de-France"),
    "\u202emanager",
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_a_column_holds_is_a_folder_that_every_system_takes(
    run: Run, out: Path, small_tables: Tables, value: str
) -> None:
    for row in small_tables["territories"]:
        row["region"] = value
    run(small_tables, subfolders=BY_REGION)
    [folder] = {place.rpartition("/")[0] for place in planners(out)}
    assert file_names.why_not_shared(folder) is None
    assert len(folder) <= 50
    assert folder == unicodedata.normalize("NFC", folder)
    assert folder not in (*out_folder.REPORTS, *PLANNERS)
    assert not folder.casefold().startswith(("backup ", "."))
    assert len(found([out])) == 3
    small_tables["territories"][0]["revenue_goal"] = "700000"
    batch = run(small_tables, update=True)
    assert planners(out) == [f"{folder}/{name}" for name in PLANNERS]
    assert codes(batch) == []


def test_groups_that_some_system_takes_for_one_share_a_folder(run: Run, out: Path, small_tables: Tables) -> None:
    for row, region in zip(small_tables["territories"], ("north", "North", "NORTH "), strict=True):
        row["region"] = region
    run(small_tables, subfolders=BY_REGION)
    assert planners(out) == [f"NORTH/{name}" for name in PLANNERS]


def test_sub_folder_that_is_there_keeps_its_letters(run: Run, out: Path, regions: Tables) -> None:
    run(regions, subfolders=BY_REGION)
    for row in regions["territories"]:
        row["region"] = row["region"].upper()
    batch = run(regions, subfolders=BY_REGION, overwrite=True)
    assert planners(out) == PLACES
    assert batch.stale == []


def test_planner_stays_where_it_is_when_it_is_updated(run: Run, out: Path, regions: Tables) -> None:
    run(regions, subfolders=BY_REGION)
    regions["territories"][0] |= {"region": "Asia", "territory_name": "Far East"}
    add_territories(regions, "T4")
    regions["territories"][3]["region"] = "Asia"
    batch = run(regions, update=True)
    assert planners(out) == [PLACES[0], "Asia/T4 New.xlsx", "Europe/T1 Far East.xlsx", PLACES[2]]
    assert codes(batch) == []
    assert batch.stale == []
    [copies] = out.glob("backup *")
    assert (copies / PLACES[1]).is_file()


def test_planner_that_was_moved_is_updated_where_it_is_now(run: Run, out: Path, regions: Tables) -> None:
    run(regions, subfolders=BY_REGION)
    (out / PLACES[1]).rename(out / "came back.xlsx")
    (out / PLACES[2]).rename(out / "Americas" / "T2 South.xlsx")
    regions["territories"][0]["revenue_goal"] = "700000"
    regions["territories"][1]["revenue_goal"] = "700000"
    batch = run(regions, update=True, subfolders=BY_REGION)
    assert planners(out) == ["Americas/T2 South.xlsx", PLACES[0], PLANNERS[0]]
    assert codes(batch) == []
    assert [one["file"] for one in told(out)["planners"]] == [PLANNERS[0], "Americas/T2 South.xlsx", PLACES[0]]


def test_planners_are_found_in_sub_folders_without_a_run_report(run: Run, out: Path, regions: Tables) -> None:
    run(regions, subfolders=BY_REGION)
    for folder in ("backup 2027-01-31 143000/Europe", "of another run", "of another run/Asia", ".hidden"):
        (out / folder).mkdir(parents=True)
        shutil.copy(out / PLACES[1], out / folder)
    for path in (out / "run.json", out / "of another run" / "run.json"):
        path.write_bytes(b"{}")
    (out / "run.json").unlink()
    regions["territories"][0]["territory_name"] = "Far East"
    batch = run(regions, update=True)
    assert codes(batch) == []
    assert [one.file_name for one in batch.made] == ["Europe/T1 Far East.xlsx", PLACES[2], PLACES[0]]


def test_planner_that_came_back_beside_what_was_sent_out_takes_its_place(run: Run, out: Path, regions: Tables) -> None:
    run(regions, subfolders=BY_REGION)
    book = openpyxl.load_workbook(io.BytesIO(edited((out / PLACES[1]).read_bytes(), "person", "Somebody else")))
    for name in [*book.custom_doc_props.names]:
        del book.custom_doc_props[name]  # as a program does that drops them
    book.save(out / PLANNERS[0])
    batch = run(regions, update=True)
    assert planners(out) == PLACES
    assert codes(batch) == []
    assert [one.kept for one in batch.made] == [1, 0, 0]


@pytest.mark.parametrize("options", [{"update": True}, {"overwrite": True}])
def test_planners_stay_in_the_folder_when_they_become_too_many(
    run: Run, out: Path, small_tables: Tables, options: dict[str, bool], tiny_template: Path
) -> None:
    run(small_tables, subfolders=FEW)
    add_territories(small_tables, "T4", "T5")
    small_tables["territories"][0]["revenue_goal"] = "700000"
    grown = [*PLANNERS, "02/T5 New.xlsx", "11/T4 New.xlsx"]
    batch = run(small_tables, subfolders=FEW, **options)
    assert planners(out) == sorted(grown)
    assert batch.stale == []
    [told_of] = [one for one in batch.findings if one.code.startswith("SUBFOLDER")]
    assert told_of.message.startswith(
        "5 planners are too many for one folder of Explorer, Finder or a sync client: 3 of"
    )
    assert len(collect(out, template=tiny_template, expected=out / "run.json").planners) == 5
    del small_tables["territories"][3]
    batch = run(small_tables, subfolders=FEW, **options)  # few again: the folder stays as it is laid out
    assert planners(out) == sorted(grown)
    assert [one["file"] for one in batch.stale] == [grown[4]]
    add_territories(small_tables, "T4")
    assert [one.code for one in run(small_tables, subfolders=FEW, **options).findings if "STALE" in one.code] == []


def test_other_sub_folders_are_taken_where_they_are_asked_for(run: Run, out: Path, regions: Tables) -> None:
    run(regions)
    first = tree(out)
    batch = run(regions, subfolders=BY_REGION, overwrite=True)
    assert planners(out) == sorted([*PLACES, *PLANNERS])
    assert [one["file"] for one in batch.stale] == list(PLANNERS)
    assert all(one["sha256"] for one in batch.stale)
    for name in PLANNERS:
        (out / name).unlink()
    batch = run(regions, subfolders=Subfolders("never"), overwrite=True)
    assert [one["file"] for one in batch.stale] == PLACES
    assert {name: content for name, content in tree(out).items() if name in PLANNERS} == {
        name: first[name] for name in PLANNERS
    }
    batch = run(regions, overwrite=True)
    assert [one["file"] for one in batch.stale] == PLACES  # in folders that only the run report still knows


def test_column_of_the_run_before_that_is_gone_is_told(run: Run, out: Path, regions: Tables) -> None:
    for row in regions["territories"]:
        row["Cost centre"] = "7"
    run(regions, subfolders=Subfolders("cost centre"))
    for row in regions["territories"]:
        del row["Cost centre"]
    with pytest.raises(InputError, match="by Cost centre, a column that territories no longer have: say --subfolders"):
        run(regions, update=True)
    run(regions, update=True, subfolders=BY_REGION)
    assert planners(out) == [f"7/{name}" for name in PLANNERS]


def test_run_for_some_puts_planners_where_a_run_for_all_does(run: Run, out: Path, regions: Tables) -> None:
    regions["territories"][2]["region"] = "EUROPE"
    run(regions, subfolders=BY_REGION, only=["T1"])
    assert planners(out) == ["EUROPE/T1 North.xlsx"]
    run(regions, update=True)
    assert planners(out) == [f"EUROPE/{name}" for name in PLANNERS]


def test_what_somebody_has_changed_is_copied_as_it_stands(
    run: Run, out: Path, regions: Tables, tiny_template: Path
) -> None:
    run(regions, subfolders=BY_REGION)
    (out / PLACES[2]).write_bytes(b"filled by hand")
    batch = run(regions, overwrite=True)
    [copies] = out.glob("backup *")
    assert (copies / PLACES[2]).read_bytes() == b"filled by hand"
    assert next(one.message for one in batch.findings if one.code == "EDITED_COPIED").startswith(
        f"1 file was not as a run had written it, {PLACES[2]}, "
    )
    regions["territories"][0]["revenue_goal"] = "700000"
    run(regions, update=True)
    collected = collect(out, template=tiny_template, expected=out / "run.json")
    assert [Path(one.file).relative_to(out).as_posix() for one in collected.files] == PLACES
    assert [one.code for one in collected.findings if one.severity == "error"] == []
    assert [Path(one.file).name for one in collect(copies).files] == [PLANNERS[1]]


def test_file_in_the_way_of_a_sub_folder_is_named(run: Run, out: Path, regions: Tables) -> None:
    out.mkdir()
    (out / "Europe").write_bytes(b"mine")
    batch = run(regions, subfolders=BY_REGION)
    assert planners(out) == [PLACES[0]]
    assert [(one.code, one.file) for one in batch.findings if one.severity == "error"] == [
        ("FILE_NOT_WRITTEN", PLACES[1]),
        ("FILE_NOT_WRITTEN", PLACES[2]),
    ]
    assert f"{out / 'Europe'} is a file, and no folder" in batch.findings[0].message
    assert (out / "Europe").read_bytes() == b"mine"


def test_folder_of_another_run_is_no_sub_folder(run: Run, out: Path, regions: Tables) -> None:
    run(regions, out / "Europe")
    with pytest.raises(InputError, match="Europe, which would be a sub-folder for planners, holds a run of its own"):
        run(regions, subfolders=BY_REGION)
    assert sorted(path.name for path in out.iterdir()) == ["Europe"]


def test_what_a_killed_run_left_in_sub_folders_goes(run: Run, out: Path, regions: Tables) -> None:
    run(regions, subfolders=BY_REGION)
    left = out / "Europe" / ".xlsales-1-00.tmp"
    left.write_bytes(b"half")
    run(regions, overwrite=True)
    assert not left.exists()


def test_report_that_somebody_changed_leads_nowhere_else(run: Run, out: Path, regions: Tables) -> None:
    run(regions, subfolders=BY_REGION)
    elsewhere = out.with_name("elsewhere")
    elsewhere.mkdir()
    kept = [elsewhere / ".xlsales-1-00.tmp", elsewhere / "T1 North.xlsx"]
    for path in kept:
        path.write_bytes(b"mine")
    report = told(out)
    report["planners"][0]["file"] = "../elsewhere/T1 North.xlsx"
    report["planners"][1]["file"] = "Europe/../../elsewhere/T2 South.xlsx"
    report["stale"] = [{"file": f"{elsewhere.as_posix()}/x.xlsx", "sha256": None}, {"file": "a\\..\\b/x.xlsx"}]
    (out / "run.json").write_text(json.dumps(report))
    batch = run(regions, overwrite=True)
    assert [path.read_bytes() for path in kept] == [b"mine", b"mine"]
    assert planners(out) == PLACES
    assert batch.stale == []


def test_path_counts_with_its_sub_folder(run: Run, out: Path, regions: Tables) -> None:
    regions["territories"][0]["region"] = "x" * 40
    longest = out_folder.LONGEST_PATH - len(str(out.absolute())) - len(PLANNERS[0]) - 2
    regions["territories"][0]["territory_name"] = "North" + "h" * (longest - 40)
    regions["territories"][1] |= {"region": "x" * 40, "territory_name": "South" + "h" * (longest - 39)}
    batch = run(regions, subfolders=BY_REGION)
    [told_of] = [one for one in batch.findings if one.code == "PATH_TOO_LONG"]
    assert told_of.territory_id == "T2"
    assert str(told_of.file).startswith("x" * 40 + "/T2 South")


def test_rehearsal_tells_the_places_and_makes_none(
    out: Path, regions: Tables, tiny_template: Path, write_tables: WriteTables
) -> None:
    source = write_tables(out.with_name("tables"), regions)
    with prepare(source, Options(out, template=tiny_template, workers=1, subfolders=BY_REGION)) as batch:
        batch.rehearse()
    assert [one.file_name for one in batch.made] == [PLACES[1], PLACES[2], PLACES[0]]
    assert not out.exists()


@pytest.mark.parametrize("again", [{"resume": True}, {"resume": True, "workers": 2}])
@pytest.mark.parametrize("asked", [BY_REGION, Subfolders(most=2)], ids=["column", "too many"])
def test_stopped_run_is_finished_where_it_began(
    out: Path, regions: Tables, stopped: Stopped, asked: Subfolders, again: dict[str, Any]
) -> None:
    stopped.run(out.with_name("undisturbed"), subfolders=asked)
    stopped.stop(out, subfolders=asked)
    assert len(planners(out)) == 1
    batch = stopped.run(out, subfolders=asked, **again)
    assert tree(out) == tree(out.with_name("undisturbed"))
    assert batch.stale == []
    folders.check_nothing_left(out)


@pytest.mark.parametrize("options", [{"subfolders": BY_REGION}, {"subfolders": Subfolders(most=2)}])
@pytest.mark.parametrize("how", ["overwrite", "update"])
def test_stopped_run_over_planners_that_were_there_ends_as_an_undisturbed_one(
    out: Path, regions: Tables, stopped: Stopped, how: str, options: dict[str, Any]
) -> None:
    stopped.run(out)
    regions["territories"][1]["territory_name"] = "Far South"
    add_territories(regions, "T4")
    stopped.write(regions)
    undisturbed = out.with_name("undisturbed")
    shutil.copytree(out, undisturbed)
    stopped.run(undisturbed, **{how: True}, **options)
    stopped.stop(out, **{how: True}, **options)
    again = {"resume": True} if how == "overwrite" else {"resume": True, "update": True}
    stopped.run(out, **again, **options)
    different = ("run.json", *(("findings.csv", "findings.xlsx") if how == "update" else ()))  # which name the copies
    assert {name: content for name, content in tree(out).items() if name not in different} == {
        name: content for name, content in tree(undisturbed).items() if name not in different
    }
    assert told(out)["planners"] == told(undisturbed)["planners"]
    assert told(out)["stale"] == told(undisturbed)["stale"]


def test_run_is_not_resumed_with_other_sub_folders(out: Path, stopped: Stopped) -> None:
    stopped.stop(out, subfolders=BY_REGION)
    with pytest.raises(InputError, match="and --subfolders changed since"):
        stopped.run(out, resume=True, subfolders=Subfolders("always"))
    stopped.run(out, resume=True)  # as it began
    assert planners(out) == PLACES
