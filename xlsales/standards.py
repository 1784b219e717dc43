"""The standards and defaults of the field: each number once.

Functions take their defaults from here, the planner's cells `th_…` and `in_…` their first contents, checks and
reports their limits, and docs/sources.md says where each comes from. A manager changes them on Targets; whoever
wants another default changes it here and builds the workbooks again.
"""

from __future__ import annotations

from typing import Final

# Ratios of the funnel, and how far from its peers a figure is looked into.
PROPOSAL_RATIO: Final = 0.65
CLOSE_RATIO: Final = 0.65
ACTIVITY_BAROMETER: Final = 1.0
PEER_AVERAGE_SALE: Final = -0.4  # this far below the peers: investigate
PEER_SALES_CYCLE: Final = -0.3  # this far below the peers: learn from it
TERRITORY_BALANCE: Final = 0.2  # this far from the median territory: out of balance
ROLLING_WEEKS: Final = 13

# Time.
SELLING_TIME_LOW: Final = 0.55
SELLING_TIME_HIGH: Final = 0.65
WEEKS_A_YEAR: Final = 52
FIRST_YEAR: Final = 2027  # whose weeks a blank planner lists
HOURS_A_WEEK: Final = 40
SURPRISE_BUFFER: Final = 0.1

# Growth and retention.
GROWTH: Final = 0.10
ATTRITION: Final = 0.17
GROWTH_SWING: Final = 0.05  # percentage points by which a low and a high case differ from the plan
ATTRITION_SWING: Final = 0.05
HIGH_VALUE_RETENTION: Final = 1.0
GROSS_MARGIN: Final = 0.5
MINIMUM_MARGIN: Final = 0.3

# Written plans: what is usual, and what this plan asks for instead.
USUAL_PLAN_COVERAGE: Final = 0.15  # 85% of sales people have no documented plan
USUAL_TOP_COVERAGE: Final = 0.27  # 73% have none for their top five accounts
PLAN_COVERAGE: Final = 0.5
TOP_COVERAGE: Final = 1.0
TOP_ACCOUNTS: Final = 5

# Accounts.
DORMANT_MONTHS: Final = 6
DECLINE: Final = 0.3
SILENCE_DAYS: Final = 31
ACCOUNT_LIMIT: Final = 100
A_CUT: Final = 4
B_CUT: Final = 2.5
TOP_POINTS: Final = 5
WEIGHT_REVENUE: Final = 3
WEIGHT_POTENTIAL: Final = 4
WEIGHT_WALLET: Final = 1
WEIGHT_HIGH_VALUE: Final = 2

# Deals: what a stage is worth by the ratios above, and when a deal is stuck in it.
CHANCE_PROSPECT: Final = 0.1
CHANCE_FIRST_APPOINTMENT: Final = PROPOSAL_RATIO * CLOSE_RATIO
CHANCE_PROPOSAL: Final = CLOSE_RATIO
CHANCE_CLOSED: Final = 1
STAGE_DAYS: Final = 45

# What an action of the week is worth: points, up to twice as many for the largest account, deal or gap of its kind.
POINTS_DORMANT: Final = 3
POINTS_SILENT: Final = 4
POINTS_UNCOVERED: Final = 2
POINTS_CLOSE_PASSED: Final = 6
POINTS_CLOSING: Final = 7
POINTS_STUCK: Final = 4
POINTS_DUE: Final = 8
POINTS_MISSED: Final = 3
POINTS_BELOW: Final = 5
POINTS_NO_ENTRY: Final = 9
POINTS_NO_DATE: Final = 3

# The organisation.
ELEMENTS: Final = 12
LOWEST_SCORE: Final = 1
HIGHEST_SCORE: Final = 5
ELEMENT_GAP: Final = 3
FORECAST_ACCURACY: Final = 0.8
INCENTIVE: Final = 0.8
ACCELERATOR: Final = 1
ASSISTANT_READY_FROM: Final = 6  # months until an assistant is ready
ASSISTANT_READY_TO: Final = 9

# The discount question as it stands before anyone asks.
ASK_REVENUE: Final = 100_000
ASK_DISCOUNT: Final = 0.2

TOLERANCE: Final = 1e-9  # two figures closer than this, relatively, are the same
