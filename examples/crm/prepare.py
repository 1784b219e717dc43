"""Plan the goals of the CRM example from its export and assumptions.toml; map.toml reads all else from the export."""

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
from pandas import DataFrame, Series, Timestamp

HERE = Path(__file__).resolve().parent


def main(export: Path = HERE / "export", out: Path = HERE / "finance") -> None:
    """Write who has which territory and goal, and the ids of companies, to the folder `out`."""
    assumed = tomllib.loads((HERE / "assumptions.toml").read_text(encoding="utf-8"))
    agents = read(export / "sales_teams.csv").set_axis(["person", "leader", "region"], axis=1)
    agents.insert(0, "territory_id", [f"T{number:02}" for number in range(1, len(agents) + 1)])
    agents.insert(1, "territory_name", agents["person"])
    companies = read(export / "accounts.csv")[["account", "sector"]].replace({"technolgy": "technology"})
    companies.insert(0, "account_id", [f"A{number:02}" for number in range(1, len(companies) + 1)])
    deals = read(export / "sales_pipeline.csv").query("deal_stage in ('Won', 'Lost')")
    out.mkdir(parents=True, exist_ok=True)
    for name, table in {"territories": planned(agents, deals, assumed), "companies": companies}.items():
        table.to_csv(out / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")


def read(path: Path) -> DataFrame:
    """Read a file as text: an id such as 1E5 is no number, and a blank is not yet a missing value."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def planned(agents: DataFrame, deals: DataFrame, assumed: Any) -> DataFrame:
    """Give every agent a goal: the pace of a reference quarter, and growth."""
    rule, plan = assumed["opening_revenue"], assumed["plan"]
    won = deals[deals["deal_stage"] == "Won"].assign(close_value=lambda rows: pd.to_numeric(rows["close_value"]))
    in_quarter = won["close_date"].between(str(rule["quarter_start"]), str(rule["quarter_end"]))
    quarter = won[in_quarter].groupby("sales_agent")["close_value"].sum()
    # Five agents have no deals: a table that starts from the pipeline would lose their territories.
    pace = agents["person"].map(quarter * rule["months_recorded"] / rule["months_in_quarter"]).round()
    idle, opening = pace.isna(), pace.fillna(round(pace.median()))
    share = high_value_share(won, Timestamp(assumed["export"]["as_of"]), assumed["high_value"]["revenue_share"])
    return agents.assign(
        **assumed["year"],
        revenue_goal=(opening * (1 + plan["growth_rate"])).round().astype("Int64"),
        opening_revenue=opening.astype("Int64"),
        growth_rate=plan["growth_rate"],
        attrition_rate=plan["attrition_rate"],
        high_value_share=agents["person"].map(share).round(4),
        selling_weeks=plan["selling_weeks"],
        gross_margin=plan["gross_margin"],
        planned_average_sale=idle.map({True: round(won["close_value"].mean(), 2)}),
        planned_proposal_ratio=plan["planned_proposal_ratio"],
        planned_close_ratio=idle.map({True: round(len(won) / len(deals), 4)}),
        **{f"season_{month:02}": weight for month, weight in enumerate(plan["season"], 1)},
    )


def high_value_share(won: DataFrame, as_of: Timestamp, share: float) -> "Series[float]":
    """Measure what the largest accounts, up to a share of the last year's revenue, bring of it, by agent."""
    recent = won[pd.to_datetime(won["close_date"]) > as_of - pd.DateOffset(years=1)]
    bought = recent.groupby(["sales_agent", "account"])["close_value"].sum().sort_values(ascending=False)
    revenue = bought.groupby("sales_agent")
    larger = revenue.cumsum() - bought
    return bought[larger < share * revenue.transform("sum")].groupby("sales_agent").sum() / revenue.sum()


if __name__ == "__main__":
    main()
