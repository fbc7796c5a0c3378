"""Lists of contacts and of campaigns, added to a shop that has orders: who agreed to marketing, and what was sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from segmentation.engine import casts
from segmentation.engine.importing.raw import RawTable
from segmentation.engine.reading import ImportConnection, select
from segmentation.files.opened import Opened
from segmentation.files.table import Layout
from segmentation.intake.erased import Marks
from segmentation.intake.store import known_addresses, part_name, write_contacts
from segmentation.intake.text import TextValues, raw_of
from segmentation.meaning.people import spelled
from segmentation.meaning.platforms import Platform
from segmentation.meaning.vocabulary.consent import agreed
from segmentation.notation import Mark, date_order, date_style, decimal_mark
from segmentation.privacy import pseudonyms
from segmentation.workspace import Draft


@dataclass(frozen=True, slots=True)
class Read:
    """How many rows of a list are kept, and how many are of customers who were erased."""

    rows: int
    erased: int = 0


CAMPAIGN_TEXTS = ("campaign", "campaign_id", "subject", "list", "channel")
CAMPAIGN_COUNTS = ("recipients", "orders", "revenue", "opens", "clicks", "unsubscribes")


def read_contacts(
    connection: ImportConnection,
    opened: Opened,
    platform: Platform,
    draft: Draft,
    key: bytes,
    stopped: Callable[[], bool],
) -> Read:
    """Add a list of contacts. A contact is the customer with that address, where there is one, and else stands for
    itself, so that it is known when it orders; who was erased is left out."""
    opened, raw = raw_of(connection, opened, draft.folder, stopped)
    headers = opened.layout.headers

    def text(header: str | None) -> str:
        return "CAST(NULL AS VARCHAR)" if header is None else casts.identifier(_column(raw, headers, header))

    names = [_column(raw, headers, one) for one in platform.columns.get("name", ()) if one in headers]
    full = (
        f"nullif(trim(concat_ws(' ', {', '.join(map(casts.text, names))})), '')" if names else "CAST(NULL AS VARCHAR)"
    )
    meanings = {name: platform.header(name, headers) for name in ("customer", "email", "phone", "consent")}
    filled = [one for one in (platform.agreed_when_filled,) if one in headers]
    left = [one for one in platform.withdrawn_when_filled if one in headers]
    listed = connection.run(
        select(
            {
                "given": text(meanings["customer"]),
                "email": text(meanings["email"]),
                "name": full,
                "phone": text(meanings["phone"]),
                "said": text(meanings["consent"]),
                "agreed": text(filled[0]) if filled else text(None),
                "left": f"coalesce({', '.join(map(text, left))})" if left else text(None),
            },
            raw.sql,
        )
    ).to_pylist()
    rows = [
        {
            "given": row["given"],
            "email": spelled(row["email"]) if row["email"] else None,
            "name": row["name"],
            "phone": row["phone"],
            "consent": _consent(row, meanings["consent"], by_filling=bool(filled)),
        }
        for row in listed
    ]
    stay = _but_erased(rows, Marks(key, draft.erased))
    return Read(_keep(connection, stay, draft, key), len(rows) - len(stay))


def _but_erased(rows: list[dict[str, Any]], marks: Marks) -> list[dict[str, Any]]:
    """The contacts without those who were erased, by their address, their id, or the one that stands for their
    address."""
    if not marks:
        return rows
    names = pseudonyms(marks.key, [row["email"] or "" for row in rows])
    return [
        row
        for row, name in zip(rows, names, strict=True)
        if not (marks.has("email", row["email"]) or marks.has_id(row["given"]) or marks.has_id(name))
    ]


def _consent(row: dict[str, str | None], header: str | None, *, by_filling: bool) -> bool | None:
    """Whether a contact agreed to marketing, and has not withdrawn since."""
    if row["left"]:
        return False
    if by_filling:
        return bool(row["agreed"])
    return agreed(header, row["said"]) if header and row["said"] else None


def _keep(connection: ImportConnection, listed: list[dict[str, Any]], draft: Draft, key: bytes) -> int:
    known, customers = known_addresses(draft), _customers(draft)
    rows = [row for row in listed if row["email"] or row["given"] in customers]
    addresses = [row["email"] or "" for row in rows]
    for row, name in zip(rows, pseudonyms(key, addresses), strict=True):
        given = row.pop("given")
        row["customer_id"] = given if given in customers else known.get(row["email"], name)
    schema = pa.schema(
        [("customer_id", pa.string()), ("email", pa.string()), ("name", pa.string()), ("phone", pa.string()),
         ("consent", pa.bool_())]
    )  # fmt: skip
    refused = {row["customer_id"] for row in rows if row["consent"] is False}
    latest = list({row["customer_id"]: row for row in rows}.values())
    for row in latest:
        row["consent"] = False if row["customer_id"] in refused else row["consent"]
    connection.show("listed_contacts", pa.Table.from_pylist(latest, schema))
    fresh = select({"*": "*", "latest": "TIMESTAMP '9999-12-31'"}, "listed_contacts")
    write_contacts(connection, fresh, draft)
    return len(rows)


def _customers(draft: Draft) -> set[str]:
    """The ids of the dataset's customers."""
    found: set[str] = set()
    for path in (draft.folder / "lines").glob("*.parquet"):
        found.update(pq.ParquetFile(path).read(["customer_id"]).column("customer_id").unique().to_pylist())
    return found - {None}


