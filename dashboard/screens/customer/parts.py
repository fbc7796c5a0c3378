"""The parts of the customer screen: search, examples, headline figures, segment and why, standing, orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.parts import downloads, tables
from dashboard.screens.customer import why
from segmentation import formats, glossary
from segmentation.analysis import Study
from segmentation.customers import lookup
from segmentation.customers.lookup import Match, Order
from segmentation.engine import DuckEngine
from segmentation.estimates import Unknown
from segmentation.workspace import DatasetVersion

EXAMPLES = 10
LINE_COLUMNS = {
    "order_id": "Order",
    "kind": "Kind",
    "product": "Product",
    "category": "Category",
    "quantity": "Quantity",
    "listed_amount": "Amount in the file",
    "amount": "Counts as revenue",
}


def search(engine: DuckEngine, version: DatasetVersion) -> Match | None:
    """The search field and, where several customers fit, the choice between them."""
    with_mail = "email" in version.manifest.has
    text = st.text_input(
        "Customer id, e-mail address or name" if with_mail else "Customer id or name",
        key="customer_search",
        type="search",
        placeholder="The beginning is enough",
        persist_state="session",
        width=420,
    )
    if not (text or "").strip():
        return None
    matches = lookup.find(engine, version, text)
    if not matches:
        st.info(
            f"No customer id{', e-mail' if with_mail else ''} or name begins with “{words.plain(text)}”. "
            "Guests have no id and cannot be looked up.",
            icon=":material/search_off:",
        )
        return None
    if len(matches) == 1:
        return matches[0]
    more = " or more" if len(matches) == lookup.MOST_FOUND else ""
    return st.selectbox(
        f"{len(matches)}{more} customers begin like this",
        matches,
        index=0 if matches[0].exact and not matches[1].exact else None,
        format_func=_match_text,
        key="customer_match",
        placeholder="Choose one",
        width=420,
    )


def _match_text(match: Match) -> str:
    parts = [match.customer, match.name or "", lookup.masked_email(match.email), formats.count(match.orders, "order")]
    return " · ".join(part for part in parts if part)


def examples(engine: DuckEngine, version: DatasetVersion, study: Study, currency: str | None) -> Match | None:
    """The customers who spent most, to pick one from."""
    customers, names = study.customers, [s.name for s in study.segmentation.segments]
    best = np.argsort(-np.nan_to_num(customers.spend), kind="stable")[:EXAMPLES]
    frame = pd.DataFrame(
        {
            "Customer": [customers.ids[int(i)].as_py() for i in best],
            "Segment": [names[study.segmentation.labels[i]] for i in best],
            "Orders": customers.raw("orders")[best].astype(int),
            "Spend": customers.spend[best],
        }
    )
    st.caption("Or tick one of the customers who spent most:")
    event = st.dataframe(
        frame,
        hide_index=True,
        key="customer_examples",
        on_select="rerun",
        selection_mode="single-row",
        column_config={"Spend": tables.money_column("Spend", currency), "Orders": tables.count_column("Orders")},
        alt="The ten customers who spent most",
    )
    rows = event["selection"]["rows"]
    if not rows or rows[0] >= len(frame):
        return None
    picked = frame.iloc[rows[0]]
    return lookup.named(engine, version, picked["Customer"]) or Match(
        picked["Customer"], None, int(picked["Orders"]), Decimal(str(round(picked["Spend"], 4)))
    )


def headline(orders: Sequence[Order], as_of: date, currency: str | None) -> None:
    """Orders, spend, average order and last order as four cards."""
    placed = [order for order in orders if order.placed is not None]
    sold = sum((order.sold for order in placed), Decimal(0))
    since = f"Up to {formats.day(as_of - timedelta(days=1))}."
    with st.grid(4, min_column_width=170, gap="small"):
        st.metric(
            "Orders",
            formats.number(len(placed)),
            border=True,
            height="stretch",
            help=glossary.about("Orders", since),
        )
        st.metric(
            "Spend",
            formats.money(_spend(orders), currency),
            border=True,
            height="stretch",
            help=glossary.about("Spend", since),
        )
        st.metric(
            "Average order",
            formats.money(sold / len(placed) if placed else None, currency),
            border=True,
            height="stretch",
            help=glossary.about("Average order", since),
        )
        last = max((order.placed for order in placed if order.placed), default=None)
        st.metric(
            "Last order",
            formats.day(last),
            border=True,
            height="stretch",
            help=f"{formats.days((as_of - last).days)} before {formats.day(as_of)}." if last else None,
        )


def later(every: Sequence[Order], orders: Sequence[Order], as_of: date, currency: str | None) -> None:
    """What the customer's lines add up to that are dated later than any screen of this date counts."""
    gap = _spend(every) - _spend(orders)
    if gap or len(every) > len(orders):
        st.caption(
            f"Dated from {formats.day(as_of)} on and not counted here, as on no screen of this date: "
            f"{words.plain(formats.money(gap, currency, cents=True))}."
        )


