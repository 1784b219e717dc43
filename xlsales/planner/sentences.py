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
    "checks_look": N_("Checks to look at: #"),
    # Plan
    "all_accounts": N_("All accounts"),
    "top_accounts": N_("Top accounts"),
    "appointments": N_("First appointments"),
    "proposal_ratio": N_("Proposal ratio"),
    "close_ratio": N_("Close ratio"),
    "average_sale": N_("Average sale"),
    "sales_cycle": N_("Sales cycle, days"),
    # This week
    "week_targets": N_("NOT YET: fill Targets first – territory, person, year, currency and goal."),
    "week_lists": N_("NOT YET: list your accounts, your open deals or a week; this sheet then says what to do."),
    "set_as_of": N_("NOT YET: type the day under As of on Targets, or fill a week on Activity."),
    "week_free": N_("Nothing is waiting: every customer is talked to and every deal moves. Use the week to prospect."),
    "week_do": N_("Waiting this week: # – the ten that count most come first"),
    "year_over": N_("the year of this plan is over"),
    "week_number": N_("week # of the year"),
    "week_appointments": N_("first appointments to hold: # or more"),
    "goal_reached": N_("Goal reached"),
    "keep_going": N_("everything more is a head start"),
    "planned": N_("in the year's plan"),
    "catch_up_missing": N_("needs a goal and a sale"),
    "selling_weeks_left": N_("selling weeks left:"),
    "where": N_("@, row #"),
    "open": N_("Open →"),
    "now": N_("now #%, standard @%"),
    "nothing_measured": N_("NOT YET: count weeks on Activity first."),
    "all_on_standard": N_("Every figure measured so far is on its standard."),
    "meeting": N_("# – planned for"),
    "no_meeting": N_("No check-in is due this week."),
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
