"""Order files that are made up, so that every value in them is known: a small shop, written as some program would."""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

HEADERS = {
    "English": {
        "customer": ("Customer ID", "customer_id", "Customer"), "email": ("Email", "Customer Email"),
        "order": ("Order ID", "Order Number", "Invoice No"), "date": ("Order Date", "Date", "Created at"),
        "product": ("Product", "Item", "Description"), "amount": ("Line total", "Amount", "Total"),
        "quantity": ("Quantity", "Qty"), "unit_price": ("Unit price", "Price"), "currency": ("Currency",),
        "note": ("City",),
    },
    "German": {
        "customer": ("Kundennummer", "Kunde"), "email": ("E-Mail",), "order": ("Bestellnummer", "Auftragsnummer"),
        "date": ("Bestelldatum", "Datum"), "product": ("Artikel", "Bezeichnung"), "amount": ("Gesamtpreis", "Betrag"),
        "quantity": ("Menge", "Anzahl"), "unit_price": ("Einzelpreis", "Preis"), "currency": ("Währung",),
        "note": ("Ort",),
    },
    "French": {
        "customer": ("Numéro client", "Client"), "email": ("Adresse email",), "order": ("Numéro de commande",),
        "date": ("Date de commande",), "product": ("Produit", "Désignation"), "amount": ("Montant", "Montant total"),
        "quantity": ("Quantité",), "unit_price": ("Prix unitaire",), "currency": ("Devise",), "note": ("Ville",),
    },
    "Spanish": {
        "customer": ("Cliente", "Número cliente"), "email": ("Correo electrónico",), "order": ("Pedido",),
        "date": ("Fecha de pedido", "Fecha"), "product": ("Artículo", "Producto"), "amount": ("Importe",),
        "quantity": ("Cantidad",), "unit_price": ("Precio unitario",), "currency": ("Moneda",), "note": ("Ciudad",),
    },
    "Dutch": {
        "customer": ("Klantnummer", "Klant"), "email": ("E-mailadres",), "order": ("Bestelnummer",),
        "date": ("Besteldatum",), "product": ("Omschrijving",), "amount": ("Bedrag",), "quantity": ("Aantal",),
        "unit_price": ("Stukprijs",), "currency": ("Valuta",), "note": ("Plaats",),
    },
}  # fmt: skip
WORDS = {
    "English": "Green tea|Coffee mug|Sugar bowl|Linen apron|Oak shelf|Kettle|Blue lamp|Wool rug",
    "German": "Grüner Tee|Käsebrett|Müslischale|Schlüsselanhänger|Teelöffel groß|Öllampe|Kännchen|Brötchenkorb",
    "French": "Thé vert|Crème brûlée|Cafetière à piston|Théière émaillée|Pâte à crêpes|Bougie parfumée|Été indien",
    "Spanish": "Té verde|Cafetera pequeña|Lámpara de salón|Azúcar moreno|Jamón ibérico|Cuchillo de montaña|Señal",
    "Dutch": "Groene thee|Koffiekopje|Geëmailleerde pan|Ruïnekaars|Crèmekleurig servet|Theelicht|Drie kopjes",
    "Polish": "Zielona herbata|Żółty kubek|Łyżeczka|Świeca sojowa|Dzbanek na mleko|Ręcznik kąpielowy|Miód gryczany",
}
NASTY = (
    'He said "hi"', '"quoted"', 'ends in "', '5" pipe', "a,b;c\td|e", "two\nlines", "three\r\nmore\nlines",
    "cr\rinside",
    "<script>alert(1)</script>", "=1+1", "@sum(A1)", "O'Brien's", "'single'", "emoji 😀", "ends in \\",
    "C:\\new\\table",
    "1.234", "12,50", "2026-01-05", "31/12/2025 x", "Total", "Summe", "N/A", "NULL", "#REF!", "100 % cotton", ",", ";",
    " blanks ", "x" * 300, "line\u2028separator", "\x0bvertical", "tea; green", "tea, green", "''", "--", "-", "€ 5",
    "${{7*7}}", "Robert'); DROP TABLE lines;--", "ﬁne", "日本茶", "чай", "a  b", "null\tand tab", "Ünïcødé", "/* x */",
)  # fmt: skip
NOTHING = frozenset({"N/A", "NULL", "-", "--"})
"""What of these programs write where there is no value."""
MONEY_SIGNS = (
    ("", ""), ("", ""), ("", ""), ("$", ""), ("€ ", ""), ("£", ""), ("", " €"), ("", "\u00a0€"), ("", " EUR"),
    ("USD ", ""), ("CHF ", ""), ("", " kr"), ("", " zł"), ("R$ ", ""), ("", "€"), ("Fr. ", ""), ("US$", ""),
)  # fmt: skip
DATES = 2 * (
    "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S -0400", "%Y/%m/%d", "%Y%m%d",
    "%d.%m.%Y", "%d.%m.%y", "%d.%m.%Y %H:%M", "%-d.%-m.%Y", "%d/%m/%Y", "%d/%m/%y", "%d/%m/%Y %H:%M:%S", "%d-%m-%Y",
    "%m/%d/%Y", "%-m/%-d/%Y %H:%M", "%m/%d/%y", "%m/%d/%Y %I:%M %p", "%m-%d-%Y",
) + ("%d %b %Y", "%b %d, %Y", "%d-%b-%y", "%A, %d %B %Y %H:%M")  # fmt: skip
"""The formats of dates; those with names of months are rarer, and take longer to read."""
GROUPS = {".": ("", "", ",", " ", "'", "\u00a0", "’"), ",": ("", "", ".", " ", "\u00a0", "\u202f", "'")}
_LAST_DAY, _DAYS = datetime.fromisoformat("2026-11-20 09:30:15"), 900


