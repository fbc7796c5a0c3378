"""What document and transaction types say, and what yes and no are in many languages."""

from __future__ import annotations

import pytest

from segmentation.meaning.vocabulary import flag_of, kind_of
from tests.segmentation.meaning.vocabulary.cases import listed

SAYS = {
    "sale": "Lasku|Kuitti|Számla|Nyugta|Factură|Factura fiscala|Bon fiscal|Τιμολόγιο|Απόδειξη λιανικής|"
    "Invoice|Sale|Tax Invoice|Sales Receipt|Receipt|charge|Order|Cash Sale|Invoice INV-2033|"
    "Express Checkout Payment|Website Payment|Rechnung|Verkauf|Website-Zahlung|Kassenbon|Bestellung|"
    "Rechnung 2024-17|Facture|Vente|Ticket de caisse|Factura|Venta|Factura simplificada|Pedido|Fattura|Vendita|"
    "Scontrino|Ricevuta fiscale|Fatura|Venda|Nota fiscal|Factuur|Verkoop|Kassabon|Faktura|Faktura VAT|Sprzedaż|"
    "Paragon|Försäljning|Kvitto|Salg|Salgsfaktura|Prodej|Účtenka|Daňový doklad|Satış|Satış faturası|Продажа|"
    "Кассовый чек|売上|請求書",
    "refund": "Sales credit|Sales credit note|Sales Credit Memo|Sales credit INV-12|Hyvityslasku|Palautus|"
    "Sztornó számla|Jóváíró számla|Factură storno|Notă de credit|Πιστωτικό τιμολόγιο|"
    "Gutschrift zu Rechnung 12|Storno zu RE-12|Avoir sur facture 12|Korekta faktury 12|Credit note|"
    "Credit Memo|credit_memo|CreditNote|Refund|Return|Sales Return|payment_refund|Chargeback|Refund for order 1001|"
    "Partial refund|CN|Gutschrift|Storno|Stornorechnung|Korrekturrechnung|Rechnungskorrektur|Retoure|Erstattung|"
    "Rückzahlung|Rueckzahlung|Avoir|Remboursement|Facture d'avoir|Nota de crédito|Abono|Factura rectificativa|"
    "Devolución|Reembolso|Nota di credito|Rimborso|Reso|Devolução|Estorno|Creditnota|Creditfactuur|Terugbetaling|"
    "Retour|Faktura korygująca|Korekta|Zwrot|Kreditfaktura|Kreditnota|Återbetalning|Refundering|Tilbagebetaling|"
    "Dobropis|Vratka|Opravný daňový doklad|İade|İade faturası|Satış iadesi|Возврат|Возврат товара|返品|返金",
    "payment": "Maksu|Befizetés|Încasare|Chitanță|Είσπραξη|"
    "Payment|Invoice payment|Payment of invoice 12|Customer Payment|Gift card redemption|Zahlung|"
    "Zahlungseingang|Paiement|Règlement|Pago|Cobro|Pagamento|Incasso|Betaling|Płatność|Wpłata|Betalning|Inbetalning|"
    "Indbetaling|Platba|Úhrada|Ödeme|Tahsilat|Оплата|入金",
    "payout": "payout|Payout|Withdrawal|General Withdrawal|Disbursement|Auszahlung|Abbuchung|Retrait|Retirada|"
    "Prelievo|Saque|Uitbetaling|Wypłata|Utbetalning|Udbetaling|Výplata|Para çekme|Выплата|出金",
    "fee": "stripe_fee|Fee|PayPal fee|Payment fee|Transaction fee|Shipping label|Gebühr|Provision|"
    "Frais de transaction|Comisión|Commissione|Taxa|Transactiekosten|Prowizja|Avgift|Gebyr|Poplatek|Komisyon|"
    "Комиссия|手数料",
    "transfer": "transfer|Transfer|Bank transfer|Top-up|Einzahlung|Überweisung|Virement|Transferencia|Bonifico|"
    "Transferência|Overboeking|Przelew|Överföring|Overførsel|Převod|Havale|Перевод|送金",
    "gift_card": "Gift card|Gift card sale|Geschenkgutschein|Carte cadeau|Tarjeta regalo|Buono regalo|Cadeaubon|"
    "Karta podarunkowa|Presentkort|Gavekort|Dárkový poukaz|Hediye kartı|ギフトカード",
    "test": "Test|Test order|Test sale|Training|Testbestellung|Prueba|テスト",
    "cancelled": "Void|Voided sale|Cancelled order|Cancelled invoice|Storniert|Annulée|Anulada|Annullato|"
    "Geannuleerd|Anulowane|Makulerad|Annulleret|Zrušeno|İptal|Отмена|取消",
    "shipping": "Shipping|Delivery|Order shipping|Versandkosten|Frais de port|Gastos de envío|Spedizione|Frete|"
    "Verzendkosten|Dostawa|Frakt|Fragt|Doprava|Kargo|Доставка|送料",
    "summary": "Total|Grand Total|Daily summary|Z-Report|Summe|Tagesabschluss|Sous-total|Suma|Totale|Totaal|Razem|"
    "Summa|I alt|Celkem|Toplam|Итого|合計",
    None: "Ennakkolasku|Díjbekérő|Előlegszámla|Aviz|Προσφορά|Ακυρωτικό|"
    "|Quote|Purchase order|Delivery note|Adjustment|Exchange|Credit|Refund reversal|Refund failure|"
    "Payment failed|Refund policy|Not a refund|Return request|Payment failure|Gift card refund|Angebot|Lieferschein|"
    "Keine Gutschrift|Devis|Avoirdupois|Presupuesto|Preventivo|Orçamento|Offerte|Oferta|Offert|Nabídka|Teklif|"
    "lorem ipsum|17|Salesforce|Returning|Invoiceable hours|Sale sign|Recharge|Stornoversicherung",
}  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), [(text, kind) for kind, texts in SAYS.items() for text in listed(texts)])
def test_a_type_says_what_a_speaker_of_its_language_reads(text: str, kind: str | None) -> None:
    assert kind_of(text) == kind


YES = "1|1.0|x|X|✓|☑|yes|Y|TRUE|t|on|Ja|J|wahr|oui|O|vrai|sí|si|S|verdadero|sì|vero|Sim|waar|tak|prawda|ano|evet|"
YES += "kyllä|да|Да|はい|有|あり|○"
NO = "0|0.0|✗|☐|no|N|FALSE|f|off|Nein|falsch|non|faux|falso|não|nao|nee|onwaar|nie|fałsz|nej|nei|ne|hayır|HAYIR|ei|"
"нет|"
NO += "いいえ|無|なし"


@pytest.mark.parametrize("text", listed(YES))
def test_yes_is_yes_in_every_language(text: str) -> None:
    assert flag_of(f" {text} ") is True


@pytest.mark.parametrize("text", listed(NO))
def test_no_is_no_in_every_language(text: str) -> None:
    assert flag_of(text) is False


@pytest.mark.parametrize("text", ["", "2", "maybe", "yes and no", "xx", "returned", "-", "none", "n/a", "Nora", "Jan"])
def test_what_is_neither_yes_nor_no_is_no_flag(text: str) -> None:
    assert flag_of(text) is None
