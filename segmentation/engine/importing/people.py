"""Whom the rows of a file name: by what they are told, how they are reached, and whether they agreed to marketing."""

from __future__ import annotations

from segmentation.engine import casts
from segmentation.engine.duckdb import literal
from segmentation.engine.importing.plan import ParsePlan
from segmentation.engine.reading import select


def contact_ids_query(plan: ParsePlan) -> str:
    """Each contact of the file with each id that stands beside it (columns contact, given), NULL where none does."""
    assert plan.contact is not None
    return select(
        {"contact": plan.contact, "given": plan.given_customer},
        plan.table,
        where=f"{plan.contact} IS NOT NULL",
        distinct=True,
    )


def traces_query(plan: ParsePlan) -> str:
    """What each customer of the file may be told by: the address, the contact, the id of the file, and the customer
    these stand for (columns email, contact, given, customer), as often as they stand together in another way."""
    nothing = "CAST(NULL AS VARCHAR)"
    wanted = {
        "email": plan.email if plan.has("email") else nothing,
        "contact": plan.contact or nothing,
        "given": plan.given_customer,
        "customer": plan.customer,
    }
    return select(wanted, plan.keyed_table, where=f"({plan.customer}) IS NOT NULL", distinct=True)


def contacts_query(plan: ParsePlan) -> str:
    """Latest contacts of each customer and whether they agreed to marketing, with the time of their latest line. Who
    refused once has refused, whatever else is written."""
    names = ("email", "name", "phone")
    typed = select(
        {
            "customer_id": plan.customer,
            "email": plan.email if plan.has("email") else "CAST(NULL AS VARCHAR)",
            "name": plan.name,
            "phone": plan.text("phone"),
            "consent": agreed(plan),
            "ordered_at": plan.moment,
        },
        plan.keyed_table,
    )
    latest = {name: f"arg_max({name}, ordered_at) FILTER ({name} IS NOT NULL)" for name in names}
    return select(
        {"customer_id": "customer_id", **latest, "consent": "bool_and(consent)", "latest": "max(ordered_at)"},
        f"({typed})",
        where="customer_id IS NOT NULL AND ordered_at IS NOT NULL",
        group="customer_id",
    )


def agreed(plan: ParsePlan) -> str:
    """Whether a row says that its customer agreed to marketing: a refusal in any column before an agreement in any;
    NULL where none says anything clear."""
    said = [_answer(column, answers) for column, answers in plan.consents]
    if not said:
        return "CAST(NULL AS BOOLEAN)"
    none = " AND ".join(f"coalesce({one}, true)" for one in said)
    some = " OR ".join(f"{one} IS NOT NULL" for one in said)
    return f"CASE WHEN {some} THEN {none} END"


def _answer(column: str, answers: tuple[tuple[str, bool], ...]) -> str:
    """What the texts of a column say of consent; any text that is not listed says what “*” does, or nothing."""
    listed: dict[bool, list[str]] = {True: [], False: []}
    other = "NULL"
    for text, says in answers:
        if text == "*":
            other = str(says).lower()
        else:
            listed[says].append(text)
    whens = " ".join(
        f"WHEN trim({column}) IN ({', '.join(map(literal, texts))}) THEN {str(says).lower()}"
        for says, texts in listed.items()
        if texts
    )
    rest = f"WHEN {casts.text(column)} IS NOT NULL THEN {other}"
    return f"CAST(CASE {whens} {rest} END AS BOOLEAN)"


__all__ = ["agreed", "contact_ids_query", "contacts_query", "traces_query"]
