"""Accounts of payment services in any language: what customers paid counts, before the fee; the shop's own money moves
without being a sale."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.errors import AmbiguousReading
from segmentation.meaning.mapping import Choices
from tests.segmentation.intake_files import contacts, lines, load

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Moved:
    """Money that moved on the account: the day, what it was, who else stands on the row, how much, and the fee."""

    day: int
    kind: str
    who: str
    amount: Decimal
    fee: Decimal = Decimal(0)


def person(at: int) -> str:
    return ["ada", "ben", "cleo", "dora", "emil", "finn"][at % 6] + "abcdefgh"[at % 30 // 6] + "o"


def account() -> list[Moved]:
    """Ninety payments of thirty people with a fee, some paid back, and five withdrawals of round sums."""
    rows: list[Moved] = []
    for at in range(90):
        amount = Decimal(1500 + 373 * at * at % 8000) / 100
        fee = -(amount * Decimal("0.029") + Decimal("0.35")).quantize(CENT)
        rows.append(Moved(at, "site" if at % 3 else "express", person(at), amount, fee))
        if at % 18 == 7:
            rows.append(Moved(at + 2, "refund", person(at), -amount))
        if at % 18 == 11:
            rows.append(Moved(at, "withdrawal", "", Decimal(-400)))
    return sorted(rows, key=lambda row: row.day)


def counted(rows: list[Moved], *kinds: str) -> Decimal:
    return sum((row.amount for row in rows if row.kind in kinds), Decimal(0)).quantize(CENT)


TRUTH = counted(account(), "site", "express", "refund")


def written(headers: str, words: dict[str, str], rows: list[Moved] | None = None, *, unsigned_fee: bool = False) -> str:
    """The account under headers like “day=Fecha;kind=Tipo;from=De;to=A”; words of kinds, each once or per kind."""
    named = dict(one.split("=") for one in headers.split(";"))
    lines, balance = [";".join(named.values())], Decimal(3000)
    for number, row in enumerate(rows or account()):
        net = row.amount + row.fee
        balance += net
        mail = f"{row.who}@mail.example" if row.who else ""
        cells = {"day": f"2026-{row.day // 28 + 1:02}-{row.day % 28 + 1:02}", "clock": "10:11:12",
                 "kind": words[row.kind], "name": f"{row.who.title()} Smith" if row.who else "",
                 "state": words["done"], "currency": "EUR",
                 "gross": f"{row.amount:.2f}", "fee": f"{-row.fee if unsigned_fee else row.fee:.2f}",
                 "net": f"{net:.2f}", "from": mail if row.amount > 0 else "shop@us.example",
                 "to": "shop@us.example" if row.amount > 0 else mail, "id": f"{number * 7919 % 99991:05}AB{number:03}",
                 "balance": f"{balance:.2f}"}  # fmt: skip
        lines.append(";".join(cells[one] for one in named))
    return "\n".join(lines) + "\n"


def kept(folder: Path, text: str, **more: object) -> Decimal:
    folder.mkdir(exist_ok=True)
    return load(folder, text, **more).ledger.revenue_kept.quantize(CENT)


SPANISH = ("day=Fecha;clock=Hora;name=Nombre;kind=Tipo;state=Estado;currency=Divisa;gross=Bruto;fee=Comisión;net=Neto;"
           "from=Correo electrónico del remitente;to=Correo electrónico del destinatario;id=Id. de transacción"
          )  # fmt: skip
SPANISH_WORDS = {"site": "Pago en sitio web", "express": "Pago de PayPal Express Checkout", "done": "Completado",
                 "refund": "Reembolso de pago", "withdrawal": "Retirada general"}  # fmt: skip
DUTCH = ("day=Datum;clock=Tijd;name=Naam;kind=Type;state=Status;currency=Valuta;gross=Bruto;fee=Kosten;net=Net;"
         "from=Van e-mailadres;to=Naar e-mailadres;id=Transactiereferentie")  # fmt: skip
DUTCH_WORDS = {"site": "Websitebetaling", "express": "Express Checkout-betaling", "done": "Voltooid",
               "refund": "Terugbetaling van betaling", "withdrawal": "Algemene opname"}  # fmt: skip
CASES = {
    "es": (SPANISH, SPANISH_WORDS),
    "nl": (DUTCH, DUTCH_WORDS),
    "pt": (("day=Data;clock=Hora;name=Nome;kind=Tipo;state=Status;currency=Moeda;gross=Bruto;fee=Tarifa;net=Líquido;"
           "from=Do endereço de e-mail;to=Para o endereço de e-mail;id=ID da transação"),
           {"site": "Pagamento de site", "express": "Pagamento do Checkout expresso", "done": "Concluído",
            "refund": "Reembolso de pagamento", "withdrawal": "Saque geral"}),
    "sv": (("day=Datum;clock=Tid;name=Namn;kind=Typ;state=Status;currency=Valuta;gross=Brutto;fee=Avgift;net=Netto;"
           "from=Från e-postadress;to=Till e-postadress;id=Transaktions-id"),
           {"site": "Webbplatsbetalning", "express": "Expressbetalning", "done": "Slutförd",
            "refund": "Återbetalning", "withdrawal": "Allmänt uttag"}),
    "pl": (("day=Data;clock=Godzina;name=Nazwa;kind=Typ;state=Stan;currency=Waluta;gross=Brutto;fee=Opłata;net=Netto;"
           "from=Z adresu e-mail;to=Na adres e-mail;id=Numer transakcji"),
           {"site": "Płatność w witrynie", "express": "Płatność ekspresowa", "done": "Zakończono",
            "refund": "Zwrot płatności", "withdrawal": "Wypłata ogólna"}),
    "it renamed": (("id=Codice;kind=Causale;net=Accreditato;fee=Trattenuta;gross=Incassato;to=Verso;from=Da;"
                   "day=Giorno;name=Controparte;balance=Saldo"),
                   {"site": "Vendita dal sito", "express": "Incasso rapido", "done": "",
                    "refund": "Rimborso", "withdrawal": "Prelievo"}),
    "fr, nobody's address": (("day=Date;clock=Heure;name=Nom;kind=Nature;gross=Brut;fee=Frais;net=Montant net;"
                             "id=Référence;balance=Solde"),
                             {"site": "Règlement en ligne", "express": "Règlement express", "done": "",
                              "refund": "Remboursement", "withdrawal": "Retrait"}),
    "unknown words": ("day=Fecha;name=Nombre;kind=Tipo;gross=A;fee=B;net=C;from=De;to=Para;id=Id",
                      {"site": "KX1", "express": "KX2", "done": "", "refund": "RX", "withdrawal": "WD"}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_customers_paid_counts_in_any_language(tmp_path: Path, case: str) -> None:
    headers, words = CASES[case]
    assert kept(tmp_path, written(headers, words)) == TRUTH


def test_a_fee_without_a_sign_is_taken_off_too(tmp_path: Path) -> None:
    headers, words = "day=Created;id=Id;kind=Type;name=Customer;gross=Amount;fee=Fee;net=Net", SPANISH_WORDS
    assert kept(tmp_path, written(headers, words, unsigned_fee=True)) == TRUTH


@pytest.mark.parametrize(("headers", "words"), [(SPANISH, SPANISH_WORDS), (DUTCH, DUTCH_WORDS)])
def test_payments_alone_count_before_the_fee(tmp_path: Path, headers: str, words: dict[str, str]) -> None:
    rows = [row for row in account() if row.amount > 0]
    assert kept(tmp_path, written(headers, words, rows)) == counted(rows, "site", "express")


def more(kind: str, who: str, *amounts: str, fee: str = "0") -> list[Moved]:
    """The account with further rows of a kind on four days."""
    added = [Moved(day, kind, who, Decimal(one), Decimal(fee)) for day in (5, 20, 40, 60) for one in amounts]
    return sorted([*account(), *added], key=lambda row: row.day)


WORDLESS = CASES["unknown words"]
SWEDISH = CASES["sv"]


@pytest.mark.parametrize(("headers", "words"), [(SPANISH, SPANISH_WORDS), SWEDISH, WORDLESS], ids=("es", "sv", "none"))
@pytest.mark.parametrize("amounts", [("-80.11", "75.20"), ("300",), ("-30", "30"), ("-25",)])
def test_money_of_nobody_is_no_sale(
    tmp_path: Path, headers: str, words: dict[str, str], amounts: tuple[str, ...]
) -> None:
    """An exchange of currencies, a deposit, a hold and its release, a monthly fee."""
    text = written(headers, {**words, "own": "Qvx 7"}, more("own", "", *amounts))
    assert kept(tmp_path, text) == TRUTH


def test_what_the_shop_pays_others_is_no_sale_of_the_same_kind(tmp_path: Path) -> None:
    for name, (headers, words) in {"es": (SPANISH, SPANISH_WORDS), "sv": SWEDISH, "none": WORDLESS}.items():
        assert kept(tmp_path / name, written(headers, words, more("site", "paper", "-210"))) == TRUTH


def test_an_unknown_kind_that_goes_to_others_is_asked_about(tmp_path: Path) -> None:
    headers, words = WORDLESS
    text = written(headers, {**words, "supplies": "SP"}, more("supplies", "paper", "-210"))
    with pytest.raises(AmbiguousReading) as asked:
        kept(tmp_path, text)
    assert {"--status SP=aside", "--status SP=refund"} <= {*asked.value.options}
    assert kept(tmp_path / "aside", text, choices=Choices(statuses=(("SP", "aside"),))) == TRUTH
    less = (TRUTH - 840).quantize(CENT)
    assert kept(tmp_path / "refund", text, choices=Choices(statuses=(("SP", "refund"),))) == less


def test_money_out_that_is_said_to_be_a_sale_counts_with_its_sign(tmp_path: Path) -> None:
    headers, words = WORDLESS
    text = written(headers, {**words, "supplies": "SP"}, more("supplies", "paper", "-210"))
    said = kept(tmp_path, text, choices=Choices(statuses=(("SP", "sale"),)))
    assert said == (TRUTH - 840).quantize(CENT)
    unknown = "day=created;id=id;kind=category;from=customer_email;gross=gross;fee=fee;net=net;currency=currency"
    words = {"site": "cobro en línea", "express": "cobro tarjeta", "refund": "reverso", "withdrawal": "liquidación"}
    text = written(unknown, {**words, "done": ""}, unsigned_fee=True).replace("shop@us.example", "")
    assert kept(tmp_path / "nobody", text, choices=Choices(statuses=(("reverso", "sale"),))) == TRUTH


@pytest.mark.parametrize("headers", [WORDLESS[0], SPANISH, DUTCH, CASES["fr, nobody's address"][0]])
@pytest.mark.parametrize("amounts", [("300",), ("75.20", "-80.11"), ("1000", "500")])
def test_without_kinds_money_that_comes_from_nobody_is_no_sale(
    tmp_path: Path, headers: str, amounts: tuple[str, ...]
) -> None:
    text = written(re.sub("kind=[^;]*;", "", headers), {**SPANISH_WORDS, "own": ""}, more("own", "", *amounts))
    assert kept(tmp_path, text) == TRUTH


def test_refunds_that_name_nobody_are_asked_about_where_no_word_is_known(tmp_path: Path) -> None:
    words = {"site": "cobro en línea", "express": "cobro tarjeta", "refund": "reverso", "withdrawal": "liquidación"}
    headers = "day=created;id=id;kind=category;from=customer_email;gross=gross;fee=fee;net=net;currency=currency"
    text = written(headers, {**words, "done": ""}, unsigned_fee=True).replace("shop@us.example", "")
    with pytest.raises(AmbiguousReading) as asked:
        kept(tmp_path, text)
    assert "--status reverso=refund" in asked.value.options
    assert kept(tmp_path / "told", text, choices=Choices(statuses=(("reverso", "refund"),))) == TRUTH


def test_without_kinds_money_that_goes_to_nobody_is_no_sale(tmp_path: Path) -> None:
    headers, words = WORDLESS
    assert kept(tmp_path, written(headers.replace("kind=Tipo;", ""), words)) == TRUTH


def test_what_is_paid_back_is_taken_off_its_customer(tmp_path: Path) -> None:
    """Refunds come from the shop's own address; whose they are stands on the other side."""
    wanted: dict[str, Decimal] = defaultdict(Decimal)
    for row in account():
        if row.who:
            wanted[row.who] += row.amount
    found: dict[str | None, Decimal] = defaultdict(Decimal)
    loaded = load(tmp_path, written(SPANISH, SPANISH_WORDS))
    for line in lines(loaded.version):
        found[line["customer_id"]] += line["amount"]
    assert None not in found
    assert sorted(found.values()) == sorted(wanted.values())
    assert "shop@us.example" not in {one["email"] for one in contacts(loaded.version)}


