"""Ways of paying are told from products and documents."""

from __future__ import annotations

import pytest

from segmentation.meaning.vocabulary.payments import says_payment, way_of_paying


@pytest.mark.parametrize(
    "text",
    ["card", "Cash", "PayPal", "paypal", "Klarna", "Visa 4242", "bank_transfer", "Kreditkarte", "EC-Karte",
     "Barzahlung", "Überweisung", "virement bancaire", "espèces", "contra reembolso", "bonifico", "cartão de crédito",
     "creditcard", "gotówka", "bankoverføring", "nakit", "наличные", "現金", "Apple Pay", "sofort"],
)  # fmt: skip
def test_what_pays_is_a_way_of_paying(text: str) -> None:
    assert way_of_paying(text) == "way"


@pytest.mark.parametrize(
    "text", ["gift card", "Gift card 50", "Gutschein", "carte cadeau", "Invoice", "Rechnung", "voucher"]
)
def test_what_is_sold_or_written_too_is_one_only_beside_others(text: str) -> None:
    assert way_of_paying(text) == "maybe"


@pytest.mark.parametrize(
    "text", ["Card holder", "Cash box", "Towel", "Visa gift set", "Soap", "", "4242", "Birthday card"]
)
def test_products_are_none(text: str) -> None:
    assert way_of_paying(text) is None


@pytest.mark.parametrize(
    "header", ["payment_method", "Zahlungsart", "tender", "method", "Forma de pago", "paymentType"]
)
def test_headers_of_ways_of_paying(header: str) -> None:
    assert says_payment(header)


@pytest.mark.parametrize("header", ["product", "type", "payment id", "payment status", "item"])
def test_headers_of_something_else(header: str) -> None:
    assert not says_payment(header)
