"""What one file is made of: its shape, and which traits of real exports it has."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from .notation import Notation, any_notation
from .tongues import CODES, Tongue, tongue

IDENTITIES = ("id", "email", "phone", "name", "first_last", "id_name", "id_email_name", "name_email")
CONSENTS = ("newsletter", "opt_out", "do_not_contact", "unsubscribed_at", "subscribed_at")
DISCOUNTS = ("line", "percent", "share", "per_unit")
LINE_DECOYS = ("weight", "rep", "ship_date", "birth_date", "zip", "card", "code", "row_id", "store")
ORDER_DECOYS = (*LINE_DECOYS, "total_quantity", "items", "points")
STATES = ("none", "words", "cancelled_at", "cancel_words")
QUESTIONS = ("date order", "decimal mark", "currencies")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a shape allows. `grain` is what a row is: an order or a line."""

    grain: str
    states: tuple[str, ...] = STATES
    refunds: tuple[str, ...] = ("none", "none", "amount", "flag", "word")
    discounts: tuple[str, ...] = ("none",)
    costs: tuple[str, ...] = ("none",)
    identities: tuple[str, ...] = IDENTITIES
    per_day: float = 0.6
    max_lines: int = 4
    charges: bool = False  # shipping, and where the shape has a column for it tax
    stranger: float = 0.3  # at most this share of the orders is nobody's


