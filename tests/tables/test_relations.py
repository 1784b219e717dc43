from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.depth import examples
from xlsales.schema import TABLES
from xlsales.tables import Validated

MakeFolder = Callable[..., Path]
Run = Callable[..., Validated]
Good = dict[str, dict[str, str]]


def places(validated: Validated) -> list[tuple[str, int | None, str | None]]:
    return [(finding.code, finding.row, finding.territory_id) for finding in validated.findings]


def scores(territory_id: str, elements: Sequence[int]) -> list[dict[str, str]]:
    return [{"territory_id": territory_id, "element": str(at), "score": "3"} for at in elements]


def test_all_rows_of_a_repeated_territory_are_refused_and_its_details_skipped(
    make_folder: MakeFolder, run: Run, good: Good
) -> None:
    ids = ("T1", "T2", "T1")
    folder = make_folder(
        territories=[{**good["territories"], "territory_id": name} for name in ids],
        accounts=[{**good["accounts"], "territory_id": name, "potential": "x"} for name in ("T1", "T2")],
    )
    validated = run(folder)
    assert places(validated) == [("DUPLICATE", 2, "T1"), ("DUPLICATE", 4, "T1"), ("NUMBER", 3, "T2")]
    assert validated.findings[0].message.startswith("The territory T1 is there 2 times (rows 2, 4): keep one")
    assert validated.territory_ids == ["T2"]
    assert validated.skipped_territories == ("T1",)
    assert vars(validated.accounting["accounts"]) == {"read": 2, "accepted": 0, "refused": 1, "skipped": 1}


def test_details_of_a_refused_territory_are_skipped_without_a_finding_each(
    make_folder: MakeFolder, run: Run, good: Good
) -> None:
    folder = make_folder(
        territories=[{**good["territories"], "currency": "?"}],
        accounts="territory_id,account_id,account_name\nT1,A1,x\nT1,A2\nT1,,x\n",
    )
    validated = run(folder)
    assert places(validated) == [("CURRENCY", 2, "T1")]
    assert validated.accounting["accounts"].skipped == 3


@pytest.mark.parametrize(
    ("table", "fuller", "columns"),
    [
        ("accounts", {"segment": "Metal"}, "account_id"),
        ("deals", {"product": "Other"}, "deal_id"),
        ("activity", {"won": "3"}, "week_start"),
        ("team", {"stage": "SALE"}, "name"),
        ("checkins", {"topic": "Other"}, "kind, held"),
    ],
)
@pytest.mark.parametrize("turn", [1, -1])
def test_of_rows_with_one_key_the_fuller_one_stays_whatever_their_order(
    make_folder: MakeFolder, run: Run, good: Good, table: str, fuller: dict[str, str], columns: str, turn: int
) -> None:
    validated = run(make_folder(**{table: [{**good[table], **fuller}, good[table]][::turn]}))
    left, stays = (3, 2)[::turn]
    assert places(validated) == [("DUPLICATE", left, "T1")]
    message = f"The row has the same {columns} as row {stays}, which stays: keep one of them. The row is left out."
    assert validated.findings[0].message == message
    (kept,) = validated.rows(table, "T1")
    assert all(kept[name] is not None for name in fuller)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0), (2, 1, 0)])
def test_of_rows_as_full_the_one_with_the_latest_day_stays(
    make_folder: MakeFolder, run: Run, good: Good, order: Sequence[int]
) -> None:
    rows = [
        {**good["deals"], "amount": "9", "stage": "PROPOSAL", "first_appointment": "2027-01-04"},
        {**good["deals"], "amount": "5", "stage": "PROPOSAL", "proposal_date": "2027-01-20"},
        {**good["deals"], "amount": "7", "stage": "PROPOSAL", "first_appointment": "2027-01-11"},
    ]
    validated = run(make_folder(deals=[rows[at] for at in order]))
    assert [row["amount"] for row in validated.rows("deals", "T1")] == [5.0]
    assert [finding.code for finding in validated.findings if finding.severity == "error"] == ["DUPLICATE"] * 2


@pytest.mark.parametrize("turn", [1, -1])
def test_rows_that_say_as_much_leave_the_same_one_whatever_their_order(
    make_folder: MakeFolder, run: Run, good: Good, turn: int
) -> None:
    rows = [{**good["team"], "role": role} for role in ("Assistant", "Coach", "Coach")]
    validated = run(make_folder(team=rows[::turn]))
    assert [row["role"] for row in validated.rows("team", "T1")] == ["Coach"]
    assert validated.accounting["team"].refused == 2


def test_a_refused_row_does_not_count_as_the_first_of_two(make_folder: MakeFolder, run: Run, good: Good) -> None:
    rows = [{**good["accounts"], "potential": "x"}, {**good["accounts"], "potential": "5"}]
    validated = run(make_folder(accounts=rows))
    assert places(validated) == [("NUMBER", 2, "T1")]
    assert [row["potential"] for row in validated.rows("accounts", "T1")] == [5.0]


