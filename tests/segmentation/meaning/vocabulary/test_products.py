"""Order lines that are no products, and products that are called nearly so."""

from __future__ import annotations

import pytest

from segmentation.meaning.vocabulary import row_of
from tests.segmentation.meaning.vocabulary.cases import listed

SAYS = {
    "shipping": "Versand (Deutschland)|Shipping to Germany|Envío estándar|Delivery - Royal Mail Tracked 48|"
    "Shipping|Standard Shipping|Shipping & Handling|Delivery fee|Postage and packing|Free shipping|Express delivery|"
    "DHL|DHL Paket|UPS Ground|Shipping (DHL Express)|Shipping 4.90|Versand|Versandkosten|Porto|Versandkosten (DHL)|"
    "Versand nach Deutschland|Standardversand|Porto und Verpackung|Versandkostenpauschale 4,90 €|Frais de port|"
    "Livraison|Livraison à domicile|Frais de livraison|Gastos de envío|Envío gratis|Portes|Spedizione|"
    "Spese di spedizione|Frete|Portes de envio|Taxa de entrega|Verzendkosten|Bezorgkosten|Dostawa|Koszt wysyłki|"
    "Przesyłka kurierska|Frakt|Fri frakt|Fragt|Levering|Doprava|Poštovné|Doprava zdarma|Kargo|Kargo ücreti|Доставка|"
    "送料",
    "gift_card": "Gift card|Gift Card $50|Gift voucher|E-Gift Card|Gift Card ABC-123|Geschenkgutschein|"
    "Gutschein 50 €|Gutschein im Wert von 50 EUR|Geschenkkarte|Carte cadeau|Bon cadeau 30€|Tarjeta regalo|"
    "Cheque regalo|Buono regalo|Vale-presente|Cartão presente|Cadeaubon|Cadeaukaart|Karta podarunkowa|"
    "Bon podarunkowy|Presentkort|Gavekort 500 kr|Dárkový poukaz|Hediye kartı|Hediye çeki|Подарочная карта|"
    "ギフトカード|Cadeaubon 25 euro|"
    "Gift card 25 euro|Lahjakortti 50 €|Ajándékkártya 5000 Ft|Darčekový poukaz|Card cadou",
    "coupon": "10% off|Coupon: welcome10|Coupon WELCOME5|Discount|Discount 10%|Promo code SUMMER|Order discount|"
    "Shipping discount|Rabatt|Rabatt 10 %|Rabattcode NEU5|Preisnachlass|Skonto|Remise|Remise 5 %|Code promo|"
    "Réduction|Descuento|Cupón|Sconto|Sconto 10%|Codice sconto|Desconto|Cupom|Korting|Kortingscode|Rabat|"
    "Kod rabatowy|Rabattkod|Rabatkode|Sleva|Slevový kód|İndirim|İndirim kuponu|Скидка|Промокод|クーポン|値引き",
    "tip": "Tip|Tips|Gratuity|Trinkgeld|Pourboire|Propina|Mancia|Gorjeta|Fooi|Napiwek|Dricks|Drikkepenge|Spropitné|"
    "Bahşiş|Чаевые|チップ",
    "fee": "Service charge|Handling fee|Service fee|COD fee|Surcharge|Servicegebühr|Bearbeitungsgebühr|"
    "Nachnahmegebühr|Mindermengenzuschlag|Frais de dossier|Éco-participation|Recargo|Contrassegno|Taxa de serviço|"
    "Servicekosten|Opłata manipulacyjna|Fakturaavgift|Gebyr|Dobírka|Kapıda ödeme ücreti|Hizmet bedeli|手数料",
    "deposit": "Deposit|Bottle deposit|Pfand|Flaschenpfand|Pfand 0,25|Consigne|Fianza|Cauzione|Statiegeld|Kaucja|"
    "Pant|Depozito|Залог|Pantti|Palackbetét|Depósito envase|Garanție ambalaj",
    "tax": "VAT|Sales tax|VAT 19%|Mehrwertsteuer|MwSt 19 %|TVA 20%|IVA|BTW|Podatek VAT|Moms|DPH|KDV|НДС|消費税",
    "total": "Total|Subtotal|Grand Total|Summe|Gesamtsumme|Zwischensumme|Sous-total|Total général|Suma|Totale|"
    "Totaal|Razem|Summa|I alt|Celkem|Toplam|Итого|合計",
}

PRODUCTS = listed(
    "|Shipping container toy|Travel tip book|Gift box|Total Body Workout DVD|Gift card holder wallet|Delivery bag|"
    "Discount store poster|Porto wine|Versandtasche|Rabattmarken-Album|Tip Top Shoes|DISCOUNT MUG|GIFT CARD HOLDER|"
    "Porto 10 years|Felt tip pen|Tax law handbook|Pfandflasche Deko|Service bell|Total station tripod|Express|"
    "Standard|Kargo pantolon|Cargo pants|Port wine glass|Postage stamp album|Delivery van model|Frachtschiff Modell|"
    "Gutscheinbuch|Gutscheinhülle|Carte cadeau étui|Free range eggs|Ground coffee|UPS|Hermes scarf|Rabbit|Tipi|"
    "Totally tea|Trinkgeldkasse|Propina box|Consigne bagages|Shipping forecast poster|Summer dress|"
    "Suma cum laude book|Tea|17|Vattenkanna|Pantalon|Pantry shelf|Deposit box key|International coffee|Paket|"
    "Premium tea|Livraison CD album|Euro pallet|Gift card box 2 euro|Pfandhaus Spiel|Garanție 2 ani"
)


@pytest.mark.parametrize(("text", "row"), [(text, row) for row, texts in SAYS.items() for text in listed(texts)])
def test_a_line_that_is_no_product_is_what_its_text_says(text: str, row: str) -> None:
    assert row_of(text) == row


@pytest.mark.parametrize("text", PRODUCTS)
def test_a_product_whose_name_has_such_a_word_stays_a_product(text: str) -> None:
    assert row_of(text) is None
