"""Tables of one shop: how keys are compared, and the rows of one table with what the others say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from segmentation.columns import MONEY
from segmentation.engine import casts
from segmentation.engine.duckdb import literal
from segmentation.engine.importing.raw import PLACE, RawTable
from segmentation.engine.reading import LINE_NUMBER, ImportConnection, select

_BETWEEN = "chr(31)"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of tables with the same columns, one below the other: each with its columns in the order of the first
    (c0, c1, …), the number of its table (`part`) and its place there."""

    parts: tuple[tuple[RawTable, tuple[str, ...]], ...]

    @property
    def width(self) -> int:
        return len(self.parts[0][1])

    @property
    def count(self) -> int:
        return sum(raw.rows for raw, _ in self.parts)

    @property
    def sql(self) -> str:
        """A query in brackets."""
        each = [
            select({f"c{i}": one for i, one in enumerate(columns)} | {"part": str(n), PLACE: PLACE}, raw.sql)
            for n, (raw, columns) in enumerate(self.parts)
        ]
        return f"({' UNION ALL '.join(each)})"


@dataclass(frozen=True, slots=True)
class Key:
    """Columns that tell rows apart together. `bare` keys are compared without leading zeros and without the “.0” that
    a spreadsheet adds; capitals and blanks around them never count."""

    columns: tuple[str, ...]
    bare: bool = True

    def sql(self, table: str = "") -> str:
        """The key as it is compared; NULL where a part of it is missing."""
        parts = [_compared(f"{table}.{column}" if table else column, self.bare) for column in self.columns]
        return parts[0] if len(parts) == 1 else f"({f' || {_BETWEEN} || '.join(parts)})"


def _compared(column: str, bare: bool) -> str:
    plain = f"lower({casts.identifier(column)})"
    if bare:
        whole = f"regexp_replace({plain}, '[.,]0+$', '')"
        digits = f"coalesce(nullif(ltrim({whole}, '0'), ''), '0')"
        plain = f"CASE WHEN regexp_full_match({plain}, '[0-9]+([.,]0+)?') THEN {digits} ELSE {plain} END"
    return f"CASE WHEN NOT {casts.missing(column)} THEN {plain} END"


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """A key over all rows: the rows that have it, how many different ones there are, the share of them that are digits
    only, and the file of the different ones."""

    filled: int
    distinct: int
    digits: float
    longest: int
    file: Path

    @property
    def repeated(self) -> int:
        """Rows whose key another row has too, but the first of each."""
        return self.filled - self.distinct


def key_facts(connection: ImportConnection, rows: Rows, key: Key, target: Path) -> KeyFacts:
    """Count a key; its different values go to `target`."""
    listed = select({"k": key.sql(), "n": "count(*)"}, rows.sql, group="1")
    connection.store_text(select({"k": "k", "n": "n"}, f"({listed})", where="k IS NOT NULL"), target)
    connection.show("counted_key", [target])
    wanted = {
        "filled": "coalesce(sum(n), 0)",
        "different": "count(*)",
        "digits": "coalesce(avg(CAST(regexp_full_match(k, '[0-9]+') AS INTEGER)), 0)",
        "longest": "coalesce(max(length(k)), 0)",
    }
    found = connection.run(select(wanted, "counted_key")).to_pylist()[0]
    return KeyFacts(
        int(found["filled"]), int(found["different"]), float(found["digits"]), int(found["longest"]), target
    )


def shared(connection: ImportConnection, some: Sequence[KeyFacts], other: KeyFacts) -> list[int]:
    """How many different keys of each of some columns are among those of another."""
    if not some:
        return []
    connection.show("other_key", [other.file])
    listed = " UNION ALL ".join(
        select({"i": str(i), "k": "k"}, f"read_parquet({literal(one.file)})") for i, one in enumerate(some)
    )
    rows = connection.run(
        select({"i": "i", "n": "count(*)"}, f"({listed}) SEMI JOIN other_key USING (k)", group="1")
    ).to_pylist()
    found = {int(row["i"]): int(row["n"]) for row in rows}
    return [found.get(i, 0) for i in range(len(some))]


def differing(connection: ImportConnection, rows: Rows, key: Key) -> int:
    """How many keys stand on rows that say different things."""
    content = f"hash({', '.join(f'c{i}' for i in range(rows.width))})"
    said = select(
        {"k": key.sql(), "different": f"count(DISTINCT {content})"},
        rows.sql,
        where=f"{key.sql()} IS NOT NULL",
        group="1",
    )
    return int(connection.run(select({"n": "count(*)"}, f"({said})", where="different > 1"))["n"][0].as_py())


def agreeing(connection: ImportConnection, one: tuple[Rows, Key, Key], other: tuple[Rows, Key, Key]) -> float:
    """The share of the keys that two tables have in common for which both say the same: of each table its rows, its
    key, and what it says."""
    said = [
        select({"k": key.sql(), "said": f"min({what.sql()})"}, rows.sql, where=f"{key.sql()} IS NOT NULL", group="1")
        for rows, key, what in (one, other)
    ]
    both = f"({said[0]}) AS a JOIN ({said[1]}) AS b USING (k)"
    same = "coalesce(avg(CASE WHEN a.said = b.said THEN 1.0 ELSE 0.0 END), 0)"
    return float(connection.run(select({"same": same}, both))["same"][0].as_py())


