"""What a program writes about an order whatever its shape: who bought, how it stands, and columns beside the point."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from .ledger import Line, Order
from .people import Person, mail_spellings, phone_spellings
from .plan import Plan


class Desk:
    """Writes an order's own cells in the plan's notation. Whatever chance decides is decided once for an order."""

    def __init__(self, plan: Plan, rng: Random) -> None:
        self.plan = plan
        self.rng = rng
        self.notation = plan.notation
        self.tongue = plan.tongue
        pairs = [pair for pair in plan.tongue.yes_no if pair[0] != "1" or plan.refunds != "flag"]
        self.yes, self.no = rng.choice(pairs)
        self.word = {key: rng.choice(forms) for key, forms in {**plan.tongue.status, **plan.tongue.words}.items()}
        self.walk_in = rng.choice(plan.tongue.walk_in)
        self.no_mail = rng.choice(plan.tongue.no_mail)
        self.percent_sign = rng.choice(("", "", "%", " %"))
        self.minus_refunds = rng.random() < 0.25
        self.spell_mails = rng.random() < 0.4
        self.zeros = rng.random() < 0.5  # nothing refunded is a zero, not a missing value
        self.row = 0

    def blank(self, order: Order) -> str:
        """The word for nothing; a late file begins with empty cells."""
        return "" if self.plan.late and "late" not in order.extra else self.notation.nothing

    def no_day(self, order: Order) -> str:
        """A date that never came."""
        return "" if self.plan.late and "late" not in order.extra else self.notation.no_day()

    def who(self, order: Order) -> dict[str, str]:
        """The columns that tell the customer."""
        cells = self._nobody(order) if order.person is None else self._somebody(order, order.person)
        names = {
            "id": ("customer_id",),
            "email": ("email",),
            "phone": ("phone",),
            "name": ("customer",),
            "first_last": ("first_name", "last_name"),
            "id_name": ("customer_id", "customer"),
            "id_email_name": ("customer_id", "email", "customer"),
            "name_email": ("customer", "email"),
        }[self.plan.identity]
        return {name: cells[name] for name in names}

    def _somebody(self, order: Order, person: Person) -> dict[str, str]:
        typed = order.extra
        mail = mail_spellings(self.rng, person.email) if self.spell_mails else person.email
        return {
            "customer_id": person.number,
            "email": typed.setdefault("email", mail),
            "phone": typed.setdefault("phone", phone_spellings(self.rng, self.tongue, person.digits)),
            "customer": person.name,
            "first_name": person.first,
            "last_name": person.last,
        }

    def _nobody(self, order: Order) -> dict[str, str]:
        cells = dict.fromkeys(("customer_id", "email", "phone", "customer", "first_name", "last_name"), "")
        if self.plan.guests == "blank":
            return dict.fromkeys(cells, self.blank(order))
        alone = self.plan.identity
        match self.plan.guests:
            case "zero":
                cells["customer_id"] = "0"
            case "minus one":
                cells["customer_id"] = "-1"
            case "nines":
                cells["customer_id"] = "999999"
            case "zeros":
                cells["phone"] = "0000000000"
            case "mail":
                cells["email"] = self.no_mail
            case _:
                cells["first_name"] = cells["customer"] = self.walk_in
                if alone in ("id", "email", "phone"):
                    cells[{"id": "customer_id"}.get(alone, alone)] = self.walk_in
        return cells

    def state(self, order: Order, line: Line | None = None) -> dict[str, str]:
        """The columns that tell whether the order counts."""
        plan = self.plan
        cells: dict[str, str] = {}
        if plan.states == "words" or plan.refunds == "word":
            cells["status"] = self.word[order.state]
        elif plan.states == "cancel_words":
            cells["status"] = self.word["cancelled" if order.state == "cancelled" else "not_cancelled"]
        elif plan.states == "line_words" and line is not None:
            some = any(line.dead for line in order.lines)
            whole = "completed" if not some else "partly_cancelled" if order.alive else "cancelled"
            cells["status"] = self.word[whole]
            cells["line_status"] = self.word["cancelled" if line.dead else "shipped"]
        if plan.states == "cancelled_at":
            on = order.cancelled_on
            cells["cancelled_at"] = self.notation.moment(on) if on else self.no_day(order)
        return cells

    def refund(self, order: Order) -> dict[str, str]:
        """The columns that tell what was paid back."""
        if self.plan.refunds == "flag":
            return {"refunded_flag": self.yes if order.refund else self.no}
        if self.plan.refunds != "amount":
            return {}
        cents = int(order.extra.get("paid back", order.refund))
        if not cents:
            return {"refunded_amount": self.notation.amount(0) if self.zeros else self.blank(order)}
        return {"refunded_amount": self.notation.amount(-cents if self.minus_refunds else cents)}

    def consent(self, order: Order) -> dict[str, str]:
        """What the customer said about marketing."""
        name, person = self.plan.consent, order.person
        if name == "none":
            return {}
        agrees = person.agrees if person else None
        if name in ("unsubscribed_at", "subscribed_at"):
            said = agrees is (name == "subscribed_at") and person is not None
            return {name: self.notation.day(person.asked_on) if said and person else self.no_day(order)}
        if agrees is None:
            return {name: self.blank(order)}
        return {name: self.yes if agrees is (name == "newsletter") else self.no}

    def currency(self) -> dict[str, str]:
        """The currency's column."""
        return {"currency": self.tongue.currency} if self.notation.money == "column" else {}

    def when(self, order: Order, name: str = "date") -> dict[str, str]:
        """The order's moment."""
        return {name: self.notation.moment(order.moment)}

    def decoys(self, order: Order) -> dict[str, str]:
        """Columns beside the point, the same on each row of an order but for the row's own number."""
        chosen = self.plan.decoys
        person, extra = order.person, order.extra
        self.row += 1
        values = {
            "weight": extra.setdefault("weight", self.notation.number(self.rng.randrange(20, 900))),
            "rep": extra.setdefault("rep", f"R{self.rng.randrange(11, 16)}"),
            "ship_date": extra.setdefault("ship", self.notation.day(order.moment + timedelta(self.rng.randint(1, 6)))),
            "birth_date": self.notation.day(person.born) if person else "",
            "zip": person.zip_code if person else extra.setdefault("zip", f"{self.rng.randrange(10000, 99999)}"),
            "total_quantity": str(order.pieces),
            "items": str(len(order.lines)),
            "points": str(order.goods // 100),
            "card": person.card if person else extra.setdefault("card", f"{self.rng.randrange(1000, 9999)}"),
            "code": extra.setdefault("code", self.rng.choice(("", "", "", "SUN10", "HELLO", "VIP"))),
            "row_id": str(70000 + self.row),
            "store": extra.setdefault("store", self.rng.choice(self.tongue.shops)),
        }
        return {name: values[name] for name in chosen if name in values}

    def common(self, order: Order, line: Line | None = None) -> dict[str, str]:
        """Everything about the order that is no amount of its own."""
        return {
            "order": order.number,
            **self.when(order),
            **self.who(order),
            **self.state(order, line),
            **self.consent(order),
            **self.currency(),
        }
