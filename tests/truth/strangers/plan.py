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
    pool = ORDER_DECOYS if kind.grain == "order" else (*LINE_DECOYS, "sku", "sku")
    decoys = tuple(dict.fromkeys(rng.sample(pool, rng.choice((0, 1, 2, 3, 4)))))
    states, refunds = rng.choice(kind.states), rng.choice(kind.refunds)
    if states in ("line_words", "cancel_words") and refunds == "word":
        refunds = "none"  # one column cannot say both
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
        discount=rng.choice(kind.discounts),
        cost=rng.choice(kind.costs),
        decoys=decoys,
        late=rng.random() < 0.06,
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
        question=question,
    )
