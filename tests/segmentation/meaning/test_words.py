"""The headers that shops write: whole rows of them in many languages, near misses, and the list itself."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import pytest

from segmentation.meaning.guessing import BY_PART
from segmentation.meaning.mapping import MEANINGS
from segmentation.meaning.words import HEADER_WORDS, WHOLE_ONLY, plain
from tests.segmentation.meaning.test_guessing import VALUES as COMMON
from tests.segmentation.meaning.test_guessing import seen, table

VALUES = {
    **COMMON, "first_name": ["Ann", "Bob", "Ann"], "last_name": ["Lee", "Ray", "Lee"],
    "refund": ["invoice", "credit note", "invoice"], "refusal": ["no", "yes", "no"], "test": ["no", "no", "yes"],
}  # fmt: skip

# Whole exports ------------------------------------------------------------------------------------------------

EXPORTS = {
    "en: columns of a database": "order order_ref|date order_purchase_timestamp|customer customer_unique_id|"
    "email email_addr|amount order_amt|order_discount cart_discount|shipping ship_amt|tax tax_amt|"
    "status order_status|cancelled canceled_date|refunded refund_amt|consent mkt_optin|currency currency_code",
    "en: short columns": "order txn_id|line line_no|date sale_dt|customer cust_no|product sku_desc|quantity qty_sold|"
    "unit_price unit_amt|unit_cost unit_cost_price|discount disc_amt|amount line_amt|tax vat_total",
    "en: camel case": "order TransNo|date PlacedOn|customer ClientRef|first_name FirstName|last_name LastName|"
    "email EMail|phone MobileNo|amount NetAmt|refusal DoNotEmail|test IsTestOrder",
    "en: invoices": "order Invoice No.|refund Document Type|date Invoice Dt|customer Customer Account|"
    "product Item Description|quantity Units Sold|unit_price Selling Price|amount Ext. Price|channel Store Name",
    "en: till": "order Receipt #|date Order TS|customer CustID|product Item|quantity Item Qty|amount Gross Amt|"
    "refund Receipt Type|channel Branch|consent is_opted_in| Cashier",
    "de: Bestellungen": "order Auftragsnr.|date Bestellt am|customer Kd.-Nr.|first_name Vorname|last_name Nachname|"
    "email Kunden-E-Mail|amount Gesamtbetrag|shipping Versandkosten|tax MwSt.-Betrag|currency Währung|"
    "status Zahlungsstatus|cancelled Storniert am|refunded Erstattungsbetrag|consent Newsletter-Anmeldung",
    "de: Belege": "order Beleg-Nr.|refund Belegart|line Pos.-Nr.|date Belegdatum|customer Debitorennummer|"
    "product Artikelbezeichnung|category Warengruppe|quantity Stückzahl|unit_price VK-Preis|unit_cost EK-Preis|"
    "discount Rabattbetrag|amount Positionsbetrag|channel Vertriebskanal",
    "de: ohne Umlaute": "order Bestell-Nr|date Kaufdatum|customer Kunden-Nr|product Artikel|quantity Stueck|"
    "unit_price Stueckpreis|amount Positionssumme|currency Waehrung|refusal Werbewiderspruch",
    "fr: commandes": "order Réf. commande|date Date de la commande|customer Identifiant client|first_name Prénom|"
    "last_name Nom de famille|email Adresse mail|amount Montant TTC|shipping Frais de livraison|tax Montant TVA|"
    "status Statut de la commande|refunded Montant remboursé|consent Inscription newsletter|phone Téléphone",
    "fr: pièces": "order N° de pièce|refund Type de document|line N° ligne|date Date de facturation|"
    "customer Code client|product Désignation article|category Famille produit|quantity Qté facturée|"
    "unit_price P.U. HT|unit_cost Prix de revient|discount Montant de la remise|amount Total ligne HT|channel Boutique",
    "es: pedidos": "order Referencia del pedido|date Fecha de creación|customer Nº de cliente|name Nombre y apellidos|"
    "email Correo del cliente|amount Total del pedido|shipping Gastos de envío|tax Importe IVA|"
    "status Estado del pedido|cancelled Fecha de cancelación|refunded Importe devuelto|phone Teléfono móvil",
    "es: ventas": "order Nº de ticket|refund Tipo de comprobante|date Fecha de venta|customer Cód. cliente|"
    "product Descripción del artículo|category Familia|quantity Uds.|unit_price PVP|unit_cost Precio de coste|"
    "discount Dto.|amount Importe línea|channel Punto de venta",
    "it: ordini": "order Riferimento ordine|date Data e ora ordine|customer Codice cliente|"
    "first_name Nome di battesimo|last_name Cognome|email E-mail cliente|amount Totale ordine|"
    "shipping Spese di spedizione|tax Totale IVA|status Stato pagamento|consent Iscrizione newsletter|phone Cellulare",
    "it: documenti": "order Num. documento|refund Tipo documento|line Riga|date Data documento|customer Cod. cliente|"
    "product Descrizione articolo|category Reparto|quantity N. pezzi|unit_price Prezzo di vendita|"
    "unit_cost Prezzo d'acquisto|discount Importo sconto|amount Importo riga|channel Punto vendita",
    "pt: pedidos": "order Código do pedido|date Criado em|customer ID do cliente|name Nome completo|"
    "email E-mail do comprador|amount Valor do pedido|order_discount Desconto do pedido|shipping Valor do frete|"
    "status Situação|cancelled Data de cancelamento|refunded Valor estornado|phone Telefone do cliente",
    "pt: faturas": "order N.º da fatura|refund Natureza da operação|date Data de emissão|customer Cód. cliente|"
    "product Descrição do artigo|quantity Qtde.|unit_price Vlr. unit.|unit_cost Custo médio|"
    "amount Valor total do item|tax Valor do IVA|channel Ponto de venda",
    "nl: bestellingen": "order Bestelcode|date Besteld op|customer Klantcode|first_name Voornaam|last_name Achternaam|"
    "email E-mailadres klant|amount Totaal incl. btw|shipping Verzendkosten|tax Btw-bedrag|status Betaalstatus|"
    "consent Nieuwsbrief|phone Telefoonnr.|cancelled Geannuleerd op",
    "nl: bonnen": "order Kassabonnummer|refund Soort transactie|line Regelnr.|date Transactiedatum|"
    "customer Klantenkaartnummer|product Artikelomschrijving|category Artikelgroep|quantity Aantal stuks|"
    "unit_price Verkoopprijs|unit_cost Inkoopprijs|discount Regelkorting|amount Regelbedrag|channel Vestiging",
    "pl: zamówienia": "order Numer zamówienia|date Data złożenia|customer Nr klienta|first_name Imię|"
    "last_name Nazwisko|email Adres e-mail|amount Wartość zamówienia|shipping Koszt dostawy|tax Kwota VAT|"
    "currency Waluta|status Status zamówienia|consent Zgoda marketingowa|phone Numer telefonu",
    "pl: paragony": "order Nr paragonu|refund Rodzaj dokumentu|date Data sprzedaży|time Godzina|customer ID klienta|"
    "product Nazwa towaru|category Grupa towarowa|quantity Ilość|unit_price Cena jednostkowa|unit_cost Cena zakupu|"
    "discount Kwota rabatu|amount Wartość netto|channel Kanał sprzedaży",
    "sv: ordrar": "order Ordernummer|date Beställningsdatum|customer Kundnr|first_name Förnamn|last_name Efternamn|"
    "email E-postadress|amount Ordersumma|shipping Fraktkostnad|tax Moms|currency Valuta|status Betalstatus|"
    "refunded Återbetalt belopp|consent Nyhetsbrev|phone Mobilnr",
    "sv: kvitton": "order Kvittonr|refund Kvittotyp|line Rad|date Köpdatum|time Klockslag|customer Kund-id|"
    "product Artikelnamn|category Varugrupp|quantity Antal|unit_price À-pris|unit_cost Inköpspris|"
    "discount Rabattbelopp|amount Radbelopp|channel Butik",
    "da: ordrer": "order Ordrenummer|date Ordredato|customer Kundenr.|first_name Fornavn|last_name Efternavn|"
    "email E-mailadresse|amount Samlet beløb|shipping Fragt|tax Momsbeløb|currency Valuta|status Ordrestatus|"
    "consent Nyhedsbrev|phone Tlf.nr.|refunded Refunderet beløb",
    "da: linjer": "order Fakturanr.|refund Bilagstype|line Linjenr.|date Fakturadato|customer Kundenummer|"
    "product Varenavn|category Varegruppe|quantity Antal stk.|unit_price Stykpris|unit_cost Kostpris|"
    "discount Rabatbeløb|amount Linjebeløb|channel Salgskanal",
    "no: ordrer": "order Ordrenr|date Bestillingsdato|customer Kundenr|first_name Fornavn|last_name Etternavn|"
    "email E-postadresse|amount Sum inkl. mva|shipping Frakt|tax Mva-beløp|status Betalingsstatus|"
    "cancelled Kansellert dato|consent Samtykke markedsføring",
    "no: linjer": "order Bongnr.|refund Transaksjonstype|date Kjøpsdato|time Klokkeslett|customer Kunde-ID|"
    "product Varetekst|quantity Antall|unit_price Pris eks. mva|unit_cost Innkjøpspris|discount Linjerabatt|"
    "amount Linjesum|channel Butikknavn",
    "fi: tilaukset": "order Tilausnumero|date Tilauspäivä|customer Asiakasnumero|first_name Etunimi|"
    "last_name Sukunimi|email Sähköposti|amount Loppusumma|shipping Toimituskulut|tax ALV|currency Valuutta|"
    "status Tilauksen tila|consent Markkinointilupa|phone Puhelinnumero",
    "fi: rivit": "order Kuittinumero|refund Tapahtumatyyppi|line Rivinumero|date Pvm|time Kellonaika|"
    "customer Asiakastunnus|product Tuotenimi|category Tuoteryhmä|quantity Kpl|unit_price Yksikköhinta|"
    "unit_cost Ostohinta|discount Alennus|amount Rivisumma|channel Myymälä",
    "cs: objednávky": "order Číslo objednávky|date Datum vytvoření|customer ID zákazníka|first_name Jméno|"
    "last_name Příjmení|email E-mailová adresa|amount Celková cena|shipping Cena dopravy|tax DPH|currency Měna|"
    "status Stav objednávky|cancelled Datum storna|phone Telefon",
    "cs: doklady": "order Číslo dokladu|refund Druh dokladu|line Číslo řádku|date Datum vystavení|"
    "customer Kód odběratele|product Název zboží|category Skupina zboží|quantity Množství|unit_price Cena za kus|"
    "unit_cost Nákupní cena|discount Sleva|amount Celkem bez DPH|channel Prodejna",
    "sk: objednávky": "order Číslo objednávky|date Dátum objednávky|customer Číslo zákazníka|last_name Priezvisko|"
    "first_name Krstné meno|email E-mail|amount Celková suma|shipping Poplatok za dopravu|tax Suma DPH|"
    "currency Mena|status Stav objednávky|phone Telefónne číslo",
    "sk: riadky": "order Číslo faktúry|refund Druh dokladu|date Dátum predaja|customer Kód odberateľa|"
    "product Názov tovaru|category Skupina tovaru|quantity Počet kusov|unit_price Jednotková cena|"
    "unit_cost Nákupná cena|discount Zľava|amount Spolu bez DPH|channel Predajňa",
    "hu: rendelések": "order Rendelésszám|date Rendelés dátuma|customer Vevőkód|last_name Vezetéknév|"
    "first_name Keresztnév|email E-mail cím|amount Végösszeg|shipping Szállítási költség|tax ÁFA összege|"
    "currency Pénznem|status Rendelés állapota|consent Hírlevél|phone Telefonszám",
    "hu: tételek": "order Számla sorszáma|refund Bizonylat típusa|date Számla kelte|customer Ügyfél azonosító|"
    "product Megnevezés|category Termékcsoport|quantity Mennyiség|unit_price Egységár|unit_cost Beszerzési ár|"
    "discount Kedvezmény|amount Nettó érték|channel Értékesítési csatorna",
    "ro: comenzi": "order Număr comandă|date Data comenzii|customer Cod client|first_name Prenume|"
    "last_name Nume de familie|email Adresă email|amount Total comandă|shipping Cost transport|tax TVA|"
    "currency Monedă|status Stare comandă|consent Acord marketing|phone Număr telefon",
    "ro: linii": "order Nr. factură|refund Tip document|line Nr. linie|date Data facturii|customer ID client|"
    "product Denumire produs|category Categorie produs|quantity Cantitate|unit_price Preț unitar|"
    "unit_cost Preț achiziție|discount Reducere|amount Valoare fără TVA|channel Punct de lucru",
    "tr: siparişler": "order Sipariş No|date Sipariş Tarihi|customer Müşteri No|first_name Ad|last_name Soyad|"
    "email E-posta|amount Sipariş Tutarı|shipping Kargo Ücreti|tax KDV Tutarı|currency Para Birimi|"
    "status Sipariş Durumu|cancelled İptal Tarihi|consent Pazarlama İzni|phone Cep Telefonu",
    "tr: satırlar": "order FİŞ NO|refund FİŞ TÜRÜ|date TARİH|time SAAT|customer MÜŞTERİ KODU|product ÜRÜN ADI|"
    "category ÜRÜN GRUBU|quantity ADET|unit_price BİRİM FİYAT|unit_cost MALİYET|discount İSKONTO TUTARI|"
    "amount SATIR TUTARI|channel ŞUBE",
    "el: παραγγελίες": "order Αριθμός παραγγελίας|date Ημερομηνία παραγγελίας|customer Κωδικός πελάτη|"
    "name Ονοματεπώνυμο|amount Συνολικό ποσό|shipping Μεταφορικά|tax ΦΠΑ|status Κατάσταση|phone Τηλέφωνο",
    "el: είδη": "order Αρ. παραστατικού|refund Τύπος παραστατικού|date Ημ/νία|customer Πελάτης|"
    "product Περιγραφή είδους|quantity Ποσότητα|unit_price Τιμή μονάδας|discount Έκπτωση|amount Αξία",
    "ru: заказы": "order № заказа|date Дата заказа|customer Код клиента|first_name Имя|last_name Фамилия|"
    "email Электронная почта|amount Сумма заказа|shipping Стоимость доставки|tax НДС|currency Валюта|"
    "status Статус заказа|cancelled Дата отмены|phone Телефон",
    "ru: чеки": "order Номер чека|refund Тип операции|line № строки|date Дата чека|time Время|customer Карта клиента|"
    "product Номенклатура|category Группа товаров|quantity Кол-во|unit_price Цена за ед.|unit_cost Себестоимость|"
    "discount Сумма скидки|amount Сумма с НДС|channel Торговая точка",
    "ja: 注文": "order 注文番号|date 注文日時|customer 顧客ID|last_name 姓|first_name 名|email メールアドレス|"
    "amount 合計金額|shipping 送料|tax 消費税|status 注文ステータス|cancelled キャンセル日|consent メルマガ購読|"
    "phone 電話番号",
    "ja: 明細": "order 伝票番号|refund 取引区分|line 明細番号|date 売上日|customer 会員番号|product 商品名|"
    "category 部門名|quantity 数量|unit_price 単価|unit_cost 原価|discount 値引額|amount 金額（税抜）|channel 店舗名",
    "zh: 订单": "order 订单编号|date 下单时间|customer 客户编号|name 客户姓名|amount 订单金额|shipping 运费|"
    "status 订单状态|phone 手机号|product 商品名称|quantity 数量|unit_price 单价",
    "ko: 주문": "order 주문번호|date 주문일시|customer 고객번호|name 고객명|amount 결제금액|shipping 배송비|"
    "status 주문상태|phone 휴대폰번호|product 상품명|quantity 수량|unit_price 단가",
}  # fmt: skip
"""Headers as shops of each language write them, each after its meaning; a blank before one that nobody asks about."""


@pytest.mark.parametrize("export", EXPORTS)
def test_the_columns_of_an_export_are_told_by_their_headers(tmp_path: Path, export: str) -> None:
    pairs = [column.split(" ", 1) for column in EXPORTS[export].split("|")]
    found = seen(tmp_path, table({header: VALUES[meaning] for meaning, header in pairs}))
    assert found.mapping.columns() == {meaning: header for meaning, header in pairs if meaning}


def test_every_language_has_orders_and_lines() -> None:
    shapes = defaultdict(list)
    for export in EXPORTS:
        shapes[export[:2]].append(export)
    assert {language for language, rows in shapes.items() if len(rows) < 2} == {"zh", "ko"}  # these: both in one
    listed = {language for lists in _lists().values() for language in lists if language != "general"}
    assert listed == set(shapes)


# Near misses --------------------------------------------------------------------------------------------------

SURROUNDED = {"Kunde": "customer", "Bestellnummer": "order", "Bestelldatum": "date", "Betrag": "amount"}
TEXTS = {
    "weights": ["120", "300", "250"], "sums": ["1.25", "3.00", "2.50"], "places": ["Bonn", "Köln", "Bonn"],
    "codes": ["53111", "50667", "53111"], "people": ["Ina Fox", "Uli May", "Ina Fox"], "tills": ["1", "2", "1"],
    "days": ["2026-01-20", "2026-01-21", "2026-02-20"], "births": ["1980-03-01", "1975-07-12", "1980-03-01"],
    "words": ["new", "old", "new"], "notes": ["please ring twice", "", "at the back door"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("header", "texts"),
    [
        ("Order Weight", "weights"), ("Order Note", "notes"), ("Invoice Address", "places"),
        ("Receipt Printer", "words"), ("Customer City", "places"), ("Customer Segment", "words"),
        ("Customer Notes", "notes"), ("Cashier", "people"), ("Cust Type", "words"), ("Customer Status", "words"),
        ("Statut du client", "words"), ("Sales Rep", "people"), ("Ship date", "days"), ("Delivery Date", "days"),
        ("Due Date", "days"), ("Birth date", "births"), ("Zip", "codes"), ("Title of address", "words"),
        ("Return Reason", "notes"), ("Refund Note", "notes"), ("Kind of customer", "words"),
        ("Article Weight", "weights"), ("Kassierer", "people"), ("Kasse", "tills"), ("Postleitzahl", "codes"),
        ("Auftrag Bemerkung", "notes"), ("Anzahl Bestellungen bisher", "tills"), ("Lieferdatum", "days"),
        ("Geburtsdatum", "births"), ("Code postal", "codes"), ("Date de livraison", "days"),
        ("Date de naissance", "births"), ("Ville", "places"), ("Commande livrée par", "people"),
        ("Provincia", "places"), ("Fecha de entrega", "days"), ("Pedido preparado por", "people"), ("CAP", "codes"),
        ("Data di nascita", "births"), ("Cassiere", "people"), ("Postcode", "codes"), ("Leverdatum", "days"),
        ("Aantal regels", "tills"), ("Kassier", "people"), ("Kasa", "tills"), ("Kod pocztowy", "codes"),
        ("Data urodzenia", "births"), ("Data dostawy", "days"), ("Kasjer", "people"), ("Miasto", "places"),
        ("Zamówienie uwagi", "notes"), ("Liczba punktów", "tills"), ("Leveransdatum", "days"),
        ("Postort", "places"), ("Födelsedatum", "births"), ("Antal rader", "tills"), ("Leveringsdato", "days"),
        ("Postnr", "codes"), ("Fødselsdato", "births"), ("Kasserer", "people"), ("PSČ", "codes"),
        ("Datum narození", "births"), ("Datum splatnosti", "days"), ("Pokladní", "people"), ("Posta kodu", "codes"),
        ("Doğum tarihi", "births"), ("Teslim tarihi", "days"), ("Sipariş notu", "notes"),
        ("Почтовый индекс", "codes"), ("Дата рождения", "births"), ("Кассир", "people"),
        ("Заказ комментарий", "notes"), ("郵便番号", "codes"), ("生年月日", "births"), ("お届け日", "days"),
        ("担当者", "people"),
    ],
)  # fmt: skip
def test_a_header_that_only_looks_like_one_is_not_taken(tmp_path: Path, header: str, texts: str) -> None:
    found = seen(tmp_path, table({**{h: VALUES[of] for h, of in SURROUNDED.items()}, header: TEXTS[texts]}))
    assert found.mapping.columns() == {of: h for h, of in SURROUNDED.items()}
    alone = seen(tmp_path, table({header: TEXTS[texts], "Remarks": ["x", "y", "z"]})).guess
    assert [m for m, h in alone.mapping.columns().items() if h == header and alone.sure[m] >= BY_PART] == []


@pytest.mark.parametrize(
    ("headers", "meaning", "right"),
    [
        ({"Client": "name", "Code client": "customer"}, "customer", "Code client"),
        ({"Date": "date", "Date de commande": "date"}, "date", "Date de commande"),
        ({"Total": "amount", "Total línea": "amount"}, "amount", "Total línea"),
        ({"Data": "date", "Data zamówienia": "date"}, "date", "Data zamówienia"),
        ({"Nombre": "name"}, "name", "Nombre"),
        ({"Nombre": "quantity"}, "quantity", "Nombre"),
        ({"Nom": "name"}, "name", "Nom"),
        ({"Antal": "quantity"}, "quantity", "Antal"),
        ({"Pris": "unit_price", "Antal": "quantity"}, "unit_price", "Pris"),
        ({"Type": "refund"}, "refund", "Type"),
        ({"Product type": "category"}, "category", "Product type"),
        ({"Type": "refund", "Belegart": "refund"}, "refund", "Belegart"),
        ({"Item": "product", "Item count": "quantity"}, "product", "Item"),
        ({"№ заказа": "order"}, "order", "№ заказа"),
        ({"Nº de pedido": "order"}, "order", "Nº de pedido"),
        ({"N.° ordine": "order"}, "order", "N.° ordine"),
        ({"Statut": "status", "Etat": "channel"}, "status", "Statut"),
    ],
)  # fmt: skip
def test_a_header_that_says_more_comes_before_one_that_says_less(
    tmp_path: Path, headers: dict[str, str], meaning: str, right: str
) -> None:
    base = {"Kundennummer": "customer", "Rechnungsdatum": "date", "Umsatz": "amount"}
    base = {header: of for header, of in base.items() if of not in headers.values()}
    found = seen(tmp_path, table({header: VALUES[of] for header, of in {**headers, **base}.items()}))
    assert getattr(found.mapping, meaning) == right


# The list -----------------------------------------------------------------------------------------------------

TWO_MEANINGS = {
    ("date", "time"): {
        "ordertime", "transactiontime", "purchasetime", "tijdstip", "tidpunkt", "tidspunkt", "tilausaika", "idopont",
        "rendelesideje", "времязаказа", "时间",
    },
    ("quantity", "name"): {"nombre"},
    ("customer", "consent"): {"odberatel"},
}  # fmt: skip
"""Headers that the values have to tell apart: clocks from days, names from numbers, flags from ids."""


def _lists() -> dict[str, dict[str, list[str]]]:
    """The lists as they stand in the file, by meaning and tier, and language."""
    raw = tomllib.loads(files("segmentation.meaning.vocabulary").joinpath("meanings.toml").read_text(encoding="utf-8"))
    found = {}
    for meaning, lists in raw.items():
        found[meaning] = {language: entries for language, entries in lists.items() if language != "general"}
        found[f"{meaning}.general"] = lists.get("general", {})
    return found


def test_every_meaning_of_the_list_is_one_that_columns_can_have() -> None:
    proven = {"subtotal", "gift_sales", "total", "gross", "credit"}
    assert HEADER_WORDS.keys() == WHOLE_ONLY.keys() == MEANINGS.keys() - proven
    assert all(WHOLE_ONLY[meaning] <= set(words) for meaning, words in HEADER_WORDS.items())


def test_every_header_is_kept_as_headers_are_compared() -> None:
    assert [word for words in HEADER_WORDS.values() for word in words if plain(word) != word or not word] == []
    assert all(len(words) == len(set(words)) for words in HEADER_WORDS.values())


def test_the_lists_are_written_in_lower_case_and_without_repeats() -> None:
    entries = [(where, language, entry) for where, lists in _lists().items() for language in lists
               for entry in lists[language]]  # fmt: skip
    assert [one for one in entries if one[2] != one[2].lower()] == []
    assert len(entries) == len(set(entries))


def test_no_header_means_two_things_but_where_values_tell_them_apart() -> None:
    meanings: dict[str, list[str]] = defaultdict(list)
    for meaning, words in HEADER_WORDS.items():
        for word in {word.replace(" ", "") for word in words}:
            meanings[word].append(meaning)
    allowed = {word: set(pair) for pair, words in TWO_MEANINGS.items() for word in words}
    assert {word: set(found) for word, found in meanings.items() if len(found) > 1} == allowed


@pytest.mark.parametrize("meaning", HEADER_WORDS)
def test_every_meaning_speaks_most_languages(meaning: str) -> None:
    assert len(_lists()[meaning]) >= 15


@pytest.mark.parametrize(
    ("header", "folded"),
    [
        ("MwSt", "mw st"), ("PayPalFee", "pay pal fee"), ("orderID", "order id"), ("Åpris", "apris"),
        ("Łącznie", "lacznie"),
        ("SİPARİŞ NO", "siparis no"), ("TARIH", "tarih"), ("Tutarı", "tutari"), ("№ заказа", "no заказа"),
        ("Nº de pedido", "no de pedido"), ("金額（税抜）", "金額 税抜"), ("Количество (ШТ)", "количество шт"),
    ],
)  # fmt: skip
def test_headers_are_compared_without_case_accents_and_signs(header: str, folded: str) -> None:
    assert plain(header) == folded