def test_a_discount_is_no_fee(tmp_path: Path) -> None:
    """The same sum as that of an account, in a list of orders with returns: what was paid is what is left."""
    headers = "id=Pedido;day=Fecha;name=Nombre;from=Correo;gross=Subtotal;fee=Descuento;net=Total"
    rows = [row for row in account() if row.kind != "withdrawal"]
    text = written(headers, dict.fromkeys(("site", "express", "refund", "done"), ""), rows).replace(
        "shop@us.example", ""
    )
    assert kept(tmp_path, text) == sum((row.amount + row.fee for row in rows), Decimal(0)).quantize(CENT)


def test_a_bank_statement_asks_what_it_does_not_know(tmp_path: Path) -> None:
    """Its balance proves it; no word says that money of customers is a sale, nor that a standing order is none."""
    rows = [Moved(row.day, row.kind, row.who, row.amount) for row in more("rent", "landlord", "-900")]
    words = {"site": "Gutschrift Überweisung", "express": "Echtzeitüberweisung", "refund": "Rücküberweisung",
             "withdrawal": "Barauszahlung", "rent": "Dauerauftrag", "done": ""}  # fmt: skip
    text = written("day=Buchungstag;name=Auftraggeber;kind=Buchungstext;gross=Betrag;balance=Saldo", words, rows)
    with pytest.raises(AmbiguousReading) as asked:
        kept(tmp_path, text)
    assert "--status 'Gutschrift Überweisung=sale'" in asked.value.options
    said = {"site": "sale", "express": "sale", "refund": "refund", "withdrawal": "aside", "rent": "aside"}
    told = Choices(statuses=tuple((words[kind], state) for kind, state in said.items()))
    assert kept(tmp_path / "told", text, choices=told) == TRUTH


