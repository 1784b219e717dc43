"""Accounts and coverage: which accounts count, which are going quiet, and who looks after them."""

from dataclasses import replace
from typing import Annotated

import numpy as np

from xlsales import standards
from xlsales.functions.arguments import Numbers, choice, date, money, number, range_of, rate, share_of, text
from xlsales.functions.errors import DIV0, NA, NUM
from xlsales.functions.faults import Require
from xlsales.functions.months import add_months
from xlsales.functions.registry import Subject, example
from xlsales.functions.verdicts import below, verdict
from xlsales.texts import N_

ACCOUNTS = Subject(N_("Accounts and coverage"))

_COUNT = N_("count")
_POINTS = N_("points")
_WORD = N_("word")
_FRACTION = N_("fraction: 0.65 = 65%")
_COVERAGE = N_("Organising the sales process: every account has someone in front of it.")
_NO_BREAK = "\u00a0"  # a space that TRIM leaves, as web pages have it
_DORMANT = N_("Organising the sales process: customers who stopped buying are the nearest new business.")


@ACCOUNTS.function(
    summary=N_("Weighted average of an account's ratings, over the rows that have both rating and weight."),
    unit=_POINTS,
    source=N_("A formula for profitable growth: rank accounts by what matters before planning coverage."),
    examples=(
        example([5, 3, 4], [2, 1, 1], gives=4.25, working=N_("(5×2 + 3×1 + 4×1) ÷ (2 + 1 + 1) = 17 ÷ 4")),
        example([4, None, 2], [0.5, 0.3, 0.5], gives=3, working=N_("(4×0.5 + 2×0.5) ÷ 1; one is not rated")),
    ),
    native=(
        "IF(AND(COUNT({values},{weights})=COUNTA({values},{weights}),"
        'SUMPRODUCT(({weights}<0)*({values}<>""))=0),'
        'SUMPRODUCT({values},{weights})/SUMIFS({weights},{values},"<>"),NA())'
    ),
)
def account_score(
    require: Require,
    values: Annotated[
        Numbers, range_of(number(_POINTS, N_("The account's ratings, for example potential and loyalty.")))
    ],
    weights: Annotated[
        Numbers,
        range_of(number(N_("any unit"), N_("The weight of each rating, in the same order, 0 or more."), at_least=0)),
    ],
) -> Numbers:
    """sum(values × weights) ÷ sum(weights)"""
    total = weights.sum()
    require(
        total > 0,
        DIV0,
        "weights",
        N_("The weights sum to 0, so there is nothing to divide by: give at least one rating a weight."),
    )
    return (values * weights).sum() / total


@ACCOUNTS.function(
    summary=N_("Tier of an account by its score: A, B or C."),
    unit=_WORD,
    source=N_("A formula for profitable growth: most attention to the accounts that bring most."),
    notes=(N_("A score exactly at a cut belongs to the better tier."),),
    gives_text=True,
    examples=(
        example(4.2, gives="A", working=N_("4.2 is at least 4")),
        example(4, gives="A", working=N_("exactly at the A cut")),
        example(60, 80, 60, gives="B", working=N_("below 80 and exactly at 60")),
        example(2.4, gives="C", working=N_("2.4 is below 2.5")),
    ),
    native=(
        'IF(AND(COUNT({score},{a_cut},{b_cut})=3,{a_cut}>{b_cut}),IF(ROUND({score}-{b_cut},12)<0,"C",'
        'IF(ROUND({score}-{a_cut},12)<0,"B","A")),NA())'
    ),
)
def account_tier(
    require: Require,
    score: Annotated[Numbers, number(_POINTS, N_("The account's score, for example ACCOUNT_SCORE."))],
    a_cut: Annotated[Numbers, number(_POINTS, N_("The lowest score of tier A."))] = standards.A_CUT,
    b_cut: Annotated[Numbers, number(_POINTS, N_("The lowest score of tier B, below that of A."))] = standards.B_CUT,
) -> Numbers:
    """score ≥ a_cut: A
    score ≥ b_cut: B
    score < b_cut: C
    """
    require(
        a_cut > b_cut,
        NUM,
        "a_cut",
        N_("The cut of tier A, {a_cut}, must be above that of tier B, {b_cut}: swap or correct the two."),
    )
    return verdict((below(score, b_cut), "C"), (below(score, a_cut), "B"), otherwise="A")


