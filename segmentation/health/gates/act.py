"""Gates of what plans a campaign."""

from __future__ import annotations

from collections.abc import Callable

from segmentation import formats
from segmentation.customers import Ground, ground
from segmentation.health.gates.verdicts import BUYERS_AGAIN, COMPARED_DAYS, MOSTLY, THIN, Gate, gate, verdict
from segmentation.health.measure import Coverage, Health
from segmentation.workspace import Statement

_CONSENT_THRESHOLD = f"Consent known for {formats.percent(MOSTLY)} of customers"
_CUSTOMER_LIST = "Import the customer list of the shop or of the mailing tool: it carries the consent."


def _campaign(health: Health) -> Gate:
    needed = 2 * COMPARED_DAYS
    return gate(
        verdict(enough=health.days >= needed and health.recent_buyers >= BUYERS_AGAIN, possible=health.days >= needed),
        key="campaign",
        name="Campaign plan with its baseline",
        screen="Campaign",
        threshold=f"{needed} days, and {BUYERS_AGAIN} customers who ordered in the last {COMPARED_DAYS}; "
        f"not possible below {needed} days",
        evidence=f"{formats.days(health.days)}; {formats.count(health.recent_buyers, 'customer')} ordered in the last "
        f"{COMPARED_DAYS} days.",
        costs="What customers do without a campaign is known roughly: the intervals of profit are wide."
        if health.days >= needed
        else "There is no baseline: nobody knows what customers do without a campaign.",
        next_step="Add the exports of earlier months."
        if health.days < needed
        else "Plan a longer window, or add newer orders.",
    )


def _margin(health: Health) -> Gate:
    share = float(health.costed / health.sold) if health.sold > 0 else 0.0
    return gate(
        verdict(enough=share >= MOSTLY, possible=share > 0),
        key="margin",
        name="Profit by margin",
        screen="Campaign",
        threshold=f"Unit costs for {formats.percent(MOSTLY)} of sales",
        evidence=f"Lines with a unit cost make {formats.percent(share)} of sales."
        if share
        else "No line has a unit cost.",
        costs="Margins are those of the lines that have a cost."
        if share
        else "Profit rests on a margin that you state, the same for every segment.",
        next_step="Export with a cost per item, or add one to the product list before exporting.",
    )


def consent(health: Health, stated: Statement | None = None) -> Gate:
    """Whether it is known who agreed; a basis that is `stated` lets one write where the files hold no consent."""
    coverage = health.coverage("asked")
    basis = ground(column=health.consent.column, refusals=health.consent.refused > 0, stated=stated)
    if basis.rule == "stated" and basis.stated is not None:
        return _on_a_basis(coverage, basis)
    return gate(
        verdict(enough=coverage.share >= MOSTLY, possible=coverage.filled > 0),
        key="consent",
        name="Contacting who agreed",
        screen="Campaign",
        threshold=_CONSENT_THRESHOLD,
        evidence=f"Known for {formats.percent(coverage.share)} of customers; {formats.number(health.agreed)} agreed."
        if coverage.filled
        else "No consent is known.",
        costs="Customers whose consent is unknown are not counted as reachable."
        if coverage.filled
        else "Everyone counts as reachable: check consent yourself before sending.",
        next_step=_CUSTOMER_LIST if health.consent.column else f"{_CUSTOMER_LIST} Or state on what basis you write.",
    )


def _on_a_basis(coverage: Coverage, ground: Ground) -> Gate:
    return gate(
        THIN,
        key="consent",
        name="Contacting who agreed",
        screen="Campaign",
        threshold=_CONSENT_THRESHOLD,
        evidence=f"{formats.count(coverage.filled, 'customer')} refused; of nobody it is known that they agreed."
        if coverage.filled
        else "No consent is known.",
        costs=ground.sentence,
        next_step=_CUSTOMER_LIST,
    )


def _past(health: Health) -> Gate:
    return gate(
        verdict(enough=health.campaigns > 0, possible=False),
        key="past_campaigns",
        name="Past campaigns for comparison",
        screen="Campaign",
        threshold="A campaign export of the mailing tool",
        evidence=f"{formats.count(health.campaigns, 'campaign')} imported.",
        costs="A plan's uplift cannot be held against what earlier campaigns were credited with.",
        next_step="Import the campaign export of the mailing tool into this shop.",
    )


ACT: tuple[Callable[[Health], Gate], ...] = (_campaign, _margin, consent, _past)
