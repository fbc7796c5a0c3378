"""Consent: which way headers ask, for which channel, and that what is not clear is never taken for a yes."""

from __future__ import annotations

import pytest

from segmentation.meaning.vocabulary import agreed, channel, consent_of, polarity
from tests.segmentation.meaning.vocabulary.cases import listed

AGREES = listed(
    "Accepts Marketing|accepts_marketing|AcceptsMarketing|Newsletter|Opt-in|OptIn|email_opt_in|Opted in at|"
    "Email consent|Email Marketing Consent|Subscribed|Subscription status|Marketing|Mailing list|Einwilligung|"
    "Newsletter Anmeldung|Newsletter abonniert|Werbung erlaubt|Consentement|Abonné newsletter|"
    "Inscrit à la newsletter|Acepta marketing|Suscrito|Consentimiento|Boletín|Consenso marketing|"
    "Iscritto newsletter|Aceita newsletter|Assinante|Toestemming|Nieuwsbrief|Aangemeld|Zgoda marketingowa|Zapisany|"
    "Samtycke|Nyhetsbrev|Nyhedsbrev|Tilmeldt|Samtykke|Souhlas|Odběr novinek|İzin|SMS izni|Bülten|Согласие|Подписан|"
    "Рассылка|メルマガ|配信同意"
)
REFUSES = listed(
    "Do not contact|Do not contact?|Do-not-email|DoNotEmail|do_not_call|Opt-out|OptOut|Opted out|"
    "Newsletter opt-out|Unsubscribed|Unsubscribed at|Unsubscribe date|Not subscribed|No newsletter|No marketing|"
    "STOP|SMS STOP|Suppressed|Consent withdrawn|Werbewiderspruch|Widerruf|Widerrufen am|Abgemeldet|Abgemeldet am|"
    "Keine Werbung|Newsletter Abmeldung|Nicht kontaktieren|Werbesperre|Désabonné|Désinscrit|Désinscription|"
    "Ne pas contacter|Refus|Pas de publicité|Baja|Fecha de baja|No contactar|Cancelado newsletter|"
    "No enviar publicidad|Disiscritto|Non contattare|Revoca|Consenso revocato|Descadastrado|Não contatar|"
    "Uitgeschreven|Afgemeld|Geen reclame|Niet benaderen|Wypisany|Brak zgody|Nie kontaktować|Avregistrerad|"
    "Ingen reklam|Afmeldt|Avmeldt|Reservert mot reklame|Odhlášen|Odhlášeno|Nekontaktovat|Abonelikten çıktı|Отписан|"
    "Не звонить|配信停止|オプトアウト"
)
ASKS_NEITHER = listed(
    "Email|Phone|Customer|Bus stop|Stop name|Order status|Withdrawal fee|Baja California Sur|Refused deliveries|"
    "City|Consent source|Newsletter campaign|Cancelled at|Marketing channel|Removed items|Not unsubscribed|Contact|"
    "Postcode|Contacts|Nonstop|Stopover|Abonnementpreis|Widerrufsfrist Tage"
)


@pytest.mark.parametrize("header", AGREES)
def test_a_yes_under_a_header_of_consent_agrees(header: str) -> None:
    assert polarity(header) == "agrees"
    assert agreed(header, "yes") is True
    assert agreed(header, "no") is False


@pytest.mark.parametrize("header", REFUSES)
def test_a_yes_under_a_header_of_refusal_refuses(header: str) -> None:
    assert polarity(header) == "refuses"
    assert agreed(header, "yes") is False
    assert agreed(header, "2026-01-01") is False


@pytest.mark.parametrize("header", REFUSES)
def test_who_did_not_refuse_has_not_agreed(header: str) -> None:
    for cell in ("no", "0", "", "false", "opted in", "subscribed", "0000-00-00", "pending", "lorem ipsum"):
        assert agreed(header, cell) is None


@pytest.mark.parametrize("header", ASKS_NEITHER)
def test_a_header_of_something_else_asks_for_no_consent(header: str) -> None:
    assert polarity(header) is None
    assert agreed(header, "yes") is None


