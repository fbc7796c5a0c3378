"""The sentences of a backtest: who wins, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from segmentation.estimates import Estimate
from segmentation.proof.foresight import ADVICE, foresight

NAMES: Mapping[str, str] = {
    "segments": "your segments",
    "rfm": "RFM cells",
    "recency": "recency alone",
    "score": "a single RFM score",
    "spend_so_far": "spend so far",
    "last_window": "the last window's spend",
    "boosted_trees": "boosted trees",
}
_COARSE = 0.0995  # from 10 % on, whole percents are enough


def said(explained: Mapping[str, Estimate], window_days: int, winner: str, leaders: Sequence[str]) -> str:
    """The verdict from each method's share of spend explained; `leaders` are level with the best, the best first."""
    ours = explained["segments"]
    others = _listed([f"{NAMES[name]} {_share(figure)}" for name, figure in explained.items() if name != "segments"])
    head = (
        f"Your segments explain {_share(ours)} ({_percent(ours.low)} to {_percent(ours.high)}) of the differences in "
        f"what customers spend in the next {window_days} days, {others}"
    )
    return f"{head}: {_ending(explained, winner, leaders)}."


def _ending(explained: Mapping[str, Estimate], winner: str, leaders: Sequence[str]) -> str:
    ours = foresight(explained, winner, leaders)
    if ours is None:
        return "none of them predicts better than expecting the average of everyone"
    if ours.standing == "best":
        return "your segments predict best"
    if ours.standing == "level":
        return f"{_listed([NAMES[name] for name in leaders])} predict equally well, as far as these customers can tell"
    kept = (
        f"of what can be foreseen ({_percent(ours.share)}, by {NAMES[ours.best]}), your segments keep {ours.in_words}"
    )
    chance = ", and the difference may be chance" if ours.chance else ""
    return f"{kept}{chance}" if ours.standing == "near" else f"{kept}{chance}: {ADVICE}"


def too_short(first: date, as_of: date, window_days: int) -> str:
    """Why a history has no split."""
    return (
        f"A backtest needs at least {3 * window_days} days of orders: {window_days} to know the customers by, "
        f"{window_days} to learn from and {window_days} to score on. The history from {_day(first)} to {_day(as_of)} "
        f"has {max((as_of - first).days, 0)}."
    )


def too_few_customers(
    customers: int, learned: int, scored: int, then: date, window_days: int, *, need: tuple[int, int]
) -> str:
    """Why a split cannot be scored; `need` says how many customers and how many buyers in either window."""
    return (
        f"A backtest needs {need[0]} customers, and {need[1]} who order again, twice in a row: {customers} had ordered "
        f"by {_day(then)}, {learned} ordered in the {window_days} days after it and {scored} in the {window_days} days "
        "after those."
    )


def cannot_be_segmented(then: date, why: str) -> str:
    """Why the customers of a past date have no segments."""
    return f"The customers of {_day(then)} cannot be segmented like those of today. {why}"


def _share(figure: Estimate) -> str:
    return "nothing" if figure.value <= 0 else _percent(figure.value)


def _percent(fraction: float) -> str:
    places = 0 if abs(fraction) >= _COARSE else 1
    return f"{fraction * 100:.{places}f} %".replace("-0.0 %", "0.0 %").replace("-", "−")


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
