"""The overview's cards: a figure, its change on the period it is compared with, and its course."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from dashboard import state, words
from dashboard.charts.sparkline import sparkline
from segmentation import formats, glossary
from segmentation.estimates import Unknown
from segmentation.kpis import Figures, Overview, Rate

SAME = "unchanged"
FEWEST_POINTS = 3

Value = int | Decimal | Rate | Unknown


@dataclass(frozen=True, slots=True)
class Card:
    """One figure, a term of the glossary: how to read it from a period's figures, what is to be said of it here, and
    whether more of it is good."""

    label: str
    read: Callable[[Figures], Value]
    here: str = ""
    good_up: bool = True
    money: bool = False


CARDS = (
    Card("Revenue", lambda f: f.revenue, money=True),
    Card("Orders", lambda f: f.orders, "Guest orders included."),
    Card("Customers", lambda f: f.customers, "Here those who ordered in the period."),
    Card("New customers", lambda f: f.first_time),
    Card("Returning customers", lambda f: f.came_back),
    Card("Average order", lambda f: f.average_order, "Guest orders included.", money=True),
    Card("Repeat rate", lambda f: f.repeat_rate),
    Card("Refund rate", lambda f: f.refund_rate, good_up=False),
    Card("Margin", lambda f: f.margin, money=True),
    Card("Margin rate", lambda f: f.margin_rate),
)


def cards(overview: Overview, currency: str | None, *, only: tuple[str, ...] = ()) -> None:
    """Draw the cards (those with a label in `only`, where given); five to a row where there is room."""
    with st.grid(5, min_column_width=180, gap="small"):
        for card in CARDS:
            if not only or card.label in only:
                _draw(card, overview, currency)


def beside(overview: Overview) -> None:
    """The change on another earlier period, where there is one that is worth a look."""
    other = overview.beside
    if other is None:
        return
    now = overview.now
    pairs = (
        ("revenue", now.revenue, other.revenue),
        ("orders", now.orders, other.orders),
        ("customers", now.customers, other.customers),
    )
    changes = [f"{name} {words.plain(grown)}" for name, one, past in pairs if (grown := formats.change(one, past))]
    if changes:
        st.caption(f"Compared with {now.period.against(other.period)}: {', '.join(changes)}.")


def _draw(card: Card, overview: Overview, currency: str | None) -> None:
    value = card.read(overview.now)
    if isinstance(value, Unknown):
        with st.container(border=True, height="stretch"):
            st.markdown(card.label)
            st.caption(words.unknown(value), help=glossary.about(card.label, card.here))
        return
    before = Unknown("") if isinstance(overview.before, Unknown) else card.read(overview.before)
    delta = _change(value, before)
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            card.label,
            _text(value, currency, money=card.money),
            delta,
            delta_color="off" if delta == SAME else "normal" if card.good_up else "inverse",
            delta_arrow="off" if delta == SAME else "auto",
            help=_about(card, value),
        )
        _course(card, overview, currency)


def _course(card: Card, overview: Overview, currency: str | None) -> None:
    """The figure's course through the period as a small line; nothing where there is none to draw."""
    known = [value for one in overview.buckets if not isinstance(value := card.read(one), Unknown)]
    if len(known) < FEWEST_POINTS:
        return
    ends = [_text(value, currency, money=card.money) for value in (known[0], known[-1])]
    st.image(
        sparkline([_plain(value) for value in known], state.palette()),
        width="stretch",
        alt=f"{card.label} by {overview.bucket}: from {ends[0]} to {ends[1]}",
    )


def _text(value: Value, currency: str | None, *, money: bool) -> str:
    match value:
        case Rate():
            return formats.percent(value.value)
        case Unknown():
            return formats.NOTHING
        case _:
            return formats.compact_money(value, currency) if money else formats.number(value)


def _change(now: Value, before: Value) -> str | None:
    match now, before:
        case Rate(), Rate():
            points = formats.change_in_points(now.value, before.value)
            return SAME if round((now.value - before.value) * 100, 1) == 0 else points
        case ((int() | Decimal()), (int() | Decimal())):
            return SAME if now == before else formats.change(now, before)
        case _:
            return None


def _plain(value: int | Decimal | Rate) -> float:
    return value.value if isinstance(value, Rate) else float(value)


def _about(card: Card, value: Value) -> str:
    of = f"Of {formats.count(int(value.n), 'customer')}." if isinstance(value, Rate) and value.of == "customers" else ""
    return glossary.about(card.label, card.here, of)
