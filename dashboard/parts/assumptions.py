"""What nobody measured about a campaign: one control for each of the shop's values; and the budget, in the URL."""

from __future__ import annotations

from math import isfinite

import streamlit as st

from dashboard import state, words
from dashboard.parts import shop_values
from dashboard.parts.shop_values import Control
from segmentation import formats
from segmentation.assumptions import USUAL, OfferKind, ShopAssumptions
from segmentation.campaigns.plan import MOST_BUDGET

WINDOW = Control("campaign_window", "window_days")
UPLIFTS = (
    Control("uplift_low", "uplift_low", 100),
    Control("uplift", "uplift_mid", 100),
    Control("uplift_high", "uplift_high", 100),
)
OFFER = Control("offer", "offer_kind")
PERCENT_OFF, AMOUNT_OFF = Control("percent_off", "offer_value", 100), Control("amount_off", "offer_value")
CONTACT, FIXED = Control("contact", "contact_cost"), Control("fixed", "fixed_cost")
CONTROLS = (shop_values.MARGIN, WINDOW, *UPLIFTS, OFFER, PERCENT_OFF, CONTACT, FIXED)
BUDGET = "budget"
_REFUSED = "uplifts_refused"
WINDOWS = (14, 30, 60, 90)
OFFERS = words.OFFERS
USUAL_OFFER: dict[OfferKind, float] = {"none": 0.0, "percent": 0.1, "amount": 10.0}
"""What an offer of another kind begins with: a tenth of an order, or so much money."""
NO_LIMIT = -1


def budget() -> float | None:
    """The budget in the URL; None for no limit."""
    asked = number(BUDGET, NO_LIMIT)
    return asked if 0 <= asked <= MOST_BUDGET else None


def number(key: str, usual: float) -> float:
    """What a control or the URL says; the usual where it says nothing that can be read."""
    asked = state.asked(key)
    try:
        value = float(asked) if asked is not None else usual
    except ValueError:
        return usual
    return value if isfinite(value) else usual


def uplift_controls(shop: ShopAssumptions) -> None:
    """For how long a campaign works and how much it is believed to do."""
    st.markdown("**What you assume**")
    days = shop.values.window_days
    shop_values.choose(WINDOW.key, days)
    st.segmented_control(
        shop_values.beside("Campaign window, days", WINDOW, shop),
        sorted({*WINDOWS, days}),
        required=True,
        key=WINDOW.key,
        wrap=True,
        help="How long after the contact an order counts. The baseline is measured over as many days.",
        on_change=_change_window,
    )
    st.markdown(
        "Uplift: extra orders, in % of what the same people order anyway",
        help=(
            "Nobody has measured this yet. State the lowest, the most likely and the highest value you would bet on; "
            "a holdout group turns it into a measurement."
        ),
    )
    typed = _typed()
    columns = st.columns(3, gap="xsmall")
    for column, control, label in zip(columns, UPLIFTS, ("Lowest", "Likely", "Highest"), strict=True):
        with column:
            about = f"{shop.source(control.name).capitalize()}, not measured."
            shop_values.number(
                control, label, shop, high=500.0, step=1.0, form="%.1f", help=about, source=False,
                typed=typed.get(control.key), moved=_change_uplifts,
            )  # fmt: skip
    if typed:
        st.warning(words.plain(_out_of_order(shop, typed), limit=400), icon=":material/error:")
    is_stated = any(shop.source(one.name) == "stated" for one in UPLIFTS)
    whose = "Stated for this shop, not" if is_stated else "Not"
    st.markdown(f":orange-badge[assumption] :small[{whose} measured: the result stands and falls with it.]")


def cost_controls(shop: ShopAssumptions, currency: str | None) -> None:
    """What is given away, what contacting people costs, and what an order leaves."""
    unit = currency or "shop currency"
    _offer_controls(shop, unit)
    contact = "Per customer contacted: postage, an e-mail, an advert."
    shop_values.number(CONTACT, f"Contact, {unit} per customer", shop, high=1e6, step=0.05, form="%.2f", help=contact)
    fixed = "Once for each segment contacted: design, set-up."
    shop_values.number(FIXED, f"Fixed cost, {unit} per segment", shop, high=1e6, step=10.0, form="%.0f", help=fixed)
    own = "each segment counts with the margin of what it bought"
    also = f" E{own[1:]}." if shop.margin.source == "measured" else ""
    shop_values.margin(shop, f"What is left of an order after the cost of goods.{also}", used=own)
    shop_values.said(shop_values.CAMPAIGN, *CONTROLS)


def _offer_controls(shop: ShopAssumptions, unit: str) -> None:
    kind = shop.values.offer_kind
    shop_values.choose(OFFER.key, kind)
    st.segmented_control(
        shop_values.beside("Offer", OFFER, shop),
        list(OFFERS),
        required=True,
        key=OFFER.key,
        wrap=True,
        format_func=lambda name: OFFERS.get(name, name),
        help="Paid on every order of the window by those contacted, also on orders that would have come anyway.",
        on_change=_change_offer,
    )
    about = "What each order of the window gives away."
    if kind == "percent":
        shop_values.number(PERCENT_OFF, "Off every order, %", shop, high=100.0, step=1.0, form="%.0f", help=about)
    if kind == "amount":
        label = f"Off every order, {unit}"
        shop_values.number(AMOUNT_OFF, label, shop, high=1e6, step=0.5, form="%.2f", help=about)


def _change_window() -> None:
    shop_values.change(WINDOW.name, int(state.recall_value(WINDOW.key, USUAL.window_days)))


def _typed() -> dict[str, float]:
    """Uplifts as they were typed for this shop that do not count, since they are not in order; else none."""
    dataset, typed = state.recall(_REFUSED, ("", dict[str, float]()))
    return typed if dataset == state.needed_version().dataset_id else {}


def _change_uplifts(_moved: Control) -> None:
    """State the three uplifts together; where they are not in order, none, and leave them as they were typed."""
    typed = {one.key: state.recall_value(one.key, 0.0) for one in UPLIFTS}
    if list(typed.values()) != sorted(typed.values()):
        state.keep(_REFUSED, (state.needed_version().dataset_id, typed))
        return
    state.forget(_REFUSED)
    shown = {one.name: one.shown(state.assumptions()) for one in UPLIFTS}
    changed = {one.name: typed[one.key] / one.scale for one in UPLIFTS if typed[one.key] != shown[one.name]}
    if changed:
        (name, value), *along = changed.items()
        shop_values.change(name, value, **dict(along))


def _out_of_order(shop: ShopAssumptions, typed: dict[str, float]) -> str:
    names = ("lowest", "likely", "highest")
    values = [typed[one.key] for one in UPLIFTS]
    place = 0 if values[0] > values[1] else 1
    one, other = (f"the {names[at]} ({formats.percent(values[at] / 100)})" for at in (place, place + 1))
    counted = ", ".join(formats.percent(one.shown(shop) / 100) for one in UPLIFTS)
    return f"These uplifts are not used: {one} is above {other}. Put them in order; until then {counted} count."


def _change_offer() -> None:
    kind: OfferKind = state.recall_value(OFFER.key, USUAL.offer_kind)
    shop_values.change(OFFER.name, kind, offer_value=USUAL_OFFER[kind])


def budget_control(most: float, currency: str | None) -> None:
    """The budget, from nothing to what contacting every worthwhile segment would cost; at the end there is no limit."""
    top = round_up(most)
    if top <= 0:
        return
    state.follow(BUDGET, top, low=0, high=top)
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