CHANNELS = {
    "email": "Email consent|Newsletter|Do-not-email|E-Mail Opt-in|email_opt_out|Nieuwsbrief|Nyhetsbrev|"
    "E-posta izni|Email Marketing Consent|Keine E-Mails|メルマガ",
    "sms": "SMS consent|SMS STOP|Accepts SMS Marketing|SMS izni|Do not text|Text message opt in",
    "phone": "Do not call|Phone opt-in|Nicht anrufen|Ne pas appeler|No llamar|Niet bellen|Не звонить|"
    "Telefon Einwilligung",
    "post": "Direct mail opt-out|Postal consent|Katalog Einwilligung|Courrier postal|Post opt in",
    None: "Accepts Marketing|Opt-in|Do not contact|Email and SMS consent|Consent|Abgemeldet",
}


@pytest.mark.parametrize(("header", "name"), [(h, name) for name, hs in CHANNELS.items() for h in listed(hs)])
def test_the_channel_is_the_one_that_the_header_names(header: str, name: str | None) -> None:
    assert channel(header) == name


GRANTED = listed(
    "subscribed|SUBSCRIBED|Opted in|opted_in|granted|Confirmed|double opt-in|Double opt-in confirmed|"
    "Customer subscribed|single_opt_in|consent given|abonniert|eingewilligt|angemeldet|erteilt|abonné|inscrit|"
    "suscrito|aceptado|iscritto|accettato|inscrito|aceito|aangemeld|ingeschreven|zapisany|prenumererar|tilmeldt|"
    "påmeldt|přihlášen|abone|подписан|購読中|同意"
)
DENIED = listed(
    "unsubscribed|UNSUBSCRIBED|not subscribed|Opted out|opted-out|withdrawn|"
    "revoked|declined|did not opt in|no consent|Unsubscribed by user on 3 May|spam complaint|Widerrufen|abgemeldet|"
    "nicht abonniert|nicht angemeldet|widersprochen|désabonné|désinscrit|non abonné|pas inscrit|desuscrito|"
    "dado de baja|no suscrito|disiscritto|revocato|non iscritto|descadastrado|não inscrito|uitgeschreven|afgemeld|"
    "niet aangemeld|wypisany|brak zgody|avregistrerad|ej godkänt|afmeldt|ikke tilmeldt|avmeldt|odhlášen|nesouhlasí|"
    "abonelikten çıktı|отписан|не подписан|配信停止|拒否"
)
NOT_CLEAR = listed(
    "|pending|bounced|cleaned|not set|double opt-in pending|Pending confirmation|unconfirmed|not confirmed|unknown|"
    "n/a|not unsubscribed|implied|legitimate interest|yes|1|maybe|subscribed to nothing|ausstehend|unbestätigt|"
    "en attente|pendiente|in attesa|pendente|beklemede|不明|subscribed and unsubscribed|abonniert?? vielleicht|"
    "lorem ipsum"
)


@pytest.mark.parametrize("text", GRANTED)
def test_a_word_of_agreement_speaks_for_itself(text: str) -> None:
    assert consent_of(text) is True
    assert agreed("Newsletter", text) is True


@pytest.mark.parametrize("text", DENIED)
def test_a_word_of_refusal_speaks_for_itself(text: str) -> None:
    assert consent_of(text) is False
    assert agreed("Newsletter", text) is False
    assert agreed("Opt-out", text) is False


@pytest.mark.parametrize("text", NOT_CLEAR)
def test_what_is_not_clear_is_no_consent(text: str) -> None:
    assert consent_of(text) is None


@pytest.mark.parametrize("cell", ["2026-01-01", "01.02.2026", "2026-01-01T10:00:00Z", "3 Jan 2026", "1767225600"])
def test_a_date_of_consent_is_consent(cell: str) -> None:
    assert agreed("Opt-in date", cell) is True
    assert agreed("Subscribed at", cell) is True
    assert agreed("Unsubscribed at", cell) is False


@pytest.mark.parametrize("cell", ["", "  ", "0000-00-00", "00.00.0000", "-", "pending", "17", "unknown"])
def test_no_date_of_consent_is_no_consent(cell: str) -> None:
    assert agreed("Opt-in date", cell) is None
    assert agreed("Unsubscribed at", cell) is None


def test_a_header_that_asks_neither_leaves_it_to_words_that_speak_for_themselves() -> None:
    assert agreed("Email status", "subscribed") is True
    assert agreed("Email status", "unsubscribed") is False
    assert agreed("Email status", "yes") is None
