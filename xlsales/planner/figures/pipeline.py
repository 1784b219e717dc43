"""The figures of the deals."""

from __future__ import annotations

from xlsales.planner.figures.figure import Figure
from xlsales.texts import N_

_ENDED = '{{tblDeals.decided_this_year}},1,{{tblDeals.{entered}}},">0",{{tblDeals.outcome}}'


def _ended(stage: str, entered: str, won: str, lost: str) -> tuple[Figure, Figure]:
    """Return how many deals that came to a stage were won this year, and how many were lost."""
    these = _ENDED.format(entered=entered)
    return (
        Figure(
            f"won_from_{stage}",
            won,
            "#,##0",
            f'COUNTIFS({these},word_won,{{tblDeals.amount}},">=0")',
            N_("This year; a credit note is no sale."),
        ),
        Figure(f"lost_from_{stage}", lost, "#,##0", f"COUNTIFS({these},word_lost)", N_("This year.")),
    )


FIGURES = (
    *_ended(
        "appointment",
        "first_appointment",
        N_("Won after a first appointment"),
        N_("Lost after a first appointment"),
    ),
    *_ended("proposal", "proposal_date", N_("Won after a proposal"), N_("Lost after a proposal")),
    Figure(
        "open_deals",
        N_("Open deals"),
        "#,##0",
        'IF(COUNTA({tblDeals.deal_id})=0,"",COUNTIF({tblDeals.outcome},word_open))',
        N_("Listed on Pipeline."),
    ),
    Figure(
        "open_forecast",
        N_("Open pipeline"),
        "#,##0",
        'IF(ISNUMBER(fig_open_deals),SUMIFS({tblDeals.forecast},{tblDeals.outcome},word_open),"")',
        N_("Forecast of the open deals."),
    ),
    Figure(
        "forecast_amount",
        N_("Won amounts with a forecast"),
        "#,##0",
        'SUMIFS({tblDeals.won_this_year},{tblDeals.forecast},">0")',
        N_("To judge the forecasts by."),
    ),
    Figure(
        "new_revenue",
        N_("Won from new customers"),
        "#,##0",
        "SUMIFS({tblDeals.won_this_year},{tblDeals.first_sale},word_yes)",
        N_("First sales on Pipeline, this year."),
    ),
    Figure(
        "existing_revenue",
        N_("Won from existing customers"),
        "#,##0",
        "SUMIFS({tblDeals.won_this_year},{tblDeals.first_sale},word_no)",
        N_("Other sales on Pipeline, this year."),
    ),
    Figure(
        "forecast_deviation",
        N_("Deviation from their forecasts"),
        "#,##0",
        "SUM({tblDeals.forecast_off})",
        N_("Without the sign; what was lost brought 0."),
    ),
    Figure(
        "forecast_accuracy",
        N_("Forecast accuracy"),
        "0%",
        'IF(fig_forecast_amount=0,"",MAX(0,1-fig_forecast_deviation/fig_forecast_amount))',
        N_("Of the deals decided this year, lost ones too: 1 less the mean deviation."),
    ),
    Figure(
        "lost",
        N_("Deals lost"),
        "#,##0",
        'IF(COUNTA({tblDeals.deal_id})=0,"",COUNTIF({tblDeals.outcome},word_lost))',
        N_("Listed on Pipeline."),
    ),
    Figure(
        "lost_unheard",
        N_("Lost and never talked over"),
        "#,##0",
        'IF(ISNUMBER(fig_lost),COUNTIFS({tblDeals.outcome},word_lost,{tblDeals.interview_date},""),"")',
        N_("Without the date of a win/loss interview."),
    ),
    Figure(
        "unexplained",
        N_("Won or lost without a reason"),
        "#,##0",
        'IF(ISNUMBER(fig_lost),COUNTIFS({tblDeals.outcome},word_lost,{tblDeals.reason},"")'
        '+COUNTIFS({tblDeals.outcome},word_won,{tblDeals.reason},""),"")',
        N_("The customer's own words are missing."),
    ),
    Figure(
        "mix_gap",
        N_("Product mix: distance from the goals"),
        "0%",
        'IF(COUNT({tblProducts.mix_gap})=0,"",SUM({tblProducts.mix_gap})/2)',
        N_("0% is the mix of the goals, 100% nothing in common."),
    ),
    Figure(
        "cycles_wrong",
        N_("Decided before their first appointment"),
        "0",
        'COUNTIFS({tblDeals.decided_this_year},1,{tblDeals.cycle_days},"<0")',
        N_("This year; with one of them there is no sales cycle."),
    ),
    *(
        Figure(
            name,
            label,
            "yyyy-mm-dd",
            'IF(fig_cycles_wrong>0,"",IFERROR('
            f'AVERAGEIFS({{tblDeals.{column}}},{{tblDeals.decided_this_year}},1,{{tblDeals.cycle_days}},">=0"),""))',
            N_("Of the deals decided this year with both dates; the one mean less the other is the sales cycle."),
        )
        for name, label, column in (
            ("cycle_from", N_("Mean first appointment"), "first_appointment"),
            ("cycle_to", N_("Mean decision"), "close_date"),
        )
    ),
)
