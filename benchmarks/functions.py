"""Times every sales function on a million rows against the bare NumPy expression, also with blank rows.

Of blank rows bare NumPy makes NaN, where functions of a range leave them out and others give no word: what comes to the
same in NumPy is timed as well.

python benchmarks/functions.py [ROWS]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from xlsales.functions import CATALOGUE

ROWS = 1_000_000
ROUNDS = 15

Array = np.ndarray[Any, Any]


class Race(NamedTuple):
    """A function's arguments, and the same in bare NumPy."""

    arguments: tuple[Any, ...]
    bare: Callable[..., Any]


def words(*names: str) -> Array:
    """Words to choose from, as the text functions give them."""
    return np.array(names, dtype=object)


EPOCH = np.datetime64("1899-12-30", "D")
DAY, MONTH = np.timedelta64(1, "D"), np.timedelta64(1, "M")


def calendar(dates: Array) -> Array:
    """Serial dates after February 1900 as NumPy's."""
    return np.asarray(EPOCH + dates.astype(np.int64).astype("m8[D]"))


def months_later(dates: Array, months: Any) -> Array:
    """EDATE in bare NumPy."""
    days = calendar(dates)
    first = days.astype("M8[M]")
    target = first + np.asarray(months).astype("m8[M]")
    longest = (target + MONTH).astype("M8[D]") - target.astype("M8[D]") - DAY
    moved = target.astype("M8[D]") + np.minimum(days - first.astype("M8[D]"), longest)
    return np.asarray((moved - EPOCH) / DAY)


def status(last: Array, months: int, as_of: Array, recent: Array, prior: Array) -> Array:
    """ACCOUNT_STATUS in bare NumPy, for accounts that have ordered."""
    declining = recent <= prior * 0.7
    order = np.where(months_later(last, months) <= as_of, 2, np.where(declining & (prior > 0), 1, 0))
    return np.asarray(words("ACTIVE", "DECLINING", "DORMANT")[order])


def ramp(hired: Array, full: Array) -> Array:
    """RAMP_MONTHS in bare NumPy: whole months, and the days over as a share of the month they lie in."""
    months = (calendar(full).astype("M8[M]") - calendar(hired).astype("M8[M]")) // MONTH
    day = months_later(hired, months)
    step = np.where(full >= day, 1, -1)
    return np.asarray(months + (full - day) / np.abs(months_later(hired, months + step) - day))


def payout(actual: Array, target: Array, pay: Array, threshold: float, accelerator: float) -> Array:
    """INCENTIVE_PAYOUT in bare NumPy."""
    attained = actual / target
    earned = np.where(attained <= 1, attained, 1 + (attained - 1) * accelerator)
    return np.where(attained < threshold, 0.0, pay * earned)


def flags(gap: Array) -> Array:
    """PEER_FLAG of the average sale in bare NumPy."""
    place = np.where(gap <= -0.4, 1, np.where(gap >= 0.4, 2, 0))
    return np.asarray(words("OK", "INVESTIGATE", "BEST PRACTICE")[place])


def tiers(actual: Array, quota: Array) -> Array:
    """COMMISSION with three tiers in bare NumPy."""
    tiers = ((0.5, 1.0, 0.05), (1.0, 1.5, 0.08), (1.5, np.inf, 0.1))
    parts = [rate * np.maximum(np.minimum(actual, end * quota) - start * quota, 0) for start, end, rate in tiers]
    return np.asarray(sum(parts))


def mix_gap(actual: Array, target: Array) -> Any:
    """MIX_GAP in bare NumPy."""
    return np.abs(actual / actual.sum() - target / target.sum()).sum() / 2


