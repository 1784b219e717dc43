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
    "fill_targets": N_("Fill Targets first."),
    "person": N_("Person: #"),
    "year": N_("Year #"),
    "as_of": N_("As of"),
    "money": N_("Money in #"),
    "nothing": N_("nothing to measure yet"),
    "magic_number": N_("first appointments a week"),
    "barometer": N_("a week lately"),
    "of_goal": N_("of the goal"),
    "on_standard": N_("on standard"),
    "low_close": N_("below standard: coach closing"),
    "low_proposal": N_("below standard: coach next steps"),
    "sales_won": N_("sales won this year"),
    "cycle": N_("from appointment to decision"),
    "open_deals": N_("open deals forecast"),
    "still_needed": N_("to reach the goal"),
    "top_coverage": N_("of the top accounts"),
    "all_kept": N_("all kept"),
    "some_lost": N_("some are lost: win them back"),
    "low_selling": N_("too little: hand work over"),
    "no_longer": N_("no longer bought"),
    "health": N_("of the way from 1 to 5"),
}
