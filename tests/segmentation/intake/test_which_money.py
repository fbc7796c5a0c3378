"""Files with several amounts or days: which of them is the shop's money is proven, or asked, and never a day."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentation.errors import AmbiguousReading
from tests.segmentation.intake.test_siblings import Sibling, comma, day, sheet
from tests.segmentation.intake_files import load

GOODS = (("Tea", 10), ("Mug", 15), ("Pot", 40))

DAYS: dict[str, Sibling] = {
    "a day of delivery in Finnish, which begins as freight does": Sibling(
        sheet("Toimituspvm|Tilausnumero|Tilauspvm|Asiakasnumero|Tuote|Summa", lambda n: (
            day(n + 1, "%-d.%-m.%Y"), f"T{n}", day(n, "%-d.%-m.%Y"), f"A{n % 5}", "Muki", comma(20 + n)), sep=";"),
        {"revenue": 24 * 20 + 276, "shipping": 0, "first": "2026-01-13"},
    ),
    "a day of shipping in Czech": Sibling(
        sheet("Objednávka|Datum|Zákazník|Částka|Doprava dne", lambda n: (
            f"O{n}", day(n, "%d.%m.%Y"), f"Z{n % 5}", comma(20 + n), day(n + 1, "%d.%m.%Y")), sep=";"),
        {"revenue": 24 * 20 + 276, "shipping": 0, "first": "2026-01-13"},
    ),
    "a day of shipping under the word for its cost": Sibling(
        sheet("Bestellung|Datum|Kunde|Betrag|Fracht", lambda n: (
            f"O{n}", day(n, "%d.%m.%Y"), f"K{n % 5}", comma(20 + n), day(n + 1, "%d.%m.%Y")), sep=";"),
        {"revenue": 24 * 20 + 276, "shipping": 0},
    ),
    "a day of refund without a word for days": Sibling(
        sheet("Auftrag|Datum|Kundennummer|Betrag|Erstattet", lambda n: (
            f"O{n}", day(n, "%d.%m.%Y"), f"K{n % 5}", comma(20 + n), day(n + 1, "%d.%m.%Y") if n == 3 else ""),
            sep=";"),
        asks="--column",
    ),
    "days under the word for orders": Sibling(
        sheet("Bestellung|Kundennummer|Betrag", lambda n: (
            day(n, "%d.%m.%Y"), f"K{n % 5}", comma(20 + n)), sep=";"),
        {"revenue": 24 * 20 + 276, "first": "2026-01-13"},
    ),
    "freight that is money, with points as days have": Sibling(
        sheet("Bestellung|Datum|Kunde|Betrag|Fracht", lambda n: (
            f"O{n}", day(n, "%d.%m.%Y"), f"K{n % 5}", comma(1020 + n), "4,90"), sep=";"),
        asks="--amount-holds",
    ),
}  # fmt: skip


def judged(folder: Path, one: Sibling) -> None:
    """The file comes to its figures, or is asked about with an answer for each of them."""
    if one.asks:
        with pytest.raises(AmbiguousReading) as asked:
            load(folder, one.text)
        assert all(answer.startswith(one.asks) for answer in asked.value.answers)
        return
    result = load(folder, one.text)
    ledger = result.ledger
    parts = {part: ledger.excluded.get(part, 0) for part in ("shipping", "tax", "refunded")}
    got: dict[str, object] = {
        "revenue": ledger.revenue_kept,
        "customers": ledger.customers,
        "orders": ledger.orders,
        "first": result.version.manifest.first.isoformat(),
        "currency": result.version.manifest.currency,
        **parts,
    }
    assert {figure: got[figure] for figure in one.figures} == one.figures


@pytest.mark.parametrize("name", DAYS)
def test_days_are_never_money(tmp_path: Path, name: str) -> None:
    judged(tmp_path, DAYS[name])
