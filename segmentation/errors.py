"""What can go wrong, said by the fact, the evidence and the next step.

Every error Tessera raises on purpose descends from `TesseraError`. The CLI turns one into a sentence and an
exit code (1: the data cannot answer, 2: a wrong call); the dashboard turns it into a message. The parts stay
available as attributes, so that nobody has to parse a sentence.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column of a file that could have a meaning, and what its values show."""

    meaning: str
    header: str
    evidence: str

    @property
    def option(self) -> str:
        """The option of the command line that chooses it."""
        return f"--column {shlex.quote(f'{self.meaning}={self.header}')}"


class TesseraError(Exception):
    """Base of the family: `fact` (what is so), `evidence` (how we know), `next_step` (what to do)."""

    exit_code = 1
    candidates: tuple[Candidate, ...] = ()
    """Columns that could be chosen instead, where the trouble is a column."""

    def __init__(self, fact: str, *, evidence: str = "", next_step: str = "") -> None:
        self.fact = fact
        self.evidence = evidence
        self.next_step = next_step
        super().__init__(" ".join(part for part in (fact, evidence, next_step) if part))

    @property
    def code(self) -> str:
        """A stable, machine-readable name for this kind of error, e.g. `unreadable_file`."""
        name = type(self).__name__
        return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))

    @property
    def answers(self) -> tuple[str, ...]:
        """Options of the command line each of which answers what is asked; none where nothing is."""
        return tuple(one.option for one in self.candidates)

    @property
    def parts(self) -> dict[str, object]:
        """The error for a program."""
        said: dict[str, object] = {"code": self.code, "fact": self.fact, "evidence": self.evidence}
        said["next_step"] = self.next_step
        if self.candidates:
            said["candidates"] = [
                {"meaning": one.meaning, "column": one.header, "evidence": one.evidence} for one in self.candidates
            ]
        return {**said, "answers": list(self.answers)} if self.answers else said


class DataError(TesseraError):
    """The data cannot answer the question."""


class CallError(TesseraError):
    """The question was asked in a way Tessera cannot take."""

    exit_code = 2


class UnreadableFile(DataError):
    """A file that is not delimited text, is empty, or has no usable rows."""

    def __init__(self, file: str, fact: str, *, evidence: str = "", next_step: str = "") -> None:
        self.file = file
        super().__init__(f"{file}: {fact}", evidence=evidence, next_step=next_step)


class MeaningMissing(DataError):
    """A column that the import cannot do without was not found among the headers."""

    def __init__(self, meaning: str, headers: Iterable[str], *, file: str = "", next_step: str = "") -> None:
        self.meaning = meaning
        self.headers = tuple(headers)
        listed = ", ".join(f"“{h}”" for h in self.headers[:12]) + (" …" if len(self.headers) > 12 else "")
        super().__init__(
            f"{file + ': ' if file else ''}No column looks like the {meaning}.",
            evidence=f"The file has {listed}.",
            next_step=next_step or f"Choose the {meaning} column in the mapping.",
        )


class NoBuyers(MeaningMissing):
    """No column of the file says who ordered; `instead` says which export of the same system does."""

    def __init__(self, headers: Iterable[str], *, file: str = "", instead: str = "") -> None:
        other = f"{instead}. Import that one" if instead else "export the orders with their customer or e-mail"
        super().__init__(
            "customer id or e-mail",
            headers,
            file=file,
            next_step=f"This export names no buyers: {other}, choose the column with --column customer=HEADER, or "
            "import it for its sales only with --no-customers.",
        )

    @property
    def answers(self) -> tuple[str, ...]:
        return (*super().answers, "--no-customers")


class NotOrders(DataError):
    """A file that holds something else than orders: customers, totals, products."""


class NeedsJoin(DataError):
    """A table that says something only together with another one."""


class DamagedIds(DataError):
    """Ids that a spreadsheet has rounded, so that different ones became one."""


class NoCalendar(DataError):
    """Days that are counted from a start that the file does not name."""


class AmbiguousReading(DataError):
    """The evidence allows several readings; `option` says in words which setting answers the question, `options` are
    the answers one by one."""

    def __init__(self, fact: str, *, readings: tuple[str, ...], option: str, options: tuple[str, ...] = ()) -> None:
        self.readings = readings
        self.option = option
        self.options = options
        super().__init__(
            fact,
            evidence=f"It can be read as {' or as '.join(readings)}.",
            next_step=f"Answer with {option}.",
        )

    @property
    def answers(self) -> tuple[str, ...]:
        return self.options


class OrdersChanged(AmbiguousReading):
    """A file has orders in another state than the dataset, and sales would change: which state counts?"""

    def __init__(self, *, orders: int, rows: int, revenue: Decimal, change: Decimal) -> None:
        super().__init__(
            f"The file has {orders:,} orders in another state than the shop: {rows:,} stored rows with a revenue of "
            f"{revenue:,.2f} would go, and the sales of these orders would change by {change:,.2f}.",
            readings=("the newer state, which takes the place of the stored one (replace)", "the stored state (keep)"),
            option="--replace or --keep",
            options=("--replace", "--keep"),
        )


