"""Invented shops for many visitors: whatever is in one of them says which one it is, so that nothing strays unseen.

Every id, address, product, category and channel of a shop holds its mark, a word that no other shop has. The names of
shops and files do not: whoever uses the server sees which shops there are.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from segmentation.intake import import_file
from segmentation.workspace import Workspace

MARKS = ("qaxolumber", "wuzifender", "jotyrankel", "vexapornid", "kyzumberal")
"""Words of no language and of equal length, of which none stands in what the program itself says."""
TODAY = date(2026, 11, 27)
HEADER = ("Customer ID", "Email", "Order ID", "Date", "Product", "Category", "Channel", "Amount")
TWIN_CUSTOMERS, LONG = 24_000, "-" + "0" * 60
"""So many, with ids so long, that a list of a third of them is over 1 MiB: Streamlit compares such files by samples."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop, and what each of its customers spent."""

    name: str
    mark: str
    spent: dict[str, Decimal]


def write(folder: Path, place: int, *, customers: int) -> tuple[Shop, Path]:
    """The export of one shop, and what must come of it."""
    mark, chance = MARKS[place], random.Random(place)
    rows, spent = [], {}
    for who in range(customers):
        customer, left = f"{mark}-{who:06d}", Decimal(0)
        first = date(2024, 1, 3) + timedelta(days=chance.randrange(600))
        for order in range(1 + min(int(chance.expovariate(0.4)), 20)):
            day = first + timedelta(days=order * chance.randrange(5, 60))
            if day >= TODAY:
                break
            for line in range(chance.randrange(1, 3)):
                amount = Decimal(chance.randrange(300, 20_000 if who % 7 else 90_000)) / 100
                left += amount
                product = chance.randrange(40)
                rows.append(
                    (
                        customer,
                        f"{customer}@{mark}.example",
                        f"{mark}{who:06d}{order:02d}",
                        day,
                        f"{mark} {product} {line}",
                        f"{mark} {product % 5}",
                        f"{mark} {who % 3}",
                        amount,
                    )
                )
        spent[customer] = left
    path = folder / f"shop {place + 1}.csv"
    _save(path, rows)
    return Shop(f"Shop {place + 1}", mark, spent), path


def write_twin(folder: Path, place: int) -> tuple[Shop, Path]:
    """One of several shops that are equal but for the id of one customer, a word of equal length."""
    chance, mark = random.Random(99), f"canary{place:04d}"
    rows, spent = [], {}
    for who in range(TWIN_CUSTOMERS):
        customer, left = (mark if who == TWIN_CUSTOMERS // 2 else f"memb{who:06d}") + LONG, Decimal(0)
        for order in range(1 + who % 4):
            amount = Decimal(chance.randrange(300, 20_000)) / 100
            left += amount
            day = date(2025, 1, 3) + timedelta(days=chance.randrange(600))
            rows.append((customer, "", f"o{who:06d}{order}", day, "Tea", "Drinks", "web", amount))
        spent[customer] = left
    path = folder / f"{mark}.csv"
    _save(path, rows)
    return Shop(f"Twin {place + 1}", mark, spent), path


def _save(path: Path, rows: Sequence[Sequence[object]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def bring_in(workspace: Workspace, shop: Shop, path: Path) -> None:
    """Import a shop's export."""
    import_file(workspace, path, dataset=shop.name, today=TODAY)


def wrong_rows(shop: Shop, content: bytes, listed: int) -> list[str]:
    """What is wrong about a downloaded list of a shop's customers: their number, who they are, what they spent."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    if len(rows) != listed:
        return [f"{len(rows)} rows where the button says {listed}"]
    column = next(name for name in rows[0] if name.startswith("Spend ("))
    customers = {row["Customer"] for row in rows}
    wrong = [f"{row['Customer']} spent {row[column]}" for row in rows if not _is_right(shop, row, column)]
    return wrong + ([] if len(customers) == listed else ["somebody stands in it twice"])


def _is_right(shop: Shop, row: dict[str, str], column: str) -> bool:
    spent = shop.spent.get(row["Customer"])
    return spent is not None and abs(Decimal(row[column]) - spent) < Decimal("0.005")
