"""Whom to make an offer so that it earns most, and whether it would have earned anything.

An offer is paid for everyone who takes it: a customer who would have been lost and is saved by it, and also one who
would have ordered anyway. Those who are lost all the same do not take it. With the risk q of being lost, the share s of
those who can be saved, the value v of a saved customer, the margin m and the cost c of an offer, contacting earns
q s (m v - c) - (1 - q) c on average. Source: Neslin, Gupta, Kamakura, Lu & Mason (2006), "Defection detection".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation import formats
from segmentation.assumptions import USUAL, USUAL_MARGIN, ShopAssumptions
from segmentation.churn.record import Scores
from segmentation.customers import FloatArray
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Estimate, Unknown

POINTS = 50
FEWEST = 30
"""Customers the rule must have picked at the test date before anything is said about what it earns."""

_BLOCKS, _ROUNDS, _SEED = 100, 400, 20_261_104
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySettings:
    """What an offer costs and does; raises SettingOutOfRange at birth for a value that cannot be.

    offer_cost: paid, in shop currency, for each customer who takes the offer.
    save_rate: the share (0..1) of those who would be lost whom the offer brings back; an assumption until a holdout
        measures it.
    margin: the share (0..1) of revenue left after the cost of the goods.
    """

    offer_cost: float = USUAL.offer_cost
    save_rate: float = USUAL.save_rate
    margin: float = USUAL_MARGIN

    def __post_init__(self) -> None:
        for name, value, high in (
            ("offer_cost", self.offer_cost, 1e6),
            ("save_rate", self.save_rate, 1.0),
            ("margin", self.margin, 1.0),
        ):
            if not 0.0 <= value <= high:  # also refuses NaN
                raise SettingOutOfRange(name, value, low=0.0, high=high)

    @classmethod
    def of(cls, shop: ShopAssumptions) -> PolicySettings:
        """The settings that a shop's assumptions give."""
        return cls(offer_cost=shop.values.offer_cost, save_rate=shop.values.save_rate, margin=shop.margin.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """From which risk on customers of one value are contacted.

    value: what one of them spends in the horizon if saved, in shop currency.
    risk: the chance (0..1) to be lost from which contacting pays; None where it never does.
    customers: how many are of that value.
    contact: how many of them are contacted.
    """

    value: float
    risk: float | None
    customers: int
    contact: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What contacting so many is expected to earn, the most promising first.

    contact: customers contacted.
    net_profit: in shop currency.
    """

    contact: int
    net_profit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A plain rule beside the policy.

    name: what the rule is called.
    contact: customers contacted.
    churners_caught: expected number of those who would be lost.
    offers_wasted: expected number of those who would order anyway.
    net_profit: in shop currency, with its 95 % interval.
    """

    name: str
    contact: int
    churners_caught: float
    offers_wasted: float
    net_profit: Estimate | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Whom to contact, and what it should earn.

    settings: what an offer costs and does.
    customers: all who could be contacted.
    contact: those of whom a profit is expected.
    churners_caught: expected number of those contacted who would be lost.
    saved: expected number of them whom the offer brings back.
    offers_wasted: expected number of those contacted who would order anyway.
    net_profit: in shop currency, with the interval in which the profit itself should fall 95 times in 100; `n` counts
        the customers whom the same rule picks at the test date.
    everyone: contacting all customers instead.
    silent: contacting as many, the longest silent first.
    thresholds: for each value of a customer the risk from which contacting pays.
    curve: profit by number contacted, put right by the test window.
    sentence: it in a sentence.
    """

    settings: PolicySettings
    customers: int
    contact: int
    churners_caught: float
    saved: float
    offers_wasted: float
    net_profit: Estimate | Unknown
    everyone: Alternative
    silent: Alternative
    thresholds: tuple[Threshold, ...]
    curve: tuple[CurvePoint, ...]
    sentence: str


def expected_profit(chance: FloatArray, value: FloatArray, settings: PolicySettings) -> FloatArray:
    """What contacting a customer earns on average in shop currency, shape (n,)."""
    saved = settings.save_rate * (settings.margin * value - settings.offer_cost)
    return np.asarray((1.0 - chance) * saved - chance * settings.offer_cost)


def policy(scores: Scores, settings: PolicySettings, *, currency: str | None = None) -> Policy:
    """The most profitable choice of customers under these settings, tried on the test window.

    Net profit is what the model expects today, put right by how far it was off at the test date under the same rule;
    blocks of customers are resampled for the interval, and the luck of today's customers is added to it. Both leave out
    that next season may differ from the last.
    """
    profit = expected_profit(scores.chance, scores.value, settings)
    past = expected_profit(scores.past_chance, scores.past_value, settings)
    chosen, chosen_then = profit > 0, past > 0
    contact = int(chosen.sum())
    caught = float((1.0 - scores.chance[chosen]).sum())
    tried = _Tried(scores, settings, past)
    net = tried.earned(chosen_then, contact, float(profit[chosen].sum()))
    share = contact / max(scores.n, 1)
    all_of_them = np.ones(scores.n, np.bool_), np.ones(len(past), np.bool_)
    everyone = _alternative("everyone", scores, tried, profit, *all_of_them)
    longest = _longest(scores.silent, contact), _longest(scores.past_silent, round(share * len(past)))
    silent = _alternative("longest silent", scores, tried, profit, *longest)
    curve = _curve(profit, tried)
    return Policy(
        settings=settings,
        customers=scores.n,
        contact=contact,
        churners_caught=caught,
        saved=settings.save_rate * caught,
        offers_wasted=contact - caught,
        net_profit=net,
        everyone=everyone,
        silent=silent,
        thresholds=_thresholds(scores, chosen, settings),
        curve=curve,
        sentence=_sentence(contact, scores.n, caught, net, settings, currency) + _better(net, curve, currency),
    )


class _Tried:
    """The test window under these settings: what each customer would have earned, and what was expected."""

    def __init__(self, scores: Scores, settings: PolicySettings, expected: FloatArray) -> None:
        self._scores, self._settings, self._expected = scores, settings, expected
        self._block = np.arange(len(expected)) % _BLOCKS
        rng = np.random.default_rng(_SEED)
        self._weights = rng.multinomial(_BLOCKS, np.full(_BLOCKS, 1 / _BLOCKS), _ROUNDS).astype(np.float64)
        self._luck = rng.standard_normal(_ROUNDS)

    def realised(self, ratio: float) -> FloatArray:
        """What contacting each customer would have earned, shape (n,), the value of a saved one times `ratio`."""
        lost = 1.0 - self._scores.past_ordered
        s = self._settings
        saved = s.save_rate * (s.margin * ratio * self._scores.past_value - s.offer_cost)
        return np.asarray(lost * saved - self._scores.past_ordered * s.offer_cost)

    def earned(self, mask: Mask, contact: int, expected: float) -> Estimate | Unknown:
        """Net profit of contacting `contact` customers today, of which `expected` is expected; `mask` chose then."""
        people = int(mask.sum())
        if contact == 0:
            return Estimate(0.0, 0.0, 0.0, people)
        if people < FEWEST:
            return Unknown(
                f"At the test date the same rule would have picked {formats.count(people, 'customer')}: too few to "
                "say what it earns."
            )
        sums = self._sums(mask)
        rounds = self._residual(self._weights @ sums)
        value = expected + contact * float(self._residual(sums.sum(axis=0)[None])[0])
        luck = np.sqrt(contact * self._variance(mask)) * self._luck
        draws = value + contact * (rounds - rounds.mean()) + luck
        low, high = np.percentile(draws, [2.5, 97.5])
        return Estimate(value, min(float(low), value), max(float(high), value), people)

    def _sums(self, mask: Mask) -> FloatArray:
        """Per block: contacted, lost, what those are worth, who ordered, their spend and worth, expected profit."""
        s, rows = self._scores, np.flatnonzero(mask)
        ordered, value = s.past_ordered[rows], s.past_value[rows]
        columns = (
            np.ones(len(rows)),
            1.0 - ordered,
            (1.0 - ordered) * value,
            ordered,
            ordered * s.past_spend[rows],
            ordered * value,
            self._expected[rows],
        )
        block = self._block[rows]
        return np.stack([np.bincount(block, weights=c, minlength=_BLOCKS) for c in columns], axis=1)

    def _residual(self, sums: FloatArray) -> FloatArray:
        """By how much a contacted customer earned more than expected, shape (rows,)."""
        people, lost, value, ordered, spend, worth, expected = sums.T
        s = self._settings
        ratio = _worth_more(ordered, spend, worth)
        earned = s.save_rate * (s.margin * ratio * value - s.offer_cost * lost) - s.offer_cost * ordered
        return np.asarray((earned - expected) / np.maximum(people, 1))

    def _variance(self, mask: Mask) -> float:
        """How much one contacted customer earns beside what was expected: ordering or not, saved or not, spending."""
        s, rate = self._settings, self._settings.save_rate
        value = s.margin * self._scores.past_value[mask]
        mean = value - s.offer_cost
        square = value**2 * self._scores.spread - 2 * s.offer_cost * value + s.offer_cost**2
        lost = 1.0 - self._scores.past_ordered[mask]
        within = lost * np.maximum(rate * square - (rate * mean) ** 2, 0.0)
        return float((self.realised(1.0) - self._expected)[mask].var() + within.mean())

    def off_by(self, shares: FloatArray) -> FloatArray:
        """How far what was expected of the most promising `shares` of customers was off, per customer of the shop."""
        turn = np.argsort(-self._expected, kind="stable")
        ordered, spend, worth = self._sums(np.ones(len(turn), np.bool_)).sum(axis=0)[3:6]
        away = (self.realised(float(_worth_more(ordered, spend, worth))) - self._expected)[turn]
        known = np.concatenate(([0.0], np.cumsum(away)))
        return np.asarray(np.interp(shares * len(turn), np.arange(len(known)), known) / max(len(turn), 1))


def _worth_more(ordered: FloatArray, spend: FloatArray, worth: FloatArray) -> FloatArray:
    """What buyers spent over what they were taken to be worth, as if FEWEST more had spent just that."""
    held = FEWEST * worth / np.maximum(ordered, 1)
    return np.asarray(np.where(worth > 0, (spend + held) / np.maximum(worth + held, 1e-9), 1.0))


def _alternative(
    name: str, scores: Scores, tried: _Tried, profit: FloatArray, chosen: Mask, chosen_then: Mask
) -> Alternative:
    contact = int(chosen.sum())
    caught = float((1.0 - scores.chance[chosen]).sum())
    net = tried.earned(chosen_then, contact, float(profit[chosen].sum()))
    return Alternative(
        name=name, contact=contact, churners_caught=caught, offers_wasted=contact - caught, net_profit=net
    )


def _longest(silent: FloatArray, most: int) -> Mask:
    """Those who have been silent longest, shape (n,)."""
    longest = np.zeros(len(silent), dtype=np.bool_)
    if most > 0:
        longest[np.argpartition(-silent, most - 1)[:most]] = True
    return longest


def _thresholds(scores: Scores, chosen: Mask, settings: PolicySettings) -> tuple[Threshold, ...]:
    values, place = np.unique(scores.value, return_inverse=True)
    people = np.bincount(place, minlength=len(values))
    contact = np.bincount(place, weights=chosen, minlength=len(values))
    return tuple(
        Threshold(value=float(v), risk=risk_from(float(v), settings), customers=int(n), contact=int(k))
        for v, n, k in zip(values, people, contact, strict=True)
    )


def risk_from(value: float, settings: PolicySettings) -> float | None:
    """The risk of being lost from which contacting a customer of this value pays; None where it never does."""
    gain = settings.save_rate * (settings.margin * value - settings.offer_cost)
    if gain <= 0:
        return None
    return settings.offer_cost / (gain + settings.offer_cost)


def _curve(profit: FloatArray, tried: _Tried) -> tuple[CurvePoint, ...]:
    n = len(profit)
    best = np.concatenate(([0.0], np.cumsum(np.sort(profit)[::-1])))
    counts = np.unique(np.round(np.linspace(0, n, POINTS)).astype(np.intp))
    away = tried.off_by(counts / max(n, 1)) * n
    return tuple(CurvePoint(int(k), float(best[k] + a)) for k, a in zip(counts, away, strict=True))


def _sentence(
    contact: int, n: int, caught: float, net: Estimate | Unknown, settings: PolicySettings, currency: str | None
) -> str:
    offer, saved = formats.money(settings.offer_cost, currency), formats.percent(settings.save_rate)
    if contact == 0:
        return f"Nobody is worth contacting: at {offer} an offer and {saved} of lost customers saved, it only costs."
    said = f"Contact {formats.count(contact, 'customer')} of {n:,}, of whom {caught:,.0f} would be lost"
    if isinstance(net, Unknown):
        return f"{said}. {net.reason}"
    earned = f"{formats.money(net.value, currency)} ({formats.money_interval(net.low, net.high, currency)})"
    if net.low <= 0:
        return f"{said}. It may cost more than it brings: {earned}."
    return f"{said}. It should earn {earned}."


def _better(net: Estimate | Unknown, curve: tuple[CurvePoint, ...], currency: str | None) -> str:
    """A sentence where the test says that another number of customers earns clearly more; nothing otherwise."""
    best = max(curve, key=lambda point: point.net_profit)
    if isinstance(net, Unknown) or best.net_profit <= max(net.high, 0.0):
        return ""
    return (
        f" Measured by the test window, contacting the {best.contact:,} most promising would earn more: "
        f"{formats.money(best.net_profit, currency)}."
    )