def counted(orders: Sequence[Order]) -> str:
    """ "12 orders", "12 orders · 1 refund without its order · 2 cancelled"."""
    placed, cancelled = sum(order.placed is not None for order in orders), sum(map(_is_cancelled, orders))
    loose = len(orders) - placed - cancelled
    said = [formats.count(placed, "order")]
    said += [f"{formats.count(loose, 'refund')} without {'its' if loose == 1 else 'their'} order"] if loose else []
    said += [f"{formats.number(cancelled)} cancelled"] if cancelled else []
    return " · ".join(said)


def _spend(orders: Sequence[Order]) -> Decimal:
    return sum((order.sold - order.refunded for order in orders), Decimal(0))


def _is_cancelled(order: Order) -> bool:
    return order.placed is None and order.cancelled_lines > 0


def segment_and_why(study: Study, row: int | None) -> None:
    """The customer's segment and why they are in it; a sentence for those who are in none."""
    if row is None:
        st.info(
            f"Not in a segment: there is no order before {formats.day(study.customers.as_of)}.",
            icon=":material/info:",
        )
        return
    why.draw(study, row)


def standing_table(study: Study, row: int, currency: str | None) -> None:
    """Every feature: this customer, the typical customer, and the share of customers below."""
    standings = lookup.standings(study.customers, row)
    headers = ["Feature", "This customer", "Typical customer", "Higher than", "Meaning"]
    rows = [
        (
            one.feature.label,
            "–" if isinstance(one.value, Unknown) else formats.in_unit(one.value, one.feature.unit, currency),
            formats.in_unit(one.typical, one.feature.unit, currency),
            None if isinstance(one.below, Unknown) else one.below,
            one.value.reason if isinstance(one.value, Unknown) else one.feature.sentence,
        )
        for one in standings
    ]
    tables.table(
        tables.in_percent(pd.DataFrame(rows, columns=headers), "Higher than"),
        downloads.csv("customer-features", headers, rows, content="orders of a customer"),
        alt="The customer's features beside the typical customer's",
        key="customer_features",
        columns={
            "Higher than": st.column_config.ProgressColumn(
                "Higher than",
                min_value=0,
                max_value=100,
                format="%.0f %%",
                help="Share of customers with a lower value.",
            ),
            "Meaning": st.column_config.TextColumn("Meaning", width="large"),
        },
        height="content",
    )


def order_frame(orders: Sequence[Order]) -> pd.DataFrame:
    """The orders as a table; a refund without its order says so."""
    return pd.DataFrame(
        [
            (
                order.placed or order.first,
                order.order,
                _what(order),
                order.sale_lines,
                float(order.sold),
                float(order.refunded),
                None if order.discount is None else float(order.discount),
                order.channel,
            )
            for order in orders
        ],
        columns=["Date", "Order", "What", "Lines", "Value", "Refunded", "Discount", "Channel"],
    )


def _what(order: Order) -> str:
    if order.placed is None:
        return "cancelled" if order.cancelled_lines else "refund without its order"
    if order.refunded >= order.sold > 0:
        return "refunded"
    return "partly refunded" if order.refunded > 0 else "order"
