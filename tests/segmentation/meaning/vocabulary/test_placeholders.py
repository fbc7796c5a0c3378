"""Ids, names and addresses that stand for nobody, and customers who are called nearly so."""

from __future__ import annotations

import pytest

from segmentation.meaning.vocabulary import is_placeholder, placeholder
from tests.segmentation.meaning.vocabulary.cases import listed

SURE = listed(
    "Walk-in|walk in customer|WALKIN|Guest|guest checkout|Cash customer|Cash sale|Anonymous|Unknown|No name|N/A|"
    "n.a.|NA|None|NULL|null|nan|#N/A|-|--|?|...|Retail customer|Not provided|Guest 4711|guest-184|guest_18273|"
    "Walk-in 3|Cash Cash|Test Test|John Doe|Laufkunde|Laufkundschaft|Barverkauf|Barkunde|Kassenkunde|Gastbestellung|"
    "Unbekannt|k.A.|Max Mustermann|Client comptoir|client de passage|Vente comptoir|Invité|Anonyme|Client divers|"
    "Consumidor final|Cliente genérico|Público en general|Cliente mostrador|Venta mostrador|Sin nombre|"
    "Vendita al banco|Cliente occasionale|Senza nome|Cliente de balcão|Consumidor não identificado|Toonbankverkoop|"
    "Passant|Contante klant|Klient detaliczny|Gość|Brak|Kontantkund|Okänd kund|Kontantkunde|Ukendt|Gjest|Ukjent|"
    "Hotový zákazník|Neznámý|Perakende müşteri|Nihai tüketici|Misafir|Гость|Розничный покупатель|ゲスト|非会員|0|"
    "0.0|00000|-1|-1.0|000-000|000 000 000|xxxxx|XXX|-999|'0|noemail@shop.com|no-email@x.com|no_email@x.com|"
    "none@x.com|na@x.com|guest@x.com|walkin@x.com|walk-in@x.com|unknown@x.com|noreply@x.com|no-reply@x.com|"
    "anonymous@x.com|keine@web.de|kein-email@x.de|sinemail@x.es|sinCorreo@x.es|pasdemail@x.fr|pas-de-mail@x.fr|"
    "geen@x.nl|brak@x.pl|saknas@x.se|semail@x.pt|guest123@x.com|anybody@noemail.com|a.b@x.invalid|xxx@xxx.com"
)

MAYBE = listed(
    "Gast|Cash|Host|Private|Particulier|Particular|Privato|Kunde|Customer|Na|9999|99999|99999999|111111|-7|"
    "Unknown 3|test@x.com|shop@x.com|kunde@x.de|admin@x.com|Retail customer 17"
)

CUSTOMERS = listed(
    "Ann Lee|K-17|1234|17|100|10|9990|999|0017|1000|Anna Gast|Johnny Cash|Nina Bar|Guest House Ltd|Hostel Prague|"
    "Cashmere GmbH|Unknown Pleasures Records|Laufkunde Müller GmbH|Walker|Walkin Clinic Boston|Testa|Nadia|Nulla|"
    "Anonymous Coffee Co|Passanten Verlag|ann@x.com|anna.gast@x.de|noemie@x.fr|nora@x.com|guesthouse@x.com|"
    "nadine@x.com|info@x.com|testa@x.it|keiner@x.de|johnny.cash@x.com|a@example.com|customer 17|Kunde 4|"
    "Customer-00017|5e9f1c|山田花子"
)


@pytest.mark.parametrize("text", SURE)
def test_what_stands_for_nobody_is_surely_a_placeholder(text: str) -> None:
    assert placeholder(text) == "sure"
    assert is_placeholder(text)


@pytest.mark.parametrize("text", MAYBE)
def test_what_may_be_somebody_is_only_maybe_a_placeholder(text: str) -> None:
    assert placeholder(text) == "maybe"
    assert not is_placeholder(text)


@pytest.mark.parametrize("text", ["", "  ", *CUSTOMERS])
def test_a_customer_is_no_placeholder(text: str) -> None:
    assert placeholder(text) is None
