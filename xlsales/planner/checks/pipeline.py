"""Rules of the deals."""

from __future__ import annotations

from xlsales.planner import names
from xlsales.planner.checks.check import WARNING, Check
from xlsales.texts import N_

CHECKS = (
    Check(
        N_("Every deal has an ID of its own"),
        "COUNTIF({tblDeals.check},word_duplicate_id)",
        names.PIPELINE,
        N_("Filter the ID check column for DUPLICATE ID."),
        judged="COUNTA({tblDeals.deal_id})",
    ),
    Check(
        N_("Every deal's account is on the account list"),
        "COUNTIF({tblDeals.check},word_unknown_account)",
        names.PIPELINE,
        N_("Add the account, or correct its ID."),
        judged="COUNTA({tblDeals.deal_id})",
    ),
    Check(
        N_("Every sale won has a date and an amount"),
        "COUNTIF({tblDeals.date_check},word_no_date_or_amount)",
        names.PIPELINE,
        N_("Fill both."),
        judged="COUNTIF({tblDeals.outcome},word_won)",
    ),
    Check(
        N_("No deal closes before its first appointment"),
        "COUNTIF({tblDeals.date_check},word_closed_too_early)",
        names.PIPELINE,
        N_("Correct one of the dates."),
        judged="COUNTA({tblDeals.deal_id})",
    ),
    Check(
        N_("No discount takes the margin below the minimum"),
        "COUNTIF({tblDeals.guard},word_no)",
        names.PIPELINE,
        N_("Filter the Discount guard column for NO."),
        WARNING,
        judged="COUNT({tblDeals.margin_after})",
    ),
    Check(
        N_("No first sale is bought with a discount"),
        "COUNTIF({tblDeals.guard},word_approval)",
        names.PIPELINE,
        N_("Ask your leader for approval."),
        WARNING,
        judged="COUNT({tblDeals.margin_after})",
    ),
    Check(
        N_("Forecasts are close to what is won"),
        "1*(fig_forecast_accuracy<th_forecast_accuracy)",
        names.PIPELINE,
        N_("Compare Forecast and Amount of the deals decided; a lost one brought 0."),
        WARNING,
        judged="COUNT(fig_forecast_accuracy)",
    ),
    Check(
        N_("No discount reaches the margin"),
        'COUNTIF({tblDeals.margin_after},"<=0")',
        names.PIPELINE,
        N_("At or below cost no volume breaks even."),
        WARNING,
        judged="COUNT({tblDeals.margin_after})",
    ),
    Check(
        N_("Every lost deal was talked over with the customer"),
        "N(fig_lost_unheard)",
        names.PIPELINE,
        N_("Ask the customer why, and fill Interview and Reason: win/loss reports are one of the twelve elements."),
        WARNING,
        judged="N(fig_lost)",
    ),
    Check(
        N_("No date of a deal lies ahead, or years back"),
        'COUNTIF({tblDeals.first_appointment__close_date},">="&calc_as_of+1)'
        '+COUNTIF({tblDeals.first_appointment__close_date},"<"&calc_year_start-2*7*52)',
        names.PIPELINE,
        N_("Appointments, proposals and decisions lie in the last two years or this one: correct the year."),
        judged="COUNT({tblDeals.first_appointment__close_date})*COUNT(calc_until)",
    ),
)
