"""Turn a CRM export into the input tables of xlsales; what it does not hold is in assumptions.toml."""

import sys
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
from pandas import DataFrame, Series, Timestamp

HERE = Path(__file__).resolve().parent
SPELLING = {"GTXPro": "GTX Pro", "technolgy": "technology"}  # as the rest of the export spells them


def main(export: Path = HERE / "export", out: Path = HERE / "tables") -> None:
    """Write the tables of `export` to the folder `out`, if they agree with it."""
    assumed = tomllib.loads((HERE / "assumptions.toml").read_text(encoding="utf-8"))
    as_of = Timestamp(assumed["export"]["as_of"])
    agents = read(export / "sales_teams.csv").set_axis(["person", "leader", "region"], axis=1)
    agents.insert(0, "territory_id", [f"T{number:02}" for number in range(1, len(agents) + 1)])
    agents.insert(1, "territory_name", agents["person"])
    raw = read(export / "sales_pipeline.csv")
    deals = read_deals(raw, export, agents, assumed["stages"])
    accounts = account_table(deals, as_of, assumed["high_value"]["revenue_share"])
    tables = {
        "territories": territory_table(agents, deals, accounts, assumed),
        "accounts": accounts,
        "deals": deals.drop(columns=["account_name", "segment", "owner"]),
        "activity": activity_table(deals, as_of),
    }
    counted = tables["activity"][["first_appointments", "won", "revenue"]].sum()
    engaged, won = (raw["engage_date"] != "").sum(), (raw["deal_stage"] == "Won").sum()
    if counted.tolist() != [engaged, won, pd.to_numeric(raw["close_value"]).sum()]:
        raise ValueError("Some deals are in no week: set as_of in assumptions.toml to the last closing.")
    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(out / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")
    sums = "{} territories, {:,} engaged, {:,} won, revenue {:,}: agrees with the export\n"
    sys.stdout.write(sums.format(len(agents), *counted))


def read(path: Path) -> DataFrame:
    """Read a file as text: an id such as 1E5 is no number, and a blank is not yet a missing value."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8").replace(SPELLING)


def read_deals(raw: DataFrame, export: Path, agents: DataFrame, stages: Any) -> DataFrame:
    """Put every deal in the planner's terms, by territory, in the order of the export."""
    companies = read(export / "accounts.csv").set_index("account")
    companies["account_id"] = [f"A{number:02}" for number in range(1, len(companies) + 1)]
    price = read(export / "products.csv").set_index("product")["sales_price"].astype("Int64")
    planner = DataFrame(stages, index=["stage", "outcome"]).T
    outcome = look_up(raw["deal_stage"], planner["outcome"])
    columns = {
        "territory_id": look_up(raw["sales_agent"], agents.set_index("person")["territory_id"]),
        "deal_id": raw["opportunity_id"],
        "account_id": look_up(raw["account"], companies["account_id"]),  # two open deals in three name none
        "account_name": raw["account"],
        "segment": look_up(raw["account"], companies["sector"]),
        "owner": raw["sales_agent"],
        "product": raw["product"],
        "stage": look_up(raw["deal_stage"], planner["stage"]),
        "first_appointment": pd.to_datetime(raw["engage_date"], format="%Y-%m-%d"),  # Prospecting has none
        "close_date": pd.to_datetime(raw["close_date"], format="%Y-%m-%d"),  # open deals have none
        # The close value of a lost deal is 0, which is not an amount: averages are over won deals.
        "amount": pd.to_numeric(raw["close_value"]).astype("Int64").where(outcome == "WON"),
        "outcome": outcome,
        "forecast": look_up(raw["product"], price).where(outcome == "OPEN"),
    }
    return DataFrame(columns).sort_values("territory_id", kind="stable")


def look_up(values: "Series[str]", entries: "Series[Any]") -> "Series[Any]":
    """Find each value in the index of `entries`; a blank stays blank, an unknown value stops the run."""
    unknown = values[(values != "") & ~values.isin(entries.index)]
    if len(unknown):
        found = f'sales_pipeline.csv, row {unknown.index[0] + 2}, {values.name}: "{unknown.iloc[0]}"'
        raise ValueError(f"{found} is not known. Add it to its list, or to SPELLING in prepare.py.")
    return values.map(entries)


def account_table(deals: DataFrame, as_of: Timestamp, share: float) -> DataFrame:
    """List the accounts of each territory: every company with any deal there, so one may be in several."""
    won = deals["outcome"] == "WON"
    bought = deals.assign(
        recent_revenue=deals["amount"].where(deals["close_date"] > as_of - pd.DateOffset(years=1)),
        last_order=deals["close_date"].where(won),
        last_contact=deals[["first_appointment", "close_date"]].max(axis=1),
        products_sold=deals["product"].where(won),
    ).groupby(["territory_id", "account_id", "account_name", "segment", "owner"])
    how = {"recent_revenue": "sum", "last_order": "max", "last_contact": "max", "products_sold": "nunique"}
    rows = bought.agg(how).reset_index()
    ranked = rows.sort_values(["recent_revenue", "account_id"], ascending=[False, True])
    revenue = ranked.groupby("territory_id")["recent_revenue"]
    larger = revenue.cumsum() - ranked["recent_revenue"]
    rows.insert(5, "high_value", (larger < share * revenue.transform("sum")).map({True: "YES", False: "NO"}))
    return rows


def territory_table(agents: DataFrame, deals: DataFrame, accounts: DataFrame, assumed: Any) -> DataFrame:
    """Give every agent a territory and a goal."""
    rule, plan = assumed["opening_revenue"], assumed["plan"]
    counts = deals["close_date"].between(str(rule["quarter_start"]), str(rule["quarter_end"]))
    quarter = deals["amount"].where(counts).groupby(deals["territory_id"]).sum().astype(float)
    # Five agents have no deals: a table that starts from the pipeline would lose their territories.
    pace = agents["territory_id"].map(quarter * rule["months_recorded"] / rule["months_in_quarter"]).round()
    idle, opening = pace.isna(), pace.fillna(round(pace.median()))
    revenue = accounts.groupby(["high_value", "territory_id"])["recent_revenue"].sum().astype(float)
    high_value_share = revenue["YES"] / revenue.groupby("territory_id").sum()
    return agents.assign(
        **assumed["year"],
        revenue_goal=(opening * (1 + plan["growth_rate"])).round().astype("Int64"),
        opening_revenue=opening.astype("Int64"),
        growth_rate=plan["growth_rate"],
        attrition_rate=plan["attrition_rate"],
        high_value_share=agents["territory_id"].map(high_value_share).round(4),
        selling_weeks=plan["selling_weeks"],
        gross_margin=plan["gross_margin"],
        planned_average_sale=idle.map({True: round(deals["amount"].mean(), 2)}),
        planned_proposal_ratio=plan["planned_proposal_ratio"],
        planned_close_ratio=idle.map({True: round(deals["amount"].count() / deals["close_date"].count(), 4)}),
        **{f"season_{month:02}": weight for month, weight in enumerate(plan["season"], 1)},
    )


def activity_table(deals: DataFrame, as_of: Timestamp) -> DataFrame:
    """Count by week, from Monday, over the whole history: what began, was decided, and was won."""
    week = deals[["first_appointment", "close_date"]].apply(lambda day: day.dt.to_period("W").dt.start_time)
    began = deals.groupby(["territory_id", week["first_appointment"]]).size()
    decided = deals.groupby(["territory_id", week["close_date"]])["amount"]
    sums = {"proposals": decided.size(), "won": decided.count(), "revenue": decided.sum()}
    # A week of nothing counts 0, the log being complete; decisions before its first closing are unknown.
    first = week.min(axis=1).groupby(deals["territory_id"]).min().dropna()
    weeks = [(key, day) for key, start in first.items() for day in pd.date_range(start, as_of, freq="W-MON")]
    index = pd.MultiIndex.from_tuples(weeks, names=["territory_id", "week_start"])
    counts = DataFrame({"first_appointments": began, **sums}, index).fillna(0).astype("Int64").reset_index()
    return counts.where(counts["week_start"] >= week["close_date"].min(), counts.drop(columns=list(sums)))


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError) as error:
        sys.exit(str(error))
