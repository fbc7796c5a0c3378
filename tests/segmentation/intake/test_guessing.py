"""Guessing which column means what, from the headers that shops write."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentation.errors import SettingOutOfRange, WrongCall
from segmentation.intake import inspect
from segmentation.meaning import Choices, Mapping
from segmentation.meaning.guessing import plain
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import TODAY, csv, write

VALUES = {
    "customer": "C1,C2", "order": "1001,1002", "date": "2026-01-15,2026-01-16", "amount": "9.50,3.25", "line": "1,2",
    "quantity": "2,1", "unit_price": "4.75,3.25", "discount": "0.50,0", "unit_cost": "2.10,1.20", "currency": "EUR,EUR",
    "product": "Tea,Mug", "category": "Drinks,Table", "channel": "web,store", "status": "paid,cancelled",
    "email": "a@example.com,b@example.com", "consent": "yes,no", "refund": "no,yes",
}  # fmt: skip


def guessed(folder: Path, headers: dict[str, str]) -> dict[str, str]:
    """What is guessed for a file with these headers, by meaning."""
    values = [VALUES[meaning].split(",") for meaning in headers]
    rows = [",".join(column[i] for column in values) for i in range(2)]
    path = write(folder, csv(*rows, header=",".join(headers.values())))
    return inspect(path, Workspace.open(folder / "workspace"), today=TODAY).mapping.columns()


@pytest.mark.parametrize(
    "headers",
    [
        {"order": "Order ID", "date": "Order date", "customer": "Customer ID", "email": "Email",
         "consent": "Accepts marketing", "product": "Product", "category": "Category", "quantity": "Quantity",
         "unit_price": "Unit price", "discount": "Discount", "amount": "Line total", "unit_cost": "Unit cost",
         "channel": "Channel", "status": "Status", "currency": "Currency"},
        {"customer": "customer_id", "order": "order_id", "line": "line_id", "date": "order_date", "product": "sku",
         "category": "category", "quantity": "quantity", "unit_price": "unit_price", "channel": "channel"},
        {"order": "InvoiceNo", "product": "Description", "quantity": "Quantity", "date": "InvoiceDate",
         "unit_price": "UnitPrice", "customer": "CustomerID"},
        {"customer": "household_id", "channel": "store_id", "order": "basket_id", "product": "product_id",
         "quantity": "quantity", "amount": "sales_value", "date": "transaction_timestamp"},
        {"customer": "Kundennummer", "order": "Bestellnummer", "date": "Bestelldatum", "product": "Artikel",
         "category": "Kategorie", "quantity": "Menge", "unit_price": "Einzelpreis", "amount": "Gesamtpreis",
         "currency": "Währung", "status": "Bestellstatus"},
        {"customer": "Numéro client", "order": "Numéro de commande", "date": "Date de commande", "product": "Produit",
         "quantity": "Quantité", "unit_price": "Prix unitaire", "amount": "Montant total", "discount": "Remise"},
        {"customer": "Cliente", "order": "Pedido", "date": "Fecha", "product": "Producto", "quantity": "Cantidad",
         "unit_price": "Precio unitario", "amount": "Importe"},
        {"customer": "Codice cliente", "order": "Numero ordine", "date": "Data ordine", "product": "Prodotto",
         "quantity": "Quantità", "amount": "Importo totale", "discount": "Sconto"},
        {"customer": "Klantnummer", "order": "Bestelnummer", "date": "Besteldatum", "product": "Productnaam",
         "quantity": "Aantal", "unit_price": "Stukprijs", "amount": "Totaalbedrag", "discount": "Korting"},
    ],
    ids=["sample shop", "snake case", "camel case", "basket", "German", "French", "Spanish", "Italian", "Dutch"],
)  # fmt: skip
def test_the_columns_of_an_export_are_guessed_from_their_headers(tmp_path: Path, headers: dict[str, str]) -> None:
    assert guessed(tmp_path, headers) == headers


def test_a_header_is_compared_without_case_accents_and_signs() -> None:
    assert plain("  Numéro_de-Commande ") == "numero de commande"
    assert plain("OrderDate") == "order date"
    assert plain("Straße") == "strasse"


def test_a_column_of_texts_is_no_amount_whatever_its_header_says(tmp_path: Path) -> None:
    path = write(tmp_path, csv("C1,2026-01-05,free shipping,2.50", header="Customer,Date,Order total note,Amount"))
    assert inspect(path, Workspace.open(tmp_path / "workspace"), today=TODAY).mapping.amount == "Amount"


def test_a_mapping_survives_toml_whatever_its_headers() -> None:
    mapping = Mapping(
        customer='quo"te\\', date="tab\there", amount="é😀\x7f", choices=Choices(decimal="comma", date_order="dmy")
    )
    assert Mapping.from_toml(mapping.to_toml()) == mapping


@pytest.mark.parametrize("text", ["customer = ", 'shoe_size = "Size"', "customer = 3"])
def test_a_mapping_that_cannot_be_read_is_a_wrong_call(text: str) -> None:
    with pytest.raises(WrongCall):
        Mapping.from_toml(text)


def test_a_decimal_mark_that_does_not_exist_is_refused() -> None:
    with pytest.raises(SettingOutOfRange):
        Choices(decimal="semicolon")
