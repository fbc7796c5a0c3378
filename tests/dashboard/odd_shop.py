"""A shop with guests, refunds of every kind and people who only send back, as an order file: what screens count apart.

Three waves of customers (a fair, a newsletter, regulars) over three years; amounts are of a few price points, so that
many customers share a value.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import numpy as np

FIRST, DAYS = date(2023, 3, 6), 1000
PRICES = (9.5, 14.0, 24.9, 39.0, 129.0)
HEADERS = ("order", "date", "customer", "email", "product", "category", "amount", "unit cost", "status", "currency")
GUESTS, ONLY_BACK, CANCELLED_ONLY = 0.14, 23, 9


def orders_file(*, customers: int = 420, seed: int = 811) -> bytes:
    """The file of the shop as CSV."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[object, ...]] = []
    number = 0
    for person in range(customers):
        for day in _days(rng, person % 3):
            number += 1
            guest = rng.random() < GUESTS
            rows += _order(rng, number, day, None if guest else f"K{person:05d}")
    for person in range(ONLY_BACK):  # what they bought is in no file
        rows.append(
            _line(90_000 + person, int(rng.integers(40, DAYS - 5)), f"R{person:03d}", 1, -PRICES[2], "refunded")
        )
    for person in range(CANCELLED_ONLY):
        rows.append(_line(95_000 + person, int(rng.integers(0, DAYS - 5)), f"X{person:03d}", 1, PRICES[1], "cancelled"))
    rows.append(_line(99_999, DAYS - 1, "K00002", 0, PRICES[3], "paid"))  # the last day has a sale
    rows.sort(key=lambda row: (str(row[1]), str(row[0])))
    text = io.StringIO()
    csv.writer(text).writerows([HEADERS, *rows])
    return text.getvalue().encode()


def _days(rng: np.random.Generator, wave: int) -> list[int]:
    if wave == 0:  # came at a fair, some once more
        start = int(rng.choice([90, 455, 820])) + int(rng.integers(0, 4))
        return [start, *([start + int(rng.integers(20, 160))] if rng.random() < 0.3 else [])]
    if wave == 1:  # letters every other month; each of them is answered by some
        start = int(rng.integers(0, DAYS - 200))
        return [start, *(day for day in range(start + 30, DAYS - 2, 61) if rng.random() < 0.35)]
    days, day = [], int(rng.integers(0, 300))  # regulars
    while day < DAYS - 2:
        days.append(day)
        day += 3 + int(rng.gamma(2.0, 18.0))
    return days


def _order(rng: np.random.Generator, number: int, day: int, who: str | None) -> list[tuple[object, ...]]:
    day = min(day, DAYS - 2)
    picked = rng.choice(len(PRICES), size=int(rng.integers(1, 4)), p=(0.35, 0.3, 0.2, 0.12, 0.03))
    rows = [_line(number, day, who, place, PRICES[place], "paid") for place in picked]
    if rng.random() < 0.07:  # a part of it goes back later
        back = min(day + int(rng.integers(1, 30)), DAYS - 1)
        rows.append(_line(number, back, who, int(picked[0]), -PRICES[picked[0]], "refunded"))
    return rows


def _line(number: int, day: int, who: str | None, place: int, amount: float, status: str) -> tuple[object, ...]:
    cost = "" if place == 4 else f"{abs(amount) * 0.55:.2f}"  # the dearest has no cost
    mail = f"{who.lower()}@people.example" if who else ""
    on = (FIRST + timedelta(days=day)).isoformat()
    category = ("Seeds", "Tools", "Pots")[place % 3]
    return (number, on, who or "", mail, f"Article {place}", category, f"{amount:.2f}", cost, status, "EUR")
