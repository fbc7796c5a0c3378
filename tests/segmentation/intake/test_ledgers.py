"""Accounts of customers with money in two columns: invoices count, credit notes take off, payments do neither."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.errors import AmbiguousReading
from segmentation.meaning.mapping import Choices
from tests.segmentation.intake_files import load

Row = tuple[int, str, str, Decimal]


def account() -> list[Row]:
    """The day, kind, customer and amount of sixty invoices, with payments of most and credit notes for some."""
    rows: list[Row] = []
    for at in range(60):
        amount = Decimal(2000 + 37 * at * at % 9000) / 100
        rows.append((at, "invoice", f"Shop {at % 11}", amount))
        if at % 8 == 2:
            rows.append((at + 2, "credit", f"Shop {at % 11}", amount / 4))
        if at % 5:
            rows.append((at + 3, "payment", f"Shop {at % 11}", amount))
    return sorted(rows, key=lambda row: row[0])


TRUTH = sum(amount for _, kind, _, amount in account() if kind == "invoice")
TRUTH -= sum(amount for _, kind, _, amount in account() if kind == "credit")


def day(at: int) -> str:
    return f"2025-{at // 28 + 1:02d}-{at % 28 + 1:02d}"


def written(columns: str, words: dict[str, str], *, empty: str = "", comma: bool = False) -> str:
    """The account under headers like “date=Datum;kind=Art;who=Kunde;sold=Soll;taken=Haben”."""
    named = dict(one.split("=") for one in columns.split(";"))
    lines = [";".join(named.values())]
    for number, (at, kind, who, amount) in enumerate(account()):
        money = f"{amount:.2f}".replace(".", "," if comma else ".")
        sold = kind == "invoice"
        cells = {"date": day(at), "number": f"B{number:04}", "kind": words[kind], "who": who,
                 "sold": money if sold else empty, "taken": empty if sold else money}  # fmt: skip
        lines.append(";".join(cells[one] for one in named))
    return "\n".join(lines) + "\n"


def kept(folder: Path, text: str, **more: object) -> Decimal:
    return load(folder, text, **more).ledger.revenue_kept


@pytest.mark.parametrize(
    ("columns", "words", "empty"),
    [
        ("date=Datum;number=Beleg;kind=Belegart;who=Kunde;sold=Soll;taken=Haben",
         {"invoice": "Rechnung", "credit": "Gutschrift", "payment": "Zahlungseingang"}, ""),
        ("taken=Haber;sold=Debe;who=Cliente;kind=Concepto;date=Fecha",
         {"invoice": "Factura", "credit": "Nota de crédito", "payment": "Cobro"}, "0.00"),
        ("date=Date;kind=Type;who=Customer;sold=Debit;taken=Credit",
         {"invoice": "Sales Invoice", "credit": "Sales Credit", "payment": "Receipt"}, ""),
        ("date=Dato;who=Kunde;sold=Faktureret;taken=Modposteret;kind=Bilagstype",
         {"invoice": "Faktura", "credit": "Kreditnota", "payment": "Indbetaling"}, ""),
        ("date=Date;kind=Transaction type;who=Customer;taken=Debit;sold=Credit",
         {"invoice": "Sale", "credit": "Refund", "payment": "Fee"}, "0"),
    ],
)  # fmt: skip
def test_kinds_tell_credit_notes_from_payments(tmp_path: Path, columns: str, words: dict[str, str], empty: str) -> None:
    assert kept(tmp_path, written(columns, words, empty=empty)) == TRUTH.quantize(Decimal("0.01"))


def test_without_kinds_it_is_asked_what_the_other_column_is(tmp_path: Path) -> None:
    text = written(
        "date=Date;number=Ref;who=Customer;sold=Debit;taken=Credit", dict.fromkeys(("invoice", "credit", "payment"), "")
    )
    with pytest.raises(AmbiguousReading) as asked:
        kept(tmp_path, text)
    assert {"--column amount=Debit", "--column credit=Credit"} <= {*asked.value.options}
    sums = {kind: sum(a for _, k, _, a in account() if k == kind) for kind in ("invoice", "credit", "payment")}
    for columns, revenue in (
        ({"amount": "Debit"}, sums["invoice"]),
        ({"credit": "Credit"}, sums["invoice"] - sums["credit"] - sums["payment"]),
    ):
        folder = tmp_path / next(iter(columns))
        folder.mkdir()
        assert kept(folder, text, columns=columns) == Decimal(revenue).quantize(Decimal("0.01"))


def test_an_unknown_kind_on_the_other_side_is_asked_about(tmp_path: Path) -> None:
    words = {"invoice": "Invoice", "credit": "CRX", "payment": "PMX"}
    text = written("date=Date;kind=Type;who=Customer;sold=Debit;taken=Credit", words)
    with pytest.raises(AmbiguousReading) as asked:
        kept(tmp_path, text)
    assert {"--status PMX=aside", "--status PMX=refund"} <= {*asked.value.options}
    other = tmp_path / "other"
    other.mkdir()
    answers = Choices(statuses=(("CRX", "refund"), ("PMX", "aside")))
    assert kept(other, text, choices=answers) == TRUTH.quantize(Decimal("0.01"))


def test_two_ways_to_pay_are_no_sides_of_an_account(tmp_path: Path) -> None:
    """The twin: each sale stands under cash or card, with the whole beside them."""
    rows = [
        f"{day(at)},R{at},c{at % 9},{'Sale' if at % 9 else 'Refund'},"
        f"{value if at % 3 else ''},{'' if at % 3 else value},{value}"
        for at in range(60)
        for value in [f"{'' if at % 9 else '-'}{10 + at * 7 % 50}.50"]
    ]
    text = "\n".join(["Date,Receipt,Customer,Type,Cash,Card,Amount", *rows])
    result = load(tmp_path, text)
    assert result.ledger.revenue_kept == sum(
        (1 if at % 9 else -1) * (10 + at * 7 % 50 + Decimal("0.5")) for at in range(60)
    )
    assert result.tables[0].mapping.credit is None
