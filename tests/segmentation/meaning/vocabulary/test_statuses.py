"""What statuses say, in many languages, with the near misses that a search for parts of words would get wrong."""

from __future__ import annotations

import pytest

from segmentation.meaning.vocabulary import status_of
from tests.segmentation.meaning.vocabulary.cases import listed

SAYS = {
    "sale": "Toimitettu|Lähetetty|Maksettu|Valmis|Käsittelyssä|Toimittamatta|Kiszállítva|Kézbesítve|Teljesítve|Fizetve|"
    "Feldolgozás alatt|Livrată|Livrat|Expediata|Încasată|Incasata|Finalizată|În procesare|Παραδόθηκε|Απεστάλη|"
    "Πληρωμένη|Ολοκληρώθηκε|ΟΛΟΚΛΗΡΩΘΗΚΕ|Σε επεξεργασία|"
    "Invoice paid|Rechnung bezahlt|Sent to customer|Completed with 10% discount|Paid 100%|Paid|paid|"
    "Completed|COMPLETE|Shipped|Delivered|Fulfilled|Closed|Processing|Invoiced|Partially shipped|"
    "partially_fulfilled|unfulfilled|Unshipped|Awaiting shipment|wc-completed|Paid via PayPal|Paid / Unfulfilled|"
    "Shipped - Delivered to Buyer|Order completed|succeeded|Bezahlt|Abgeschlossen|Versandt|In Bearbeitung|geliefert|"
    "Fertiggestellt|Erfolgreich|Komplett|Wird bearbeitet|Nicht versandt|Payée|Expédiée|Terminée|En cours|Livré|"
    "Pagado|Completado|Enviado|Procesando|Entregado|Pagato|Completato|Spedito|In lavorazione|Evaso|Pago|Concluído|"
    "Enviado|Em processamento|Entregue|Betaald|Afgerond|Verzonden|In behandeling|Voltooid|Opłacone|Zrealizowane|"
    "Wysłane|W trakcie realizacji|Betald|Slutförd|Skickad|Behandlas|Levererad|Betalt|Gennemført|Afsendt|Fullført|"
    "Levert|Zaplaceno|Dokončeno|Odesláno|Vyřízeno|Doručen|Ödendi|Tamamlandı|Kargoya verildi|Teslim edildi|Оплачен|"
    "Выполнен|Доставлен|完了|発送済み|支払い済み",
    "cancelled": "Peruttu|Peruutettu|Tilaus peruttu|Törölve|Lemondva|Sztornózva|Anulată|Anulata|"
    "Comandă anulată|Stornată|Ακυρώθηκε|Ακυρωμένη|"
    "Cancelled before shipping|VOID|CANCELED_BY_USER|Cancelled|canceled|CANCELLED|Voided|"
    "Cancelled by customer|Order cancelled|has been cancelled|Cancelled: customer changed mind|"
    "Cancelled - refund pending|Paid, cancelled|Canceled (out of stock)|Storniert|Bestellung storniert|"
    "vom Kunden storniert|Storno|Annulliert|Widerrufen|Annulée|Annulé par le client|Cancelado|Anulado|"
    "Pedido cancelado|Annullato|Cancellato|Annullato dal cliente|Cancelada|Cancelamento|Geannuleerd|"
    "Geannuleerd door klant|Anulowane|Anulowano|Avbruten|Makulerad|Annulleret|Kansellert|Zrušeno|Zrušena|Stornováno|"
    "İptal edildi|IPTAL|Отменён|Отменен|キャンセル|キャンセル済み|取消",
    "unpaid": "Odottaa maksua|Ei maksettu|Maksamaton|Fizetésre vár|Nem fizetett|Neplătită|Neachitat|"
    "Plată în așteptare|Εκκρεμεί πληρωμή|Απλήρωτη|"
    "Invoice unpaid|Rechnung unbezahlt|Pago no recibido|Unpaid|Not paid|not yet paid|Pending payment|"
    "pending_payment|Payment pending|Awaiting payment|Draft|Quote|Abandoned|Checkout|Incomplete|Queued|Skipped|"
    "requires_payment_method|Uncaptured|Not completed|Unpaid order|Nicht bezahlt|Noch nicht bezahlt|Unbezahlt|"
    "Zahlung ausstehend|Wartet auf Zahlung|Entwurf|Angebot|Unvollständig|Impayé|Non payé|En attente de paiement|"
    "Brouillon|Devis|Pendiente de pago|No pagado|Impagado|Borrador|In attesa di pagamento|Non pagato|Bozza|"
    "Pagamento pendente|Aguardando pagamento|Não pago|Rascunho|Onbetaald|Niet betaald|Wacht op betaling|Concept|"
    "Nieopłacone|Oczekuje na płatność|Szkic|Obetald|Ej betald|Väntar på betalning|Utkast|Ubetalt|Afventer betaling|"
    "Kladde|Nezaplaceno|Čeká na platbu|Ödeme bekleniyor|Taslak|Ödenmedi|Не оплачен|Ожидает оплаты|Черновик|未払い|"
    "支払い待ち|下書き",
    "failed": "Epäonnistui|Sikertelen|Elutasítva|Eșuată|Respinsă|Απέτυχε|Απορρίφθηκε|"
    "Failed|Payment failed|payment_failed|Declined|Error|Expired|Rejected|Denied|Failed (card declined)|"
    "Fehlgeschlagen|Zahlung fehlgeschlagen|Abgelehnt|Abgelaufen|Échouée|Échec|Refusée|Fallido|Rechazado|Fallito|"
    "Rifiutato|Falhou|Malsucedido|Recusado|Mislukt|Geweigerd|Nieudane|Odrzucone|Misslyckades|Nekad|Mislykkedes|"
    "Fejlet|Feilet|Selhalo|Zamítnuto|Neúspěšné|Başarısız|Reddedildi|Не удался|Отклонён|失敗|決済エラー",
    "refunded": "Palautettu|Hyvitetty|Visszatérítve|Visszaküldve|Rambursat|Returnată|Επιστράφηκε|Επιστροφή χρημάτων|"
    "Paid, then refunded|Geld erstattet|Zwrot środków|Refunded 100%|Refunded|Fully refunded|Returned|"
    "Chargeback|Charged back|Canceled - refunded|Refund|Full refund|Refund completed|Return processed|"
    "Delivered, returned|All items returned|Erstattet|Rückerstattet|Rueckerstattet|Retourniert|Retoure|Gutschrift|"
    "Zurückgesendet|Remboursée|Retourné|Remboursement|Reembolsado|Devuelto|Devolución|Rimborsato|Reso|Rimborso|"
    "Devolvido|Estornado|Reembolso|Terugbetaald|Geretourneerd|Retour|Zwrócone|Zwrot|Återbetald|Returnerad|Retur|"
    "Refunderet|Returneret|Tilbagebetalt|Refundert|Vráceno|Refundováno|İade edildi|İade|Возвращён|Возврат|返金済み|"
    "返品",
    "part": "Osittain palautettu|Részben visszatérítve|Parțial rambursat|Μερικώς επιστράφηκε|"
    "Refunded 50%|Partial return|3 of 5 items refunded|Partial chargeback|Partially refunded|"
    "partially_refunded|PartiallyRefunded|Partially cancelled|Partial refund|Partly returned|Refunded (partially)|"
    "Refunded in part|Completed, partially refunded|2 of 3 items returned|1 item cancelled|Teilstorniert|"
    "Teilerstattet|Teilweise erstattet|Teilweise storniert|Teilretoure|Partiellement remboursé|"
    "Remboursement partiel|Parcialmente reembolsado|Devolución parcial|Parzialmente rimborsato|Rimborso parziale|"
    "Estorno parcial|Gedeeltelijk terugbetaald|Deels geretourneerd|Częściowo zwrócone|Częściowy zwrot|"
    "Delvis återbetald|Delvist refunderet|Delvis refundert|Částečně vráceno|Kısmen iade edildi|Kısmi iade|"
    "Частично возвращён|一部返金",
    "test": "Test|Test order|Testbestellung|Commande test|Pedido de prueba|テスト",
    None: "Odottaa|Függőben|În așteptare|Σε αναμονή|"
    "Refund in progress|Shipped back by customer|Being returned|Returned? No|Partial|Retoure in Bearbeitung|"
    "Retour en cours|pending|Pending|On hold|on-hold|on_hold|Open|Authorized|Held|x7|17|-||Returned to sender|"
    "Refund pending|Refund requested|Return requested|Refund failed|Refund declined|Cancellation requested|"
    "Undelivered|Shipped, payment failed|Paid; refund declined|Delivered - refund requested|Partially paid|"
    "Exchanged|In Prüfung|Ausstehend|Offen|Retoure angemeldet|Erstattung beantragt|En attente|Remboursement demandé|"
    "Pendiente|En espera|In attesa|Reso richiesto|Pendente|Aguardando|Openstaand|In de wacht|Oczekujące|Wstrzymane|"
    "Väntande|Afventer|På vent|Pozastaveno|Beklemede|В ожидании|保留中|返金処理中|To be refunded|Will be cancelled|"
    "Zu erstatten|Refunded: no|Returned: 0|Cancelled?? no|lorem ipsum",
}  # fmt: skip

