"""Guessing what columns mean: from the names that shops of seven languages write, and from the values alone."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from segmentation.errors import MeaningMissing
from segmentation.intake import Inspection, inspect
from segmentation.meaning.guessing import BY_NAME, BY_PART, BY_VALUES, CERTAIN, DOUBTFUL
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import TODAY, csv, lines, load, money, write

# By names -----------------------------------------------------------------------------------------------------

VALUES = {
    "customer": ["K-17", "K-4", "K-17"], "order": ["1001", "1002", "1003"],
    "date": ["2026-01-15", "2026-01-16", "2026-02-17"], "product": ["Tea", "Mug", "Pot"], "quantity": ["2", "1", "3"],
    "unit_price": ["4.75", "3.25", "8.10"], "amount": ["9.50", "3.25", "24.30"], "discount": ["0.50", "0.00", "1.00"],
    "email": ["a@example.com", "b@example.com", "a@example.com"], "currency": ["EUR", "EUR", "EUR"],
    "category": ["Drinks", "Table", "Table"], "status": ["paid", "paid", "open"], "channel": ["web", "store", "web"],
    "consent": ["yes", "no", "yes"], "phone": ["+49 171 5550001", "+49 171 5550002", "+49 171 5550001"],
    "name": ["Ann Lee", "Bob Ray", "Ann Lee"], "unit_cost": ["2.10", "1.20", "4.00"], "line": ["1", "2", "3"],
    "time": ["10:02", "11:45", "18:30"], "refunded": ["0.00", "0.00", "2.00"], "shipping": ["4.90", "0.00", "4.90"],
    "tax": ["1.52", "0.52", "3.88"], "cancelled": ["", "2026-01-20", ""], "order_discount": ["0.00", "1.00", "0.00"],
    "": ["x", "y", "z"],
}  # fmt: skip
"""What stands in a column of each meaning; "" is a column that nobody asks about."""

EXPORTS = {
    "English: Customer No": "customer Customer No|order Order No|date Order Date|product Item Name|quantity Qty|"
    "unit_price Unit Price|amount Line Total|discount Discount|email Customer Email| Remarks",
    "English: customer_id": "order order_id|date created_at|customer customer_id|email billing_email|product sku|"
    "quantity quantity|unit_price item_price|discount discount_amount|amount line_total|currency currency_code",
    "English: Invoice": "order Invoice Number|date Invoice Date|customer Client ID|product Description|quantity Units|"
    "amount Net Amount|tax VAT|shipping Shipping Cost|channel Sales Channel|status Order Status",
    "English: OrderDate": "customer BuyerId|order OrderId|line OrderItemId|date OrderDate|product ProductName|"
    "category ProductCategory|quantity QuantityOrdered|unit_price PricePerUnit|unit_cost UnitCost|amount TotalPrice",
    "German: Kundennummer": "customer Kundennummer|order Bestellnummer|date Bestelldatum|product Artikelbezeichnung|"
    "quantity Menge|unit_price Einzelpreis|amount Gesamtpreis|discount Rabatt|email E-Mail-Adresse| Bemerkung",
    "German: Kd": "order Auftragsnr.|date Auftragsdatum|customer Kunden-Nr.|product Artikel|category Warengruppe|"
    "quantity Anzahl|unit_price Stückpreis|amount Betrag|currency Währung|status Bestellstatus|channel Filiale",
    "German: Rechnung": "order Rechnungsnummer|date Rechnungsdatum|customer Kunde|amount Nettobetrag|tax MwSt|"
    "shipping Versandkosten|consent Newsletter|phone Telefon|time Uhrzeit",
    "French: client": "customer N° client|order N° de commande|date Date de commande|product Désignation|"
    "quantity Quantité|unit_price Prix unitaire|amount Montant total|discount Remise|email Adresse e-mail",
    "French: facture": "order Numéro de facture|date Date de facture|customer Code client|product Libellé|"
    "quantity Qté|unit_price PU HT|amount Total HT|tax TVA|shipping Frais de port|status Statut|channel Magasin",
    "Spanish: cliente": "customer Código de cliente|order Número de pedido|date Fecha del pedido|product Artículo|"
    "quantity Cantidad|unit_price Precio unitario|amount Importe total|discount Descuento|email Correo electrónico",
    "Spanish: factura": "order Nº de factura|date Fecha de factura|customer Cliente|product Descripción|"
    "quantity Unidades|unit_price Precio|amount Importe|tax IVA|currency Moneda|status Estado|channel Tienda",
    "Italian: cliente": "customer Codice cliente|order Numero ordine|date Data ordine|product Articolo|"
    "quantity Quantità|unit_price Prezzo unitario|amount Importo totale|discount Sconto|email Indirizzo e-mail",
    "Italian: fattura": "order N. fattura|date Data fattura|customer ID cliente|product Descrizione|quantity Q.tà|"
    "unit_price Prezzo|amount Totale riga|tax IVA|currency Valuta|status Stato ordine|channel Negozio",
    "Portuguese: cliente": "customer Código do cliente|order Número do pedido|date Data do pedido|product Produto|"
    "quantity Quantidade|unit_price Preço unitário|amount Valor total|discount Desconto|email E-mail do cliente",
    "Portuguese: encomenda": "order N.º da encomenda|date Data da encomenda|customer N.º de cliente|product Artigo|"
    "quantity Qtd.|unit_price Preço|amount Montante|tax IVA|currency Moeda|status Estado da encomenda|channel Loja",
    "Dutch: klant": "customer Klantnummer|order Bestelnummer|date Besteldatum|product Productnaam|quantity Aantal|"
    "unit_price Stukprijs|amount Totaalbedrag|discount Korting|email E-mailadres| Opmerking",
    "Dutch: factuur": "order Factuurnr.|date Factuurdatum|customer Klantnr.|product Omschrijving|quantity Stuks|"
    "unit_price Prijs per stuk|amount Bedrag excl. btw|tax BTW|currency Munt|status Orderstatus|channel Winkel",
}  # fmt: skip
"""Headers as shops of each language write them, each after its meaning."""


def seen(folder: Path, text: str) -> Inspection:
    """What an import makes of a file with this content."""
    return inspect(write(folder, text), Workspace.open(folder / "workspace"), today=TODAY)


def table(columns: dict[str, list[str]]) -> str:
    """A file with these columns."""
    return csv(*(",".join(row) for row in zip(*columns.values(), strict=True)), header=",".join(columns))


@pytest.mark.parametrize("export", EXPORTS)
def test_the_columns_of_an_export_are_guessed_from_their_names(tmp_path: Path, export: str) -> None:
    pairs = [column.split(" ", 1) for column in EXPORTS[export].split("|")]
    found = seen(tmp_path, table({header: VALUES[meaning] for meaning, header in pairs}))
    assert found.mapping.columns() == {meaning: header for meaning, header in pairs if meaning}
    assert found.guess.sure.keys() == found.guess.why.keys() == found.mapping.columns().keys()
    assert set(found.guess.sure.values()) <= {BY_NAME, BY_PART}
    assert all("name" in why for why in found.guess.why.values())
    found.mapping.require(found.headers)


def test_every_meaning_says_how_sure_it_is_and_why(tmp_path: Path) -> None:
    found = seen(tmp_path, table({
        "Customer ID": VALUES["customer"], "Date": VALUES["date"], "Order total (EUR)": VALUES["amount"],
        "Nr": VALUES["order"],
    }))  # fmt: skip
    sure, why = found.guess.sure, found.guess.why
    assert sure == {"customer": BY_NAME, "date": BY_NAME, "amount": BY_NAME, "order": BY_VALUES}
    assert CERTAIN > BY_NAME > BY_PART > BY_VALUES > DOUBTFUL > 0
    assert why == {
        "customer": "its name and its values say so", "date": "its name and its values say so",
        "amount": "its name and its values say so",
        "order": "each of its values is one customer's on one day",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "meaning", "right"),
    [
        ({"Total": "product", "Net": "amount"}, "amount", "Net"),
        ({"Order Date": "quantity", "Date": "date"}, "date", "Date"),
        ({"Email": "status", "Mail": "email"}, "email", "Mail"),
        ({"Order Date": "date", "Delivery Date": "date", "Birth Date": "date"}, "date", "Order Date"),
        ({"Unit Price": "unit_price", "Line Total": "amount", "Order Total": "amount"}, "amount", "Line Total"),
        ({"Customer Name": "name", "Customer ID": "customer"}, "customer", "Customer ID"),
        ({"Shipping Address": "product", "Shipping Zip": "quantity"}, "shipping", None),
        ({"Tax ID": "order", "Tax Class": "status"}, "tax", None),
        ({"Order Total Incl": "amount", "Order Weight": "unit_price"}, "order", None),
        ({"Order Shipped": "date"}, "order", None),
        ({"Customer Lifetime Spend": "amount", "Kunde": "customer"}, "customer", "Kunde"),
    ],
)
def test_a_name_is_believed_only_where_the_values_agree(
    tmp_path: Path, headers: dict[str, str], meaning: str, right: str | None
) -> None:
    base = {"Kunde": "customer", "Bestelldatum": "date", "Betrag": "amount"}
    base = {header: of for header, of in base.items() if of != meaning and of not in headers.values()}
    found = seen(tmp_path, table({header: VALUES[of] for header, of in {**headers, **base}.items()}))
    assert getattr(found.mapping, meaning) == right


def test_an_essential_column_whose_values_do_not_fit_is_named_with_doubt(tmp_path: Path) -> None:
    found = seen(tmp_path, csv("C1,1,n/a", "C2,2,tbd", "C1,3,none", header="Customer,Order,Total amount due"))
    assert "amount" not in found.mapping.columns()
    doubted = seen(tmp_path, csv("C1,2026-01-05,n/a", "C2,2026-01-06,tbd", header="Customer,Date,Amount"))
    assert doubted.mapping.amount == "Amount"
    assert doubted.guess.sure["amount"] == DOUBTFUL
    assert "though its values do not look like it" in doubted.guess.why["amount"]


def test_names_stand_for_customers_only_where_nothing_else_does(tmp_path: Path) -> None:
    columns = {"Customer Name": VALUES["name"], "Date": VALUES["date"], "Amount": VALUES["amount"]}
    named = seen(tmp_path, table(columns))
    assert (named.mapping.customer, named.guess.sure["customer"]) == ("Customer Name", DOUBTFUL)
    known = seen(tmp_path, table({**columns, "Email": VALUES["email"]}))
    assert (known.mapping.customer, known.mapping.email, known.mapping.name) == (None, "Email", "Customer Name")


# By values ----------------------------------------------------------------------------------------------------


def shop(seed: int, dates: str, email: bool = False) -> dict[str, list[str]]:
    """Two hundred lines of a shop under headers that say nothing, by what they hold."""
    chance = random.Random(seed)
    found: dict[str, list[str]] = {"order": [], "date": [], "customer": [], "quantity": [], "amount": []}
    day, order = date(2025, 3, 1), 500_000 + seed
    while len(found["order"]) < 200:
        day += timedelta(days=chance.choice((0, 0, 1, 2)))
        order += chance.choice((1, 1, 2))
        customer = 7_000 + chance.randrange(40)
        for _ in range(chance.choice((1, 1, 2, 3))):
            found["order"].append(str(order))
            found["date"].append(day.strftime(dates))
            found["customer"].append(f"u{customer}@example.com" if email else str(customer))
            found["quantity"].append(str(chance.choice((1, 1, 1, 2, 3))))
            found["amount"].append(f"{chance.randrange(100, 9_999) / 100:.2f}")
    return found


def anonymous(columns: dict[str, list[str]], seed: int) -> tuple[str, dict[str, str]]:
    """The columns in any order as A, B, C, …, and which letter each of them got."""
    names = random.Random(seed).sample(list(columns), len(columns))
    letters = dict(zip(names, "ABCDEFGH", strict=False))
    return table({letters[name]: columns[name] for name in names}), letters


@pytest.mark.parametrize("dates", ["%Y-%m-%d", "%d.%m.%Y", "%d %b %Y"])
@pytest.mark.parametrize("seed", range(4))
def test_columns_without_names_are_told_by_their_values(tmp_path: Path, dates: str, seed: int) -> None:
    text, letters = anonymous(shop(seed, dates), seed)
    found = seen(tmp_path, text)
    assert found.mapping.columns() == letters
    assert set(found.guess.sure.values()) == {BY_VALUES}
    assert found.guess.why == {
        "date": "its values are dates",
        "amount": "its values are amounts with decimals",
        "quantity": "its values are small whole numbers",
        "customer": "its values come back, as customers do",
        "order": "its values stay together and rise, as order numbers do",
    }


@pytest.mark.parametrize("product", ["Thing {}", "3{}"], ids=["names", "numbers"])
@pytest.mark.parametrize("seed", range(3))
def test_a_product_of_many_kinds_is_not_taken_for_the_customer(tmp_path: Path, product: str, seed: int) -> None:
    columns, chance = shop(seed, "%Y-%m-%d"), random.Random(seed)
    columns["product"] = [product.format(f"{chance.randrange(95):02d}") for _ in columns["order"]]
    text, letters = anonymous(columns, seed)
    found = seen(tmp_path, text).mapping.columns()
    assert found == {meaning: letter for meaning, letter in letters.items() if meaning != "product"}


def test_without_a_customer_no_other_column_is_taken_for_one(tmp_path: Path) -> None:
    columns, chance = shop(1, "%Y-%m-%d"), random.Random(1)
    columns["customer"] = [f"Thing {chance.randrange(95)}" for _ in columns["order"]]
    with pytest.raises(MeaningMissing, match="customer id or e-mail"):
        load(tmp_path, anonymous(columns, 1)[0])


def test_addresses_without_a_name_are_the_customers(tmp_path: Path) -> None:
    text, letters = anonymous(shop(5, "%Y-%m-%d", email=True), 5)
    found = seen(tmp_path, text)
    assert (found.mapping.email, found.mapping.customer) == (letters["customer"], None)
    assert (found.mapping.date, found.mapping.amount) == (letters["date"], letters["amount"])


def test_a_file_without_any_header_is_imported_by_its_values_and_says_so(tmp_path: Path) -> None:
    columns = shop(9, "%Y-%m-%d")
    text = "\n".join(",".join(row) for row in zip(*columns.values(), strict=True)) + "\n"
    result = load(tmp_path, text)
    assert result.ledger.read == result.ledger.loaded == len(columns["order"])
    assert result.ledger.revenue_kept == sum(map(money, columns["amount"]))
    assert (result.ledger.orders, result.ledger.customers) == (
        len(set(columns["order"])), len(set(columns["customer"])),
    )  # fmt: skip
    assert {row["order_id"] for row in lines(result.version)} == set(columns["order"])
    assert any("has no header" in warning for warning in result.warnings)


def test_what_no_value_speaks_for_is_asked_for_by_name(tmp_path: Path) -> None:
    with pytest.raises(MeaningMissing, match="order date"):
        load(tmp_path, csv("x1,3,hello", "x2,4,world", "x1,5,again", header="A,B,C"))