def counted(number: int, what: str) -> str:
    """A number of things: “1 order”, “2 orders”."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def alike_customers(customers: int, owners: int) -> str:
    """How many customers of a file are how many that the shop has under other ids."""
    return f"{counted(customers, 'customer')} of the file {'is' if customers == 1 else 'are'} {owners:,} of the shop"


class CustomersChanged(AmbiguousReading):
    """A file has orders of the dataset under other customers: are they the same orders, or others?"""

    def __init__(self, *, orders: int, customers: int, owners: int, unknown: int, numbered: bool = True) -> None:
        alike = "the same number, day and amount" if numbered else "the same day and amount"
        new = f" {counted(unknown, 'further customer')} of the file {'is' if unknown == 1 else 'are'}"
        further = f"{new} known by no such order, and would count as new." if unknown else ""
        super().__init__(
            f"The file has {counted(orders, 'order')} that the shop has with {alike} under other "
            f"customers: {alike_customers(customers, owners)}.{further}",
            readings=(
                "the same orders, which stay with the shop's customers and count once (same-orders)",
                "other orders that happen to be alike, which are added (other-orders)",
            ),
            option="--same-orders or --other-orders",
            options=("--same-orders", "--other-orders"),
        )


class NotEnoughData(DataError):
    """Fewer customers, orders or days than the question needs."""

    def __init__(self, what: str, *, have: float, need: float, next_step: str = "") -> None:
        self.what = what
        self.have = have
        self.need = need
        super().__init__(
            f"There are too few {what}.",
            evidence=f"The data has {have:,.0f}; this needs at least {need:,.0f}.",
            next_step=next_step or "Add a longer or larger export.",
        )


class DatasetNotFound(CallError):
    """No dataset of that name in the workspace."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(known)
        near = get_close_matches(name, self.known, n=1)
        meant = f" Did you mean “{near[0]}”?" if near else ""
        have = "The workspace holds " + ", ".join(f"“{k}”" for k in self.known) + "." if self.known else ""
        super().__init__(
            f"There is no shop “{name}”.{meant}",
            evidence=have,
            next_step="Import a file first: tessera import FILE --dataset NAME." if not self.known else "",
        )


class FeatureNotFound(CallError):
    """A feature name that the catalogue does not have."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(known)
        near = get_close_matches(name, self.known, n=1)
        meant = f" Did you mean “{near[0]}”?" if near else ""
        super().__init__(f"There is no feature “{name}”.{meant}", evidence="Known: " + ", ".join(self.known) + ".")


class FeatureUnavailable(DataError):
    """A feature of the catalogue that this dataset cannot give."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(f"The feature “{name}” is not available for this shop.", evidence=reason)


class SettingOutOfRange(CallError):
    """A setting outside the values it may take."""

    def __init__(
        self, setting: str, value: object, *, low: object = None, high: object = None, allowed: Iterable[str] = ()
    ) -> None:
        self.setting = setting
        self.value = value
        self.low = low
        self.high = high
        self.allowed = tuple(allowed)
        shown = value.isoformat() if isinstance(value, date) else repr(value)
        room = f"one of {', '.join(self.allowed)}" if self.allowed else f"between {low} and {high}"
        super().__init__(f"The setting {setting} cannot be {shown}.", next_step=f"It must be {room}.")


class WrongCall(CallError):
    """A call that cannot be carried out as it was made (missing file, options that exclude each other)."""


class WorkspaceBroken(DataError):
    """Something on disk is missing, damaged or cannot be written."""


class WorkspaceNotFound(DataError):
    """There is no workspace where one was looked for, and what was asked for makes none."""

    def __init__(self, root: str) -> None:
        super().__init__(
            f"There is no workspace at {root}.",
            next_step="Name another folder with --workspace or TESSERA_HOME, or import a file, which makes one: "
            "tessera import FILE.",
        )


class VersionDamaged(WorkspaceBroken):
    """A version of a dataset whose files are not as they were written; `earlier` is the newest one before it that is
    whole, None where none is."""

    def __init__(self, dataset: str, number: int, file: str, what: str, *, earlier: int | None) -> None:
        self.dataset = dataset
        self.number = number
        self.file = file
        self.earlier = earlier
        if earlier is None:
            way_out = "Delete the shop and import its files again, or restore a backup."
        else:
            back = f"tessera versions {shlex.quote(dataset)} --use {earlier}"
            way_out = f"Go back to version {earlier} ({back}, or on the Import screen), then import what came later."
        super().__init__(f"Version {number} of “{dataset}” is damaged.", evidence=what, next_step=way_out)


class RegistryLost(WorkspaceBroken):
    """The list of shops is gone, empty or damaged; the shops themselves may still be there."""

    def __init__(self, root: str, what: str, *, shops: int) -> None:
        self.root = root
        self.what = f"The list of shops {what}."
        self.shops = shops
        on_disk = "1 shop is" if shops == 1 else f"{shops:,} shops are"
        super().__init__(
            f"The list of shops in {root} {what}.",
            evidence=f"{on_disk} on disk.",
            next_step="List them anew from what is stored with each: tessera verify --rebuild.",
        )


class NotLogged(WorkspaceBroken):
    """An entry of the audit log could not be written, so that what it tells of must not be done."""

    def __init__(self, what: str, evidence: str) -> None:
        super().__init__(
            f"The audit log could not be written ({what}).",
            evidence=f"The system says: {evidence}.",
            next_step="Check that audit.log in the workspace can be written and the disk has room, then try again.",
        )


class DiskFull(WorkspaceBroken):
    """The disk took no more while something was written: it is full, or the system sets a limit to what it takes.

    place: the folder that was written to.
    why: what there is no room for, as a sentence.
    free, need: bytes that are free on that disk, and that this takes; None where that is not known.
    """

    def __init__(
        self, fact: str, *, place: str, why: str, next_step: str, free: int | None = None, need: int | None = None
    ) -> None:
        self.place = place
        self.why = why
        self.free = free
        self.need = need
        super().__init__(fact, evidence=why, next_step=next_step)

    @property
    def parts(self) -> dict[str, object]:
        return {**super().parts, "place": self.place, "free_bytes": self.free, "needed_bytes": self.need}


class Cancelled(TesseraError):
    """The work was stopped on request; nothing was changed."""

    def __init__(self, what: str = "The work") -> None:
        super().__init__(f"{what} was cancelled; nothing was changed.")