@ACCOUNTS.function(
    summary=N_("Status of an account: NEVER ordered, DORMANT for some months, DECLINING in revenue, or ACTIVE."),
    unit=_WORD,
    source=_DORMANT,
    notes=(
        N_(
            "The first that applies counts. Dormant: the last order is the full number of months ago, as "
            "EDATE counts them, so that an order of 31 August is six months old on the last of February."
        ),
        N_("Without both revenues, or with no prior revenue to fall from, no account is declining."),
    ),
    gives_text=True,
    examples=(
        example("2027-01-15", "2027-07-15", gives="DORMANT", working=N_("six months to the day")),
        example("2027-01-16", "2027-07-15", gives="ACTIVE", working=N_("one day short of six months")),
        example("2027-06-01", "2027-07-15", 63000, 90000, gives="DECLINING", working=N_("27,000 ÷ 90,000 = 30%")),
        example(None, "2027-07-15", gives="NEVER", working=N_("there is no last order")),
    ),
    native=(
        "IF(AND(COUNT({as_of},{months},{drop})=3,{months}>=1,INT({months})={months},{drop}>=0,{drop}<=1,"
        '{as_of}>=1,{as_of}<2958466,OR(TRIM({last_order})="",{last_order}=0,AND(COUNT({last_order}),{last_order}>=1,'
        'IFERROR(INT({last_order}),0)<=INT({as_of}))),OR({recent_revenue}="",COUNT({recent_revenue})),'
        'OR({prior_revenue}="",COUNT({prior_revenue}))),IF(OR(TRIM({last_order})="",{last_order}=0),"NEVER",'
        'IF(IFERROR(EDATE({last_order},{months}),2958466)<={as_of},"DORMANT",'
        "IF(IF(AND(COUNT({recent_revenue},{prior_revenue})=2,{prior_revenue}>0),"
        "ROUND(({prior_revenue}-{recent_revenue})/{prior_revenue}-{drop},12),-1)<0,"
        '"ACTIVE","DECLINING"))),NA())'
    ),
)
def account_status(
    require: Require,
    last_order: Annotated[Numbers, date(N_("Date of the last order; blank for none."), keep_blank=True)],
    as_of: Annotated[Numbers, date(N_("The day on which the account is judged."))],
    recent_revenue: Annotated[
        Numbers,
        replace(money(N_("Revenue of the recent period, for example twelve months.")), keep_blank=True),
    ] = None,
    prior_revenue: Annotated[
        Numbers, replace(money(N_("Revenue of the period before it, of the same length.")), keep_blank=True)
    ] = None,
    months: Annotated[
        Numbers, number(N_("months"), N_("Whole months without an order, 1 or more."), at_least=1)
    ] = standards.DORMANT_MONTHS,
    drop: Annotated[
        Numbers, rate(N_("Fall in revenue, as a share of the prior period's."), at_least=0, up_to=1)
    ] = standards.DECLINE,
) -> Numbers:
    """last_order is blank: NEVER
    EDATE(last_order, months) ≤ as_of: DORMANT
    prior_revenue > 0 and (prior_revenue − recent_revenue) ÷ prior_revenue ≥ drop: DECLINING
    otherwise: ACTIVE
    """
    never = np.isnan(last_order)
    last = np.where(never, as_of, last_order)
    require(
        np.floor(last) <= np.floor(as_of),
        NUM,
        "last_order",
        N_("The last order, {last_order}, lies after {as_of}: correct one of the two dates."),
    )
    require(
        months == np.floor(months),
        NUM,
        "months",
        N_("months must be a whole number, such as 6; it is {months}."),
    )
    dormant = add_months(last, months) <= as_of
    return verdict(
        (never, "NEVER"),
        (dormant, "DORMANT"),
        (_falls(recent_revenue, prior_revenue, drop), "DECLINING"),
        otherwise="ACTIVE",
    )


def _falls(recent: Numbers, prior: Numbers, drop: Numbers) -> Numbers:
    if recent is None or prior is None:
        return np.False_
    return (prior > 0) & ~np.isnan(recent) & ~below((prior - recent) / prior, drop)


@ACCOUNTS.function(
    summary=N_("Revenue that customers brought before and bring no more: the sum of the falls."),
    unit=N_("currency"),
    source=_DORMANT,
    notes=(N_("Customers who buy more than before do not make up for those who buy less."),),
    examples=(
        example([1000, 500, 200], [400, 800, 0], gives=800, working=N_("600 + 0 + 200")),
        example([1000, None, 300], [1000, 50, None], gives=0, working=N_("only the first row is complete")),
    ),
    native=(
        "IF(AND(COUNT({prior_revenue},{recent_revenue})=COUNTA({prior_revenue},{recent_revenue}),"
        "ROWS({prior_revenue})=ROWS({recent_revenue}),COLUMNS({prior_revenue})=COLUMNS({recent_revenue})),"
        'SUMPRODUCT(({prior_revenue}<>"")*({recent_revenue}<>"")*({prior_revenue}>{recent_revenue})*'
        "({prior_revenue}-{recent_revenue})),NA())"
    ),
    adds_up=True,
)
def dormant_value(
    require: Require,
    prior_revenue: Annotated[Numbers, range_of(money(N_("Each customer's revenue in the earlier period.")))],
    recent_revenue: Annotated[
        Numbers, range_of(money(N_("The same customers' revenue in the recent period; 0 for none.")))
    ],
) -> Numbers:
    """sum(max(0, prior_revenue − recent_revenue))"""
    lost = prior_revenue - recent_revenue
    return np.maximum(lost, 0, out=lost).sum()


