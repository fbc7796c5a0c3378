"""What a header proposes, word by word: never enough by itself, and sometimes enough to rule a meaning out."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from segmentation.meaning.vocabulary.headers import (
    basis,
    grain,
    in_cents,
    in_percent,
    is_cost,
    is_margin,
    never_customer,
    never_money,
    other_date,
    tokens,
)
from segmentation.meaning.words import HEADER_WORDS, WHOLE_ONLY, plain


@lru_cache(maxsize=16_384)
def says(header: str, meaning: str) -> bool:
    """Whether a word of the meaning is the header, or whole words of it."""
    name, whole = f" {plain(header)} ", WHOLE_ONLY[meaning]
    joined = name.replace(" ", "")
    return any(
        (word not in whole and f" {word} " in name) or word.replace(" ", "") == joined for word in HEADER_WORDS[meaning]
    )


def has(header: str, words: Iterable[str]) -> bool:
    """Whether the header has one of the words."""
    return bool(set(tokens(header)) & set(words))


def says_quantity(header: str) -> bool:
    """Whether a word of the header counts pieces, compounds such as “Retourmenge” among them."""
    return says(header, "quantity") or any(word.endswith(_PIECES) for word in tokens(header))


_PIECES = ("qty", "quantity", "menge", "anzahl", "aantal", "antal", "mængde", "mangd", "pieces", "pcs", "stuckzahl",
           "stuck", "quantite", "quantita", "cantidad", "quantidade", "ilosc", "mnozstvi", "adet", "数量")  # fmt: skip


def net(header: str) -> bool:
    """Whether the header says that amounts are without tax."""
    return basis(header) == "net"


def gross(header: str) -> bool:
    """Whether the header says that amounts are with tax."""
    return basis(header) == "gross"


def subtotal(header: str) -> bool:
    """Whether the header names a sum to which others are still added: “Subtotal”, “Zwischensumme”."""
    return has(header, _SUBTOTALS) or plain(header) in _SUBTOTALS


_SUBTOTALS = frozenset({"subtotal", "sub total", "zwischensumme", "warenwert", "sous total", "subtotale", "subtotaal",
                        "delsumma", "delsum", "mezisoucet", "ara toplam", "suma czesciowa", "valisumma",
                        "reszosszeg", "小計", "소계", "小计"})  # fmt: skip


def goods_cost(header: str) -> bool:
    """Whether the header names what goods cost the shop, compounds such as “Radkostnad” among them."""
    if is_cost(header):
        return True
    words = tokens(header)
    named = any(word.endswith(_COSTS) or word.startswith("原価") for word in words)
    return named and part_of(header) is None and not fee(header) and not is_margin(header)


_COSTS = ("kostnad", "kostnader", "kostpris", "inkopspris", "omkostning")


def cost(header: str) -> bool:
    """Whether the header names what goods cost the shop, or what it earned on them."""
    return goods_cost(header) or is_margin(header)


_FEES = frozenset({"fee", "fees", "surcharge", "tip", "tips", "handling", "gratuity", "gebuhr", "trinkgeld", "frais",
                   "propina", "commission", "kommission", "gebuhren", "gebyrer", "avgifter", "手数料", "poplatky",
                   "oplaty", "ucret", "ucreti", "bedel", "bedeli", "commissione", "comision", "comissao", "provision",
                   "commissie", "provize", "prowizja", "komisyon", "mancia", "toeslag", "avgift", "gebyr", "oplata",
                   "poplatek", "wrap", "insurance", "duties" })  # fmt: skip


def fee(header: str) -> bool:
    """Whether the header names a fee, a tip or the like."""
    return has(header, _FEES)


def whole_bill(header: str) -> bool:
    """Whether the header may name all that was paid: a total that says neither goods nor line, net nor gross."""
    if net(header) or grain(header) in {"line", "piece"}:
        return False
    return gross(header) or has(header, _BILL)


def total(header: str) -> bool:
    """Whether the header names a total of something, and nothing that it is of."""
    return has(header, _TOTALS) and grain(header) is None


_TOTALS = frozenset({"total", "totals", "totale", "totaal", "gesamt", "summe", "razem", "suma", "summa", "celkem",
                     "toplam", "合計", "итого", "paid", "charged"})  # fmt: skip
_BILL = frozenset({"total", "totals", "totale", "totaal", "gesamt", "gesamtbetrag", "summe", "gesamtsumme", "grand",
                   "paid", "bezahlt", "charged", "amount", "betrag", "montant", "importe", "importo", "bedrag",
                   "valor", "razem", "suma", "summa", "celkem", "toplam", "合計", "kwota", "belopp", "beløb"
                   })  # fmt: skip
_MONEY_WORDS = frozenset({"amount", "betrag", "value", "montant", "importe", "importo", "bedrag", "valor", "kwota",
                          "belopp", "usd", "eur", "gbp", "money" })  # fmt: skip


def says_money(header: str) -> bool:
    """Whether the header itself says that it is an amount of money: “Discount Amount”, “Rabattbetrag”."""
    return has(header, _MONEY_WORDS) or any(word in plain(header) for word in ("betrag", "amount", "bedrag"))


def cost_of(header: str) -> Literal["piece", "line"] | None:
    """Whether the header says that a cost is that of one piece or of the whole line."""
    said = grain(header)
    if said == "piece":
        return "piece"
    return "line" if said == "line" or has(header, _WHOLE) else None


_WHOLE = frozenset({"total", "goods", "cogs", "gesamt", "totale", "totaal", "sold", "wareneinsatz"})


_STEMS = {
    "discount" : ( "dto", "dcto", "rabatt", "rabat", "korting", "remise", "sconto", "descuento", "desconto",
    "discount", "slev", "indirim", "nachlass", "ermassigung", "alennus", "kedvezmeny", "reducere", "скидк", "値引",
    "割引", "zlav" ),
    "shipping" : ( "versand", "fracht", "verzend", "frakt", "fragt", "wysylk", "dostaw", "kargo", "doprav",
    "postovne", "porto", "shipping", "freight", "toimitus", "szallitas", "livrare", "envio", "spedizion", "доставк",
    "送料", "配送料" ),
    "tax" : ( "mwst", "steuer", "moms", "btw", "vat", "iva", "tva", "dph", "kdv", "ust", "podatek", "tax", "alv",
    "afa", "ндс", "消費税", "税額", "impuesto", "imposto", "imposta", "impot", "taxe", "belasting", "omzetbelasting",
    "skatt", "arvonlisavero", "vergisi", "налог" ),
}  # fmt: skip
_STRICT = frozenset({"vat", "iva", "tva", "ust", "afa", "alv", "tax", "btw", "dph", "kdv", "porto", "dto", "dcto"})
"""Stems that are words, and begin others too."""


def part_of(header: str) -> str | None:
    """Which amount beside the goods the header's words begin with: a compound or a form that no list holds."""
    found = tokens(header)
    if never_money(header) and not in_percent(header):
        return None
    for part, stems in _STEMS.items():
        for stem in stems:
            if any(_begins(word, stem) for word in found):
                return part
    return None


