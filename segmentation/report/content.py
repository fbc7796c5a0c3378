"""What a report says, as plain values. Nothing here knows how it will look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from segmentation.campaigns import Plan
from segmentation.estimates import Unknown
from segmentation.revenue_change import Line

TOO_FEW = 10


@dataclass(frozen=True, slots=True)
class Kpi:
    """One headline figure: a label, the figure as text with its unit, and a line below (change, period, n)."""

    label: str
    figure: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSegment:
    """One segment. Shares are fractions; `colour` is the palette slot; `typical` is the typical customer in words.

    `share_of_revenue` is of all-time revenue, `share_of_period` of that of the report's period, if there is one.
    `differences`: up to three plain sentences, strongest first. `play`: what to do with them. A segment below
    `TOO_FEW` customers is shown with its size only, whatever else is filled in.
    """

    name: str
    colour: int
    customers: int
    share_of_customers: float
    share_of_revenue: float
    typical: str
    differences: tuple[str, ...]
    play: str
    share_of_period: float | None = None

    @property
    def few(self) -> bool:
        """Whether the segment is too small to be described without pointing at people."""
        return self.customers < TOO_FEW


@dataclass(frozen=True, slots=True)
class Why:
    """Why revenue changed: in a sentence, how new and returning customers share in it, and each part with its amount.

    beside: the change on another earlier period, "" where none is worth a look.
    """

    sentence: str
    mix: str
    lines: tuple[Line, ...]
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """Standardised differences from everyone, one row per segment, one value per feature; None where undefined."""

    features: tuple[str, ...]
    rows: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One line of the data ledger: rows and money; None where it has none. `level` 1 is a part of the line above."""

    label: str
    rows: int | None = None
    amount: Decimal | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Method:
    """What was done, in one or two sentences, and where it comes from."""

    title: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """A whole report. `summary` is the finding in a sentence or two; `settings` how the segments were made;
    `careful` what is wrong with taking silence for a customer's own wish, "" where nothing is; `period` the first and
    the last day of the headline figures; `why` why revenue of that period changed, None where there is nothing to
    compare with.

    `segments` and `heat.rows` go in the same order. `colours` of the campaign table are found by segment name.
    """

    shop: str
    first: date
    last: date
    as_of: date
    customers: int
    currency: str | None
    summary: str
    settings: str
    kpis: tuple[Kpi, ...]
    segments: tuple[ReportSegment, ...]
    heat: Heat | None
    plan: Plan | Unknown
    ledger: tuple[LedgerLine, ...]
    methods: tuple[Method, ...]
    fingerprint: str
    careful: str = ""
    period: tuple[date, date] | None = None
    why: Why | None = None