@dataclass(frozen=True)
class Line:
    """What one row says. Without an order it is of the order “day”: all that its customer bought then; or “guest”."""

    customer: str | None
    order: str | None
    moment: datetime
    product: str | None
    amount: Decimal
    quantity: Decimal | None
    price: Decimal | None = None


@dataclass(frozen=True)
class Style:
    """How a program writes: `mark` and `group` are the decimal and the thousands mark, `signs` stand around amounts."""

    language: str = "English"
    words: str = "English"
    separator: str = ","
    quote: str = '"'
    quoting: str = "minimal"  # minimal, all, text
    escape: str = ""
    padded: bool = False
    ends: tuple[str, ...] = ("\n",)
    last_end: bool = True
    encoding: str = "utf-8"
    bom: bytes = b""
    mark: str = "."
    group: str = ""
    signs: tuple[str, str] = ("", "")
    minus: str = "-"  # -, ( or the sign after the number
    trimmed: bool = False  # 12.5 for 12.50
    dates: str = "%Y-%m-%d"

    def encodes(self, text: str) -> bool:
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            return False
        return True

    def money(self, amount: Decimal) -> str:
        digits = f"{abs(amount):.2f}"
        if self.trimmed:
            digits = digits.rstrip("0").rstrip(".")
        whole, _, cents = digits.partition(".")
        whole = re.sub(r"(?<=\d)(?=(\d{3})+$)", self.group, whole)
        text = self.signs[0] + whole + (self.mark + cents if cents else "") + self.signs[1]
        if amount >= 0:
            return text
        return {"(": f"({text})", "after": f"{text}-"}.get(self.minus, f"{self.minus}{text}")

    def count(self, quantity: Decimal) -> str:
        return ("-" if quantity < 0 else "") + re.sub(r"(?<=\d)(?=(\d{3})+$)", self.group, f"{abs(quantity):.0f}")

    def moment(self, moment: datetime) -> str:
        return moment.strftime(self.dates)

    def seen(self, moment: datetime) -> datetime:
        """The moment as far as this style writes it."""
        day = moment.replace(second=moment.second * ("%S" in self.dates), microsecond=0)
        return day if "%M" in self.dates else day.replace(hour=0, minute=0)

    def cell(self, text: str) -> str:
        marks = (self.separator, self.quote, "\n", "\r")
        needed = any(mark in text for mark in marks)
        if not (needed or self.quoting == "all" or (self.quoting == "text" and not re.fullmatch(r"[\d.,]*", text))):
            return text
        inner = text.replace(self.quote, (self.escape or self.quote) + self.quote)
        return f"{self.quote}{inner}{self.quote}"

    def row(self, cells: Sequence[str]) -> str:
        return (self.separator + " " * self.padded).join(map(self.cell, cells))


@dataclass
class Row:
    """A record to be written: its cells, or its whole `text`; what it says; and what may become of it.

    `fate`: "load", "aside", "either", or "none" where it is no row of the table. Loaded, it must be one of `truths`.
    `evidence`: it proves how the file is to be read, and stays whole.
    """

    cells: list[str]
    line: Line | None
    fate: str = "load"
    truths: tuple[Line, ...] = ()
    text: str | None = None
    evidence: bool = False


@dataclass
class Sheet:
    """A file to be: what its columns mean, their headers, its rows, what stands above them."""

    style: Style
    meanings: list[str]
    headers: list[str]
    rows: list[Row]
    personal: bool = False
    above: list[str] = field(default_factory=list)
    trailing: bool = False

    def of(self, meaning: str) -> list[int]:
        return [at for at, one in enumerate(self.meanings) if one == meaning]

    def data(self) -> list[Row]:
        return [row for row in self.rows if row.fate != "none"]

    def written(self, rng: random.Random) -> tuple[bytes, list[int]]:
        """The file, and the physical line on which each of its rows starts."""
        texts = [*self.above, self.style.row(self.headers) + self.style.separator * self.trailing]
        texts += [self.style.row(row.cells) if row.text is None else row.text for row in self.rows]
        ends = [rng.choice(self.style.ends) for _ in texts]
        if not self.style.last_end:
            ends[-1] = ""
        starts, text = [], ""
        for one, end in zip(texts, ends, strict=True):
            starts.append(len(text))
            text += one + end
        line_ends = [match.end() for match in re.finditer(r"\r\n|\r|\n", text)]
        starts = [bisect_right(line_ends, start) + 1 for start in starts]
        return self.style.bom + text.encode(self.style.encoding), starts[len(self.above) + 1 :]