def races(rows: int) -> dict[str, Race]:
    """Every function with arguments that it accepts."""
    chance = np.random.default_rng(7)
    revenue = chance.uniform(1000, 1e6, rows)
    goal = chance.uniform(1000, 1e6, rows)
    small = chance.integers(1, 20, rows).astype(float)
    large = small + chance.integers(0, 20, rows)
    margin = chance.uniform(0.3, 0.9, rows)
    discount = chance.uniform(0, 0.25, rows)
    share = chance.uniform(0.1, 1, rows)
    other = chance.uniform(0.1, 1, rows)
    points = chance.uniform(1, 5, rows)
    early = chance.integers(46000, 46300, rows).astype(float)
    late = early + chance.integers(0, 400, rows)
    names = words("Ann", "Bob", "Cy")[chance.integers(0, 3, rows)]
    covered = words("COVERED", "UNDER", "UNCOVERED")[chance.integers(0, 3, rows)]
    twelve = [3.0] * 12
    return {
        "BREAKEVEN_REVENUE": Race((revenue, margin, discount, "PRICE"), lambda r, m, d, _b: r * (1 - d) * m / (m - d)),
        "BREAKEVEN_UPLIFT": Race((margin, discount), lambda m, d: d / (1 - d)),
        "MARGIN_AFTER_DISCOUNT": Race((margin, discount), lambda m, d: (m - d) / (1 - d)),
        "DISCOUNT_GUARD": Race(
            (margin, discount, 0.3, True),
            lambda m, d, low, _f: words("OK", "APPROVAL", "NO")[
                np.where((m - d) / (1 - d) < low, 2, np.where(d > 0, 1, 0))
            ],
        ),
        "PROPOSAL_RATIO": Race((small, large), np.divide),
        "CLOSE_RATIO": Race((small, large), np.divide),
        "AVERAGE_SALE": Race((revenue, small), np.divide),
        "SALES_CYCLE_DAYS": Race((early, late), lambda s, c: (c - s).mean()),
        "MAGIC_NUMBER": Race(
            (goal, revenue, share, other, 48.0), lambda g, a, p, c, w: np.maximum(g, 0) / a / c / p / w
        ),
        "ACTIVITY_BAROMETER": Race((small, large), lambda a, m: np.where(m == 0, 1.0, a / m)),
        "CONVERSATION_RATIO": Race((small, large), np.divide),
        "STAGE_WIN_RATE": Race((small, large), np.divide),
        "WEIGHTED_PIPELINE": Race((revenue, share), np.dot),
        "CATCH_UP_NUMBER": Race(
            (goal, revenue, share, other, 20.0), lambda g, a, p, c, w: np.maximum(g, 0) / a / c / p / w
        ),
        "PEER_GAP": Race((revenue, goal), lambda v, p: v / p.mean() - 1),
        "PEER_FLAG": Race(
            ("AVERAGE_SALE", revenue, goal),
            lambda _k, v, p: flags(v / p.mean() - 1),
        ),
        "SALES_VELOCITY": Race((small, revenue, share, large), lambda o, a, c, d: o * a * c / d),
        "PIPELINE_COVERAGE": Race((revenue, goal), np.divide),
        "SELLING_TIME": Race((small, large), np.divide),
        "SELLING_TIME_STATUS": Race(
            (share,),
            lambda s: words("BELOW", "IN BAND", "ABOVE")[np.add(s >= 0.55, s > 0.65, dtype=np.int8)],
        ),
        "GROWTH_TARGET": Race((revenue, discount, 3.0), lambda o, g, y: o * (1 + g) ** y),
        "RETENTION_RATE": Race((small, large), np.divide),
        "NEW_BUSINESS_NEEDED": Race(
            (revenue, discount, share, 0.4, 0.9),
            lambda o, g, a, h, r: np.maximum(0, o * (g + a * (1 - h) + h * (1 - r))),
        ),
        "BALANCE_MIX": Race((revenue, goal), lambda n, e: n / (n + e)),
        "NET_REVENUE_RETENTION": Race(
            (revenue, goal, revenue * 0.1, revenue * 0.2), lambda o, e, c, left: (o + e - c - left) / o
        ),
        "CAC_PAYBACK_MONTHS": Race((revenue, goal), np.divide),
        "PLAN_COVERAGE": Race((small, large), np.divide),
        "FORECAST_ACCURACY": Race((revenue, goal), lambda a, f: max(0.0, 1 - np.abs(a - f).sum() / a.sum())),
        "FORECAST_BIAS": Race((revenue, goal), lambda a, f: (f.sum() - a.sum()) / a.sum()),
        "MIX_GAP": Race((revenue, goal), mix_gap),
        "RUN_RATE_NEEDED": Race((goal, revenue, 12.0), lambda g, a, w: np.where(a >= g, 0.0, (g - a) / w)),
        "NEXT_CHECKIN": Race((early, "MONTHLY"), lambda last, _c: months_later(last, 1)),
        "CHECKIN_STATUS": Race(
            (early, "MONTHLY", late),
            lambda last, _c, day: words("OK", "DUE", "OVERDUE")[
                np.sign(day - months_later(last, 1)).astype(np.int8) + 1
            ],
        ),
        "QUOTA_ATTAINMENT": Race((revenue, goal), np.divide),
        "RAMPED_QUOTA": Race((goal, small, 6.0), lambda q, m, r: np.where(m >= r, q, q * m / r)),
        "SEASONAL_GOAL": Race(
            (goal, [1.0] * 24, small), lambda g, w, m: g * np.interp(m, np.arange(25), np.cumsum([0.0, *w])) / 24
        ),
        "COMMISSION": Race((revenue, goal, [0.5, 1.0, 1.5], [0.05, 0.08, 0.1]), lambda a, q, _t, _r: tiers(a, q)),
        "ACCOUNT_SCORE": Race((points, share), lambda v, w: (v * w).sum() / w.sum()),
        "ACCOUNT_TIER": Race((points,), lambda s: words("A", "B", "C")[np.add(s < 4, s < 2.5, dtype=np.int8)]),
        "ACCOUNT_STATUS": Race((early, late, revenue, goal), lambda last, day, r, p: status(last, 6, day, r, p)),
        "DORMANT_VALUE": Race((revenue, goal), lambda p, r: np.maximum(0, p - r).sum()),
        "COVERAGE_STATUS": Race(
            (small, large),
            lambda p, r: words("COVERED", "UNDER", "UNCOVERED")[
                np.where(r == 0, 0, np.where(p == 0, 2, np.where(p < r, 1, 0)))
            ],
        ),
        "REVENUE_AT_RISK": Race(
            (revenue, covered, 0.17), lambda r, s, share_lost: r[s != "COVERED"].sum() * share_lost
        ),
        "BEST_IN_FRONT": Race(  # a row without a name is left out
            (points, names), lambda f, n: n[np.where(n == "", -np.inf, f).argmax()]
        ),
        "PENETRATION": Race((small, large), np.divide),
        "TERRITORY_BALANCE": Race((revenue, goal), lambda v, p: v / np.median(p) - 1),
        "ORG_HEALTH": Race(
            (twelve, 1.0, chance.uniform(4, 9, rows)), lambda s, low, high: (np.mean(s) - low) / (high - low)
        ),
        "ACCOUNT_LOAD": Race((revenue, large), lambda h, each: np.floor(h / each)),
        "SUPPORT_NEEDED": Race((revenue, large), lambda h, each: np.ceil(h / each)),
        "ASSISTANT_PAYBACK": Race((revenue, goal), np.divide),
        "TURNOVER_RATE": Race((small, large), np.divide),
        "RAMP_MONTHS": Race((early, late), ramp),
        "INCENTIVE_PAYOUT": Race((revenue, goal, large, 0.5, 2.0), payout),
    }


