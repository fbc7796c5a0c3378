"""Tables of one shop: how keys are compared, and the rows of one table with what the others say of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from segmentation.columns import MONEY
from segmentation.engine import casts
from segmentation.engine.duckdb import literal
from segmentation.engine.importing.money import Amount, PaysBack
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

    def shown(self, table: str) -> str:
        """The key as people read it."""
        return f"replace({self.sql(table)}, {_BETWEEN}, ' / ')"


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


# The join -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attached:
    """A table whose rows are found by a key: `at` is the alias of the table that has the key (`f` for the facts),
    `alias` its own. A key that stands on several rows counts by the last of them, or their `sums` are added up, of some
    rows `only`."""

    alias: str
    rows: Rows
    key: Key
    at: str
    at_key: Key
    columns: tuple[str, ...]
    sums: tuple[Amount, ...] = ()
    only: PaysBack | None = None

    @property
    def sql(self) -> str:
        key = self.key.sql()
        if self.sums:
            added = {one.column: f"CAST(sum({one.sql}) AS VARCHAR)" for one in self.sums}
            some = f"{key} IS NOT NULL" + (f" AND ({self.only.sql})" if self.only else "")
            inner = select({"k": key} | added, self.rows.sql, where=some, group="1")
            return f"({inner})"
        wanted = {name: name for name in dict.fromkeys(self.columns)}
        last = f"row_number() OVER (PARTITION BY {key} ORDER BY part DESC, {PLACE} DESC)"
        numbered = select({"k": key, "nth": last} | wanted, self.rows.sql, where=f"{key} IS NOT NULL")
        return f"({select({'k': 'k'} | wanted, f'({numbered})', where='nth = 1')})"


def first_filled(column: str, other: str) -> str:
    """What the column says, and where that is nothing, what the other one does."""
    return f"coalesce(nullif(trim({column}), ''), {other})"


def added_over(column: str, key: Key, table: str) -> str:
    """The amounts of a column added up over all rows of the table with the same key, as text."""
    return f"CAST(sum(CAST({column} AS {MONEY})) OVER (PARTITION BY {key.sql(table)}) AS VARCHAR)"


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
    "Attached", "Key", "KeyFacts", "Rows", "added_over", "agreeing", "differing", "first_filled", "key_facts", "shared",
    "store_joined", "store_without",
]  # fmt: skip
