"""Write the sample shop: `python -m sample_data.generate [FOLDER]` (this folder when none is given).

The same seed gives the same bytes. The app reads orders.csv only; truth/ is for tests.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from sample_data.behaviours import BEHAVIOURS, calendar_days
from sample_data.catalogue import CATEGORIES, CATEGORY_OF, NAMES
from sample_data.events import add_events
from sample_data.orders import GUEST, Orders, fill_baskets, place_orders, price_lines
from sample_data.people import People, assign_campaign, make_people, order_chances
from sample_data.truth import describe, write_truth

SEED = 20261031
HEADER = (
    "Order ID", "Order date", "Customer ID", "Email", "Accepts marketing", "Product", "Category", "Quantity",
    "Unit price", "Discount", "Line total", "Unit cost", "Channel", "Status", "Currency",
)  # fmt: skip
FIRST_ORDER_ID = 10001


def _money(cents: pd.Series) -> pd.Series:
    """Cents as text with two decimals."""
    size = cents.abs()
    sign = np.where(cents < 0, "-", "")
    return sign + (size // 100).astype(str) + "." + (size % 100).astype(str).str.zfill(2)


def export(people: People, orders: Orders, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as the shop's system would export them: every column text, in the order of HEADER."""
    order, product = rows["order"].to_numpy(), rows["product"].to_numpy()
    customer = orders.customer[order]
    days = np.array([day.isoformat() for day in calendar_days()])
    columns = (
        np.where(rows["referenced"], (order + FIRST_ORDER_ID).astype(str), ""),
        days[rows["day"]],
        np.array([*people.ids, ""])[customer],
        np.array([*people.emails, ""])[customer],
        np.where((customer != GUEST) & people.consent[customer], "yes", "no"),
        np.array(NAMES)[product],
        np.array(CATEGORIES)[CATEGORY_OF[product]],
        rows["pieces"].astype(str),
        _money(rows["price"]),
        _money(rows["discount"]),
        _money(rows["total"]),
        _money(rows["cost"]),
        np.where(orders.web[order], "web", "store"),
        rows["status"],
        np.full(len(rows), "EUR"),
    )
    return pd.DataFrame(dict(zip(HEADER, columns, strict=True)))


def generate(folder: Path, seed: int = SEED) -> None:
    """Write orders.csv and truth/ into `folder`."""
    people = make_people(seed)
    group = assign_campaign(people, seed)
    orders = place_orders(people, order_chances(people, group), seed)
    lines = price_lines(orders, fill_baskets(people, orders, seed))
    hunters = frozenset(i for i, kind in enumerate(BEHAVIOURS) if kind.calendar == "sales")
    rows = add_events(orders, lines, hunters, seed)
    folder.mkdir(parents=True, exist_ok=True)
    table = export(people, orders, rows)
    table.to_csv(folder / "orders.csv", index=False, lineterminator="\n", encoding="utf-8", quoting=csv.QUOTE_MINIMAL)
    write_truth(folder / "truth", people, group, describe(people, group, orders, rows, seed))


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
