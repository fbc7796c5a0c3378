"""What the total of an order holds: its lines, and which of the amounts that stand beside it in the table of orders."""

from __future__ import annotations

from dataclasses import dataclass

from segmentation.engine.importing import tables as engine
from segmentation.engine.importing.tables import Key
from segmentation.intake.joins.chain import Chain
from segmentation.intake.joins.links import Keys, Shelf
from segmentation.meaning.tables import money
from segmentation.notation import Mark

_PROVEN = 0.8
"""The share of the orders on which a sum must fit."""


@dataclass(frozen=True, slots=True)
class Total:
    """The total of the orders (its header), the discount beside it, whether that is taken off the lines, and the proof:
    nothing where the sums fit in no way."""

    header: str
    discount: str | None
    taken_off: bool
    proof: str = ""


def total_of(keys: Keys, chain: Chain) -> Total | None:
    """What the total of the orders holds; None where lines or orders have no amounts."""
    step, root = chain.step("orders"), keys.shelves[chain.root]
    if step is None or not money(root.guess):
        return None
    orders = keys.shelves[step.at]
    mapping = orders.guess.mapping
    header = mapping.total or mapping.amount
    discount = mapping.order_discount or mapping.discount
    if header is None:
        return None if discount is None else Total("", discount, root.guess.mapping.discount is None)
    beside = {"discount": (-1, discount), "shipping": (1, mapping.shipping), "tax": (1, mapping.tax)}
    named = {name: (sign, one) for name, (sign, one) in beside.items() if one is not None and one != header}
    ways = goods_of(root)
    found = engine.fits(
        keys.connection,
        (root.rows, Key(root.columns(step.link.column), step.link.bare), [sql for _, sql in ways]),
        (
            orders.rows,
            Key(orders.columns(step.link.key), step.link.bare),
            amount_of(orders, header),
            {name: (sign, amount_of(orders, one)) for name, (sign, one) in named.items()},
        ),
    )
    at, names, fit, count = max(found, key=lambda one: (one[2], -len(one[1]), -one[0]))
    if not count or fit < _PROVEN * count:
        return Total(header, discount, root.guess.mapping.discount is None)
    signs = {1: "+", -1: "−"}
    parts = "".join(f" {signs[named[name][0]]} {named[name][1]}" for name in names)
    proof = f"sum of {ways[at][0]}{parts} = {header} on {fit:,} of {count:,} orders"
    return Total(header, discount, "discount" in names, proof)


def goods_of(shelf: Shelf) -> list[tuple[str, str]]:
    """The ways to count a line, in words and as SQL: as it stands, and less a discount of its own."""
    mapping = shelf.guess.mapping
    if mapping.amount:
        plain, said = amount_of(shelf, mapping.amount), mapping.amount
    else:
        plain = f"{amount_of(shelf, mapping.unit_price or '')} * {amount_of(shelf, mapping.quantity or '')}"
        said = f"{mapping.unit_price} × {mapping.quantity}"
    found = [(said, plain)]
    if mapping.discount:
        off = f"coalesce(abs({amount_of(shelf, mapping.discount)}), 0)"
        found.append((f"{said} − {mapping.discount}", f"({plain}) - {off}"))
        found.append((f"{said} × (1 − {mapping.discount})", f"({plain}) * (1 - {off})"))
        found.append((f"{said} × (1 − {mapping.discount} %)", f"({plain}) * (1 - {off} / 100)"))
    return found


def amount_of(shelf: Shelf, header: str) -> str:
    """A column as money."""
    return engine.amount(shelf.column(header), mark_of(shelf, header))


def mark_of(shelf: Shelf, header: str) -> str:
    """The decimal mark of a column: point or comma."""
    return "comma" if shelf.profile[header].mark is Mark.COMMA else "point"
