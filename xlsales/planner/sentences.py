"""The sentences that formulas choose from: each stands once, on Lists, in a cell with the defined name `say_…`.

A formula shows one of them as it is, or puts one whole number or text in the place of its `#` with SUBSTITUTE. A
figure that needs a number format of its own (money, a percentage, a date) stands in a cell of its own beside it:
TEXT reads its pattern differently in every region.
"""

from __future__ import annotations

from xlsales.texts import N_

SENTENCES = {
    # at the top of every sheet
    "checks_pass": N_("All checks pass"),
    "checks_look": N_("Checks: # to look at, * not yet filled"),
    "checks_not_yet": N_("Checks: nothing to look at, * not yet filled"),
    # Plan
    "all_accounts": N_("All accounts"),
    "top_accounts": N_("Top accounts"),
    "appointments": N_("First appointments"),
    "proposal_ratio": N_("Proposal ratio"),
    "close_ratio": N_("Close ratio"),
    "average_sale": N_("Average sale"),
    "sales_cycle": N_("Sales cycle, days"),
    # the Dashboard
    "chart_empty": N_("Nothing to show yet"),
    "fill_targets": N_("Fill Targets first."),
    "person": N_("Person: #"),
    "year": N_("Year #"),
    "as_of": N_("As of"),
    "money": N_("Money in #"),
    "missing_goal": N_("set a goal on Targets"),
    "missing_sale": N_("type an average sale, or note sales"),
    "missing_weeks": N_("fill Activity, or date the deals"),
    "missing_ratio": N_("not measured: the standard is used"),
    "missing_deals": N_("list deals on Pipeline"),
    "missing_dates": N_("date appointments and decisions"),
    "missing_accounts": N_("list accounts on Accounts"),
    "missing_plans": N_("needs accounts on Accounts"),
    "missing_high_value": N_("mark high value on Accounts"),
    "missing_hours": N_("fill the hours on Activity"),
    "missing_health": N_("score all twelve on Org health"),
    "goal_reached": N_("goal reached"),
    "catch_up": N_("a week from now on to catch up"),
    "no_weeks_left": N_("no selling weeks left"),
    "barometer": N_("a week lately"),
    "low_barometer": N_("a week lately: too few"),
    "of_goal": N_("of the goal"),
    "behind": N_("of the goal: behind"),
    "too_slow": N_("of the goal: too slow"),
    "on_standard": N_("on standard"),
    "low_close": N_("below standard: coach closing"),
    "low_proposal": N_("below standard: coach next steps"),
    "sales_won": N_("sales won this year"),
    "no_value": N_("sales won, without revenue"),
    "cycle": N_("from appointment to decision"),
    "open_deals": N_("open deals forecast"),
    "thin_pipeline": N_("open deals: less than is left"),
    "still_needed": N_("to reach the goal"),
    "top_coverage": N_("of the top accounts"),
    "low_coverage": N_("of the top accounts: too few plans"),
    "all_kept": N_("all kept"),
    "some_lost": N_("some are lost: win them back"),
    "selling_band": N_("enough of the hours"),
    "low_selling": N_("too little: hand work over"),
    "none_dormant": N_("all buy as before"),
    "no_longer": N_("no longer bought"),
    "health": N_("of the way from 1 to 5"),
    "health_gaps": N_("of the way; mind the gaps"),
}