NOT_UNDONE = listed(
    "ei peruttu|nincs visszatérítés|nu a fost anulată|χωρίς επιστροφή|"
    "Not cancelled|Never returned|Not refunded|No refund|no return|Delivered, return window closed|Without return|"
    "Completed (no refund)|Paid, not cancelled|Neither cancelled nor refunded|Paid, cannot be cancelled|"
    "Shipped - return period expired|nicht storniert|Nicht retourniert|Keine Retoure|ohne Retoure|"
    "weder storniert noch erstattet|nicht storniert oder erstattet|bezahlt, keine Erstattung|sans retour|"
    "non remboursé|pas annulé|n'a pas été remboursé|aucun remboursement|no devuelto|sin devolución|no cancelado|"
    "non annullato|nessun rimborso|senza reso|não devolvido|sem devolução|niet geannuleerd|geen retour|"
    "nie anulowano|bez zwrotu|ej återbetald|inte returnerad|ikke refunderet|uden retur|ikke kansellert|bez vrácení|"
    "iptal edilmedi|iptal değil|iade yok|не отменён|без возврата|キャンセルなし|nezrušeno|nestornováno"
)

NEAR_MISSES = listed(
    "returning customer|Returning customers|Non-cancellable rate|Free cancellation|Avoid|Avoidance|Refundable|"
    "Non-refundable|Returnable|Prepayment plan|Paidal|Opened|Cancellation policy|Paid cancellation insurance|"
    "Store returned items credit|Testimonial|Attestation|Partners|Party|Nordic|Falsche Retourenadresse|"
    "Stornobedingungen|Versandkosten|Offenbach|Retourenlabel gedruckt"
)


def cases() -> list[tuple[str, str | None]]:
    return [(text, status) for status, texts in SAYS.items() for text in listed(texts)]


@pytest.mark.parametrize(("text", "status"), cases())
def test_a_status_says_what_a_speaker_of_its_language_reads(text: str, status: str | None) -> None:
    assert status_of(text) == status


@pytest.mark.parametrize("text", NOT_UNDONE)
def test_what_is_denied_undoes_no_sale(text: str) -> None:
    assert status_of(text) == "sale"


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_part_of_a_word_or_other_company_decides_nothing(text: str) -> None:
    assert status_of(text) is None


@pytest.mark.parametrize(("text", "status"), [case for case in cases() if case[0].isascii() and case[1]])
def test_case_blanks_and_hyphens_do_not_change_a_status(text: str, status: str | None) -> None:
    if not any(letter.isupper() for letter in text[1:]):
        assert status_of(f"  {text.upper()} ") == status
        assert status_of(text.lower().replace(" - ", " – ")) == status
