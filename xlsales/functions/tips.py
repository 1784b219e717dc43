"""The coaching tips: what to train when a ratio is below its standard."""

from xlsales import standards
from xlsales.texts import N_

STANDARDS = {
    "PROPOSAL_RATIO": standards.PROPOSAL_RATIO,
    "CLOSE_RATIO": standards.CLOSE_RATIO,
    "ACTIVITY_BAROMETER": standards.ACTIVITY_BAROMETER,
}
TIPS = {
    "PROPOSAL_RATIO": (
        N_("Define what the next step after a first appointment is, and practise asking for it."),
        N_("Start at the top: the first appointment belongs with the person who holds the budget."),
        N_("Diagnose before you pitch: ask about the customer's problem and what it costs."),
    ),
    "CLOSE_RATIO": (
        N_("Ask early how the customer decides, and who takes part in the decision."),
        N_("Agree a date for the second meeting before leaving the first, with every player at the table."),
        N_("List what each player risks by saying yes, and have an answer to every risk."),
        N_("Bring references from the customer's industry and from people with the same job title."),
    ),
    "ACTIVITY_BAROMETER": (
        N_("Treat turning conversations into appointments as a skill: measure it, week by week."),
        N_("Set a realistic goal for new appointments, and give the training that goes with it."),
        N_("Practise prospecting in scenarios before calling real prospects."),
        N_("Sell the reason to meet, not the product."),
        N_("Use tools to spread what works: call notes, messages and examples of those who do it best."),
    ),
}