def test_shipping_and_tax_inside_a_payment_are_no_revenue(tmp_path: Path) -> None:
    headers, words = CASES["nl"]
    first, *rest = written(headers, words).splitlines()
    at = first.split(";").index("Bruto")
    beside = [";4.00;1.25" if Decimal(line.split(";")[at]) > 0 else ";;" for line in rest]
    text = "\n".join([f"{first};Verzendkosten;Btw", *map("".join, zip(rest, beside, strict=True))]) + "\n"
    sales = sum(row.kind in {"site", "express"} for row in account())
    assert kept(tmp_path, text) == TRUTH - sales * Decimal("5.25")


def test_a_customers_ledger_with_a_balance_counts_invoices_and_no_payments(tmp_path: Path) -> None:
    """Invoices raise what is owed and payments lower it: the same sum as on the shop's own account."""
    rows: list[Moved] = []
    for row in account():
        if row.kind in {"site", "express"}:
            paid = Moved(row.day + 3, "paid", row.who, -row.amount)
            rows += [Moved(row.day, "site", row.who, row.amount), *([paid] if row.day % 4 else [])]
    words = {"site": "Invoice", "paid": "Payment", "done": ""}
    text = written(
        "day=Date;id=Number;kind=Type;name=Customer;gross=Amount;balance=Balance",
        words,
        sorted(rows, key=lambda row: row.day),
    )
    assert kept(tmp_path, text) == counted(rows, "site")