def _begins(word: str, stem: str) -> bool:
    """Whether a word is a stem or begins with it; words that are written without blanks may hold it anywhere."""
    return word == stem or (stem not in _STRICT and (word.startswith(stem) or (stem >= "\u3040" and stem in word)))


def share(header: str) -> bool:
    """Whether the header says that a number is a share: a factor or a rate, and is no name of a tax as a whole."""
    return plain(header) not in HEADER_WORDS["tax"] and any(
        word in _SHARES or word.endswith(("faktor", "factor", "anteil", "quote", "rate")) for word in tokens(header)
    )


_SHARES = frozenset({"share", "rate", "factor", "fraction", "ratio", "taux", "tasso", "tasa", "taxa", "part", "quota",
                     "andel", "udzial", "wspolczynnik", "podil", "sazba", "oran", "orani", "率" })  # fmt: skip


def code(header: str) -> bool:
    """Whether the header names a code, a number or a rate of something, no amount of it."""
    words = tokens(header)
    return any(word in _CODES or word.endswith(("code", "kod", "nummer", "satz", "nr")) for word in words)


_CODES = frozenset({"code", "kod", "kode", "codigo", "codice", "number", "no", "nr", "id", "method", "methode",
                    "name", "type", "typ", "class", "date", "address", "zip", "コード" })  # fmt: skip


def left_over(header: str) -> bool:
    """Whether the header names what refunds have left of a total: “Adjusted order total”, “Remaining amount”."""
    return has(header, _LEFT) and not fee(header)


_LEFT = frozenset({"adjusted", "remaining", "remainder", "verbleibend", "verbleibender", "restbetrag", "bereinigt",
                   "bereinigter", "ajuste", "ajustado", "restant", "rettificato", "rimanente", "restante", "ajustee",
                   "aangepast", "resterend", "skorygowana", "pozostala", "justerat", "justeret"})  # fmt: skip


def list_price(header: str) -> bool:
    """Whether the header names a price that goods are offered at, whatever was paid: “List price”, “Katalogpreis”."""
    words = tokens(header)
    return bool(set(words) & _LISTED) or any(word.startswith(("listen", "katalog", "catalog")) for word in words)


_LISTED = frozenset({"list", "listed", "rrp", "msrp", "uvp", "srp", "listino", "tarif", "lista", "tabela", "cennik",
                     "cennikowa", "ceniku", "cenikova", "listepris", "listpris", "ordinarie", "vejledende", "定価"
                     })  # fmt: skip


def piece(header: str) -> bool:
    """Whether the header says that an amount is that of one piece."""
    return grain(header) == "piece"


def about_delivery(header: str) -> bool:
    """Whether the header says how goods travel: that says nothing about money."""
    return has(
        header, {"fulfillment", "fulfilment", "shipping", "delivery", "versand", "liefer", "lieferstatus", "livraison"}
    )


__all__ = [
    "about_delivery", "code", "cost", "cost_of", "fee", "goods_cost", "grain", "gross", "has", "in_cents", "in_percent",
    "left_over", "net", "never_customer", "never_money", "other_date", "part_of", "piece", "says", "says_money",
    "share", "total", "whole_bill",
    ]  # fmt: skip
