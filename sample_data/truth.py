"""The planted truth, written beside the export for tests: customers.csv, campaign.csv and truth.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from sample_data.behaviours import BEHAVIOURS
from sample_data.catalogue import CATEGORIES, DAYS, END, PAIRS, PRICE_HISTORIES, PRODUCTS, START
from sample_data.events import CANCELLED, PAID, REFUND
from sample_data.orders import GUEST, Orders
from sample_data.people import CAMPAIGN_DAY, CAMPAIGN_UPLIFT, CAMPAIGN_WINDOW, People, order_chances

Groups = npt.NDArray[np.int64]


def _day(number: float) -> str:
    return (START + timedelta(days=int(number))).isoformat()


def _euros(cents: int) -> str:
    """Cents as a decimal text, so that nothing is lost to binary fractions."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _totals(orders: Orders, rows: pd.DataFrame) -> dict[str, object]:
    """Counts and sums over the export as it stands, repeated rows included."""
    of = {status: rows[rows["status"] == status] for status in (PAID, CANCELLED, REFUND)}
    guest = orders.customer[rows["order"]] == GUEST
    loose = ~rows["referenced"]
    placed = np.unique(of[PAID]["order"])
    listed, cancelled = int(rows["total"].sum()), int(of[CANCELLED]["total"].sum())
    return {
        "rows": len(rows),
        "sale_rows": len(of[PAID]),
        "cancelled_rows": len(of[CANCELLED]),
        "refund_rows": len(of[REFUND]),
        "refund_rows_without_order": int(loose.sum()),
        "repeated_rows": int(rows["twice"].sum()),
        "guest_rows": int(guest.sum()),
        "customers": len(np.unique(orders.customer[orders.customer != GUEST])),
        "orders": len(placed),
        "guest_orders": int((orders.customer[placed] == GUEST).sum()),
        "cancelled_orders": int(of[CANCELLED]["order"].nunique()),
        "revenue": {
            "file": _euros(listed),
            "cancelled": _euros(cancelled),
            "kept": _euros(listed - cancelled),
            "refunds": _euros(int(of[REFUND]["total"].sum())),
            "repeated": _euros(int(rows.loc[rows["twice"], "total"].sum())),
        },
        "period": [_day(rows["day"].min()), _day(rows["day"].max())],
    }


def _campaign(people: People, group: Groups, orders: Orders) -> dict[str, object]:
    """The e-mail's true effect, and what was expected and drawn in its window."""
    window = slice(CAMPAIGN_DAY, CAMPAIGN_DAY + CAMPAIGN_WINDOW)
    plain = order_chances(people, np.full(len(group), -1))[:, window].sum(axis=1)
    inside = (orders.day >= window.start) & (orders.day < window.stop) & (orders.customer != GUEST)
    drawn = np.bincount(orders.customer[inside], minlength=len(group))
    arms = {
        name: {
            "customers": int((group == arm).sum()),
            "orders": int(drawn[group == arm].sum()),
            "expected_orders_without_email": round(float(plain[group == arm].sum()), 2),
        }
        for arm, name in ((1, "treated"), (0, "holdout"))
    }
    return {
        "sent": _day(CAMPAIGN_DAY),
        "window_days": CAMPAIGN_WINDOW,
        "last_day": _day(CAMPAIGN_DAY + CAMPAIGN_WINDOW - 1),
        "offer": "none",
        "true_uplift": CAMPAIGN_UPLIFT,
        "true_extra_orders": round(CAMPAIGN_UPLIFT * float(plain[group == 1].sum()), 2),
        "orders_include_cancelled": True,
        **arms,
    }


def _price(product: str, elasticity: float, changes: tuple[tuple[date, int], ...]) -> dict[str, object]:
    article = next(p for p in PRODUCTS if p.name == product)
    steps = [(START, article.price), *changes]
    return {
        "product": product,
        "category": article.category,
        "elasticity": elasticity,
        "prices": [{"from": day.isoformat(), "price": _euros(cents)} for day, cents in steps],
    }


def describe(people: People, group: Groups, orders: Orders, rows: pd.DataFrame, seed: int) -> dict[str, object]:
    """Everything planted that is not per customer."""
    return {
        "seed": seed,
        "shop": "Fern & Fable",
        "currency": "EUR",
        "first_day": START.isoformat(),
        "last_day": END.isoformat(),
        "categories": list(CATEGORIES),
        "products": len(PRODUCTS),
        "behaviours": {kind.name: kind.customers for kind in BEHAVIOURS},
        "consenting_customers": int(people.consent.sum()),
        "still_customers_at_the_end": int((people.dropped >= DAYS).sum()),
        "totals": _totals(orders, rows),
        "campaign": _campaign(people, group, orders),
        "prices": [_price(h.product, h.elasticity, h.changes) for h in PRICE_HISTORIES],
        "pairs": [{"first": p.first, "second": p.second, "added_chance": p.chance} for p in PAIRS],
    }


def write_truth(folder: Path, people: People, group: Groups, facts: Mapping[str, object]) -> None:
    """Write the three files. A drop-out after the last day is left empty: nobody could know it yet."""
    folder.mkdir(parents=True, exist_ok=True)
    customers = pd.DataFrame({
        "customer_id": people.ids,
        "behaviour": [BEHAVIOURS[kind].name for kind in people.behaviour],
        "joined": [_day(day) for day in people.joined],
        "dropped_out": ["" if day >= DAYS else _day(day) for day in people.dropped],
        "orders_per_year": [f"{rate * 365.25:.2f}" for rate in people.rate],
    })  # fmt: skip
    customers.to_csv(folder / "customers.csv", index=False, lineterminator="\n", encoding="utf-8")
    included = group >= 0
    campaign = pd.DataFrame({
        "customer_id": np.array(people.ids)[included],
        "group": np.where(group[included] == 1, "treated", "holdout"),
    })  # fmt: skip
    campaign.to_csv(folder / "campaign.csv", index=False, lineterminator="\n", encoding="utf-8")
    text = json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
    (folder / "truth.json").write_text(text, encoding="utf-8", newline="\n")