def test_the_same_key_in_two_territories_is_no_duplicate(make_folder: MakeFolder, run: Run, good: Good) -> None:
    territories = [{**good["territories"], "territory_id": name} for name in ("T1", "T2")]
    deals = [{**good["deals"], "territory_id": name, "account_id": ""} for name in ("T1", "T2")]
    assert run(make_folder(territories=territories, deals=deals)).findings == ()


@pytest.mark.parametrize(
    ("elements", "message"),
    [
        (range(1, 13), None),
        ((), None),
        (range(1, 12), "1 of the 12 scores of T1 are missing or refused (12): add them."),
        ((1, *range(4, 13)), "2 of the 12 scores of T1 are missing or refused (2, 3): add them."),
    ],
)
def test_a_territory_has_twelve_scores_or_none(
    make_folder: MakeFolder, run: Run, elements: Sequence[int], message: str | None
) -> None:
    others = scores("T2", range(1, 13))
    territories = "territory_id,territory_name,person,fiscal_year,currency,revenue_goal\n"
    territories += "T1,North,Ada,2027,EUR,1\nT2,South,Bo,2027,EUR,1\n"
    validated = run(make_folder(territories=territories, org_health=[*scores("T1", elements), *others]))
    assert [finding.message for finding in validated.findings] == (
        [] if message is None else [f"{message} These rows are left out."]
    )
    assert len(validated.rows("org_health", "T1")) == (len(elements) if message is None else 0)
    assert len(validated.rows("org_health", "T2")) == 12


def test_accounts_in_two_territories_are_told_once(make_folder: MakeFolder, run: Run, good: Good) -> None:
    folder = make_folder(
        territories=[{**good["territories"], "territory_id": name} for name in ("T1", "T2")],
        accounts=[
            {**good["accounts"], "territory_id": name, "account_id": f"A{at}"}
            for name in ("T1", "T2")
            for at in range(200)
        ],
    )
    validated = run(folder)
    (finding,) = validated.findings
    assert (finding.severity, finding.code, finding.row) == ("warning", "ACCOUNT_SHARED", None)
    assert finding.message.startswith("200 accounts are in more than one territory (A0, A1, A10…)")
    assert validated.accounting["accounts"].accepted == 400


def test_spaces_around_two_identifiers_of_a_row_are_told_in_the_order_of_the_columns(
    make_folder: MakeFolder, run: Run, good: Good
) -> None:
    folder = make_folder(
        territories=[{**good["territories"], "territory_id": name} for name in ("T1", "T2")],
        accounts=[
            {**good["accounts"], "territory_id": " T2", "account_id": " A1"},
            {**good["accounts"], "account_id": " A2"},
        ],
    )
    assert [(finding.column, finding.row) for finding in run(folder).findings] == [
        ("territory_id", 2),
        ("account_id", 2),
    ]


def test_a_deal_of_an_unknown_account_is_kept_with_a_warning(make_folder: MakeFolder, run: Run, good: Good) -> None:
    deals = [{**good["deals"], "deal_id": f"D{at}", "account_id": f"A{at}"} for at in (1, 2)]
    validated = run(make_folder(accounts=[good["accounts"]], deals=deals))
    assert [(f.severity, *place) for f, place in zip(validated.findings, places(validated), strict=True)] == [
        ("warning", "ACCOUNT_UNKNOWN", 3, "T1")
    ]
    assert len(validated.rows("deals", "T1")) == 2


DAMAGE = st.sampled_from(["", " ", "T1", "T2", "T9", "A1", "-1", "20", "x", "2027-01-05", "WON", '"', ",", "\n"])


@settings(deadline=None, max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_row_read_is_accepted_refused_or_skipped(
    make_folder: MakeFolder, run: Run, good: Good, data: st.DataObject
) -> None:
    tables = {}
    for name, row in good.items():
        columns = [column.name for column in TABLES[name] if column.name in row or column.name == "amount"]
        cell = st.tuples(*(st.just(row.get(column, "")) | DAMAGE for column in columns))
        lines = data.draw(st.lists(cell, min_size=1, max_size=3))
        tables[name] = "".join(",".join(cells) + "\n" for cells in [tuple(columns), *lines])
    validated = run(make_folder(**tables), parts=())
    for name, accounting in validated.accounting.items():
        assert accounting.read == accounting.accepted + accounting.refused + accounting.skipped
        assert min(vars(accounting).values()) >= 0
        assert accounting.accepted == len(validated.frames[name])
        grouped = [row for territory_id in validated.territory_ids for row in validated.rows(name, territory_id)]
        assert len(grouped) == accounting.accepted
    refused = sum(accounting.refused for accounting in validated.accounting.values())
    assert (refused > 0) == any(finding.severity == "error" for finding in validated.findings)
