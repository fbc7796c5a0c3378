"""The customers: which behaviour each has, when they join and drop out, how often they order, who got the e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from sample_data import chance
from sample_data.behaviours import BEHAVIOURS, Behaviour, pace
from sample_data.catalogue import CATEGORIES, DAYS, START

CAMPAIGN_DAY = (date(2026, 6, 1) - START).days
CAMPAIGN_WINDOW = 30
CAMPAIGN_UPLIFT = 0.50
HOLDOUT = 0.20

LETTERS = "bcdfghjkmnpqrstvwxyz"
DOMAINS = ("example.com", "example.org", "example.net")


@dataclass(frozen=True, slots=True)
class People:
    """All customers, in order of joining; every array has one entry (or row) per customer.

    `joined` is the day of the first order; `dropped` the latent day from which a customer never orders again
    (may lie beyond the period); `rate` orders per day; `likes` weights of the categories; `web` chance of web.
    """

    ids: tuple[str, ...]
    emails: tuple[str, ...]
    behaviour: npt.NDArray[np.int64]
    joined: npt.NDArray[np.int64]
    dropped: npt.NDArray[np.float64]
    rate: npt.NDArray[np.float64]
    likes: npt.NDArray[np.float64]
    web: npt.NDArray[np.float64]
    consent: npt.NDArray[np.bool_]


def _likes(kind: Behaviour, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Category weights of each customer of a kind: a few favourites, and a little of the rest."""
    liked = [CATEGORIES.index(name) for name in kind.liked]
    ranks = np.argsort(rng.random((kind.customers, len(liked))), axis=1, kind="stable")
    own = np.array(liked)[ranks[:, : kind.favourites]]
    weights = np.full((kind.customers, len(CATEGORIES)), (1 - kind.loyalty) / len(CATEGORIES))
    strength = 0.5 + rng.random(own.shape)
    strength *= kind.loyalty / strength.sum(axis=1, keepdims=True)
    weights[np.arange(kind.customers)[:, None], own] += strength
    return weights


def _dropped(kind: Behaviour, joined: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    room = None if kind.gone_by is None else (kind.gone_by - joined).astype(np.float64)
    return joined + chance.exponential(kind.life, kind.customers, rng, below=room)


def _emails(count: int, rng: np.random.Generator) -> tuple[str, ...]:
    """Invented addresses such as k7f2@example.org: no words, no names, each only once."""
    places = chance.shuffled(len(LETTERS) ** 2 * 100, rng)[:count]
    domain = chance.pick((0.5, 0.25, 0.25), count, rng)
    out = []
    for place, at in zip(places.tolist(), domain.tolist(), strict=True):
        letters, digits = divmod(place, 100)
        first, second = divmod(letters, len(LETTERS))
        out.append(f"{LETTERS[first]}{digits // 10}{LETTERS[second]}{digits % 10}@{DOMAINS[at]}")
    return tuple(out)


def make_people(seed: int) -> People:
    """Draw every customer of the shop."""
    rng = chance.source(seed, 1)
    parts: list[tuple[npt.NDArray[np.float64], ...]] = []
    for kind in BEHAVIOURS:
        busy = pace(kind.calendar).copy()
        busy[: kind.joins[0]] = 0
        busy[kind.joins[1] + 1 :] = 0
        joined = chance.pick(busy, kind.customers, rng)
        main = rng.random(kind.customers) < kind.web
        parts.append((
            joined.astype(np.float64),
            _dropped(kind, joined, rng),
            chance.gamma(kind.orders_per_year / 365.25, kind.steadiness, kind.customers, rng),
            np.where(main, 0.92, 0.12),
            (rng.random(kind.customers) < kind.consent).astype(np.float64),
            _likes(kind, rng),
        ))  # fmt: skip
    joined, dropped, rate, web, consent, likes = (np.concatenate(column) for column in zip(*parts, strict=True))
    behaviour = np.repeat(np.arange(len(BEHAVIOURS)), [kind.customers for kind in BEHAVIOURS])
    order = np.lexsort((rng.random(len(joined)), joined))
    return People(
        ids=tuple(f"C{1001 + i}" for i in range(len(joined))),
        emails=_emails(len(joined), rng),
        behaviour=behaviour[order],
        joined=joined[order].astype(np.int64),
        dropped=dropped[order],
        rate=rate[order],
        likes=likes[order],
        web=web[order],
        consent=consent[order].astype(bool),
    )


def assign_campaign(people: People, seed: int) -> npt.NDArray[np.int64]:
    """1 for those who got the e-mail, 0 for the holdout, -1 for those who could not be in it; shape (customers,).

    In it is everybody who had ordered before the day and agreed to marketing; exactly a fifth is held out.
    """
    able = np.flatnonzero(people.consent & (people.joined < CAMPAIGN_DAY))
    order = able[chance.shuffled(len(able), chance.source(seed, 2))]
    held = round(len(order) * HOLDOUT)
    group = np.full(len(people.ids), -1)
    group[order[:held]] = 0
    group[order[held:]] = 1
    return group


def order_chances(people: People, group: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Chance of an order on each day after joining, 0 from dropping out; shape (customers, DAYS)."""
    paces = np.stack([pace(kind.calendar) for kind in BEHAVIOURS])
    chances = paces[people.behaviour] * people.rate[:, None]
    day = np.arange(DAYS)
    chances[(day <= people.joined[:, None]) | (day >= people.dropped[:, None])] = 0
    window = slice(CAMPAIGN_DAY, CAMPAIGN_DAY + CAMPAIGN_WINDOW)
    chances[group == 1, window] *= 1 + CAMPAIGN_UPLIFT
    return np.asarray(chances)
