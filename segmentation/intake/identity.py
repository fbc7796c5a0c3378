"""Who is one customer: an address with many ids, an id with many addresses, a phone number in many spellings."""

from __future__ import annotations

import pyarrow as pa

from segmentation.engine.importing.people import contact_ids_query
from segmentation.engine.importing.plan import ParsePlan
from segmentation.engine.reading import ImportConnection
from segmentation.meaning.people import same_phones
from segmentation.meaning.vocabulary.placeholders import is_placeholder
from segmentation.privacy import pseudonyms


def customers_of(connection: ImportConnection, plan: ParsePlan, key: bytes, known: dict[str, str]) -> pa.Table:
    """The customer of each contact of the file (columns contact, customer_id): an id that stands beside it, else the
    one it is known by, else a pseudonym; nobody for a contact that is nobody."""
    pairs = connection.run(contact_ids_query(plan))
    contacts = [str(contact) for contact in pairs.column("contact").to_pylist()]
    given = pairs.column("given").to_pylist()
    nobody = set(plan.guests)
    leaders = _joined([(c, g) for c, g in zip(contacts, given, strict=True) if g is not None and c not in nobody])
    different = list(dict.fromkeys(contacts))
    spelled = same_phones(different) if plan.known_by == "phone" else {}
    names = dict(zip(different, pseudonyms(key, [spelled.get(one, one) for one in different]), strict=True))
    nobody |= {one for one in different if one not in plan.not_guests and is_placeholder(one)}
    customers = [None if one in nobody else leaders.get(one) or known.get(one) or names[one] for one in different]
    return pa.table({"contact": pa.array(different, pa.string()), "customer_id": pa.array(customers, pa.string())})


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """For each contact the least id of all that hang together with it, over ids and contacts."""
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def top(one: tuple[str, str]) -> tuple[str, str]:
        while (above := parent.setdefault(one, one)) != one:
            parent[one] = parent[above]
            one = above
        return one

    for contact, given in pairs:
        one, other = top(("contact", contact)), top(("id", given))
        if one != other:
            parent[max(one, other)] = min(one, other)
    least: dict[tuple[str, str], str] = {}
    for _, given in pairs:
        root = top(("id", given))
        least[root] = min(least.get(root, given), given)
    return {contact: least[top(("contact", contact))] for contact, _ in pairs}