def open_shop(rng: random.Random, style: Style, *, lines: int, nasty: bool = True, pool: str = "any") -> Sheet:
    """A shop with so many order lines, in a random order of columns. Every fourth row proves dates and decimals."""
    how = rng.choice(("amount", "amount", "price", "both"))
    known_by = rng.choice(("id", "id", "email")) if pool == "any" else pool
    meanings = ["customer", "order", "date", "product", "amount" if how == "amount" else "quantity"]
    meanings += {"amount": [], "price": ["unit_price"], "both": ["amount"]}[how]
    meanings += ["note"] * rng.choice((0, 0, 1))
    if style.signs == ("", "") and rng.random() < 0.3:
        meanings.append("currency")
    rng.shuffle(meanings)
    named = HEADERS[style.language]
    headers = [rng.choice(named["email" if m == "customer" and known_by == "email" else m]) for m in meanings]
    sheet = Sheet(style, meanings, headers, [], personal=known_by != "id")
    currency = rng.choice(("EUR", "USD", "GBP", "CHF"))
    offset = rng.randrange(4)
    for number, line in enumerate(_lines(rng, style, how, known_by, lines, offset, nasty)):
        cells = [_cell(rng, style, line, meaning, currency) for meaning in meanings]
        sheet.rows.append(Row(cells, line, truths=(line,), evidence=number % 4 == offset))
    return sheet


def _cell(rng: random.Random, style: Style, line: Line, meaning: str, currency: str) -> str:
    if meaning == "note":
        return rng.choice(("", "Ulm", "York", "San José" if style.encodes("é") else "San Jose"))
    if meaning == "currency":
        return currency
    if meaning == "date":
        return style.moment(line.moment)
    if meaning == "quantity":
        assert line.quantity is not None
        return style.count(line.quantity)
    if meaning in {"amount", "unit_price"}:
        value = line.amount if meaning == "amount" else line.price
        assert value is not None
        return style.money(value)
    return getattr(line, meaning) or ""


def _lines(
    rng: random.Random, style: Style, how: str, known_by: str, lines: int, offset: int, nasty: bool
) -> list[Line]:
    people = [_person(rng, known_by, number) for number in range(1, 1 + max(4, lines // 3))]
    name_order = rng.choice(("{}", "#{}", "A-{}", "{:06d}", "2026-{}", "R{}"))
    products = [word for word in WORDS[style.words].split("|") if style.encodes(word)]
    nasties = [text for text in NASTY if style.encodes(text) and not (style.escape and "\\" in text)]
    found: list[Line] = []
    order, left = 1_000, 0
    for number in range(lines):
        evident = number % 4 == offset
        if not left or evident:  # an order is of one day
            order, left = order + rng.randint(1, 3), rng.choice((1, 1, 2, 3))
            customer = None if rng.random() < 0.03 else rng.choice(people)
            moment = _moment(rng, style, evident)
        left -= 1
        product = rng.choice(nasties) if nasty and rng.random() < 0.35 else rng.choice(products)
        quantity = Decimal(rng.choice((1, 1, 1, 2, 3, 12, 1_000 if style.group else 10)))
        price = _price(rng, evident)
        if rng.random() < 0.06:
            quantity, price = (-quantity, price) if how != "amount" else (quantity, -price)
        amount = quantity * price if how != "amount" else price
        found.append(
            Line(
                customer,
                name_order.format(order),
                moment,
                product,
                amount,
                None if how == "amount" else quantity,
                price if how == "price" else None,
            )
        )
    return found


def _person(rng: random.Random, known_by: str, number: int) -> str:
    if known_by == "email":
        return f"{rng.choice(('anna', 'Bob.Smith', 'li_wei', 'zoe+shop'))}{number}@example.{rng.choice(('com', 'org'))}"
    return rng.choice((f"C{number}", f"{number:05d}", f"{number}E5", f"K-{number}", f"{number * 7919 + 10_007}"))


def _moment(rng: random.Random, style: Style, evident: bool) -> datetime:
    moment = _LAST_DAY - timedelta(days=rng.randrange(_DAYS), minutes=rng.randrange(1_000))
    if evident:  # no year of a shop's ends in 28 to 30, so two digits are a day too
        moment = moment.replace(day=rng.randint(28, 30), month=rng.choice((1, 3, 5, 6, 7, 10)))
    return style.seen(moment)


def _price(rng: random.Random, evident: bool) -> Decimal:
    if evident:
        return Decimal(100 * rng.randint(1, 60) + rng.randint(1, 99)) / 100
    kind = rng.random()
    if kind < 0.15:
        return Decimal(1_000 * rng.randint(1, 999))  # 12.000 looks like 12 in another country
    if kind < 0.3:
        return Decimal(rng.randint(100_000, 250_000_000)) / 100
    return Decimal(rng.randint(0, 30_000)) / 100
