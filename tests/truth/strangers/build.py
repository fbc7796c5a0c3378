"""File number `seed`: a shop, its ledger, one program's export of it, and the truth."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from .desk import Desk
from .fate import give_charges, give_discounts, give_refunds, give_states, mark_late
from .figures import Figures, figures
from .ledger import Order, Trade, sell, shelf
from .opens import make_open
from .people import crowd
from .plan import Plan, any_plan
from .shapes import SHAPES, Row

FILES = 2000
MONEY = frozenset(
    [
        "unit_price",
        "line_total",
        "total",
        "subtotal",
        "shipping",
        "tax",
        "discount",
        "line_discount",
        "discount_per_unit",
        "refunded_amount",
        "net",
        "gross",
        "unit_cost",
        "line_cost",
        "fee",
        "payout",
        "balance",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One file and its truth: any of `readings` is right. What is not `settled` must be asked."""

    plan: Plan
    name: str
    data: bytes
    headers: dict[str, str]  # what a column holds: how the file calls it
    words: dict[str, str]
    encoding: str
    readings: tuple[Figures, ...]

    @property
    def settled(self) -> bool:
        """Whether a careful reader of the whole file would know all of it without asking."""
        return self.plan.question is None


def _headers(plan: Plan, rng: Random, columns: list[str]) -> dict[str, str]:
    """A heading for each column, no two alike."""
    for _ in range(200):
        chosen = {name: rng.choice(plan.tongue.headers[name]) for name in columns}
        if plan.notation.money == "header":
            chosen = {
                name: f"{text} ({plan.tongue.currency})" if name in MONEY else text for name, text in chosen.items()
            }
        if len({text.lower() for text in chosen.values()}) == len(chosen):
            return chosen
    raise ValueError(f"file {plan.seed}: no headings that differ for {columns}")


def _columns(rng: Random, rows: list[Row]) -> list[str]:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if rng.random() < 0.35:
        rng.shuffle(columns)
    return columns


def _write(plan: Plan, headers: dict[str, str], rows: list[Row]) -> str:
    notation = plan.notation
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if notation.quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=notation.separator, quoting=quoting, lineterminator=notation.line_end)
    writer.writerow(headers.values())
    writer.writerows([row.get(name, "") for name in headers] for row in rows)
    return text.getvalue()


def _encode(text: str, encoding: str) -> tuple[bytes, str]:
    """The bytes, in UTF-8 where the country's own encoding lacks a letter."""
    try:
        return text.encode(encoding), encoding
    except UnicodeEncodeError:
        return text.encode("utf-8"), "utf-8"


def _balance(plan: Plan, dated: list[tuple[datetime, Row]]) -> None:
    """Sum up a running balance, oldest first."""
    balance = 0
    for _, row in sorted(dated, key=lambda pair: pair[0]):
        if "balance" in row:
            balance += int(row["balance"])
            row["balance"] = plan.notation.amount(balance)


def ledger(plan: Plan, rng: Random) -> list[Order]:
    """The orders of the plan's shop with all that becomes of them."""
    kind = plan.kind
    how_many = rng.randint(40, 200) if not plan.late else rng.randint(1000, 1500)
    per_order = 1 if kind.grain == "order" else (1 + kind.max_lines) / 2
    per_day = kind.per_day * (4 if plan.late else 1)
    trade = Trade(
        orders=max(int(how_many / per_order), 25),
        max_lines=kind.max_lines,
        guests=0.0 if plan.guests == "none" else rng.uniform(0.08, kind.stranger),
        per_day=per_day,
        small_days=plan.question == "date order",
    )
    people = crowd(rng, plan.tongue, max(min(trade.orders // 3, 90), 12))
    things = shelf(rng, plan.tongue, whole=plan.discount in ("percent", "share"))
    orders = sell(rng, trade, people, things)
    if plan.late:  # nobody unknown before row 800
        for order in orders[:850]:
            order.person = order.person or rng.choice(people)
    mark_late(plan, orders)
    give_states(plan, rng, orders)
    give_discounts(plan, rng, orders)
    give_charges(plan, rng, orders)
    give_refunds(plan, rng, orders)
    return orders


def export(seed: int) -> Export:
    """File number `seed`, always the same."""
    rng = Random(seed)
    plan = any_plan(seed, rng)
    orders = ledger(plan, rng)
    if plan.question:
        return _finish(plan, rng, *make_open(plan, rng, orders))
    desk = Desk(plan, rng)
    shape = SHAPES[plan.shape]
    newest_first = not plan.late and rng.random() < 0.25
    written = [pair for order in orders for pair in shape(desk, order)]
    _balance(plan, written)
    rows = [row for _, row in sorted(written, key=lambda pair: pair[0], reverse=newest_first)]
    made = _finish(plan, rng, rows, (figures(plan, orders),))
    return replace(made, words={**desk.word, "yes": desk.yes, "no": desk.no})


def _finish(plan: Plan, rng: Random, rows: list[Row], readings: tuple[Figures, ...]) -> Export:
    headers = _headers(plan, rng, _columns(rng, rows))
    ending = "tsv" if plan.notation.separator == "\t" and rng.random() < 0.5 else "csv"
    name = rng.choice(("orders", "export", "sales", f"export_{plan.seed}")) + f".{ending}"
    data, encoding = _encode(_write(plan, headers, rows), plan.notation.encoding)
    return Export(plan=plan, name=name, data=data, headers=headers, words={}, encoding=encoding, readings=readings)
