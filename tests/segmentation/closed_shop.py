"""A shop that was shut for five months, as a file: customers who order at rates of their own, and some who leave."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

SHUT = (date(2025, 11, 1), date(2026, 3, 31))


def write_closed_shop(path: Path, *, shut: bool = True, customers: int = 600, seed: int = 3) -> Path:
    """Orders from January 2024 to September 2026; none on the days of `SHUT`, where `shut`."""
    rng, first = random.Random(seed), date(2024, 1, 1)
    days = (date(2026, 9, 30) - first).days + 1
    lines = ["order_id,date,customer,amount"]
    for customer in range(customers):
        rate, basket = rng.choice([1 / 35, 1 / 80, 1 / 200]), rng.choice([20, 45, 70])
        day = rng.random() * days
        until = min(day + rng.expovariate(1 / 600), days)
        while day < until:
            on = first + timedelta(days=int(day))
            if not (shut and SHUT[0] <= on <= SHUT[1]):
                lines.append(f"{len(lines)},{on},c{customer},{basket * rng.lognormvariate(0, 0.4):.2f}")
            day += rng.expovariate(rate)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