@ACCOUNTS.function(
    summary=N_("Whether an account is looked after: COVERED, UNDER the required touches, or UNCOVERED."),
    unit=_WORD,
    source=_COVERAGE,
    notes=(
        N_(
            "An owner left out is not judged; a cell given as owner that is blank, or a link to one, which shows 0, "
            "means that nobody owns the account: UNCOVERED. An account that requires no touches is COVERED in any case."
        ),
    ),
    gives_text=True,
    examples=(
        example(12, 12, gives="COVERED", working=N_("as many touches planned as required")),
        example(11, 12, "Ann", gives="UNDER", working=N_("one touch is missing")),
        example(12, 12, "", gives="UNCOVERED", working=N_("the owner is blank")),
        example(0, 4, gives="UNCOVERED", working=N_("no touches planned")),
    ),
    native=(
        "IF(AND(COUNT({planned_touches},{required_touches})=2,MIN({planned_touches},{required_touches})>=0),"
        'CHOOSE(1+({required_touches}>0)*MAX(2*OR(_NAME="",_NAME="0",{planned_touches}=0),'
        '1*({planned_touches}<{required_touches})),"COVERED","UNDER","UNCOVERED"),NA())'
    ).replace("_NAME", f'TRIM(SUBSTITUTE({{owner}},"{_NO_BREAK}"," "))'),
)
def coverage_status(
    require: Require,
    planned_touches: Annotated[
        Numbers, number(_COUNT, N_("Visits, calls and meetings planned in the period."), at_least=0)
    ],
    required_touches: Annotated[
        Numbers, number(_COUNT, N_("Touches that the account's tier requires in the period."), at_least=0)
    ],
    owner: Annotated[
        Numbers,
        replace(
            text(N_("Who looks after the account; left out, not judged; blank, nobody."), keep_blank=True),
            omitted='"-"',
        ),
    ] = None,
) -> Numbers:
    """required_touches = 0: COVERED
    planned_touches = 0 or owner is blank: UNCOVERED
    planned_touches < required_touches: UNDER
    planned_touches ≥ required_touches: COVERED
    """
    nobody = np.False_ if owner is None else owner == ""
    return verdict(
        (required_touches == 0, "COVERED"),
        ((planned_touches == 0) | nobody, "UNCOVERED"),
        (planned_touches < required_touches, "UNDER"),
        otherwise="COVERED",
    )


@ACCOUNTS.function(
    summary=N_("Revenue that may be lost with accounts that are not fully covered."),
    unit=N_("currency"),
    source=N_("A formula for profitable growth: accounts without coverage leave at 17% a year."),
    examples=(
        example(
            [100000, 50000, 30000],
            ["COVERED", "UNDER", "UNCOVERED"],
            gives=13600,
            working=N_("(50,000 + 30,000) × 17% = 13,600"),
        ),
        example([100000, 50000], ["UNDER", "COVERED"], 0.1, gives=10000, working=N_("100,000 × 10%")),
    ),
    native=(
        "IF(AND(COUNT({revenue})=COUNTA({revenue}),COUNT({loss_rate}),{loss_rate}>=0,{loss_rate}<=1,"
        'SUMPRODUCT(({status}="COVERED")+({status}="UNDER")+({status}="UNCOVERED"))=COUNTA({status})),'
        'SUMIFS({revenue},{status},"U*")*{loss_rate},NA())'
    ),
)
def revenue_at_risk(
    require: Require,
    revenue: Annotated[Numbers, range_of(money(N_("Each account's revenue.")))],
    status: Annotated[
        Numbers,
        range_of(
            choice(
                N_("The same accounts' coverage, in the same order: COVERAGE_STATUS."),
                "COVERED",
                "UNDER",
                "UNCOVERED",
            )
        ),
    ],
    loss_rate: Annotated[
        Numbers,
        rate(N_("Share of their revenue that accounts without full coverage lose."), at_least=0, up_to=1),
    ] = standards.ATTRITION,
) -> Numbers:
    """sum(revenue × (status ≠ COVERED)) × loss_rate"""
    return np.dot(revenue, status != "COVERED") * loss_rate