# What fills several cells, or writes a sentence, answers one call at a time: there is nothing to race.
ONE_AT_A_TIME = ("COACHING_TIPS", "REVENUE_BLOCKER", "ORG_GAPS", "SALES_EXPLAIN")


def is_numbers(value: Any) -> bool:
    """Whether an argument is an array of numbers."""
    return isinstance(value, np.ndarray) and value.dtype == float


def over_full_rows(bare: Callable[..., Any]) -> Callable[..., Any]:
    """The same over the rows in which no number is blank."""

    def skipping(*arguments: Any) -> Any:
        full = ~np.logical_or.reduce([np.isnan(value) for value in arguments if is_numbers(value)])
        return bare(*(value[full] if isinstance(value, np.ndarray) else value for value in arguments))

    return skipping


def blank_as(number: float) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The same with this number in the place of blanks."""

    def minding(bare: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *arguments: bare(*(np.nan_to_num(a, nan=number) if is_numbers(a) else a for a in arguments))

    return minding


def giving(nothing: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The same with this in the place of the result where the first array of numbers is blank."""

    def minding(bare: Callable[..., Any]) -> Callable[..., Any]:
        def apart(*arguments: Any) -> Any:
            found = bare(*arguments)
            found[np.isnan(next(filter(is_numbers, arguments)))] = nothing
            return found

        return apart

    return minding


