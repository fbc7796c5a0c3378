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
_NOTHING = Estimate(0.0, 0.0, 0.0, 0)
Mask = npt.NDArray[np.bool_]
IndexArray = npt.NDArray[np.intp]


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
    low, high: its 95 % interval.
    """

    contact: int
    net_profit: float
    low: float
    high: float


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
    curve: profit by number contacted, by the same estimator: it passes through `net_profit`.
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

    @property
    def flat(self) -> str | None:
        """Where the curve is highest at another number than the one chosen: that the difference is not proven."""
        peak = max(self.curve, key=lambda point: point.net_profit)
        (chosen,) = (point for point in self.curve if point.contact == self.contact)
        if peak.net_profit <= chosen.net_profit or self.contact == 0:
            return None
        if isinstance(self.net_profit, Unknown):
            return f"The curve is highest at {formats.count(peak.contact, 'customer')}: that is not proven."
        inside = peak.net_profit <= chosen.high
        where = "inside the interval of the number chosen" if inside else "but it was tried on one past window only"
        return (
            f"The curve is highest at {formats.count(peak.contact, 'customer')}, {where}: "
            f"that so many would earn more than {chosen.contact:,} is not proven."
        )


def expected_profit(chance: FloatArray, value: FloatArray, settings: PolicySettings) -> FloatArray:
    """What contacting a customer earns on average in shop currency, shape (n,)."""
    saved = settings.save_rate * (settings.margin * value - settings.offer_cost)
    return np.asarray((1.0 - chance) * saved - chance * settings.offer_cost)


def policy(scores: Scores, settings: PolicySettings, *, currency: str | None = None) -> Policy:
    """The most profitable choice of customers under these settings, tried on the test window.

    Net profit is what the model expects today, put right by how far it was off for as large a share of the customers of
    the test date, taken in the same turn; so it is for every number of customers, and for the plain rules. Blocks of
    customers are resampled for the interval, and the luck of today's customers is added to it. Both leave out that next
    season may differ from the last.
    """
    profit = expected_profit(scores.chance, scores.value, settings)
    past = expected_profit(scores.past_chance, scores.past_value, settings)
    contact = int((profit > 0).sum())
    chosen = _first(-profit, contact)
    caught = float((1.0 - scores.chance[chosen]).sum())
    tried = _Tried(scores, settings, past)
    counts = np.unique(np.append(np.round(np.linspace(0, scores.n, POINTS)), contact)).astype(np.intp)
    promising = tried.earned(np.sort(profit)[::-1], np.argsort(-past, kind="stable"), counts)
    net = _promised(promising[int(np.searchsorted(counts, contact))], int((past > 0).sum()))
    longest = _first(-scores.silent, contact)
    turn = np.argsort(-scores.past_silent, kind="stable")
    (silent,) = tried.earned(np.sort(profit[longest])[::-1], turn, np.array([contact]), of=scores.n)
    return Policy(
        settings=settings,
        customers=scores.n,
        contact=contact,
        churners_caught=caught,
        saved=settings.save_rate * caught,
        offers_wasted=contact - caught,
        net_profit=net,
        everyone=_alternative("everyone", scores, np.ones(scores.n, np.bool_), _promised(promising[-1])),
        silent=_alternative("longest silent", scores, longest, _promised(silent)),
        thresholds=_thresholds(scores, chosen, settings),
        curve=tuple(CurvePoint(int(k), one.value, one.low, one.high) for k, one in zip(counts, promising, strict=True)),
        sentence=_sentence(contact, scores.n, caught, net, settings, currency),
    )


def _promised(net: Estimate, picked: int | None = None) -> Estimate | Unknown:
    """What may be said of it: nothing where too few customers were tried, or were `picked` by the rule itself."""
    people = net.n if picked is None else min(net.n, picked)
    if net == _NOTHING or people >= FEWEST:
        return net
    return Unknown(
        f"At the test date the same rule would have picked {formats.count(people, 'customer')}: too few to "
        "say what it earns."
    )


class _Tried:
    """The test window under these settings: what each customer would have earned, and what was expected."""

    def __init__(self, scores: Scores, settings: PolicySettings, expected: FloatArray) -> None:
        self._scores, self._settings = scores, settings
        lost, s = 1.0 - scores.past_ordered, settings
        self._worth = lost * s.save_rate * s.margin * scores.past_value
        self._rest = -lost * s.save_rate * s.offer_cost - scores.past_ordered * s.offer_cost - expected
        self._block = np.arange(len(expected)) % _BLOCKS
        rng = np.random.default_rng(_SEED)
        weights = rng.multinomial(_BLOCKS, np.full(_BLOCKS, 1 / _BLOCKS), _ROUNDS).astype(np.float64)
        self._weights = np.vstack([np.ones(_BLOCKS), weights])
        self._luck = rng.standard_normal(_ROUNDS)[:, None]
        self._ratio = self._worth_more()[:, None]

    def earned(
        self, expected: FloatArray, turn: IndexArray, counts: IndexArray, *, of: int | None = None
    ) -> list[Estimate]:
        """Net profit of contacting the first so many (`counts`, rising) of `of` customers, whose `expected` profit
        stands in their turn; `turn` is that of the customers at the test date. `n` counts those tried on."""
        known = np.concatenate(([0.0], np.cumsum(expected)))[counts]
        people = np.round(counts / max(of or len(expected), 1) * len(turn)).astype(np.intp)
        place = np.searchsorted(people, np.arange(len(turn)), side="right")
        worth, rest = (self._summed(column[turn], place, turn, len(counts)) for column in (self._worth, self._rest))
        tried = self._summed(np.ones(len(turn)), place, turn, len(counts))
        off = (self._ratio * worth + rest) / np.maximum(tried, 1)  # a customer, on the whole and in each round
        value = known + counts * off[0]
        doubt = counts * (off[1:] - off[1:].mean(axis=0)) + np.sqrt(counts * self._variances(turn, people)) * self._luck
        low, high = np.percentile(value + doubt, [2.5, 97.5], axis=0)
        return [
            Estimate(float(v), min(float(under), float(v)), max(float(over), float(v)), int(n)) if k else _NOTHING
            for v, under, over, n, k in zip(value, low, high, people, counts, strict=True)
        ]

    def _summed(self, column: FloatArray, place: IndexArray, turn: IndexArray, points: int) -> FloatArray:
        """Its sum over the customers before each point, shape (1 + rounds, points)."""
        cell = self._block[turn] * (points + 1) + place
        cells = np.bincount(cell, weights=column, minlength=_BLOCKS * (points + 1)).reshape(_BLOCKS, points + 1)
        return np.asarray(self._weights @ np.cumsum(cells[:, :points], axis=1))

    def _worth_more(self) -> FloatArray:
        """What buyers spent over what they were taken to be worth, as if FEWEST more had spent just that, shape
        (1 + rounds,)."""
        s = self._scores
        columns = s.past_ordered, s.past_ordered * s.past_spend, s.past_ordered * s.past_value
        ordered, spend, worth = (
            self._weights @ np.bincount(self._block, weights=column, minlength=_BLOCKS) for column in columns
        )
        held = FEWEST * worth / np.maximum(ordered, 1)
        return np.asarray(np.where(worth > 0, (spend + held) / np.maximum(worth + held, 1e-9), 1.0))

    def _variances(self, turn: IndexArray, people: IndexArray) -> FloatArray:
        """How much one of the first so many earns beside what was expected: ordering or not, saved or not, spending."""
        s, rate = self._settings, self._settings.save_rate
        value = s.margin * self._scores.past_value
        mean = value - s.offer_cost
        square = value**2 * self._scores.spread - 2 * s.offer_cost * value + s.offer_cost**2
        within = (1.0 - self._scores.past_ordered) * np.maximum(rate * square - (rate * mean) ** 2, 0.0)
        off = self._worth + self._rest
        sums = np.cumsum(np.stack([off, off**2, within])[:, turn], axis=1)
        first, second, inside = np.concatenate([np.zeros((3, 1)), sums], axis=1)[:, people] / np.maximum(people, 1)
        return np.asarray(np.maximum(second - first**2, 0.0) + inside)


def _alternative(name: str, scores: Scores, chosen: Mask, net: Estimate | Unknown) -> Alternative:
    contact, caught = int(chosen.sum()), float((1.0 - scores.chance[chosen]).sum())
    return Alternative(
        name=name, contact=contact, churners_caught=caught, offers_wasted=contact - caught, net_profit=net
    )


def _first(turn: FloatArray, most: int) -> Mask:
    """Those for whom `turn` is lowest, shape (n,)."""
    first = np.zeros(len(turn), dtype=np.bool_)
    if most > 0:
        first[np.argpartition(turn, most - 1)[:most]] = True
    return first


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


def _sentence(
    contact: int, n: int, caught: float, net: Estimate | Unknown, settings: PolicySettings, currency: str | None
) -> str:
    offer, saved = formats.money(settings.offer_cost, currency), formats.percent(settings.save_rate)
    if contact == 0:
        return f"Nobody is worth contacting: at {offer} an offer and {saved} of lost customers saved, it only costs."
    if isinstance(net, Unknown):
        return f"By their chances alone {formats.count(contact, 'customer')} of {n:,} are worth an offer. {net.reason}"
    said = f"Contact {formats.count(contact, 'customer')} of {n:,}, of whom {caught:,.0f} would leave"
    earned = f"{formats.money(net.value, currency)} ({formats.money_interval(net.low, net.high, currency)})"
    if net.low <= 0:
        return f"{said}. It may cost more than it brings: {earned}."
    return f"{said}. It should earn {earned}."
