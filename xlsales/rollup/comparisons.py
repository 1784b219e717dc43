"""The sheets that compare territories: ranking, balance, peers, coverage of plans, pipeline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from math import fsum
from statistics import median
from typing import TypeAlias

from xlsales.planner.peer_verdicts import side, verdict
from xlsales.rollup.book import Book, Value
from xlsales.rollup.gathered import PER_WEEK, Row, currency, number, text
from xlsales.rollup.groups import Groups
from xlsales.rollup.lists import COUNT, FILLED, GAP, MONEY, ONE, SHARE, TEXT, Cells, Column, Words, listing, quoted
from xlsales.rollup.standards_sheet import VALUES
from xlsales.texts import N_, _

INVESTIGATE, BEST, OK = N_("INVESTIGATE"), N_("BEST PRACTICE"), N_("OK")
ABOVE, BELOW = N_("ABOVE"), N_("BELOW")
BELOW_USUAL, BELOW_TARGET = N_("BELOW USUAL"), N_("BELOW TARGET")
DIGITS = 9  # of a gap: exactly 20% off is 20% off, whatever a computer makes of 1.2 - 1
_Own: TypeAlias = dict[str, list[float]]


def write(book: Book, territories: Sequence[Row], totals: Groups) -> None:
    """Write all of them; the medians stand on the sheet of totals."""
    by_currency = sorted(territories, key=lambda row: (currency(row), text(row["territory_id"])))
    ranking(book, territories)
    balance(book, by_currency, totals)
    peers(book, by_currency)
    coverage(book, territories)
    pipeline(book, territories)


def _share(name: str, header: str, part: str, whole: str) -> Column:
    """Return a column that divides two others where both are known."""

    def value(cells: Cells) -> Value:
        above, below = cells[part], cells[whole]
        return above / below if above is not None and below else None

    known = f"IF(AND(ISNUMBER({{{part}}}),N({{{whole}}})<>0),{{{part}}}/{{{whole}}},"
    return Column(name, header, 10, SHARE, f'{known}"")', value)


def ranking(book: Book, territories: Sequence[Row]) -> None:
    """Rank the territories by what their year comes to at this pace, as a share of the goal."""

    def pace(row: Row) -> float | None:
        of, goal = number(row["fig_trajectory"]), number(row["revenue_goal"])
        return of / goal if of is not None and goal else None

    paces = [found for row in territories if (found := pace(row)) is not None]
    ranks = {value: place for place, value in reversed(list(enumerate(sorted(paces, reverse=True), start=1)))}
    in_order = sorted(territories, key=lambda row: (-_or_least(pace(row)), text(row["territory_id"])))
    columns = (
        Column(
            "rank",
            N_("Rank by pace"),
            8,
            "0",
            'IF(ISNUMBER({of_pace}),RANK({of_pace},{of_pace.all}),"")',
            lambda cells: ranks.get(_quotient(cells["fig_trajectory"], cells["revenue_goal"])),
        ),
        Column("revenue_goal", N_("Goal"), 13),
        Column("fig_revenue", N_("Revenue so far"), 13),
        _share("of_goal", N_("Of goal"), "fig_revenue", "revenue_goal"),
        Column("fig_trajectory", N_("Year-end at this pace"), 13),
        _share("of_pace", N_("Pace of goal"), "fig_trajectory", "revenue_goal"),
        Column("out_magic_number", N_("Magic number, a week"), 10, ONE),
        Column("out_catch_up_number", N_("Catch-up number, a week"), 10, ONE),
        Column(PER_WEEK, N_("First appointments a week"), 13, ONE),
        Column("out_activity_barometer", N_("Barometer"), 11, SHARE),
        Column("out_org_health", N_("Organisation health"), 13, SHARE),
        Column("out_dormant_value", N_("Dormant value"), 12),
        Column("completeness", N_("Filled in"), 10, FILLED),
        Column("out_open_checks", N_("Checks to look at"), 10, COUNT),
        Column("out_unfilled_checks", N_("Checks not yet filled"), 10, COUNT),
    )
    subtitle = _("By what the year comes to at this pace, as a share of the goal. Who is not known has no rank.")
    listing(book, _("Ranking"), subtitle, columns, in_order)


def _quotient(above: float | None, below: float | None) -> float:
    return above / below if above is not None and below else float("nan")


def _or_least(value: float | None) -> float:
    return -1e300 if value is None else value


def balance(book: Book, territories: Sequence[Row], totals: Groups) -> None:
    """Compare each territory with the median of all of its currency; no account is no list of accounts."""
    alarm = VALUES["rollup_balance"]
    territories = [{**row, "fig_accounts": number(row["fig_accounts"]) or None} for row in territories]
    medians = {"revenue_goal": "median_goal", "opening_revenue": "median_opening", "fig_accounts": "median_accounts"}
    columns: list[Column] = []
    for name, header, off, gap, word in (
        ("revenue_goal", N_("Goal"), N_("Median goal"), N_("Goal: off the median"), N_("Goal: balance")),
        (
            "opening_revenue",
            N_("Opening revenue"),
            N_("Median opening revenue"),
            N_("Opening revenue: off the median"),
            N_("Opening revenue: balance"),
        ),
        (
            "fig_accounts",
            N_("Accounts"),
            N_("Median accounts"),
            N_("Accounts: off the median"),
            N_("Accounts: balance"),
        ),
    ):
        place = totals.range(medians[name]), totals.range("currency")
        columns += _off(name, (header, off, gap, word), _known(territories, name), alarm, place)
    subtitle = _("Each territory against the median of its currency; {share} off is out of balance.")
    words = Words(bad=[_(ABOVE), _(BELOW)], good=[_(OK)])
    listing(book, _("Balance"), subtitle.format(share=f"±{alarm:.0%}"), columns, territories, words)


def _known(territories: Iterable[Row], name: str) -> _Own:
    """Return the known figures of each currency; of an unknown currency none, for they cannot be compared."""
    known: _Own = defaultdict(list)
    for row in territories:
        value, code = number(row[name]), currency(row)
        if value is not None and code:
            known[code].append(value)
    return known


def _off(name: str, headers: Sequence[str], known: _Own, alarm: float, medians: tuple[str, str]) -> list[Column]:
    middle, gap = f"{name}_median", f"{name}_gap"

    def middle_of(cells: Cells) -> Value:
        others = known.get(cells["currency"], [])
        return median(others) if len(others) > 1 and cells[name] is not None else None

    def off(cells: Cells) -> Value:
        value, centre = cells[name], cells[middle]
        return round(value / centre - 1, DIGITS) if centre else None

    def said(cells: Cells) -> Value:
        found = cells[gap]
        return None if found is None else _(ABOVE) if found >= alarm else _(BELOW) if found <= -alarm else _(OK)

    found = f"INDEX({medians[0]},MATCH({{currency}},{medians[1]},0))"
    alone = f'COUNTIFS({{currency.all}},{{currency}},{{{name}.all}},">-1E+99")'
    return [
        Column(name, headers[0], 12),
        Column(
            middle,
            headers[1],
            12,
            MONEY,
            f'IF(AND(ISNUMBER({{{name}}}),{{currency}}<>"",{alone}>1),{found},"")',
            middle_of,
        ),
        Column(gap, headers[2], 10, GAP, f'IF(N({{{middle}}})<>0,ROUND({{{name}}}/{{{middle}}}-1,{DIGITS}),"")', off),
        Column(
            f"{name}_word",
            headers[3],
            10,
            TEXT,
            f"IF(ISNUMBER({{{gap}}}),IF({{{gap}}}>=rollup_balance,{quoted(_(ABOVE))},"
            f'IF({{{gap}}}<=-rollup_balance,{quoted(_(BELOW))},{quoted(_(OK))})),"")',
            said,
        ),
    ]


def peers(book: Book, territories: Sequence[Row]) -> None:
    """Compare what a territory sells at a time, and how long it takes, with the others of its currency."""
    sale, cycle = VALUES["rollup_average_sale"], VALUES["rollup_sales_cycle"]
    columns = [
        *_gap(
            "out_average_sale",
            (N_("Average sale"), N_("Others: average sale"), N_("Average sale: gap"), N_("Average sale: verdict")),
            MONEY,
            _known(territories, "out_average_sale"),
            ("rollup_average_sale", sale, INVESTIGATE, BEST),
        ),
        *_gap(
            "out_sales_cycle_days",
            (N_("Sales cycle, days"), N_("Others: sales cycle"), N_("Sales cycle: gap"), N_("Sales cycle: verdict")),
            ONE,
            _known(territories, "out_sales_cycle_days"),
            ("rollup_sales_cycle", cycle, BEST, INVESTIGATE),
        ),
        Column("out_proposal_ratio", N_("Proposal ratio"), 10, SHARE),
        Column("out_close_ratio", N_("Close ratio"), 10, SHARE),
    ]
    subtitle = _(
        "Each territory against the mean of the others of its currency: a sale is flagged from {sale} below or above, "
        "a cycle from {cycle}. Small sales and long cycles are investigated; the opposite is best practice."
    )
    words = Words(bad=[_(INVESTIGATE)], good=[_(BEST), _(OK)])
    shown = subtitle.format(sale=f"{-sale:.0%}", cycle=f"{-cycle:.0%}")
    listing(book, _("Peers"), shown, columns, territories, words)


def _gap(
    name: str, headers: Sequence[str], number_format: str, known: _Own, limit: tuple[str, float, str, str]
) -> list[Column]:
    others, gap = f"{name}_others", f"{name}_gap"
    limit_name, threshold, when_low, when_high = limit
    words = (quoted(_(word)) for word in (OK, when_low, when_high))
    totals = {code: (fsum(values), len(values)) for code, values in known.items()}

    def mean(cells: Cells) -> Value:
        total, count = totals.get(cells["currency"], (0.0, 0))
        return (total - cells[name]) / (count - 1) if count > 1 and cells[name] is not None else None

    def off(cells: Cells) -> Value:
        return cells[name] / cells[others] - 1 if (cells[others] or 0) > 0 else None  # not credit notes

    def said(cells: Cells) -> Value:
        found = cells[gap]
        if found is None:
            return None
        return _((OK, when_high, when_low)[side(found, threshold)])

    count = f'COUNTIFS({{currency.all}},{{currency}},{{{name}.all}},">-1E+99")'
    total = f"SUMIFS({{{name}.all}},{{currency.all}},{{currency}})"
    return [
        Column(name, headers[0], 12, number_format),
        Column(
            others,
            headers[1],
            12,
            number_format,
            f'IF(AND(ISNUMBER({{{name}}}),{{currency}}<>"",{count}>1),({total}-{{{name}}})/({count}-1),"")',
            mean,
        ),
        Column(gap, headers[2], 10, GAP, f'IF(N({{{others}}})>0,{{{name}}}/{{{others}}}-1,"")', off),
        Column(
            f"{name}_word",
            headers[3],
            16,
            TEXT,
            f'IF(ISNUMBER({{{gap}}}),{verdict(f"{{{gap}}}", limit_name, *words)},"")',
            said,
        ),
    ]


def coverage(book: Book, territories: Sequence[Row]) -> None:
    """Compare how many accounts have a written plan with what is usual, and with the target."""
    columns = [
        *_covered(
            ("fig_accounts", N_("Accounts")),
            ("fig_accounts_planned", N_("With a plan")),
            (N_("Coverage"), N_("Usual"), N_("Target"), N_("Coverage: state")),
            ("rollup_usual_coverage", "rollup_coverage"),
        ),
        *_covered(
            ("fig_top_accounts", N_("Top accounts")),
            ("fig_top_planned", N_("Top accounts with a plan")),
            (N_("Top coverage"), N_("Usual, top"), N_("Target, top"), N_("Top coverage: state")),
            ("rollup_usual_top", "rollup_top"),
        ),
    ]
    usual = f"{VALUES['rollup_usual_coverage']:.0%}", f"{VALUES['rollup_usual_top']:.0%}"
    subtitle = _("Accounts with a written plan; usual are {all} of all accounts, and {top} of the top accounts.")
    words = Words(bad=[_(BELOW_USUAL)], good=[_(OK)])
    listing(book, _("Coverage"), subtitle.format(all=usual[0], top=usual[1]), columns, territories, words)


def _covered(
    whole: tuple[str, str], part: tuple[str, str], headers: Sequence[str], limits: tuple[str, str]
) -> list[Column]:
    share = f"{part[0]}_share"
    usual, target = f"{part[0]}_usual", f"{part[0]}_target"

    def said(cells: Cells) -> Value:
        found = cells[share]
        if found is None:
            return None
        return _(BELOW_USUAL) if found < VALUES[limits[0]] else _(BELOW_TARGET) if found < VALUES[limits[1]] else _(OK)

    return [
        Column(whole[0], whole[1], 11, COUNT),
        Column(part[0], part[1], 11, COUNT),
        _share(share, headers[0], part[0], whole[0]),
        Column(usual, headers[1], 9, SHARE, limits[0], _limit(limits[0])),
        Column(target, headers[2], 9, SHARE, limits[1], _limit(limits[1])),
        Column(
            f"{part[0]}_word",
            headers[3],
            16,
            TEXT,
            f"IF(ISNUMBER({{{share}}}),IF({{{share}}}<{{{usual}}},{quoted(_(BELOW_USUAL))},"
            f'IF({{{share}}}<{{{target}}},{quoted(_(BELOW_TARGET))},{quoted(_(OK))})),"")',
            said,
        ),
    ]


def _limit(name: str) -> Callable[[Cells], Value]:
    return lambda _cells: VALUES[name]


def pipeline(book: Book, territories: Sequence[Row]) -> None:
    """Show the open deals, weighted with their chances, beside the goal that is left."""
    columns = (
        Column("fig_open_deals", N_("Open deals"), 10, COUNT),
        Column("fig_open_forecast", N_("Open forecast"), 14),
        Column("out_weighted_pipeline", N_("Weighted with their chances"), 14),
        _share("weight", N_("Weighted, of the forecast"), "out_weighted_pipeline", "fig_open_forecast"),
        Column("fig_goal_left", N_("Goal left"), 14),
        _times("times", N_("Forecast, times the goal left"), "fig_open_forecast"),
        _times("weighted_times", N_("Weighted, times the goal left"), "out_weighted_pipeline"),
    )
    in_order = sorted(
        territories,
        key=lambda row: (currency(row), -_or_least(number(row["out_weighted_pipeline"])), text(row["territory_id"])),
    )
    subtitle = _("Open deals, each weighted with the chance of its stage; the sums of each currency stand on Totals.")
    listing(book, _("Pipeline"), subtitle, columns, in_order)


def _times(name: str, header: str, part: str) -> Column:
    share = _share(name, header, part, "fig_goal_left")
    return Column(name, header, 12, '0.0"×"', share.formula, share.value)