# Sums -----------------------------------------------------------------------------------------------------------


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


def sums(connection: ImportConnection, fine: tuple[Rows, Key, str, str], other: tuple[Rows, Key, str]) -> Sums:
    """Compare money by order: of each table its rows, its key and its amount, of the finer one also what stands beside
    the goods."""
    rows, key, goods, beside = fine
    lines = select(
        {"k": key.sql(), "goods": f"sum({goods})", "all_in": f"sum({goods}) + coalesce(sum({beside}), 0)"},
        rows.sql,
        where=f"{key.sql()} IS NOT NULL",
        group="1",
    )
    rows, key, amount = other
    paid = select({"k": key.sql(), "paid": f"sum({amount})"}, rows.sql, where=f"{key.sql()} IS NOT NULL", group="1")
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
    lines: tuple[Rows, Key, Sequence[str]],
    orders: tuple[Rows, Key, str, Mapping[str, tuple[int, str]]],
) -> list[tuple[int, tuple[str, ...], int, int]]:
    """How often the lines of an order add up to its total: for each way to count the lines (its place) and each choice
    of amounts beside them (name: sign and amount), on how many orders it fits, of how many that have all of them."""
    rows, key, goods = lines
    summed = select(
        {"k": key.sql()} | {f"g{i}": f"sum({one})" for i, one in enumerate(goods)},
        rows.sql,
        where=f"{key.sql()} IS NOT NULL",
        group="1",
    )
    rows, key, total, beside = orders
    said = {"k": key.sql(), "total": total} | {f"p_{name}": part for name, (_, part) in beside.items()}
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


def amount(column: str, mark: str) -> str:
    """A column as money, NULL where it is none."""
    return f"CAST({casts.number(column, mark)} AS {MONEY})"


# The join -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attached:
    """A table whose rows are found by a key: `at` is the alias of the table that has the key (`f` for the facts),
    `alias` its own. A key that stands on several rows counts by the last of them, or their `sums` (columns and their
    decimal marks) are added up, of some rows `only`."""

    alias: str
    rows: Rows
    key: Key
    at: str
    at_key: Key
    columns: tuple[str, ...]
    sums: Mapping[str, str] | None = None
    only: str | None = None

    @property
    def sql(self) -> str:
        key = self.key.sql()
        if self.sums is not None:
            added = {name: f"CAST(sum({amount(name, mark)}) AS VARCHAR)" for name, mark in self.sums.items()}
            some = f"{key} IS NOT NULL" + (f" AND ({self.only})" if self.only else "")
            inner = select({"k": key} | added, self.rows.sql, where=some, group="1")
            return f"({inner})"
        wanted = {name: name for name in dict.fromkeys(self.columns)}
        last = f"row_number() OVER (PARTITION BY {key} ORDER BY part DESC, {PLACE} DESC)"
        numbered = select({"k": key, "nth": last} | wanted, self.rows.sql, where=f"{key} IS NOT NULL")
        return f"({select({'k': 'k'} | wanted, f'({numbered})', where='nth = 1')})"


def store_joined(
    connection: ImportConnection,
    facts: RawTable,
    first_line: int,
    attached: Sequence[Attached],
    columns: Sequence[str],
    target: Path,
) -> RawTable:
    """The rows of `facts`, in their order, with `columns` of the attached tables behind their own (as alias.column, or
    any expression of them), in `target`."""
    own = {f"c{i}": f"f.{column}" for i, column in enumerate(facts.columns)}
    further = {f"c{len(own) + i}": column for i, column in enumerate(columns)}
    over = f"c{len(own) + len(further)}"
    line = f"f.{LINE_NUMBER}" if facts.numbered else f"CAST({first_line} + f.{PLACE} AS BIGINT)"
    joined = f"{facts.sql} AS f"
    for one in attached:
        joined += f" LEFT JOIN {one.sql} AS {one.alias} ON {one.alias}.k = {one.at_key.sql(one.at)}"
    wanted = {LINE_NUMBER: line, **own, **further, over: f"f.{facts.overflow}"}
    rows = connection.store_text(select(wanted, joined, order=f"f.{PLACE}"), target)
    return RawTable(path=target, columns=(*own, *further), overflow=over, numbered=True, rows=rows)


def store_without(
    connection: ImportConnection, raw: RawTable, first_line: int, key: Key, others: KeyFacts, target: Path
) -> RawTable:
    """The rows of a table whose key is not among the others, in `target`."""
    connection.show("other_key", [others.file])
    line = f"f.{LINE_NUMBER}" if raw.numbered else f"CAST({first_line} + f.{PLACE} AS BIGINT)"
    wanted = {LINE_NUMBER: line} | {one: f"f.{one}" for one in (*raw.columns, raw.overflow)}
    without = f"{raw.sql} AS f ANTI JOIN other_key ON other_key.k = {key.sql('f')}"
    rows = connection.store_text(select(wanted, without, order=f"f.{PLACE}"), target)
    return RawTable(path=target, columns=raw.columns, overflow=raw.overflow, numbered=True, rows=rows)


__all__ = [
    "Attached", "Key", "KeyFacts", "Rows", "Sums", "agreeing", "amount", "differing", "fits", "key_facts", "shared",
    "store_joined", "store_without", "sums",
]  # fmt: skip