@ACCOUNTS.function(
    summary=N_("The person who fits an account best: the name with the highest fit, the first of equals."),
    unit=N_("name"),
    source=N_("A formula for profitable growth: the best person in front of the customer, whoever that is."),
    gives_text=True,
    examples=(
        example([3, 5, 4], ["Ann", "Bob", "Cy"], gives="Bob", working=N_("5 is the highest fit")),
        example([5, 5, 4], ["Ann", "Bob", "Cy"], gives="Ann", working=N_("a tie: the first of the two")),
        example([3, 9, 4], ["Ann", None, "Cy"], gives="Cy", working=N_("the row without a name is left out")),
    ),
    native=(
        "IF(AND(COUNT({fit})=COUNTA({fit}),ROWS({fit})=ROWS({names}),COLUMNS({fit})=COLUMNS({names}),"
        f'COUNTIF({{names}}," *")+COUNTIF({{names}},"{_NO_BREAK}*")=0),'
        'IF(ROWS({fit})*COLUMNS({fit})=1,IF(OR({fit}="",{names}="",{names}&""="0"),NA(),{names}),'
        'INDEX({names},MATCH(1,INDEX((1-_NONE)*({fit}<>"")*({fit}-MIN({fit})='
        'SUMPRODUCT(MAX((1-_NONE)*({fit}<>"")*({fit}-MIN({fit}))))),0),0)))&"",NA())'
    ).replace("(1-_NONE)", '({names}<>"")*({names}&""<>"0")'),
)
def best_in_front(
    require: Require,
    fit: Annotated[Numbers, range_of(number(_POINTS, N_("How well each person fits the account.")))],
    names: Annotated[Numbers, range_of(text(N_("Their names, in the same order.")))],
) -> Numbers:
    """the name with the highest fit"""
    require(
        fit.size > 0,
        NA,
        "fit",
        N_("No row has both a fit and a name: fill in at least one pair."),
    )
    return names[fit.argmax()]


@ACCOUNTS.function(
    summary=N_("Share of the products on offer that an account buys."),
    unit=_FRACTION,
    source=N_("Balancing growth and retention: customers who buy more products stay longer."),
    examples=(
        example(3, 8, gives=0.375, working=N_("3 ÷ 8 = 37.5%")),
        example(8, 8, gives=1, working=N_("8 ÷ 8 = 100%")),
    ),
    proof=share_of("sold"),
    native="IF(AND(COUNT({sold},{available})=2,{sold}>=0,{sold}<={available}),{sold}/{available},NA())",
)
def penetration(
    require: Require,
    sold: Annotated[Numbers, number(N_("products"), N_("Products that the account buys, at most all."), at_least=0)],
    available: Annotated[
        Numbers,
        number(N_("products"), N_("Products that it could buy."), at_least=0, divisor=True),
    ],
) -> Numbers:
    """sold ÷ available"""
    require(
        lambda: sold <= available,
        NUM,
        "sold",
        N_("{sold} products sold are more than the {available} on offer: count both from the same list."),
    )
    return sold / available


@ACCOUNTS.function(
    summary=N_("How far a territory lies above or below the middle one of its peers, as a fraction."),
    unit=_FRACTION,
    source=N_("Twelve elements of a winning sales organisation: territories of comparable worth."),
    notes=(N_("Beyond 20% above or below is the usual alarm. The median does not follow a single giant."),),
    examples=(
        example(120, [80, 100, 200], gives=0.2, working=N_("the median is 100: 120 ÷ 100 − 1 = 20%")),
        example(90, [80, 100, 140, 200], gives=-0.25, working=N_("the median is 120: 90 ÷ 120 − 1 = −25%")),
    ),
    native=("IF(AND(COUNT({value}),COUNT({peers})=COUNTA({peers}),MEDIAN({peers})>0),{value}/MEDIAN({peers})-1,NA())"),
)
def territory_balance(
    require: Require,
    value: Annotated[Numbers, number(N_("any unit"), N_("The territory's potential, revenue or number of accounts."))],
    peers: Annotated[
        Numbers, range_of(number(N_("the same unit"), N_("The same figure of all comparable territories.")))
    ],
) -> Numbers:
    """value ÷ median(peers) − 1"""
    require(peers.size > 0, NA, "peers", N_("peers is blank: give at least one territory to compare with."))
    middle = np.median(peers) if peers.size else np.float64("nan")
    require(
        middle != 0,
        DIV0,
        "peers",
        N_("The median of the peers is 0, so there is nothing to divide by: check the peers."),
    )
    require(
        not middle < 0,
        NUM,
        "peers",
        N_("The median of the peers is less than 0, and a share of it means nothing: check the peers."),
    )
    return value / middle - 1
