"""What nobody measured about a campaign: one control each, bound to the URL, read back on every screen."""

from __future__ import annotations

from math import isfinite

import streamlit as st

from dashboard import session, words
from segmentation import formats
from segmentation.campaigns import Assumptions
from segmentation.campaigns.assumptions import OfferKind
from segmentation.errors import SettingOutOfRange

WINDOW, LOW, MID, HIGH = "window", "uplift_low", "uplift", "uplift_high"
OFFER, OFFER_VALUE, CONTACT, FIXED, MARGIN, BUDGET = "offer", "offer_value", "contact", "fixed", "margin", "budget"
WINDOWS = (14, 30, 60, 90)
OFFERS = words.OFFERS
USUAL = Assumptions()
NO_LIMIT = -1


def read() -> Assumptions:
    """The assumptions in the URL; what is missing or cannot be takes its usual value."""
    kind = _offer_kind()
    value = number(OFFER_VALUE, 10.0)
    low, mid, high = sorted(number(key, 100 * usual) / 100 for key, usual in _uplifts())
    budget = number(BUDGET, NO_LIMIT)
    try:
        return Assumptions(
            window_days=int(number(WINDOW, USUAL.window_days)),
            uplift_low=low,
            uplift_mid=mid,
            uplift_high=high,
            stated_margin=number(MARGIN, 100 * USUAL.stated_margin) / 100,
            offer_kind=kind,
            offer_value=0.0 if kind == "none" else value / 100 if kind == "percent" else value,
            contact_cost=number(CONTACT, USUAL.contact_cost),
            fixed_cost=number(FIXED, USUAL.fixed_cost),
            budget=None if budget < 0 else budget,
        )
    except SettingOutOfRange:
        return USUAL


def _offer_kind() -> OfferKind:
    """The kind of offer, from the control or from a link that has its label or its plain name."""
    asked = str(session.asked(OFFER))
    return next((kind for kind, label in OFFERS.items() if asked in {kind, label}), "none")


def _uplifts() -> tuple[tuple[str, float], ...]:
    return (LOW, USUAL.uplift_low), (MID, USUAL.uplift_mid), (HIGH, USUAL.uplift_high)


def number(key: str, usual: float) -> float:
    """What a control or the URL says; the usual where it says nothing that can be read."""
    asked = session.asked(key)
    try:
        value = float(asked) if asked is not None else usual
    except ValueError:
        return usual
    return value if isfinite(value) else usual


def uplift_controls() -> None:
    """For how long a campaign works and how much it is believed to do."""
    st.markdown("**What you assume**")
    st.segmented_control(
        "Campaign window, days",
        WINDOWS,
        default=USUAL.window_days,
        required=True,
        key=WINDOW,
        bind="query-params",
        wrap=True,
        help="How long after the contact an order counts. The baseline is measured over as many days.",
    )
    st.markdown(
        "Uplift: extra orders, in % of what the same people order anyway",
        help=(
            "Nobody has measured this yet. State the lowest, the most likely and the highest value you would bet on; "
            "a holdout group turns it into a measurement."
        ),
    )
    columns = st.columns(3, gap="xsmall")
    for column, (key, usual), label in zip(columns, _uplifts(), ("Lowest", "Likely", "Highest"), strict=True):
        with column:
            st.number_input(label, 0.0, 500.0, 100 * usual, 1.0, key=key, bind="query-params", format="%.1f")
    st.markdown(":orange-badge[assumption] :small[Not measured: the result stands and falls with it.]")


def cost_controls(currency: str | None, *, margin_is_stated: bool) -> None:
    """What is given away and what contacting people costs."""
    unit = currency or "shop currency"
    _offer_controls(unit)
    contact = "Per customer contacted: postage, an e-mail, an advert."
    _amount(f"Contact, {unit} per customer", CONTACT, USUAL.contact_cost, step=0.05, help=contact)
    fixed = "Once for each segment contacted: design, set-up."
    _amount(f"Fixed cost, {unit} per segment", FIXED, USUAL.fixed_cost, step=10.0, help=fixed)
    if margin_is_stated:
        why = "The export has no unit costs, so the margin has to be stated."
        margin_control("Margin, % of order value", 100 * USUAL.stated_margin, why)


def margin_control(label: str, usual: float, about: str) -> None:
    """The margin in percent: one for the whole shop, on whichever screen it was stated."""
    session.follow_here(MARGIN, usual)
    st.number_input(
        label, 0.0, 100.0, usual, 1.0, key=MARGIN, bind="query-params", format="%.0f", help=about,
    )  # fmt: skip


def _amount(label: str, key: str, usual: float, *, step: float, help: str, most: float = 1e6) -> None:  # noqa: A002
    st.number_input(
        label, 0.0, most, usual, step, key=key, bind="query-params", format="%.2f" if step < 1 else "%.0f", help=help
    )


def _offer_controls(unit: str) -> None:
    session.put(OFFER, _offer_kind())
    kind = st.segmented_control(
        "Offer",
        list(OFFERS),
        default="none",
        required=True,
        key=OFFER,
        bind="query-params",
        wrap=True,
        format_func=lambda name: OFFERS.get(name, name),
        help="Paid on every order of the window by those contacted, also on orders that would have come anyway.",
    )
    about = "What each order of the window gives away."
    if kind == "percent":
        _amount("Off every order, %", OFFER_VALUE, 10.0, step=1.0, most=100.0, help=about)
    if kind == "amount":
        _amount(f"Off every order, {unit}", OFFER_VALUE, 10.0, step=0.5, help=about)


def budget_control(most: float, currency: str | None) -> None:
    """The budget, from nothing to what contacting every worthwhile segment would cost; at the end there is no limit."""
    top = round_up(most)
    if top <= 0:
        return
    session.follow(BUDGET, top, low=0, high=top)
    st.slider(
        f"Budget, {currency or 'shop currency'}",
        0,
        top,
        top,
        key=BUDGET,
        bind="query-params",
        step=max(top // 200, 1),
        help="Discounts included. The best segments are filled first; those expected to lose money are left out.",
    )
    st.caption(f"Contacting everyone worth contacting costs about {words.plain(formats.money(most, currency))}.")


def round_up(amount: float) -> int:
    """The amount rounded up to two figures, for the end of a slider: 1234 → 1300."""
    if amount <= 0 or not isfinite(amount):
        return 0
    step = 10 ** max(len(str(int(amount))) - 2, 0)
    return int(-(-amount // step) * step)
