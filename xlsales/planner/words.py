"""The words that cells show: each stands once, on Lists, in a cell with the defined name `word_…`.

Formulas compare with that name and show it, never the word itself; what a table of a batch holds is a code, such as
`FIRST APPOINTMENT`, which becomes the word of the same name. So a planner in another language is the same formulas
over other words. A new word is one line here; `{word.name}` of a drop-down list needs none, it is made from its code.
"""

from __future__ import annotations

from xlsales import schema
from xlsales.schema import word_name
from xlsales.texts import N_

# The drop-down lists whose choices are words.
CHOSEN = (
    *schema.COVERAGE_MODELS,
    *schema.STAGES,
    *schema.OUTCOMES,
    *schema.YES_NO,
    *schema.PLAN_TYPES,
    *schema.TEAM_STAGES,
    *schema.CADENCES,
)
# The words that formulas show, by their names without `word_`.
SHOWN = {
    "ok": N_("OK"),
    "look": N_("LOOK"),
    "not_yet": N_("NOT YET"),
    # how full a sheet is
    "empty": N_("EMPTY"),
    "started": N_("STARTED"),
    "filled": N_("FILLED"),
    # cases of the goal
    "low": N_("LOW"),
    "base": N_("BASE"),
    "high": N_("HIGH"),
    # accounts
    "active": N_("ACTIVE"),
    "declining": N_("DECLINING"),
    "dormant": N_("DORMANT"),
    "never": N_("NEVER"),
    "covered": N_("COVERED"),
    "under": N_("UNDER"),
    "uncovered": N_("UNCOVERED"),
    "silent": N_("SILENT"),
    "planned": N_("PLAN"),
    "missing": N_("MISSING"),
    "unknown": N_("UNKNOWN"),
    "tier_a": N_("A"),
    "tier_b": N_("B"),
    "tier_c": N_("C"),
    "duplicate_id": N_("DUPLICATE ID"),
    "unknown_account": N_("UNKNOWN ACCOUNT"),
    "example": N_("EXAMPLE"),
    # deals
    "no_date_or_amount": N_("NO DATE OR AMOUNT"),
    "closed_too_early": N_("CLOSED TOO EARLY"),
    "approval": N_("APPROVAL"),
    "close_passed": N_("CLOSE PASSED"),
    "closing": N_("CLOSES THIS WEEK"),
    "stuck": N_("STUCK"),
    "no_date": N_("NO DATE OR NEXT ACTION"),
    # what a figure rests on
    "measured": N_("MEASURED"),
    "standard": N_("STANDARD"),
    "typed": N_("TYPED"),
    # weeks
    "deals": N_("DEALS"),
    "different_sales": N_("DIFFERENT FROM DEALS"),
    "outside": N_("OUTSIDE THE YEAR"),
    "no_monday": N_("DOUBLE OR NO MONDAY"),
    "no_entry": N_("NO ENTRY"),
    # check-ins
    "held": N_("HELD"),
    "later": N_("LATER"),
    "due": N_("DUE"),
    "missed": N_("MISSED"),
    # standards
    "below": N_("BELOW STANDARD"),
    # people and the organisation
    "gap": N_("GAP"),
    "strength": N_("STRENGTH"),
    "coach": N_("COACH"),
    "no_owner": N_("NO OWNER"),
    "no_assistant": N_("NO ASSISTANT"),
    "seller_searches": N_("SELLER SEARCHES"),
    "start": N_("START HERE"),
    # against peers
    "investigate": N_("INVESTIGATE"),
    "best_practice": N_("BEST PRACTICE"),
    # which value of a function is used
    "native": N_("Native"),
    "python": N_("Python"),
    "different": N_("DIFFERENT"),
}
NAMES = frozenset((*map(word_name, CHOSEN), *(f"word_{name}" for name in SHOWN)))


def named(word: str) -> str:
    """Return the defined name of a word, given without `word_`; one that stands nowhere raises KeyError."""
    name = f"word_{word}"
    if name not in NAMES:
        raise KeyError(name)
    return name