KINDS: dict[str, Kind] = {
    "order totals": Kind(grain="order", max_lines=3),
    "line totals": Kind(
        grain="line",
        states=("none", "words", "cancelled_at", "line_words"),
        refunds=("none", "none", "word", "flag"),
        discounts=("none", "none", *DISCOUNTS),
        costs=("none", "unit", "line"),
    ),
    "price times quantity": Kind(
        grain="line",
        states=("none", "words", "cancel_words", "line_words"),
        refunds=("none", "none", "word"),
        discounts=("none", *DISCOUNTS, *DISCOUNTS),
        costs=("none", "unit", "line"),
    ),
    "breakdown": Kind(
        grain="order", refunds=("none", "none", "amount", "word"), discounts=("none", "order", "order"), charges=True
    ),
    "total on each line": Kind(grain="either", states=("none", "words", "cancelled_at"), charges=True),
    "first line only": Kind(
        grain="either",
        states=("none", "words", "cancelled_at"),
        discounts=("none", "order"),
        costs=("none", "none", "unit", "line"),
        charges=True,
    ),
    "net and gross": Kind(grain="order", refunds=("none", "none", "word", "flag"), charges=True),
    "credit notes": Kind(
        grain="order",
        states=("none",),
        refunds=("rows",),
        identities=("id", "name", "id_name", "id_email_name", "name_email"),
    ),
    "refund rows": Kind(grain="order", states=("none", "cancelled_at"), refunds=("rows",)),
    "till receipts": Kind(
        grain="line",
        states=("none",),
        refunds=("none", "rows"),
        costs=("none", "line"),
        identities=("id", "name", "id_name", "phone", "name_email"),
        per_day=5,
        stranger=0.6,
    ),
    "parts as rows": Kind(
        grain="parts", states=("none", "words"), refunds=("none",), discounts=("none", "order"), charges=True
    ),
    "marketplace": Kind(grain="order"),
    "payments": Kind(
        grain="order",
        states=("words",),
        refunds=("none", "amount"),
        identities=("id", "email", "id_email_name", "name_email"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The traits of one file."""

    seed: int
    shape: str
    tongue: Tongue
    notation: Notation
    identity: str
    guests: str  # none, blank, or a kind of placeholder
    states: str
    refunds: str
    consent: str
    discount: str
    cost: str
    decoys: tuple[str, ...]
    late: bool
    variant: int
    question: str | None

    @property
    def kind(self) -> Kind:
        """What the shape allows."""
        return KINDS[self.shape]

    @property
    def features(self) -> tuple[str, ...]:
        """The traits by name, as the tables of outcomes list them."""
        notation = self.notation
        named = {
            "customer": self.identity,
            "guests": self.guests,
            "states": self.states,
            "refunds": self.refunds,
            "consent": self.consent,
            "discount": self.discount,
            "cost": self.cost,
            "money": notation.money,
            "date": notation.clock or notation.date,
            "separator": repr(notation.separator),
            "nothing": notation.nothing or "empty",
            "encoding": notation.encoding,
        }
        found = [f"{name}: {value}" for name, value in named.items() if value != "none"]
        found += [f"decoy: {name}" for name in self.decoys]
        found += ["zero dates"] if notation.zero_dates else []
        found += ["rare after row 800"] if self.late else []
        found += [f"minus {notation.minus}"] if notation.minus != "before" else []
        found += [f"open: {self.question}"] if self.question else []
        return tuple(found)


def _guests(rng: Random, identity: str) -> str:
    kinds = {
        "id": ("zero", "minus one", "nines", "walk-in"),
        "email": ("mail", "mail", "walk-in"),
        "phone": ("zeros", "walk-in"),
        "id_name": ("zero", "minus one", "walk-in"),
        "id_email_name": ("zero", "nines", "walk-in"),
    }.get(identity, ("walk-in",))
    return rng.choices(("none", "blank", rng.choice(kinds)), (4, 3, 4))[0]


def _seldom(rng: Random, options: tuple[str, ...], share: float) -> str:
    return rng.choice(options) if rng.random() < share else "none"


def any_plan(seed: int, rng: Random) -> Plan:
    """The plan of file number `seed`."""
    if rng.random() < 0.05:
        return _open_plan(seed, rng)
    shape = rng.choice(list(KINDS))
    kind = KINDS[shape]
    words = tongue(rng.choice(CODES))
    identity = rng.choice(kind.identities)
    sold_by_line = shape in ("line totals", "price times quantity")
    pool = ORDER_DECOYS if kind.grain == "order" else (*LINE_DECOYS, *(["sku", "sku"] if sold_by_line else []))
    decoys = tuple(dict.fromkeys(rng.sample(pool, rng.choice((0, 1, 2, 3, 4)))))
    states, refunds = rng.choice(kind.states), rng.choice(kind.refunds)
    if states in ("line_words", "cancel_words") and refunds == "word":
        refunds = "none"  # one column cannot say both
    variant = rng.randrange(60)
    discount = rng.choice(kind.discounts)
    if shape == "first line only" and variant % 3 == 0:
        discount = "none"  # it has no column for it
    return Plan(
        seed=seed,
        shape=shape,
        tongue=words,
        notation=any_notation(rng, words),
        identity=identity,
        guests=_guests(rng, identity),
        states=states,
        refunds=refunds,
        consent=_seldom(rng, CONSENTS, 0.6) if "email" in identity else "none",
        discount=discount,
        cost=rng.choice(kind.costs),
        decoys=decoys,
        late=rng.random() < 0.06,
        variant=variant,
        question=None,
    )


def _open_plan(seed: int, rng: Random) -> Plan:
    """A bare file that two careful people would read in two ways."""
    words = tongue(rng.choice(("en-US", "en-GB")))
    question = rng.choice(QUESTIONS)
    slashes = rng.choice(("{dd}/{mm}/{yyyy}", "{mm}/{dd}/{yyyy}"))
    notation = Notation(
        tongue=words,
        separator=",",
        decimal=".",
        group="",
        money="column" if question == "currencies" else "none",
        date=slashes if question == "date order" else "{yyyy}-{mm}-{dd}",
        clock=None,
        nothing="",
        zero_dates=False,
        encoding="utf-8",
        quote_all=False,
        line_end="\n",
    )
    return Plan(
        seed=seed,
        shape="order totals",
        tongue=words,
        notation=notation,
        identity=rng.choice(("id", "email")),
        guests="none",
        states="none",
        refunds="none",
        consent="none",
        discount="none",
        cost="none",
        decoys=(),
        late=False,
        variant=0,
        question=question,
    )