# How NumPy comes to the same with blanks, where bare NumPy makes NaN of a whole range for one blank, or a word of NaN.
MINDING_BLANKS: dict[str, Callable[[Callable[..., Any]], Callable[..., Any]]] = {
    "BREAKEVEN_UPLIFT": giving(np.nan),
    "DISCOUNT_GUARD": giving(None),
    "SALES_CYCLE_DAYS": over_full_rows,
    "WEIGHTED_PIPELINE": over_full_rows,
    "PEER_FLAG": giving(None),
    "SELLING_TIME_STATUS": giving(None),
    "FORECAST_ACCURACY": blank_as(0),
    "FORECAST_BIAS": blank_as(0),
    "MIX_GAP": over_full_rows,
    "CHECKIN_STATUS": giving("NEVER"),
    "ACCOUNT_SCORE": over_full_rows,
    "ACCOUNT_TIER": giving(None),
    "ACCOUNT_STATUS": giving("NEVER"),
    "DORMANT_VALUE": over_full_rows,
    "COVERAGE_STATUS": giving(None),
    "REVENUE_AT_RISK": over_full_rows,
    "BEST_IN_FRONT": over_full_rows,
    "ORG_HEALTH": blank_as(5),
}


def with_blanks(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments with 1% of the rows of the first array of numbers blank."""
    first = next(i for i, value in enumerate(arguments) if is_numbers(value))
    blank = np.random.default_rng(8).random(arguments[first].shape) < 0.01
    return (*arguments[:first], np.where(blank, np.nan, arguments[first]), *arguments[first + 1 :])


def median_times(*calls: Callable[[], Any]) -> list[float]:
    """The median time of each call, in rounds that take turns, so that all meet the same conditions."""
    times: list[list[float]] = [[] for _call in calls]
    for _round in range(ROUNDS + 1):
        for call, taken in zip(calls, times, strict=True):
            start = time.perf_counter()
            call()
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken[1:]) for taken in times]


def race(function: Any, arguments: tuple[Any, ...], *rivals: Callable[..., Any]) -> list[float]:
    """The median times of the function and of its rivals in NumPy."""
    with np.errstate(all="ignore"):  # bare NumPy warns of blank dates
        return median_times(*(partial(call, *arguments) for call in (function.call, *rivals)))


def main(rows: int) -> None:
    """Print the table."""
    say = sys.stdout.write
    say(f"{rows:,} rows, median of {ROUNDS} rounds, NumPy {np.__version__}\n\n")
    say(f"{'':<56}{'with 1% of the rows blank':>32}{'NumPy to the same':>20}\n")
    say(f"{'function':<24}" + f"{'xlsales ms':>12}{'NumPy ms':>12}{'ratio':>8}" * 2 + f"{'ms':>12}{'ratio':>8}\n")
    listed = races(rows)
    for name, function in CATALOGUE.items():
        if name not in listed:
            say(f"{name:<24}{'one call at a time' if name in ONE_AT_A_TIME else 'not in the table':>32}\n")
            continue
        arguments, bare = listed[name]
        say(f"{name:<24}{compared(*race(function, arguments, bare))}")
        same = [MINDING_BLANKS[name](bare)] if name in MINDING_BLANKS else []
        say(compared(*race(function, with_blanks(arguments), bare, *same)) + "\n")


def compared(ours: float, *theirs: float) -> str:
    """The times in milliseconds, each of the others' with the ratio to it."""
    return f"{ours * 1e3:>12.2f}" + "".join(f"{other * 1e3:>12.2f}{ours / other:>8.2f}" for other in theirs)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
