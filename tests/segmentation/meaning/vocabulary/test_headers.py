"""What headers' words say: never a customer, never money, another date, cents, net or gross, grain, cost, margin."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from segmentation.meaning.vocabulary import headers
from tests.segmentation.meaning.vocabulary.cases import listed

TOKENS = {
    "orderID": "order id", "order_id": "order id", "Order-Id": "order id", "ORDER ID": "order id",
    "SKUCode": "sku code",
    "VATAmount": "vat amount", "address1": "address 1", "Straße": "strasse", "Größe": "grosse",
    "Nº pedido": "no pedido", "Discount %": "discount %", "Order #": "order #", "Versandkosten": "versandkosten",
    "İndirim": "indirim",
    "Prix d'achat": "prix d achat", "Себестоимость": "себестоимость", "  Net__Sales ": "net sales",
    "Łączna": "laczna",
}  # fmt: skip


@pytest.mark.parametrize(("header", "expected"), TOKENS.items())
def test_a_header_is_cut_into_its_words(header: str, expected: str) -> None:
    assert headers.tokens(header) == tuple(expected.split())


def held(yes: str, no: str) -> list[tuple[str, bool]]:
    return [(header, True) for header in listed(yes)] + [(header, False) for header in listed(no)]


NEVER_CUSTOMER = held(
    "Cashier|Sales rep|salesperson_name|Seller|Staff ID|Employee|Agent|Account manager|Account code|Owner|Vendor|"
    "Supplier|Brand|Type|Customer type|Type of customer|Customer group|customer_segment|Customer city|City|State|"
    "Country|Zip|Postcode|Address1|Street|Server|Table|Register|Till|Device|Terminal|Store|Customer store|Warehouse|"
    "Style|Size|Color|Product|Item|SKU|Variant|Customer note|Comments|Gender|Title|Language|Tax|Payment method|"
    "Status|Is member|Tier|Customer since|Age|Lifetime value|userAgent|Kassierer|Verkäufer|Mitarbeiter|Kundengruppe|"
    "Ort|PLZ|Filiale|Anrede|Kunde seit|Vertreternummer|Vendeur|Ville du client|Type de client|Code postal|Magasin|"
    "Civilité|Fournisseur|Vendedor|Ciudad del cliente|Tipo de cliente|Tienda|Cajero|Provincia|Venditore|"
    "Città cliente|Tipo cliente|Negozio|Cidade|Tipo de cliente|Loja|Verkoper|Klantgroep|Woonplaats|Winkel|"
    "Sprzedawca|Miasto|Grupa klienta|Sklep|Säljare|Kundgrupp|Butik|Sælger|Kundetype|Selger|Prodejce|Město|"
    "Skupina zákazníka|Satıcı|Müşteri tipi|Şehir|Mağaza|Продавец|Город клиента|担当者|店舗名|都道府県",
    "Customer|Customer ID|Customer Reference ID|Loyalty ID|Member number|Bill-to customer|customer_id|"
    "Store customer ID|Shopify Customer ID|Client|Buyer|User ID|Member ID|Kunde|Kundennummer|Kunden-Nr.|Client|"
    "Numéro client|Cliente|ID cliente|Codice cliente|Klant|Klantnummer|Klient|ID klienta|Kund|Kundnummer|Zákazník|"
    "Müşteri|Müşteri No|Клиент|ID клиента|顧客ID|Household key|Buyer Username|Stylet|Typewriter|Sizewise|Statement",
)  # fmt: skip
NEVER_MONEY = held(
    "Weight|sales_rep|Agente de ventas|Weight (kg)|Saldo|Quantity|Qty|Item count|Number of items|Order number|"
    "Order ID|Zip|Phone|Tax rate|"
    "VAT %|Points|Stock|Days since|Age|Latitude|Rank|Score|Rating|Size|Balance|Year|Hour|Version|Row|Menge|Anzahl|"
    "Gewicht|Steuersatz|Bestand|PLZ|Punkte|Quantité|Nombre d'articles|Poids|Taux de TVA|Cantidad|Peso|Puntos|Saldo|"
    "Quantità|Aliquota IVA|Punti|Quantidade|Alíquota|Pontos|Aantal|Gewicht|Punten|Ilość|Stawka VAT|Waga|Antal|Vikt|"
    "Momssats|Poäng|Vægt|Vekt|Množství|Počet|Sazba DPH|Adet|Miktar|KDV oranı|Количество|Ставка НДС|数量|税率",
    "Total|Amount|Price|Unit price|Balance due|Discount|Account|Price per kg|Preis pro kg|Rate|Revenue|Betrag|"
    "Umsatz|Montant|Importe|Importo|Valor|Bedrag|Kwota|Belopp|Beløb|Cena|Tutar|Сумма|金額|Discounted total|"
    "Counter sales|Aged cheese|Daily total",
)  # fmt: skip
OTHER_DATES = held(
    "Due date|Delivery date|Delivered at|Ship date|shipped_at|Date of birth|DOB|Updated at|Last modified|"
    "Expiry date|Valid until|Paid at|Payout date|Export date|Registered|Sign-up date|Last active|Printed|"
    "Required date|Promised date|Last order date|Fällig am|Lieferdatum|Versanddatum|Geburtsdatum|Geändert am|"
    "Bezahlt am|Registriert am|Kunde seit|Date de livraison|Date d'échéance|Date de naissance|Mis à jour le|"
    "Fecha de entrega|Vencimiento|Fecha de nacimiento|Actualizado|Data consegna|Scadenza|Data di nascita|"
    "Data de entrega|Vencimento|Nascimento|Leverdatum|Vervaldatum|Geboortedatum|Bijgewerkt op|Data dostawy|"
    "Termin płatności|Data urodzenia|Leveransdatum|Förfallodatum|Födelsedatum|Leveringsdato|Forfaldsdato|"
    "Fødselsdato|Datum dodání|Splatnost|Datum narození|Teslim tarihi|Vade tarihi|Doğum tarihi|Дата доставки|"
    "Дата рождения|納期|生年月日",
    "Order date|Date|Created at|Invoice date|Purchase date|Sold at|Bestelldatum|Datum|Rechnungsdatum|"
    "Date de commande|Fecha|Fecha de pedido|Data ordine|Data do pedido|Besteldatum|Data zamówienia|Orderdatum|"
    "Ordredato|Datum objednávky|Sipariş tarihi|Дата заказа|注文日|Candidate|Duet|Updates",
)  # fmt: skip
IN_CENTS = held(
    "amount_cents|Amount (cents)|Betrag in Cent|total in pence|Minor units|Montant en centimes|Importe en céntimos|"
    "Importo in centesimi|Bedrag in centen|Kwota w groszach|Belopp i öre|Beløb i øre|Částka v haléřích|Kuruş|"
    "В копейках",
    "Amount|Discount percent|Discount per cent|Centre|Recent total|Century|Center|Price|percentage|Minority",
)  # fmt: skip
IN_PERCENT = held(
    "Discount %|Discount percent|per cent|discount_pct|Tax rate|Rabatt in Prozent|Steuersatz|Taux de remise|"
    "Porcentaje|Aliquota|Alíquota|Kortingspercentage|Stawka VAT|Momssats|Rabatprocent|Sazba DPH|KDV oranı|"
    "Ставка НДС|税率",
    "Discount|Amount|Percival|Rate|Rated|Rabatt|Parts",
)  # fmt: skip
IS_COST = held(
    "Cost|Unit cost|COGS|Cost of goods sold|Cost price|Purchase price|EK|EK-Preis|Einkaufspreis|Wareneinsatz|"
    "Einstandspreis|Coût|Prix d'achat|Prix de revient|Coste|Costo unitario|Precio de compra|Prezzo d'acquisto|Custo|"
    "Preço de custo|Kostprijs|Inkoopprijs|Koszt|Cena zakupu|Inköpspris|Självkostnad|Indkøbspris|Kostpris|"
    "Innkjøpspris|Nákupní cena|Maliyet|Alış fiyatı|Себестоимость|原価|仕入価格",
    "Shipping cost|Delivery cost|Item cost|Order cost|Cost centre|Versandkosten|Kostenstelle|Coût de livraison|"
    "Gastos de envío|Coste de envío|Costo di spedizione|Custo de envio|Verzendkosten|Koszt dostawy|Fraktkostnad|"
    "Fragtomkostninger|Kargo maliyeti|Стоимость доставки|Price|Costume|Costa|Cost margin|Low cost|Ekstra|Weekend",
)  # fmt: skip
IS_MARGIN = held(
    "Profit|Margin|Gross margin|Marge|Deckungsbeitrag|Rohertrag|Gewinn|Bénéfice|Margen|Ganancia|Margine|Utile|"
    "Lucro|Margem|Winst|Marża|Zysk|Täckningsbidrag|Vinst|Dækningsbidrag|Avance|Fortjeneste|Zisk|Marže|Kâr|Прибыль|"
    "Маржа|粗利",
    "Price|Cost|Profile|Margarine|Total|Marginalia|Winsten|Karton",
)  # fmt: skip

JUDGED: dict[Callable[[str], bool], list[tuple[str, bool]]] = {
    headers.never_customer: NEVER_CUSTOMER, headers.never_money: NEVER_MONEY, headers.other_date: OTHER_DATES,
    headers.in_cents: IN_CENTS, headers.in_percent: IN_PERCENT, headers.is_cost: IS_COST, headers.is_margin: IS_MARGIN,
}  # fmt: skip


@pytest.mark.parametrize(
    ("judge", "header", "expected"),
    [(judge, header, expected) for judge, cases in JUDGED.items() for header, expected in cases],
    ids=lambda value: value.__name__ if callable(value) else str(value),
)
def test_a_header_is_judged_as_a_speaker_of_its_language_would(
    judge: Callable[[str], bool], header: str, expected: bool
) -> None:
    assert judge(header) is expected


BASES = {
    "net": "Valoare fara TVA|Hinta veroton|Áfa nélkül|Αξία χωρίς ΦΠΑ|"
    "Net amount|Total excl. tax|Price ex VAT|amount_before_tax|Subtotal (excl. VAT)|Netto|Nettobetrag|"
    "Preis ohne MwSt|Prix HT|Montant hors taxes|Precio sin IVA|Base imponible|Imponibile|Prezzo IVA esclusa|"
    "Valor sem IVA|Prijs excl. btw|Bedrag zonder btw|Cena netto|Pris exkl. moms|Pris ekskl. moms|Pris eks mva|"
    "Cena bez DPH|KDV hariç tutar|Сумма без НДС|税抜金額",
    "gross": "Valoare cu TVA|Hinta sis. ALV|Áfával|Αξία με ΦΠΑ|"
    "Gross amount|Total incl. tax|Price inc VAT|Total including tax|Brutto|Bruttobetrag|Preis inkl. MwSt|"
    "Prix TTC|Precio con IVA|IVA incluido|Prezzo ivato|Prezzo IVA inclusa|Valor com IVA|Prijs incl. btw|Cena brutto|"
    "Pris inkl. moms|Pris inkl mva|Cena s DPH|KDV dahil|Сумма с НДС|税込金額",
    None: "Total|Amount|Net weight|Gross weight|Gross profit|Gross sales|Nettogewicht|Poids net|Peso neto|"
    "Waga netto|Internet|Network|Grossist|Total net and gross|Tax|Brutus|Peso lordo",
}  # fmt: skip
GRAINS = {
    "piece": "Unit price|unit_price|Price each|Price per piece|Item price|Lineitem price|Einzelpreis|Stückpreis|"
    "Preis pro Stück|Prix unitaire|Precio unitario|Prezzo unitario|Preço unitário|Prijs per stuk|Stukprijs|"
    "Cena jednostkowa|Cena za sztukę|Styckpris|Stykpris|Enhetspris|Cena za kus|Birim fiyat|Цена за единицу|単価",
    "line": "Line total|line_total|Item total|Row total|Order line total|Invoice item amount|Positionssumme|"
    "Zeilensumme|Total ligne|Total línea|Totale riga|Total da linha|Regeltotaal|Wartość pozycji|Radbelopp|"
    "Linjetotal|Řádek celkem|Satır toplamı|Сумма строки|明細金額",
    "order": "Order total|order_total|Grand total|Invoice total|Basket value|Cart total|Bestellwert|"
    "Rechnungsbetrag|Total commande|Total facture|Total pedido|Totale ordine|Total do pedido|Factuurbedrag|"
    "Wartość zamówienia|Ordersumma|Ordretotal|Cena objednávky|Sipariş tutarı|Сумма заказа|注文金額",
    None: "Total|Amount|Revenue|Betrag|Montant|Importe|Online total|Reordered|Linen|Pieces of eight",
}  # fmt: skip


@pytest.mark.parametrize(("header", "expected"), [(h, basis) for basis, hs in BASES.items() for h in listed(hs)])
def test_net_and_gross_are_of_tax_only(header: str, expected: str | None) -> None:
    assert headers.basis(header) == expected


@pytest.mark.parametrize(("header", "expected"), [(h, grain) for grain, hs in GRAINS.items() for h in listed(hs)])
def test_an_amount_is_of_the_smallest_thing_that_the_header_names(header: str, expected: str | None) -> None:
    assert headers.grain(header) == expected
