"""Money that two tables say of the same orders: how the sums compare, and how lines add up to a total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from segmentation.engine.importing.money import Amount, Goods, PaysBack
from segmentation.engine.importing.tables import Key, Rows
from segmentation.engine.reading import ImportConnection, select


@dataclass(frozen=True, slots=True)
class Sums:
    """What two tables say of the orders that both have. `goods` is what the rows of the finer one add up to, `all_in`
    that with what stands beside it, and `other` what the other one says; on `same` orders it is one of both.
    `only_other` counts the orders that the finer one lacks, of `lost` money."""

    orders: int
    same: int
    goods: float
    all_in: float
    other: float
    only_other: int
    lost: float

    @property
    def gap(self) -> float:
        """By which share of its money the other one differs from the nearer of the two."""
        near = min(abs(self.other - self.goods), abs(self.other - self.all_in))
        return near / abs(self.other) if self.other else float(near > 0)


def compare(
    connection: ImportConnection,
    fine: tuple[Rows, Key, Goods, Sequence[Amount]],
    other: tuple[Rows, Key, Amount, PaysBack | None],
) -> Sums:
    """Compare money by order: of each table its rows and its key, of the finer one the goods of a line and what stands
    beside them, of the other one its amount and which of its rows pay back and add nothing."""
    rows, key, goods, further = fine
    beside = " + ".join(f"coalesce({one.sql}, 0)" for one in further) or "0"
    lines = select(
        {"k": key.sql(), "goods": f"sum({goods.sql})", "all_in": f"sum({goods.sql}) + coalesce(sum({beside}), 0)"},
        rows.sql,
        where=f"{key.sql()} IS NOT NULL",
        group="1",
    )
    rows, key, amount, back = other
    taken = amount.sql if back is None else f"CASE WHEN {back.sql} THEN 0 ELSE {amount.sql} END"
    paid = select({"k": key.sql(), "paid": f"sum({taken})"}, rows.sql, where=f"{key.sql()} IS NOT NULL", group="1")
    near = "abs(paid - {0}) <= 0.01 + 0.001 * abs(paid)"
    wanted = {
        "orders": "count(goods)",
        "same": f"count(CASE WHEN {near.format('goods')} OR {near.format('all_in')} THEN 1 END)",
        "goods": "coalesce(sum(goods), 0)",
        "all_in": "coalesce(sum(all_in), 0)",
        "other": "coalesce(sum(CASE WHEN goods IS NOT NULL THEN paid END), 0)",
        "only_other": "count(CASE WHEN goods IS NULL THEN 1 END)",
        "lost": "coalesce(sum(CASE WHEN goods IS NULL THEN paid END), 0)",
    }
    both = f"(SELECT l.goods, l.all_in, p.paid FROM ({paid}) AS p LEFT JOIN ({lines}) AS l USING (k))"  # noqa: S608 - ours
    found = connection.run(select(wanted, both)).to_pylist()[0]
    return Sums(
        orders=int(found["orders"]),
        same=int(found["same"]),
        goods=float(found["goods"]),
        all_in=float(found["all_in"]),
        other=float(found["other"]),
        only_other=int(found["only_other"]),
        lost=float(found["lost"]),
    )


def fits(
    connection: ImportConnection,
    lines: tuple[Rows, Key, Sequence[Goods]],
    orders: tuple[Rows, Key, Amount, Mapping[str, tuple[int, Amount]]],
) -> list[tuple[int, tuple[str, ...], int, int]]:
    """How often the lines of an order add up to its total: for each way to count the lines (its place) and each choice
    of amounts beside them (name: sign and amount), on how many orders it fits, of how many that have all of them."""
    rows, key, goods = lines
    summed = select(
        {"k": key.sql()} | {f"g{i}": f"sum({one.sql})" for i, one in enumerate(goods)},
        rows.sql,
        where=f"{key.sql()} IS NOT NULL",
        group="1",
    )
    rows, key, total, beside = orders
    said = {"k": key.sql(), "total": total.sql} | {f"p_{name}": part.sql for name, (_, part) in beside.items()}
    both = f"(SELECT * FROM ({select(said, rows.sql)}) JOIN ({summed}) USING (k) WHERE total IS NOT NULL)"  # noqa: S608 - ours
    ways = [
        (at, names)
        for at in range(len(goods))
        for size in range(len(beside) + 1)
        for names in combinations(beside, size)
    ]
    wanted = {"n": "count(*)"}
    for i, (at, names) in enumerate(ways):
        parts = "".join(f" {'+' if beside[name][0] > 0 else '-'} coalesce(abs(p_{name}), 0)" for name in names)
        wanted[f"w{i}"] = f"count(CASE WHEN abs(total - (g{at}{parts})) <= 0.011 + 0.0005 * abs(total) THEN 1 END)"
    found = connection.run(select(wanted, both)).to_pylist()[0]
    return [(at, names, int(found[f"w{i}"]), int(found["n"])) for i, (at, names) in enumerate(ways)]


__all__ = ["Sums", "compare", "fits"]
