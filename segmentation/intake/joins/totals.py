"""What the total of an order holds: its lines, and which of the amounts that stand beside it in the table of orders."""

from __future__ import annotations

from dataclasses import dataclass, replace

from segmentation.engine.importing.by_order import fits
from segmentation.engine.importing.money import Amount, Goods
from segmentation.engine.importing.tables import Key
from segmentation.intake.joins.chain import Chain
from segmentation.intake.joins.links import Keys, TableStack
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
    step, root = chain.step("orders"), keys.stacks[chain.root]
    if step is None or not money(root.guess):
        return None
    orders = keys.stacks[step.at]
    mapping = orders.guess.mapping
    header = mapping.total or mapping.amount
    discount = mapping.order_discount or mapping.discount
    if header is None:
        return None if discount is None else Total("", discount, root.guess.mapping.discount is None)
    beside = {"discount": (-1, discount), "shipping": (1, mapping.shipping), "tax": (1, mapping.tax)}
    named = {name: (sign, one) for name, (sign, one) in beside.items() if one is not None and one != header}
    ways = goods_of(root)
    found = fits(
        keys.connection,
        (root.rows, Key(root.columns(step.link.column), step.link.bare), [goods for _, goods in ways]),
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


def goods_of(stack: TableStack) -> list[tuple[str, Goods]]:
    """The ways to count a line, with their words: as it stands, and less a discount of its own."""
    mapping = stack.guess.mapping
    if mapping.amount:
        plain, said = Goods(amount=amount_of(stack, mapping.amount)), mapping.amount
    else:
        price, pieces = amount_of(stack, mapping.unit_price or ""), amount_of(stack, mapping.quantity or "")
        plain, said = Goods(amount=price, pieces=pieces), f"{mapping.unit_price} × {mapping.quantity}"
    found = [(said, plain)]
    if mapping.discount:
        off = amount_of(stack, mapping.discount)
        found.append((f"{said} − {mapping.discount}", replace(plain, off=off)))
        found.append((f"{said} × (1 − {mapping.discount})", replace(plain, off=off, form="share")))
        found.append((f"{said} × (1 − {mapping.discount} %)", replace(plain, off=off, form="percent")))
    return found


def amount_of(stack: TableStack, header: str) -> Amount:
    """A column as money."""
    mark = "comma" if stack.profile[header].mark is Mark.COMMA else "point"
    return Amount(stack.column(header), mark)