def read_campaigns(
    connection: ImportConnection,
    opened: Opened,
    platform: Platform,
    draft: Draft,
    key: bytes,
    stopped: Callable[[], bool],
) -> Read:
    """Add a list of campaigns. One that is there already is replaced by its newer state."""
    del key
    opened, raw = raw_of(connection, opened, draft.folder, stopped)
    layout, headers = opened.layout, opened.layout.headers
    values = TextValues(connection, raw, headers)
    parts = {name: _typed_text(raw, headers, platform.header(name, headers)) for name in CAMPAIGN_TEXTS}
    for name in CAMPAIGN_COUNTS:
        header = platform.header(name, headers)
        parts[name] = (
            "CAST(NULL AS DECIMAL(18,4))"
            if header is None
            else casts.number(_column(raw, headers, header), _mark(layout, header, platform))
        )
    sent = platform.header("sent_at", headers)
    if sent is None:
        parts["sent_at"] = "CAST(NULL AS TIMESTAMP)"
    else:
        order = date_order([*layout.column(sent), *values.days(sent)])
        style = date_style(layout.column(sent), order.value if order.value in {"ymd", "dmy", "mdy"} else "ymd")
        parts["sent_at"] = casts.moment(_column(raw, headers, sent), style)
    fresh = connection.run(select(parts, raw.sql, where=f"{parts['campaign']} IS NOT NULL"))
    folder = draft.folder / "campaigns"
    old = sorted(folder.glob("*.parquet"))
    known = {_same(row): row for path in old for row in pq.ParquetFile(path).read().to_pylist()}
    known |= {_same(row): row for row in fresh.to_pylist()}
    target = folder / f"fresh-{part_name(draft)}"
    pq.write_table(pa.Table.from_pylist(list(known.values()), fresh.schema), target)
    for path in old:
        path.unlink()
    target.rename(folder / part_name(draft))
    return Read(int(fresh.num_rows))


def _same(row: dict[str, object]) -> tuple[object, object]:
    """What tells a campaign: its id, else its name and when it was sent."""
    return (row["campaign_id"], None) if row["campaign_id"] else (row["campaign"], row["sent_at"])


def _typed_text(raw: RawTable, headers: tuple[str, ...], header: str | None) -> str:
    return "CAST(NULL AS VARCHAR)" if header is None else casts.text(_column(raw, headers, header))


def _mark(layout: Layout, header: str, platform: Platform) -> str:
    mark = decimal_mark(layout.column(header))
    return mark.value if mark in {Mark.POINT, Mark.COMMA} else platform.decimal or "point"


def _column(raw: RawTable, headers: tuple[str, ...], header: str) -> str:
    return raw.columns[headers.index(header)]


__all__ = ["CAMPAIGN_COUNTS", "CAMPAIGN_TEXTS", "read_campaigns", "read_contacts"]