BALANCE_ONLY = (
    "day=Date;id=Transaction;name=Customer;gross=Amount;balance=Balance",
    "day=Datum;id=Beleg;name=Kunde;gross=Betrag;balance=Saldo",
    "day=Fecha;name=Cliente;gross=Importe;balance=Saldo",
    "day=p1;name=Name;gross=p3;balance=p4",
)


@pytest.mark.parametrize("headers", BALANCE_ONLY)
@pytest.mark.parametrize("amounts", [("300",), ("75.20", "-80.11"), ("1000",)])
def test_on_an_account_with_a_balance_only_too(tmp_path: Path, headers: str, amounts: tuple[str, ...]) -> None:
    free = [replace(row, fee=Decimal(0)) for row in more("own", "", *amounts)]
    assert kept(tmp_path, written(headers, {**SPANISH_WORDS, "own": ""}, free)) == TRUTH


@pytest.mark.parametrize("headers", BALANCE_ONLY)
def test_many_sales_to_nobody_on_such_an_account_count(tmp_path: Path, headers: str) -> None:
    rows = [
        replace(row, fee=Decimal(0), who="" if row.amount > 0 and row.day % 4 == 1 else row.who) for row in account()
    ]
    assert kept(tmp_path, written(headers, SPANISH_WORDS, rows)) == TRUTH
