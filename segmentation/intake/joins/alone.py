"""Why a table that came alone is no table of orders: a part of a shop's tables, or a list of something else."""

from __future__ import annotations

from collections.abc import Iterable

from segmentation.errors import DataError, MeaningMissing, NeedsJoin, NotOrders
from segmentation.meaning import hints
from segmentation.meaning.candidates import numbers_of_no_meaning
from segmentation.meaning.guessing import Guess
from segmentation.meaning.interpret import refuse_customers
from segmentation.meaning.mapping import Mapping
from segmentation.meaning.platforms import Platform
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.proposals import BY_VALUES
from segmentation.meaning.tables import buyers, may_be_key, meanings_of, money, naming_column, order_date

_ID = 0.98


def refusal(problem: MeaningMissing, table: TableProfile, guess: Guess, name: str) -> DataError:
    """What to say of a table in which `problem` is missing: that it needs others, that it holds no orders, or that."""
    mapping = guess.mapping
    named = mapping.order if guess.sure.get("order", 1.0) > BY_VALUES else None
    order = named or next((one for one in table.headers if "order" in meanings_of(one)), None)
    who, dated, priced = buyers(guess), order_date(guess), money(guess)
    if order is not None and table[order].filled:
        part = _part(problem, table, name, order, who=who, dated=dated, priced=priced)
        if part is not None and dated is not None and not priced:
            part.candidates = numbers_of_no_meaning(table, mapping)
        return part or problem
    if dated is None or not priced:
        return _list_of(table, guess, name) or problem
    return problem


def comes_back(
    problem: MeaningMissing, table: TableProfile, name: str, others: Iterable[tuple[TableProfile, str]]
) -> DataError:
    """What to say of a table without amounts that has a column of another one, on several rows for each value."""
    for other, its_name in others:
        for header in table.headers:
            profile = table[header]
            if (
                header not in other.headers
                or not may_be_key(profile)
                or not meanings_of(header)
                or profile.variety >= _ID
            ):
                continue
            if {*profile.texts} & {*other[header].texts}:
                return NeedsJoin(
                    f"{name}: it cannot be joined with {its_name} by “{header}”, which stands on several of its rows.",
                    evidence=f"It has {profile.filled:,} rows with {profile.distinct:,} different values: amounts "
                    "would be multiplied.",
                    next_step=f"Leave the file out, or export it with one row for each “{header}”.",
                )
    return problem


CONTACT_LIST = "contact-list"
"""What a list of customers is called that no platform is known for."""


def lists_customers(table: TableProfile, guess: Guess, name: str) -> bool:
    """Whether each row is another customer, with or without what they bought in all."""
    try:
        refuse_customers(table, guess.mapping, name)
    except NotOrders:
        return True
    return order_date(guess) is None and not money(guess) and isinstance(_list_of(table, guess, name), NotOrders)


def contact_list(mapping: Mapping) -> Platform:
    """A list of customers as one that can be added to a shop's contacts."""
    names = (mapping.first_name, mapping.last_name) if mapping.last_name else (mapping.name,)
    columns = {
        "email": (mapping.email,),
        "customer": (mapping.customer,),
        "phone": (mapping.phone,),
        "consent": (mapping.consent or mapping.refusal,),
        "name": names,
    }
    have = {meaning: tuple(one for one in headers if one is not None) for meaning, headers in columns.items()}
    return Platform(
        key=CONTACT_LIST,
        name="list of customers",
        holds="contacts",
        requires=(),
        columns=have,
        about="Each row is a customer: they are added to the shop's contacts.",
    )


def _part(
    problem: MeaningMissing,
    table: TableProfile,
    name: str,
    order: str,
    *,
    who: str | None,
    dated: str | None,
    priced: bool,
) -> NeedsJoin | None:
    if dated is None and (priced or _points_to_products(table, order)):
        lacks = "the date of an order" if who else "the date of an order or who placed it"
        other = f"the table of orders, with “{order}”, the date and the customer"
        if not priced:
            lacks, other = f"{lacks}, or what was paid", f"{other}, and that of products with their prices"
        what = "order lines"
    elif dated is not None and not priced and (who or table[order].variety >= _ID):
        lacks, what = "what was paid", "orders"
        other = f"the table of order lines or of payments, with “{order}” and their amounts"
        keys = [one for one in table.headers if "customer" in meanings_of(one)]
        if keys:
            other += f"; that of customers has “{keys[0]}”"
    else:
        return None
    return NeedsJoin(
        f"{name}: these are {what} that do not say {lacks}.",
        evidence=f"{problem.evidence} “{order}” points to another table of the same shop.",
        next_step=f"Import it together with {other}: tessera import {name.rsplit(' › ', 1)[-1]} OTHER_FILE.",
    )


def _points_to_products(table: TableProfile, order: str) -> bool:
    return any("product" in meanings_of(one) and one != order for one in table.headers)


def _list_of(table: TableProfile, guess: Guess, name: str) -> DataError | None:
    """The refusal of a list of people or of products: each row is another one."""
    mapping = guess.mapping
    people = [one for one in (mapping.email, mapping.customer, mapping.phone, mapping.name, mapping.last_name) if one]
    people = [one for one in people if not hints.never_customer(one)]
    unique = [one for one in people if table[one].variety >= _ID and table[one].full >= 0.3]
    if unique and table.rows > 1:
        return NotOrders(
            f"{name}: this is a list of customers, not of orders.",
            evidence=f"Each row is another customer by “{unique[0]}”, and none says what was bought.",
            next_step="Import it together with the shop's orders, or export the orders, one row per order or per line. "
            "This list can be added to them as contacts.",
        )
    keys = [
        one
        for one in table.headers
        if may_be_key(table[one]) and table[one].variety >= _ID and not hints.says(one, "date")
    ]
    product = next((one for one in keys if "product" in meanings_of(one)), None)
    if keys and product is not None and naming_column(table, keys) is not None:
        return NeedsJoin(
            f"{name}: these are products, and nothing says who bought them or when.",
            evidence=f"Each row is another product by “{product}”.",
            next_step=f"Import it together with the tables of orders and of order lines that have “{product}”.",
        )
    return None
